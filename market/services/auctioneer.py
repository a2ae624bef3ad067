"""One price for each slot, before its delivery begins or not at all: a `clear` signed at the slot's start or later trades nothing."""

from market import clearing, envelope, merkle
from market.services.book import leaves
from market.services.letters import Act, Doc, LetterBook
from market.services.trust import Trust


class Auctioneer:
    """Clears a book when the grid operator has spoken, and tells each gateway with live orders what it got.

    Its memory is the letter book: the book and pages, the receipts (whose order is which) and its own `clear`.
    """

    topics = ("slot/+/dso",)

    def __init__(self, letters: LetterBook, trust: Trust) -> None:
        self.letters, self.trust = letters, trust
        self.spoken: dict[int, Doc] = {}

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """The grid operator's word on a slot; the first one counts."""
        payload = self.trust.read(topic, data)
        if payload["slot"] in self._waiting():
            self.spoken.setdefault(payload["slot"], payload)
        return []

    def tick(self, now: int) -> list[Act]:
        """Clear what can be cleared; void what was not in time."""
        acts: list[Act] = []
        for slot in sorted(self._waiting()):
            if now >= slot:
                acts += self._award(slot, 0, 0, {}, now)
            elif slot in self.spoken:
                limits = [(index, most) for index, most in self.spoken[slot]["limits"]]
                price, wh, fills = clearing.clear(self._orders(slot), limits)
                acts += self._award(slot, price, wh, dict(fills), now)
        return acts

    def _waiting(self) -> set[int]:
        return self.letters.slots("book") - self.letters.slots("clear")

    def _orders(self, slot: int) -> list[tuple[int, list[tuple[int, int]]]]:
        return [(index, [(price, wh) for price, wh in steps]) for index, _, steps in leaves(self.letters, slot)]

    def _award(self, slot: int, price: int, wh: int, fills: dict[int, int], now: int) -> list[Act]:
        """`clear` and all awards in one batch, so that no restart comes between them."""
        self.spoken.pop(slot, None)
        acts = self.letters.write("clear", {"slot": slot, "price": price, "wh": wh}, now)
        rows = leaves(self.letters, slot)
        tree = merkle.levels([merkle.leaf_bytes(*row) for row in rows]) if rows else []
        owner = {x.payload["order"]: x.topic.split("/")[4] for x in self.letters.of_slot("receipt", 0) if x.payload["accepted"]}
        for kid in sorted({owner[order] for _, order, _ in rows}):
            mine = [place for place, row in enumerate(rows) if owner[row[1]] == kid]
            body = {
                "slot": slot,
                "fills": [[rows[i][1], rows[i][0], fills.get(rows[i][0], 0), price] for i in mine],
                "path": [[i, [envelope.b64url(step) for step in merkle.path_in(tree, i)]] for i in mine],
            }
            acts += self.letters.write("award", body, now, to=kid)
        return acts
