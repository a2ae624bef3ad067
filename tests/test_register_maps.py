"""Each profile beside the register maps of ../shared: address, function, type, word order, scale, sign, access and agreement.

What differs has its reason in tests/register_maps.py, what no profile has, too; a reason that nothing needs any more fails as well.
"""

import csv
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from register_maps import DIFFERENT, LEFT_OUT, PRODUCTS

from drivers import profile as profiles
from drivers.tables import Control, Profile

PATH = Path(__file__).parent.parent.parent / "shared" / "data" / "register_maps.csv"
if not PATH.is_file():
    pytest.skip("the register maps are not beside this project", allow_module_level=True)

Place = tuple[int, ...]
with PATH.open(newline="") as file:
    MAPS = list(csv.DictReader(file))
# One of theirs in ours: mV, mA, mHz, permille, s; others are as they are.
UNITS = {"V": Fraction(1000), "A": Fraction(1000), "Hz": Fraction(1000), "%": Fraction(10), "min": Fraction(60), "ms": Fraction(1, 1000)}
TYPES = {"u32 acc": "acc32", "enum16": "u16", "bitfield16": "u16", "u16 bits": "u16", "u32 bits": "u32", "ascii 5 regs": "ascii"}
ORDERS = {"BE": {"big"}, "LE-words": {"little"}, "reg5": {"big", "little"}}
SIGNS = {"import": 1, "charge": 1, "consumption": 1, "export": -1, "discharge": -1, "generation": -1, "inject": -1}
AGREEMENTS = {
    "two sources agree": {"two"},
    "agree, partly": {"two", "single", "disagree"},
    "standard (SunSpec model file)": {"spec"},
    "single source": {"single"},
    "SOURCES DISAGREE": {"disagree"},
}


class Ours(NamedTuple):
    """One register of a profile. scale, sign: None where only codes count; agreement: "" where it is the control's or a fact's."""

    place: Place
    function: int
    type: str
    order: str
    scale: "Fraction | None"
    factor: "Place | None"
    sign: "int | None"
    agreement: str
    written: bool


def placed(place: "int | Place | None") -> "Place | None":
    return (place,) if isinstance(place, int) else place


def read_ones(profile: Profile) -> Iterator[Ours]:
    conditions = [*profile.identity, *(condition for row in profile.reads for condition in row.when)]
    tellers = [control.timeout_from for control in profile.controls.values() if control.timeout_from is not None]
    for row in [*profile.reads, *(condition.row for condition in conditions), *tellers]:
        for part, sign in row.parts:
            coded = not row.quantity or row.map is not None
            scale = None if coded else Fraction(row.up, row.down)
            signed = None if coded else sign * row.sign
            agreement = row.agreement if row.quantity else ""
            yield Ours(placed(part) or (), row.function, row.type, row.order, scale, placed(row.exponent), signed, agreement, False)


def written_ones(control: Control) -> Iterator[Ours]:
    for step in control.steps:
        *model, address = placed(step.address) or ()
        for item in step.items:
            plain = item.word in ("value", "timeout") and not item.least
            scale = Fraction(item.up, item.down) * (UNITS["%"] if item.share else 1) if plain else None
            sign = item.sign if item.word == "value" and item.part == "signed" else None
            place = (*model, address)
            yield Ours(place, step.function, item.type, item.order, scale, placed(item.exponent), sign, control.agreement, True)
            address += item.words


def ours_of(product: str) -> "list[Ours]":
    found: "list[Ours]" = []
    for name in PRODUCTS[product].files:
        profile = profiles.load(name)
        found += read_ones(profile)
        for control in profile.controls.values():
            found += written_ones(control)
    return found


def place_of(product: str, address: str) -> Place:
    """A place of theirs as ours: 40083 of a device whose model 103 stands at 40069 is (103, 14)."""
    models = PRODUCTS[product].models
    if re.fullmatch(r"\d+", address):
        inside = [(model, int(address) - models[model]) for model in models if models[model] and 0 <= int(address) - models[model] < 60]
        return inside[0] if inside else (int(address),)
    if address.startswith("n*1000+"):
        return 0, int(address.removeprefix("n*1000+"))
    model, _, offset = address.partition("+")
    return int(model or next(iter(models))), int(offset)


