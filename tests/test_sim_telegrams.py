"""What the simulated meters push decodes to what they measured: with our own framers, and with nothing but the standards' rules."""

import re

import pytest

from drivers.push import framer
from sim_devices import telegrams
from sim_devices.appliances import Roof
from sim_devices.household import Household
from sim_devices.physics import METER, House
from sim_devices.weather import Sky

EVENING = 1_782_052_200
SERVER = bytes.fromhex("0a014f45420000000001")


def measured(seconds: int) -> dict[str, int]:
    house = House(Household("1:x"), {"pv": Roof(Sky(1), 6000)}, EVENING)
    house.step(EVENING + seconds)
    return house.values(METER)


def crc16(data: bytes, poly: int, start: int, end: int) -> int:
    crc = start
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (poly if crc & 1 else 0)
    return crc ^ end


@pytest.mark.parametrize(("protocol", "seconds"), [(p, s) for p in ("dsmr", "sml") for s in (5, 3600, 5 * 3600)])
def test_our_framers_read_them(protocol: str, seconds: int) -> None:
    values = measured(seconds)
    make = {"dsmr": lambda at: telegrams.p1("OEB-1", values, at), "sml": lambda at: telegrams.sml(SERVER, values, at)}[protocol]
    read = framer(protocol)
    for i in range(3):
        read.add(make(EVENING + i), EVENING + i)
    got = [read.next() for _ in range(4)]
    assert got[3] is None and read.bad == 0
    for i, telegram in enumerate(got[:3]):
        said = dict(telegram.readings)
        assert telegram.at == EVENING + i
        assert {q: said[q] for q in ("power_w", "energy_import_wh", "energy_export_wh")} == {
            q: values[q] for q in ("power_w", "energy_import_wh", "energy_export_wh")
        }
    assert (values["power_w"] < 0) == (seconds < 5 * 3600), "both signs were tried"


def test_a_p1_telegram_by_the_standards_rules() -> None:
    values = measured(60)
    text = telegrams.p1("OEB-1", values, EVENING)
    end = text.index(b"!") + 1
    assert text[end:] == b"%04X\r\n" % crc16(text[:end], 0xA001, 0, 0)
    assert b"\r\n0-0:1.0.0(260621163000S)\r\n" in text and text.startswith(b"/") and text.count(b"\n") == text.count(b"\r\n")
    for line in text[:end].decode().split("\r\n")[2:-1]:
        assert re.fullmatch(r"\d-\d:\d+\.\d+\.\d+\([^()]*\)", line), line
    assert b"1-0:2.7.0(%06.3f*kW)" % (-values["power_w"] / 1000) in text


def test_an_sml_file_by_the_standards_rules() -> None:
    values = measured(60)
    values["energy_import_wh"] = 0x1B1B1B1B // 10 + 1  # an escape inside must be doubled
    values["power_w"] = 0x1B1B1B1B
    frame = telegrams.sml(SERVER, values, EVENING)
    assert len(frame) % 4 == 0 and frame.startswith(b"\x1b" * 4 + b"\x01" * 4)
    assert int.from_bytes(frame[-2:], "little") == crc16(frame[:-2], 0x8408, 0xFFFF, 0xFFFF)
    body = frame[8:-8].replace(b"\x1b" * 8, b"\x1b" * 4)
    body = body[: len(body) - frame[-3]]
    messages = list(split(body))
    assert [len(m) for m in messages] == [6, 6, 6]
    entries = messages[1][3][1][4]
    read = {entry[0].hex(): entry for entry in entries}
    assert read["0100100700ff"][3:6] == [27, 0, 0x1B1B1B1B]
    assert read["0100010800ff"][3:6] == [30, -1, 10 * values["energy_import_wh"]]
    telegram_reader = framer("sml")
    telegram_reader.add(frame, EVENING)
    assert dict(telegram_reader.next().readings)["power_w"] == 0x1B1B1B1B


def split(body: bytes):
    """The messages of an SML file, each with its CRC checked."""
    at = 0
    while at < len(body):
        start = at
        item, at = element(body, at)
        crc_at = at - 4  # 0x63, two bytes, 0x00
        assert body[crc_at] == 0x63 and body[at - 1] == 0
        assert int.from_bytes(body[crc_at + 1 : crc_at + 3], "little") == crc16(body[start:crc_at], 0x8408, 0xFFFF, 0xFFFF)
        yield item


def element(data: bytes, at: int):
    """One type-length-value element and where it ends."""
    kind, size = data[at] & 0x70, data[at] & 0x0F
    assert not data[at] & 0x80, "no second length byte is needed here"
    if data[at] == 0:
        return None, at + 1
    if kind == 0x70:
        items, at = [], at + 1
        for _ in range(size):
            item, at = element(data, at)
            items.append(item)
        return items, at
    value = data[at + 1 : at + size]
    at += size
    if kind == 0:
        return value, at
    return int.from_bytes(value, "big", signed=kind == 0x50), at
