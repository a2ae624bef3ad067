"""IEC 62056-21 readouts, of mode C (02, lines, "!", 03, BCC) and of mode D ("/" identification, empty line, lines, "!").

A line is code(value*unit)(more)code(...). BCC is the exclusive or of all after 02 up to and with 03: any byte, also a line end. A
readout of mode D has no checksum but each character's parity bit: it counts only when every line of it has its shape. What we send may
come back as echo, "/?!" and an acknowledgement, and is no identification. Source: IEC 62056-21:2002, 6.3 and 6.4.
"""

from drivers import stream
from drivers.nouns import Garbled
from drivers.obis import readings
from drivers.p1 import value
from drivers.telegram import Telegram, Value

SLASH, STX, ETX, ACK = 0x2F, 2, 3, 6
LIMIT = 16384  # bytes of one readout; with 15 months of history 5000
# Where meters say who they are: 0.0.0 device address, C.1.0 serial number, 0.0.9 device id, 96.1.0.
_IDENTITIES = ("0.0.0", "C.1.0", "0.0.9", "96.1.0", "96.1.1")


class Framer(stream.Framer):
    """quirks["bare"]: whether lines alone count, as in a file that somebody kept, until the first 02 or identification is met."""

    def __init__(self, quirks: "dict[str, object] | None" = None) -> None:
        super().__init__()
        self._bare = bool((quirks or {}).get("bare", False))
        self._named = ""  # by the identification before a readout of mode C

    def next(self) -> "Telegram | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            end = _end(data)
            if end is None and len(data) <= LIMIT:
                return None
            if end and data[0] == SLASH and data[end - 1] != 0x0A:  # an identification, and then 02
                self._named = name_of(data)
                self._stream.drop(end)
                continue
            try:
                telegram = decode(data[: end or 0], at, self._named)
            except Garbled:
                self.bad += 1
                self._stream.drop(1)
            else:
                self._stream.drop(end or 1)
                self._named = ""
                return telegram
        return None

    def _sought(self) -> bool:
        """Bring the next start to the front of the buffer."""
        data = self._stream.data
        for i in range(len(data)):
            framed = data[i] == STX or (data[i] == SLASH and identifies(data[i : i + 5]))
            if framed or (self._bare and _line_starts(data, i)):
                self._bare = self._bare and not framed
                self._stream.drop(i)
                return True
        keep = data.rfind(b"\n") + 1 if self._bare else len(data)
        self._stream.drop(max(keep, len(data) - LIMIT))
        return False


def identifies(head: bytes) -> bool:
    """Whether up to five bytes begin an identification: "/", the maker's three letters, a letter or digit for the baud rate."""
    letters = all([65 <= byte < 91 or 97 <= byte < 123 for byte in head[1:4]])
    return letters and all([48 <= byte < 91 for byte in head[4:5]])


def _line_starts(data: bytes, i: int) -> bool:
    """Whether a line that looks like code(...) begins at `i`."""
    if i and data[i - 1] != 0x0A:
        return False
    end = data.find(b"(", i, i + 20)
    return end > i and all([byte in b"0123456789ABCDEFabcdefLPlp.:-*&" for byte in data[i:end]])


def _end(data: bytes) -> "int | None":
    """Length of what begins at the front, 0 when it is torn, None when it is not whole.

    It is a readout, or an identification before 02 (or before our echoed acknowledgement): then it ends before its line end's last byte.
    """
    if data[0] == STX:
        i = stream.first(data, (b"\x02", b"\x03"), 1)
        return None if i < 0 or i + 1 == len(data) else 0 if data[i] == STX else i + 2
    line = data.find(b"\n")
    if line < 0:
        return None if len(data) <= 80 else 0
    if data[0] == SLASH and data[line + 1 : line + 2] in (bytes([STX]), bytes([ACK])):
        return line
    i = stream.first(data, (b"\x02", b"\x03", b"\n/", b"\n!"), 1)
    if i < 0 or data[i : i + 2] != b"\n!":
        return None if i < 0 else 0
    end = data.find(b"\n", i + 1)
    return None if end < 0 else 0 if data[end + 1 : end + 2] == bytes([ETX]) else end + 1


def decode(raw: bytes, at: int, named: str) -> Telegram:
    """The meaning of one whole readout; Garbled when a check fails or a line has no shape. named: who it is when it does not say."""
    if not raw or max(raw[:-1]) > 126:
        raise Garbled("a readout that is not ASCII", raw)
    framed = raw[0] == STX
    if framed and bcc(raw[1:-1]) != raw[-1]:
        raise Garbled("a readout with a bad checksum", raw)
    lines = (raw[1:-2] if framed else raw).decode().split("\n")
    if raw[0] == SLASH:
        named, lines = name_of(raw), lines[1:]
        if lines[0].strip():
            raise Garbled("a readout that nothing checks, without the empty line of mode D", raw)
    values: "list[Value]" = []
    for line in lines:
        line = line.rstrip("\r")
        if line[:1] == "!":
            break
        values += _line(line)
    if not values:
        raise Garbled("a readout without a value", raw)
    found = tuple(values)
    return Telegram(_identity(found, named), found, readings(found), raw, at)


def bcc(data: bytes) -> int:
    """The exclusive or of all bytes."""
    check = 0
    for byte in data:
        check ^= byte
    return check


def _line(line: str) -> "list[Value]":
    """A value for each parenthesis; an empty line has none, what has another shape is Garbled."""
    values: "list[Value]" = []
    name = ""
    while line:
        before, bracket, line = line.partition("(")
        name = before or name
        said, closed, line = line.partition(")")
        if not name or not bracket or not closed or "(" in said or min(name + said + " ") < " ":
            raise Garbled("a line without the shape code(value)", name.encode())
        values.append(value(name, said))
    return values


def name_of(raw: bytes) -> str:
    """The identification's line without "/" and line end."""
    line = raw[1 : raw.find(b"\n")]
    return "".join([chr(byte) for byte in line if 32 <= byte < 127])


def _identity(values: "tuple[Value, ...]", named: str) -> str:
    for short in _IDENTITIES:
        for one in values:
            code = one.code.partition(":")[2] or one.code
            if code.partition("*")[0] == short and one.value:
                return str(one.value)
    return named
