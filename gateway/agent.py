"""One appliance's life: what it said lately, what it wants, what it was told. A value past its age is unknown."""

from drivers.nouns import Command, Reading
from market.lent import Payload
from policies.lent import Policy
from policies.nouns import Rate, View


def policy(name: str, wishes: "dict[str, int | str]") -> Policy:
    """The policy of that file name, given its wishes. Raises ImportError or policies.nouns.BadWish."""
    made: Policy = __import__("policies." + name, None, None, ("Policy",)).Policy(wishes)
    return made


class Agent:
    """setup: {"name", "kind", "policy", "wishes", "stale_s"} as the config gives it."""

    def __init__(self, setup: Payload) -> None:
        self.name = str(setup["name"])
        self.kind = str(setup["kind"])
        self.stale_s = setup.get("stale_s", 60)
        self.policy = policy(str(setup["policy"]), setup.get("wishes", {}))
        self.readings: "dict[str, tuple[int, int]]" = {}
        self.session_start: "int | None" = None
        self._powers: "list[tuple[int, int]]" = []

    def heard(self, reading: Reading) -> "Payload | None":
        """Take a reading; returns what must be kept of a car's session when that changed, else None."""
        if reading.at < self.readings.get(reading.quantity, (0, 0))[1]:
            return None
        self.readings[reading.quantity] = (reading.value, reading.at)
        if reading.quantity == "power_w":
            if self._powers and self._powers[-1][0] == reading.at:
                self._powers.pop()
            self._powers = self._powers[-7:] + [(reading.at, reading.value)]
        return self._session() if reading.quantity in ("plugged", "energy_import_wh") else None

    def forget(self) -> None:
        """Nothing that it said is believed any more."""
        self.readings, self._powers = {}, []

    def _session(self) -> "Payload | None":
        """A charger that counts no sessions is counted for: from the register at which the car was plugged in."""
        plugged, register = self.readings.get("plugged"), self.readings.get("energy_import_wh")
        if plugged is None or register is None or (self.session_start is not None) == bool(plugged[0]):
            return None
        self.session_start = register[0] if plugged[0] else None
        return {"start_wh": register[0]} if plugged[0] else {}

    def fresh(self, now: int) -> "dict[str, int]":
        """{quantity: value} of all that is not too old at `now`."""
        values = {q: v for q, (v, at) in self.readings.items() if now - at <= self.stale_s}
        if "session_wh" not in values and self.session_start is not None and "energy_import_wh" in values:
            values["session_wh"] = max(values["energy_import_wh"] - self.session_start, 0)
        return values

    def power(self, now: int) -> "int | None":
        """The latest power, W, or None when it is too old."""
        return self.fresh(now).get("power_w")

    def power_at(self, at: int) -> "int | None":
        """The power at a moment that lies between two readings, on the line between them; None while there is none after it.

        A device moves while the meter speaks: an older value set against the meter's would be taken for the household's load."""
        for i in range(len(self._powers) - 1, -1, -1):
            then, power = self._powers[i]
            if then == at:
                return power
            if then < at:
                if i + 1 == len(self._powers) or at - then > self.stale_s:
                    return None
                later, after = self._powers[i + 1]
                return power + (after - power) * (at - then) // (later - then)
        return None

    def view(self, now: int, start: int, seconds: int, rates: "tuple[Rate, ...]", energy_wh: int, load_w: int) -> View:
        """What the policy is shown."""
        return View(now, start, seconds, self.fresh(now), rates, energy_wh, load_w)

    def command(self, view: View, power_w: int, price: int, until: int) -> "Command | None":
        """The policy's command for a share of `power_w` at the marginal `price`, to hold until UTC s `until`."""
        told = self.policy.dispatch(view, power_w, price)
        return Command(self.name, told[0], told[1], until) if told else None

    def safe(self, now: int) -> "Command | None":
        """What to write when the gateway leaves; None releases the device to its own ways."""
        told = self.policy.safe()
        return Command(self.name, told[0], told[1], now) if told else None
