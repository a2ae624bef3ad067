"""SML transport version 1 and the GetList response in it: a frame counts when its CRC-16/X.25 holds, an odd entry costs only itself.

A frame is 1b1b1b1b 01010101, content, 0 to 3 bytes of padding, 1b1b1b1b 1a, number of padding bytes, CRC (low byte first);
four bytes 1b inside the content travel doubled. Content is type-length-value: 7 lists, 0 octets, 4 boolean, 5 signed, 6 unsigned.
Source: BSI TR-03109-1 Anlage IVb (SML 1.03, 1.04).
"""

from binascii import hexlify

from drivers import stream
from drivers.crc import x25
from drivers.nouns import Garbled
from drivers.obis import UNITS, code, readings
from drivers.telegram import Telegram, Value

ESCAPE = b"\x1b\x1b\x1b\x1b"
START = ESCAPE + b"\x01\x01\x01\x01"
GET_LIST_RESPONSE = 0x0701
LIMIT = 8192  # bytes of one frame; meters send 200 to 700
DEEPEST = 8
POWER = "1-0:16.7.0*255"


class Framer(stream.Framer):
    """quirks["unsigned"]: ((server id prefix as hex, first, last), ...)."""

    def __init__(self, quirks: "dict[str, object] | None" = None) -> None:
        super().__init__()
        self._seen = len(START)  # no end of the frame lies before this index
        self._unsigned = (quirks or {}).get("unsigned", ())

    def next(self) -> "Telegram | None":
        while self._sought():
            end = self._end()
            if end is None:
                return None
            raw, at = self._stream.data[:end], self._stream.at()
            try:
                telegram = decode(raw, at, self._unsigned)  # type: ignore[arg-type]
            except Garbled:
                self._reject()
            else:
                self._drop(end)
                return telegram
        return None

    def _sought(self) -> bool:
        """Bring the next start to the front of the buffer."""
        start = self._stream.data.find(START)
        if start < 0:
            self._drop(max(0, len(self._stream.data) - len(START) + 1))
        elif start > 0:
            self._drop(start)
        return start >= 0

    def _end(self) -> "int | None":
        """Length of the frame at the front, 0 when it is torn, None when it is not whole yet."""
        data = self._stream.data
        i = data.find(ESCAPE, self._seen)
        while i >= 0 and i + 8 <= len(data):
            control = data[i + 4 : i + 8]
            if control[0] == 0x1A and control[1] <= 3:
                return i + 8
            if control == START[4:]:
                return 0
            self._seen = i + (8 if control == ESCAPE else 1)
            i = data.find(ESCAPE, self._seen)
        self._seen = i if i >= 0 else max(self._seen, len(data) - 3)
        return 0 if len(data) > LIMIT else None

    def _reject(self) -> None:
        self.bad += 1
        self._drop(len(START))

    def _drop(self, count: int) -> None:
        self._stream.drop(count)
        self._seen = len(START)


def content(raw: bytes) -> bytes:
    """What a frame carries, unescaped, without padding; Garbled when it is torn or its CRC does not hold."""
    if len(raw) < 16 or x25(raw[:-2]) != raw[-2] | raw[-1] << 8:
        raise Garbled("SML frame with a bad checksum", raw)
    inner = raw[8:-8].replace(ESCAPE + ESCAPE, ESCAPE)
    return inner[: len(inner) - raw[-3]]


def decode(raw: bytes, at: int, unsigned: "tuple[tuple[str, int, int], ...]" = ()) -> Telegram:
    """The meaning of one whole frame; Garbled when it has none."""
    server, values = "", []
    for message in _messages(content(raw)):
        if len(message) > 3 and len(message[3]) == 2 and _number(message[3][0]) == GET_LIST_RESPONSE:
            body = message[3][1]
            if not isinstance(body, list) or len(body) < 5 or not isinstance(body[4], list):
                raise Garbled("an SML list response without a list", raw)
            server = server or _hex(body[1])
            values += [value for value in [_value(entry, _flawed(server, unsigned)) for entry in body[4]] if value is not None]
    meter = server or _identity(values)
    found = tuple(values)
    return Telegram(meter, found, readings(found), raw, at)


