"""Walks a link and gathers what it finds, gently: one connection, a pause before each question, and nothing is written.

On a serial port meters that speak by themselves are listened for first, at each speed that a profile names; then the units of a bus
are asked. What was found stays in `found` whenever the walk is broken off.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import serial

from drivers.frames import Denied
from drivers.nouns import Reading, Silent
from drivers.profile import Profile
from drivers.push import Framer, framer
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup, Place
from gateway.host.link import end
from gateway.host.prober import NoDoor, Prober
from gateway.host.push import PushMeter
from gateway.host.recognise import Match, Registers, match, sunspec_name
from gateway.host.serial_port import open_port

NOBODY = (10, 11)  # exceptions of a gateway that finds no such unit
STRANGE_UNITS = (211, 187)
PROBES = ((3, 40000, 2), (3, 0, 1), (4, 0, 1))
LISTEN_S, QUICK_LISTEN_S = 12.0, 3.0  # the slowest meters speak every 10 s
CALL_S = 25.0  # a readout at 300 baud
BURSTS, GAP_S = 2, 0.3  # the first telegram may have begun before us, the second must be whole; the silence between two
NAMES = {"meter": "grid", "pv": "roof", "battery": "battery", "ev": "car", "heater": "heater"}


Probe = tuple[int, int, int]
Reply = list[int] | int  # registers, or the code of a refusal


@dataclass
class Device:
    """One that answers or speaks. fits: profiles, the best first; name: as it calls itself; secret: it speaks in cipher."""

    place: Place
    unit: int = 0
    fits: "list[Match]" = field(default_factory=list)
    name: str = ""
    secret: bool = False


class Scan:
    """known: all profiles; units: whom to ask; usual: those of them that are asked more than once; say: progress, a line each."""

    def __init__(self, known: "list[Profile]", units: "list[int]", usual: "set[int]", quick: bool, say: "Callable[[str], None]") -> None:
        self.known, self.units, self.usual, self.quick, self._say = known, units, usual, quick, say
        self.found: list[Device] = []

    async def host(self, place: Place) -> None:
        """A Modbus TCP host, or a converter with RTU behind it. NoDoor when it cannot be reached."""
        known = [p for p in self.known if any(link[0] in ("tcp", "rtu_tcp") for link in p.links)]
        prober = Prober(place)
        try:
            await self._walk(prober, known, {} if place.rtu else await self._strange(prober))
        finally:
            prober.close()

    async def port(self, path: str) -> None:
        """A serial port. NoDoor when it cannot be opened."""
        asked = [p for p in self.known if p.protocol != "modbus" and framer(p.protocol, p.quirks).talks] if not self.quick else []
        for (baud, framing), known in _speeds([p for p in self.known if p not in asked], "serial"):
            spoken = await self._listen(Place(serial=path, baud=baud, framing=framing), known)
            if spoken:
                return
            if spoken is None:
                break
        known = [p for p in self.known if any(link[0] == "rtu" for link in p.links)]
        for (baud, parity), _ in _speeds(known, "rtu"):  # any of them may be set to any speed
            prober = Prober(Place(serial=path, baud=baud, framing=f"8{parity}1"))
            self._say(f"{path}: asking units at {baud} baud 8{parity}1")
            try:
                if await self._walk(prober, known, {}):
                    return  # a bus has one speed
            finally:
                prober.close()
        for (baud, framing), known in _speeds(asked, "serial"):
            if await self._call(Place(serial=path, baud=baud, framing=framing), known[0]):
                return

    # -- asking

    async def _walk(self, prober: Prober, known: "list[Profile]", strange: "dict[Probe, Reply]") -> bool:
        """strange: what units that cannot be there answer; the first unit is looked at nevertheless, it may be all that there is."""
        before = len(self.found)
        for unit in self.units:
            probes = PROBES if unit in self.usual and not self.quick else PROBES[:1]
            if (strange and unit == self.units[0]) or await self._alive(prober, unit, probes, strange):
                await self._look(prober, unit, known)
        return len(self.found) > before

    async def _alive(self, prober: Prober, unit: int, probes: "tuple[Probe, ...]", strange: "dict[Probe, Reply]") -> bool:
        """Whether it answers, were it a refusal; some are silent about registers that they do not have."""
        for probe in probes:
            reply = await _reply(prober, unit, probe)
            if reply is not None and reply != strange.get(probe):
                return True
        return False

    async def _strange(self, prober: Prober) -> "dict[Probe, Reply]":
        """What is answered for units where nobody is by chance: some hosts answer to every number."""
        strange = {}
        for probe in PROBES:
            one, other = [await _reply(prober, unit, probe) for unit in STRANGE_UNITS]
            if one is None:
                break
            if one == other:
                strange[probe] = one
        if strange:
            self._say(f"{prober.place} answers to every unit number: units that answer alike are taken for one")
        return strange

    async def _look(self, prober: Prober, unit: int, known: "list[Profile]") -> None:
        self._say(f"unit {unit} answers, trying {len(known)} profiles on it")
        device = Device(prober.place, unit)
        self.found.append(device)

        async def ask(function: int, address: int, count: int) -> "list[int]":
            return await prober.ask(unit, function, address, count)

        registers = Registers(ask)
        try:
            device.name = await sunspec_name(registers)
            await match(known, registers, not self.quick, device.fits)
        except Silent:
            self._say(f"unit {unit} fell silent")
        self._say(f"unit {unit}: " + (f"{device.fits[0].profile.title}, by {device.fits[0].how}" if device.fits else "not known"))

    # -- listening

    async def _listen(self, place: Place, known: "list[Profile]") -> "bool | None":
        """Whether a push meter speaks there as these profiles say; None when nobody speaks at all (at a wrong speed one hears noise)."""
        self._say(f"{place}: listening at {place.baud} baud {place.framing}")
        heard = [(profile, framer(profile.protocol, profile.quirks)) for profile in known]
        ends = time.monotonic() + (QUICK_LISTEN_S if self.quick else LISTEN_S)
        bursts, last = 0, 0.0
        try:
            port = open_port(place.serial, place.baud, place.framing)
        except OSError as error:
            raise NoDoor(f"{place}: {error}: is it plugged in, and does nothing else use it?") from None
        with port:
            while time.monotonic() < ends and bursts < BURSTS:
                await asyncio.sleep(GAP_S / 10)
                data = _read(port, place)
                device = _recognised(place, heard, data)
                if device:
                    self.found.append(device)
                    return True
                if data:
                    last = time.monotonic()
                elif last and time.monotonic() > last + GAP_S:
                    bursts, last = bursts + 1, 0.0
        return False if bursts or last else None

    async def _call(self, place: Place, profile: Profile) -> bool:
        """Whether a meter answers that speaks only when it is called."""
        self._say(f"{place}: calling a meter at {place.baud} baud {place.framing}")
        told: asyncio.Future[list[Reading]] = asyncio.get_running_loop().create_future()

        def answered(readings: "list[Reading]", raw: bytes) -> None:
            if not told.done():
                told.set_result(readings)

        meter = asyncio.ensure_future(PushMeter(DeviceSetup("", profile, place, 0, "", 60, {}), Clock(), answered).run())
        await asyncio.wait([told], timeout=CALL_S)
        await end(meter)
        if told.done():
            values = {r.quantity: r.value for r in told.result()}
            self.found.append(Device(place, fits=[Match(profile, "its answer", True, values)]))
        return told.done()


async def _reply(prober: Prober, unit: int, probe: Probe) -> "Reply | None":
    """None: nobody answers, or a gateway for nobody."""
    try:
        return await prober.ask(unit, *probe)
    except Silent:
        return None
    except Denied as denied:
        return None if denied.code in NOBODY else denied.code


def _read(port: serial.Serial, place: Place) -> bytes:
    try:
        return bytes(port.read(65536))
    except OSError as error:
        raise NoDoor(f"{place}: {error}: was it pulled out?") from None


def _recognised(place: Place, heard: "list[tuple[Profile, Framer]]", data: bytes) -> "Device | None":
    """The meter, once one of the framers has a whole telegram of it."""
    device = Device(place)
    for profile, one in heard:
        one.add(data, int(time.time()))
        telegram = one.next()
        if telegram is not None and telegram.readings:
            device.name = telegram.meter
            device.fits.append(Match(profile, "its telegrams", True, dict(telegram.readings)))
        elif one.locked:
            device.secret = True
            device.fits.append(Match(profile, "its telegrams, which are encrypted"))
    return device if device.fits else None


def _speeds(known: "list[Profile]", kind: str) -> "list[tuple[tuple[int, str], list[Profile]]]":
    """[((baud, framing), profiles)] of a kind of link, the most usual speed first."""
    by: dict[tuple[int, str], list[Profile]] = {}
    for profile in known:
        for link in profile.links:
            if link[0] == kind:
                by.setdefault((int(link[1]), str(link[-1])), []).append(profile)
    return sorted(by.items(), key=lambda item: (-len(item[1]), item[0]))
