"""What a host must be sure of around a write: the site's limit, what a car can draw, a day of flash, and whether it had an effect.

What the profile and the nameplate allow is `drivers/control.py`'s; this comes before and after it.
"""

from drivers import control
from drivers.rows import quantity_of
from drivers.tables import Profile

VOLTS = 230
CAR_LEAST_MA = 6000  # IEC 61851-1: a car is offered nothing or at least 6 A
DAY_S = 86400
EFFECT_FROM_S, EFFECT_UNTIL_S = 5, 60  # when a write's effect can be seen, and when it must be
NEAR_W, NEAR_MA = 100, 500  # how far a device may stay from what it was told, or a tenth of that
CONFIRMED, NO_EFFECT, REFUSED = "confirmed", "no effect", "refused"


def allowed(quantity: str, value: int, limit_w: "int | None", phases: int) -> int:
    """`value` within the connection's limit, and nothing that a car cannot draw."""
    if quantity == "current_limit_ma":
        if limit_w is not None:
            value = min(value, limit_w * 1000 // (VOLTS * max(phases, 1)))
        return value if value >= CAR_LEAST_MA else 0
    return value if limit_w is None else min(max(value, -limit_w), limit_w)


def told(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", quantity: str, value: int) -> int:
    """What becomes of `value` on its way to the device: clamped to profile and nameplate."""
    found = profile.controls[quantity]
    nameplate = quantity_of(profile, base, image, found.nameplate) if found.nameplate else None
    return control.clamped(found, value, nameplate)


def effect(quantity: str, value: int, shows: "dict[str, int]") -> "bool | None":
    """Whether a device that `shows` {quantity: value} does what it was told; None when it shows nothing to tell it by."""
    power = shows.get("power_w")
    if quantity == "power_setpoint_w":
        return None if power is None else abs(power - value) <= max(NEAR_W, abs(value) // 10)
    if quantity == "power_limit_w":
        return None if power is None else -power <= value + max(NEAR_W, value // 10)
    currents = [shows[q] for q in ("current_l1_ma", "current_l2_ma", "current_l3_ma") if q in shows]
    if value >= CAR_LEAST_MA and not shows.get("charging", 1):
        return False
    return max(currents) <= value + max(NEAR_MA, value // 10) if currents else None


class Budget:
    """Writes to stored registers, counted by the day over all restarts."""

    def __init__(self, doc: "dict[str, int] | None" = None) -> None:
        held = doc or {}
        self.day, self.writes = held.get("day", 0), held.get("writes", 0)

    def left(self, most: int, now: int) -> int:
        """How many of `most` writes a day are left at UTC s `now`."""
        return most - (self.writes if self.day == now // DAY_S else 0)

    def spend(self, count: int, now: int) -> None:
        """Count writes that are about to be made."""
        if self.day != now // DAY_S:
            self.day, self.writes = now // DAY_S, 0
        self.writes += count

    def doc(self) -> "dict[str, int]":
        """What to keep."""
        return {"day": self.day, "writes": self.writes}
