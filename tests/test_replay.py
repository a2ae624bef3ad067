"""A home lives on the bytes of a real meter, played into a pty at their true baud rate: what it tells the market is what the meter said."""

import asyncio
import hashlib
import os
import sys
import time
from pathlib import Path

import pytest

from drivers.push import framer
from gateway.host.clock import FastClock
from gateway.host.keys import load_or_create
from market import canonical, envelope
from sim_devices import street
from sim_devices.broker import Broker, choose
from sim_devices.children import Child
from sim_devices.ptys import Wire
from sim_devices.record import Heard, Recorder

OURS = Path(__file__).parent / "captures"
REAL = Path(__file__).parent.parent.parent / "shared" / "data" / "captures"
RATE = 240
CASES = [
    ("sml", 9600, OURS / "sml" / "power.hex"),
    ("p1", 115200, OURS / "dsmr" / "v5.txt"),
    ("sml", 9600, REAL / "sml" / "ISKRA_MT175_eHZ.bin"),
    ("p1", 115200, REAL / "dsmr" / "telegram_v5.txt"),
]
HERE = [case for case in CASES if case[2].exists()]
ELECBAY = [sys.executable, "-m", "gateway.host.cli"]


def capture(path: Path) -> bytes:
    if path.suffix != ".hex":
        return path.read_bytes()
    return bytes.fromhex("".join(line.split("#")[0] for line in path.read_text().splitlines()))


def meant(profile: str, data: bytes) -> dict[str, tuple[int, int]]:
    """{hash of a telegram: (import Wh, export Wh)}."""
    read = framer({"p1": "dsmr"}.get(profile, profile))
    read.add(data, 0)
    found = {}
    while (telegram := read.next()) is not None:
        said = dict(telegram.readings)
        if {"energy_import_wh", "power_w"} <= set(said):
            registers = said["energy_import_wh"], said.get("energy_export_wh", 0)
            found[envelope.b64url(hashlib.sha256(telegram.raw).digest())] = registers
    return found


async def play(wire: Wire, data: bytes, baud: int) -> None:
    """Put bytes on the wire as fast as the baud rate lets ten bits a byte pass."""
    began, sent = time.monotonic(), 0
    while sent < len(data):
        due = min(int((time.monotonic() - began) * baud / 10), len(data))
        sent += os.write(wire.fileno(), data[sent:due]) if due > sent else 0
        await asyncio.sleep(0.005)


@pytest.mark.parametrize(("profile", "baud", "path"), HERE, ids=[f"{p}-{c.stem}" for p, _, c in HERE])
async def test_a_home_tells_what_a_real_meter_said(profile: str, baud: int, path: Path, tmp_path: Path) -> None:
    heard: list[Heard] = []
    data, wire = capture(path), Wire()
    clock = FastClock(1_782_052_200, RATE, time.time())
    broker = Broker(choose(None), tmp_path)
    recorder = Recorder(0, clock, heard.append, None, broker.kind == "mosquitto")
    market, home = Child("market", [], tmp_path / "market.log"), Child("home", [], tmp_path / "home.log")
    try:
        await broker.start()
        recorder.port = broker.port
        await recorder.start()
        await start(tmp_path, profile, wire, broker, clock, market, home)
        await until(lambda: {"terms", "status"} <= {p["type"] for p in payloads(heard)}, market, home)
        for _ in range(12):  # a DSMR 5 meter speaks once a second
            await play(wire, data, baud)
            if any(p["type"] == "meter" for p in payloads(heard)):
                break
            await asyncio.sleep(max(0.0, 1 - 10 * len(data) / baud))
        await until(lambda: any(p["type"] == "meter" for p in payloads(heard)), market, home)
    finally:
        for child in (home, market):
            await child.stop()
        await recorder.stop()
        await broker.stop()
        wire.close()
    told = meant(profile, data)
    for payload in [p for p in payloads(heard) if p["type"] == "meter"]:
        assert (payload["import_wh"], payload["export_wh"]) == told[payload["raw"]]


async def start(folder: Path, profile: str, wire: Wire, broker: Broker, clock: FastClock, market: Child, home: Child) -> None:
    simulation = street.Simulation(clock.start, RATE, clock.wall)
    plan = street.Plan("home1", "1:home1", 200, 1.0, (street.Device("grid", "meter", profile, "push"),))
    (folder / "home1").mkdir()
    _, x = street.new_key(folder / "home1")
    registrar = envelope.b64url(load_or_create(folder / "state", "registrar.key").public)
    at = {"grid": street.Address(serial=wire.path)}
    market.argv = [*ELECBAY, "market", str(street.write_market(folder, {"home1": x}, broker.url, simulation))]
    home.argv = [*ELECBAY, "run", str(street.write_home(folder / "home1", plan, at, broker.url, registrar, simulation))]
    await market.start()
    await home.start()


def payloads(heard: list[Heard]) -> list[dict[str, object]]:
    return [canonical.decode(envelope.open_(h.payload).payload) for h in heard if h.payload]


async def until(what: object, *children: Child) -> None:
    end = time.monotonic() + 20
    while not what():  # type: ignore[operator]
        for child in children:
            child.check()
        assert time.monotonic() < end, [child.tail() for child in children]
        await asyncio.sleep(0.05)
