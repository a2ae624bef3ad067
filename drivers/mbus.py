"""Wired M-Bus long frames around DLMS messages (EN 13757-3, transport layer of CI 00 to 1f): one message may run over several frames.

68 length length 68, control, address, CI (10 last, low digit: number of the part), source, destination, content, sum, 16. The length
counts from control to content, the sum is of the same bytes. Meters of Austria send a message in two frames: CI 00, then 11.
"""

from drivers import dlms

START, STOP = 0x68, 0x16
HEAD, TAIL = 9, 2
LAST = 0x10


class Framer(dlms.Framer):
    """See `dlms.Framer`."""

    def _segment(self) -> "tuple[int | None, bool, dlms.Piece] | None":
        while self._sought():
            data, at = self._stream.data, self._stream.at()
            end = 4 + data[1] + TAIL
            if len(data) < end:
                return None
            if data[end - 1] != STOP or sum(data[4 : end - TAIL]) & 0xFF != data[end - TAIL] or data[6] & 0xE0:
                self._reject()
                continue
            self._stream.drop(end)
            return data[6] & 0x0F, bool(data[6] & LAST), dlms.Piece(data[HEAD : end - TAIL], data[:end], at)
        return None

    def _sought(self) -> bool:
        """Bring the next head of a frame that has content to the front of the buffer; whether all of it is there."""
        data = self._stream.data
        for i in range(len(data)):
            head = data[i : i + 4]
            if head[0] == START and (len(head) < 4 or (head[1] == head[2] and head[3] == START and head[1] > HEAD - 4)):
                self._stream.drop(i)
                return len(head) == 4
        self._stream.drop(len(data))
        return False
