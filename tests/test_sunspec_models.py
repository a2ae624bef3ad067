"""SunSpec beside the standard's own model files (../shared/data/captures/sunspec, or pysunspec2's copies) and beside a real image."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from drivers import profile, sunspec
from drivers.nouns import BadProfile
from drivers.sunspec_models import LIKE, MODELS

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "captures" / "sunspec"
pysunspec2 = pytest.importorskip("sunspec2", reason="install pysunspec2, which brings the standard's model files: make setup")
BESIDE = Path(pysunspec2.__file__).parent / "models" / "json"
TYPES = {
    "int16": "s16",
    "uint16": "u16",
    "enum16": "u16",
    "bitfield16": "u16",
    "count": "u16",
    "int32": "s32",
    "uint32": "u32",
    "bitfield32": "u32",
    "acc32": "acc32",
    "acc64": "acc64",
    "uint64": "u64",
    "float32": "f32",
    "sunssf": "sf",
    "string": "ascii",
    "pad": "pad",
}
# The only difference between a model and the one whose layout stands for it: names of the line voltages.
RENAMED = {"PPVphAB": "PhVphAB", "PPVphBC": "PhVphBC", "PPVphCA": "PhVphCA"}


def model_file(model: int) -> dict[str, Any]:
    ours, theirs = FOLDER / "models" / f"model_{model}.json", BESIDE / f"model_{model}.json"
    group: dict[str, Any] = json.loads((ours if ours.exists() else theirs).read_text())["group"]
    return group


def standard(group: dict[str, Any], top: bool, rename: dict[str, str]) -> Any:
    """A model file in the shape of `sunspec.layout`."""
    points = [
        (rename.get(p["name"], p["name"]), TYPES[p["type"]], p["size"], str(p.get("sf") or ""))
        for p in group["points"]
        if not (top and p["name"] in ("ID", "L"))
    ]
    return points, [(g["name"], str(g.get("count", 1)), standard(g, False, rename)) for g in group.get("groups", [])]


@pytest.mark.parametrize("model", sorted({*MODELS, *LIKE}))
def test_every_point_is_where_the_standard_has_it(model: int) -> None:
    assert sunspec.layout(model) == standard(model_file(model), True, RENAMED if model == 201 else {})


def test_the_models_that_devices_of_a_home_have_are_all_there() -> None:
    wanted = {1, 101, 102, 103, 111, 112, 113, 120, 121, 122, 123, 124, 160, 201, 202, 203, 204, 211, 212, 213, *range(701, 715), 802}
    assert wanted <= {*MODELS, *LIKE}


def flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(f"{prefix}.{name}" if prefix else name, inner)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from flat(f"{prefix}[{i}]", inner)
    else:
        yield prefix, value


def image() -> list[int]:
    if not FOLDER.is_dir():
        pytest.skip("the SunSpec captures are not beside this project")
    words = bytes.fromhex((FOLDER / "inverter_123.regs.hex").read_text())
    return [words[i] << 8 | words[i + 1] for i in range(0, len(words), 2)]


def walked(name: str, registers: list[int]) -> dict[int, int]:
    walk = profile.sunspec_walk(profile.load(name))
    question = next(walk)
    try:
        while True:
            _, address, count = question
            question = walk.send(registers[address - 40000 :][:count])
    except StopIteration as end:
        base: dict[int, int] = end.value
        return base


def test_a_real_image_says_what_pysunspec2_reads_in_it() -> None:
    """Every point of every model, repeating groups included."""
    registers, meaning = image(), json.loads((FOLDER / "inverter_123.expected.json").read_text(), parse_float=str)
    assert meaning["models"]
    for model in meaning["models"]:
        start = model["offset_regs"] + 2
        said = {
            name: value if value is None or isinstance(value, str) else Fraction(value) * Fraction(10) ** exponent
            for name, value, exponent in sunspec.values(model["model_id"], registers[start : start + model["len_regs"] - 2])
        }
        wanted = {name: value for name, value in flat("", model["values"]) if name not in ("ID", "L", "Pad")}
        assert said.keys() == wanted.keys()
        for name, value in wanted.items():
            same = said[name] == value if value is None or isinstance(said[name], str) else said[name] == Fraction(str(value))
            assert same, (name, said[name], value)


def test_the_walk_through_a_real_image() -> None:
    with pytest.raises(BadProfile, match=r"lacks SunSpec models \[103 or 113\], it has \[1, 129\]"):
        walked("sunspec_inverter", image())
