"""A profile backwards, for whoever plays the device: values become registers, and writes become the wishes they meant."""

from drivers.plan import SUNSPEC_BASES, SUNSPEC_MARK, spans
from drivers.registers import WORDS
from drivers.rows import found, item_value, quantity_of, registers_of, scaling, where
from drivers.tables import Item, Profile, Row

UNUSED = 0xFFFF


def blank(profile: Profile, start: int = SUNSPEC_BASES[0]) -> "tuple[dict[int, int], dict[tuple[int, int], int]]":
    """(base, image) of a device without values yet: SunSpec heads and scale factors stand, every value is absent.

    The image of a flat device holds its `simulated` registers, and 0 wherever else the profile reads.
    """
    base, image = _chain(profile, start) if profile.sunspec else ({}, {})
    for function, first, after in spans(profile, base):
        for address in range(first, after):
            image.setdefault((function, address), 0)
    for place, raw in profile.simulated:
        at = where(place, base)
        assert at is not None
        for function in (3, 4):
            if (function, at) in image:
                image[function, at] = raw & 0xFFFF
    if profile.sunspec:
        image.update(encode(profile, base, {row.quantity: None for row in profile.reads}))
    return base, image


def _chain(profile: Profile, start: int) -> "tuple[dict[int, int], dict[tuple[int, int], int]]":
    """The walkable frame of a SunSpec device: the mark, each model's ID and length, the end; contents unused."""
    base: "dict[int, int]" = {}
    image = {(3, start): SUNSPEC_MARK[0], (3, start + 1): SUNSPEC_MARK[1]}
    address = start + 2
    for model in profile.sunspec:
        base[model] = address
        length = SUNSPEC_LENGTH[model]
        image[3, address], image[3, address + 1] = model, length
        for i in range(length):
            image[3, address + 2 + i] = 0 if model == 1 else UNUSED
        address += 2 + length
    image[3, address], image[3, address + 1] = UNUSED, 0
    return base, image


# Lengths (after ID and length words) from sunspec/models json/model_*.json.
SUNSPEC_LENGTH = {1: 66, 103: 50, 120: 26, 123: 24, 124: 24}


def encode(profile: Profile, base: "dict[int, int]", values: "dict[str, int | None]") -> "dict[tuple[int, int], int]":
    """The registers {(function, address): register} with which the device says `values` (None: it has no such value now).

    Scale factors are those of the profile's `simulated` registers. ValueError when a register cannot say a value.
    """
    factors = {}
    for place, raw in profile.simulated:
        address = where(place, base)
        if address is not None:
            factors[3, address] = factors[4, address] = raw & 0xFFFF
    image = {}
    for row in profile.reads:
        start = where(row.address, base)
        if row.quantity in values and start is not None:
            regs = [_code(profile, row, values)] if row.map is not None else registers_of(row, base, factors, values[row.quantity])
            for i in range(len(regs)):
                image[row.function, start + i] = regs[i]
    return image


def _code(profile: Profile, row: Row, values: "dict[str, int | None]") -> int:
    """The status code that says what all rows of one register want said; ValueError when there is none."""
    rows = [r for r in profile.reads if (r.function, r.address) == (row.function, row.address) and r.quantity in values]
    codes = sorted(row.map or ())
    for other in rows:
        codes = [code for code in codes if (code if other.map is None else other.map.get(code)) == values[other.quantity]]
    if not codes:
        raise ValueError("no code at %r says %r" % (row.address, [(r.quantity, values[r.quantity]) for r in rows]))
    return codes[0]


def understand(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", function: int, address: int, registers: "list[int]"
) -> "list[tuple[str, int]]":
    """What a write to the device meant, in the profile's order: (quantity, value), ("timeout", seconds), ("enable", raw value).

    Only items whose registers the write touches count; `image` is what the device shows now, and is not changed.
    """
    after = {key: image[key] for key in image}
    for i in range(len(registers)):
        after[3, address + i] = registers[i]
    meant = []
    for control in profile.controls.values():
        for step in control.steps:
            start = where(step.address, base)
            for item in step.items:
                if start is None:
                    break
                if start < address + len(registers) and start + WORDS[item.type] > address:
                    meant.append(_meaning(profile, base, after, control.quantity, item, start))
                start += WORDS[item.type]
    return [pair for i, pair in enumerate(meant) if pair[0] and pair not in meant[:i]]


def _meaning(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str, item: Item, start: int
) -> "tuple[str, int]":
    regs = found(item, 3, start, image)
    scale = scaling(item, 3, base, image)
    if regs is None or scale is None or item.word == "fixed":
        return "", 0
    full = quantity_of(profile, base, image, item.share) if item.share else None
    value = item_value(item, regs, scale, full)
    return (quantity if item.word == "value" else item.word), value
