"""The SunSpec profiles beside the standard's own model files (../shared/data/captures/sunspec): every offset, type and scale factor."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers import profile
from drivers.mirror import SUNSPEC_LENGTH
from drivers.nouns import BadProfile
from drivers.tables import Item, Row

FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "captures" / "sunspec"
__test__ = FOLDER.is_dir()  # nothing is collected where they are not: the project is whole without them

TYPES = {"int16": "s16", "uint16": "u16", "enum16": "u16", "bitfield16": "u16", "acc32": "acc32", "sunssf": "factor"}
# What each quantity and each item of a control is called in the standard.
NAMES = {
    ("power_w", 103): "W",
    ("energy_export_wh", 103): "WH",
    ("current_l1_ma", 103): "AphA",
    ("current_l2_ma", 103): "AphB",
    ("current_l3_ma", 103): "AphC",
    ("voltage_l1_mv", 103): "PhVphA",
    ("voltage_l2_mv", 103): "PhVphB",
    ("voltage_l3_mv", 103): "PhVphC",
    ("frequency_mhz", 103): "Hz",
    ("status", 103): "St",
    ("power_max_w", 120): "WRtg",
    ("capacity_wh", 120): "WHRtg",
    ("power_max_w", 124): "WChaMax",
    ("soc_permille", 124): "ChaState",
    ("status", 124): "ChaSt",
}
WRITTEN = {
    "sunspec_inverter": ["WMaxLimPct_RvrtTms", "WMaxLimPct", "WMaxLim_Ena"],
    "sunspec_battery": ["ChaGriSet", "OutWRte", "InWRte", "InOutWRte_WinTms", "InOutWRte_RvrtTms", "StorCtl_Mod"],
}


def points(model: int) -> dict[int, dict[str, Any]]:
    """{offset: point} of a model, its ID and length words included."""
    offset, found = 0, {}
    for point in json.loads((FOLDER / "models" / f"model_{model}.json").read_text())["group"]["points"]:
        found[offset] = point
        offset += point["size"]
    return found


def fits(row: "Row | Item", address: object, name: str) -> None:
    assert isinstance(address, tuple)
    model, offset = address
    point = points(model)[offset]
    assert point["name"] == name and TYPES[point["type"]] == row.type
    factor = point.get("sf")
    if factor is None:
        assert row.exponent is None
    else:
        assert isinstance(row.exponent, tuple)
        assert (row.exponent[0], points(model)[row.exponent[1]]["name"]) == (model, factor.strip())


@pytest.mark.parametrize("name", WRITTEN)
def test_every_row_is_where_the_standard_has_it(name: str) -> None:
    product = profile.load(name)
    for row in product.reads:
        assert isinstance(row.address, tuple)
        fits(row, row.address, NAMES[row.quantity, row.address[0]])


@pytest.mark.parametrize("name", WRITTEN)
def test_every_write_goes_where_the_standard_has_it(name: str) -> None:
    written = []
    (control,) = profile.load(name).controls.values()
    for step in control.steps:
        assert isinstance(step.address, tuple)
        model, offset = step.address
        for i, item in enumerate(step.items):
            written.append(points(model)[offset + i]["name"])
            fits(item, (model, offset + i), written[-1])
    assert written == WRITTEN[name]


@pytest.mark.parametrize("model", SUNSPEC_LENGTH)
def test_lengths(model: int) -> None:
    assert sum(point["size"] for point in points(model).values()) == SUNSPEC_LENGTH[model] + 2


def test_the_walk_through_a_real_image() -> None:
    words = bytes.fromhex((FOLDER / "inverter_123.regs.hex").read_text())
    registers = [words[i] << 8 | words[i + 1] for i in range(0, len(words), 2)]
    walk = profile.sunspec_walk(profile.load("sunspec_inverter"))
    question = next(walk)
    with pytest.raises(BadProfile, match=r"lacks SunSpec models \[103, 120, 123\], it has \[1, 129\]"):
        while True:
            _, address, count = question
            question = walk.send(registers[address - 40000 :][:count])