def _messages(data: bytes):  # type: ignore[no-untyped-def]
    """The messages of a frame: nested lists; an octet string is bytes, a number is (value, its bytes, signed)."""
    messages, i = [], 0
    while i < len(data):
        if data[i] == 0:  # end of message, or padding that was not counted
            i += 1
            continue
        message, i = _element(data, i, 0)
        if isinstance(message, list):
            messages.append(message)
    return messages


def _element(data: bytes, i: int, depth: int):  # type: ignore[no-untyped-def]
    """(element, index after it)."""
    kind, length, i, used = _head(data, i)
    if kind == 7:
        if depth == DEEPEST or length > len(data) - i:
            raise Garbled("an SML list too deep or too long", data)
        items = []
        for _ in range(length):
            item, i = _element(data, i, depth + 1)
            items.append(item)
        return items, i
    end = i + max(length - used, 0)
    if end > len(data):
        raise Garbled("an SML value beyond the end", data)
    body = data[i:end]
    if kind == 0:
        return body, end
    if kind not in (4, 5, 6) or not 1 <= len(body) <= 8:
        raise Garbled("an SML value of unknown type", data)
    return (_integer(body, kind == 5), len(body), kind == 5), end


def _head(data: bytes, i: int) -> "tuple[int, int, int, int]":
    """(type, length, index after, bytes used) of a type-length field, which may run over several bytes."""
    kind, length, used, more = 0, 0, 0, True
    while more:
        if i + used >= len(data) or used == 4:
            raise Garbled("a torn SML length", data)
        byte = data[i + used]
        kind = byte >> 4 & 7 if used == 0 else kind
        length = length << 4 | byte & 0x0F
        more = bool(byte & 0x80)
        used += 1
    return kind, length, i + used, used


def _integer(body: bytes, signed: bool) -> int:
    value = 0
    for byte in body:
        value = value << 8 | byte
    return value - (1 << 8 * len(body)) if signed and body[0] & 0x80 else value


def _value(entry, flawed: bool) -> "Value | None":  # type: ignore[no-untyped-def]
    """One list entry (name, status, time, unit, scaler, value, signature); None when it has no name or no value."""
    if not isinstance(entry, list) or len(entry) != 7 or not isinstance(entry[0], bytes) or len(entry[0]) != 6:
        return None
    name, value = code(entry[0]), entry[5]
    if isinstance(value, bytes):
        return Value(name, text(value), None, "") if value else None
    if not isinstance(value, tuple):
        return None
    number, width, signed = value
    if flawed and name == POWER and signed and width <= 3:
        number &= (1 << 8 * width) - 1
    return Value(name, number, _number(entry[4]) or 0, UNITS.get(_number(entry[3]) or 0, ""))


def text(data: bytes) -> str:
    """Printable ASCII as it is, anything else as hex."""
    return data.decode() if all([32 <= byte < 127 for byte in data]) else _hex(data)


def _number(element) -> "int | None":  # type: ignore[no-untyped-def]
    return element[0] if isinstance(element, tuple) else None


def _hex(element) -> str:  # type: ignore[no-untyped-def]
    return hexlify(element).decode() if isinstance(element, bytes) else ""


def _flawed(server: str, unsigned: "tuple[tuple[str, int, int], ...]") -> bool:
    """Whether the meter of that server id sends small unsigned powers with a signed type."""
    for prefix, first, last in unsigned:
        if server[: len(prefix)] == prefix and first <= int(server[len(prefix) :] or "0", 16) <= last:
            return True
    return False


def _identity(values: "list[Value]") -> str:
    """A server id that only the list names: device identification 0.0.9, or 96.1.0."""
    for value in values:
        if value.code in ("1-0:0.0.9*255", "1-0:96.1.0*255") and isinstance(value.value, str):
            return value.value
    return ""
