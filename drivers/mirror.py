"""A profile backwards, for whoever plays the device: values become registers, and writes become the wishes they meant."""

from drivers import sunspec
from drivers.plan import SUNSPEC_BASES, SUNSPEC_MARK, placed, repeating, spans
from drivers.registers import fitted, pack, pack_text, split
from drivers.rows import found, holds, item_shown, lowest, registers_of, spots, value_of, where
from drivers.shown import items_of, meaning, seconds
from drivers.tables import Condition, Control, Item, Profile, Row

UNUSED = 0xFFFF
REPEATS = 4  # a repeating group stands there as often as a hybrid has it: two strings, charging, discharging


def blank(
    profile: Profile, start: int = SUNSPEC_BASES[0], models: "tuple[int, ...] | None" = None
) -> "tuple[dict[int, int], dict[tuple[int, int], int]]":
    """(base, image) of a device without values yet: SunSpec heads and scale factors stand, every value is absent, and it can be
    recognised. models: those a SunSpec device has; by default the first of each choice and all optional ones.

    The image of a flat device holds its `simulated` registers, and 0 wherever else the profile reads or writes.
    """
    base, image = _chain(profile, start, models) if profile.sunspec else (placed(profile), {})
    for function, first, after in spans(profile, base) + _written(profile, base):
        for address in range(first, after):
            image.setdefault((function, address), 0)
    for key, raw in _standing(profile, base):
        image[key] = raw
    if profile.sunspec:
        image.update(encode(profile, base, {row.quantity: None for row in profile.reads}))
    return base, image


def _chain(profile: Profile, start: int, models: "tuple[int, ...] | None") -> "tuple[dict[int, int], dict[tuple[int, int], int]]":
    """The walkable frame of a SunSpec device: the mark, each model's ID and length, the end; contents unused."""
    base: "dict[int, int]" = {}
    image = {(3, start): SUNSPEC_MARK[0], (3, start + 1): SUNSPEC_MARK[1]}
    address = start + 2
    chosen = [one[0] for one in profile.sunspec] + list(profile.optional) if models is None else list(models)
    for model in chosen:
        known = sunspec.same_layout(model)
        regs = sunspec.unused(known, REPEATS)
        base[known] = address
        if known in repeating(profile):
            base[-known] = len(regs)
        for i, register in enumerate([model, len(regs)] + regs):
            image[3, address + i] = register
        address += 2 + len(regs)
    image[3, address], image[3, address + 1] = UNUSED, 0
    return base, image


