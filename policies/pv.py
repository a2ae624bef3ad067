"""PV: the sun costs nothing, so it is given at any price above zero and held back below."""

from policies.nouns import View, wishes

WISHES: "dict[str, tuple[int | str, int, int, str]]" = {
    "floor_price": (0, -1_000_000, 1_000_000, "give nothing for less than this, micro-currency per kWh"),
}
UNLIMITED_W = 1_000_000  # above every roof: the profile clamps it to the nameplate


class Policy:
    """Sells the expected production; curtails when a kWh is worth less than the floor."""

    def __init__(self, given: "dict[str, int | str]") -> None:
        self.floor = wishes(WISHES, given)["floor_price"]
        self.curtailed = False
        self.why = "no forecast yet"

    def curve(self, view: View) -> "tuple[tuple[int, int], ...]":
        """One step: the expected energy (view.energy_wh is negative, it is production)."""
        self.why = "sells up to %d Wh above %d" % (-view.energy_wh, self.floor)
        return ((self.floor, view.energy_wh),) if view.energy_wh < 0 else ()

    def dispatch(self, view: View, power_w: int, price: int) -> "tuple[str, int] | None":
        """A limit of 0 W while `price` lies below the floor; lifted once when it rises again."""
        if price < self.floor:
            self.curtailed = True
            return ("power_limit_w", 0)
        if self.curtailed:
            self.curtailed = False
            return ("power_limit_w", UNLIMITED_W)
        return None

    def safe(self) -> "tuple[str, int] | None":
        """A roof left alone produces all it can."""
        return ("power_limit_w", UNLIMITED_W) if self.curtailed else None
