"""`elecbay device`: a profile served by hand, with its [[device]] block, its values, its faults and what it was told."""

import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from modbus_help import setup

from drivers import profile as profiles
from gateway.host.clock import Clock
from gateway.host.home_devices import Place
from gateway.host.unit import Unit
from gateway.host.wire import Wire
from sim_devices.device import main


@contextmanager
def device(*argv: str) -> "Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]":
    """(its [[device]] block, its process), ended by Ctrl-C."""
    command = [sys.executable, "-m", "gateway.host.cli", "device", *argv]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield tomllib.loads("".join(iter(process.stdout.readline, "\n")))["device"][0], process
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.mark.parametrize("line", ["tcp", "rtu", "rtu-tcp"])
async def test_a_battery_says_its_values_and_is_told(line: str) -> None:
    heard: "dict[str, int]" = {}
    with device("sunspec_battery", "--line", line, "--unit", "4", "--set", "soc_permille=730") as (block, process):
        where = {key: block[key] for key in ("host", "port", "serial") if key in block}
        wire = Wire(Place(**where, baud=19200, over_tcp=block.get("framing") == "rtu"), 1.0)
        place = setup("it", block["profile"], wire.place, block["unit"])
        unit = Unit(place, wire, Clock(), lambda readings, raw: heard.update({r.quantity: r.value for r in readings}))
        await unit.look()
        await unit.write(profiles.writes(unit.profile, unit.base, unit.image, "power_setpoint_w", -2000, 60))
        await unit.look()
        wire.close()
        assert process.stdout and "told: power_setpoint_w = -2000\n" in iter(process.stdout.readline, "")
    assert heard["soc_permille"] == 730 and heard["power_w"] == -2000


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["sdm63"], "did you mean sdm630?"),
        (["sdm630", "--fault", "ded=1"], "one of dead night"),
        (["sdm630", "--fault", "dead=often"], "KIND=CHANCE"),
        (["sdm630", "--set", "power_w"], "QUANTITY=VALUE"),
    ],
)
def test_what_is_wrong_is_said(argv: "list[str]", why: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == 2 and why in capsys.readouterr().err
