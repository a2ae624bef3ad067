"""Every profile in the folder: a simulated device on a real wire says to the gateway what it was given, and understands each wish."""

import asyncio
import itertools
import os
from typing import Any

import pytest
from modbus_help import rtu, setup, tcp
from profile_values import VALUES, typical

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
from sim_devices.pushed import WRITERS, meter_of
from sim_devices.servers import RtuBus, TcpServer

PROFILES = {name: profiles.load(name) for name in names_in(drivers.profiles)}
MODBUS = [name for name, profile in PROFILES.items() if profile.protocol == "modbus"]
BY_RTU = [name for name in MODBUS if any(link[0] == "rtu" for link in PROFILES[name].links)]
PUSHED = [name for name, profile in PROFILES.items() if profile.protocol != "modbus"]
DRIVEN = [(name, quantity) for name in MODBUS for quantity in PROFILES[name].controls]
UNIT = 3


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
    """A simulated device on TCP or on a pty, and a gateway's unit before it."""

    def __init__(self, name: str, sheet: Sheet, serial: bool = False) -> None:
        self.name, self.serial = name, serial
        self.face = Face(PROFILES[name], sheet)
        self.server: Any = (RtuBus if serial else TcpServer)({UNIT: self.face})

    async def __aenter__(self) -> Looker:
        await self.server.start()
        self.looker = Looker(self.name, self._place())
        return self.looker

    def _place(self) -> Place:
        if not self.serial:
            return tcp(self.server.port)
        _, baud, parity = next(link for link in PROFILES[self.name].links if link[0] == "rtu")
        return rtu(os.fspath(self.server.wire.path), int(baud), f"8{parity}1")

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
    async with Served(name, Sheet(said), serial=True) as looker:
        assert await looker.look() == said


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
    control = profile.controls[quantity]
    async with Served(name, sheet) as looker:
        await looker.look()
        unit = looker.unit
        seconds = profiles.refresh_s(profile, quantity, unit.base, unit.image) or 0
        before = profiles.remembered(profile, unit.base, unit.image, quantity)
        for value in wishes(profile, control):
            sheet.words.clear()
            await looker.write(profiles.writes(profile, unit.base, unit.image, quantity, value, seconds))
            told = [said for word, said in sheet.words if word == quantity]
            assert told and told[-1] == value, f"after all its steps it is told {sheet.words}"
            assert all(word != "timeout" or said == seconds for word, said in sheet.words)
            await looker.look()
        sheet.words.clear()
        release = profiles.release(profile, unit.base, unit.image, quantity, before)
        await looker.write(release)
        assert release or seconds, "what latches must be let go by a write"
        assert (quantity, value) not in sheet.words or value == 0


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
