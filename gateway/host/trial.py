"""A new value is on trial until the device has shown what it made of it: read back within a second, its effect within a minute.

Refused: it denies the write or shows another value. Confirmed: it does as told. No effect: it took the value and does otherwise.
"""

import asyncio

from drivers import profile as profiles
from drivers import rows
from drivers.nouns import Garbled, Silent
from drivers.safely import CONFIRMED, EFFECT_FROM_S, EFFECT_UNTIL_S, NO_EFFECT, REFUSED, effect, told
from drivers.tables import Control
from gateway.host.guards import Writes
from gateway.host.unit import Unit

READ_BACK_S = (0.0, 0.3, 0.6)  # pauses before each try; seconds of the wall's clock, a second together


class Trial:
    """value: what was wished; told: what the device was given of it; since: UTC s; outcome: "" while it is open; why: a sentence."""

    def __init__(self, unit: Unit, quantity: str, value: int, since: int) -> None:
        self.unit, self.quantity, self.value, self.since = unit, quantity, value, since
        self.told = told(unit.profile, unit.base, unit.image, quantity, value)
        self.shown: int | None = None
        self.outcome, self.why = "", "written"

    def refused(self, why: str) -> None:
        """The device, or we in its name, did not take the value."""
        self.outcome, self.why = REFUSED, why

    async def read_back(self, writes: Writes) -> None:
        """See whether the device shows what it was just given. One that shows nothing is judged by its effect alone."""
        expected = self._shown() if self._control.shows is None else self.told
        if expected is None:
            return
        self.told = expected
        asked = False
        for pause_s in READ_BACK_S:
            await asyncio.sleep(pause_s)
            try:
                asked = await self.unit.reread(self._places(writes))
            except (Silent, Garbled):
                continue
            self.shown = self._shown() if asked else None
            if self.shown is not None and abs(self.shown - expected) <= max(self._control.step - 1, 0):
                self.why = f"it shows {self.shown}"
                return
        if asked:
            self.refused(f"it was given {expected} and shows {'nothing in force' if self.shown is None else self.shown}")

    def judge(self, now: int) -> bool:
        """Look at the effect; True when the outcome became known by it."""
        if self.outcome or now < self.since + EFFECT_FROM_S:
            return False
        shows = {q: value for q, (value, at) in self.unit.latest.items() if at >= self.since + EFFECT_FROM_S}
        done = effect(self.quantity, self.told, shows)
        if done:
            self.outcome, self.why = CONFIRMED, f"its effect was seen within {now - self.since} s"
        elif now >= self.since + EFFECT_UNTIL_S:
            if done is None and self.shown is not None:
                self.outcome, self.why = CONFIRMED, f"it shows {self.shown}; it measures nothing to tell more by"
            else:
                power = shows.get("power_w")
                self.outcome = NO_EFFECT
                self.why = "it measures nothing that shows it" if power is None else f"its power is {power} W"
        return bool(self.outcome)

    @property
    def _control(self) -> Control:
        return self.unit.profile.controls[self.quantity]

    def _shown(self) -> "int | None":
        return profiles.readback(self.unit.profile, self.unit.base, self.unit.image, self.quantity)

    def _places(self, writes: Writes) -> "list[tuple[int, int, int]]":
        """What to read again: the register that tells the wish, else those that were written."""
        row = self._control.shows
        if row is None:
            return [(3, address, len(registers)) for _, address, registers in writes]
        return [(row.function, at, row.words) for at, _ in rows.spots(row, self.unit.base) if at is not None]
