"""What an IEC 62056-21 meter says: a readout that it sends by itself (mode D), or when it was asked and answered to (mode C)."""

import asyncio
from collections.abc import Callable

from sim_devices.faults import Faults
from sim_devices.ptys import Wire
from sim_devices.telegrams import Values

NAME = b"/OEB5SIM\r\n"


def lines(meter: int, values: Values) -> bytes:
    """The lines of a readout with its end; power in both directions, counters in kWh with three places."""
    power = values["power_w"]
    shown = [("0.0.0", f"{meter:08}")]
    shown += [("1.8.0", _kilo(values["energy_import_wh"]) + "*kWh"), ("2.8.0", _kilo(values["energy_export_wh"]) + "*kWh")]
    shown += [("1.7.0", _kilo(max(power, 0)) + "*kW"), ("2.7.0", _kilo(max(-power, 0)) + "*kW")]
    for phase, code in ((1, 32), (2, 52), (3, 72)):
        shown.append((f"{code}.7.0", f"{values[f'voltage_l{phase}_mv'] / 1000:05.1f}*V"))
    return b"".join(f"{code}({value})\r\n".encode() for code, value in shown) + b"!\r\n"


def _kilo(value: int) -> str:
    return f"{value // 1000:06}.{value % 1000:03}"


def unasked(meter: int, values: Values) -> bytes:
    """Mode D: the identification, an empty line, the readout."""
    return NAME + b"\r\n" + lines(meter, values)


def framed(meter: int, values: Values) -> bytes:
    """The readout of mode C, between 02 and 03, with its block check: the exclusive or of all after 02."""
    body, check = lines(meter, values) + b"\x03", 0
    for byte in body:
        check ^= byte
    return b"\x02" + body + bytes([check])


class Asked:
    """A meter of mode C on a pty: it names itself when asked, and reads out when acknowledged. Of faults it knows those of a line."""

    def __init__(self, meter: int, values: Callable[[], Values], faults: Faults | None = None) -> None:
        self.meter, self.values, self.faults = meter, values, faults or Faults()
        self.wire = Wire()
        self.asked = 0
        self._buffer = b""

    async def start(self) -> None:
        """Answer from now on."""
        asyncio.get_running_loop().add_reader(self.wire, self._readable)

    async def stop(self) -> None:
        """Unplug."""
        asyncio.get_running_loop().remove_reader(self.wire)
        self.wire.close()

    def tick(self, now: int) -> None:
        """It says nothing by itself."""

    def _readable(self) -> None:
        self._buffer += self.wire.read()
        while b"\r\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            if self.faults.silent():
                continue
            if line.startswith(b"/?") and line.endswith(b"!"):
                self.asked += 1
                self.wire.write(self.faults.frame(NAME))
            elif line[:2] == b"\x060":
                self.wire.write(self.faults.frame(framed(self.meter, self.values())))
