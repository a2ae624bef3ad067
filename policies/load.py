"""Base load: what the household draws is not asked for its price, and what an unseen roof gives is there anyway."""

from policies.nouns import MUST, View, wishes

WISHES: "dict[str, tuple[int | str, int, int, str]]" = {}


class Policy:
    """Buys the expected demand at any price; nothing here can be steered."""

    def __init__(self, given: "dict[str, int | str]") -> None:
        wishes(WISHES, given)
        self.why = "no forecast yet"

    def curve(self, view: View) -> "tuple[tuple[int, int], ...]":
        """One step: the expected energy; a household that gives (a roof that nobody reads) sells it at any price above zero."""
        self.why = "the household's %d Wh" % view.energy_wh
        return ((MUST if view.energy_wh > 0 else 0, view.energy_wh),) if view.energy_wh else ()

    def dispatch(self, view: View, power_w: int, price: int) -> "tuple[str, int] | None":
        """Nothing to steer."""
        return None

    def safe(self) -> "tuple[str, int] | None":
        """Nothing to leave behind."""
        return None
