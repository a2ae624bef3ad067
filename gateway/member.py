"""One home as a member of the market: what it believes, what it has promised, and whether the market's accounts are true.

Nothing is believed that was not signed by the right key (`Inbox`), every order's life is kept (`Trade`), and every slot is recomputed
once its bill has come (`Audit`). Acts gather in `acts` until the home's next tick.
"""

from gateway.acts import Listen, Note, Save, Send
from gateway.audit import Audit
from gateway.inbox import Inbox
from gateway.metering import Metering
from gateway.tariff import Tariff
from gateway.trade import Trade
from market.envelope import b64url, digest
from market.lent import Payload, Signer, Verify
from market.messages import topic
from market.nouns import Entry, Refused
from market.post import Post

HEARS = ("terms", "tariff", "keys")
HEARS_ALONE = ("receipt", "award", "bill")
QUIET_S = 120
STRANGE_KEYS = "The market's keys are not signed by the registrar of home.toml: ask its operator for the registrar's x."


class Member:
    """market: its name; registrar: base64url of the registrar's public key, the root of trust; meter: the grid meter's name."""

    def __init__(self, market: str, registrar: str, meter: str, signer: Signer, verify: Verify) -> None:
        self.market, self.meter, self.kid = market, meter, signer.kid
        self.post = Post(signer, market)
        self.inbox = Inbox(market, registrar, signer.kid, verify)
        self.trade = Trade(self.post)
        self.tariff = Tariff(None)
        self.audit = Audit(self.trade, self.tariff)
        self.terms: "dict[str, int]" = {}
        self.online = False
        self.acts: "list[object]" = []
        self.refused: "dict[str, int]" = {}
        self._last_seq = 0  # of what the market addressed to this home; retained messages come by themselves
        self._asked_at = 0
        self._listening: "tuple[str, ...]" = ()
        self._x = b64url(signer.public)
        self._came_at = 0
        self._told: "list[str]" = []  # what the owner was told once

    def recall(self, tables: "dict[str, dict[str, Payload]]") -> None:
        """Take up what the store kept."""
        self.trade.recall(tables.get("slots", {}))
        self.post.seq = tables.get("post", {}).get("seq", {}).get("seq", 0)
        self.tariff.publish(tables.get("home", {}).get("tariff", {}).get("rows", []))
        self._last_seq = self.audit.recall(tables)

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
            if where == topic(self.market, "keys"):
                self._once(STRANGE_KEYS)
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
            # Bills come later than prices, and after a restart the supplier says only those of today.
            self.acts.append(Save("home", "tariff", {"rows": self.tariff.published()}))
        elif kind == "receipt":
            self.acts += self.trade.receipted(payload)
        elif "slot" in payload:
            self.acts += self.audit.told(payload, jws)
            if kind == "award":
                self.acts += self.trade.awarded(payload)

    def _once(self, text: str) -> None:
        """Tell the owner something that stays true until he changes it."""
        if text not in self._told:
            self._told.append(text)
            self.acts.append(Note("warning", text))

    # -- what the home says ----------------------------------------------------------------------------------------------------

    def will(self, now: int) -> "tuple[str, bytes, list[Save]]":
        """(topic, JWS, what to commit first) of the last will, made anew before each connect."""
        _, jws = self.post.seal("status", {"online": False, "session": now}, now)
        return self._my("status"), jws, [self._seq()]

    def came(self, now: int) -> None:
        """The link is up: repeat what has no answer yet, in the order in which it was sealed, say so, and ask for what was missed."""
        self.online, self._came_at = True, now
        self._repeat(now)
        self.say("status", {"online": True, "session": now}, now)
        self._sync(now)

    def went(self) -> None:
        """The link is gone; nothing that was accepted is void."""
        self.online = False
        self.audit.lost_touch()

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
        self.audit.meters[slot] = {"seq": self.post.seq, "jws": jws.decode()}
        self.acts += [
            Save("home", "meter", metering.state()),
            Save("meters", str(slot), self.audit.meters[slot]),
            Entry(slot, "meter", {k: body[k] for k in ("import_wh", "export_wh", "raw")}),
        ]

    def _repeat(self, now: int) -> None:
        """A kill may have come between commit and publish: the same bytes again do no harm."""
        meters = [(doc["seq"], self._my("meter"), doc["jws"]) for doc in self.audit.meters.values()]
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
        return self.online and self.audit.trusted and self.inbox.enrolled()

    def look(self, now: int) -> None:
        """Say what keeps this home from trading at all."""
        if not self.online:
            return
        if self.inbox.known() and not self.inbox.enrolled():
            self._once("The market %s does not know this gateway: give its operator x = %s." % (self.market, self._x))
        if now - self._came_at > QUIET_S and not (self.inbox.known() and self.terms):
            self._once("Nothing is heard from a market %s on this broker: is it its name, and is it running?" % self.market)

    def tick(self, now: int, metering: Metering) -> None:
        """Check what is complete, ask for what is overdue, hear of the slots that matter."""
        seconds = self.terms["slot_seconds"]
        self._listen(now, seconds)
        if self.online:
            self.acts += self.audit.tick(now, self.terms, metering) + self.trade.again(now)
            self._ask(now, seconds)
        self.acts += self.trade.forget(now)

    def _listen(self, now: int, seconds: int) -> None:
        """Hear the books of the slots up to the next gate and of those not verified: all others that a broker retains are not ours."""
        gate = (now + self.terms["gate_before"]) // seconds * seconds + seconds
        slots = set(range(now - now % seconds, gate + 1, seconds)) | set(self.audit.open_slots())
        wanted = tuple([topic(self.market, "slot", slot, "#") for slot in sorted(slots)])
        if wanted != self._listening:
            self._listening = wanted
            self.acts.append(Listen(wanted))

    def _ask(self, now: int, seconds: int) -> None:
        if self.audit.dispute:
            bill, reason = self.audit.dispute
            self.audit.dispute = None
            self.say("dispute", {"bill": digest(bill.encode()), "reason": reason}, now)
        if self.audit.asks:
            self.audit.asks = False
            self._sync(now)
        elif self.audit.overdue(now, seconds) and now - self._asked_at > seconds:
            self._repeat(now)
            self._sync(now)
