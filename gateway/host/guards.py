"""What stands between a wish and a write: the house's limit, a car's rest between on and off, and the day's budget for flash."""

from drivers import profile as profiles
from drivers.safely import Budget, allowed
from gateway.acts import Save
from gateway.host.unit import Unit

BUDGETS = "budgets"
THERE_V = 50  # a phase with less is not connected
Writes = list[tuple[int, int, list[int]]]


class Guards:
    """Of one unit. kept: the store's table of budgets; limit_w: what the house's connection allows, None when unknown."""

    def __init__(self, unit: Unit, kept: "dict[str, dict[str, int]]", limit_w: "int | None") -> None:
        self.unit, self.limit_w = unit, limit_w
        self._budgets = {quantity: Budget(kept.get(self._key(quantity))) for quantity in unit.profile.controls}
        self._switched: dict[str, int] = {}

    def within(self, quantity: str, value: int) -> int:
        """What of a wish the house bears. A device that shows no voltages is taken to draw on three phases."""
        seen = self.unit.latest
        phases = sum(seen.get(f"voltage_l{i}_mv", (0, 0))[0] > THERE_V * 1000 for i in (1, 2, 3)) or 3
        return allowed(quantity, value, self.limit_w, phases)

    def rested_at(self, quantity: str) -> int:
        """UTC s from which it may be switched between on and off again."""
        dwell_s: int = self.unit.profile.controls[quantity].dwell_s
        return self._switched.get(quantity, 0) + dwell_s if dwell_s else 0

    def is_on(self, quantity: str) -> "bool | None":
        """Whether the device shows a wish that is not 0; None when it shows none."""
        shown = profiles.readback(self.unit.profile, self.unit.base, self.unit.image, quantity)
        return None if shown is None else shown != 0

    def switched(self, quantity: str, was: "bool | None") -> None:
        """Note the time when the device is now otherwise than it `was`."""
        if was is not None and self.is_on(quantity) is not was:
            self._switched[quantity] = self.unit.clock.now()

    def affords(self, quantity: str, writes: Writes) -> bool:
        """Whether the day's budget allows what of these writes goes to flash."""
        return self._wearing(writes) <= self._budgets[quantity].left(self.unit.profile.controls[quantity].budget, self.unit.clock.now())

    def spend(self, quantity: str, writes: Writes) -> "list[Save]":
        """Count what goes to flash; what to commit before it is written."""
        count, budget = self._wearing(writes), self._budgets[quantity]
        if not count:
            return []
        budget.spend(count, self.unit.clock.now())
        return [Save(BUDGETS, self._key(quantity), dict(budget.doc()))]

    def _wearing(self, writes: Writes) -> int:
        """How many of them touch registers that may lie in flash."""
        flash = profiles.stored(self.unit.profile, self.unit.base)
        return sum(any(address + i in flash for i in range(len(registers))) for _, address, registers in writes)

    def _key(self, quantity: str) -> str:
        return f"{self.unit.setup.name} {quantity}"
