"""`elecbay market` as a real process on a real broker: configs it refuses, a street it runs, and kills it survives."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import independent_reader
import pytest
from sans_io_street import SLOT, START, TERMS, Home, t

from gateway.host.clock import FastClock
from gateway.host.config import BadConfig
from gateway.host.link import Link, broker_of
from market import envelope
from market.services import config, run
from sim_devices import broker as brokers
from sim_devices.broker import Broker
from sim_devices.record import Recorder

RATE = 150
COMMAND = [sys.executable, "-m", "gateway.host.cli", "market"]
X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
GOOD = f"""
[market]
name = "street"
broker = "mqtt://127.0.0.1:1883"
[terms]
slot_seconds = 300
open_before = 1500
gate_before = 120
[tariff]
import_price = 300000
export_price = 80000
[[line]]
node = "n0"
r_mohm = 20
max_w = 50000
[[member]]
name = "one"
x = "{X}"
node = "n0"
"""

WRONG = [
    ("gate_before = 120", "gate_before = 1600", ":8: terms.gate_before: found 1600: the book opens only 1500 s before"),
    ("slot_seconds = 300", "slot_seconds = 7000", ":6: terms.slot_seconds: found 7000: a day must be whole slots"),
    ("slot_seconds = 300", 'slot_seconds = "x"', ":6: terms.slot_seconds: found 'x': write a whole number"),
    ("open_before", "open_befor", ":7: terms.open_befor: unknown key: did you mean open_before?"),
    ("import_price = 300000", "", ":9: tariff: found []: give import_price and export_price, or rows"),
    ("import_price = 300000", 'rows = [["25:00", 2, 1]]', "write the time as \"HH:MM\" in UTC"),
    ("import_price = 300000", 'rows = [["06:00", 2, 1]]', 'let the first row begin at "00:00"'),
    ("import_price = 300000", "rows = [[1, 2]]", ":10: tariff.rows[0]: found [1, 2]: write"),
    ("import_price = 300000", 'rows = [["17:00", 2, 1], ["00:00", 1.5, 2]]', ":10: tariff.rows[1]: found ['00:00', 1.5, 2]: write"),
    ("import_price = 300000", "import_price = 80000", ":10: tariff.import_price: found 80000: the import price must lie above the export"),
    ("import_price = 300000", 'rows = [["00:00", 2, 1], ["17:00", 1, 2]]', ":10: tariff.rows[1]: found 1: the import price must lie above"),
    ('node = "n0"\nr_mohm', 'node = "n0"\nparent = "n7"\nr_mohm', "no line leads to node 'n7': let the lines form a tree"),
    ('node = "n0"\n', 'node = "n1"\n', ":19: member[0].node: found 'n0': no line leads there; known here: n1"),
    (f'"{X}"', '"abc"', ":18: member[0].x: found 'abc': write the gateway's x"),
    ("mqtt://127.0.0.1:1883", "mqtt://192.0.2.1:1883", ":4: market.broker: found 'mqtt://192.0.2.1:1883': write mqtts://"),
]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "market.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("old", "new", "words"), WRONG, ids=[w[2][-40:] for w in WRONG])
def test_a_wrong_config_is_one_line_with_its_remedy(tmp_path, capsys, old: str, new: str, words: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    assert run.main([str(path)]) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1 and said.startswith(str(path))
    assert not (tmp_path / "market-state").exists()


def test_a_member_twice_is_refused(tmp_path) -> None:
    member = GOOD[GOOD.index("[[member]]") :]
    with pytest.raises(BadConfig, match="another member has this key"):
        config.load(written(tmp_path, GOOD + member))


def test_a_market_without_members_says_so(tmp_path, caplog) -> None:
    config.load(written(tmp_path, GOOD))
    assert not caplog.records
    config.load(written(tmp_path, GOOD[: GOOD.index("[[member]]")]))
    assert [record.levelname for record in caplog.records] == ["WARNING"] and "no [[member]]" in caplog.text


def test_a_home_toml_is_told_from_a_market_toml(tmp_path, capsys) -> None:
    path = written(tmp_path, "[home]\nlimit_w = 1\n[market]\nname = 'x'\n")
    assert run.main([str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path}: looks like a home.toml: ") and said.count("\n") == 1


def test_a_tariff_by_the_hour(tmp_path) -> None:
    rows = 'rows = [["17:00", 380000, 90000], ["00:00", 220000, 80000]]'
    text = GOOD.replace("import_price = 300000\nexport_price = 80000", rows)
    assert config.load(written(tmp_path, text)).daily == [(0, 220000, 80000), (17 * 3600, 380000, 90000)]


def test_the_registrars_key_is_made_once_and_printed(tmp_path, capsys) -> None:
    path = written(tmp_path, GOOD)
    assert run.main([str(path), "--print-registrar"]) == 0
    first = capsys.readouterr().out
    assert run.main([str(path), "--print-registrar"]) == 0
    assert capsys.readouterr().out == first
    assert len(envelope.unb64url(first.strip())) == 32
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "market-state").glob("*.key")} == {0o600}
    assert run.main([]) == 2 and run.main([str(path), "--frobnicate"]) == 2


@pytest.fixture(params=brokers.KINDS)
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    if request.param == "mosquitto" and not brokers.mosquitto():
        pytest.skip("install mosquitto: it is one of the two brokers the market is tested on")
    it = Broker(request.param, tmp_path)
    await it.start()
    yield it
    await it.stop()


class Market:
    """The command as a process of its own."""

    def __init__(self, path: Path) -> None:
        self.path, self.log = path, (path.parent / "market.log").open("a")
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*COMMAND, str(self.path)], stderr=self.log, stdout=self.log)

    def killed(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = self._started()

    def stopped(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


class Wire:
    """A home's way to the broker: what `Home` asks of one."""

    def __init__(self, home: Home, url: str) -> None:
        self.link = Link(broker_of(url), home.kid, home.hears, home.told)

    def publish(self, topic: str, data: bytes, retain: bool, now: int) -> None:
        self.link.publish(topic, data, retain)


