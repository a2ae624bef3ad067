"""Rows at work: a row and an image of registers give a value, a value gives registers; whatever is not in the image is None.

An image is {(function, address): register}; `base` = {model: address of its ID word} places SunSpec rows, {} for flat ones.
"""

from drivers.registers import WORDS, fitted, pack, rounded, split, unpack
from drivers.tables import Item, Profile, Row

SCALE_FACTOR_ABSENT = 0x8000


def where(address: "int | tuple[int, int]", base: "dict[int, int]") -> "int | None":
    """The absolute address; None when the device lacks that SunSpec model."""
    if isinstance(address, int):
        return address
    start = base.get(address[0])
    return None if start is None else start + address[1]


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
    regs = [image.get((function, start + i), -1) for i in range(WORDS[row.type])]
    return None if min(regs) < 0 else regs


def value_of(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "int | None":
    """The value of a row in its quantity's unit and our sign; None when the image or the device does not have it."""
    regs = found(row, row.function, where(row.address, base), image)
    scale = scaling(row, row.function, base, image)
    if regs is None or scale is None:
        return None
    if row.map is not None:
        return row.map.get(regs[0])
    value = unpack(row.type, row.order, regs, scale[0], scale[1], row.absent)
    return row.sign * value if isinstance(value, int) else None


def quantity_of(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str) -> "int | None":
    """One value out of the image, as `value_of`."""
    for row in profile.reads:
        if row.quantity == quantity:
            return value_of(row, base, image)
    return None


def registers_of(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]", value: "int | None") -> "list[int]":
    """What a device shows for `value` (None: it has none); ValueError when its registers cannot say it."""
    if value is None and row.absent is not None:
        return split(row.order, row.absent, WORDS[row.type])
    scale = scaling(row, row.function, base, image)
    if value is None or scale is None:
        raise ValueError("%s: its registers cannot say %r" % (row.quantity, value))
    return pack(row.type, row.order, row.sign * value, scale[0], scale[1])


def item_registers(item: Item, value: int, scale: "tuple[int, int]", full: "int | None") -> "list[int]":
    """The registers that say `value` (in the wish's unit, or seconds): a share never says more than was wished."""
    n, d = item.sign * value * scale[1], scale[0]
    if full is None:
        raw = rounded(n, d)
    else:
        n, d = n * 100, d * full
        raw = n // d if n >= 0 else -(-n // d)
    return split(item.order, fitted(item.type, raw), WORDS[item.type])


def item_value(item: Item, regs: "list[int]", scale: "tuple[int, int]", full: "int | None") -> int:
    """The reverse, as the device understands it, to the nearest unit."""
    raw = unpack(item.type, item.order, regs)
    assert isinstance(raw, int)
    n, d = item.sign * raw * scale[0], scale[1]
    return rounded(n, d) if full is None else rounded(n * full, d * 100)
