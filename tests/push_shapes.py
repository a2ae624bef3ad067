"""What a meter says in COSEM, made byte by byte after the Blue and the Green Book: lists as several makers send them.

Values are those of a grid meter (`drivers/quantities.py`, import positive).
"""

from collections.abc import Iterator

Values = dict[str, int]
# What follows a code of these groups in a list: (A-XDR type, bytes, exponent, DLMS unit code).
POWER, REACTIVE, ENERGY, BLIND = (6, 4, 0, 27), (6, 4, 0, 29), (6, 4, 0, 30), (6, 4, 0, 32)
CURRENT, VOLTAGE = (18, 2, -2, 33), (18, 2, -1, 35)
CLOCK = bytes.fromhex("07ea0615070e1e0000ff8800")  # 2026-06-21, a Sunday, 14:30


def octets(data: bytes) -> bytes:
    return bytes([9, len(data)]) + data


def visible(text: str) -> bytes:
    return bytes([10, len(text)]) + text.encode()


def number(kind: int, width: int, value: int) -> bytes:
    return bytes([kind]) + value.to_bytes(width, "big", signed=kind in (5, 15, 16, 20))


def structure(*items: bytes) -> bytes:
    return bytes([2, len(items)]) + b"".join(items)


def array(*items: bytes) -> bytes:
    return bytes([1, len(items)]) + b"".join(items)


def obis(code: str) -> bytes:
    """A-B:C.D.E as six bytes; F is 255."""
    return bytes(int(part) for part in code.replace("-", ".").replace(":", ".").split(".")) + b"\xff"


def notification(body: bytes, clock: bytes = b"\x00") -> bytes:
    return b"\x0f\x40\x00\x00\x00" + clock + body


def measured(values: Values, channel: int = 0) -> Iterator[tuple[str, int, tuple[int, int, int, int]]]:
    """(code, value in the row's unit, row) of all that a meter with three phases tells."""
    power = values["power_w"]
    yield f"1-{channel}:1.7.0", max(power, 0), POWER
    yield f"1-{channel}:2.7.0", max(-power, 0), POWER
    yield f"1-{channel}:3.7.0", 0, REACTIVE
    yield f"1-{channel}:4.7.0", 42, REACTIVE
    for phase, group in ((1, 31), (2, 51), (3, 71)):
        yield f"1-{channel}:{group}.7.0", values[f"current_l{phase}_ma"] // 10, CURRENT
    for phase, group in ((1, 32), (2, 52), (3, 72)):
        yield f"1-{channel}:{group}.7.0", values[f"voltage_l{phase}_mv"] // 100, VOLTAGE
    yield f"1-{channel}:1.8.0", values["energy_import_wh"], ENERGY
    yield f"1-{channel}:2.8.0", values["energy_export_wh"], ENERGY
    yield f"1-{channel}:3.8.0", 1234, BLIND
    yield f"1-{channel}:4.8.0", 567, BLIND


def _number(row: tuple[int, int, int, int], value: int) -> bytes:
    return number(row[0], row[1], value)


def scaled(meter: str, values: Values) -> bytes:
    """Aidon's way: an array of structures (code, value, (scaler, unit))."""
    who = [structure(octets(obis("1-1:0.2.129")), visible("OEB_V0001")), structure(octets(obis("0-0:96.1.0")), visible(meter))]
    told = [
        structure(octets(obis(code)), _number(row, value), structure(number(15, 1, row[2]), number(22, 1, row[3])))
        for code, value, row in measured(values)
    ]
    return notification(array(*who, *told))


def positions(meter: str, values: Values) -> bytes:
    """Kaifa's long list: eighteen values without a code; mA, 0.1 V."""
    rows = [number(6, 4, value * (10 if row == CURRENT else 1)) for _, value, row in measured(values)]
    clock = b"\x09\x0c" + CLOCK
    who = [octets(b"KFM_001"), octets(meter.encode()), octets(b"MA304H3E")]
    return notification(structure(*who, *rows[:10], clock, *rows[10:]), clock)


def power_alone(values: Values) -> bytes:
    """Kaifa's short list."""
    return notification(structure(number(6, 4, max(values["power_w"], 0))), b"\x09\x0c" + CLOCK)


def tens(meter: str, values: Values) -> bytes:
    """Kamstrup's way: codes of channel 1 and values in one flat structure; 10 Wh, 10 mA, V."""
    flat = [visible("Kamstrup_V0001"), octets(obis("1-1:0.0.5")), visible(meter), octets(obis("1-1:96.1.1")), visible("6841121BN243101040")]
    for code, value, row in measured(values, 1):
        flat += [octets(obis(code)), _number(row, value // 10 if row in (ENERGY, BLIND, VOLTAGE) else value)]
    return notification(structure(*flat), b"\x0c" + CLOCK)


def flat(values: Values) -> bytes:
    """Landis+Gyr's way: the clock, then codes and counters and powers without units."""
    told = [part for code, value, row in measured(values) if row[1] == 4 for part in (octets(obis(code)), _number(row, value))]
    return notification(structure(octets(CLOCK), *told), b"\x0c" + CLOCK)


def listed(meter: str, values: Values) -> bytes:
    """Landis+Gyr's other way: an array of the objects' descriptors, then their values, the array being the value of its own descriptor."""
    rows = [(code, _number(row, value)) for code, value, row in measured(values) if row[1] == 4]
    told = [("0-0:42.0.0", octets(b"LGZ" + meter.encode())), *rows]
    described = [_descriptor(40, "0-8:25.9.0"), *[_descriptor(3, code) for code, _ in told]]
    return notification(structure(array(*described), *[value for _, value in told]), b"\x0c" + CLOCK)


def _descriptor(kind: int, code: str) -> bytes:
    return structure(number(18, 2, kind), octets(obis(code)), number(15, 1, 2), number(18, 2, 0))


def described(meter: str, values: Values) -> bytes:
    """EG.D's way: each value behind an untagged descriptor of class, code and attribute."""
    rows = [(1, "0-0:96.1.0", octets(meter.encode())), (1, "0-0:96.14.0", octets(b"T1"))]
    rows += [(3, code, _number(row, value)) for code, value, row in measured(values) if row == POWER or row == ENERGY]
    told = [bytes([2, 2, 0, kind]) + obis(code) + b"\x02" + value for kind, code, value in rows]
    return notification(structure(number(22, 1, 1), array(*told)))