def _written(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """Spans of all that controls write, write-only registers too."""
    wanted = []
    for control in profile.controls.values():
        for step in control.steps:
            start = where(step.address, base)
            if start is not None:
                wanted.append((3, start, start + sum([item.words for item in step.items])))
    return wanted


def _standing(profile: Profile, base: "dict[int, int]") -> "list[tuple[tuple[int, int], int]]":
    """What stands in the device whatever its values: what recognises it, and `simulated`."""
    found = []
    for condition in profile.identity:
        start = where(condition.row.address, base)
        if start is not None:
            regs = _satisfying(condition)
            found += [((condition.row.function, start + i), regs[i]) for i in range(len(regs))]
    for place, registers in profile.simulated:
        start = where(place, base)
        for function in (1, 2, 3, 4) if start is not None else ():
            found += [((function, start + i), registers[i]) for i in range(len(registers))]  # type: ignore[operator]
    return found


def _satisfying(condition: Condition) -> "list[int]":
    """Registers of which a condition holds."""
    row, among = condition.row, condition.among
    if row.type == "ascii":
        return pack_text(str(among[0]), row.words)
    value = among[0] if among else condition.least if condition.least is not None else (condition.below or 1) - 1
    assert isinstance(value, int)
    if row.mask is not None:
        return split(row.order, value * lowest(row.mask), row.words)
    return pack(row.type, row.order, row.sign * value, row.up, row.down)


def encode(profile: Profile, base: "dict[int, int]", values: "dict[str, int | None]") -> "dict[tuple[int, int], int]":
    """The registers {(function, address): register} with which the device says `values` (None: it has no such value now).

    Scale factors, firmware and model are those of the profile's `simulated` registers. A sum puts on its free parts what those that
    have rows of their own leave over. ValueError when a register cannot say a value.
    """
    standing = dict(_standing(profile, base))
    image: "dict[tuple[int, int], int]" = {}
    rows = [row for row in profile.reads if row.quantity in values and holds(row.when, base, standing)]
    for row in [row for row in rows if len(spots(row, base)) == 1]:
        address = spots(row, base)[0][0]
        if address is not None:
            _put(image, row, address, _registers(rows, row, base, standing, values))
    for row in [row for row in rows if len(spots(row, base)) > 1]:
        _encode_sum(image, row, base, standing, values[row.quantity])
    return image


def _put(image: "dict[tuple[int, int], int]", row: Row, address: int, regs: "list[int]") -> None:
    for i in range(len(regs)):
        image[row.function, address + i] = regs[i]


def _registers(
    rows: "list[Row]", row: Row, base: "dict[int, int]", standing: "dict[tuple[int, int], int]", values: "dict[str, int | None]"
) -> "list[int]":
    """What the registers of a row say, and with them all rows that share them."""
    sharing = [other for other in rows if (other.function, other.address) == (row.function, row.address)]
    whole = [other for other in sharing if other.map is None and other.mask is None]
    sign = row.parts[0][1] * row.sign
    if not [other for other in sharing if other.map is not None or other.mask is not None]:
        value = values[row.quantity]
        return registers_of(row, base, standing, None if value is None else sign * value)
    if all([values[other.quantity] is None for other in sharing]) and row.absent:
        return split(row.order, row.absent[0], row.words)
    if row.type == "ascii" or (not whole and not [other for other in sharing if other.mask is not None]):
        return _coded(_code(row, sharing, values), row)
    return split(row.order, _field(row, sharing, whole, values), row.words)


def _coded(code: "int | str", row: Row) -> "list[int]":
    return pack_text(code, row.words) if isinstance(code, str) else split(row.order, fitted(row.type, code), row.words)


def _code(row: Row, sharing: "list[Row]", values: "dict[str, int | None]") -> "int | str":
    """The status code that says what all rows of one register want said; ValueError when there is none."""
    codes = _sorted([code for other in sharing for code in (other.map or ())])
    for other in sharing:
        codes = [code for code in codes if (other.map or {}).get(code) == values[other.quantity]]
    if not codes:
        raise ValueError("no code at %r says %r" % (row.address, [(r.quantity, values[r.quantity]) for r in sharing]))
    return codes[0]


def _sorted(codes: "list[int | str]") -> "list[int | str]":
    numbers: "list[int | str]" = list(sorted({code for code in codes if isinstance(code, int)}))
    return numbers + list(sorted({code for code in codes if isinstance(code, str)}))


def _field(row: Row, sharing: "list[Row]", whole: "list[Row]", values: "dict[str, int | None]") -> int:
    """One register of several meanings: the whole word where it is told, else the fields put together; ValueError when they contradict."""
    raw = 0
    for other in whole:
        raw = int(values[other.quantity] or 0) * other.down // other.up
    fields = [other for other in sharing if other.map is not None] + [other for other in sharing if other.map is None]
    for other in fields if not whole else []:
        mask = other.mask if other.mask is not None else (1 << 16 * other.words) - 1
        raw = raw & ~mask | _bits(other, values[other.quantity]) * lowest(mask) & mask
    for other in sharing:
        mask = other.mask if other.mask is not None else (1 << 16 * other.words) - 1
        shown = (raw & mask) // lowest(mask)
        value = values[other.quantity]
        meant = shown * other.up // other.down * other.sign if other.map is None else other.map.get(shown)
        if value is not None and meant != value:
            raise ValueError("no code at %r says %r" % (row.address, [(r.quantity, values[r.quantity]) for r in sharing]))
    return raw


def _bits(row: Row, value: "int | None") -> int:
    """The field that says `value`: the least code of a map, 0 for no value."""
    if row.map is None or value is None:
        return (value or 0) * row.sign * row.down // row.up
    codes = [code for code in _sorted(list(row.map)) if row.map[code] == value]
    return int(codes[0]) if codes else 0


def _encode_sum(
    image: "dict[tuple[int, int], int]", row: Row, base: "dict[int, int]", standing: "dict[tuple[int, int], int]", value: "int | None"
) -> None:
    """Spread `value` over the parts of a sum: those shown already stay, the first free one that can bear it bears the rest."""
    places = [(address, sign) for address, sign in spots(row, base) if address is not None]
    free = [(address, sign) for address, sign in places if (row.function, address) not in image]
    if value is None:
        for address, _ in free:
            _put(image, row, address, registers_of(row, base, standing, None))
        return
    merged = dict(standing)
    merged.update(image)
    rest = row.sign * value - _shown(row, base, merged, [one for one in places if one not in free])
    for address, sign in free:
        try:
            regs = registers_of(row, base, standing, sign * rest)
        except ValueError:
            regs = registers_of(row, base, standing, 0)
        else:
            rest = 0
        _put(image, row, address, regs)
    if free and rest:
        raise ValueError("%s: no part of the sum can say %d" % (row.quantity, rest))


def _shown(row: Row, base: "dict[int, int]", image: "dict[tuple[int, int], int]", places: "list[tuple[int, int]]") -> int:
    total = 0
    for address, sign in places:
        part = Row(*(row[:2] + (address, ((address, sign),)) + row[4:10] + (1,) + row[11:15] + ((),) + row[16:]))
        total += value_of(part, base, image) or 0
    return total


def understand(
    profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", function: int, address: int, registers: "list[int]"
) -> "list[tuple[str, int]]":
    """What a write to the device meant, in the profile's order: (quantity, value), ("timeout", seconds), ("enable", raw value),
    ("life", raw value).

    Only items whose registers the write touches count; `image` is what the device shows now, and is not changed.
    """
    after = {key: image[key] for key in image}
    for i in range(len(registers)):
        after[3, address + i] = registers[i]
    meant: "list[tuple[str, int]]" = []
    for control in profile.controls.values():
        items = items_of(control, base, after)
        for item, start in items:
            if start < address + len(registers) and start + item.words > address:
                pair = _meaning(profile, base, after, control, items, item, start)
                if pair is not None and pair not in meant:
                    meant.append(pair)
    return meant


def _meaning(
    profile: Profile,
    base: "dict[int, int]",
    image: "dict[tuple[int, int], int]",
    control: Control,
    items: "list[tuple[Item, int]]",
    item: Item,
    start: int,
) -> "tuple[str, int] | None":
    regs = found(item, 3, start, image)
    if regs is None or item.word == "fixed":
        return None
    if item.word in ("enable", "life"):
        return item.word, item_shown(item, regs)
    if item.word == "timeout":
        told = seconds(base, image, item, regs)
        return None if told is None else ("timeout", told)
    if item.word == "direction" and item_shown(item, regs) == item.off and item.off not in item.codes:
        return "enable", 0  # it is let go
    value = meaning(profile, base, image, items)
    return None if value is None else (control.quantity, value)
