"""DLMS/COSEM push: data-notifications, whole or in blocks, plain or in an envelope; what carries them is `hdlc.py`, `mbus.py` or nothing.

A message: 0f, invoke id (4), date-time (00, or 0c and 12 bytes, or 09 0c and 12 bytes), value. A block of general block transfer:
e0, control (80 last), number (2), acknowledged (2), length, content; blocks are numbered from 1. Sources: DLMS Green Book 9.3, 9.4.6.13.
A frame that is bad or missing takes with it the message that it is a part of, and no other.
"""

from collections import namedtuple

from drivers import axdr, cosem, envelope, stream
from drivers.axdr import Torn
from drivers.dlms_lists import EVERY
from drivers.nouns import Garbled
from drivers.obis import readings
from drivers.sml import text
from drivers.telegram import Telegram, Value

NOTIFICATION, BLOCK, LAST = 0x0F, 0xE0, 0x80
LLC = (b"\xe6\xe7\x00", b"\xe6\xe6\x00")
LIMIT = 8192  # bytes of one message; the longest seen has 600
RAW_LIMIT = 2048  # of a message that nothing frames: a false start holds the next ones back no longer
# Where meters say who they are, in order of preference: device numbers, Kamstrup's, the logical device name.
_IDENTITIES = ("0-0:96.1.0*255", "0-0:96.1.1*255", "1-1:0.0.5*255", "1-1:0.0.1*255", "0-0:42.0.0*255")


class Piece(namedtuple("Piece", ("data", "raw", "at"))):
    """A message or a part of one; raw: the bytes it came in; at: UTC s of their first."""

    __slots__ = ()
    data: bytes
    raw: bytes
    at: int


class Joiner:
    """Parts become a whole; a gap in their numbers loses it."""

    def __init__(self, first: int) -> None:
        self._first, self._due = first, first
        self._parts: "list[Piece]" = []

    def forget(self) -> bool:
        """Drop what is not whole; whether there was any."""
        lost, self._parts, self._due = bool(self._parts), [], self._first
        return lost

    def add(self, number: "int | None", last: bool, piece: Piece) -> "tuple[Piece | None, int]":
        """(the whole or None, how many were lost). number None: the next one, whatever it is."""
        lost = 0
        if number is not None and number != self._due:
            lost = int(self.forget())
        if number is not None and number != self._due:
            return None, 1
        self._parts.append(piece)
        self._due += 1
        size = sum([len(part.raw) for part in self._parts])
        if size > LIMIT:
            self.forget()
            return None, lost + 1
        if not last:
            return None, lost
        parts = self._parts
        self.forget()
        data, raw = b"".join([part.data for part in parts]), b"".join([part.raw for part in parts])
        return Piece(data, raw, parts[0].at), lost


class Framer(stream.Framer):
    """quirks["lists"]: names of tables of `drivers/dlms_lists.py`; decrypt: what `envelope.opener` makes, None without a key."""

    def __init__(self, quirks: "dict[str, object] | None" = None, decrypt=None) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self._decrypt = decrypt
        self._lists = (quirks or {}).get("lists", EVERY)
        self._segments, self._blocks = Joiner(0), Joiner(1)

    def next(self) -> "Telegram | None":
        while True:
            segment = self._segment()
            if segment is None:
                return None
            whole, lost = self._segments.add(*segment)
            self.bad += lost
            telegram = self._message(whole) if whole is not None else None
            if telegram is not None:
                return telegram

    def _segment(self) -> "tuple[int | None, bool, Piece] | None":
        """(number of a part or None, whether it is the last, it) from the next good frame, None until more bytes come."""
        raise NotImplementedError

    def _reject(self) -> None:
        """The frame at the front is bad: the search goes on behind its first byte."""
        self.bad += 1
        self._segments.forget()
        self._stream.drop(1)

    def _message(self, piece: Piece) -> "Telegram | None":
        data = piece.data[3:] if piece.data[:3] in LLC else piece.data
        try:
            if data[:1] == bytes([BLOCK]):
                number, last, content, _ = block(data)
                whole, lost = self._blocks.add(number, last, Piece(content, piece.raw, piece.at))
                self.bad += lost
                if whole is None:
                    return None
                piece = whole
                data = piece.data
            return self._opened(data, piece)
        except envelope.Locked:
            self.locked += 1
        except Garbled:
            self.bad += 1
        return None

    def _opened(self, data: bytes, piece: Piece) -> Telegram:
        title = b""
        if data[:1] and data[0] in envelope.TAGS:
            if envelope.length(data) != len(data) or data[1] != envelope.TITLE:
                raise Garbled("an envelope that does not fill its frame", data)
            if self._decrypt is None:
                raise envelope.Locked("an envelope, and no key", data)
            title, data = envelope.title(data), self._decrypt(data)
        return decode(data, piece.raw, piece.at, self._lists, title)  # type: ignore[arg-type]


