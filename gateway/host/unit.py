"""One device on a wire: each lane of its values is looked at when due, a denial is learned from once, and what was not read now is not
handed on as if it were. A look is dated with its beginning; what is read once is as fresh as the device's last answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from drivers import plan, readplan
from drivers import profile as profiles
from drivers.nouns import BadProfile, Garbled, Reading, Silent
from drivers.quantities import LANES
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup
from gateway.host.turns import Backoff
from gateway.host.wire import FAST, METER, PROBE, READ, WRITE, Denied, NoLink, Wire

log = logging.getLogger("elecbay.bus")
NO_SUCH_REGISTER = 2
SLOW_EVERY = 6  # fast looks to a slow one, fewer where a value would grow stale
ONCE_S = 3600  # what is read once is read again so seldom: a device may have started up without knowing its nameplate
ANOTHER_AFTER = 3  # failures in a row after which another device may stand there: its map is walked anew
Heard = Callable[[list[Reading], bytes], None]
Learned = Callable[[readplan.Known], None]
Image = dict[tuple[int, int], int]
Request = tuple[int, int, int]
Places = frozenset[tuple[int, int]]
NONE: Places = frozenset()


class Look:
    """What one look has found so far."""

    def __init__(self) -> None:
        self.image: Image = {}
        self.raw: list[bytes] = []
        self.gaps: list[Request] = []
        self.absent: list[Request] = []

    def take(self, request: Request, registers: "list[int]") -> None:
        """An answer."""
        function, address, _count = request
        self.image.update({(function, address + i): register for i, register in enumerate(registers)})
        self.raw.append(b"".join(register.to_bytes(2, "big") for register in registers))


class Unit:
    """A device's registers as last seen, and who may ask for them when. known, learned: what its denials taught, and who keeps it."""

    def __init__(
        self,
        setup: DeviceSetup,
        wire: Wire,
        clock: Clock,
        heard: Heard,
        known: "readplan.Known | None" = None,
        learned: "Learned | None" = None,
    ) -> None:
        self.setup, self.wire, self.clock, self._heard = setup, wire, clock, heard
        self.profile, self.known, self._learned = setup.profile, known or readplan.Known(), learned
        self.base = profiles.placed(self.profile)
        self.image: Image = {}
        self.latest: dict[str, tuple[int, int]] = {}  # {quantity: (value, at)}
        self.read_at = 0  # UTC s of the beginning of the last look that succeeded
        self.back = Backoff(2.0, 300.0, free=1)
        self.slow_s = SLOW_EVERY
        self._seen: dict[str, int] = {}  # {lane: UTC s}
        self._once: Image = {}
        self._shared: dict[str, Places] = {}  # of values that share registers with what is read once: those must be new all the same
        self._plans: dict[object, list[Request]] = {}
        self._looking = asyncio.Lock()
        self._said = ""

    async def run(self, period_s: int) -> None:
        """Look once in `period_s` of market time, at multiples of it, so that a slot's end is seen; a late look is not made up for."""
        period_s = max(period_s, -(-self.profile.bus.get("poll_ms", 0) // 1000))
        self.slow_s = max(1, min(SLOW_EVERY, self.setup.stale_s // 2 // period_s)) * period_s
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
            self._doubt()
            self._say(error)
        else:
            if self._said:
                log.info("%s answers again", self.setup.name)
            self.back.worked()
            self._said = ""
            return True
        return False

    def _doubt(self) -> None:
        """All lanes are due again; after a while, all that is thought of the device is."""
        self._seen = {}
        if self.back.failures == ANOTHER_AFTER:
            self.base, self.image, self._once, self._plans = profiles.placed(self.profile), {}, {}, {}

    def _say(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._said and self.back.failures > 1:
            log.warning("%s at %s unit %d: %s (%s); trying again for ever", self.setup.name, self.setup.place, self.setup.unit, kind, error)
            self._said = kind

    async def look(self, every: bool = False) -> None:
        """Read the lanes that are due, or every one, and hand them on."""
        async with self._looking:
            await self._look(every)

    async def _look(self, every: bool) -> None:
        at = self.clock.now()
        if self.profile.sunspec and not self.base:
            self.base = await self._walk()
            self._plans = {}
        due = LANES if every else self._due(at)
        look, requests = Look(), self._requests(due)
        for request in requests:
            await self._ask(request, look, self._urgency(due))
        if requests and not look.image:
            raise Silent("it denies all that its profile reads")
        self._learn(look, at)
        self._keep(look, due, at)
        told = profiles.decode(self.profile, self.base, self._once | look.image, self.setup.name, at)
        readings = [r for r in told if self._shared.get(r.quantity, NONE) <= look.image.keys()]
        self.latest.update({r.quantity: (r.value, r.at) for r in readings})
        if readings:
            self._heard(readings, b"".join(look.raw))

    def _due(self, at: int) -> "tuple[str, ...]":
        every = {"fast": 0, "slow": self.slow_s, "once": ONCE_S}
        return tuple(lane for lane in LANES if lane not in self._seen or at - self._seen[lane] >= every[lane])

    def _urgency(self, due: "Iterable[str]") -> int:
        """A device that is silent is asked when nobody else wants the wire."""
        if self.back.failures:
            return PROBE
        if self.profile.kind == "meter":
            return METER
        return FAST if tuple(due) == ("fast",) else READ

    def _requests(self, due: "tuple[str, ...]") -> "list[Request]":
        """The cheapest requests for these lanes on this line."""
        if self.known.forgive(self.clock.now()):
            self._plans = {}
        line = self.wire.line()
        if (due, line) not in self._plans:
            self._plans[due, line] = readplan.requests(self.profile, self.base, due, line, self.known.holes())
        return self._plans[due, line]

    async def _ask(self, request: Request, look: Look, urgency: int) -> bool:
        """Read one request; when the device lacks a register in it, its parts. True when it was answered as it stands."""
        try:
            look.take(request, await self.wire.read(self.setup.unit, *request, urgency))
        except Denied as error:
            if error.args[0] != NO_SUCH_REGISTER:
                raise Silent(f"it answers with Modbus exception {error.args[0]}") from None
            await self._part(request, look, urgency)
            return False
        return True

    async def _part(self, request: Request, look: Look, urgency: int) -> None:
        """Find out what a denied request was denied for: a value that the device lacks, or what lies between values."""
        parts = readplan.parted(request, plan.spans(self.profile, self.base))
        if parts is None:
            look.absent.append((request[0], request[1], request[1] + request[2]))
            return
        answered = [await self._ask(part, look, urgency) for part in parts[:2]]
        if all(answered):
            look.gaps.append(parts[2])

    def _learn(self, look: Look, at: int) -> None:
        for function, first, after in look.absent:
            for address in range(first, after):
                self.image.pop((function, address), None)
                self._once.pop((function, address), None)
        if self.known.learn(look.gaps, look.absent, at):
            self._plans = {}
            if self._learned:
                self._learned(self.known)

    def _keep(self, look: Look, due: "tuple[str, ...]", at: int) -> None:
        self.image.update(look.image)
        if "once" in due:
            places = _places(plan.spans(self.profile, self.base, "once"))
            self._once = {place: register for place, register in look.image.items() if place in places}
            rows = [(row.quantity, _places(plan.of_row(row, self.base))) for row in self.profile.reads if row.lane != "once"]
            self._shared = {quantity: mine for quantity, mine in rows if mine & places}
        self._seen.update(dict.fromkeys(due, at))
        self.read_at = at

    async def _walk(self) -> "dict[int, int]":
        """Find the SunSpec models; BadProfile when the device is none or lacks one."""
        walk = profiles.sunspec_walk(self.profile)
        wanted: Any = next(walk)
        while True:
            try:
                function, address, count = wanted
                registers: list[int] | None = await self.wire.read(self.setup.unit, function, address, count, self._urgency(()))
            except Denied:
                registers = None
            try:
                wanted = walk.send(registers)
            except StopIteration as found:
                return dict(found.value)

    async def reread(self, requests: "Iterable[Request]") -> bool:
        """Bring the image up to now where a write went; False when the device does not let us read there."""
        try:
            for function, address, count in requests:
                registers = await self.wire.read(self.setup.unit, function, address, count, WRITE)
                self.image.update({(function, address + i): register for i, register in enumerate(registers)})
        except Denied:
            return False
        return True

    async def write(self, writes: "list[tuple[int, int, list[int]]]") -> None:
        """Write in order; the image follows, so that a register in flash is not written twice."""
        for function, address, registers in writes:
            await self.wire.write(self.setup.unit, function, address, registers)
            for i, register in enumerate(registers):
                self.image[3, address + i] = register


def _places(spans: "list[Request]") -> Places:
    """The registers of spans (function, first, after)."""
    return frozenset((function, address) for function, first, after in spans for address in range(first, after))
