"""Battery: stored energy is worth what it will save; it is bought below that worth and sold above it, losses and wear counted.

The first `need` Wh will replace energy that the household would buy before the sun is back; what lies above is worth the middle
between the utility's two prices, for somebody will want it sooner or later.
"""

from policies.nouns import View, until, wishes

WISHES: "dict[str, tuple[int | str, int, int, str]]" = {
    "capacity_wh": (0, 0, 1_000_000, "usable energy; 0 takes what the battery itself reports"),
    "power_w": (0, 0, 100_000, "largest power used; 0 takes what the battery itself reports"),
    "reserve_permille": (100, 0, 1000, "never discharge below this"),
    "wear": (20_000, 0, 1_000_000, "cost of a discharged kWh, micro-currency"),
    "efficiency_permille": (950, 500, 1000, "of charging and of discharging, each"),
    "sun_back_utc": ("05:30", 0, 0, "when the roof feeds the house again"),
    "export": (1, 0, 1, "0: never export from the battery"),
}


class Policy:
    """Two levels of worth, four steps at most."""

    def __init__(self, given: "dict[str, int | str]") -> None:
        w = wishes(WISHES, given)
        self.capacity_wh, self.power_w = w["capacity_wh"], w["power_w"]
        self.reserve, self.wear, self.eta = w["reserve_permille"], w["wear"], w["efficiency_permille"]
        self.export = bool(w["export"])
        self.sun_back = w["sun_back_utc"]
        self.why = "state of charge unknown"

    def _limits(self, view: View) -> "tuple[int, int, int]":
        """(stored Wh above the reserve, free Wh, largest energy in the slot), seen from inside the battery; zeros when unknown."""
        capacity = self.capacity_wh or view.values.get("capacity_wh", 0)
        power = self.power_w or view.values.get("power_max_w", 0)
        soc = view.values.get("soc_permille")
        if soc is None or not capacity or not power:
            return 0, 0, 0
        lead = view.values.get("power_w", 0) * max(view.start - view.now, 0) // 3600  # it goes on as it does until the slot begins
        stored = max(min(capacity * soc // 1000 + lead, capacity), 0)
        most = power * view.seconds // 3600
        return max(stored - capacity * self.reserve // 1000, 0), capacity - stored, most

    def worth(self, view: View) -> "tuple[int, int, int]":
        """(need Wh, worth of a stored kWh within it, worth above it)."""
        night_s = until(view.now, self.sun_back) - view.now
        if night_s > 16 * 3600:  # the sun is up: the coming night is what counts
            night_s = 10 * 3600
        need = max(view.load_w, 0) * night_s // 3600 * 1000 // self.eta
        buy = max(r.buy for r in view.rates)
        sell = min(r.sell for r in view.rates)
        return need, (buy - self.wear) * self.eta // 1000, ((buy + sell) // 2 - self.wear) * self.eta // 1000

    def curve(self, view: View) -> "tuple[tuple[int, int], ...]":
        """Steps at the terminals: charging costs price / eta a stored Wh, discharging yields price x eta less wear."""
        stored, free, most = self._limits(view)
        if not most:
            self.why = "state of charge unknown"
            return ()
        need, high, low = self.worth(view)
        steps = self._buys(need - stored, free, most, high, low) + self._sells(stored - need, stored, most, high, low)
        self.why = "%d Wh stored, %d wanted by %02d:%02d UTC: stores below %d, gives above %d" % (
            stored, need, self.sun_back // 3600, self.sun_back // 60 % 60, low * self.eta // 1000, low * 1000 // self.eta + self.wear,
        )  # fmt: skip
        return tuple(s for s in steps if s[1])

    def _buys(self, short: int, free: int, most: int, high: int, low: int) -> "list[tuple[int, int]]":
        dear = min(max(short, 0), free) * 1000 // self.eta
        all_of_it = min(free * 1000 // self.eta, most)
        dear = min(dear, all_of_it)
        return [(high * self.eta // 1000, dear), (low * self.eta // 1000, all_of_it - dear)]

    def _sells(self, spare: int, stored: int, most: int, high: int, low: int) -> "list[tuple[int, int]]":
        all_of_it = min(stored * self.eta // 1000, most)
        cheap = min(max(spare, 0) * self.eta // 1000, all_of_it)
        return [(low * 1000 // self.eta + self.wear, -cheap), (high * 1000 // self.eta + self.wear, cheap - all_of_it)]

    def dispatch(self, view: View, power_w: int, price: int) -> "tuple[str, int] | None":
        """The power that the home gave it; not below zero beyond the household's own deficit is the home's care."""
        return ("power_setpoint_w", power_w)

    def safe(self) -> "tuple[str, int] | None":
        """Released, the inverter follows its own meter again: the profile knows how."""
        return None
