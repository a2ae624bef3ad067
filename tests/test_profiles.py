"""Profile files: only literals, a capture for each, and whatever cannot be right is refused with a sentence that mends it."""

import ast
import copy
from pathlib import Path
from typing import Any

import pytest

from drivers import profile
from drivers.nouns import BadProfile
from drivers.profiles import mypv_elwa, sdm630, sunspec_inverter

ROOT = Path(__file__).parent.parent
FILES = sorted(path for path in (ROOT / "drivers" / "profiles").glob("*.py") if path.stem != "__init__")
NAMES = [path.stem for path in FILES]
LITERAL = (ast.Constant, ast.Dict, ast.Tuple, ast.UnaryOp, ast.USub, ast.Load)


def not_literal(source: str) -> str | None:
    """What a profile file has besides its sentence and PROFILE = {literals}, or None."""
    body = ast.parse(source).body
    if len(body) != 2 or not isinstance(body[1], ast.Assign) or ast.unparse(body[1].targets[0]) != "PROFILE":
        return "a profile file is a docstring and PROFILE = {...}, nothing else"
    wrong = [node for node in ast.walk(body[1].value) if not isinstance(node, LITERAL)]
    return f"line {wrong[0].lineno}: only literals: write the value itself" if wrong else None  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_profile_file_is_one_literal(path: Path) -> None:
    assert not_literal(path.read_text()) is None


@pytest.mark.parametrize("source", ["'''x'''\nimport os\nPROFILE = {}", "'''x'''\nPROFILE = dict()", "'''x'''\nA = 1\nPROFILE = {'a': A}"])
def test_the_literal_rule_bites(source: str) -> None:
    assert not_literal(source)


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_right_and_has_a_capture(name: str) -> None:
    product = profile.load(name)
    captures = ROOT / "tests" / "captures"
    found = [captures / f"{product.capture}{ending}" for ending in (".json", ".hex", ".txt")]
    assert any(path.exists() for path in found), f"{name}: no profile without a capture: record tests/captures/{product.capture}.*"


def test_every_capture_is_read_on_both_pythons() -> None:
    listed = (ROOT / "tests" / "portable" / "captures.py").read_text().replace('"', " ").split()
    found = [path.stem for path in (ROOT / "tests" / "captures" / "modbus").glob("*.json")]
    assert [name for name in found if name not in listed] == [], "list these in MODBUS of tests/portable/captures.py"


@pytest.mark.parametrize("name", NAMES)
def test_blocks_cover_every_row_and_never_overlap(name: str) -> None:
    product = profile.load(name)
    base, image = profile.blank(product)
    blocks = profile.blocks(product, base)
    covered = {(function, address + i) for function, address, count in blocks for i in range(count)}
    assert sum(count for _, _, count in blocks) == len(covered)
    assert all(count <= product.bus.get("largest", 125) for _, _, count in blocks)
    seen = {key: image[key] for key in image if key in covered}
    assert profile.decode(product, base, seen, "it", 0) == profile.decode(product, base, image, "it", 0)


def row(table: dict[str, Any], **change: object) -> dict[str, Any]:
    table["reads"] = ({**table["reads"][0], **change}, *table["reads"][1:])
    return table


def bare(table: dict[str, Any], **change: object) -> dict[str, Any]:
    """The first row without its SunSpec point."""
    first = {key: value for key, value in table["reads"][0].items() if key != "point"}
    table["reads"] = ({**first, **change}, *table["reads"][1:])
    return table


def control(table: dict[str, Any], **change: object) -> dict[str, Any]:
    table["controls"] = ({**table["controls"][0], **change},)
    return table


METER, HEATER, PV = sdm630.PROFILE, mypv_elwa.PROFILE, sunspec_inverter.PROFILE
WRONG = [
    ("reads[0]", "power is no quantity" and "use a word of drivers/quantities.py", lambda: row(copy.deepcopy(METER), quantity="power")),
    ("reads[0]: type", "one of", lambda: row(copy.deepcopy(METER), type="float")),
    ("reads[0]: function", "one of 1, 2, 3, 4", lambda: row(copy.deepcopy(METER), function=5)),
    ("reads[0]", "type 'bit'", lambda: row(copy.deepcopy(METER), function=1)),
    ("reads[0]: order", "'big', 'little'", lambda: row(copy.deepcopy(METER), order="BE")),
    ("reads[0]: positive", "'import'", lambda: row(copy.deepcopy(METER), positive="up")),
    ("reads[0]", "two integers above 0", lambda: row(copy.deepcopy(METER), scale=0)),
    ("reads[0]: address", "0-based", lambda: row(copy.deepcopy(METER), address=70000)),
    ("reads[0]: address", "(model, offset)", lambda: bare(copy.deepcopy(PV), address=14, type="s16")),
    ("reads[0]: agree", "'two'", lambda: row(copy.deepcopy(METER), agree="sure")),
    ("reads[0]", "name both, or say 'single'", lambda: row(copy.deepcopy(METER), **{"from": "mbmd"})),
    ("reads[0]: from", "'mbmd', 'nymea'", lambda: row(copy.deepcopy(METER), **{"from": "hearsay"})),
    ("reads[0]", "unknown field 'adress'", lambda: row(copy.deepcopy(METER), adress=1)),
    ("sdm630.py", "overlaps", lambda: row(copy.deepcopy(METER), address=1)),
    ("sdm630.py", "twice", lambda: row(copy.deepcopy(METER), quantity="power_w")),
    ("sdm630.py", "'capture'", lambda: {**copy.deepcopy(METER), "capture": ""}),
    ("sdm630.py", "'links'", lambda: {**copy.deepcopy(METER), "links": ()}),
    ("sdm630.py: kind", "'heater'", lambda: {**copy.deepcopy(METER), "kind": "oven"}),
    ("controls[0]", "must not enable a write", lambda: control(copy.deepcopy(HEATER), agree="single")),
    ("controls[0]", "must not enable a write", lambda: control(copy.deepcopy(HEATER), agree="disagree")),
    ("controls[0]", "WRITE", lambda: control(copy.deepcopy(HEATER), quantity="power_w")),
    ("controls[0]", "swap them", lambda: control(copy.deepcopy(HEATER), low=5000)),
    ("controls[0]", "seconds", lambda: control(copy.deepcopy(HEATER), timeout=(9, 3, 5))),
    ("controls[0]: nameplate", "one of", lambda: control(copy.deepcopy(HEATER), nameplate="capacity_wh")),
]


@pytest.mark.parametrize(("place", "remedy", "table"), WRONG, ids=[f"{p}-{r}" for p, r, _ in WRONG])
def test_what_cannot_be_right_is_refused_with_a_remedy(place: str, remedy: str, table: Any) -> None:
    with pytest.raises(BadProfile) as bad:
        profile.build("sdm630", table())
    assert place in str(bad.value) and remedy in str(bad.value), bad.value
