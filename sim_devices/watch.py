"""What the street's messages say, gathered for the eye and the report; nothing is believed here that the gateways have not verified."""

import json
from dataclasses import dataclass, field
from typing import Any

from market import canonical, envelope
from market.nouns import Refused
from sim_devices.record import Heard

Payload = dict[str, Any]


@dataclass
class SlotNews:
    """What is known of one slot. bills: {kid: payload}, those of supplier, DSO and market too."""

    orders: int = 0
    price: int | None = None
    wh: int = 0
    awards: dict[str, int] = field(default_factory=dict)
    bills: dict[str, Payload] = field(default_factory=dict)


@dataclass
class HomeTotals:
    """Sums over slots, Wh and nano-currency, positive."""

    bought: int = 0
    sold: int = 0
    imported: int = 0
    exported: int = 0
    promised: int = 0
    delivered: int = 0
    cost: int = 0

    def add(self, bill: Payload) -> None:
        """One more bill."""
        for kind, wh, _, _ in bill["lines"]:
            if kind == "trade":
                self.bought += max(wh, 0)
                self.sold += max(-wh, 0)
            elif kind == "supply":
                self.imported += max(wh, 0)
                self.exported += max(-wh, 0)
            elif kind == "penalty":
                self.delivered -= wh
        self.promised += abs(bill["awarded_wh"])
        self.delivered += abs(bill["awarded_wh"])
        self.cost += bill["total"]


class Watch:
    """Feed it every message. slots: {start: SlotNews}."""

    def __init__(self) -> None:
        self.slots: dict[int, SlotNews] = {}
        self._orders: dict[str, int] = {}  # order's hash: its slot

    def told(self, heard: Heard) -> None:
        """A message; one that is none of the protocol's is passed over."""
        try:
            payload = canonical.decode(envelope.open_(heard.payload).payload)
        except Refused:
            return
        take = getattr(self, f"_{payload.get('type')}", None)
        if take is not None:
            take(payload, heard)

    def at(self, slot: int) -> SlotNews:
        """What is known of a slot."""
        return self.slots.setdefault(slot, SlotNews())

    def _order(self, payload: Payload, heard: Heard) -> None:
        self._orders[envelope.digest(heard.payload)] = payload["slot"]

    def _receipt(self, payload: Payload, heard: Heard) -> None:
        slot = self._orders.pop(payload["order"], None)
        if slot is not None:
            self.at(slot).orders += payload["accepted"]

    def _clear(self, payload: Payload, heard: Heard) -> None:
        news = self.at(payload["slot"])
        news.price, news.wh = payload["price"], payload["wh"]

    def _award(self, payload: Payload, heard: Heard) -> None:
        self.at(payload["slot"]).awards[_addressee(heard)] = sum(row[2] for row in payload["fills"])

    def _bill(self, payload: Payload, heard: Heard) -> None:
        self.at(payload["slot"]).bills[_addressee(heard)] = payload

    # -- sums

    def billed(self, kids: list[str], slots: range) -> bool:
        """Whether each of these homes has its bill of each of these slots."""
        return all(kid in self.at(slot).bills for slot in slots for kid in kids)

    def totals(self, kid: str, slots: range) -> HomeTotals:
        """Of one home over slots."""
        sums = HomeTotals()
        for slot in slots:
            if kid in self.at(slot).bills:
                sums.add(self.at(slot).bills[kid])
        return sums

    def unbalanced(self) -> list[int]:
        """Slots whose bills do not sum to zero, trades and all, or do not add up in themselves."""
        return [slot for slot, news in sorted(self.slots.items()) if not _balanced(list(news.bills.values()))]


def _addressee(heard: Heard) -> str:
    return heard.topic.split("/")[4]


def _balanced(bills: list[Payload]) -> bool:
    right = all(amount == wh * price for bill in bills for _, wh, price, amount in bill["lines"])
    sums = all(bill["total"] == sum(line[3] for line in bill["lines"]) for bill in bills)
    return right and sums and sum(bill["total"] for bill in bills) == 0


def verified(ledger_lines: list[bytes]) -> dict[int, list[str]]:
    """{slot: findings} of a home's ledger: [] is a slot that it verified and found right."""
    found: dict[int, list[str]] = {}
    for line in ledger_lines:
        held = json.loads(line)
        if held["kind"] == "verified":
            detail = held["detail"]
            found[held["slot"]] = [] if detail["ok"] else [str(f) for f in detail["findings"]] or ["not ok"]
    return found
