"""Power over time must be what the counters count; both are compared from one step of a counter to another.

So neither a counter's grain (1 kWh with some) nor its pauses (a quarter of an hour with others) is taken for an error. A battery
without counters is held against its state of charge, loosely. Flows are summed in W s.
"""

LEAST_WH = 30  # of error to expect, however short it took
LEAK_W = 15  # what meters do not see, and inverters use for themselves
ENOUGH, OPPOSED = 10, 3  # times the error to expect: then it is decided; so much in two directions needs no more
BAD_ENOUGH = 2  # accounts in a row
STUCK_WH, STUCK_S = 3000, 3600
HOUR_S, LONGEST_S = 3600, 604_800


class Account:
    """gap_s: a longer silence breaks the account off. wrong: the verdict in words, "" while all fits."""

    def __init__(self, gap_s: int) -> None:
        self.gap_s = gap_s
        self.grain = 1000  # of the counters, Wh: the largest power of ten that divides all that they showed
        self.wrong = ""
        self._bad = 0
        self._sides: "dict[int, int]" = {}  # the counters that there are: 1 drawn, -1 given; Wh
        self._capacity_wh = 0
        self._power: "tuple[int, int] | None" = None  # (W, at) up to which all is summed
        self._seen: "int | None" = None  # net of the counters at the last look
        self._stepped_at = self._still_ws = 0  # since the counters last moved
        self._begin: "tuple[int, int] | None" = None  # (at, net) of the step from which this account runs
        self._flown_ws = self._doubt_ws = 0

    def heard(self, values: "dict[str, int]", at: int) -> None:
        """Values of one moment; a frame may bring power alone or counters alone."""
        if self._power is not None and not 0 <= at - self._power[1] <= self.gap_s:
            self._drop()
        net, power = self._net(values), values.get("power_w")
        if self._power is not None:
            self._flow(self._power[0] if power is None else power, at)
        elif power is not None:
            self._power = (power, at)
        if net is not None and self._power is not None:
            self._look(net, at)

    def _net(self, values: "dict[str, int]") -> "int | None":
        """What was drawn less what was given, Wh, by the counters or else by the state of charge."""
        self._capacity_wh = values.get("capacity_wh", self._capacity_wh)
        known = len(self._sides)
        for side, name in ((1, "energy_import_wh"), (-1, "energy_export_wh")):
            if name in values:
                self._sides[side] = values[name]
                while self.grain > 1 and values[name] % self.grain:
                    self.grain //= 10
        if known < len(self._sides):
            self._drop()
        if "energy_import_wh" in values or "energy_export_wh" in values:
            return sum([side * value for side, value in self._sides.items()])
        by_charge = not self._sides and self._capacity_wh and "soc_permille" in values
        return values["soc_permille"] * self._capacity_wh // 1000 if by_charge else None

    def _drop(self) -> None:
        self._power = self._seen = self._begin = None

    def _flow(self, power_w: int, at: int) -> None:
        """On the line from the last power to this one; a jump between the two leaves a doubt of half of it."""
        assert self._power is not None
        before, after, seconds = self._counted(self._power[0]), self._counted(power_w), at - self._power[1]
        flown = (before + after) * seconds // 2
        self._flown_ws += flown
        self._still_ws += flown
        self._doubt_ws += abs(after - before) * seconds // 2
        self._power = (power_w, at)

    def _counted(self, power_w: int) -> int:
        """What of a power the counters that there are would count."""
        side = 1 if power_w > 0 else -1
        return power_w if not self._sides or side in self._sides else 0

    def _look(self, net: int, at: int) -> None:
        if self._seen is None:
            self._stepped_at, self._still_ws = at, 0
        elif net != self._seen:
            self._stepped_at, self._still_ws = at, 0
            self._step(net, at)
        elif at - self._stepped_at >= STUCK_S and abs(self._still_ws) > self._stuck_wh() * HOUR_S:
            self._bad = BAD_ENOUGH
            self._judge(self._still_ws // HOUR_S, 0, 0, at - self._stepped_at)
            self._stepped_at, self._still_ws, self._begin = at, 0, None
        self._seen = net

    def _step(self, net: int, at: int) -> None:
        """The counters moved: close the account when enough has flown to tell."""
        if self._begin is not None:
            seconds, counted, flown = at - self._begin[0], net - self._begin[1], self._flown_ws // HOUR_S
            error = self._error_wh() + LEAK_W * seconds // HOUR_S
            doubtful = error + self._doubt_ws // HOUR_S
            opposed = flown * counted < 0 and min(abs(flown), abs(counted)) >= OPPOSED * doubtful
            if opposed or max(abs(flown), abs(counted)) >= ENOUGH * error:
                self._judge(flown, counted, doubtful, seconds)
            elif seconds <= LONGEST_S:
                return
        self._begin = (at, net)
        self._flown_ws = self._doubt_ws = 0

    def _error_wh(self) -> int:
        return LEAST_WH + (2 * self.grain if self._sides else self._capacity_wh // 25)

    def _stuck_wh(self) -> int:
        return STUCK_WH + 2 * self.grain if self._sides else self._capacity_wh * 6 // 10

    def _judge(self, flown: int, counted: int, error: int, seconds: int) -> None:
        """By half of the larger, and by three quarters where the charge stands for the energy: capacities age, losses are not stored."""
        larger = max(abs(flown), abs(counted))
        bad = abs(flown - counted) > (larger // 2 if self._sides else larger * 3 // 4) + error
        self._bad = self._bad + 1 if bad else 0
        if not bad:
            self.wrong = ""
        elif self._bad >= BAD_ENOUGH:
            what = "its counters say" if self._sides else "its state of charge says"
            self.wrong = "power_w made %d Wh of the last %d minutes, and %s %d Wh" % (flown, seconds // 60, what, counted)
