"""One device on a wire: looked at once a period, and held to its commands until their end; nothing else in the house writes to it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from drivers import profile as profiles
from drivers.nouns import BadProfile, Garbled, Reading, Silent
from drivers.plan import spans
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup
from gateway.host.wire import METER, READ, Backoff, Denied, NoLink, Wire

log = logging.getLogger("elecbay.bus")
NO_SUCH_REGISTER = 2
Heard = Callable[[list[Reading], bytes], None]


class Unit:
    """A device's registers as last seen, and who may ask for them when."""

    def __init__(self, setup: DeviceSetup, wire: Wire, clock: Clock, heard: Heard) -> None:
        self.setup, self.wire, self.clock, self._heard = setup, wire, clock, heard
        self.profile = setup.profile
        self.base: dict[int, int] = {}
        self.image: dict[tuple[int, int], int] = {}
        self.back = Backoff(2.0, 300.0, free=1)
        self._blocks: list[tuple[int, int, int]] = []
        self._looking = asyncio.Lock()
        self._said = ""

    async def run(self, period_s: int) -> None:
        """Look once in `period_s` of market time, at multiples of it, so that a slot's end is seen; a late look is not made up for."""
        while True:
            await self.attempt(self.look())
            await asyncio.sleep(self.back.left_s)
            await self.clock.sleep_until(self.clock.now() // period_s * period_s + period_s)

    async def attempt(self, work: "Awaitable[None]") -> bool:
        """Await `work`; False when the device did not do it, which is said once and makes the next try wait."""
        try:
            await work
        except NoLink:
            await asyncio.sleep(0.05)  # the wire says what is wrong
        except (Silent, Garbled, BadProfile) as error:
            self.back.failed()
            self._blocks = []  # it may come back as another
            self._say(error)
        else:
            if self._said:
                log.info("%s answers again", self.setup.name)
            self.back.worked()
            self._said = ""
            return True
        return False

    def _say(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._said and self.back.failures > 1:
            log.warning("%s at %s unit %d: %s (%s); trying again for ever", self.setup.name, self.setup.place, self.setup.unit, kind, error)
            self._said = kind

    async def look(self) -> None:
        """Read all that the profile names, and hand it on."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        at = self.clock.now()
        if self.profile.sunspec and not self.base:
            self.base = await self._walk()
        if not self._blocks:
            self._blocks = list(profiles.blocks(self.profile, self.base))
        raw = b"".join([await self._read_block(block) for block in list(self._blocks)])
        readings = profiles.decode(self.profile, self.base, self.image, self.setup.name, at)
        if readings:
            self._heard(readings, raw)

    async def _walk(self) -> "dict[int, int]":
        """Find the SunSpec models; BadProfile when the device is none or lacks one."""
        walk = profiles.sunspec_walk(self.profile)
        wanted: Any = next(walk)
        while True:
            try:
                registers: list[int] | None = await self._read(*wanted)
            except Denied:
                registers = None
            try:
                wanted = walk.send(registers)
            except StopIteration as found:
                return dict(found.value)

    async def _read_block(self, block: "tuple[int, int, int]") -> bytes:
        """Read one block into the image. A device that lacks a register in it is asked value by value from then on."""
        function, address, _count = block
        try:
            registers = await self._read(*block)
        except Denied as error:
            if error.args[0] != NO_SUCH_REGISTER:
                raise Silent(f"it answers with Modbus exception {error.args[0]}") from None
            return await self._split(block)
        for i, register in enumerate(registers):
            self.image[function, address + i] = register
        return b"".join(register.to_bytes(2, "big") for register in registers)

    async def _split(self, block: "tuple[int, int, int]") -> bytes:
        function, first, end = block[0], block[1], block[1] + block[2]
        values = [(f, at, after - at) for f, at, after in spans(self.profile, self.base) if f == function and first <= at and after <= end]
        at = self._blocks.index(block)
        self._blocks[at : at + 1] = values = [value for value in values if value != block]
        return b"".join([await self._read_block(value) for value in values])

    async def _read(self, function: int, address: int, count: int) -> "list[int]":
        urgency = METER if self.profile.kind == "meter" else READ
        return await self.wire.read(self.setup.unit, function, address, count, urgency)

    async def write(self, writes: "list[tuple[int, int, list[int]]]") -> None:
        """Write in order; the image follows, so that a register in flash is not written twice."""
        for function, address, registers in writes:
            await self.wire.write(self.setup.unit, function, address, registers)
            for i, register in enumerate(registers):
                self.image[3, address + i] = register
