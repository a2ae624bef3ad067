"""What a French Linky says on its TIC, historic (1200 baud) and standard (9600 baud): Enedis-NOI-CPT_54E version 3.

Power is apparent there (VA); historic frames have no export, and their current is that of the one phase.
"""

import time

from sim_devices.telegrams import Values
from sim_devices.weather import LOCAL_S


def historic(meter: int, values: Values, at: int) -> bytes:
    """A frame of a single-phase meter on the base tariff. at: unused, historic frames have no time."""
    drawn = max(values["power_w"], 0)
    lines = (
        ("ADCO", f"{meter:012}"),
        ("OPTARIF", "BASE"),
        ("ISOUSC", "45"),
        ("BASE", f"{values['energy_import_wh']:09}"),
        ("PTEC", "TH.."),
        ("IINST", f"{round(values['current_l1_ma'] / 1000):03}"),
        ("IMAX", "090"),
        ("PAPP", f"{drawn:05}"),
        ("HHPHC", "A"),
        ("MOTDETAT", "000000"),
    )
    return _frame([_line([label, data], " ", " ") for label, data in lines])


def standard(meter: int, values: Values, at: int) -> bytes:
    """A frame of a three-phase meter that counts both ways. at: UTC s."""
    stamp = time.strftime("E%y%m%d%H%M%S", time.gmtime(at + LOCAL_S))
    lines = [["ADSC", f"{meter:012}"], ["VTIC", "02"], ["DATE", stamp, ""]]
    lines += [["EAST", f"{values['energy_import_wh']:09}"], ["EAIT", f"{values['energy_export_wh']:09}"]]
    lines += [[f"IRMS{i}", f"{round(values[f'current_l{i}_ma'] / 1000):03}"] for i in (1, 2, 3)]
    lines += [[f"URMS{i}", f"{values[f'voltage_l{i}_mv'] // 1000:03}"] for i in (1, 2, 3)]
    lines += [["SINSTS", f"{max(values['power_w'], 0):05}"], ["SINSTI", f"{max(-values['power_w'], 0):05}"]]
    return _frame([_line(parts, "\t", "") for parts in lines])


def _line(parts: list[str], separator: str, unsummed: str) -> bytes:
    """unsummed: the separator before the checksum where it is not counted into it, else ""."""
    body = separator.join(parts) + ("" if unsummed else separator)
    return f"\n{body}{unsummed}{chr((sum(body.encode()) & 0x3F) + 0x20)}\r".encode()


def _frame(lines: list[bytes]) -> bytes:
    return b"\x02" + b"".join(lines) + b"\x03"
