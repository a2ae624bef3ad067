"""The broker children and the recorder, on each broker that is there."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest

from gateway.host.clock import FastClock
from sim_devices import broker as brokers
from sim_devices.broker import Broker
from sim_devices.children import Child, Died
from sim_devices.record import Heard, Recorder, is_retained


@pytest.fixture(params=brokers.KINDS)
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    if request.param == "mosquitto" and not brokers.mosquitto():
        pytest.skip("install mosquitto: the demo prefers it where it is")
    it = Broker(request.param, tmp_path)
    await it.start()
    yield it
    await it.stop()
    assert not it.child.alive


async def test_a_broker_listens_on_loopback_and_goes_when_told(broker: Broker) -> None:
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        await client.publish("elecbay/x", b"1", qos=1)
    pid = broker.child.process.pid  # type: ignore[union-attr]
    await broker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", broker.port)


async def test_the_recorder_hears_all_with_the_publishers_retain_flag(broker: Broker, tmp_path: Path) -> None:
    heard: list[Heard] = []
    file = tmp_path / "record.jsonl"
    recorder = Recorder(broker.port, FastClock(1000, 1), heard.append, file, broker.kind == "mosquitto")
    await recorder.start()
    sent = [("terms", "a.b.c", True), ("gw/k/order", "d.e.f", False), ("slot/300/book", "g", True), ("slot/300/book", "", True)]
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        for topic, payload, retain in sent:
            await client.publish(f"elecbay/1/street/{topic}", payload.encode(), qos=1, retain=retain)
        for _ in range(200):
            await asyncio.sleep(0.01)
            if len(heard) == len(sent):
                break
    await recorder.stop()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(x["topic"], x["payload"], x["retained"]) for x in lines] == [(f"elecbay/1/street/{t}", p, r) for t, p, r in sent]
    assert [h.payload for h in heard] == [p.encode() for _, p, _ in sent]
    assert all(1000 <= x["at"] < 1010 for x in lines)


def test_the_table_of_retained_topics() -> None:
    for rest, kept in (
        ("terms", True), ("tariff", True), ("keys", True), ("gw/k/status", True), ("slot/1/open/0", True), ("slot/1/clear", True),
        ("gw/k/order", False), ("gw/k/receipt", False), ("gw/k/bill", False), ("gw/k/meter", False), ("gw/k/sync", False),
    ):  # fmt: skip
        assert is_retained("elecbay/1/street/" + rest) == kept, rest


async def test_a_broker_that_cannot_start_says_why(tmp_path: Path) -> None:
    taken = Broker("amqtt", tmp_path)
    await taken.start()
    second = Broker("amqtt", tmp_path, taken.port)
    with pytest.raises(Died, match="amqtt did not come up"):
        await second.start()
    await taken.stop()


async def test_a_child_that_ends_is_named_with_its_last_words(tmp_path: Path) -> None:
    child = Child("market", [sys.executable, "-c", "print('no such tariff'); raise SystemExit(3)"], tmp_path / "market.log")
    await child.start()
    await child.process.wait()  # type: ignore[union-attr]
    with pytest.raises(Died, match=r"(?s)market ended with code 3.*no such tariff"):
        child.check()


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = Child("deaf", [sys.executable, "-c", deaf], tmp_path / "deaf.log")
    await child.start()
    while "up" not in child.tail():
        await asyncio.sleep(0.02)
    assert await child.stop(0.2) == -signal.SIGKILL


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ties a child's life to its parent's")
def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from sim_devices.children import Child\n"
        "async def main():\n"
        "    child = Child('c', [sys.executable, '-c', 'import time; time.sleep(60)'], pathlib.Path(sys.argv[1]) / 'c.log')\n"
        "    await child.start()\n"
        "    print(child.process.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return
        except OSError:
            return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("the child lives on")
