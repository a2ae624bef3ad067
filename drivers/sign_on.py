"""IEC 62056-21 mode C, a meter that speaks when asked: what to send, at which baud rate, and at which to listen then.

We ask "/?address!" at 300 baud; the meter names itself, "/XXXZname", Z being the fastest rate it offers; we acknowledge with the rate we
take, and both change to it. A letter for Z (mode B) means that the meter changes by itself, another character (mode A) that nobody does.
The meter answers within 1.5 s; a readout is over 5 s after its last byte, whatever came. Source: IEC 62056-21:2002, 6.3 and table 2.
"""

from drivers import iec62056
from drivers.stream import Say
from drivers.telegram import Telegram

RATES = {"0": 300, "1": 600, "2": 1200, "3": 2400, "4": 4800, "5": 9600, "6": 19200}
LETTERS = "ABCDEF"  # mode B: 600 to 19200
ANSWER_MS, SILENCE_MS = 2500, 5000
RETRY_S = 10
IDLE, ASKED, READING = 0, 1, 2


class Framer(iec62056.Framer):
    """quirks: "start" and "fastest" baud (300, 9600), "every_s" between two readouts (60), "address" of the meter ("", any)."""

    talks = True

    def __init__(self, quirks: "dict[str, object] | None" = None) -> None:
        quirks = quirks or {}
        super().__init__(quirks)
        self._start, self._fastest = int(quirks.get("start", 300)), int(quirks.get("fastest", 9600))  # type: ignore[call-overload]
        self._every_ms = 1000 * int(quirks.get("every_s", 60))  # type: ignore[call-overload]
        self._request = b"/?" + str(quirks.get("address", "")).encode() + b"!\r\n"
        self._state, self._due, self._asked = IDLE, 0, 0
        self._fresh, self._done = False, False
        self._head, self._head_at = b"", 0

    def add(self, data: bytes, at: int) -> None:
        self._fresh = self._fresh or bool(data)
        if self._state == ASKED:
            self._head = (self._head + data)[-200:]
            self._head_at = at
        else:
            super().add(data, at)

    def next(self) -> "Telegram | None":
        telegram = super().next()
        if telegram is not None:
            self._done = True
        return telegram

    def say(self, now_ms: int) -> "Say | None":
        if self._state == IDLE:
            return self._ask(now_ms) if now_ms >= self._due else None
        if self._state == ASKED:
            return self._answer(now_ms)
        if self._fresh:
            self._fresh, self._due = False, now_ms + SILENCE_MS
        if self._done or now_ms >= self._due:
            self._rest(now_ms)
        return None

    def _ask(self, now_ms: int) -> Say:
        self._stream.drop(len(self._stream.data))
        self._state, self._asked, self._head, self._done = ASKED, now_ms, b"", False
        self._due = now_ms + ANSWER_MS + _sending_ms(self._request, self._start) + _sending_ms(bytes(80), self._start)
        return Say(self._request, self._start, self._start)

    def _answer(self, now_ms: int) -> "Say | None":
        """The acknowledgement, once the meter has named itself."""
        named = _identification(self._head)
        if named is None:
            if now_ms >= self._due:
                self._rest(now_ms)
            return None
        rest = self._head[self._head.find(named) + len(named) :]
        self._state, self._named = READING, iec62056.name_of(named)
        letter, rate, reply = chr(named[4]), self._start, b""
        if letter in RATES:
            taken = letter if RATES[letter] <= self._fastest else max([z for z in RATES if RATES[z] <= self._fastest])
            rate, reply = RATES[taken], b"\x060" + taken.encode() + b"0\r\n"
        elif letter in LETTERS:
            rate = RATES[chr(ord(letter) - 16)]
        self._due = now_ms + ANSWER_MS + _sending_ms(reply, self._start)
        super().add(rest, self._head_at)
        return Say(reply, self._start, rate)

    def _rest(self, now_ms: int) -> None:
        """Wait for the next time, less long when this one failed."""
        if not self._done:
            self.bad += 1
        self._due = max(self._asked + self._every_ms, now_ms) if self._done else now_ms + 1000 * RETRY_S
        self._state = IDLE


def _identification(head: bytes) -> "bytes | None":
    """The line with which a meter names itself; our own request, come back as echo, is none."""
    start = head.find(b"/")
    while start >= 0:
        end = head.find(b"\n", start)
        if end >= 0 and end - start >= 6 and iec62056.identifies(head[start : start + 5]):
            return head[start : end + 1]
        start = head.find(b"/", start + 1)
    return None


def _sending_ms(data: bytes, baud: int) -> int:
    """Ten bits a byte."""
    return len(data) * 10000 // baud
