"""A device is held to its commands: a new value is written at once, said again at a third of the device's time-out (market time), and
only while `until` has not passed; then, on stop and at the next start, the device is handed back as it was found or to its safe state.

What is held stands in the store's table "writes", with what the registers held before us, from before the first write until the
release was answered. Writes to flash are counted in "budgets", also before they are made.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from drivers import profile as profiles
from drivers.nouns import BadProfile, Command, Silent
from drivers.safely import CONFIRMED, DAY_S, EFFECT_FROM_S, REFUSED
from gateway.acts import Save
from gateway.host.guards import BUDGETS, Guards, Writes
from gateway.host.trial import Trial
from gateway.host.turns import Backoff
from gateway.host.unit import Image, Unit
from gateway.host.wire import Denied

log = logging.getLogger("elecbay.bus")
WRITES = "writes"
RETRY_S = 60  # until a refused value is tried again
Commit = Callable[[list[Save]], None]
Tables = dict[str, dict[str, Any]]


@dataclass
class Hold:
    """A wish that a device is held to. value None: to be released; written: what the device was told at `at`, None when unknown;
    kept: the store knows of it, and of what the registers held `before`; trial: what became of the last new value."""

    value: "int | None"
    until: int
    written: "int | None" = None
    at: int = 0
    kept: bool = False
    before: Image = field(default_factory=dict)
    trial: "Trial | None" = None

    @property
    def refused(self) -> bool:
        """The last new value was not taken."""
        return self.trial is not None and self.trial.outcome == REFUSED


class Keeper:
    """Holds one unit to its commands. tables: what the store kept; limit_w: what the house's connection allows."""

    def __init__(self, unit: Unit, commit: Commit, tables: Tables, limit_w: "int | None" = None) -> None:
        self.unit, self._commit = unit, commit
        self.guards = Guards(unit, tables.get(BUDGETS, {}), limit_w)
        self.holds = {q: Hold(None, 0, kept=True, before=_image(doc)) for q, doc in self._left(tables) if q in unit.profile.controls}
        self.outcomes: dict[str, Trial] = {}  # the last trial of each quantity, also when nothing is held any more
        self._denied = Backoff(2.0, 300.0)
        self._news = asyncio.Event()

    def _left(self, tables: Tables) -> "Iterator[tuple[str, Any]]":
        for name, quantity in unfinished(tables):
            if name == self.unit.setup.name:
                yield quantity, tables[WRITES][self._key(quantity)]

    def command(self, command: Command) -> None:
        """Take a wish; KeyError when the device has no such control."""
        quantity, value, until = command.quantity, command.value, command.until
        if quantity not in self.unit.profile.controls:
            raise KeyError(quantity)
        hold = self.holds.setdefault(quantity, Hold(None, until))
        if hold.value != value or until < hold.until:
            self._news.set()
        hold.value, hold.until = value, until

    async def run(self) -> None:
        """Keep holding, for ever."""
        while True:
            self._news.clear()
            if await self._keep_all():
                await self._wait_due()
            else:
                await self._wait_retry()

    async def stop(self, commands: "list[Command]") -> None:
        """Say what the policies want left behind where we hold something, then release it all."""
        for command in commands:
            hold = self.holds.get(command.quantity)
            if hold is not None and hold.kept:
                value = self.guards.within(command.quantity, command.value)
                await self._try(self._write(command.quantity, hold, value, prove=False))
        for quantity in list(self.holds):
            self.holds[quantity].value = None
            await self._keep(quantity)

    async def _keep_all(self) -> bool:
        """True when nothing is left to do now. A device that is silent is not asked for each new wish: that would cost its neighbours."""
        if self.holds and self.unit.back.left_s:
            return False
        return all([await self._keep(quantity) for quantity in list(self.holds)])

    async def _wait_due(self) -> None:
        """Until there is news, or something is due in market time."""
        dues = [self._due(quantity, hold) for quantity, hold in self.holds.items()]
        await self.unit.clock.wait(self._news, min(dues) if dues else None)

    async def _wait_retry(self) -> None:
        """Until there is news, or the next try with a device that did not do it; on the wall's clock."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(self.unit.back.left_s, self._denied.left_s, 0.05)):
                await self._news.wait()

    def _due(self, quantity: str, hold: Hold) -> int:
        """UTC s of market time at which this hold needs a write, or a look at what the last one did."""
        now, dues = self.unit.clock.now(), [hold.until, self._again_at(quantity, hold)]
        if hold.value is not None and self.guards.within(quantity, hold.value) != hold.written:
            dues[1] = max(now + 1, self.guards.rested_at(quantity))
        if hold.trial and not hold.trial.outcome:
            dues.append(max(hold.trial.since, now) + EFFECT_FROM_S)
        return min(dues)

    def _again_at(self, quantity: str, hold: Hold) -> int:
        """UTC s at which the same value is said again: in time for the device, soon when it was refused, daily where it stays."""
        pause_s = (self._refresh_s(quantity) or 3 * DAY_S) // 3
        return hold.at + max(1, min(pause_s, RETRY_S) if hold.refused else pause_s)

    def _refresh_s(self, quantity: str) -> "int | None":
        return profiles.refresh_s(self.unit.profile, quantity, self.unit.base, self.unit.image)

    async def _keep(self, quantity: str) -> bool:
        """Write what is due for one quantity; False when there is more to do."""
        hold, now = self.holds[quantity], self.unit.clock.now()
        self._judge(hold, now)
        if hold.value is None or hold.until <= now:
            return await self._release(quantity, hold)
        value = self.guards.within(quantity, hold.value)
        if value == hold.written and now < self._again_at(quantity, hold):
            return True
        if now < self.guards.rested_at(quantity) and self.guards.is_on(quantity) is not (value != 0):
            return True
        return await self._try(self._follow(quantity, hold, value))

    def _judge(self, hold: Hold, now: int) -> None:
        if hold.trial and hold.trial.judge(now):
            self._told(hold.trial)

    def _told(self, trial: Trial) -> None:
        """Log an outcome, unless it is the one that stands already."""
        last = self.outcomes.get(trial.quantity)
        self.outcomes[trial.quantity] = trial
        if last is None or last.outcome != trial.outcome:
            level = logging.INFO if trial.outcome == CONFIRMED else logging.WARNING
            name = self.unit.setup.name
            log.log(level, "%s was told %s %d: %s (%s)", name, trial.quantity, trial.told, trial.outcome, trial.why)

    async def _prepare(self, quantity: str, hold: Hold) -> None:
        """A write needs a fresh look at the device; the first one also what it is about to overwrite, which is kept."""
        unit = self.unit
        if not hold.kept or not unit.image or unit.clock.now() - unit.read_at > unit.setup.stale_s:
            await unit.look(every=True)
        if not hold.kept:
            hold.before = profiles.remembered(unit.profile, unit.base, unit.image, quantity)
            before = [[*place, register] for place, register in sorted(hold.before.items())]
            self._commit([Save(WRITES, self._key(quantity), {"until": hold.until, "before": before})])
            hold.kept = True

    async def _release(self, quantity: str, hold: Hold) -> bool:
        if hold.kept and not await self._try(self._let_go(quantity, hold)):
            return False
        hold.kept, hold.written, hold.trial = False, None, None
        self._commit([Save(WRITES, self._key(quantity), None)])
        if hold.value is not None and hold.until > self.unit.clock.now():
            return False  # a new wish came meanwhile
        del self.holds[quantity]
        return True

    async def _try(self, work: "Awaitable[None]") -> bool:
        """Await `work`; False when the device did not do it. What it denies is said, and tried again later each time."""
        try:
            done = await self.unit.attempt(work)
        except Denied as error:
            if not self._denied.failures:
                log.warning("%s refuses what is written to it (Modbus exception %s)", self.unit.setup.name, error)
            self._denied.failed()
            return False
        if done:
            self._denied.worked()
        return done

    async def _follow(self, quantity: str, hold: Hold, value: int) -> None:
        await self._prepare(quantity, hold)
        await self._write(quantity, hold, value)

    async def _write(self, quantity: str, hold: Hold, value: int, prove: bool = True) -> None:
        unit, new = self.unit, value != hold.written or hold.refused
        trial = Trial(unit, quantity, value, unit.clock.now())
        todo = self._todo(quantity, hold, trial, new)
        was = self.guards.is_on(quantity)
        try:
            await unit.write(todo)
            if not new and not todo and trial.since > unit.read_at:
                await unit.look()  # to hear us is enough for it
        except Denied as error:
            trial.refused(f"it answers with Modbus exception {error}")
            self._told(trial)
            raise
        self.guards.switched(quantity, was)
        hold.written, hold.at = value, trial.since
        if new and prove:
            hold.trial = trial
            if not trial.outcome:
                await trial.read_back(todo)
            if trial.outcome:
                self._told(trial)

    def _todo(self, quantity: str, hold: Hold, trial: Trial, new: bool) -> Writes:
        """The writes, counted and committed; none when they may not be made, which is the trial's outcome then."""
        unit, say = self.unit, profiles.writes if new else profiles.refresh
        try:
            todo = say(unit.profile, unit.base, unit.image, quantity, trial.value, self._refresh_s(quantity) or 0, hold.before)
        except (BadProfile, Silent) as error:
            trial.refused(str(error))
            return []
        if not self.guards.affords(quantity, todo):
            trial.refused("the day's writes to its flash are spent")
            return []
        self._spend(quantity, todo)
        return todo

    def _spend(self, quantity: str, writes: Writes) -> None:
        saves = self.guards.spend(quantity, writes)
        if saves:
            self._commit(saves)

    async def _let_go(self, quantity: str, hold: Hold) -> None:
        unit = self.unit
        if not unit.image:
            await unit.look(every=True)
        was = self.guards.is_on(quantity)
        todo = profiles.release(unit.profile, unit.base, unit.image, quantity, hold.before)
        self._spend(quantity, todo)  # counted, but a device is always let go
        await unit.write(todo)
        self.guards.switched(quantity, was)

    def _key(self, quantity: str) -> str:
        return f"{self.unit.setup.name} {quantity}"


def _image(doc: "dict[str, Any]") -> Image:
    """What stood in the registers before us, out of the store."""
    return {(function, address): register for function, address, register in doc.get("before", [])}


def unfinished(tables: "dict[str, dict[str, Any]]") -> "Iterator[tuple[str, str]]":
    """(device, quantity) of what a stopped process may have left written."""
    for key in tables.get(WRITES, {}):
        device, _, quantity = key.partition(" ")
        yield device, quantity
