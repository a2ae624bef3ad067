"""What energy costs outside the street: one row a slot, far ahead; a price that was published is never changed."""

from market.services.letters import Act, LetterBook

ROWS = 300  # as many rows as are sure to fit a message
AHEAD_S = 36 * 3600
DAY = 86400
Row = tuple[int, int, int]  # seconds since midnight UTC, import price, export price


class Supplier:
    """Publishes the tariff from the current slot on, and again when half of it has passed.

    daily: rows from the earliest to the latest, the first at 0; each holds until the next.
    """

    topics: tuple[str, ...] = ()

    def __init__(self, book: LetterBook, slot_seconds: int, daily: list[Row]) -> None:
        self.book, self.seconds, self.daily = book, slot_seconds, daily

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """The supplier hears nobody."""
        return []

    def tick(self, now: int) -> list[Act]:
        """Publish when less than half of the horizon is left."""
        first = now - now % self.seconds
        letter = self.book.find("tariff")
        known = {row[0]: row for row in letter.payload["rows"]} if letter else {}
        count = min(ROWS, AHEAD_S // self.seconds + 1)
        if max(known, default=0) >= first + count * self.seconds // 2:
            return []
        slots = [first + i * self.seconds for i in range(count)]
        return self.book.write("tariff", {"rows": [known.get(slot, self._row(slot)) for slot in slots]}, now)

    def _row(self, slot: int) -> list[int]:
        _, bought, sold = max(row for row in self.daily if row[0] <= slot % DAY)
        return [slot, bought, sold]
