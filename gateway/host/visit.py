"""Every device of a home looked at by hand, by the same bus that runs it, without a market, without a word of writing.

For whoever wires up a house: `read`, `check` and the guided test.
"""

import asyncio
import logging
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

from drivers.nouns import BadProfile, Garbled, Reading, Silent
from gateway.acts import Save
from gateway.host.bus import Bus
from gateway.host.clock import clock_from
from gateway.host.home_devices import DeviceSetup
from gateway.host.home_toml import HomeSetup
from gateway.host.link import end
from gateway.host.push import PushMeter
from gateway.host.serial_port import open_port
from gateway.host.unit import Unit
from gateway.host.wire import Denied, NoLink

PATIENCE_S = 15.0  # longer than the pause of the slowest push meter, seconds of the wall's clock
TRIES = 2
logging.getLogger("elecbay").addHandler(logging.NullHandler())  # what the bus would log is said here as an answer


@dataclass
class Seen:
    """The last look at one device. why: why there was none, in words; answers: it did answer, but not as its profile says; raw: bytes."""

    readings: "list[Reading]" = field(default_factory=list)
    raw: bytes = b""
    why: str = ""
    answers: bool = False

    @property
    def values(self) -> "dict[str, int]":
        """{quantity: value}."""
        return {r.quantity: r.value for r in self.readings}


class Visit:
    """Use it as `async with`. seen: {device: its last look}; units: {device: Unit} of those that are asked."""

    def __init__(self, setup: HomeSetup, only: "Container[str] | None" = None) -> None:
        self.devices = tuple(d for d in setup.devices if only is None or d.name in only)
        self.clock = clock_from(setup.simulation)
        self.seen = {device.name: Seen(why="not looked at yet") for device in self.devices}
        bus = Bus(self.devices, self.clock, self._heard, _nothing_kept, {})
        self.units: dict[str, Unit] = {name: keeper.unit for name, keeper in bus.keepers.items()}
        self._wires, self._meters = list(bus.wires.values()), bus.meters
        self._news = {meter.setup.name: asyncio.Event() for meter in bus.meters}
        self._barred: dict[str, str] = {}  # why a port cannot be listened to
        self._listening: list[asyncio.Future[None]] = []

    async def __aenter__(self) -> "Visit":
        for meter in self._meters:
            self._barred[meter.setup.name] = _barred(meter.setup)
            if not self._barred[meter.setup.name]:
                self._listening.append(asyncio.ensure_future(meter.run()))
        return self

    async def __aexit__(self, kind: "type[BaseException] | None", error: "BaseException | None", trace: "TracebackType | None") -> None:
        await end(*self._listening)
        for wire in self._wires:
            wire.close()

    async def look(self, again: bool = True) -> None:
        """One look at every device, at all side by side. again: also at those that the last look did not find."""
        names = [name for name, seen in self.seen.items() if again or not seen.why]
        asked = [self._ask(unit) for name, unit in self.units.items() if name in names]
        await asyncio.gather(*asked, *[self._hear(meter) for meter in self._meters if meter.setup.name in names])

    def _heard(self, readings: "list[Reading]", raw: bytes) -> None:
        name = readings[0].device
        self.seen[name] = Seen(readings, raw)
        if name in self._news:
            self._news[name].set()

    async def _ask(self, unit: Unit) -> None:
        name = unit.setup.name
        self.seen[name] = Seen()
        for _ in range(TRIES):
            try:
                await unit.look(every=True)
            except (Silent, Garbled, BadProfile, Denied) as error:
                self.seen[name].why = _said(error, unit.setup)
                self.seen[name].answers = isinstance(error, (BadProfile, Denied)) or str(error).startswith("it ")
            else:
                break
        if not self.seen[name].readings and not self.seen[name].why:
            self.seen[name] = Seen(why="it has none of the values of this profile: is it the right one?", answers=True)

    async def _hear(self, meter: PushMeter) -> None:
        name, place = meter.setup.name, meter.setup.place
        self._news[name].clear()
        why = self._barred[name]
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if why else PATIENCE_S):
                await self._news[name].wait()
                return
        quiet = f"no telegram came in {PATIENCE_S:.0f} s at {place.baud} baud {place.framing}"
        self.seen[name] = Seen(why=why or f"{quiet}: check the cable and the meter's own PIN or switch, or let `elecbay scan` listen")


def _nothing_kept(saves: "list[Save]") -> None:
    """A visit leaves no trace."""


def _said(error: Exception, device: DeviceSetup) -> str:
    """What went wrong, and what to do."""
    place, unit = device.place, device.unit
    if isinstance(error, NoLink):
        return f"{error}: check power, cable and address"
    if isinstance(error, Silent) and str(error).startswith("it "):
        return f"{error}: is {device.profile.name} the right profile, and {unit} its unit?"
    if isinstance(error, Silent):
        line = f", or at another speed than {place.baud} baud {place.framing}" if place.baud else ""
        return f"unit {unit} at {place} does not answer: it is off, has another unit number{line}; `elecbay scan` looks for it"
    if isinstance(error, Garbled):
        return f"what comes from unit {unit} at {place} is garbled: two devices with one number, or a bad cable?"
    return str(error)


def _barred(device: DeviceSetup) -> str:
    """Why a port cannot be opened; "" when it can."""
    try:
        open_port(device.place.serial, device.place.baud, device.place.framing).close()
    except OSError as error:
        return f"{error}: is it plugged in, and does nothing else use it (a running `elecbay run`)?"
    return ""
