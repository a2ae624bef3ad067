"""A device is held to its commands: a new value is written at once, the same one again at a third of the device's time-out (market time)
and only while `until` has not passed; then, on stop and at the next start, the device is released to its safe state.

What is held stands in the store's table "writes" from before the first write until the release was answered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from drivers import profile as profiles
from drivers.nouns import Command
from gateway.acts import Save
from gateway.host.unit import Unit
from gateway.host.wire import Backoff, Denied

log = logging.getLogger("elecbay.bus")
WRITES = "writes"
Commit = Callable[[list[Save]], None]


@dataclass
class Hold:
    """A wish that a device is held to. value None: to be released; written: what the device was told at `at`, None when unknown;
    kept: the store knows of it."""

    value: "int | None"
    until: int
    written: "int | None" = None
    at: int = 0
    kept: bool = False


class Keeper:
    """Holds one unit to its commands. unfinished: the quantities that a dead process left written."""

    def __init__(self, unit: Unit, commit: Commit, unfinished: "list[str]") -> None:
        self.unit, self._commit = unit, commit
        self.holds = {quantity: Hold(None, 0, kept=True) for quantity in unfinished if quantity in unit.profile.controls}
        self._denied = Backoff(2.0, 300.0)
        self._news = asyncio.Event()

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
            if command.quantity in self.holds:
                await self._try(self._write(command.quantity, command.value))
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
        """UTC s of market time at which this hold needs a write."""
        refresh = self._refresh_s(quantity)
        return hold.until if refresh is None else min(hold.until, hold.at + max(1, refresh // 3))

    def _refresh_s(self, quantity: str) -> "int | None":
        return profiles.refresh_s(self.unit.profile, quantity, self.unit.base, self.unit.image)

    async def _keep(self, quantity: str) -> bool:
        """Write what is due for one quantity; False when there is more to do."""
        hold, now = self.holds[quantity], self.unit.clock.now()
        if hold.value is None or hold.until <= now:
            return await self._release(quantity, hold)
        if hold.written == hold.value and now < self._due(quantity, hold):
            return True
        if not hold.kept:
            self._commit([Save(WRITES, self._key(quantity), {"until": hold.until})])
            hold.kept = True
        return await self._try(self._write(quantity, hold.value))

    async def _release(self, quantity: str, hold: Hold) -> bool:
        if hold.kept and not await self._try(self._let_go(quantity)):
            return False
        hold.kept, hold.written = False, None
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

    async def _write(self, quantity: str, value: int) -> None:
        unit, hold = self.unit, self.holds[quantity]
        await self._known()
        at = unit.clock.now()
        await unit.write(profiles.writes(unit.profile, unit.base, unit.image, quantity, value, self._refresh_s(quantity) or 0))
        hold.written, hold.at = value, at

    async def _let_go(self, quantity: str) -> None:
        await self._known()
        await self.unit.write(profiles.release(self.unit.profile, self.unit.base, self.unit.image, quantity))

    async def _known(self) -> None:
        """A write needs the device's map and scale factors."""
        if not self.unit.image:
            await self.unit.look()

    def _key(self, quantity: str) -> str:
        return f"{self.unit.setup.name} {quantity}"


def unfinished(tables: "dict[str, dict[str, Any]]") -> "Iterator[tuple[str, str]]":
    """(device, quantity) of what a stopped process may have left written."""
    for key in tables.get(WRITES, {}):
        device, _, quantity = key.partition(" ")
        yield device, quantity
