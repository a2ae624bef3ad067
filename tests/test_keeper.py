"""Commands against pymodbus's server: written at once, refreshed while they hold, released at their end, on stop and at the next start."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from host_help import until
from modbus_help import Hand, Peer, TcpPeers, setup, tcp
from pymodbus.constants import ExcCodes

from drivers import profile as profiles
from drivers.nouns import Command
from gateway.host.bus import Bus
from gateway.host.clock import FastClock
from gateway.host.keeper import WRITES
from gateway.host.link import end
from gateway.host.store import Store

START = 1_000_000
WISH = {"sunspec_battery": ("power_setpoint_w", 1000), "heidelberg": ("current_limit_ma", 8000), "mypv_elwa": ("power_setpoint_w", 1500)}
SAYS = {
    "sunspec_battery": {"power_w": 0, "soc_permille": 500, "power_max_w": 5000, "capacity_wh": 10_000},
    "heidelberg": {"status": 7, "plugged": 1, "charging": 1},
    "mypv_elwa": {"power_w": 0, "temperature_mc": 50_000, "power_max_w": 3500},
}


class Rig:
    """One device, its bus and its store."""

    def __init__(self, profile: str, folder: Path, clock: Any = None) -> None:
        self.profile, self.folder = profile, folder
        self.peer = Peer.of(profile, 1, SAYS[profile])
        self.peers = TcpPeers(self.peer)
        self.clock = clock or Hand(START)
        self.store: Any = None

    def open(self) -> Bus:
        self.store = Store(self.folder)
        device = setup("d", self.profile, tcp(self.peers.port))
        self.bus = Bus((device,), self.clock, lambda r, raw: None, self.store.commit, self.store.tables())
        for wire in self.bus.wires.values():
            wire.timeout_s = 0.2
        return self.bus

    @contextlib.asynccontextmanager
    async def running(self) -> "AsyncIterator[Bus]":
        bus = self.open()
        tasks = [asyncio.create_task(job) for job in bus.jobs(10)]
        try:
            yield bus
        finally:
            await end(*tasks)
            for wire in bus.wires.values():
                wire.close()
            self.store.close()

    def command(self, value: int, until_s: int) -> None:
        self.bus.command(Command("d", WISH[self.profile][0], value, START + until_s))

    def meant(self) -> "list[int]":
        """What the device understood of its writes, by its own profile backwards."""
        profile = profiles.load(self.profile)
        base, image = profiles.blank(profile)
        image.update(self.peer.image)
        found = [profiles.understand(profile, base, image, 16, address, regs) for address, regs in self.peer.written]
        return [value for words in found for quantity, value in words if quantity == WISH[self.profile][0]]

    def held(self) -> "list[str]":
        return sorted(self.store.tables().get(WRITES, {}))


@pytest.fixture(params=sorted(WISH))
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def rig(profile: str, tmp_path: Path) -> "Iterator[Rig]":
    return Rig(profile, tmp_path)  # type: ignore[return-value]


async def settled(rig: Rig) -> None:
    """Wait until no more is written."""
    before = -1
    while before != len(rig.peer.written):
        before = len(rig.peer.written)
        await asyncio.sleep(0.08)


async def test_a_command_is_written_once_and_released_at_its_end(rig: Rig) -> None:
    quantity, value = WISH[rig.profile]
    async with rig.peers, rig.running():
        rig.command(value, 300)
        await until(rig.meant)
        await settled(rig)
        assert rig.meant()[-1] == value
        assert rig.held() == [f"d {quantity}"]
        before = len(rig.peer.written)
        for _ in range(5):
            rig.command(value, 300)
        await settled(rig)
        assert len(rig.peer.written) == before, "unchanged, and no refresh due"
        rig.clock.at = START + 301
        await until(lambda: not rig.held())
        await settled(rig)
        after = rig.peer.written[before:]
        assert after, "released"
        await asyncio.sleep(0.1)
        assert rig.peer.written[before:] == after, "and left alone"


async def test_a_new_value_is_written_at_once(rig: Rig) -> None:
    _quantity, value = WISH[rig.profile]
    async with rig.peers, rig.running():
        for part in (value, value - 500, value):
            rig.command(part, 300)
            await until(lambda part=part: rig.meant()[-1:] == [part])


async def test_it_is_refreshed_at_a_third_of_the_devices_time_out(rig: Rig) -> None:
    quantity, value = WISH[rig.profile]
    async with rig.peers, rig.running() as bus:
        rig.command(value, 10_000)
        await until(rig.meant)
        await settled(rig)
        unit = bus.keepers["d"].unit
        refresh = profiles.refresh_s(unit.profile, quantity, unit.base, unit.image)
        if unit.profile.controls[quantity].idiom == "traffic":
            before = len(rig.peer.written)
            rig.clock.at += refresh
            await until(lambda: rig.peer.read)
            assert len(rig.peer.written) == before, "it is looked at, and that is enough"
            return
        for _ in range(3):
            before = len(rig.meant())
            rig.clock.at += refresh // 3 - 1
            await asyncio.sleep(0.1)
            assert len(rig.meant()) == before, "not yet due"
            rig.clock.at += 2
            await until(lambda before=before: len(rig.meant()) == before + 1)
            assert rig.meant()[-1] == value


async def test_a_stop_says_the_farewell_and_releases(rig: Rig) -> None:
    quantity, value = WISH[rig.profile]
    async with rig.peers, rig.running() as bus:
        rig.command(value, 300)
        await until(rig.meant)
        await settled(rig)
        before = len(rig.peer.written)
        for keeper in bus.keepers.values():
            await keeper.stop([Command("d", quantity, 0, START)])
        assert rig.meant()[-1] == 0
        assert len(rig.peer.written) > before
        assert rig.held() == []


async def test_nothing_is_written_to_a_device_that_we_do_not_hold(rig: Rig) -> None:
    quantity, _value = WISH[rig.profile]
    async with rig.peers, rig.running() as bus:
        await until(lambda: rig.peer.read)
        await bus.keepers["d"].stop([Command("d", quantity, 0, START)])
        assert rig.peer.written == []


async def test_what_a_dead_process_left_is_released_at_the_next_start(rig: Rig) -> None:
    quantity, value = WISH[rig.profile]
    async with rig.peers:
        async with rig.running():
            rig.command(value, 300)
            await until(rig.meant)
            await settled(rig)
        assert len(rig.peer.written) > 0
        before = len(rig.peer.written)
        async with rig.running():
            assert rig.held() == [f"d {quantity}"]
            await until(lambda: not rig.held())
            assert len(rig.peer.written) > before
        async with rig.running():
            await asyncio.sleep(0.1)
            before = len(rig.peer.written)
        assert len(rig.peer.written) == before


async def test_a_silent_device_is_released_when_it_is_back(tmp_path: Path) -> None:
    rig = Rig("mypv_elwa", tmp_path)
    async with rig.peers, rig.running() as bus:
        bus.keepers["d"].unit.back.first_s = 0.05
        rig.command(1500, 300)
        await until(rig.meant)
        rig.peer.delay_s = 2.0
        rig.clock.at = START + 301
        await asyncio.sleep(0.6)
        assert rig.held(), "not released yet"
        rig.peer.delay_s = 0.0
        await until(lambda: not rig.held())
        assert rig.meant()[-1] == 0


async def test_a_silent_device_is_not_asked_for_each_new_wish(tmp_path: Path) -> None:
    """That would cost its neighbours on the bus a time-out each."""
    rig = Rig("mypv_elwa", tmp_path)
    async with rig.peers, rig.running() as bus:
        rig.command(1500, 300)
        await until(rig.meant)
        rig.peer.delay_s = 1.0
        unit = bus.keepers["d"].unit
        rig.command(1000, 300)
        await until(lambda: unit.back.left_s)
        wire, tries = unit.wire, []
        real = wire.write
        wire.write = lambda *request: (tries.append(request), real(*request))[1]  # type: ignore[method-assign]
        for value in range(20):
            rig.command(value, 300)
            await asyncio.sleep(0.02)
        assert not tries


async def test_a_wish_that_comes_while_releasing_is_followed(tmp_path: Path) -> None:
    rig = Rig("mypv_elwa", tmp_path)
    async with rig.peers, rig.running():
        rig.command(1500, 300)
        await until(rig.meant)
        rig.peer.delay_s = 0.1
        rig.clock.at = START + 301
        await asyncio.sleep(0.05)
        rig.command(1500, 600)
        await until(lambda: rig.meant()[-1] == 1500 and rig.held() and len(rig.meant()) >= 2)
        await settled(rig)
        assert rig.meant()[-1] == 1500


async def test_a_refusal_is_said_once_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig("mypv_elwa", tmp_path)
    rig.peer.denies = ExcCodes.DEVICE_BUSY
    async with rig.peers, rig.running() as bus:
        bus.keepers["d"]._denied.first_s = 0.05
        rig.command(1500, 300)
        await until(lambda: "refuses what is written" in caplog.text)
        reads = len(rig.peer.read)
        rig.clock.at += 11
        await until(lambda: len(rig.peer.read) > reads)  # it is still looked at
        rig.peer.denies = None
        await until(lambda: rig.meant() == [1500])
    assert caplog.text.count("refuses what is written") == 1


async def test_a_value_in_flash_is_written_only_when_it_differs(tmp_path: Path) -> None:
    rig = Rig("heidelberg", tmp_path)
    async with rig.peers, rig.running():
        for value in (8000, 9000, 10_000, 11_000):
            rig.command(value, 300)
            await until(lambda value=value: rig.meant()[-1:] == [value])
    flash = [address for address, _ in rig.peer.written if address in (257, 258)]
    assert len(flash) <= 2, rig.peer.written


async def test_a_device_that_left_the_config_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig("mypv_elwa", tmp_path)
    async with rig.peers:
        async with rig.running():
            rig.command(1500, 300)
            await until(rig.meant)
        store = Store(tmp_path)
        Bus((), rig.clock, lambda r, raw: None, store.commit, store.tables())
        assert "d was left with its power_setpoint_w written" in caplog.text
        assert not store.tables().get(WRITES)


async def test_two_hundred_and_forty_times_as_fast(tmp_path: Path) -> None:
    """A slot of 300 s is 1.25 s: the water heater's 20 s are kept all the same."""
    rig = Rig("mypv_elwa", tmp_path, FastClock(START, 240))
    async with rig.peers, rig.running():
        rig.command(1500, 300)
        await until(lambda: rig.meant() and not rig.held(), 3)
    assert rig.meant().count(1500) >= 10
    assert rig.meant()[-1] == 0
