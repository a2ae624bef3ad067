"""What a push meter says: every protocol decodes to the same two records, integers with a decimal exponent as the meter sent them."""

from collections import namedtuple


class Value(namedtuple("Value", ("code", "value", "exponent", "unit"))):
    """One value: value * 10**exponent unit. Text has exponent None. code: OBIS as the meter gives it; unit: "" when it has none."""

    __slots__ = ()
    code: str
    value: "int | str"
    exponent: "int | None"
    unit: str


class Telegram(namedtuple("Telegram", ("meter", "values", "readings", "raw", "at"))):
    """One frame. meter: its identity as text; readings: ((quantity, value), ...) in words of `drivers/quantities.py`;

    raw: the bytes of the frame; at: UTC s at which its first byte came.
    """

    __slots__ = ()
    meter: str
    values: "tuple[Value, ...]"
    readings: "tuple[tuple[str, int], ...]"
    raw: bytes
    at: int
