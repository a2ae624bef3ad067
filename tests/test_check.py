"""`elecbay read` and `elecbay check` on real sockets and ptys: what is there is shown, what is wrong is said with place and remedy."""

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from commissioning import BATHING, DRIVING, STORING, changed, home
from host_help import free_port

from drivers import profile as profiles
from drivers.profiles import mypv_elwa
from gateway.acts import Save
from gateway.host import check, guided, home_toml, read_cli, visit
from gateway.host.store import Store


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (check, "BETWEEN_S", 0.02),
        (guided, "BETWEEN_S", 0.05),
        (guided, "PATIENCE_S", 2.0),
        (visit, "PATIENCE_S", 2.0),
        (read_cli, "WATCH_S", 0.1),
    ):
        monkeypatch.setattr(module, name, value)


async def test_read_shows_value_unit_age_and_registers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, STORING) as rig:
        assert await asyncio.to_thread(read_cli.main, [str(rig.path)]) == 0
        lines = capsys.readouterr().out.splitlines()
        rows = {tuple(line.split()[:2]): line for line in lines[1:]}
        assert re.search(r"-\d+  W +\d+ s  3/\d+: [0-9A-F]{4}$", rows["roof", "power_w"]), rows
        assert re.search(r"\d\d\.\d  % +\d+ s  3/\d+: [0-9A-F]{4}$", rows["battery", "soc_permille"])
        assert re.search(r"\d+  Wh +\d+ s  telegram of \d+ bytes$", rows["grid", "energy_import_wh"])
        assert await asyncio.to_thread(read_cli.main, [str(rig.path), "roof"]) == 0
        assert {line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]} == {"roof"}
        assert read_cli.main([str(rig.path), "rof"]) == 2
        assert "did you mean roof?" in capsys.readouterr().err


async def test_read_goes_on_while_watched_and_says_who_is_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, BATHING) as rig:
        told = rig.mutated("roof", lambda row: row)
        watching = asyncio.create_task(read_cli.read(told, "heater", True))
        await asyncio.sleep(1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert capsys.readouterr().out.count("temperature_mc") >= 3
        await rig.site.stop()
        assert await read_cli.read(told, "", False) == 1
    assert "heater: 127.0.0.1 port" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [STORING, DRIVING, BATHING])
async def test_an_honest_home_passes(tmp_path: Path, kind: int, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, kind) as rig:
        status = await asyncio.to_thread(check.main, [str(rig.path)])
    said = capsys.readouterr().out
    assert status == 0, said
    assert said.count("reached; identified") == len(rig.site.plan.devices) and said.count("; plausible; ") == len(rig.site.plan.devices)
    wanted = {STORING: "writable: power_setpoint_w", DRIVING: "writable: current_limit_ma", BATHING: "writable: power_limit_w"}
    assert wanted[kind] in said and "read only" in said
    assert not any(d.wish.at(rig.site.house.now) for d in rig.site.house.devices.values()), "nothing was written"


async def test_without_a_network_the_file_is_said_nevertheless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, BATHING) as rig:
        rig.path.write_text(re.sub(r"port = \d+", f"port = {free_port()}", rig.path.read_text(), count=1))
        assert await asyncio.to_thread(check.main, [str(rig.path), "--file-only"]) == 0
        alone = capsys.readouterr().out
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
    said = capsys.readouterr().out
    assert "home3: market street" in alone and "reached" not in alone.lower() and said.startswith(alone)
    assert "roof: NOT REACHED: 127.0.0.1 port" in said and "grid: reached; identified (it speaks sml); plausible; read only" in said


async def test_who_is_not_reached_is_said_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, DRIVING) as rig:
        rig.path.write_text(rig.path.read_text().replace("unit = 2", "unit = 7"))
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"grid: NOT REACHED: unit 7 at /dev/\S+ does not answer: .*19200 baud 8E1; `elecbay scan`", said), said
    assert "wallbox: reached" in said


async def test_another_product_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, STORING) as rig:
        rig.path.write_text(rig.path.read_text().replace('"sunspec_battery"', '"mypv_elwa"').replace('name = "battery"', 'name = "tank"'))
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
        said = capsys.readouterr().out
        assert "tank: reached; ANOTHER PRODUCT: it denies all that its profile reads: is mypv_elwa the right profile" in said
        rig.path.write_text(rig.path.read_text().replace('"mypv_elwa"', '"fronius_gen24"'))
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
        assert "ANOTHER PRODUCT: fronius_gen24: the device lacks SunSpec models" in capsys.readouterr().out


