"""Within the slot the home follows its own meter: what can be steered makes good what cannot, so that the promise is kept.

The wish is an energy at the slot's end, so it is worked towards as a power: what is missing, over the time that is left.
"""

from drivers.nouns import Command
from gateway.agent import Agent
from gateway.netting import share
from policies.nouns import Rate

FLEXIBLE = ("battery", "ev", "heater")
REACH_S = 20  # a correction is spread over at least this long: meters are late and devices need a moment
HOLD_S = 120  # a command is to hold this long unless it is renewed
FRAMES = 30  # meter frames that wait for the appliances'


def target_w(promised_wh: int, since_wh: int, meter_w: int, meter_at: int, now: int, end: int) -> int:
    """The mean power at the meter that from `now` on brings the slot's energy to `promised_wh` at `end`.

    since_wh: net energy from the slot's start to the frame of `meter_at`, which showed `meter_w`; that power is taken to have gone on.
    """
    promised_wh += (1 if promised_wh > 0 else -1) * (1 + abs(promised_wh) // 100) if promised_wh else 0  # rather kept than just missed
    left_s = max(end - now, REACH_S)
    so_far = since_wh * 3600 + meter_w * (now - meter_at)
    return (promised_wh * 3600 - so_far) // left_s


class Balance:
    """Shares the slot's wish among the appliances that can be steered."""

    def __init__(self, agents: "list[Agent]", limit_w: int) -> None:
        self.flexible = [a for a in agents if a.kind in FLEXIBLE]
        self.roofs = [a for a in agents if a.kind == "pv"]
        self.limit_w = limit_w
        self.uncontrolled_w: "int | None" = None  # the household and the roof together, signed
        self._frames: "list[tuple[int, int]]" = []  # (at, power) of the meter, not yet set against the appliances

    def observe(self, meter_w: int, at: int) -> None:
        """A meter frame."""
        self._frames = self._frames[1 - FRAMES :] + [(at, meter_w)]

    def explained(self) -> "list[tuple[int, int]]":
        """(at, W) of what the steered appliances do not explain, for each meter frame whose moment they have spoken about by now."""
        out, waiting = [], []
        for at, meter_w in self._frames:
            powers = [a.power_at(at) for a in self.flexible]
            if None in powers:
                waiting.append((at, meter_w))
                continue
            rest = meter_w - sum([p for p in powers if p is not None])
            out.append((at, rest))
            # Half the way: a device that jumped between its two readings was not on the line between them.
            self.uncontrolled_w = rest if self.uncontrolled_w is None else (self.uncontrolled_w + rest) // 2
        self._frames = waiting
        return out

    def curves(self, now: int, start: int, seconds: int, rates: "tuple[Rate, ...]", load_w: int) -> "list[tuple[tuple[int, int], ...]]":
        """One curve per flexible appliance for the slot, as its policy sees it."""
        return [a.policy.curve(a.view(now, start, seconds, rates, 0, load_w)) for a in self.flexible]

    def commands(
        self, now: int, seconds: int, wanted_w: int, rates: "tuple[Rate, ...]", load_w: int, bounds: "tuple[int, int]"
    ) -> "list[Command]":
        """Commands that bring the meter to `wanted_w` as far as that is worth it: `bounds` = the prices at which it is not."""
        rest = self.uncontrolled_w
        if rest is None:
            return []
        wanted_w = min(max(wanted_w, -self.limit_w), self.limit_w)
        curves = self.curves(now, now, seconds, rates, load_w)
        given, price = share(curves, (wanted_w - rest) * seconds // 3600, bounds[0], bounds[1])
        powers = self._within_limit([wh * 3600 // seconds for wh in given], rest)
        pairs = list(zip(self.flexible, powers)) + [(a, 0) for a in self.roofs]
        # A roof is held back only by the utility's own price: the rest of the house is steered first.
        out = [
            a.command(a.view(now, now, seconds, rates, 0, load_w), w, rates[0].sell if a in self.roofs else price, now + HOLD_S)
            for a, w in pairs
        ]
        return [c for c in out if c is not None]

    def _within_limit(self, powers: "list[int]", rest: int) -> "list[int]":
        """The connection's limit stands above every price: cut the last first, and only what makes it worse."""
        over = abs(rest + sum(powers)) - self.limit_w
        sign = 1 if rest + sum(powers) > 0 else -1
        out = list(powers)
        for i in range(len(out) - 1, -1, -1):
            cut = min(max(out[i] * sign, 0), max(over, 0))
            out[i] -= cut * sign
            over -= cut
        return out
