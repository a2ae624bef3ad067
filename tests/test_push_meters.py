"""Push meters over a pty: whole and torn telegrams, a cable that is pulled, one owner; real captures at their true baud rate."""

import array
import asyncio
import contextlib
import fcntl
import os
import termios
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import serial
from host_help import pty_pair, until
from modbus_help import Hand, setup
from test_captures import FOLDER

from drivers import profile as profiles
from drivers.nouns import Reading
from drivers.push import framer
from drivers.telegram import Telegram
from gateway.host import push
from gateway.host.home_devices import Place
from gateway.host.push import PushMeter
from gateway.host.serial_port import open_port

OWN = Path(__file__).parent / "captures"


def first(protocol: str, data: bytes, quirks: "dict[str, object] | None" = None) -> Telegram:
    """The first good telegram of a capture."""
    frames = framer(protocol, quirks)
    frames.add(data, 0)
    found = frames.next()
    assert found is not None
    return found


V5 = first("dsmr", (OWN / "dsmr" / "v5.txt").read_bytes()).raw + b"\r\n"


def meter(path: "Path | str", profile: str = "p1") -> "tuple[PushMeter, list[tuple[list[Reading], bytes]], Hand]":
    heard: "list[tuple[list[Reading], bytes]]" = []
    clock = Hand(5000)
    device = setup("grid", profile, Place(serial=str(path), baud=115_200, framing="8N1"))
    return PushMeter(device, clock, lambda readings, raw: heard.append((readings, raw))), heard, clock


@contextlib.asynccontextmanager
async def listening(one: PushMeter) -> "AsyncIterator[None]":
    task = asyncio.create_task(one.run())
    await asyncio.sleep(0.05)
    try:
        yield
    finally:
        task.cancel()
        ends = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(ends[0], asyncio.CancelledError), ends


async def test_a_telegram_is_dated_with_its_first_byte() -> None:
    with pty_pair() as (master, path):
        one, heard, clock = meter(path)
        async with listening(one):
            for i in range(0, len(V5), 100):
                os.write(master, V5[i : i + 100])
                await asyncio.sleep(0.01)
                clock.at += 1
            await until(lambda: heard)
    readings, raw = heard[0]
    assert raw.strip() == V5.strip()
    assert {r.at for r in readings} == {5000}
    assert {r.device for r in readings} == {"grid"} and "energy_import_wh" in {r.quantity for r in readings}


async def test_a_damaged_telegram_costs_itself_only() -> None:
    with pty_pair() as (master, path):
        one, heard, _ = meter(path)
        async with listening(one):
            os.write(master, V5[200:] + V5.replace(b"1-0:1.8.0", b"1-0:1.8.7").replace(b"1-0:1.8.1", b"1-0:1.8.7") + V5)
            await until(lambda: heard)
            await asyncio.sleep(0.05)
    assert len(heard) == 1


async def test_a_pulled_cable_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    link = tmp_path / "port"
    with pty_pair() as (master, path):
        link.symlink_to(path)
        one, heard, _ = meter(link)
        task = asyncio.create_task(one.run())
        await asyncio.sleep(0.05)
        os.write(master, V5)
        await until(lambda: heard)
    link.unlink()
    await until(lambda: "cannot be read" in caplog.text)
    await asyncio.sleep(0.8)
    with pty_pair() as (master, path):
        link.symlink_to(path)
        await asyncio.sleep(1.2)
        os.write(master, V5)
        await until(lambda: len(heard) == 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_port_has_one_owner() -> None:
    with pty_pair() as (_, path):
        one, _heard, _clock = meter(path)
        async with listening(one):
            with pytest.raises(OSError, match="lock"):
                open_port(path, 115_200, "8N1")


async def test_a_meter_that_says_nothing_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(push, "SILENT_S", 0.05)
    with pty_pair() as (master, path):
        one, _heard, _clock = meter(path)
        async with listening(one):
            os.write(master, b"/garbage\r\n\r\n!0000\r\n")
            await asyncio.sleep(0.3)
    assert "check the cable, and baud and parity" in caplog.text


@pytest.mark.parametrize("framing", ["8N1", "7E1", "8E1"])
def test_a_pty_takes_every_framing_again_and_again(framing: str) -> None:
    with pty_pair() as (_, path):
        for baud in (9600, 9600, 115_200):
            port = open_port(path, baud, framing)
            assert isinstance(port, serial.Serial)
            port.close()


def test_what_is_no_port_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        open_port(str(tmp_path / "none"), 9600, "8N1")


async def test_a_meter_of_mode_c_is_asked_at_300_baud_and_read_at_what_it_offers() -> None:
    readout = (OWN / "iec62056-21" / "mode_c.txt").read_bytes()
    readout = readout[readout.index(b"\x02") :]
    with pty_pair() as (master, path):
        clock = Hand(5000)
        heard: "list[list[Reading]]" = []
        device = setup("grid", "iec_mode_c", Place(serial=path, baud=300, framing="7E1"))
        one = PushMeter(device, clock, lambda readings, raw: heard.append(readings))
        slave = os.open(path, os.O_RDWR | os.O_NOCTTY)

        def speed() -> int:
            return int(termios.tcgetattr(slave)[4])

        async with listening(one):
            await until(lambda: waiting(master) >= 5)
            assert speed() == termios.B300 and os.read(master, 100) == b"/?!\r\n"
            os.write(master, b"/?!\r\n/ELB5METER\r\n")  # the head gives our own light back
            await until(lambda: waiting(master) >= 6)
            assert speed() == termios.B300 and os.read(master, 100) == b"\x06050\r\n"
            await until(lambda: speed() == termios.B9600)
            os.write(master, readout)
            await until(lambda: heard)
        os.close(slave)
    assert {"power_w": 3000, "energy_export_wh": 4_567_890}.items() <= {r.quantity: r.value for r in heard[0]}.items()


def waiting(master: int) -> int:
    """Bytes that came out of the gateway and were not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(master, termios.FIONREAD, count)
    return count[0]


async def test_a_meter_of_mode_c_that_keeps_silent_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(push, "SILENT_S", -59.9)
    with pty_pair() as (_, path):
        one, _heard, _clock = meter(path, "iec_mode_c")
        async with listening(one):
            await asyncio.sleep(0.3)
    assert "check the cable, and baud and parity" in caplog.text


# -- real meters

REAL = [
    ("sml", "EMH_eHZ-GW8E2A500AK2.bin", 9600),
    ("p1", "telegram_v5.txt", 115_200),
    ("p1_v2", "telegram_v2_2.txt", 9600),
    ("tic_standard", "standard_base_monophase.bin", 9600),
    ("tic_historic", "historique_tempo.bin", 1200),
]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the captures of real meters are not beside the project: {FOLDER}")
@pytest.mark.parametrize(("profile", "name", "baud"), REAL)
async def test_a_real_capture_at_its_true_speed(profile: str, name: str, baud: int) -> None:
    product = profiles.load(profile)
    data = (FOLDER / product.protocol / name).read_bytes()
    wanted = first(product.protocol, data, product.quirks)
    with pty_pair() as (master, path):
        one, heard, _ = meter(path, profile)
        async with listening(one):
            step = 32
            for i in range(0, len(data), step):
                os.write(master, data[i : i + step])
                await asyncio.sleep(step * 10 / baud)
            await until(lambda: heard)
    assert [(r.quantity, r.value) for r in heard[0][0]] == list(wanted.readings)
    assert heard[0][1] == wanted.raw
