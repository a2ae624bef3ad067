"""HDLC frames of IEC 62056-46 around DLMS messages: a frame counts when its checks hold; a message may run over several of them.

7e, format (2: a, 1 more follow, 11 bits length without the flags), two addresses (their last byte is odd), control, header check (2),
content, check (2), 7e. Two frames may share a flag. Checks are CRC-16/X.25, low byte first; nothing is escaped.
"""

from drivers import dlms
from drivers.crc import x25

FLAG = 0x7E
SHORTEST = 9  # bytes from format to check: two addresses of one byte, and some content
ADDRESS = 4  # bytes of the longest


class Framer(dlms.Framer):
    """See `dlms.Framer`."""

    def _segment(self) -> "tuple[int | None, bool, dlms.Piece] | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            end = whole(data)
            if end is None:
                return None
            start = _header(data[:end]) if end else None
            if end == 0 or start is None or not _checked(data[1 : end - 1]):
                self._reject()
                continue
            self._stream.drop(end - 1)  # the flag at the end may be the next one's
            content = data[start + 2 : end - 3]
            number = 0 if content[:3] in dlms.LLC else None
            return number, not data[1] & 0x08, dlms.Piece(content, data[:end], at)
        return None

    def _sought(self) -> bool:
        """Bring the next flag that a frame may follow to the front."""
        data = self._stream.data
        i = data.find(bytes([FLAG]))
        while 0 <= i < len(data) - 1 and data[i + 1] & 0xF0 != 0xA0:
            i = data.find(bytes([FLAG]), i + 1)
        self._stream.drop(i if i >= 0 else len(data))
        return len(self._stream.data) > 1


def whole(data: bytes) -> "int | None":
    """Length of the frame at the front with its flags, None when it is not whole, 0 when it is none."""
    if len(data) < 3:
        return None
    length = (data[1] & 0x07) << 8 | data[2]
    if length < SHORTEST:
        return 0
    if len(data) >= 4 + 2 * ADDRESS + 2 and _header(data) is None:
        return 0
    if len(data) < length + 2:
        return None
    return length + 2 if data[length + 1] == FLAG else 0


def _header(data: bytes) -> "int | None":
    """Index of the header check, None when it does not hold."""
    i = 3
    for _ in range(2):
        end = i + ADDRESS
        while i < min(end, len(data)) and not data[i] & 1:
            i += 1
        i += 1
    return i + 1 if i + 3 <= len(data) and _checked(data[1 : i + 3]) else None


def _checked(data: bytes) -> bool:
    """Whether the last two bytes are the check of those before."""
    return x25(data[:-2]) == data[-2] | data[-1] << 8
