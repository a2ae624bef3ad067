"""Every profile in the folder: a simulated device on a real wire says to the gateway what it was given, and understands each wish."""

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from modbus_help import setup, tcp

import drivers.profiles
from drivers import profile as profiles
from drivers.nouns import Reading
from drivers.tables import Control, Profile
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup, Place, names_in
from gateway.host.push import PushMeter
from gateway.host.unit import Unit
from gateway.host.wire import Wire
from sim_devices.bodies import Sheet
from sim_devices.face import Face
from sim_devices.framing import Rtu
from sim_devices.pushed import WRITERS, meter_of
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.typical import VALUES, typical

PROFILES = {name: profiles.load(name) for name in names_in(drivers.profiles)}
MODBUS = [name for name, profile in PROFILES.items() if profile.protocol == "modbus"]
BY_RTU = [name for name in MODBUS if any(link[0] == "rtu" for link in PROFILES[name].links)]
PUSHED = [name for name, profile in PROFILES.items() if profile.protocol != "modbus"]
DRIVEN = [(name, quantity) for name in MODBUS for quantity in PROFILES[name].controls]
UNIT = 3


def choices(profile: Profile) -> "list[tuple[int, ...]]":
    """The models of a SunSpec device of that profile, each choice once; and a device without what is optional."""
    first = [one[0] for one in profile.sunspec]
    found = [tuple(first)]
    for i, one in enumerate(profile.sunspec):
        found += [(*first[:i], other, *first[i + 1 :], *profile.optional) for other in one[1:]]
    return sorted(set(found))


CHOICES = [(name, models) for name in MODBUS if PROFILES[name].sunspec for models in choices(PROFILES[name])]


class Looker:
    """A gateway's unit that looks at one simulated device."""

    def __init__(self, name: str, place: Place) -> None:
        self.heard: "dict[str, int]" = {}
        self.device: DeviceSetup = setup(name, name, place, UNIT)
        self.wire = Wire(place, 1.0)
        self.unit = Unit(self.device, self.wire, Clock(), self._hear)

    def _hear(self, readings: "list[Reading]", raw: bytes) -> None:
        self.heard.update({r.quantity: r.value for r in readings})

    async def look(self) -> "dict[str, int]":
        await self.unit.look()
        return self.heard

    async def write(self, writes: "list[tuple[int, int, list[int]]]") -> None:
        for function, address, registers in writes:
            await self.wire.write(UNIT, function, address, registers)
            self.unit.image.update({(3, address + i): register for i, register in enumerate(registers)})


class Served:
    """A simulated device on a line, and a gateway's unit before it."""

    def __init__(self, name: str, sheet: Sheet, line: str = "tcp", models: "tuple[int, ...] | None" = None) -> None:
        self.name, self.line = name, line
        self.face = Face(PROFILES[name], sheet, models=models)
        units = {UNIT: self.face}
        self.server: Any = RtuBus(units) if line == "rtu" else TcpServer(units, framing=Rtu() if line == "rtu over tcp" else None)

    async def __aenter__(self) -> Looker:
        await self.server.start()
        self.looker = Looker(self.name, self._place())
        return self.looker

    def _place(self) -> Place:
        if self.line == "tcp":
            return tcp(self.server.port)
        _, baud, parity = next(link for link in PROFILES[self.name].links if link[0] == "rtu")
        place = Place(baud=int(baud), framing=f"8{parity}1")
        if self.line == "rtu":
            return replace(place, serial=self.server.wire.path)
        return replace(place, host="127.0.0.1", port=self.server.port, over_tcp=True)

    async def __aexit__(self, *_: object) -> None:
        self.looker.wire.close()
        await self.server.stop()


@pytest.mark.parametrize("name", MODBUS)
async def test_what_it_says_over_tcp_is_what_the_gateway_hears(name: str) -> None:
    said = typical(PROFILES[name])
    async with Served(name, Sheet(said)) as looker:
        assert await looker.look() == said


