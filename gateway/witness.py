"""The owner need believe nobody: what the market publishes about a slot is recomputed here, and every difference is a finding.

One `Witness` a slot gathers the signed messages; `findings` compares them with the home's own orders, registers and with each other.
A finding is a sentence; no finding means that receipt, book, clearing, award and bill agree to the nano-unit.
"""

from market import merkle, settlement
from market.clearing import clear
from market.envelope import b64url, unb64url
from market.lent import Payload, Value


class Witness:
    """What is known of one slot. Payloads are verified messages; `own` maps the hash of each own order to its steps."""

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.said: "dict[str, Payload]" = {}
        self.pages: "dict[int, list[list[Value]]]" = {}
        self.own: "dict[str, list[list[int]]]" = {}
        self.index: "dict[str, int]" = {}  # accepted own orders: hash -> index
        self.evidence: "list[str]" = []
        self.done = False

    def told(self, payload: Payload, jws: bytes) -> None:
        """Take a verified message about this slot. A second, different book, clearing or award is kept as evidence."""
        kind = str(payload["type"])
        if kind == "open":
            self.pages[payload["page"]] = payload["leaves"]
            return
        before = self.said.get(kind)
        if before is not None and kind in ("book", "clear", "award") and _core(before) != _core(payload):
            self.evidence.append("the market signed two different %s messages: %s and %s" % (kind, before["_jws"], jws.decode()))
            return
        self.said[kind] = dict(payload)
        self.said[kind]["_jws"] = jws.decode()

    def leaves(self) -> "list[list[Value]] | None":
        """All leaves of the book by place, or None while a page is missing."""
        book = self.said.get("book")
        if book is None or any(page not in self.pages for page in range(book["pages"])):
            return None
        return [leaf for page in range(book["pages"]) for leaf in self.pages[page]]

    def cleared(self) -> bool:
        """Whether all that a clearing is checked with has come; one that came too late is void whatever the DSO says."""
        return "clear" in self.said and ("dso" in self.said or self.void()) and self.leaves() is not None

    def void(self) -> bool:
        """Nobody is bound by a clearing that is signed after delivery has begun."""
        return bool(self.said["clear"]["at"] >= self.slot)

    def findings(self) -> "list[str]":
        """What is wrong with book and clearing; call when `cleared`. Of a slot without a book, only what is proved anyway."""
        if not self.cleared():
            return list(self.evidence)
        leaves = self.leaves() or []
        found = list(self.evidence) + self._book(leaves) + self._limits(leaves)
        price, wh, fills = self._recompute(leaves)
        said = self.said["clear"]
        if (said["price"], said["wh"]) != (price, wh):
            found.append("the book clears at %d for %d Wh, the market says %s for %s" % (price, wh, said["price"], said["wh"]))
        return found + self._award(price, dict(fills))

    def _book(self, leaves: "list[list[Value]]") -> "list[str]":
        book = self.said["book"]
        found = []
        data = [merkle.leaf_bytes(*leaf) for leaf in leaves]
        if len(leaves) != book["count"] or b64url(merkle.root(data)) != book["root"]:
            found.append("the pages do not hash to the book's root")
        indexes = [leaf[0] for leaf in leaves]
        if indexes != sorted(set(indexes)):
            found.append("the book's indexes do not rise")
        shown = {str(leaf[1]): leaf for leaf in leaves}
        for order, index in self.index.items():
            if order not in shown:
                found.append("order %s was accepted and is not in the book" % order)
            elif shown[order] != [index, order, self.own[order]]:
                found.append("order %s stands altered in the book" % order)
        return found

    def _limits(self, leaves: "list[list[Value]]") -> "list[str]":
        """The feeder is the DSO's; that only orders of this book are limited, and none when all is well, can be seen from here."""
        dso = self.said.get("dso", {"state": "ok", "limits": []})
        limits: "list[list[int]]" = dso["limits"]
        indexes = [leaf[0] for leaf in leaves]
        if (dso["state"] == "ok") != (not limits):
            return ["the DSO says %s and limits %d orders" % (dso["state"], len(limits))]
        return ["the DSO limits order %d, which is not in the book" % i for i, _ in limits if i not in indexes]

    def _recompute(self, leaves: "list[list[Value]]") -> "tuple[int, int, list[tuple[int, int]]]":
        if self.void():
            return 0, 0, []
        orders = [(leaf[0], [(p, wh) for p, wh in leaf[2]]) for leaf in leaves]
        return clear(orders, [(i, wh) for i, wh in self.said["dso"]["limits"]])

    def _award(self, price: int, fills: "dict[int, int]") -> "list[str]":
        """The fills, and each path: one row an own order, those that traded nothing too."""
        mine = sorted([[order, i, fills[i], price] for order, i in self.index.items() if i in fills])
        award = self.said.get("award")
        if award is None:
            return ["the book gives this home %s and no award came" % mine] if mine else []
        given: "list[list[Value]]" = [row for row in award["fills"] if row[2]]
        if sorted(given) != mine:
            return ["the book gives this home %s, the award says %s" % (mine, given)]
        return [] if self._paths_hold(award) else ["the award's path does not lead to the book's root"]

    def _paths_hold(self, award: Payload) -> bool:
        """Whether each row's path proves its order's place: what a board checks that does not read all pages."""
        book = self.said["book"]
        count, root = book["count"], unb64url(str(book["root"]))
        for row, (place, path) in zip(award["fills"], award["path"]):
            leaf = merkle.leaf_bytes(row[1], row[0], self.own.get(row[0], []))
            if not merkle.holds(leaf, place, count, [unb64url(item) for item in path], root):
                return False
        return True

    def billed(
        self, metered_wh: int, prices: "tuple[int, int]", terms: "dict[str, int]", rating: int
    ) -> "tuple[list[str], int]":
        """(What is wrong with the bill, the rating after it); prices: the utility's import and export price of the slot."""
        bill = self.said["bill"]
        award = self.said.get("award")
        fills = [(f[2], f[3]) for f in award["fills"]] if award else []
        lines, total, after = settlement.bill(fills, metered_wh, prices[0], prices[1], terms, rating)
        mine = (sum([wh for wh, _ in fills]), metered_wh, lines, total, after)
        theirs = (bill["awarded_wh"], bill["metered_wh"], bill["lines"], bill["total"], bill["rating"])
        return ([] if mine == theirs else ["the bill should be %r and is %r" % (mine, theirs)]), after


def _core(payload: Payload) -> Payload:
    """A statement without what may differ when it is made again."""
    return {k: v for k, v in payload.items() if k not in ("seq", "at", "_jws")}
