"""Each order gets one receipt for ever, and what is live when the gate closes is the book that everybody sees under one root.

Tables: `order` (key: kid/digest) orders and cancels that were answered, with their receipt's seq; `heard` (key: kid) the last seq used.
"""

from gateway.acts import Save
from market import envelope, merkle, messages
from market.nouns import Refused
from market.services.letters import KEEP_ADDRESSED_S, Act, Doc, LetterBook, Tables
from market.services.trust import Trust

MOST_LIVE = 16  # orders of a gateway in a slot: as many as an award has room for
PAGE_BYTES = 11000  # of leaves: with the rest of the message and base64 they stay below 16 KiB


class Book:
    """Orders in, receipts out; at the gate `book` and its `open` pages."""

    topics = ("gw/+/order",)

    def __init__(self, letters: LetterBook, trust: Trust, terms: Doc, tables: Tables) -> None:
        self.letters, self.trust, self.terms = letters, trust, terms
        self.orders = dict(tables.get("order", {}))
        self.heard = {kid: doc["seq"] for kid, doc in tables.get("heard", {}).items()}
        self.by_slot: dict[int, list[str]] = {}
        self.live: dict[tuple[str, int], dict[str, str]] = {}  # (sender, slot): {device: key of the one order that stands}
        self.arrived: dict[int, int] = {}  # slot: how many orders it accepted, which is the next one's index
        for key in self.orders:
            self._file(key)
        self.next = self._next()

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """An order or cancel came; whatever it is, it gets a receipt, and the same bytes the same receipt."""
        key = topic.split("/")[4] + "/" + envelope.digest(data)
        if key in self.orders:
            return self.letters.again(self.orders[key]["receipt"])
        try:
            payload = self.trust.read(topic, data)
        except Refused as refused:
            return self._answer(key, {"slot": 0, "at": now}, now, refused.args[0])
        acts, reason = self._admit(payload, now)
        return acts + self._judge(key, payload, now, reason)

    def tick(self, now: int) -> list[Act]:
        """Publish the book of every slot whose gate has closed."""
        first = self._first_open(now)
        self.next = first if self.next is None else min(self.next, first)
        acts: list[Act] = []
        due = self.next < first
        while self.next < first:
            if not self._is_out(self.next) and (self.next + self.terms["slot_seconds"] > now or self._live(self.next)):
                acts += self._publish(self.next, now)
            self.next += self.terms["slot_seconds"]
        return acts + (self._forget(now) if due else [])

    # -- admission

    def _admit(self, payload: Doc, now: int) -> tuple[list[Act], str]:
        """(acts, reason word or "") of rules that need nothing but the message, the clock and the last seq."""
        kid, seq, slot = payload["from"], payload["seq"], payload["slot"]
        if seq <= self.heard.get(kid, 0):
            return [], "duplicate"
        self.heard[kid] = seq
        acts: list[Act] = [Save("heard", kid, {"seq": seq})]
        if slot % self.terms["slot_seconds"]:
            return acts, "slot"
        if now < slot - self.terms["open_before"]:
            return acts, "early"
        if now >= slot - self.terms["gate_before"] or payload.get("expires", now) < now or self._is_out(slot):
            return acts, "late"
        return acts, "" if payload["type"] == "cancel" else self._beyond(payload["steps"])

    def _beyond(self, steps: list[list[int]]) -> str:
        """ "limits" when a price or the sum of a side is beyond the terms."""
        low, high, most = self.terms["price_min"], self.terms["price_max"], self.terms["max_wh"]
        dear = any(not low <= price <= high for price, _ in steps)
        large = max(sum(wh for _, wh in steps if wh > 0), -sum(wh for _, wh in steps if wh < 0)) > most
        return "limits" if dear or large else ""

    def _judge(self, key: str, payload: Doc, now: int, reason: str) -> list[Act]:
        doc: Doc = {"slot": payload["slot"], "at": now}
        if reason:
            return self._answer(key, doc, now, reason)
        standing = self.live.get((payload["from"], payload["slot"]), {})
        live = standing.get(payload["device"])
        if payload["replaces"] != (self.orders[live]["seq"] if live else 0):
            return self._answer(key, doc, now, "unknown" if payload["replaces"] else "duplicate")
        if not live and len(standing) == MOST_LIVE:
            return self._answer(key, doc, now, "limits")
        acts = self._end(live) if live else []
        if live and payload["type"] == "cancel":
            return acts + self._answer(key, doc, now, "", self.orders[live]["index"])
        doc.update({name: payload[name] for name in ("from", "device", "seq", "steps", "expires")})
        doc.update({"index": self.arrived.get(payload["slot"], 0), "live": True})
        self.next = min(self.next or payload["slot"], payload["slot"])  # a clock that went back opens what it had skipped
        return acts + self._answer(key, doc, now, "", doc["index"])

    def _answer(self, key: str, doc: Doc, now: int, reason: str, index: int = 0) -> list[Act]:
        kid, order = key.split("/")
        body = {"order": order, "index": index, "accepted": not reason, "reason": reason}
        acts = self.letters.write("receipt", body, now, to=kid)
        doc["receipt"] = self.letters.post.seq
        self.orders[key] = doc
        self._file(key)
        return [Save("order", key, doc), *acts]

    def _file(self, key: str) -> None:
        """Only what may be in a book is kept as long as its slot: nobody chooses how long we remember a refusal."""
        doc = self.orders[key]
        self.by_slot.setdefault(doc["slot"] if "index" in doc else 0, []).append(key)
        if "index" in doc:
            self.arrived[doc["slot"]] = max(self.arrived.get(doc["slot"], 0), doc["index"] + 1)
        if doc.get("live"):
            self.live.setdefault((doc["from"], doc["slot"]), {})[doc["device"]] = key

    def _end(self, key: str) -> list[Act]:
        doc = {**self.orders[key], "live": False}
        self.orders[key] = doc
        del self.live[(doc["from"], doc["slot"])][doc["device"]]
        return [Save("order", key, doc)]

    def _live(self, slot: int) -> list[str]:
        """Keys of the slot's live orders, in index order."""
        keys = [key for key in self.by_slot.get(slot, []) if self.orders[key].get("live")]
        return sorted(keys, key=lambda key: int(self.orders[key]["index"]))

    # -- the gate

    def _publish(self, slot: int, now: int) -> list[Act]:
        gate = slot - self.terms["gate_before"]
        keys = [key for key in self._live(slot) if self.orders[key]["expires"] >= gate]
        rows = [[self.orders[key]["index"], key.split("/")[1], self.orders[key]["steps"]] for key in keys]
        hashed = [merkle.leaf_bytes(*row) for row in rows]
        pages = paged(rows, hashed)
        head = {"slot": slot, "root": envelope.b64url(merkle.root(hashed)), "count": len(rows), "pages": len(pages)}
        acts = self.letters.write("book", head, now)
        for number, page in enumerate(pages):
            acts += self.letters.write("open", {"slot": slot, "page": number, "leaves": page}, now)
        return acts

    def _next(self) -> int | None:
        """The first slot whose book may be missing, from what was kept; None when nothing was."""
        waiting = {slot for slot in self.by_slot if self._live(slot) and not self._is_out(slot)}
        out = self.letters.slots("book")
        return min(waiting | ({max(out) + int(self.terms["slot_seconds"])} if out else set()), default=None)

    def _is_out(self, slot: int) -> bool:
        return bool(self.letters.of_slot("book", slot))

    def _first_open(self, now: int) -> int:
        seconds = int(self.terms["slot_seconds"])
        return ((now + int(self.terms["gate_before"])) // seconds + 1) * seconds

    def _forget(self, now: int) -> list[Act]:
        """Drop the orders of slots whose receipts are forgotten too."""
        old = [slot for slot in self.by_slot if slot and now - slot > KEEP_ADDRESSED_S]
        keys = [key for slot in old for key in self.by_slot.pop(slot)]
        strange = [key for key in self.by_slot.get(0, []) if now - self.orders[key]["at"] > KEEP_ADDRESSED_S]
        for key in strange:
            self.by_slot[0].remove(key)
        for key in keys + strange:
            doc = self.orders.pop(key)
            if "index" in doc:
                self.live.pop((doc["from"], doc["slot"]), None)
        for slot in old:
            self.arrived.pop(slot, None)
        return [Save("order", key, None) for key in keys + strange]


def paged(rows: list[list[object]], leaves: list[bytes]) -> list[list[list[object]]]:
    """Split rows into pages of at most 100 leaves that fit a message."""
    pages: list[list[list[object]]] = []
    size = PAGE_BYTES
    for row, leaf in zip(rows, leaves, strict=True):
        if size + len(leaf) > PAGE_BYTES or len(pages[-1]) == messages.MOST_LEAVES:
            pages.append([])
            size = 0
        pages[-1].append(row)
        size += len(leaf) + 1
    return pages


def leaves(letters: LetterBook, slot: int) -> list[tuple[int, str, list[list[int]]]]:
    """All leaves (index, order, steps) of a slot's book, in order."""
    pages = sorted((letter.payload for letter in letters.of_slot("open", slot)), key=lambda payload: int(payload["page"]))
    return [(index, order, steps) for payload in pages for index, order, steps in payload["leaves"]]