def market_toml(tmp_path: Path, url: str, homes: "list[Home]", wall: float) -> Path:
    terms = "".join(f'{k} = {v}\n' for k, v in TERMS.items() if k != "mechanism")
    text = f'[market]\nname = "street"\nbroker = "{url}"\n[terms]\n{terms}[tariff]\nimport_price = 300000\nexport_price = 80000\n'
    text += '[[line]]\nnode = "n0"\nr_mohm = 20\nmax_w = 50000\n'
    for i, home in enumerate(homes):
        x = envelope.b64url(home.signer.public)
        text += f'[[member]]\nname = "h{i}"\nx = "{x}"\nmeter = "{home.meter_name}"\nnode = "n0"\n'
    return written(tmp_path, text + f"[simulation]\nstart = {START}\nrate = {RATE}\nwall = {wall}\n")


async def live(home: Home, wire: Wire, clock: FastClock, end: int) -> None:
    """Tick at every ten seconds of market time."""
    for now in range(START, end, 10):
        await clock.sleep(now - clock.now())
        home.tick(now, wire)


async def test_a_street_survives_kill_9_of_its_market(broker: Broker, tmp_path: Path) -> None:
    homes = [Home(1, 100000, -400), Home(2, 250000, 300), Home(3, 200000, 200)]
    wall = time.time() + 1.5  # the market is up when the street begins
    clock = FastClock(START, RATE, wall)
    market = Market(market_toml(tmp_path, broker.url, homes, wall))
    file = tmp_path / "record.jsonl"
    recorder = Recorder(broker.port, clock, lambda heard: None, file, broker.kind == "mosquitto")
    await recorder.start()
    wires = [Wire(home, broker.url) for home in homes]
    links = [asyncio.create_task(wire.link.run()) for wire in wires]
    end = START + 9 * SLOT
    lives = [asyncio.create_task(live(home, wire, clock, end)) for home, wire in zip(homes, wires, strict=True)]
    for kill in (4 * SLOT - 60, 5 * SLOT + 130):  # between a gate and the slot's start, and in mid slot
        await clock.sleep(START + kill - clock.now())
        market.killed()
    await asyncio.gather(*lives)
    await asyncio.sleep(1)
    assert market.stopped() == 0
    for link in links:
        link.cancel()
    await recorder.stop()
    lines = file.read_text().splitlines()
    assert independent_reader.read(lines) == [], (tmp_path / "market.log").read_text()[-2000:]
    assert {slot for home in homes for slot in home.bills} >= set(range(START + 3 * SLOT, START + 8 * SLOT, SLOT))
    traded = [line for line in lines if "/clear" in line]
    assert len(traded) >= 7
    assert "Traceback" not in (tmp_path / "market.log").read_text()


async def test_changed_terms_need_a_new_market(broker: Broker, tmp_path: Path) -> None:
    path = market_toml(tmp_path, broker.url, [], time.time())
    market = Market(path)
    link = Link(broker_of(broker.url), "observer", [t("terms")], lambda topic, data: came.set())
    came = asyncio.Event()
    task = asyncio.create_task(link.run())
    await asyncio.wait_for(came.wait(), 20)
    assert market.stopped() == 0
    task.cancel()
    path.write_text(path.read_text().replace("penalty = 100000", "penalty = 1"))
    done = subprocess.run([*COMMAND, str(path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and "give a market with new terms a new name" in done.stderr
