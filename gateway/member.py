"""One home as a member of the market: what it believes, what it has promised, and whether the market's accounts are true.

Nothing is believed that was not signed by the right key (`Inbox`), every order's life is kept (`Trade`), and every slot is recomputed
once its bill has come (`Witness`). Acts gather in `acts` until the home's next tick.
"""

from gateway.acts import Note, Save, Send
from gateway.inbox import Inbox
from gateway.metering import Metering
from gateway.tariff import Tariff
from gateway.trade import Trade
from gateway.witness import Witness
from market.envelope import digest
from market.lent import Payload, Signer, Verify
from market.messages import topic
from market.nouns import Entry, Refused
from market.post import Post
from market.settlement import PATIENCE

OVERDUE_S = 30  # what should have come by now is asked for again
HEARS = ("terms", "tariff", "keys", "slot/+/book", "slot/+/open/+", "slot/+/dso", "slot/+/clear")
HEARS_ALONE = ("receipt", "award", "bill")


class Member:
    """market: its name; registrar: base64url of the registrar's public key, the root of trust; meter: the grid meter's name."""

    def __init__(self, market: str, registrar: str, meter: str, signer: Signer, verify: Verify) -> None:
        self.market, self.meter, self.kid = market, meter, signer.kid
        self.post = Post(signer, market)
        self.inbox = Inbox(market, registrar, signer.kid, verify)
        self.trade = Trade(self.post)
        self.tariff = Tariff(None)
        self.terms: "dict[str, int]" = {}
        self.witnesses: "dict[int, Witness]" = {}
        self.rating = 1000
        self.trusted = True
        self.online = False
        self.acts: "list[object]" = []
        self.refused: "dict[str, int]" = {}
        self._last_seq = 0  # of what the market addressed to this home; retained messages come by themselves
        self._asked_at = 0
        self._waiting: "dict[int, int]" = {}  # slot -> since when its bill is here and something to check it with is not
        self._meters: "dict[int, Payload]" = {}  # slot -> {"seq", "jws"} of a meter message whose bill has not come

    def recall(self, tables: "dict[str, dict[str, Payload]]") -> None:
        """Take up what the store kept."""
        self.trade.recall(tables.get("slots", {}))
        self.post.seq = tables.get("post", {}).get("seq", {}).get("seq", 0)
        settled = tables.get("home", {}).get("settled", {})
        self.rating, self._last_seq = settled.get("rating", 1000), settled.get("seq", 0)
        self.trusted = "distrust" not in tables.get("home", {})
        self._meters = {int(slot): doc for slot, doc in tables.get("meters", {}).items()}
        for slot in self.trade.slots:
            self._witness(slot)

    # -- what the market says --------------------------------------------------------------------------------------------------

    def topics(self) -> "list[str]":
        """What to subscribe to."""
        return [topic(self.market, n) for n in HEARS] + [topic(self.market, "gw", self.kid, n) for n in HEARS_ALONE]

    def told(self, where: str, data: bytes) -> None:
        """A message from the broker. What cannot be verified changes nothing and is counted by its reason."""
        if not data:
            return  # a retained message was removed
        try:
            messages = self.inbox.take(where, data)
        except Refused as why:
            self.refused[why.args[0]] = self.refused.get(why.args[0], 0) + 1
            self.acts.append(Note("warning", "A message on %s was dropped: %s, %s." % (where, why.args[0], why.args[1])))
            return
        for payload, jws in messages:
            self._believe(payload, jws)

    def _believe(self, payload: Payload, jws: bytes) -> None:
        kind = str(payload["type"])
        if kind in HEARS_ALONE:
            self._last_seq = max(self._last_seq, payload["seq"])
        if kind == "terms":
            self.terms = {k: v for k, v in payload.items() if isinstance(v, int)}
        elif kind == "tariff":
            self.tariff.publish(payload["rows"])
        elif kind == "receipt":
            self.acts += self.trade.receipted(payload)
        elif "slot" in payload:
            self._of_slot(kind, payload, jws)

    def _of_slot(self, kind: str, payload: Payload, jws: bytes) -> None:
        witness = self._witness(payload["slot"])
        if not witness.done:
            witness.told(payload, jws)
            if kind == "award":
                self.acts += self.trade.awarded(payload)

    def _witness(self, slot: int) -> Witness:
        if slot not in self.witnesses:
            self.witnesses[slot] = Witness(slot)
            self.witnesses[slot].done = "billed" in self.trade.slots.get(slot, {})
        return self.witnesses[slot]

    # -- what the home says ----------------------------------------------------------------------------------------------------

    def will(self, now: int) -> "tuple[str, bytes, list[Save]]":
        """(topic, JWS, what to commit first) of the last will, made anew before each connect."""
        _, jws = self.post.seal("status", {"online": False, "session": now}, now)
        return self._my("status"), jws, [self._seq()]

    def came(self, now: int) -> None:
        """The link is up: repeat what has no answer yet, in the order in which it was sealed, say so, and ask for what was missed."""
        self.online = True
        self._repeat(now)
        self.say("status", {"online": True, "session": now}, now)
        self._sync(now)

    def went(self) -> None:
        """The link is gone; nothing that was accepted is void."""
        self.online = False

    def say(self, kind: str, fields: Payload, now: int) -> bytes:
        """Seal and send a message of our own; returns its JWS."""
        _, jws = self.post.seal(kind, fields, now)
        self.acts += [self._seq(), Send(self._my(kind), jws, kind == "status")]
        return jws

    def measured(self, slot: int, body: Payload, metering: Metering, now: int) -> None:
        """The registers at the end of `slot` are known: the next link of the meter's chain."""
        fields = dict(body)
        fields.update({"slot": slot, "meter": self.meter})
        jws = self.say("meter", fields, now)
        metering.prev = digest(jws)
        self._meters[slot] = {"seq": self.post.seq, "jws": jws.decode()}
        self.acts += [
            Save("home", "meter", metering.state()),
            Save("meters", str(slot), self._meters[slot]),
            Entry(slot, "meter", {k: body[k] for k in ("import_wh", "export_wh", "raw")}),
        ]

    def _repeat(self, now: int) -> None:
        """A kill may have come between commit and publish: the same bytes again do no harm."""
        meters = [(doc["seq"], self._my("meter"), doc["jws"]) for doc in self._meters.values()]
        for _, where, jws in sorted(meters + self.trade.unanswered(now)):
            self.acts.append(Send(where, jws.encode(), False))

    def _my(self, kind: str) -> str:
        return topic(self.market, "gw", self.kid, kind)

    def _seq(self) -> Save:
        return Save("post", "seq", {"seq": self.post.seq})

    def _sync(self, now: int) -> None:
        self._asked_at = now
        self.say("sync", {"last": self._last_seq}, now)

    # -- the beat --------------------------------------------------------------------------------------------------------------

    def may_bid(self) -> bool:
        """Whether the market would take a bid and this home would believe what comes of it."""
        return self.online and self.trusted and self.inbox.enrolled()

    def tick(self, now: int, metering: Metering) -> None:
        """Check what is complete, ask for what is overdue."""
        seconds = self.terms["slot_seconds"]
        for slot in sorted(self.witnesses):
            witness = self.witnesses[slot]
            if not witness.done and "bill" in witness.said and self._ready(witness, now):
                self._verify(witness, now, seconds, metering)
        if self.online:
            self.acts += self.trade.again(now)
            if self._overdue(now, seconds) and now - self._asked_at > seconds:
                self._repeat(now)
                self._sync(now)
        for slot in [s for s in self.witnesses if s < now - 7200 - 8 * seconds]:
            del self.witnesses[slot]
        self.acts += self.trade.forget(now)

    def _ready(self, witness: Witness, now: int) -> bool:
        """Whether all has come that the bill is checked with, or will not come any more: a slot that the market was not there to
        open has no book, and after a restart of ours some messages are on their way again."""
        witness.own, witness.index = self.trade.own(witness.slot)
        if witness.cleared() and ("award" in witness.said or not witness.index):
            return True
        if witness.slot not in self._waiting:
            self._waiting[witness.slot] = now
            self._sync(now)
        return now >= self._waiting[witness.slot] + OVERDUE_S

    def _overdue(self, now: int, seconds: int) -> bool:
        """Whether a bill, or the clearing of an accepted order, should have come by now."""
        bills = [s for s, w in self.witnesses.items() if not w.done and s + 2 * seconds + OVERDUE_S < now]
        awards = [s for s, doc in self.trade.slots.items() if s <= now and "order" in doc and "fills" not in doc]
        return bool(bills or awards)

    def _verify(self, witness: Witness, now: int, seconds: int, metering: Metering) -> None:
        """The bill is the last word on a slot: with it all can be checked, once."""
        slot, bill = witness.slot, witness.said["bill"]
        self._waiting.pop(slot, None)
        rate = self.tariff.at(slot)
        if rate is None:
            return
        metered = self._metered(bill, metering, slot + seconds)
        found, after = witness.billed(metered, (rate.buy, rate.sell), self.terms, self.rating)
        found = witness.findings() + found
        witness.done = True
        self.rating = after
        self._meters.pop(slot - seconds, None)
        self.acts += self.trade.billed(slot, after)
        self.acts += [
            Save("home", "settled", {"rating": after, "seq": self._settled_seq(bill)}),
            Save("meters", str(slot - seconds), None),
            Entry(slot, "bill", {k: bill[k] for k in ("awarded_wh", "metered_wh", "lines", "total", "rating")}),
            Entry(slot, "verified", {"ok": not found, "findings": found}),
        ]
        if found:
            self._distrust(witness, found, now)

    def _settled_seq(self, bill: Payload) -> int:
        """After a restart only what was addressed to us later than this is needed: the awards of slots without a bill yet."""
        open_awards = [w.said["award"]["seq"] for w in self.witnesses.values() if not w.done and "award" in w.said]
        return int(min([bill["seq"]] + open_awards)) - 1

    def _metered(self, bill: Payload, metering: Metering, end: int) -> int:
        """What the bill must say was metered: 0 without a reading, or when the market had waited for it long enough."""
        unbilled = metering.unbilled(end)
        late = bill["at"] >= end + PATIENCE * self.terms["slot_seconds"]
        if unbilled is None or (bill["metered_wh"] == 0 and late):
            return 0
        metering.billed = end
        self.acts.append(Save("home", "meter", metering.state()))
        return unbilled

    def _distrust(self, witness: Witness, found: "list[str]", now: int) -> None:
        """Keep the evidence, tell the owner and the market, and bid no more."""
        self.trusted = False
        slot, signed = witness.slot, [str(p["_jws"]) for p in witness.said.values()]
        self.acts += [Save("home", "distrust", {"slot": slot}), Entry(slot, "evidence", {"signed": signed})]
        text = "The market's account of slot %d is wrong: %s. This home bids no more."
        self.acts += [Note("warning", text % (slot, finding)) for finding in found]
        self.say("dispute", {"bill": digest(str(witness.said["bill"]["_jws"]).encode()), "reason": found[0][:200]}, now)
