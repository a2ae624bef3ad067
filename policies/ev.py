"""Car: what it needs by its deadline is charged in the cheapest slots left; when no slack is left it is charged at any price."""

from policies.nouns import MUST, View, until, wishes

WISHES: "dict[str, tuple[int | str, int, int, str]]" = {
    "need_wh": (8000, 0, 200_000, "energy to charge after each arrival"),
    "ready_by_utc": ("05:00", 0, 0, "when the car must be ready"),
    "phases": (3, 1, 3, "phases that the car uses"),
    "current_max_ma": (16_000, 6000, 32_000, "largest current of cable and fuse"),
    "slack_slots": (6, 0, 1000, "slots kept in hand before the deadline"),
}
VOLT = 230
CURRENT_MIN_MA = 6000  # IEC 61851-1: a car is offered nothing or at least 6 A
HOLD_S = 60  # a car dislikes being switched more often than once a minute


class Policy:
    """One step for the energy still wanted; pulses of at least a minute where less than 6 A is wanted."""

    def __init__(self, given: "dict[str, int | str]") -> None:
        w = wishes(WISHES, given)
        self.need_wh, self.slack = w["need_wh"], w["slack_slots"]
        self.most_ma = w["current_max_ma"]
        self.watts_per_amp = VOLT * w["phases"]
        self.ready = w["ready_by_utc"]
        self.on = False
        self.switched_at = 0
        self.why = "no car"

    def wanted_wh(self, view: View) -> int:
        """Energy still to charge in this session; 0 without a car or when the charger does not say."""
        if not view.values.get("plugged") or "session_wh" not in view.values:
            return 0
        charged = view.values["session_wh"] + view.values.get("power_w", 0) * max(view.start - view.now, 0) // 3600
        return max(self.need_wh - charged, 0)

    def curve(self, view: View) -> "tuple[tuple[int, int], ...]":
        """Full power up to a price that rises with what is needed of the time left; at any price when none is to spare."""
        wanted = self.wanted_wh(view)
        if not wanted:
            self.why = "no car" if not view.values.get("plugged") else "the car has what it needs"
            return ()
        most = self.watts_per_amp * self.most_ma // 1000 * view.seconds // 3600
        needed = -(-wanted // most)
        left = max((until(view.start, self.ready) - view.start) // view.seconds, 1)
        price = self._price(view, needed, left)
        self.why = "%d Wh by %02d:%02d UTC: %d of %d slots needed, buys %s" % (
            wanted, self.ready // 3600, self.ready // 60 % 60, needed, left, "at any price" if price == MUST else "below %d" % price,
        )  # fmt: skip
        return ((price, min(wanted, most)),)

    def _price(self, view: View, needed: int, left: int) -> int:
        if needed + self.slack >= left:
            return MUST
        known = sorted([r.buy for r in view.rates[:left]])
        dear = known[min(needed, len(known)) - 1]  # the utility's price in the k-th cheapest slot left, k the slots needed
        middle = (dear + view.rates[0].sell) // 2  # what the street asks on a good day
        return middle + (dear - middle) * needed // left

    def dispatch(self, view: View, power_w: int, price: int) -> "tuple[str, int] | None":
        """Current in mA: 0, or 6 A and more; a wish below 6 A becomes pulses, each state held for a minute."""
        current = min(power_w * 1000 // self.watts_per_amp, self.most_ma)
        on = current >= CURRENT_MIN_MA // (4 if self.on else 2)
        if on != self.on and view.now - self.switched_at >= HOLD_S:
            self.on, self.switched_at = on, view.now
        return ("current_limit_ma", max(current, CURRENT_MIN_MA) if self.on else 0)

    def safe(self) -> "tuple[str, int] | None":
        """Left alone, a charger charges at its own fail-safe current."""
        return None