def wrong(theirs: "dict[str, str]", product: str, ours: "list[Ours]") -> "dict[str, str]":
    """{aspect: what differs} of all of ours at that place: an aspect is right when one of them has it so."""
    functions = {int(digit) for digit in re.findall(r"\d+", theirs["function_code"])}
    kind = TYPES.get(theirs["type"], theirs["type"])
    readers, writers = [one for one in ours if not one.written], [one for one in ours if one.written]
    found: "dict[str, str]" = {}

    def must(aspect: str, right: bool, what: object) -> None:
        if not right:
            found[aspect] = f"ours {what}, theirs {theirs}"

    must("function", not functions & {3, 4} or all(one.function in functions for one in readers), [one.function for one in readers])
    must("function", all(one.function in functions for one in writers), [one.function for one in writers])
    must("access", not writers or "W" in theirs["access"], "written")
    must("type", any(one.type == kind for one in ours) or (kind == "ascii" and ours[0].type == "u16"), [one.type for one in ours])
    orders = {one.order for one in ours}
    must("order", not theirs["word_order"] or kind in ("u16", "s16") or orders == ORDERS[theirs["word_order"]], orders)
    if theirs["scale"]:
        scaled(theirs, product, ours, must)
    sign = re.search(r"\b(import|export|charge|discharge|consumption|generation|inject)\b ?(-?)", theirs["sign_convention"])
    signs = {one.sign for one in ours if one.sign is not None}
    if sign and signs:
        must("sign", SIGNS[sign[1]] * (-1 if sign[2] else 1) in signs, signs)
    agreed = AGREEMENTS[theirs["agreement"]]
    must("agreement", all(one.agreement in agreed for one in readers if one.agreement), [one.agreement for one in readers])
    must("agreement", not writers or bool(agreed & {"two", "spec"} and len(agreed) == 1), "written")
    return found


def scaled(theirs: "dict[str, str]", product: str, ours: "list[Ours]", must: "Callable[[str, bool, object], None]") -> None:
    """The factor of a register, and the SunSpec scale factor beside it."""
    power = re.match(r"10\^SF(?:\(\+(\d+)\)|@(\d+))?", theirs["scale"])
    unit = UNITS.get(theirs["unit"].split()[0] if theirs["unit"] else "", Fraction(1))
    wanted = abs(Fraction(theirs["scale"]) if not power else 1) * unit
    scales = {one.scale for one in ours if one.scale is not None}
    must("scale", not scales or wanted in scales, scales)
    told = re.search(r"SF at (\d+)", theirs["special"])
    at = (power and (power[1] or power[2])) or (told and told[1])
    if at and scales:
        factor = place_of(product, at if power and power[2] else f"{ours[0].place[0]}+{at}")
        must("scale factor", factor in {one.factor for one in ours}, {one.factor for one in ours})


def rows_of(product: str) -> "list[dict[str, str]]":
    return [row for row in MAPS if row["device"] == product]


def test_every_product_has_profiles() -> None:
    assert {row["device"] for row in MAPS} == set(PRODUCTS)
    assert len(PRODUCTS) == 38


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_is_as_its_map_says(product: str) -> None:
    ours, rows = ours_of(product), rows_of(product)
    different, left_out = set(), set()
    for row in rows:
        here = [one for one in ours if one.place == place_of(product, row["address"])]
        if not here:
            left_out.add(row["quantity"])
            assert row["quantity"] in LEFT_OUT.get(product, {}), (
                f"no profile of {PRODUCTS[product].files} has {row}: add it, or say why not"
            )
            continue
        found = wrong(row, product, here)
        for aspect in found:
            different.add((row["quantity"], aspect))
            assert (row["quantity"], aspect) in DIFFERENT.get(product, {}), f"{row['quantity']}: {aspect}: {found[aspect]}"
    assert set(DIFFERENT.get(product, {})) == different, "a reason for a difference that is no more: delete it"
    assert set(LEFT_OUT.get(product, {})) == left_out, "a reason for leaving out what is there: delete it"


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_has_one_source_is_not_written(product: str) -> None:
    """Unless tests/register_maps.py names a second one."""
    for row in rows_of(product):
        here = [one for one in ours_of(product) if one.place == place_of(product, row["address"]) and one.written]
        sure = row["agreement"] in ("two sources agree", "standard (SunSpec model file)")
        assert not here or sure or DIFFERENT[product][row["quantity"], "agreement"], row


def test_the_comparison_bites() -> None:
    """A changed address, type, order, scale or sign of ours is seen."""
    product = "Huawei DTSU666-H via SUN2000"
    row = next(row for row in rows_of(product) if row["quantity"] == "power")
    (one,) = [one for one in ours_of(product) if one.place == (37113,)]
    assert wrong(row, product, [one]) == {}
    for aspect, change in (
        ("function", {"function": 4}), ("type", {"type": "u32"}), ("order", {"order": "little"}), ("scale", {"scale": Fraction(10)}),
        ("sign", {"sign": 1}), ("agreement", {"agreement": "single"}),
    ):  # fmt: skip
        assert set(wrong(row, product, [one._replace(**change)])) == {aspect}
