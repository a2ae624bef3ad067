"""Rows at work: a row and an image of registers give a value, a value gives registers; whatever is not in the image is None.

An image is {(function, address): register}, a bit (functions 1, 2) being 0 or 1; `base` = {model: address of its ID word} places
SunSpec rows (and -model: its length, where rows repeat), {0: start} those of a numbered controller, {} flat ones.
"""

from drivers.registers import SUNSPEC_ABSENT, fitted, join, pack, pack_ratio, rounded, split, unpack
from drivers.tables import Condition, Item, Profile, Row

SCALE_FACTOR_ABSENT = SUNSPEC_ABSENT["s16"]
HEAD = 2  # ID and length words


def where(place: "int | tuple[int, ...]", base: "dict[int, int]") -> "int | None":
    """The absolute address, of the first repeat if there are several; None when the device lacks that SunSpec model or repeat."""
    if isinstance(place, int):
        return place
    start, size = base.get(place[0]), base.get(-place[0]) if place[0] else None
    beyond = size is not None and place[1] >= HEAD + size
    return None if start is None or beyond else start + place[1]


def spots(row: Row, base: "dict[int, int]") -> "list[tuple[int | None, int]]":
    """[(address, sign)] of a row's parts; None for an address that the device does not have."""
    found: "list[tuple[int | None, int]]" = []
    for place, sign in row.parts:
        if isinstance(place, int) or len(place) == 2:
            found.append((where(place, base), sign))
            continue
        model, offset, size = place
        while model in base and offset + row.words <= HEAD + base.get(-model, 0):
            found.append((base[model] + offset, sign))
            offset += size
    return found


def scaling(row: "Row | Item", function: int, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "tuple[int, int] | None":
    """(up, down) of a row with its scale factor; None while the factor is unknown."""
    if row.exponent is None:
        return row.up, row.down
    address = where(row.exponent, base)
    raw = None if address is None else image.get((function, address))
    if raw is None or raw == SCALE_FACTOR_ABSENT:
        return None
    if raw & 0x8000:
        return row.up, row.down * 10 ** (0x10000 - raw)
    return row.up * 10**raw, row.down


def found(row: "Row | Item", function: int, start: "int | None", image: "dict[tuple[int, int], int]") -> "list[int] | None":
    """The registers of a row, None unless all are in the image."""
    if start is None:
        return None
    regs = [image.get((function, start + i), -1) for i in range(row.words)]
    return None if min(regs) < 0 else regs


def value_of(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "int | None":
    """The value of a row in its quantity's unit and our sign; None when the image or the device does not have it."""
    value = told(row, base, image) if holds(row.when, base, image) else None
    return value if isinstance(value, int) else None


def told(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "int | str | None":
    """What a row says, be it a text, whatever its conditions. A sum is known when all its parts are; a lenient one when any is."""
    scale = scaling(row, row.function, base, image)
    parts = [] if scale is None else [(sign, _part(row, found(row, row.function, at, image), scale)) for at, sign in spots(row, base)]
    if len(parts) == 1:
        return row.sign * parts[0][0] * parts[0][1] if isinstance(parts[0][1], int) else parts[0][1]
    said = [sign * value for sign, value in parts if isinstance(value, int)]
    return row.sign * sum(said) if said and (row.lenient or len(said) == len(parts)) else None


def _part(row: Row, regs: "list[int] | None", scale: "tuple[int, int]") -> "int | str | None":
    if regs is None:
        return None
    if row.type == "ascii":
        text = unpack("ascii", row.order, regs)
        return text if row.map is None else row.map.get(str(text))
    raw = join(row.order, regs)
    if raw in row.absent:
        return None
    if row.mask is not None:
        raw = (raw & row.mask) // lowest(row.mask)
    if row.map is not None:
        return row.map.get(raw)
    return rounded(raw * scale[0], scale[1]) if row.mask is not None else unpack(row.type, row.order, regs, scale[0], scale[1])


def lowest(mask: int) -> int:
    """The lowest bit of a mask, as a number: what a masked field is to be divided by."""
    return mask & -mask


def holds(conditions: "tuple[Condition, ...]", base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "bool | None":
    """Whether all conditions hold; False as soon as one does not, None while one that may is unknown."""
    answers = [_holds(one, told(one.row, base, image)) for one in conditions]
    return False if False in answers else None if None in answers else True


def _holds(condition: Condition, value: "int | str | None") -> "bool | None":
    if value is None:
        return None
    if isinstance(value, str):
        return any([value.startswith(str(text)) for text in condition.among])
    least, below = condition.least, condition.below
    within = (least is None or value >= least) and (below is None or value < below)
    return within and (not condition.among or value in condition.among)


def quantity_of(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str) -> "int | None":
    """One value out of the image: of the first row of that quantity that has one."""
    for row in profile.reads:
        value = value_of(row, base, image) if row.quantity == quantity else None
        if value is not None:
            return value
    return None


def registers_of(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]", value: "int | None") -> "list[int]":
    """What a device shows in one part of a row for `value` (None: it has none); ValueError when its registers cannot say it."""
    if value is None and row.absent:
        return split(row.order, row.absent[0], row.words)
    scale = scaling(row, row.function, base, image)
    if value is None or scale is None:
        raise ValueError("%s: its registers cannot say %r" % (row.quantity, value))
    return pack(row.type, row.order, value, scale[0], scale[1])


def item_registers(item: Item, value: int, scale: "tuple[int, int]", full: "int | None", more: bool = False) -> "list[int]":
    """The registers that say `value` (in the wish's unit, or seconds): never more than was wished, or never less when `more`."""
    n, d = item.sign * value * scale[1], scale[0]
    if full is not None:
        n, d = n * 100, d * full
    return pack_ratio(item.type, item.order, n, d, more)


def item_value(item: Item, regs: "list[int]", scale: "tuple[int, int]", full: "int | None") -> "int | None":
    """The reverse, as the device understands it, to the nearest unit."""
    up, down = (scale[0], scale[1]) if full is None else (scale[0] * full, scale[1] * 100)
    raw = unpack(item.type, item.order, regs, up, down)
    return item.sign * raw if isinstance(raw, int) else None


def item_raw(item: Item, raw: int, image: "dict[tuple[int, int], int]", address: int) -> "list[int] | None":
    """`raw` in an item's registers, the bits beside its mask as they are; None when those are not in the image."""
    if item.mask is None:
        return split(item.order, fitted(item.type, raw), item.words)
    regs = found(item, 3, address, image)
    if regs is None:
        return None
    return split(item.order, join(item.order, regs) & ~item.mask | raw * lowest(item.mask) & item.mask, item.words)


def item_shown(item: Item, regs: "list[int]") -> int:
    """The raw value that an item's registers hold."""
    raw = join(item.order, regs)
    return raw if item.mask is None else (raw & item.mask) // lowest(item.mask)
