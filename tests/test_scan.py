"""`elecbay scan`: real sockets and ptys behind which simulated devices answer; what is printed can be pasted into home.toml."""

import asyncio
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from host_help import free_port
from modbus_help import Peer, TcpPeers

import drivers.profiles
from drivers import frames
from drivers import profile as profiles
from gateway.host import prober, scan_cli
from gateway.host import scan as scanning
from gateway.host.home_devices import Place, names_in
from gateway.host.prober import NoDoor
from gateway.host.recognise import Match, Registers, match
from gateway.host.scan import Scan
from sim_devices.bodies import Sheet
from sim_devices.face import Face
from sim_devices.faults import Faults
from sim_devices.pushed import meter_of
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.typical import typical

SAID = {
    "sdm630": {"power_w": 1200, "voltage_l1_mv": 231_000, "voltage_l2_mv": 230_000, "voltage_l3_mv": 229_000, "frequency_mhz": 49_990,
               "energy_import_wh": 4_100_000, "energy_export_wh": 0, "power_l1_w": 400, "power_l2_w": 400, "power_l3_w": 400,
               "current_l1_ma": 1740, "current_l2_ma": 1740, "current_l3_ma": 1740},
    "sunspec_inverter": {"power_w": -2300, "energy_export_wh": 7_000_000, "power_max_w": 6000, "frequency_mhz": 50_000},
    "mypv_elwa": {"power_w": 0, "temperature_mc": 51_000, "power_max_w": 3500, "status": 3},
    "heidelberg": {"power_w": 0, "voltage_l1_mv": 230_000, "voltage_l2_mv": 230_000, "voltage_l3_mv": 230_000, "status": 2, "plugged": 0,
                   "charging": 0},
}  # fmt: skip
ALL = [profiles.load(name) for name in names_in(drivers.profiles)]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses that only a real device needs."""
    monkeypatch.setattr(prober, "PAUSE_S", 0.0)
    monkeypatch.setattr(prober, "CONNECTED_S", 0.0)
    monkeypatch.setattr(prober, "TCP_ANSWER_S", 0.3)
    monkeypatch.setattr(scanning, "LISTEN_S", 0.5)
    monkeypatch.setattr(scanning, "GAP_S", 0.03)


def face(name: str, faults: "Faults | None" = None) -> Face:
    return Face(profiles.load(name), Sheet(SAID[name]), faults)


@asynccontextmanager
async def host(**units: str) -> "AsyncIterator[Place]":
    server = TcpServer({int(unit[1:]): face(name) for unit, name in units.items()})
    await server.start()
    try:
        yield Place(host="127.0.0.1", port=server.port)
    finally:
        await server.stop()


def scan(units: "list[int]", quick: bool = False, say: "list[str] | None" = None) -> Scan:
    return Scan(ALL, units, set(units), quick, (say if say is not None else []).append)


def blocks(found: "list[scanning.Device]") -> "list[dict[str, object]]":
    return tomllib.loads("\n".join(scan_cli.printed(found))).get("device", [])


async def test_sunspec_is_found_and_the_block_is_ready() -> None:
    async with host(u1="sunspec_inverter", u4="mypv_elwa") as place:
        one = scan([1, 2, 3, 4])
        await one.host(place)
    assert [device.unit for device in one.found] == [1, 4]
    inverter = blocks(one.found[:1])[0]
    assert inverter == {"name": "roof", "profile": "sunspec_inverter", "host": "127.0.0.1", "port": place.port, "unit": 1}
    assert one.found[0].fits[0].values["power_w"] == -2300


async def test_a_bus_is_walked_and_nothing_is_written() -> None:
    bodies = {1: Sheet(SAID["heidelberg"]), 3: Sheet(SAID["sdm630"])}
    bus = RtuBus({1: Face(profiles.load("heidelberg"), bodies[1]), 3: Face(profiles.load("sdm630"), bodies[3])})
    await bus.start()
    one = scan([1, 2, 3])
    await one.port(bus.wire.path)
    await bus.stop()
    assert [device.unit for device in one.found] == [1, 3]
    fits = [[match.profile.name for match in device.fits] for device in one.found]
    assert "heidelberg" in fits[0] and "sdm630" in fits[1]
    assert not [body.words for body in bodies.values() if [word for word in body.words if word[0] != "timeout"]]


async def test_a_guess_is_called_one_and_stays_a_comment() -> None:
    known = [p for p in ALL if p.name in ("mypv_elwa", "sdm630")]
    bare = [p._replace(identity=()) for p in known]
    async with host(u1="sdm630") as place:
        one = Scan(bare, [1], {1}, False, lambda line: None)
        await one.host(place)
        quick = Scan(bare, [1], {1}, True, lambda line: None)
        await quick.host(place)
    lines = scan_cli.printed(one.found)
    assert "GUESS" in lines[0] and '# profile = "sdm630"' in lines and not blocks(one.found)
    assert "as meter it says power_w 1200" in lines[1]
    assert not quick.found[0].fits and "no profile of ours fits" in scan_cli.printed(quick.found)[0]


async def test_a_host_that_answers_to_every_number_is_one_device() -> None:
    server = TcpServer({unit: face("mypv_elwa") for unit in (*range(1, 9), *scanning.STRANGE_UNITS)})
    await server.start()
    said: list[str] = []
    one = scan(list(range(1, 9)), say=said)
    await one.host(Place(host="127.0.0.1", port=server.port))
    await server.stop()
    assert len(one.found) == 1 and any("every unit number" in line for line in said)


async def test_devices_that_are_slow_silent_or_garbled_do_not_stop_the_walk() -> None:
    faulty = {1: Faults(dead=1), 2: Faults(slow=1, slow_s=0.03), 3: Faults(foreign=1), 4: None}
    server = TcpServer({unit: face("sunspec_inverter", faults) for unit, faults in faulty.items()})
    await server.start()
    one = Scan(ALL, [1, 2, 3, 4], set(), False, lambda line: None)
    await one.host(Place(host="127.0.0.1", port=server.port))
    await server.stop()
    assert [device.unit for device in one.found] == [2, 4]


async def test_pymodbus_at_the_other_end() -> None:
    async with TcpPeers(Peer.of("sunspec_inverter", 2, SAID["sunspec_inverter"])) as peers:
        one = Scan(ALL, [2], set(), True, lambda line: None)
        await one.host(Place(host="127.0.0.1", port=peers.port))
        assert peers.connections == 1
    assert one.found[0].fits[0].profile.name == "sunspec_inverter"


# Without a fingerprint, and nothing but powers and counters among their values: no guess is better than a bad one.
SILENT_ABOUT_THEMSELVES = {"e3dc", "e3dc_meter", "fox_ess_h3", "growatt_sph", "growatt_sph_meter", "sungrow_sg_meter"}
SIMULATED_WITHOUT_ITS_MARK = {"keba_p30"}


@pytest.mark.parametrize("name", [p.name for p in ALL if p.protocol == "modbus"])
async def test_every_profile_is_recognised_or_guessed(name: str) -> None:
    profile = profiles.load(name)
    device = Face(profile, Sheet(typical(profile)))

    async def ask(function: int, address: int, count: int) -> "list[int]":
        pdu = frames.read(function, address, count)
        return list(frames.parse_reply(pdu, device.answer(pdu)))

    found: list[Match] = []
    await match([p for p in ALL if p.protocol == "modbus"], Registers(ask), True, found)
    fits = {one.profile.name: one for one in found}
    if name in SILENT_ABOUT_THEMSELVES | SIMULATED_WITHOUT_ITS_MARK:
        assert name not in fits
        return
    assert fits[name].certain == bool(profile.sunspec or profile.identity)
    assert found[0].profile.kind == profile.kind or found[0].profile.identity == profile.identity


async def heard(name: str, units: "list[int]") -> "list[scanning.Device]":
    """What a scan finds on the port of that push meter."""
    meter = meter_of(profiles.load(name), 1, lambda: SAID["sdm630"], 1)
    await meter.start()

    async def talk() -> None:
        for now in range(1_782_052_200, 1_782_053_200):
            meter.tick(now)
            await asyncio.sleep(0.08)

    talking = asyncio.create_task(talk())
    one = scan(units)
    try:
        await one.port(meter.wire.path)
    finally:
        talking.cancel()
        await meter.stop()
    return one.found


@pytest.mark.parametrize("name", ["p1", "sml", "dlms_mbus", "tic_standard"])
async def test_a_meter_that_speaks_is_heard_at_its_speed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "RTU_ANSWER_S", 0.01)
    found = await heard(name, [1])
    device = blocks(found)[0]
    fits = [match.profile.name for match in found[0].fits]
    assert name in fits and device["name"] == "grid" and str(device["serial"]).startswith("/dev/") and "unit" not in device
    assert profiles.load(str(device["profile"])).protocol == profiles.load(name).protocol
    assert found[0].fits[0].values["energy_import_wh"] == 4_100_000


async def test_a_meter_is_called_that_speaks_only_then() -> None:
    meter = meter_of(profiles.load("iec_mode_c"), 1, lambda: SAID["sdm630"], 1)
    await meter.start()
    one = scan([1])
    assert await one._call(Place(serial=meter.wire.path, baud=300, framing="7E1"), profiles.load("iec_mode_c"))
    await meter.stop()
    assert blocks(one.found) == [{"name": "grid", "profile": "iec_mode_c", "serial": meter.wire.path, "baud": 300, "parity": "E"}]


async def test_nobody_there() -> None:
    with pytest.raises(NoDoor, match="Modbus TCP switched on"):
        await scan([1]).host(Place(host="127.0.0.1", port=free_port()))
    with pytest.raises(NoDoor, match="plugged in"):
        await scan([1]).port("/dev/ttyNONE")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "HOST[:PORT]"),
        (["10.0.0.1:0"], "port from 1 to 65535"),
        (["10.0.0.1", "--units", "1-300"], "from 0 to 255"),
        (["10.0.0.1", "--units", "x"], "as 1-5,71"),
    ],
)
def test_wrong_options_are_said(argv: "list[str]", said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        scan_cli.main(argv)
    assert ended.value.code == 2 and said in capsys.readouterr().err


def test_places() -> None:
    assert scan_cli._place("10.0.0.1") == Place(host="10.0.0.1", port=502)
    assert scan_cli._place("[fe80::1]:1502") == Place(host="fe80::1", port=1502)
    assert scan_cli._place("fe80::1") == Place(host="fe80::1", port=502)
    assert scan_cli._place("/dev/ttyUSB0") == Place(serial="/dev/ttyUSB0")
    assert scan_cli._units("1-3,71") == [1, 2, 3, 71]


def test_ctrl_c_prints_what_was_found(tmp_path: Path) -> None:
    """The real command: unit 1 answers, the others are silent; it is interrupted while it waits for one of them."""

    async def play() -> "tuple[int, str, str]":
        silent = {unit: face("mypv_elwa", Faults(dead=1)) for unit in range(2, 30)}
        server = TcpServer({1: face("sunspec_inverter"), **silent})
        await server.start()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway.host.cli", "scan", f"127.0.0.1:{server.port}", "--units", "1-29",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=os.getcwd(),
        )  # fmt: skip
        assert process.stderr
        while b"by SunSpec models" not in (line := await process.stderr.readline()):
            assert line, "it ended"
        await asyncio.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        await server.stop()
        return process.returncode or 0, out.decode(), err.decode()

    status, out, err = asyncio.run(play())
    assert status == 130 and "sunspec_inverter" in out and "Traceback" not in err
