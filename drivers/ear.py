"""Only the frame that answers the open request is let through; what is late, foreign or garbled is counted and withheld.

Modbus TCP numbers its requests: an id that we gave earlier is late, one that we never gave is foreign, and then the stream cannot be
trusted: `lost`, connect anew. RTU numbers nothing: a frame counts by unit, function, length and CRC, wherever it begins (noise or an
echo may stand before it), and whatever comes while nothing is asked is late.
"""

from drivers import frames
from drivers.frames import Denied
from drivers.nouns import Garbled

REMEMBERED = 64  # ids of earlier requests
SHORTEST = 5  # an RTU frame: unit, function, code, CRC


class Ear:
    """rtu: RTU frames, on a serial line or over TCP. late, foreign, garbled: frames withheld; lost: the connection is to be made anew."""

    def __init__(self, rtu: bool) -> None:
        self.rtu = rtu
        self.late = self.foreign = self.garbled = 0
        self.lost = False
        self._asked: "tuple[int, int, bytes] | None" = None  # id, unit, PDU of the open request
        self._ids: "list[int]" = []
        self._judged = 0  # TCP: bytes of the buffer that belong to frames counted already
        self._unheard = False  # RTU: bytes came that answered nothing

    def ask(self, frame: bytes) -> None:
        """A whole request goes out."""
        self._judged, self._unheard = 0, False
        if self.rtu:
            self._asked = (0, frame[0], frame[1:-2])
            return
        number, unit, pdu = frames.untcp(frame)
        self._asked = (number, unit, pdu)
        self._ids = [n for n in self._ids if n != number][-REMEMBERED:] + [number]

    def renew(self) -> None:
        """A new connection: nothing is asked on it yet."""
        self.lost, self._asked = False, None

    def last(self) -> int:
        """The id of the last request: a new connection counts on from it, so that no id soon means another request."""
        return self._ids[-1] if self._ids else 0

    def give_up(self) -> None:
        """Nobody waits for the answer any more. What came on an RTU line meanwhile was none."""
        self.garbled += self._asked is not None and self._unheard
        self._asked = None

    def hear(self, buffer: bytes) -> bytes:
        """The frame that answers the open request, b"" while it is not in `buffer` (all that came since the request went out)."""
        if self._asked is None:
            self.late += 1
            return b""
        answer = self._find_rtu(buffer) if self.rtu else self._find_tcp(buffer)
        if answer:
            self._asked = None
        return answer

    def _find_tcp(self, buffer: bytes) -> bytes:
        while not self.lost:
            rest = buffer[self._judged :]
            try:
                length = frames.tcp_length(rest)
            except Garbled:
                self._lose()
                break
            if length is None or len(rest) < length:
                break
            self._judged += length
            if self._answers_tcp(rest[:length]):
                return rest[:length]
        return b""

    def _answers_tcp(self, frame: bytes) -> bool:
        number, unit, pdu = frames.untcp(frame)
        assert self._asked is not None
        if number != self._asked[0]:
            if number in self._ids:
                self.late += 1
            else:
                self._lose()
            return False
        good = unit == self._asked[1] and answers(self._asked[2], pdu)
        self.garbled += not good
        return good

    def _lose(self) -> None:
        self.foreign += 1
        self.lost = True

    def _find_rtu(self, buffer: bytes) -> bytes:
        for start in range(len(buffer) - SHORTEST + 1):
            frame = self._rtu_at(buffer, start)
            if frame:
                self.garbled += start > 0
                return frame
        self._unheard = len(buffer) > 0
        return b""

    def _rtu_at(self, buffer: bytes, start: int) -> bytes:
        assert self._asked is not None
        _number, unit, asked = self._asked
        if buffer[start] != unit or buffer[start + 1] & 0x7F != asked[0]:
            return b""
        length = frames.rtu_reply_length(buffer[start : start + 3]) or 0
        frame = buffer[start : start + length]
        try:
            return frame if len(frame) == length and answers(asked, frames.unrtu(frame)[1]) else b""
        except Garbled:
            return b""


def answers(asked: bytes, pdu: bytes) -> bool:
    """Whether one PDU answers the other, a refusal included: function, byte count, and what a write echoes."""
    try:
        frames.parse_reply(asked, pdu)
    except Denied:
        return True
    except Garbled:
        return False
    return True
