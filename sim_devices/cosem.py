"""What a DLMS meter pushes: a data-notification with a list of (code, value, (scaler, unit)), in HDLC, in two M-Bus frames, or bare.

Sources: DLMS Green Book 9.3 (messages), Blue Book 4.1.6.1 (types), IEC 62056-46 (HDLC), EN 13757-3 (M-Bus).
"""

import time

from drivers.crc import x25
from sim_devices.telegrams import Values
from sim_devices.weather import LOCAL_S

W, WH, A, V = 27, 30, 33, 35  # unit codes
STRUCTURE, OCTETS, U32, S8, ENUM = 2, 9, 6, 15, 22
MBUS_MOST = 200  # bytes of content in one long frame


def notification(meter: int, values: Values, at: int) -> bytes:
    """The message. meter: its number, told as 0-0:96.1.0; at: UTC s."""
    power = values["power_w"]
    items = [_struct(_octets(bytes((0, 0, 96, 1, 0, 255))), _octets(f"OEB{meter:08}".encode()))]
    counted = [(1, 7, max(power, 0), 0, W), (2, 7, max(-power, 0), 0, W)]
    counted += [(1, 8, values["energy_import_wh"], 0, WH), (2, 8, values["energy_export_wh"], 0, WH)]
    for i, code in ((1, 31), (2, 51), (3, 71)):
        counted += [(code, 7, values[f"current_l{i}_ma"], -3, A), (code + 1, 7, values[f"voltage_l{i}_mv"] // 100, -1, V)]
    items += [_measured(*one) for one in counted]
    return b"\x0f" + meter.to_bytes(4, "big") + b"\x0c" + _clock(at) + _struct(*items)


def _measured(c: int, d: int, value: int, scaler: int, unit: int) -> bytes:
    number = bytes((U32,)) + value.to_bytes(4, "big")
    return _struct(_octets(bytes((1, 0, c, d, 0, 255))), number, _struct(bytes((S8, scaler & 0xFF)), bytes((ENUM, unit))))


def _struct(*items: bytes) -> bytes:
    return bytes((STRUCTURE, len(items))) + b"".join(items)


def _octets(data: bytes) -> bytes:
    return bytes((OCTETS, len(data))) + data


def _clock(at: int) -> bytes:
    """A date-time: year, month, day, weekday, time, hundredths, deviation in minutes west, status (summer time)."""
    local = time.gmtime(at + LOCAL_S)
    day = local.tm_year.to_bytes(2, "big") + bytes((local.tm_mon, local.tm_mday, local.tm_wday + 1))
    west = -LOCAL_S // 60 & 0xFFFF
    return day + bytes((local.tm_hour, local.tm_min, local.tm_sec, 0)) + west.to_bytes(2, "big") + b"\x80"


def hdlc(message: bytes) -> bytes:
    """One frame: type 3, a client's and a server's address, unnumbered information, both checks."""
    content = b"\xe6\xe7\x00" + message
    head = (0xA000 | len(content) + 9).to_bytes(2, "big") + b"\x41\x03\x13"
    head += x25(head).to_bytes(2, "little")
    return b"\x7e" + head + content + x25(head + content).to_bytes(2, "little") + b"\x7e"


def mbus(message: bytes) -> bytes:
    """Long frames to the broadcast address, CI counting the parts, 10 with the last."""
    parts = [message[i : i + MBUS_MOST] for i in range(0, len(message), MBUS_MOST)]
    sent = b""
    for i, part in enumerate(parts):
        body = bytes((0x53, 0xFF, i | (0x10 if i == len(parts) - 1 else 0), 0x01, 0x67)) + part
        sent += bytes((0x68, len(body), len(body), 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))
    return sent