class RawFramer(Framer):
    """Messages that nothing frames, one after the other: they say their own length."""

    def _segment(self) -> "tuple[int | None, bool, Piece] | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            try:
                end = extent(data)
            except Torn:
                if len(data) <= RAW_LIMIT:
                    return None
                self._reject()
            except Garbled:
                self._reject()
            else:
                self._stream.drop(end)
                return 0, True, Piece(data[:end], data[:end], at)
        return None

    def _sought(self) -> bool:
        data = self._stream.data
        for i in range(len(data)):
            if data[i] in (NOTIFICATION, BLOCK) or data[i] in envelope.TAGS or LLC[0].startswith(data[i : i + 3]):
                self._stream.drop(i)
                return True
        self._stream.drop(len(data))
        return False


def extent(data: bytes) -> int:
    """Length of the message at the front; Torn when it is not whole, Garbled when it is none."""
    head = 3 if data[:3] in LLC else 0
    if len(data) < head + 2:
        raise Torn("a message that has not begun", data)
    if data[head] == BLOCK:
        return head + block(data[head:])[3]
    if data[head] in envelope.TAGS and data[head + 1] == envelope.TITLE:
        inner = envelope.length(data[head:])
        if inner is None:
            raise Torn("an envelope beyond the end", data)
        if not inner:
            raise Garbled("an envelope of an impossible length", data)
        return head + inner
    end: int = axdr.body(data, _start(data, head))[1]
    return end


def block(data: bytes) -> "tuple[int, bool, bytes, int]":
    """(number, whether it is the last, content, index after it) of a block."""
    count, start = axdr.length(data, 6)
    if start + count > len(data):
        raise Torn("a block beyond the end", data)
    return data[2] << 8 | data[3], bool(data[1] & LAST), data[start : start + count], start + count


def _start(data: bytes, i: int) -> int:
    """Index of the value in the notification at `i`."""
    if data[i : i + 1] != bytes([NOTIFICATION]):
        raise Garbled("a message that is no notification: it may be opened with the wrong key", data)
    if len(data) < i + 7:
        raise Torn("a torn notification", data)
    when = data[i + 5]
    if when == axdr.OCTETS:
        i, when = i + 1, data[i + 6]
    if when not in (0, 12):
        raise Garbled("a notification with an odd date", data)
    return i + 6 + when


def decode(data: bytes, raw: bytes, at: int, lists: "tuple[str, ...]" = EVERY, title: bytes = b"") -> Telegram:
    """The meaning of one whole, open message; Garbled when it has none. raw, at: as the telegram shall have them."""
    node, end, layout = axdr.body(data, _start(data, 0))
    found = tuple(cosem.values(node, layout, lists, title)) if end == len(data) else ()
    if not found:
        raise Garbled("a notification without values", data)
    return Telegram(_identity(found, title), found, readings(found), raw, at)


def _identity(values: "tuple[Value, ...]", title: bytes) -> str:
    for name in _IDENTITIES:
        for one in values:
            if one.code == name and one.value != "":
                return str(one.value)
    return text(title) if title else ""
