"""Bytes as they come, with the time each chunk came: what every framer searches, cuts and drops from, and never lets grow."""

from collections import namedtuple

from drivers.telegram import Telegram


class Say(namedtuple("Say", ("data", "baud", "then"))):
    """Send `data` at `baud`, and listen at `then` as soon as the last bit has left."""

    __slots__ = ()
    data: bytes
    baud: int
    then: int


class Stream:
    """A buffer whose first byte has a time. `data` is public to read; change it only through `add` and `drop`."""

    def __init__(self) -> None:
        self.data = b""
        self._marks: "list[tuple[int, int]]" = []  # (index of a byte in data, UTC s of it and of those after it)

    def add(self, data: bytes, at: int) -> None:
        if data:
            if not self._marks or self._marks[-1][1] != at:
                self._marks.append((len(self.data), at))
            self.data += bytes(data)

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes."""
        if not count:
            return
        self.data = self.data[count:]
        marks = [(max(index - count, 0), at) for index, at in self._marks]
        while len(marks) > 1 and marks[1][0] == 0:
            del marks[0]
        self._marks = marks if self.data else []

    def at(self) -> int:
        """UTC s at which the first byte came; 0 when there is none."""
        return self._marks[0][1] if self._marks else 0


def first(data: bytes, marks: "tuple[bytes, ...]", start: int = 0) -> int:
    """Index of the first of some marks from `start` on, -1 when there is none."""
    places = [place for place in [data.find(mark, start) for mark in marks] if place >= 0]
    return min(places) if places else -1


class Framer:
    """What all framers share. `bad` counts frames dropped, `locked` encrypted ones for which no key was lent; `talks`: see `say`."""

    talks = False

    def __init__(self) -> None:
        self.bad = 0
        self.locked = 0
        self._stream = Stream()

    def add(self, data: bytes, at: int) -> None:
        """Bytes as they came; at: UTC s of the first of them."""
        self._stream.add(data, at)

    def next(self) -> "Telegram | None":
        """The next whole frame, None until more bytes come."""
        raise NotImplementedError

    def say(self, now_ms: int) -> "Say | None":
        """What the meter is to be sent now, None for nothing. Ask it often when it `talks`; the others never do.

        now_ms: of any clock that only rises.
        """
        return None
