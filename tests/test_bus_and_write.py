"""`elecbay bus` and `elecbay write`, the real programs against pymodbus's server: what they say, and what they leave behind."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from host_help import until
from modbus_help import Peer, TcpPeers, setup, tcp

from drivers import profile as profiles
from gateway.host import bus_view, cli, keys
from gateway.host.bus import Bus
from gateway.host.clock import FastClock
from gateway.host.link import end
from gateway.host.store import Store
from market.envelope import b64url

TOML = """
[home]
name = "h"
limit_w = 4000
[market]
name = "street"
broker = "mqtt://127.0.0.1:1883"
registrar = "{registrar}"
[simulation]
start = 1781000000
rate = 60
[[device]]
name = "grid"
profile = "sdm630"
host = "127.0.0.1"
port = {port}
[[device]]
name = "store"
profile = "sunspec_battery"
host = "127.0.0.1"
port = {port}
unit = 2
"""
SAYS = {"power_w": 0, "soc_permille": 500, "power_max_w": 5000, "capacity_wh": 10_000}


class Follower(Peer):
    """A battery that does as it is told."""

    async def _act(self, *request: Any) -> Any:
        answer = await super()._act(*request)
        if request[5] is not None:
            profile = profiles.load("sunspec_battery")
            shown = profiles.readback(profile, profiles.blank(profile)[0], self.image, "power_setpoint_w")
            self.says("sunspec_battery", {"power_w": shown or 0})
        return answer


def home(folder: Path, port: int) -> str:
    keys.load_or_create(folder / "state")
    (folder / "home.toml").write_text(TOML.format(registrar=b64url(bytes(32)), port=port))
    return str(folder / "home.toml")


async def elecbay(*argv: str) -> "asyncio.subprocess.Process":
    command = (sys.executable, "-m", "gateway.host.cli", *argv)
    return await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def done(process: "asyncio.subprocess.Process") -> "tuple[int, str]":
    out, _ = await asyncio.wait_for(process.communicate(), 20)
    return int(process.returncode or 0), out.decode()


def enabled(peer: Peer) -> int:
    """StorCtl_Mod: 0 when the battery is left to itself."""
    return peer.image[3, profiles.blank(profiles.load("sunspec_battery"))[0][124] + 5]


def peers(battery: Peer) -> TcpPeers:
    return TcpPeers(Peer.of("sdm630", 1, {"power_w": 300}), battery)


async def test_a_write_that_is_followed(tmp_path: Path) -> None:
    battery = Follower.of("sunspec_battery", 2, SAYS)
    async with peers(battery) as there:
        code, out = await done(await elecbay("write", home(tmp_path, there.port), "store", "power_setpoint_w", "1500", "--for", "60"))
    assert code == 0, out
    lines = out.splitlines()
    assert "told power_setpoint_w 1500; it shows 1500" in lines
    assert any(line.startswith("confirmed: its effect was seen") for line in lines)
    assert lines[-1] == "let go, as it was found"
    assert enabled(battery) == 0 and battery.written


async def test_a_write_beyond_what_the_house_bears_that_has_no_effect(tmp_path: Path) -> None:
    battery = Peer.of("sunspec_battery", 2, SAYS)
    async with peers(battery) as there:
        code, out = await done(await elecbay("write", home(tmp_path, there.port), "store", "power_setpoint_w", "9000", "--for", "90"))
    assert code == 1
    assert "told power_setpoint_w 4000" in out and "no effect: its power is 0 W" in out
    assert enabled(battery) == 0


async def test_ctrl_c_lets_go(tmp_path: Path) -> None:
    battery = Follower.of("sunspec_battery", 2, SAYS)
    async with peers(battery) as there:
        process = await elecbay("write", home(tmp_path, there.port), "store", "power_setpoint_w", "1500", "--for", "60000")
        await until(lambda: battery.written and enabled(battery) == 3, 20)
        process.send_signal(signal.SIGINT)
        _code, out = await done(process)
    assert "stopped; let go, as it was found" in out and "Traceback" not in out
    assert enabled(battery) == 0
    assert not Store(tmp_path / "state").tables().get("writes")


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home(tmp_path, 9)
    for argv, said in (
        (("stor", "power_setpoint_w"), "stor: no such device"),
        (("store", "power_setpoint"), "power_setpoint: store has no such control"),
        (("grid", "power_setpoint_w"), "nothing that may be written"),
    ):
        assert cli.main(["write", path, *argv, "5", "--for", "60"]) == 2
        assert said in capsys.readouterr().err
    store = Store(tmp_path / "state")
    assert cli.main(["write", path, "store", "power_setpoint_w", "5", "--for", "60"]) == 2
    assert "stop `elecbay run` first" in capsys.readouterr().err
    store.close()


async def test_a_look_at_the_bus(tmp_path: Path) -> None:
    async with peers(Peer.of("sunspec_battery", 7, SAYS)) as there:
        code, out = await done(await elecbay("bus", home(tmp_path, there.port), "--seconds", "2.5"))
    assert code == 0, out
    assert f"127.0.0.1 port {there.port}: " in out and "% of its time in use" in out and " silent" in out
    assert "grid (unit 1, sdm630): answers" in out and "power_w 300" in out
    assert "store (unit 2, sunspec_battery): silent for" in out


async def test_a_running_gateway_tells_of_its_bus(tmp_path: Path) -> None:
    path = tmp_path / bus_view.SOCKET
    assert await bus_view.told(path) is None
    async with TcpPeers(Peer.of("sdm630", 1, {"power_w": 300})) as there:
        bus = Bus((setup("grid", "sdm630", tcp(there.port)),), FastClock(1_000_000, 60), lambda r, raw: None, lambda saves: None, {})
        jobs = [asyncio.ensure_future(job) for job in (*bus.jobs(10), bus_view.serve(path, bus))]
        await until(lambda: path.exists() and bus.keepers["grid"].unit.latest)
        text = await bus_view.told(path)
        await end(*jobs)
        await bus.stop([], 1)
    assert text is not None and "opened once; errors: none" in text and "s old: " in text
    assert not path.exists()
