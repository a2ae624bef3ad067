"""The market's front desk: the terms for all, and to one who missed something, the same bytes again."""

from gateway.acts import Note
from market.services.letters import Act, Doc, LetterBook
from market.services.trust import Trust


class Desk:
    """Publishes the terms once; they hold for as long as the market has this name. Answers `sync`."""

    topics = ("gw/+/sync",)

    def __init__(self, book: LetterBook, trust: Trust, terms: Doc) -> None:
        self.book, self.trust, self.terms = book, trust, terms
        self.answered: dict[str, int] = {}

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """A `sync`: send again what came after the seq it names. A redelivered one is not answered twice."""
        payload = self.trust.read(topic, data)
        kid = payload["from"]
        if payload["seq"] <= self.answered.get(kid, 0):
            return []
        self.answered[kid] = payload["seq"]
        if self.trust.role(kid) == "dso":
            return self.book.receipts_after(payload["last"])
        return self.book.addressed_after(kid, payload["last"])

    def tick(self, now: int) -> list[Act]:
        """Publish the terms if nobody has yet."""
        if self.book.find("terms"):
            return []
        return [Note("info", f"market {self.book.market} opens"), *self.book.write("terms", self.terms, now)]


def terms_kept(book: LetterBook, terms: Doc) -> bool:
    """Whether the terms that this market published are these; True when it published none."""
    letter = book.find("terms")
    return letter is None or all(letter.payload[key] == value for key, value in terms.items())