async def test_a_fingerprint_that_does_not_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, BATHING) as rig:
        mark = {"address": 1014, "type": "u16", "is": (7,), "agree": "single", "from": "vendor"}
        marked = profiles.build("mypv_elwa", {**mypv_elwa.PROFILE, "identify": (mark,)})
        told = home_toml.load(rig.path)
        devices = tuple(replace(d, profile=marked) if d.name == "heater" else d for d in told.devices)
        assert await check.touched(replace(told, devices=devices), 0) == 1
    said = capsys.readouterr().out
    assert "heater: reached; ANOTHER PRODUCT: its fingerprint is not that of mypv_elwa: `elecbay scan 127.0.0.1:" in said, said


async def test_what_the_home_remembers_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, DRIVING) as rig:
        store = Store(tmp_path / "state")
        memory = {"swapped": "", "frames": "", "account": "", "counters": {"energy_import_wh": [9_000_000, 1_781_000_000]}}
        store.commit([Save("plausible", "grid", memory)])
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 0
        told = capsys.readouterr()
        assert "remembers" in told.err and "another elecbay process" in told.err, "the store is taken"
        store.close()
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
        assert "grid: reached; identified" in (said := capsys.readouterr().out) and "fell from 9000000" in said
        text = rig.path.read_text()
        rig.path.write_text(text.replace('profile = "sdm630"', 'profile = "sdm630"\nswapped = "2026-06-20"'))
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 0


# -- the guided test


class Owner(io.StringIO):
    """Presses Enter; each time something happens first."""

    def __init__(self, *deeds: object) -> None:
        super().__init__()
        self.deeds = list(deeds)

    def readline(self, *_: object) -> str:
        if not self.deeds:
            return ""
        deed = self.deeds.pop(0)
        if callable(deed):
            deed()
        return "\n"


async def sign(rig: object, device: str, monkeypatch: pytest.MonkeyPatch, *deeds: object) -> int:
    monkeypatch.setattr("sys.stdin", Owner(*deeds))
    return await asyncio.to_thread(check.main, [str(rig.path), "--sign", device])  # type: ignore[attr-defined]


async def test_load_on_and_the_meter_goes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, DRIVING) as rig:
        house = rig.site.house

        def kettle() -> None:
            draw = house.household.power_w
            monkeypatch.setattr(house.household, "power_w", lambda now: draw(now) + 2000)

        assert await sign(rig, "grid", monkeypatch, None, kettle) == 0, capsys.readouterr()
        assert "goes the right way" in capsys.readouterr().out
        told = rig.mutated("grid", changed("power_w power_l1_w power_l2_w power_l3_w", positive="export"))
        monkeypatch.setattr("sys.stdin", Owner(None, kettle))
        assert await asyncio.to_thread(guided.guide, told, "grid") == 1
        assert "had to rise" in capsys.readouterr().out
        assert await asyncio.to_thread(check.main, [str(rig.path)]) == 1
        assert "the guided test saw power_w fall" in capsys.readouterr().out


async def test_sun_on_and_the_roof_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, BATHING) as rig:
        assert await sign(rig, "roof", monkeypatch, None) == 0
        monkeypatch.setattr("sys.stdin", Owner(None))
        told = rig.mutated("roof", changed("power_w", positive="consumption"))
        assert await asyncio.to_thread(guided.guide, told, "roof") == 1
    assert "production is negative" in capsys.readouterr().out


async def test_heat_on_is_seen_by_the_meter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async with home(tmp_path, BATHING) as rig:
        house = rig.site.house

        def heat() -> None:
            house.write("heater", "power_setpoint_w", 2500)

        assert await sign(rig, "heater", monkeypatch, None, heat) == 0, capsys.readouterr()
        house.release("heater")
        await asyncio.sleep(0.5)
        monkeypatch.setattr("sys.stdin", Owner(None, heat))
        told = rig.mutated("heater", changed("power_w", scale=10))
        assert await asyncio.to_thread(guided.guide, told, "heater") == 1
        assert "its scale is wrong" in capsys.readouterr().out
        house.release("heater")
        assert await sign(rig, "heater", monkeypatch, None, None) == 1
        assert "nothing was found out" in capsys.readouterr().out
        assert await sign(rig, "heater", monkeypatch) == 1
        assert "nobody pressed Enter" in capsys.readouterr().out
        assert await sign(rig, "heatr", monkeypatch) == 2
