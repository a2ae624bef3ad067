"""Slots are verified in their order, for rating and readings form a chain; what is late is asked for and waited for.

What is wrong ends trust and is disputed. What cannot be checked, because messages were lost, is said and not called fraud; only when the
market shows no books for long does trust end too.
"""

from gateway.acts import Note, Save
from gateway.metering import Metering
from gateway.tariff import Tariff
from gateway.trade import KEEP_S, Trade
from gateway.witness import Witness
from gateway.words import settled
from market.lent import Payload
from market.nouns import Entry
from market.settlement import PATIENCE

OVERDUE_S = 60  # how long after a `sync` a message is still on its way
WATCH_S = 7200  # a verified slot is watched for a second, different statement


class Audit:
    """One home's view of the market's accounts. asks: whether a `sync` would help; dispute: (bill's JWS, reason) to be sent, or None."""

    def __init__(self, trade: Trade, tariff: Tariff) -> None:
        self.trade, self.tariff = trade, tariff
        self.witnesses: "dict[int, Witness]" = {}
        self.meters: "dict[int, Payload]" = {}  # slot -> {"seq", "jws"} of a meter message whose bill has not come
        self.rating = 1000
        self.trusted = True
        self.adopting = False  # bills were lost for good: the next one is taken over unchecked
        self.asks = False
        self.dispute: "tuple[str, str] | None" = None
        self._waiting: "dict[int, int]" = {}  # slot -> since when something of it is overdue
        self._blind = 0  # slots in a row whose book was not shown

    def recall(self, tables: "dict[str, dict[str, Payload]]") -> int:
        """Take up what the store kept; returns the seq of the market up to which nothing is needed again."""
        home = tables.get("home", {})
        self.rating = home.get("settled", {}).get("rating", 1000)
        self.trusted, self.adopting = "distrust" not in home, "adopting" in home
        self.meters = {int(slot): doc for slot, doc in tables.get("meters", {}).items()}
        for slot in self.trade.slots:
            self.witness(slot)
        return int(home.get("settled", {}).get("seq", 0))

    def witness(self, slot: int) -> Witness:
        """What is known of a slot."""
        if slot not in self.witnesses:
            self.witnesses[slot] = Witness(slot)
            self.witnesses[slot].done = "billed" in self.trade.slots.get(slot, {})
        return self.witnesses[slot]

    def told(self, payload: Payload, jws: bytes) -> "list[object]":
        """A verified message about a slot. Two different statements are proof of fraud, whenever the second one comes."""
        witness = self.witness(payload["slot"])
        proofs = len(witness.evidence)
        witness.told(payload, jws)
        if witness.done and len(witness.evidence) > proofs:
            return self._distrust(witness, witness.evidence[proofs:])
        return []

    def lost_touch(self) -> None:
        """The link went: nothing can be overdue."""
        self._waiting.clear()

    def open_slots(self) -> "list[int]":
        """Slots whose bill is here or must come, and that are not verified: in order."""
        return [s for s in sorted(set(self.witnesses) | set(self.meters)) if not self.witness(s).done and self._concerns(s)]

    def _concerns(self, slot: int) -> bool:
        return "bill" in self.witnesses[slot].said or slot in self.meters or bool(self.trade.own(slot)[1])

    # -- the beat --------------------------------------------------------------------------------------------------------------

    def tick(self, now: int, terms: "dict[str, int]", metering: Metering) -> "list[object]":
        """Verify what can be verified, in order, and stop at the first slot that something is missing of."""
        acts: "list[object]" = []
        slots = self.open_slots()
        billed = max([s for s in slots if "bill" in self.witnesses[s].said] or [0])
        for slot in [s for s in slots if s <= billed]:
            if slot not in self._waiting and not self._complete(self.witnesses[slot]):
                self._waiting[slot], self.asks = now, True
        for slot in [s for s in slots if s <= billed]:
            witness = self.witnesses[slot]
            if not self._complete(witness) and now < self._waiting.get(slot, now) + OVERDUE_S:
                break
            self._waiting.pop(slot, None)
            acts += self._verify(witness, terms, metering) if "bill" in witness.said else self._close(slot)
        return acts + self._forget(now, terms["slot_seconds"])

    def overdue(self, now: int, seconds: int) -> bool:
        """Whether a bill, or the clearing of an accepted order, should have come by now."""
        bills = [s for s in self.open_slots() if s + 2 * seconds + OVERDUE_S < now]
        awards = [s for s, doc in self.trade.slots.items() if s <= now and doc.get("receipt", {}).get("accepted") and "fills" not in doc]
        return bool(bills or awards)

    def _complete(self, witness: Witness) -> bool:
        """Whether all is here that this slot's bill is checked with."""
        witness.own, witness.index = self.trade.own(witness.slot)
        awarded = "award" in witness.said or not witness.index
        return "bill" in witness.said and witness.cleared() and awarded and self.tariff.at(witness.slot) is not None

    def _close(self, slot: int, seq: "int | None" = None) -> "list[object]":
        """Nothing more is expected of a slot, nor of the meter messages up to it."""
        self.witnesses[slot].done = True
        acts: "list[object]" = list(self.trade.billed(slot, self.rating))
        for old in [s for s in sorted(self.meters) if s <= slot]:
            del self.meters[old]
            acts.append(Save("meters", str(old), None))
        return acts

    def _verify(self, witness: Witness, terms: "dict[str, int]", metering: Metering) -> "list[object]":
        slot, bill = witness.slot, witness.said["bill"]
        gaps = self._gaps(witness)
        wrong = list(witness.evidence) if gaps else witness.findings()
        metered, saves = self._metered(bill, metering, slot + terms["slot_seconds"], terms["slot_seconds"])
        rate = self.tariff.at(slot)
        if self.adopting or rate is None:
            metering.billed = slot + terms["slot_seconds"] if slot + terms["slot_seconds"] in metering.marks else metering.billed
            gaps.append("the bill was taken over unchecked: " + ("earlier ones were lost" if rate else "its tariff was lost"))
        else:
            wrong += witness.billed(metered, (rate.buy, rate.sell), terms, self.rating)[0]
        self.rating, self.adopting = bill["rating"], False
        acts = self._close(slot) + saves
        acts += [
            Save("home", "settled", {"rating": self.rating, "seq": self._settled_seq(bill)}),
            Save("home", "adopting", None),
            Entry(slot, "bill", {k: bill[k] for k in ("awarded_wh", "metered_wh", "lines", "total", "rating")}),
            Entry(slot, "verified", {"ok": not wrong and not gaps, "findings": wrong + gaps}),
            Note("info", settled(slot, bill, wrong + gaps)),
        ]
        return acts + (self._distrust(witness, wrong) if wrong else [])

    def _gaps(self, witness: Witness) -> "list[str]":
        """What could not be checked. A slot that the market was not there to open has no book, and nobody has an order in it."""
        if witness.cleared() or not (witness.index or "award" in witness.said):
            self._blind = 0
            return []
        self._blind += 1
        if self._blind > PATIENCE:
            witness.evidence.append("the market has shown no books for %d slots" % self._blind)
        return ["the book or its clearing never came"]

    def _metered(self, bill: Payload, metering: Metering, end: int, seconds: int) -> "tuple[int, list[object]]":
        """(What the bill must say was metered, what to keep): 0 without a reading, or when the market waited for it long enough."""
        unbilled = metering.unbilled(end)
        late = bill["at"] >= end + PATIENCE * seconds
        if unbilled is None or (bill["metered_wh"] == 0 and late):
            return 0, []
        metering.billed = end
        return unbilled, [Save("home", "meter", metering.state())]

    def _settled_seq(self, bill: Payload) -> int:
        """After a restart only what was addressed to us later than this is needed: the awards of slots without a bill yet."""
        open_awards = [w.said["award"]["seq"] for w in self.witnesses.values() if not w.done and "award" in w.said]
        return int(min([bill["seq"]] + open_awards)) - 1

    def _distrust(self, witness: Witness, wrong: "list[str]") -> "list[object]":
        """Keep the evidence, tell the owner and the market, and bid no more."""
        self.trusted = False
        slot, signed = witness.slot, [str(p["_jws"]) for p in witness.said.values()]
        if "bill" in witness.said:
            self.dispute = (str(witness.said["bill"]["_jws"]), wrong[0][:200])
        text = "The market's account of slot %d is wrong: %s. This home bids no more; see `elecbay trust`."
        acts: "list[object]" = [Note("warning", text % (slot, finding)) for finding in wrong]
        return acts + [Save("home", "distrust", {"slot": slot, "why": wrong[0]}), Entry(slot, "evidence", {"signed": signed, "why": wrong})]

    def _forget(self, now: int, seconds: int) -> "list[object]":
        """Let go of what was verified long ago, and of what will never be: what the market itself has forgotten."""
        acts: "list[object]" = []
        for slot in [s for s in self.open_slots() if s < now - KEEP_S]:
            acts += self._close(slot)
            if not self.adopting:
                self.adopting = True
                acts.append(Save("home", "adopting", {"since": slot}))
                acts.append(Note("warning", "Bills from slot %d on were lost; the next one is not checked." % slot))
        keep = WATCH_S + (PATIENCE + 4) * seconds
        needed = self.open_slots()
        for slot in [s for s in self.witnesses if s < now - keep and s not in needed]:
            del self.witnesses[slot]
        return acts
