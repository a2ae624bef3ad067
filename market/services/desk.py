"""The market's front desk: the terms for all, and to one who missed something, the same bytes again."""

from gateway.acts import Note
from market.services.letters import Act, Doc, LetterBook
from market.services.trust import Trust

AGAIN_S = 10  # a member that knows no more than when it asked last is not answered again before
MOST = 1000  # messages an answer

class Desk:
    """Publishes the terms once; they hold for as long as the market has this name. Answers `sync`."""

    topics = ("gw/+/sync",)

    def __init__(self, book: LetterBook, trust: Trust, terms: Doc) -> None:
        self.book, self.trust, self.terms = book, trust, terms
        self.answered: dict[str, tuple[int, int, int]] = {}  # kid: seq and last of the sync that was answered, and when

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """A `sync`: send again what came after the seq it names."""
        payload = self.trust.read(topic, data)
        kid, last = payload["from"], payload["last"]
        if not self._due(kid, payload["seq"], last, now):
            return []
        self.answered[kid] = (payload["seq"], last, now)
        if self.trust.role(kid) == "dso":
            return self.book.receipts_after(last)
        return self.book.addressed_after(kid, last, MOST)

    def _due(self, kid: str, seq: int, last: int, now: int) -> bool:
        """Whether a sync is a new one, and not the same question again at once."""
        seq_before, last_before, at = self.answered.get(kid, (0, -1, 0))
        return seq > seq_before and (last > last_before or not 0 <= now - at < AGAIN_S)

    def tick(self, now: int) -> list[Act]:
        """Publish the terms if nobody has yet."""
        if self.book.find("terms"):
            return []
        return [Note("info", f"market {self.book.market} opens"), *self.book.write("terms", self.terms, now)]


def terms_kept(book: LetterBook, terms: Doc) -> bool:
    """Whether the terms that this market published are these; True when it published none."""
    letter = book.find("terms")
    return letter is None or all(letter.payload[key] == value for key, value in terms.items())
