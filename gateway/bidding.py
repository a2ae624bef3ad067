"""What the home bids: the curves of its appliances netted, with no more than can be kept; what is unknown is not bid.

Of each side the last part is held back, as large as the error to expect: where something can be steered that is its room to
follow the meter, where nothing can it is what the home is not sure of.
"""

import hashlib

from gateway.agent import Agent
from gateway.balance import Balance
from gateway.netting import bid, net
from gateway.tariff import Tariff
from market.nouns import Order, Slot
from market.settlement import service_price
from policies import load as base_load
from policies.forecast import Persistence
from policies.nouns import Rate, View

LEAD_MOST_S = 300
USUAL_S = 7200
LEAST_GAIN = 16  # a trade must bring this part of the utility's margin: a promise now and then costs a penalty


class Bidding:
    """Forecasts of what cannot be steered, and one order a slot."""

    def __init__(self, agents: "list[Agent]", balance: Balance, kid: str, limit_w: int) -> None:
        self.agents, self.balance, self.kid, self.limit_w = agents, balance, kid, limit_w
        self.load_policy = base_load.Policy({})
        self.load: "Persistence | None" = None
        self.usual: "Persistence | None" = None  # the same over hours: what a night will need
        self.roofs: "dict[str, Persistence]" = {}

    def learn(self, seconds: int) -> None:
        """Take in what the meter has shown: what neither roof nor steered appliance explains is the household's load."""
        for at, rest in self.balance.explained():
            roofs = [(a, a.power_at(at)) for a in self.agents if a.kind == "pv"]
            known = [(a.name, power) for a, power in roofs if power is not None]
            if seconds and len(known) == len(roofs):
                self._observe(at, rest - sum([power for _, power in known]), known, seconds)

    def _observe(self, at: int, load_w: int, roofs: "list[tuple[str, int]]", seconds: int) -> None:
        if self.load is None or self.usual is None:
            self.load, self.usual = Persistence(seconds), Persistence(seconds, USUAL_S)
        self.load.observe(at, load_w)
        self.usual.observe(at, load_w)
        for name, power in roofs:
            self.roofs.setdefault(name, Persistence(seconds, 300)).observe(at, power)

    def load_w(self) -> int:
        """The household's mean demand over the last hours, W; 0 while unknown."""
        return self.usual.mean_mw // 1000 if self.usual else 0

    def due(self, now: int, start: int, gate_before: int, seconds: int) -> bool:
        """Whether it is time to bid for the slot at `start`: each home at a moment of its own, so that orders do not come in one burst."""
        lead = min(seconds // 4, LEAD_MOST_S)
        spread = hashlib.sha256(("%s%d" % (self.kid, start)).encode()).digest()
        jitter = (spread[0] * 256 + spread[1]) * lead // 65536
        return now >= start - gate_before - lead - jitter

    def order(
        self, now: int, slot: Slot, device: str, terms: "dict[str, int]", tariff: Tariff, rating: int
    ) -> "Order | None":
        """The home's order for a slot, or None when something is unknown or nothing is worth trading."""
        rates = tariff.rates(now - now % slot.seconds, slot.seconds)
        rates = tuple([r for r in rates if r.start >= slot.start])
        if self.load is None or not rates or any(a.power(now) is None for a in self.agents):
            return None
        curves, spread_wh = self._curves(now, slot, rates)
        low, high = max(rates[0].sell, terms["price_min"]), min(rates[0].buy, terms["price_max"])
        cost = service_price(terms["service"], rating) + terms["network"] + max(high - low, 0) // LEAST_GAIN
        limit_wh = min(terms["max_wh"], self.limit_w * slot.seconds // 3600)
        steps = bid(net(curves), low, high, cost, limit_wh, spread_wh)
        return Order(device, slot, steps, slot.start - terms["gate_before"]) if steps else None

    def _curves(self, now: int, slot: Slot, rates: "tuple[Rate, ...]") -> "tuple[list[tuple[tuple[int, int], ...]], int]":
        """(a curve per appliance and one for the household, the error to expect of what cannot be steered, Wh)."""
        assert self.load is not None
        load_w, spread_w = self.load.forecast(slot.start)
        curves = [self.load_policy.curve(View(now, slot.start, slot.seconds, {}, rates, load_w * slot.seconds // 3600, load_w))]
        for agent in [a for a in self.agents if a.kind == "pv"]:
            mean, spread = self.roofs[agent.name].forecast(slot.start)
            spread_w += spread
            curves.append(agent.policy.curve(agent.view(now, slot.start, slot.seconds, rates, mean * slot.seconds // 3600, 0)))
        return curves + self.balance.curves(now, slot.start, slot.seconds, rates, self.load_w()), spread_w * slot.seconds // 3600
