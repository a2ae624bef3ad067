"""What energy costs outside the street: one row a slot, far ahead, without a gap; a price that was published is never changed."""

from market.services.letters import Act, LetterBook

ROWS = 300  # as many rows as are sure to fit a message
AHEAD_S = 36 * 3600
MISSED_S = 366 * 86400  # an absence that is longer is a clock that was wrong
DAY = 86400
Row = tuple[int, int, int]  # seconds since midnight UTC, import price, export price


class Supplier:
    """Publishes the tariff from the current slot on, and again when half of it has passed; after an absence, what it missed too.

    daily: rows from the earliest to the latest, the first at 0; each holds until the next.
    """

    topics: tuple[str, ...] = ()

    def __init__(self, book: LetterBook, slot_seconds: int, daily: list[Row]) -> None:
        self.book, self.seconds, self.daily = book, slot_seconds, daily

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """The supplier hears nobody."""
        return []

    def tick(self, now: int) -> list[Act]:
        """Publish when less than half of the horizon is left, or when the clock shows a time that has no price."""
        first = now - now % self.seconds
        known = self._known()
        count = min(ROWS, AHEAD_S // self.seconds + 1)
        if first in known and first + count // 2 * self.seconds in known:
            return []
        last = max((slot for slot in known if first - MISSED_S <= slot < first), default=first)
        missed = range(last + self.seconds, first, self.seconds)
        acts: list[Act] = []
        for i in range(0, len(missed), ROWS):
            acts += self._publish(missed[i : i + ROWS], known, now)
        return acts + self._publish(range(first, first + count * self.seconds, self.seconds), known, now)

    def _known(self) -> dict[int, list[int]]:
        """What is published, as far as it is remembered."""
        return {row[0]: row for letter in self.book.of_slot("tariff", 0) for row in letter.payload["rows"]}

    def _publish(self, slots: range, known: dict[int, list[int]], now: int) -> list[Act]:
        return self.book.write("tariff", {"rows": [known.get(slot) or self._row(slot) for slot in slots]}, now)

    def _row(self, slot: int) -> list[int]:
        _, bought, sold = max(row for row in self.daily if row[0] <= slot % DAY)
        return [slot, bought, sold]
