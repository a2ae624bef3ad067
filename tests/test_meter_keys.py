"""An encrypted meter's keys: a private file that the config names; every mistake is one sentence without a digit of them."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from host_help import pty_pair, until
from modbus_help import Hand
from modbus_help import setup as plain_setup
from test_decode_cli import raw

from drivers import profile as profiles
from drivers.nouns import Reading
from gateway.host import meter_key
from gateway.host.config import BadConfig, Findings
from gateway.host.home_devices import DeviceSetup, Place, check_devices
from gateway.host.home_file import DeviceSection
from gateway.host.push import PushMeter

KEY, AUTH = "000102030405060708090a0b0c0d0e0f", "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
CAPTURES = Path(__file__).parent / "captures"


def errors(folder: Path, **device: Any) -> "list[str]":
    """What check_devices says of one device in folder/home.toml."""
    findings = Findings(folder / "home.toml")
    with pty_pair() as (_, port):
        made = check_devices(findings, [DeviceSection(**{"name": "grid", "serial": port, **device})])
    try:
        findings.done()
    except BadConfig as bad:
        return [line.split(": ", 1)[1] for line in bad.lines]
    assert made[0].decrypt is None or device["key_file"]
    return []


def key_file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "meter.key"
    path.write_text(text)
    path.chmod(mode)
    return path.name


def test_sound_files(tmp_path: Path) -> None:
    for text in (f"{KEY}\n{AUTH}\n", KEY, f"# from the grid operator\n{KEY.upper()}  # GUEK\n\n{AUTH}", " ".join([KEY[:16], KEY[16:]])):
        assert errors(tmp_path, profile="dlms_mbus", key_file=key_file(tmp_path, text)) == []
    assert errors(tmp_path, profile="p1") == []
    assert errors(tmp_path, profile="p1", key_file=key_file(tmp_path, KEY)) == []


def test_each_mistake_is_one_sentence_without_a_digit_of_the_key(tmp_path: Path) -> None:
    def said(text: str = KEY, mode: int = 0o600, profile: str = "dlms_mbus") -> str:
        (line,) = errors(tmp_path, profile=profile, key_file=key_file(tmp_path, text, mode))
        assert line.startswith("device[0].key_file: found ") and KEY[:8] not in line and AUTH[:8] not in line
        return line

    assert "others may read it: run `chmod 600" in said(mode=0o640)
    assert "others may read it" in said(mode=0o604)
    assert "32 hex digits are needed, found 31 characters" in said(KEY[:-1])
    assert "32 hex digits are needed" in said("z" + KEY[1:])
    assert "has 0 lines with keys: write one or two lines of 32 hex digits" in said("# none yet\n")
    assert "has 3 lines" in said("\n".join([KEY] * 3))
    assert "cannot be read as text" in said(f"{KEY}\né")
    assert "a tic_standard meter encrypts nothing: remove this line" in said(profile="tic_standard")


def test_a_missing_file_and_a_missing_line(tmp_path: Path) -> None:
    assert errors(tmp_path, profile="dlms_mbus") == [
        'device[0].key_file: missing: add key_file = "meter.key": this meter encrypts, ask the grid operator for its keys'
    ]
    (line,) = errors(tmp_path, profile="dlms_mbus", key_file="none.key")
    assert "there is no such file" in line


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives.ciphers", None)
    (line,) = errors(tmp_path, profile="dlms_mbus", key_file=key_file(tmp_path, KEY))
    assert "pip install 'open-elecbay[keys]'" in line


def test_keys_are_not_shown() -> None:
    decrypt = meter_key.decrypter(bytes.fromhex(KEY), bytes.fromhex(AUTH))
    device = DeviceSetup("grid", profiles.load("dlms_mbus"), Place(), 1, "", 60, {}, "", decrypt)
    assert "decrypt" not in repr(device) and KEY not in repr(decrypt)


async def heard_with(capture: str, profile: str, decrypt: "meter_key.Decrypt | None") -> "list[list[Reading]]":
    """What a PushMeter makes of a capture on a pty."""
    heard: "list[list[Reading]]" = []
    with pty_pair() as (master, path):
        plain = plain_setup("grid", profile, Place(serial=path, baud=115_200, framing="8N1"))
        device = DeviceSetup(plain.name, plain.profile, plain.place, 1, "", 60, {}, "", decrypt)
        meter = PushMeter(device, Hand(5000), lambda readings, raw: heard.append(readings))
        task = asyncio.create_task(meter.run())
        await asyncio.sleep(0.05)
        os.write(master, raw(capture))
        await until(lambda: heard or meter._said, 5)
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return heard


async def test_a_meter_is_read_with_its_keys(caplog: pytest.LogCaptureFixture) -> None:
    decrypt = meter_key.decrypter(bytes.fromhex(KEY), bytes.fromhex(AUTH))
    meters = (("dlms/mbus.hex", "dlms_mbus"), ("dlms/landis_gyr.hex", "dlms_hdlc_landis_gyr"), ("dsmr/austria.hex", "p1_austria"))
    for capture, profile in meters:
        heard = await heard_with(capture, profile, decrypt)
        wanted = json.loads((CAPTURES / capture).with_suffix(".expected.json").read_text())["frames"]
        assert [{r.quantity: r.value for r in readings} for readings in heard] == [frame["readings"] for frame in wanted]
    assert "encrypted" not in caplog.text


async def test_a_meter_that_cannot_be_opened_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert await heard_with("dlms/landis_gyr.hex", "dlms_hdlc_landis_gyr", None) == []
    assert "its telegrams are encrypted: name the file with both of its keys as key_file" in caplog.text
