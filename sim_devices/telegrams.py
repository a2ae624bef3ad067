"""What a smart meter pushes, made byte for byte after the standards: DSMR 5 P1 telegrams and SML files. Values are those of a grid meter
(`drivers/quantities.py`, import positive)."""

import time

from drivers.crc import arc, x25
from sim_devices.weather import LOCAL_S

Values = dict[str, int]
ESCAPE = b"\x1b" * 4
WATT, WATT_HOUR = 27, 30  # DLMS unit codes


# P1: Netbeheer Nederland "P1 Companion Standard" 5.0.2


def p1(meter: str, values: Values, at: int, checked: bool = True) -> bytes:
    """A DSMR 5 telegram. meter: equipment identifier in ASCII; at: UTC s, printed in local summer time; old ones have no CRC."""
    stamp = time.strftime("%y%m%d%H%M%S", time.gmtime(at + LOCAL_S)) + "S"
    power = values["power_w"]
    lines = [
        "/OEB5\\2OPEN-ELECBAY-SIM",
        "",
        "1-3:0.2.8(50)",
        f"0-0:1.0.0({stamp})",
        f"0-0:96.1.1({meter.encode('ascii').hex().upper()})",
        f"1-0:1.8.1({_kilo(values['energy_import_wh'], 6)}*kWh)",
        "1-0:1.8.2(000000.000*kWh)",
        f"1-0:2.8.1({_kilo(values['energy_export_wh'], 6)}*kWh)",
        "1-0:2.8.2(000000.000*kWh)",
        "0-0:96.14.0(0001)",
        f"1-0:1.7.0({_kilo(max(power, 0), 2)}*kW)",
        f"1-0:2.7.0({_kilo(max(-power, 0), 2)}*kW)",
    ]
    for phase, group in ((1, 20), (2, 40), (3, 60)):
        lines += _phase(phase, group, values)
    body = "\r\n".join([*lines, "!"]).encode("ascii")
    return body + (b"%04X\r\n" % arc(body) if checked else b"\r\n")


def _phase(phase: int, group: int, values: Values) -> list[str]:
    power = values[f"power_l{phase}_w"]
    return [
        f"1-0:{group + 12}.7.0({values[f'voltage_l{phase}_mv'] // 100 / 10:05.1f}*V)",
        f"1-0:{group + 11}.7.0({round(values[f'current_l{phase}_ma'] / 1000):03d}*A)",
        f"1-0:{group + 1}.7.0({_kilo(max(power, 0), 2)}*kW)",
        f"1-0:{group + 2}.7.0({_kilo(max(-power, 0), 2)}*kW)",
    ]


def _kilo(value: int, digits: int) -> str:
    """A value in its thousands, as the standard's F9(3,3) and F5(3,3) print it."""
    return f"{value // 1000:0{digits}d}.{value % 1000:03d}"


# SML: BSI TR-03109-1 Anlage IVb, "Smart Message Language" 1.04


def sml(server: bytes, values: Values, at: int) -> bytes:
    """An SML file in its transport frame: open, list response (1.8.0 and 2.8.0 in 0.1 Wh, 16.7.0 in W), close. server: 10 bytes."""
    transaction = at.to_bytes(4, "big")
    entries = [
        _entry("010060320101", None, None, _octets(b"OEB")),
        _entry("0100600100ff", None, None, _octets(server)),
        _entry("0100010800ff", WATT_HOUR, -1, _unsigned(10 * values["energy_import_wh"], 8)),
        _entry("0100020800ff", WATT_HOUR, -1, _unsigned(10 * values["energy_export_wh"], 8)),
        _entry("0100100700ff", WATT, 0, _signed(values["power_w"], 4)),
    ]
    when = _list(_unsigned(1, 1), _unsigned(at & 0xFFFFFFFF, 4))
    opened = _list(_NONE, _NONE, _octets(transaction), _octets(server), _NONE, _NONE)
    listed = _list(_NONE, _octets(server), _octets(bytes.fromhex("0100620affff")), when, _list(*entries), _NONE, _NONE)
    bodies = ((0x0101, opened), (0x0701, listed), (0x0201, _list(_NONE)))
    return transport(b"".join(_message(transaction + bytes([i]), tag, body) for i, (tag, body) in enumerate(bodies)))


def transport(body: bytes) -> bytes:
    """Transport version 1: escape doubled inside, filled to four bytes, the CRC over all but itself."""
    fill = -len(body) % 4
    frame = ESCAPE + b"\x01" * 4 + body.replace(ESCAPE, ESCAPE * 2) + bytes(fill) + ESCAPE + bytes((0x1A, fill))
    return frame + x25(frame).to_bytes(2, "little")


_NONE = b"\x01"  # an optional element that is not there


def _message(transaction: bytes, tag: int, body: bytes) -> bytes:
    head = b"\x76" + _octets(transaction) + _unsigned(0, 1) + _unsigned(0, 1) + _list(_unsigned(tag, 4), body)
    return head + b"\x63" + x25(head).to_bytes(2, "little") + b"\x00"


def _entry(code: str, unit: int | None, scaler: int | None, value: bytes) -> bytes:
    units = _NONE if unit is None else _unsigned(unit, 1)
    scale = _NONE if scaler is None else _signed(scaler, 1)
    return _list(_octets(bytes.fromhex(code)), _NONE, _NONE, units, scale, value, _NONE)


def _list(*items: bytes) -> bytes:
    assert len(items) < 16
    return bytes([0x70 | len(items)]) + b"".join(items)


def _octets(data: bytes) -> bytes:
    assert len(data) < 15, "longer texts need a second length byte"
    return bytes([len(data) + 1]) + data


def _unsigned(value: int, size: int) -> bytes:
    return bytes([0x61 + size]) + value.to_bytes(size, "big")


def _signed(value: int, size: int) -> bytes:
    return bytes([0x51 + size]) + value.to_bytes(size, "big", signed=True)
