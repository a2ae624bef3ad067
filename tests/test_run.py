"""The loop of a home: commit before telling, nothing heard is lost, a stop leaves everything safe; and the real process under signals."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from host_help import Mosquitto, until
from modbus_help import Peer, TcpPeers, setup, tcp

from drivers.nouns import Command, Reading
from gateway.acts import Note, Save, Send
from gateway.host import keys, ledger
from gateway.host.clock import FastClock
from gateway.host.home_toml import HomeSetup
from gateway.host.keeper import WRITES
from gateway.host.link import Broker, Link
from gateway.host.run import Runner
from gateway.host.store import Store
from market.envelope import b64url, open_
from market.nouns import Entry

START = 1_781_000_000


class FakeHome:
    """Remembers what it is given; `script` are acts for the next tick."""

    def __init__(self) -> None:
        self.readings: "list[list[Reading]]" = []
        self.messages: "list[tuple[str, bytes]]" = []
        self.script: "list[object]" = []
        self.recalled: "dict[str, Any]" = {}
        self.links: "list[str]" = []
        self.ticks = 0

    def recall(self, tables: "dict[str, Any]") -> None:
        self.recalled = tables

    def topics(self) -> "list[str]":
        return ["street/#"]

    def heard(self, readings: "list[Reading]", raw: bytes) -> None:
        self.readings.append(readings)

    def told(self, where: str, data: bytes, now: int) -> None:
        assert now >= START
        self.messages.append((where, data))

    def will(self, now: int) -> "tuple[str, bytes, list[Save]]":
        return "home/status", b"offline", [Save("post", "seq", {"seq": 1})]

    def online(self, now: int) -> None:
        self.links.append("online")

    def offline(self) -> None:
        self.links.append("offline")

    def tick(self, now: int) -> "list[object]":
        self.ticks += 1
        acts, self.script = self.script, []
        return acts

    def farewell(self, now: int) -> "list[object]":
        return [Save("post", "seq", {"seq": 99}), Send("home/status", b"farewell", True), Command("tank", "power_setpoint_w", 0, now)]


@pytest.fixture
def broker(tmp_path: Path) -> "Iterator[Mosquitto]":
    folder = tmp_path / "broker"
    folder.mkdir()
    peer = Mosquitto(folder)
    peer.start()
    yield peer
    peer.stop()


class Rig:
    """A runner with a tank, a broker and somebody who listens on the street."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.home = folder, FakeHome()
        self.tank = Peer.of("mypv_elwa", 1, {"power_w": 0, "temperature_mc": 50_000, "power_max_w": 3500})
        self.peers = TcpPeers(self.tank)
        self.broker = Broker("127.0.0.1", port)
        self.street: "list[tuple[str, bytes]]" = []
        self.listener = Link(self.broker, "street", ["home/#"], lambda t, d: self.street.append((t, d)))

    def setup(self) -> HomeSetup:
        signer = keys.load_or_create(self.folder / "state")
        device = setup("tank", "mypv_elwa", tcp(self.peers.port))
        home = {"name": "h", "market": "street"}
        return HomeSetup(self.folder / "home.toml", self.folder / "state", 10, self.broker, {}, (device,), home, signer)

    @contextlib.asynccontextmanager
    async def running(self) -> "AsyncIterator[Runner]":
        told = self.setup()
        store = Store(told.state)
        runner = Runner(told, self.home, store, FastClock(START, 240))
        street = asyncio.create_task(self.listener.run())
        await until(lambda: self.listener.connected)
        task = asyncio.create_task(runner.run())
        try:
            await until(lambda: runner.link.connected and self.home.readings)
            yield runner
        finally:
            runner.stop.set()
            await asyncio.wait_for(task, 10)
            street.cancel()
            await asyncio.gather(street, return_exceptions=True)
            self.tables = store.tables()
            store.close()


@pytest.fixture
def rig(tmp_path: Path, broker: Mosquitto) -> Rig:
    return Rig(tmp_path, broker.port)


async def test_what_is_heard_and_told_reaches_the_home_in_order(rig: Rig) -> None:
    async with rig.peers, rig.running():
        for i in range(200):
            rig.listener.publish("street/terms", b"%d" % i)
        await until(lambda: len(rig.home.messages) == 200)
    assert rig.home.messages == [("street/terms", b"%d" % i) for i in range(200)]
    assert {r.quantity for readings in rig.home.readings for r in readings} >= {"power_w", "temperature_mc"}
    assert rig.home.links == ["online", "offline"]


