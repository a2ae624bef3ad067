"""An order's life as this home sees it: sealed, receipted, in the book, awarded, billed; every step is kept before it is acted on.

A record lives in the store's table `slots` under the slot's start: {"slot", "seq", "jws", "order", "steps", "receipt", "fills", "billed"}.
A lost link voids nothing: what has no receipt before the gate is sent again, the same bytes.
"""

from gateway.acts import Note, Save, Send
from market.envelope import digest
from market.lent import Payload
from market.messages import topic_of
from market.nouns import Entry, Order
from market.post import Post

KEEP_S = 2 * 86400
AGAIN_S = 20  # an order without a receipt is sent again after this


class Trade:
    """The orders of one home, one a slot."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.slots: "dict[int, Payload]" = {}
        self._again_at = 0

    def recall(self, docs: "dict[str, Payload]") -> None:
        """Take back what the store kept."""
        self.slots = {int(key): doc for key, doc in docs.items()}

    def place(self, order: Order, now: int) -> "list[object]":
        """Seal and keep a new order, then send it."""
        slot = order.slot.start
        fields = {
            "device": order.device,
            "slot": slot,
            "steps": [[p, wh] for p, wh in order.steps],
            "expires": order.expires,
            "replaces": 0,
        }
        payload, jws = self.post.seal("order", fields, now)
        self.slots[slot] = {
            "slot": slot, "seq": payload["seq"], "jws": jws.decode(), "order": digest(jws), "steps": fields["steps"],
            "expires": order.expires, "topic": topic_of(payload),
        }  # fmt: skip
        self._again_at = now
        entry = Entry(slot, "order", {"order": digest(jws), "steps": fields["steps"]})
        return [Save("post", "seq", {"seq": self.post.seq}), self._save(slot), Send(topic_of(payload), jws, False), entry]

    def again(self, now: int) -> "list[object]":
        """Orders that wait for a receipt too long, while their gate is open."""
        if now < self._again_at + AGAIN_S:
            return []
        self._again_at = now
        return [Send(where, jws.encode(), False) for _, where, jws in self.unanswered(now)]

    def unanswered(self, now: int) -> "list[tuple[int, str, str]]":
        """(seq, topic, JWS) of orders without a receipt whose gate is open, in seq order."""
        waiting = [doc for doc in self.slots.values() if "order" in doc and "receipt" not in doc and now < doc["expires"]]
        return sorted([(doc["seq"], doc["topic"], doc["jws"]) for doc in waiting])

    def receipted(self, receipt: Payload) -> "list[object]":
        """The market's word on an order. A first one is kept; the same again changes nothing."""
        slot = self.slot_of(str(receipt["order"]))
        if slot is None or "receipt" in self.slots[slot]:
            return []
        word = {"index": receipt["index"], "accepted": receipt["accepted"], "reason": receipt["reason"]}
        self.slots[slot]["receipt"] = word
        out: "list[object]" = [self._save(slot), Entry(slot, "receipt", word)]
        if not receipt["accepted"]:
            out.append(Note("warning", "The market refused the order for slot %d: %s." % (slot, receipt["reason"])))
        return out

    def awarded(self, award: Payload) -> "list[object]":
        """What the clearing gave; rows of orders that are not ours are the witness's business."""
        slot = award["slot"]
        doc = self.slots.get(slot)
        if doc is None or "fills" in doc:
            return []
        doc["fills"] = [[row[2], row[3]] for row in award["fills"] if row[0] == doc["order"]]
        return [self._save(slot), Entry(slot, "award", {"fills": doc["fills"]})]

    def billed(self, slot: int, rating: int) -> "list[object]":
        """The slot is settled; the rating counts for the next bill."""
        doc = self.slots.setdefault(slot, {"slot": slot})
        doc["billed"] = rating
        return [self._save(slot)]

    def promised_wh(self, slot: int) -> int:
        """Energy awarded in a slot, signed."""
        fills: "list[list[int]]" = self.slots.get(slot, {}).get("fills", [])
        return sum([wh for wh, _ in fills])

    def own(self, slot: int) -> "tuple[dict[str, list[list[int]]], dict[str, int]]":
        """({order hash: steps}, {accepted order's hash: index}) of a slot."""
        doc = self.slots.get(slot, {})
        if "order" not in doc:
            return {}, {}
        receipt: Payload = doc.get("receipt", {})
        name = str(doc["order"])
        accepted = {name: receipt["index"]} if receipt.get("accepted") else {}
        return {name: doc["steps"]}, accepted

    def slot_of(self, order: str) -> "int | None":
        """The slot that an own order is for."""
        for slot, doc in self.slots.items():
            if doc.get("order") == order:
                return slot
        return None

    def forget(self, now: int) -> "list[object]":
        """Let go of what was settled long ago."""
        old = [s for s in self.slots if s < now - KEEP_S]
        for slot in old:
            del self.slots[slot]
        return [Save("slots", str(slot), None) for slot in old]

    def _save(self, slot: int) -> Save:
        return Save("slots", str(slot), dict(self.slots[slot]))
