"""A slot is billed once, for all members together, in slot order: so the bills sum to zero at every moment.

A slot closes when every home it waits for has sent its meter message or a later one, at the latest PATIENCE slots after its end.
What a home used is the difference of its registers to those its last bill was made from: energy that one bill misses is in the next.
Tables: `chain` (key: kid) a home's meter and rating; `settled` the next slot to close; `prices` (key: first slot) the tariff rows it will
need; `dispute`.
"""

from gateway.acts import Note, Save
from market import envelope, settlement
from market.nouns import Refused
from market.services.letters import Act, Doc, LetterBook, Tables
from market.services.mirrors import mirrored
from market.services.trust import Trust

AT_ONCE = 48  # slots that one tick closes
SILENT: Doc = {"slot": -1, "digest": "", "registers": [0, 0], "waiting": [], "billed": [], "rating": settlement.FULL_RATING}


class Settlement:
    """Meters in, bills out."""

    topics = ("gw/+/meter", "gw/+/dispute", "tariff")

    def __init__(self, letters: LetterBook, trust: Trust, terms: Doc, tables: Tables) -> None:
        self.letters, self.trust, self.terms = letters, trust, terms
        self.seconds = int(terms["slot_seconds"])
        self.chains = dict(tables.get("chain", {}))
        self.next: int | None = tables.get("settled", {}).get("next", {}).get("slot")
        self.seen, self.since = 0, 0  # the last tick; when time began to pass as it should
        self.published = {key: doc["rows"] for key, doc in tables.get("prices", {}).items()}
        self.prices = {slot: (bought, sold) for rows in self.published.values() for slot, bought, sold in rows}

    def told(self, topic: str, data: bytes, now: int) -> list[Act]:
        """A meter message, a dispute or a tariff."""
        payload = self.trust.read(topic, data)
        if payload["type"] == "tariff":
            return self._tariff(payload["rows"])
        if payload["type"] == "dispute":
            doc = {"bill": payload["bill"], "reason": payload["reason"], "at": now}
            return [Save("dispute", envelope.digest(data), doc), Note("warning", f"{payload['from']} disputes: {payload['reason']}")]
        return self._meter(payload, envelope.digest(data), now)

    def tick(self, now: int) -> list[Act]:
        """Close every slot that can be closed, in order."""
        acts: list[Act] = []
        if not self.seen <= now <= self.seen + settlement.PATIENCE * self.seconds:
            self.since = now
        self.seen = now
        before = self.next
        self.next = self._first_due(now)
        for _ in range(AT_ONCE):
            if not self._can_close(self.next, now):
                break
            acts += self._close(self.next, now)
        self.letters.unsettled = self.next
        return acts if self.next == before else [*acts, Save("settled", "next", {"slot": self.next})]

    # -- what is heard

    def _tariff(self, rows: list[list[int]]) -> list[Act]:
        """A published price is never changed: the first one for a slot counts."""
        fresh = [row for row in rows if row[0] not in self.prices]
        old = [key for key, rows in self.published.items() if max(rows)[0] < (self.next or 0)]
        for slot in [row[0] for key in old for row in self.published.pop(key)]:
            self.prices.pop(slot, None)
        if not fresh:
            return [Save("prices", key, None) for key in old]
        self.prices.update({slot: (bought, sold) for slot, bought, sold in fresh})
        first = str(fresh[0][0])
        self.published[first] = fresh
        return [*[Save("prices", key, None) for key in old], Save("prices", first, {"rows": fresh})]

    def _meter(self, payload: Doc, digest: str, now: int) -> list[Act]:
        """Take over a link of a home's chain. Raises Refused; a redelivered link changes nothing."""
        kid, slot = payload["from"], payload["slot"]
        chain = self.chains.get(kid, SILENT)
        if slot <= chain["slot"]:
            return []
        self._check_link(payload, chain, now)
        registers = [payload["import_wh"], payload["export_wh"]]
        acts: list[Act] = []
        if _fell(registers, chain["registers"]):
            acts.append(Note("warning", f"slot {slot}: a register of {kid} fell from {chain['registers']} to {registers}: another meter"))
        if chain["digest"] and slot >= (self.next or 0):
            chain = {**chain, "waiting": [*chain["waiting"], [slot, *registers]]}
        elif not chain["digest"] or _fell(registers, chain["billed"]):
            chain = {**chain, "billed": registers}
        self.chains[kid] = {**chain, "slot": slot, "digest": digest, "registers": registers}
        return [*acts, Save("chain", kid, self.chains[kid])]

    def _check_link(self, payload: Doc, chain: Doc, now: int) -> None:
        meter = self.trust.members[payload["from"]]["meter"]
        if meter and payload["meter"] != meter:
            raise Refused("unknown", f"meter {payload['meter']} is not the registered {meter}")
        if payload["slot"] % self.seconds or payload["slot"] > now:
            raise Refused("slot", f"slot {payload['slot']} is none that a meter can have ended")
        if payload["prev"] != chain["digest"]:
            raise Refused("unknown", "prev does not name the last meter message heard: send the missing ones again, in order")

    # -- closing

    def _awards(self, slot: int) -> dict[str, list[tuple[int, int]]]:
        """{kid: [(wh, price)]} of the slot's awards, a row for each order, 0 Wh too."""
        awards = self.letters.of_slot("award", slot)
        return {letter.topic.split("/")[4]: [(wh, price) for _, _, wh, price in letter.payload["fills"]] for letter in awards}

    def _first_due(self, now: int) -> int:
        """The next slot to close: those that are over for good and have nothing to bill need no price and are passed by."""
        here = now - now % self.seconds
        if self.next is None:
            return here
        if now < self.since + settlement.PATIENCE * self.seconds:
            return self.next
        due = {row[0] for chain in self.chains.values() for row in chain["waiting"]} | self.letters.slots("award") | self._unclear()
        return max(self.next, min([here - settlement.PATIENCE * self.seconds, *[slot for slot in due if slot >= self.next]]))

    def _unclear(self) -> set[int]:
        return self.letters.slots("book") - self.letters.slots("clear")

    def _can_close(self, slot: int, now: int) -> bool:
        if slot + self.seconds > now or slot not in self.prices or not self.trust.members:
            return False
        if slot in self._unclear():
            return False
        # after an outage of its own the market waits again: what the homes sent meanwhile is still on its way
        return now >= max(slot + self.seconds, self.since) + settlement.PATIENCE * self.seconds or self._complete(slot)

    def _complete(self, slot: int) -> bool:
        alive = {kid for kid, chain in self.chains.items() if chain["slot"] >= slot - settlement.PATIENCE * self.seconds}
        return all(kid in self.chains and self.chains[kid]["slot"] >= slot for kid in alive | set(self._awards(slot)))

    def _close(self, slot: int, now: int) -> list[Act]:
        """All bills of a slot, and the step to the next one, in one batch."""
        acts: list[Act] = []
        awards = self._awards(slot)
        bills: list[list[list[object]]] = []
        for kid in sorted(set(self.chains) | set(awards)):
            acts += self._bill(kid, slot, awards.get(kid, []), bills, now)
        for role, lines in mirrored(bills).items() if bills else ():
            body = {"slot": slot, "awarded_wh": 0, "metered_wh": 0, "lines": lines, "total": settlement.total(lines), "rating": 1000}
            acts += self.letters.write("bill", body, now, to=self.trust.holder(role))
        self.next = slot + self.seconds
        return acts

    def _bill(self, kid: str, slot: int, fills: list[tuple[int, int]], bills: list[list[list[object]]], now: int) -> list[Act]:
        chain = self.chains.get(kid, SILENT)
        ends = [row[1:] for row in chain["waiting"] if row[0] == slot]
        if not ends and not fills:
            return []
        metered = _net(ends[0]) - _net(chain["billed"]) if ends and not _fell(ends[0], chain["billed"]) else 0
        lines, total, rating = settlement.bill(fills, metered, *self.prices[slot], self.terms, chain["rating"])
        bills.append(lines)
        later = [row for row in chain["waiting"] if row[0] > slot]
        self.chains[kid] = {**chain, "waiting": later, "billed": ends[0] if ends else chain["billed"], "rating": rating}
        body: Doc = {"slot": slot, "awarded_wh": sum(wh for wh, _ in fills), "metered_wh": metered}
        body.update({"lines": lines, "total": total, "rating": rating})
        return [Save("chain", kid, self.chains[kid]), *self.letters.write("bill", body, now, to=kid)]


def _net(registers: list[int]) -> int:
    """Import minus export, in Wh."""
    return registers[0] - registers[1]


def _fell(registers: list[int], before: list[int]) -> bool:
    """Whether one of them is another meter's: a meter only counts up."""
    return registers[0] < before[0] or registers[1] < before[1]