async def test_a_batch_is_committed_before_any_of_it_is_told(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    order: "list[str]" = []
    async with rig.peers, rig.running() as runner:
        commit, publish = runner.store.commit, runner.link.publish
        monkeypatch.setattr(runner.store, "commit", lambda *a: (order.append("commit"), commit(*a)))
        monkeypatch.setattr(runner.link, "publish", lambda *a: (order.append("publish"), publish(*a)))
        with caplog.at_level(logging.INFO):
            rig.home.script = [
                Send("home/order", b"order", False),
                Note("warning", "A word to the owner."),
                Save("orders", "1", {"jws": "x"}),
                Entry(300, "order", {"wh": 5}),
            ]
            await until(lambda: ("home/order", b"order") in rig.street)
        assert order[:2] == ["commit", "publish"]
        assert "A word to the owner." in caplog.text
    assert rig.tables["orders"] == {"1": {"jws": "x"}}
    assert [line["kind"] for line in ledger.lines(rig.folder / "state" / "ledger")] == ["order"]


async def test_commands_are_held_and_released_on_stop(rig: Rig) -> None:
    async with rig.peers:
        async with rig.running() as runner:
            rig.home.script = [Command("tank", "power_setpoint_w", 1500, runner.clock.now() + 100_000)]
            await until(lambda: (1000, [1500]) in rig.tank.written)
            held = runner.store.tables()[WRITES]["tank power_setpoint_w"]
            assert held == {"until": pytest.approx(START + 100_000, abs=2000), "before": []}
        assert rig.tank.written[-1] == (1000, [0])
    assert not rig.tables.get(WRITES)
    assert rig.tables["post"] == {"seq": {"seq": 99}}
    assert rig.street[-1] == ("home/status", b"farewell"), "and no will"


async def test_a_slow_tick_loses_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig.peers, rig.running():
        tick = rig.home.tick
        monkeypatch.setattr(rig.home, "tick", lambda now: (time.sleep(0.01), tick(now))[1])
        for i in range(300):
            rig.listener.publish("street/terms", b"%d" % i)
        await until(lambda: len(rig.home.messages) == 300, 20)
    assert [data for _, data in rig.home.messages] == [b"%d" % i for i in range(300)]


async def test_a_home_that_cannot_keep_anything_leaves_safe_and_ends(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig.peers:
        told = rig.setup()
        store = Store(told.state)
        runner = Runner(told, rig.home, store, FastClock(START, 240))
        task = asyncio.create_task(runner.run())
        await until(lambda: rig.home.readings)
        rig.home.script = [Command("tank", "power_setpoint_w", 1500, runner.clock.now() + 100_000)]
        await until(lambda: (1000, [1500]) in rig.tank.written)
        monkeypatch.setattr(store.storage, "change", lambda delta: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        rig.home.script = [Save("a", "b", {})]
        with pytest.raises(OSError, match="No space"):
            await asyncio.wait_for(task, 10)
        assert (1000, [0]) in rig.tank.written
        store.close()


async def test_it_ticks_while_nothing_is_heard(rig: Rig) -> None:
    async with rig.peers, rig.running() as runner:
        for keeper in runner.bus.keepers.values():
            monkey = keeper.unit
            monkey.back.until = asyncio.get_running_loop().time() + 100
        before = rig.home.ticks
        await asyncio.sleep(0.3)
        assert rig.home.ticks > before


# -- the real program, with the real home

TOML = """\
[home]
name = "home-1"
limit_w = 17000
[market]
name = "street"
broker = "mqtt://127.0.0.1:{broker}"
registrar = "{registrar}"
[simulation]
start = {start}
rate = 60
[[device]]
name = "grid"
profile = "sdm630"
host = "127.0.0.1"
port = {modbus}
"""


def elecbay(folder: Path, *argv: str) -> "subprocess.Popen[bytes]":
    log = (folder / "log").open("ab")
    return subprocess.Popen([sys.executable, "-m", "gateway.host.cli", *argv], stderr=log, stdout=log, env=dict(os.environ))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_home_in_order(tmp_path: Path, broker: Mosquitto, number: int) -> None:
    kid = keys.create(tmp_path / "state").kid
    street: "list[tuple[str, bytes]]" = []
    listener = Link(Broker("127.0.0.1", broker.port), "listener", ["elecbay/#"], lambda t, d: street.append((t, d)))
    watching = asyncio.create_task(listener.run())
    meter = Peer.of("sdm630", 1, {"power_w": 700, "energy_import_wh": 1000, "energy_export_wh": 0})

    def statuses() -> "list[bool]":
        return [b'"online":true' in open_(data).payload for topic, data in street if topic == f"elecbay/1/street/gw/{kid}/status"]

    async with TcpPeers(meter) as peers:
        text = TOML.format(broker=broker.port, registrar=b64url(bytes(32)), start=START, modbus=peers.port)
        (tmp_path / "home.toml").write_text(text)
        process = elecbay(tmp_path, "run", str(tmp_path / "home.toml"))
        try:
            await until(lambda: statuses() == [True] and len(meter.read) > 3, 15)
            second = elecbay(tmp_path, "run", str(tmp_path / "home.toml"))
            assert await asyncio.to_thread(second.wait, 10) == 1
            process.send_signal(number)
            assert await asyncio.to_thread(process.wait, 10) == 0
            await until(lambda: statuses()[-1] is False)
        finally:
            process.kill()
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    log = (tmp_path / "log").read_text()
    assert "another elecbay process uses this state" in log
    assert "home-1 stopped, its devices are released" in log
    assert "Traceback" not in log
    seed = (tmp_path / "state" / "key").read_text().strip()
    assert seed not in log and not any(seed.encode() in data for _, data in street)
    assert not re.search(r"[0-9a-f]{64}", log)


async def test_a_look_at_every_device(tmp_path: Path) -> None:
    keys.create(tmp_path / "state")
    async with TcpPeers(Peer.of("sdm630", 1, {"power_w": 700, "energy_import_wh": 1000})) as peers:
        text = TOML.format(broker=1, registrar=b64url(bytes(32)), start=START, modbus=peers.port)
        (tmp_path / "home.toml").write_text(text)
        process = elecbay(tmp_path, "run", str(tmp_path / "home.toml"), "--once")
        assert await asyncio.to_thread(process.wait, 20) == 0
    assert "grid\tpower_w\t700\n" in (tmp_path / "log").read_text()
