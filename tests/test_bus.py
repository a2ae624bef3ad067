"""The bus against pymodbus's server: one connection a link, a dead unit delays nobody, every link comes back, writes go first."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from host_help import pty_pair, until
from modbus_help import Hand, Peer, TcpPeers, rtu, serial_peers, setup, tcp

from drivers import profile as profiles
from drivers.crc import modbus
from drivers.nouns import Command, Garbled, Reading, Silent
from gateway.host import unit as units
from gateway.host import wire as wires
from gateway.host.bus import Bus
from gateway.host.clock import Clock, FastClock
from gateway.host.home_devices import DeviceSetup, Place
from gateway.host.link import end
from gateway.host.unit import Unit
from gateway.host.turns import Backoff, Turn
from gateway.host.wire import Denied, NoLink, Wire

METER = {"power_w": 1234, "energy_import_wh": 5_000_000, "energy_export_wh": 77_000}
BOX = {"status": 7, "plugged": 1, "charging": 1, "current_l1_ma": 6000, "power_w": 4140, "energy_import_wh": 12_345}
ROOF = {"power_w": -4200, "energy_export_wh": 9_000_000}
STORE = {"power_w": 900, "soc_permille": 480}


class Ears:
    """What was heard."""

    def __init__(self) -> None:
        self.frames: "list[tuple[list[Reading], bytes]]" = []

    def __call__(self, readings: "list[Reading]", raw: bytes) -> None:
        self.frames.append((readings, raw))

    def values(self, device: str) -> "dict[str, int]":
        return {r.quantity: r.value for readings, _ in self.frames for r in readings if r.device == device}

    def count(self, device: str) -> int:
        return sum(readings[0].device == device for readings, _ in self.frames)


@contextlib.asynccontextmanager
async def running(bus: Bus, poll_s: int = 10) -> "AsyncIterator[Bus]":
    tasks = [asyncio.create_task(job) for job in bus.jobs(poll_s)]
    try:
        yield bus
    finally:
        await end(*tasks)
        await bus.stop([], 2)
    assert all(task.cancelled() for task in tasks), tasks


def bus_of(ears: Ears, *devices: DeviceSetup, clock: "Clock | None" = None) -> Bus:
    return Bus(devices, clock or FastClock(1_000_000, 240), ears, lambda saves: None, {})


async def one_look(place: Place, profile: str, unit: int = 1) -> "tuple[dict[str, int], bytes, Unit]":
    ears = Ears()
    looker = Unit(setup("d", profile, place, unit), Wire(place, 0.3), Clock(), ears)
    await looker.look()
    looker.wire.close()
    return ears.values("d"), ears.frames[0][1], looker


KINDS = [("sdm630", METER), ("heidelberg", BOX), ("sunspec_inverter", ROOF), ("sunspec_battery", STORE)]


@pytest.mark.parametrize(("profile", "values"), KINDS)
async def test_every_kind_of_device_over_tcp(profile: str, values: "dict[str, int]") -> None:
    async with TcpPeers(Peer.of(profile, 1, values)) as peers:
        said, raw, _ = await one_look(tcp(peers.port), profile)
    assert values.items() <= said.items()
    assert len(raw) >= 2 * len(values)


async def test_one_bus_several_devices_over_rtu() -> None:
    ears = Ears()
    async with serial_peers(Peer.of("heidelberg", 1, BOX), Peer.of("sdm630", 2, METER)) as path:
        bus = bus_of(ears, setup("car", "heidelberg", rtu(path), 1), setup("grid", "sdm630", rtu(path), 2))
        assert len(bus.wires) == 1
        async with running(bus):
            await until(lambda: ears.count("car") >= 3 and ears.count("grid") >= 3)
    assert METER.items() <= ears.values("grid").items()
    assert BOX.items() <= ears.values("car").items()


async def test_a_serial_port_can_be_opened_again_with_parity() -> None:
    """glibc answers EINVAL to a tcsetattr that changes nothing, as a wish for parity on a pty."""
    async with serial_peers(Peer.of("sdm630", 2, METER)) as path:
        for _ in range(3):
            said, _raw, _ = await one_look(rtu(path), "sdm630", 2)
            assert said["power_w"] == 1234


async def test_a_serial_port_has_one_owner() -> None:
    async with serial_peers(Peer.of("sdm630", 2, METER)) as path:
        first, second = Wire(rtu(path), 0.3), Wire(rtu(path), 0.3)
        await first.read(2, 4, 0, 2)
        with pytest.raises(NoLink, match="lock"):
            await second.read(2, 4, 0, 2)
        first.close()
        second.close()


async def test_logical_devices_share_one_connection() -> None:
    ears = Ears()
    async with TcpPeers(Peer.of("sunspec_inverter", 1, ROOF), Peer.of("sunspec_battery", 2, STORE), Peer.of("sdm630", 3, METER)) as peers:
        place = tcp(peers.port)
        roof, store = setup("roof", "sunspec_inverter", place, 1), setup("store", "sunspec_battery", place, 2)
        bus = bus_of(ears, roof, store, setup("grid", "sdm630", place, 3))
        async with running(bus):
            await until(lambda: all(ears.count(name) >= 3 for name in ("roof", "store", "grid")))
        assert peers.connections == 1


async def test_a_dead_unit_delays_nobody_but_itself() -> None:
    ears = Ears()
    async with serial_peers(Peer.of("sdm630", 2, METER)) as path:
        place = rtu(path)
        dead = [setup(f"dead{unit}", "sdm630", place, unit) for unit in (7, 8)]
        bus = bus_of(ears, *dead, setup("grid", "sdm630", place, 2))
        for wire in bus.wires.values():
            wire.timeout_s = 0.15
        async with running(bus):
            await asyncio.sleep(1.5)
            began, count = time.monotonic(), ears.count("grid")
            await asyncio.sleep(1.0)
            per_s = (ears.count("grid") - count) / (time.monotonic() - began)
    assert per_s > 5, f"{per_s} looks a second beside two dead units, 24 are wished"
    assert not ears.count("dead7")


async def test_a_unit_that_comes_back_is_heard_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    ears, peer = Ears(), Peer.of("sdm630", 1, METER)
    async with TcpPeers(peer) as peers:
        bus = bus_of(ears, setup("grid", "sdm630", tcp(peers.port)))
        for wire in bus.wires.values():
            wire.timeout_s = 0.1
        bus.keepers["grid"].unit.back.first_s = 0.1
        with caplog.at_level("INFO"):
            async with running(bus):
                await until(lambda: ears.count("grid"))
                peer.delay_s = 1.0
                await until(lambda: "trying again for ever" in caplog.text)
                peer.delay_s, count = 0.0, ears.count("grid")
                await until(lambda: ears.count("grid") > count + 2)
    assert caplog.text.count("grid at 127.0.0.1") == 1
    assert "grid answers again" in caplog.text


async def test_a_link_that_comes_back_is_used_again(caplog: pytest.LogCaptureFixture) -> None:
    ears = Ears()
    peers = TcpPeers(Peer.of("sdm630", 1, METER))
    bus = bus_of(ears, setup("grid", "sdm630", tcp(peers.port)))
    for wire in bus.wires.values():
        wire.timeout_s, wire._back = 0.2, Backoff(0.05, 0.1)
    async with running(bus):
        await until(lambda: "cannot be reached" in caplog.text)
        await peers.start()
        await until(lambda: ears.count("grid") > 2)
        await peers.stop()
        await asyncio.sleep(0.5)
        count = ears.count("grid")
        await peers.start()
        await until(lambda: ears.count("grid") > count + 2)
        await peers.stop()
    assert 1 <= caplog.text.count("cannot be reached") <= 4, "said when it changes, not at each try"


async def test_a_serial_port_that_vanishes_is_opened_again(tmp_path: Any) -> None:
    ears, link = Ears(), tmp_path / "port"
    place = rtu(link)
    bus = None
    async with serial_peers(Peer.of("sdm630", 2, METER)) as path:
        link.symlink_to(path)
        bus = bus_of(ears, setup("grid", "sdm630", place, 2))
        wire = next(iter(bus.wires.values()))
        wire.timeout_s, wire._back = 0.1, Backoff(0.05, 0.1)
        bus.keepers["grid"].unit.back.first_s = 0.05
        tasks = [asyncio.create_task(job) for job in bus.jobs(10)]
        await until(lambda: ears.count("grid"))
    link.unlink()
    await asyncio.sleep(0.3)
    count = ears.count("grid")
    async with serial_peers(Peer.of("sdm630", 2, METER)) as path:
        link.symlink_to(path)
        await until(lambda: ears.count("grid") > count + 1)
        await end(*tasks)
        await bus.stop([], 1)


async def test_a_block_with_a_hole_is_split_once_and_remembered() -> None:
    peer = Peer.of("sdm630", 1, METER)
    hole = next(row.address for row in profiles.load("sdm630").reads if row.quantity == "frequency_mhz")
    del peer.image[4, hole]
    async with TcpPeers(peer) as peers:
        ears = Ears()
        wire = Wire(tcp(peers.port), 0.3)
        looker = Unit(setup("grid", "sdm630", wire.place), wire, Clock(), ears)
        await looker.look()
        first = len(peer.read)
        await looker.look()
        assert len(peer.read) - first < first
        second = peer.read[first:]
        assert all(not (address <= hole < address + count) for _, address, count in second)
        wire.close()
    assert METER.items() <= ears.values("grid").items()
    assert "frequency_mhz" not in ears.values("grid") and "voltage_l1_mv" in ears.values("grid")


async def test_what_is_no_sunspec_device_is_said(caplog: pytest.LogCaptureFixture) -> None:
    async with TcpPeers(Peer(1, {(3, 0): 0})) as peers:
        wire = Wire(tcp(peers.port), 0.3)
        looker = Unit(setup("roof", "sunspec_inverter", wire.place), wire, Clock(), Ears())
        looker.back.first_s = 0.01
        for _ in range(3):
            assert not await looker.attempt(looker.look())
        wire.close()
    assert caplog.text.count("no SunSpec device answers") == 1


async def test_a_look_is_dated_with_its_beginning_and_never_overlaps_itself() -> None:
    ears, peer, clock = Ears(), Peer.of("sdm630", 1, METER), Hand(1_000_000)
    peer.delay_s = 0.1
    async with TcpPeers(peer) as peers:
        bus = bus_of(ears, setup("grid", "sdm630", tcp(peers.port)), clock=clock)
        async with running(bus):
            await until(lambda: peer.read)
            clock.at += 35
            await until(lambda: ears.frames)
            assert {r.at for r in ears.frames[0][0]} == {1_000_000}
            await asyncio.sleep(0.3)
            assert len(ears.frames) == 1, "the next look is due at a multiple of the period"
            clock.at += 5
            await until(lambda: len(ears.frames) == 2)
            assert {r.at for r in ears.frames[1][0]} == {1_000_040}


async def test_denied_and_silent_are_told_apart() -> None:
    peer = Peer(1, {(3, 5): 7, (3, 8): 9})
    async with TcpPeers(peer) as peers:
        wire = Wire(tcp(peers.port), 0.2)
        assert await wire.read(1, 3, 5, 1) == [7]
        with pytest.raises(Denied) as caught:
            await wire.read(1, 3, 6, 1)
        assert caught.value.args == (2,)
        peer.delay_s = 0.3
        with pytest.raises(Silent):
            await wire.read(1, 3, 5, 1)
        peer.delay_s = 0.0
        assert await wire.read(1, 3, 8, 1) == [9], "not the late answer"
        wire.close()


async def test_a_late_answer_is_not_taken_for_the_next_ones() -> None:
    """RTU numbers no requests: the peer answers the first request after our time-out, then all at once."""
    with pty_pair() as (master, path):
        asked: "list[bytes]" = []
        loop = asyncio.get_running_loop()

        def reply(value: int) -> bytes:
            body = bytes([1, 3, 2]) + value.to_bytes(2, "big")
            return body + modbus(body).to_bytes(2, "little")

        def ready() -> None:
            asked.append(os.read(master, 256))
            late = 0.3 if len(asked) == 1 else 0.0
            loop.call_later(late, os.write, master, reply(len(asked)))

        loop.add_reader(master, ready)
        wire = Wire(rtu(path), 0.2)
        try:
            with pytest.raises(Silent):
                await wire.read(1, 3, 0, 1)
            assert await wire.read(1, 3, 10, 1) == [2]
        finally:
            loop.remove_reader(master)
            wire.close()


async def test_an_answer_of_the_wrong_length_is_garbled() -> None:
    with pty_pair() as (master, path):
        body = bytes([1, 3, 4, 0, 1, 0, 2])
        loop = asyncio.get_running_loop()
        loop.add_reader(master, lambda: (os.read(master, 256), os.write(master, body + modbus(body).to_bytes(2, "little"))))
        wire = Wire(rtu(path), 0.3)
        try:
            with pytest.raises(Garbled):
                await wire.read(1, 3, 0, 1)
        finally:
            loop.remove_reader(master)
            wire.close()


async def test_the_turn_goes_to_the_most_urgent() -> None:
    turn, order = Turn(), []
    await turn.take(wires.READ)

    async def wait(name: str, urgency: int) -> None:
        await turn.take(urgency)
        order.append(name)
        turn.give()

    names = [("read1", wires.READ), ("meter", wires.METER), ("gone", wires.WRITE), ("write", wires.WRITE), ("read2", wires.READ)]
    tasks = [asyncio.create_task(wait(*n)) for n in names]
    await asyncio.sleep(0)
    tasks[2].cancel()
    turn.give()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["write", "meter", "read1", "read2"]
    await turn.take(0)


async def test_a_cancelled_turn_is_handed_on() -> None:
    turn = Turn()
    await turn.take(0)
    first, second = (asyncio.create_task(turn.take(0)) for _ in range(2))
    await asyncio.sleep(0)
    turn.give()
    first.cancel()
    await asyncio.wait_for(second, 1)


async def test_backoff_doubles_from_2_s_to_5_min() -> None:
    back, pauses = Backoff(2.0, 300.0, free=1), []
    for _ in range(12):
        back.failed()
        pauses.append(round(back.left_s))
    assert pauses == [0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    back.worked()
    assert back.left_s == 0


async def test_a_command_that_nobody_can_follow_is_said(caplog: pytest.LogCaptureFixture) -> None:
    bus = bus_of(Ears(), setup("grid", "sdm630", tcp(1)))
    bus.command(Command("grid", "power_setpoint_w", 5, 10))
    bus.command(Command("nobody", "power_setpoint_w", 5, 10))
    assert caplog.text.count("cannot be told its power_setpoint_w") == 2


def test_the_gateways_process_stays_lean() -> None:
    """No server, web or number library is loaded by what `elecbay run` imports."""
    code = "import sys, gateway.host.run; print(' '.join(sys.modules))"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    heavy = {"pymodbus.server", "aiohttp", "numpy", "pandas", "rich", "amqtt", "cryptography", "pydantic", "sim_devices", "market.services"}
    assert not loaded & heavy
    assert units.__name__ in loaded
