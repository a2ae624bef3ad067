"""The grid operator says of each book what its feeder bears, from the pages that everybody sees; when it is silent, the slot is void.

It learns whose order is where from the receipts that pass by. What it missed over a restart it asks the market for with a `sync`.
"""

from gateway.acts import Note
from market import envelope, feeder, merkle
from market.nouns import Refused
from market.services.letters import Act, Doc, LetterBook
from market.services.trust import Trust

ASK_AGAIN_S = 10
Row = tuple[int, str, list[list[int]]]  # index, order, steps


class Dso:
    """Hears books, pages and receipts; signs one `dso` a slot."""

    topics = ("gw/+/receipt", "slot/+/book", "slot/+/open/+")

    def __init__(self, letters: LetterBook, trust: Trust, terms: Doc, grid: feeder.Feeder) -> None:
        self.letters, self.trust, self.terms, self.grid = letters, trust, terms, grid
        self.books: dict[int, Doc] = {}
        self.pages: dict[int, dict[int, list[Row]]] = {}
        self.owner: dict[str, tuple[str, int]] = {}  # order: (kid, at)
        self.asked = 0

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """Remember what a decision needs."""
        payload = self.trust.read(topic, data)
        if payload["type"] == "receipt":
            if payload["accepted"]:
                self.owner[payload["order"]] = (topic.split("/")[4], payload["at"])
            return []
        slot = payload["slot"]
        if slot <= now or self.letters.of_slot("dso", slot):
            return []
        if payload["type"] == "open":
            self.pages.setdefault(slot, {}).setdefault(payload["page"], payload["leaves"])
            return []
        known = self.books.setdefault(slot, payload)
        return [] if known["root"] == payload["root"] else [Note("warning", f"slot {slot}: two signed roots: fraud")]

    def tick(self, now: int) -> list[Act]:
        """Speak on each book that is whole; forget those it is too late for."""
        acts: list[Act] = []
        for slot in sorted(self.books):
            if now >= slot:
                acts.append(Note("warning", f"slot {slot}: no word on this book in time, so it is void"))
                self._forget(slot, now)
            else:
                acts += self._judge(slot, now)
        return acts

    def _judge(self, slot: int, now: int) -> list[Act]:
        rows = self._rows(slot)
        if rows is None:
            return []
        lost = [order for _, order, _ in rows if order not in self.owner]
        if lost:
            return self._ask(slot, now)
        node = {index: self.trust.members.get(self.owner[order][0], {}).get("node", "") for index, order, _ in rows}
        away = sorted(set(node.values()) - set(self.grid.nodes))
        if away:
            return self._silent(slot, now, f"no line leads to node {away[0]!r}")
        orders = [(index, [(price, wh) for price, wh in steps]) for index, _, steps in rows]
        state, constraint, limits = feeder.limits(orders, node, self.grid, self.terms["slot_seconds"])
        self._forget(slot, now)
        body = {"slot": slot, "state": state, "constraint": constraint, "limits": [list(limit) for limit in limits]}
        try:
            return self.letters.write("dso", body, now)
        except Refused as refused:
            return [Note("warning", f"slot {slot}: {refused.args[1]}: no word on this book, so it is void")]

    def _rows(self, slot: int) -> list[Row] | None:
        """The leaves of a slot's book; None until all pages are in and give its root."""
        book, pages = self.books[slot], self.pages.get(slot, {})
        if any(page not in pages for page in range(book["pages"])):
            return None
        rows = [row for page in range(book["pages"]) for row in pages[page]]
        same = envelope.b64url(merkle.root([merkle.leaf_bytes(*row) for row in rows])) == book["root"]
        return rows if same and len(rows) == book["count"] else None

    def _ask(self, slot: int, now: int) -> list[Act]:
        """Have the receipts of this slot's orders sent again: none has a seq below the time when the slot opened."""
        if now < self.asked + ASK_AGAIN_S:
            return []
        self.asked = now
        return self.letters.write("sync", {"last": max(0, slot - self.terms["open_before"] - 1)}, now)

    def _silent(self, slot: int, now: int, why: str) -> list[Act]:
        self._forget(slot, now)
        return [Note("warning", f"slot {slot}: {why}")]

    def _forget(self, slot: int, now: int) -> None:
        self.books.pop(slot, None)
        self.pages.pop(slot, None)
        long_ago = now - self.terms["open_before"] - self.terms["slot_seconds"]
        self.owner = {order: known for order, known in self.owner.items() if known[1] > long_ago}
