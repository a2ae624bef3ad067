"""Sixteen-bit registers to integers and back, exactly on both Pythons: floats are taken apart bit by bit, never computed with.

A value is scaled by `up // down` (both integers, down > 0) and rounded half away from zero: a Float32 of 12.3456 kWh with
up=1000 is 12346 Wh. Word order "big": the most significant register comes first; "little": it comes last.
"""

WORDS = {"bit": 1, "u16": 1, "s16": 1, "u32": 2, "s32": 2, "u64": 4, "s64": 4, "f32": 2, "f64": 4, "acc32": 2, "acc64": 4}
ORDERS = ("big", "little")
# What a SunSpec device sends for "not implemented", by type (SunSpec Information Model Specification, "Unimplemented values").
SUNSPEC_ABSENT = {
    "u16": 0xFFFF,
    "s16": 0x8000,
    "u32": 0xFFFFFFFF,
    "s32": 0x80000000,
    "u64": 0xFFFFFFFFFFFFFFFF,
    "s64": 0x8000000000000000,
    "f32": 0x7FC00000,
    "acc32": 0,
    "acc64": 0,
}
_FLOATS = {"f32": (23, 8), "f64": (52, 11)}


def rounded(n: int, d: int) -> int:
    """n / d to the nearest integer, halves away from zero; d > 0."""
    return (2 * n + d) // (2 * d) if n >= 0 else -((-2 * n + d) // (2 * d))


def unpack(
    kind: str, order: str, regs: "list[int] | tuple[int, ...]", up: int = 1, down: int = 1, absent: "int | None" = None
) -> "int | str | None":
    """The meaning of `regs`: an int scaled by up/down; for "ascii" a str; for "bits" the plain unsigned int.

    None: the device has no value (a float that is no number, or the raw bits equal `absent`).
    """
    if kind == "ascii":
        return _text(regs)
    raw = join(order, regs)
    if absent is not None and raw == absent:
        return None
    if kind in _FLOATS:
        return _float(raw, _FLOATS[kind], up, down)
    if kind[0] == "s" and raw >> 16 * len(regs) - 1:
        raw -= 1 << 16 * len(regs)
    return rounded(raw * up, down)


def pack(kind: str, order: str, value: int, up: int = 1, down: int = 1) -> "list[int]":
    """The registers that `unpack` would read as `value`, as near as they can say it; ValueError when they cannot hold it."""
    words = WORDS[kind]
    if kind in _FLOATS:
        raw = _unfloat(value * down, up, _FLOATS[kind])
    else:
        raw = fitted(kind, rounded(value * down, up))
    return split(order, raw, words)


def pack_ratio(kind: str, order: str, n: int, d: int, more: bool) -> "list[int]":
    """n / d (d > 0) as registers: a float the nearest, an integer towards 0, or away from 0 when `more`; ValueError if it does not fit."""
    if kind in _FLOATS:
        return split(order, _unfloat(n, d, _FLOATS[kind]), WORDS[kind])
    size = (abs(n) + (d - 1 if more else 0)) // d
    return split(order, fitted(kind, size if n >= 0 else -size), WORDS[kind])


def fitted(kind: str, raw: int) -> int:
    """`raw` as the unsigned bits of an integer type; ValueError when it does not fit."""
    bits = 1 if kind == "bit" else 16 * WORDS[kind]
    low, high = (-(1 << bits - 1), 1 << bits - 1) if kind[0] == "s" else (0, 1 << bits)
    if not low <= raw < high:
        raise ValueError("%d does not fit into %s" % (raw, kind))
    return raw & (1 << bits) - 1


def split(order: str, raw: int, words: int) -> "list[int]":
    """Unsigned `raw` as `words` registers."""
    regs = [raw >> 16 * (words - 1 - i) & 0xFFFF for i in range(words)]
    if order == "little":
        regs.reverse()
    return regs


def pack_text(text: str, words: int) -> "list[int]":
    """ASCII `text` in `words` registers, filled with NUL."""
    data = text.encode() + bytes(2 * words)
    return [data[2 * i] << 8 | data[2 * i + 1] for i in range(words)]


def join(order: str, regs: "list[int] | tuple[int, ...]") -> int:
    """The unsigned number that registers hold: the reverse of `split`."""
    raw = 0
    for i in range(len(regs)):
        raw = raw << 16 | regs[i if order == "big" else len(regs) - 1 - i]
    return raw


def _text(regs: "list[int] | tuple[int, ...]") -> str:
    text = ""
    for reg in regs:
        for byte in (reg >> 8, reg & 0xFF):
            if byte == 0:
                return text.strip()
            text += chr(byte) if 32 <= byte < 127 else "?"
    return text.strip()


def _float(raw: int, shape: "tuple[int, int]", up: int, down: int) -> "int | None":
    """An IEEE 754 number, scaled; None for NaN and the infinities."""
    fraction_bits, exponent_bits = shape
    fraction = raw & (1 << fraction_bits) - 1
    exponent = raw >> fraction_bits & (1 << exponent_bits) - 1
    if exponent == (1 << exponent_bits) - 1:
        return None
    if exponent:
        fraction |= 1 << fraction_bits
    power = max(exponent, 1) - (1 << exponent_bits - 1) + 1 - fraction_bits
    if raw >> fraction_bits + exponent_bits:
        fraction = -fraction
    return rounded(fraction * up << power, down) if power >= 0 else rounded(fraction * up, down << -power)


def _width(n: int) -> int:
    bits = 0
    while n:
        n >>= 1
        bits += 1
    return bits


def _unfloat(n: int, d: int, shape: "tuple[int, int]") -> int:
    """The bits of the IEEE 754 number nearest to n / d (d > 0), halves to even; ValueError when it is too large."""
    fraction_bits, exponent_bits = shape
    bias = (1 << exponent_bits - 1) - 1
    sign = 1 << fraction_bits + exponent_bits if n < 0 else 0
    n = abs(n)
    if n == 0:
        return sign
    power = max(_width(n) - _width(d) - 1 - fraction_bits, 1 - bias - fraction_bits)
    fraction = _nearest_even(n, d, power)
    if fraction >> fraction_bits + 1:
        power += 1
        fraction = _nearest_even(n, d, power)
        if fraction >> fraction_bits + 1:
            power, fraction = power + 1, fraction >> 1
    exponent = power + bias + fraction_bits if fraction >> fraction_bits else 0
    if exponent >= (1 << exponent_bits) - 1:
        raise ValueError("too large for a float of %d bits" % (1 + fraction_bits + exponent_bits))
    return sign | exponent << fraction_bits | fraction & (1 << fraction_bits) - 1


def _nearest_even(n: int, d: int, power: int) -> int:
    """n / d / 2**power to the nearest integer, halves to even."""
    n, d = (n, d << power) if power >= 0 else (n << -power, d)
    whole, rest = n // d, n % d
    return whole + (1 if 2 * rest > d or (2 * rest == d and whole & 1) else 0)
