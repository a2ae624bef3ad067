"""Water heater: heat stored now saves heating later; below the comfort line it is heated at any price."""

from policies.nouns import MUST, View, wishes

WISHES: "dict[str, tuple[int | str, int, int, str]]" = {
    "volume_l": (200, 10, 10_000, "water in the tank"),
    "comfort_c": (45, 5, 90, "heated at any price below this"),
    "target_c": (62, 10, 95, "never heated above this"),
    "power_w": (3000, 100, 50_000, "largest power of the element"),
    "worth_permille": (950, 0, 1000, "what is left of stored heat when it is used: the rest cools away"),
}
MWH_PER_LITRE_KELVIN = 1163  # 4186 J / 3.6


class Policy:
    """Two steps: up to the comfort line, and from there to the target."""

    def __init__(self, given: "dict[str, int | str]") -> None:
        w = wishes(WISHES, given)
        self.volume, self.power_w = w["volume_l"], w["power_w"]
        self.comfort_mc, self.target_mc = w["comfort_c"] * 1000, w["target_c"] * 1000
        self.worth = w["worth_permille"]
        self.why = "temperature unknown"

    def heat_wh(self, from_mc: int, to_mc: int) -> int:
        """Energy that warms the tank from one temperature to another; 0 downwards."""
        return max(to_mc - from_mc, 0) * self.volume * MWH_PER_LITRE_KELVIN // 1_000_000

    def curve(self, view: View) -> "tuple[tuple[int, int], ...]":
        """Must-take below comfort, priced above it."""
        now_mc = view.values.get("temperature_mc")
        if now_mc is None:
            self.why = "temperature unknown"
            return ()
        most = self.power_w * view.seconds // 3600
        must = min(self.heat_wh(now_mc, self.comfort_mc), most)
        # Before a later slot begins the element may well run: only room that is left even then is promised.
        heated = self.power_w * max(view.start - view.now, 0) // 3600
        more = min(max(self.heat_wh(now_mc, self.target_mc) - heated, 0), most) - must
        # Heat above comfort can wait for a cheap hour or for the sun: it is worth the middle between the utility's prices.
        price = (max(r.buy for r in view.rates) + min(r.sell for r in view.rates)) // 2 * self.worth // 1000
        wish = "heats at any price" if must else "buys below %d" % price
        self.why = "%d of %d degrees: %s" % (now_mc // 1000, self.target_mc // 1000, wish)
        return tuple(s for s in ((MUST, must), (price, more)) if s[1] > 0)

    def dispatch(self, view: View, power_w: int, price: int) -> "tuple[str, int] | None":
        """The power that the home gave it, never below zero."""
        return ("power_setpoint_w", min(max(power_w, 0), self.power_w))

    def safe(self) -> "tuple[str, int] | None":
        """Off: the device's own thermostat keeps its minimum."""
        return ("power_setpoint_w", 0)
