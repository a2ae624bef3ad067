"""P1 telegrams (DSMR, eSMR, and their national kin): "/", lines of OBIS(value*unit), "!" and a CRC-16/ARC over all from "/" to "!".

A telegram counts when its checksum holds; one without digits after "!" (DSMR 2.2 and 3) counts only when the quirk
{"checksum": "optional"} says so, and no more once this meter has sent a checksum. The digits may come unpadded.
Luxembourg sends the same telegram inside an AES-GCM envelope (`drivers/envelope.py`).
Source: Netbeheer Nederland, "P1 Companion Standard" 2.2 to 5.0.2.
"""

from drivers import envelope, stream
from drivers.crc import arc
from drivers.nouns import Garbled
from drivers.obis import readings
from drivers.telegram import Telegram, Value

LIMIT = 8192  # bytes of one telegram; the longest seen, with 13 months of peaks, has 2000
# Codes (C.D.E) whose unitless value is a count or a type, not a text: power failures, sags, swells, kind of M-Bus device.
_COUNTS = ("96.7.", "24.1.0", "32.32.0", "52.32.0", "72.32.0", "32.36.0", "52.36.0", "72.36.0")
# Where meters of the Netherlands and Belgium, Sweden, Luxembourg and the Q3D say who they are, in order of preference.
_IDENTITIES = ("0-0:96.1.1", "0-0:96.1.0", "0-0:42.0.0", "1-0:0.0.0*255")
_HEX = b"0123456789ABCDEFabcdef"


class Framer(stream.Framer):
    """quirks["checksum"]: "required" or "optional"; decrypt: what `envelope.opener` makes, None without a key."""

    def __init__(self, quirks: "dict[str, object] | None" = None, decrypt=None) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self._decrypt = decrypt
        self._bare = (quirks or {}).get("checksum", "required") == "optional"

    def next(self) -> "Telegram | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            wrapped = data[0] != 0x2F
            end = envelope.length(data) if wrapped else _length(data)
            if end is None and len(data) <= LIMIT:
                return None
            try:
                telegram = self._open(data[: end or 0], at, wrapped)
            except envelope.Locked:
                self.locked += 1
                self._stream.drop(end or 1)
            except Garbled:
                self.bad += 1
                self._stream.drop(1)
            else:
                self._stream.drop(end or 1)
                return telegram
        return None

    def _sought(self) -> bool:
        """Bring the next start, of a telegram or an envelope, to the front of the buffer."""
        data = self._stream.data
        for i in range(len(data)):
            if (data[i] == 0x2F or data[i] in envelope.TAGS) and _starts(data[i : i + 5]):
                self._stream.drop(i)
                return True
        self._stream.drop(len(data))
        return False

    def _open(self, raw: bytes, at: int, wrapped: bool) -> Telegram:
        if not wrapped:
            checked = verified(raw, self._bare)
            self._bare = self._bare and not checked
            return decode(raw, at)
        if not raw:
            raise Garbled("an envelope that does not end", raw)
        if self._decrypt is None:
            raise envelope.Locked("an envelope, and no key", raw)
        plain = self._decrypt(raw)
        verified(plain, envelope.sealed_with_tag(raw))
        return decode(plain, at)


def _starts(head: bytes) -> bool:
    """Whether up to five bytes can be the start of a telegram ("/", three letters, baud digit) or of an envelope."""
    if head[0] in envelope.TAGS:
        return len(head) < 2 or head[1] == envelope.TITLE
    letters = all([65 <= byte < 91 or 97 <= byte < 123 for byte in head[1:4]])
    return letters and (len(head) < 5 or 48 <= head[4] < 58)


def _length(data: bytes) -> "int | None":
    """Length of the telegram at the front with its line end, 0 when another begins inside it, None when it is not whole."""
    torn, bang = data.find(b"\n/", 1), data.find(b"\n!")
    if bang < 0 or 0 <= torn < bang:
        return 0 if torn >= 0 else None
    end = data.find(b"\n", bang + 2)
    if end >= 0:
        return end + 1
    digits = data[bang + 2 : bang + 6]
    return bang + 6 if len(digits) == 4 and all([byte in _HEX for byte in digits]) else None


def verified(raw: bytes, bare: bool) -> bool:
    """Whether a whole telegram carries a checksum; Garbled when that is wrong, or when it has none and `bare` does not allow it."""
    bang = raw.find(b"\n!") + 1
    digits = raw[bang + 1 :].strip()
    if not bang or len(digits) > 4 or not all([byte in _HEX for byte in digits]):
        raise Garbled("a telegram that does not end", raw)
    if digits and int(digits, 16) != arc(raw[: bang + 1]):
        raise Garbled("a telegram with a bad checksum", raw)
    if not digits and not bare:
        raise Garbled("a telegram without a checksum: profile p1_v2 is for meters that have none", raw)
    return bool(digits)


def decode(raw: bytes, at: int) -> Telegram:
    """The meaning of one whole telegram; Garbled when it is not ASCII."""
    if max(raw) > 126:
        raise Garbled("a telegram that is not ASCII", raw)
    lines = [line.strip() for line in raw.decode().split("\n")]
    values: "list[Value]" = []
    for line in lines[1:]:
        if line[:1] == "!":
            break
        values = _joined(values, line) if line[:1] == "(" else values + _line(line)
    found = tuple(values)
    return Telegram(_identity(found, lines[0][1:]), found, readings(found), raw, at)


def _line(line: str) -> "list[Value]":
    """A value for each parenthesis of "code(a)(b*unit)"; none when it is no such line."""
    name, _, rest = line.partition("(")
    if rest[-1:] != ")" or ":" not in name:
        return []
    return [value(name, part) for part in rest[:-1].split(")(")]


def _joined(values: "list[Value]", line: str) -> "list[Value]":
    """DSMR 2.2 puts the gas reading on a line of its own, its unit being the last value of the line before."""
    if not values or line[-1:] != ")":
        return values
    before = values[-1]
    return values + [value(before.code, "%s*%s" % (line[1:-1], before.value))]


def value(name: str, said: str) -> Value:
    """ "001581.123*kWh" -> 1581123, -3, kWh; a value without a unit is text, unless its code makes it a count."""
    number, star, unit = said.partition("*")
    whole, _, fraction = number.strip().partition(".")
    digits = whole[1:] if whole[:1] in ("-", "+") else whole
    short = name.partition(":")[2].partition("*")[0]
    counts = any([short == count or (count[-1] == "." and short.startswith(count)) for count in _COUNTS])
    if (digits + fraction).isdigit() and digits and (star or (counts and not fraction)):
        return Value(name, int(whole + fraction), -len(fraction), unit)
    return Value(name, said, None, "")


def _identity(values: "tuple[Value, ...]", header: str) -> str:
    for name in _IDENTITIES:
        for one in values:
            if one.code == name and one.value:
                return str(one.value)
    return header