@pytest.mark.parametrize("name", BY_RTU)
async def test_what_it_says_over_rtu_is_what_the_gateway_hears(name: str) -> None:
    said = typical(PROFILES[name], -1)
    for line in ("rtu", "rtu over tcp"):
        async with Served(name, Sheet(said), line) as looker:
            assert await looker.look() == said


@pytest.mark.parametrize(("name", "models"), CHOICES)
async def test_every_choice_of_sunspec_models(name: str, models: "tuple[int, ...]") -> None:
    said = typical(PROFILES[name])
    async with Served(name, Sheet(said), models=models) as looker:
        heard = await looker.look()
    assert heard.items() <= said.items() and heard
    assert heard == said or not set(PROFILES[name].optional) <= set(models)


async def test_all_at_once_on_one_loop() -> None:
    """As many devices as there are profiles do not get into each other's way."""

    async def one(name: str) -> None:
        await test_what_it_says_over_tcp_is_what_the_gateway_hears(name)

    await asyncio.gather(*[one(name) for name in MODBUS])


def wishes(profile: Profile, control: Control) -> "list[int]":
    """Values that registers with shares in per cent can say, too."""
    full = typical(profile).get(control.nameplate, control.high)
    top = min(full, control.high, 1_000_000)
    usual = {"power_setpoint_w": 2000, "power_limit_w": 4000, "current_limit_ma": 10_000}[control.quantity]
    wanted = [min(usual, top), 0, -min(usual, top) if control.low < 0 else min(usual, top)]
    return [max(control.low, value) for value in wanted]


@pytest.mark.parametrize(("name", "quantity"), DRIVEN)
async def test_a_wish_is_understood_and_let_go(name: str, quantity: str) -> None:
    profile, sheet = PROFILES[name], Sheet(typical(PROFILES[name]))
    control, served = profile.controls[quantity], Served(name, sheet)
    async with served as looker:
        await looker.look()
        unit = looker.unit
        before = profiles.remembered(profile, unit.base, unit.image, quantity)
        seconds = profiles.refresh_s(profile, quantity, unit.base, unit.image) or 0
        for value in wishes(profile, control):
            sheet.words.clear()
            await looker.write(profiles.writes(profile, unit.base, unit.image, quantity, value, seconds))
            said = [wish for word, wish in sheet.words if word == quantity]
            assert said[-1:] == [value], sheet.words
            assert all(word != "timeout" or told == seconds for word, told in sheet.words)
            await looker.unit.look(every=True)
            if control.shows is None:
                assert profiles.readback(profile, unit.base, unit.image, quantity) in (value, None)
        sheet.words.clear()
        release = profiles.release(profile, unit.base, unit.image, quantity, before)
        await looker.write(release)
        assert release or seconds, "what stays must be let go by a write"
        assert value == 0 or (quantity, value) not in sheet.words
        if control.idiom in ("latch", "stored"):
            assert {key: served.face.image[key] for key in before} == before, "what stays is handed back as it was found"


@pytest.mark.parametrize("name", PUSHED)
async def test_what_it_pushes_is_what_the_gateway_hears(name: str) -> None:
    """Whatever a telegram of its kind carries; not every kind carries everything."""
    profile, said = PROFILES[name], dict(VALUES)
    assert profile.protocol in WRITERS, f"{name}: add a writer of {profile.protocol} to sim_devices/pushed.py"
    meter = meter_of(profile, 7, lambda: said, 1)
    await meter.start()
    heard: "dict[str, int]" = {}
    place = Place(serial=meter.wire.path, baud=115_200, framing="8N1")
    gateway = PushMeter(setup(name, name, place), Clock(), lambda readings, raw: heard.update({r.quantity: r.value for r in readings}))
    task = asyncio.create_task(gateway.run())
    said["power_w"] *= -1 if profile.protocol != "tic" else 1
    async with asyncio.timeout(5):
        for now in itertools.count():
            meter.tick(now)
            await asyncio.sleep(0.01)
            if heard:
                break
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await meter.stop()
    assert heard.items() <= said.items() and "energy_import_wh" in heard
