"""Ten thousand random faults of a line, seeded: whatever comes, no value is handed on but what the device had during that very look."""

import asyncio
import logging
from collections import Counter
from random import Random
from typing import Any

import pytest
from modbus_help import setup
from virtual_line import Device, LoopClock, laid, lived

from drivers import frames
from drivers import profile as profiles
from drivers.crc import modbus
from drivers.nouns import Garbled, Reading, Silent
from gateway.host.home_devices import Place
from gateway.host.unit import Unit
from gateway.host.wire import Denied, Wire

FAULTS = 5000  # on each kind of line
TIMEOUT_S, LATEST_S = 1.0, 1.9  # an RTU line is quiet for another time-out: what comes still later nobody could tell
TICK_S = 0.01  # how long a device has the same values
STEPS = {"power_w": 10, "power_l1_w": 10, "voltage_l1_mv": 1000, "current_l1_ma": 1000, "energy_import_wh": 1000, "frequency_mhz": 10}
PLACES = {"tcp": Place(host="nowhere", port=502), "rtu": Place(serial="/dev/null", baud=9600, framing="8N1")}


class Spoiler:
    """What comes instead of a reply, by seeded dice; `struck` counts."""

    def __init__(self, seed: int, rtu: bool) -> None:
        self.dice, self.rtu, self.struck, self.chance = Random(seed), rtu, Counter[str](), 0.0
        self.kinds = [getattr(self, name) for name in dir(self) if name.startswith("do_") or name.startswith("rtu_" if rtu else "tcp_")]
        self.before = b""

    def __call__(self, request: bytes, unit: int, reply: bytes) -> "list[tuple[float, bytes | None]]":
        self.request, self.unit = request, unit
        if self.dice.random() >= self.chance:
            return [(0.0, reply)]
        kind = self.dice.choice(self.kinds)
        self.struck[kind.__name__] += 1
        comes = kind(reply)
        self.before = reply
        return list(comes)

    def sealed(self, unit: int, pdu: bytes, tag: "int | None" = None) -> bytes:
        return frames.rtu(unit, pdu) if self.rtu else frames.tcp(self.request[0] << 8 | self.request[1] if tag is None else tag, unit, pdu)

    def pdu(self, reply: bytes) -> bytes:
        return reply[1:-2] if self.rtu else reply[7:]

    def late_s(self) -> float:
        return self.dice.uniform(TIMEOUT_S, LATEST_S if self.rtu else 30.0)

    def do_drop(self, reply: bytes) -> Any:
        return []

    def do_slow(self, reply: bytes) -> Any:
        return [(self.dice.uniform(0, 0.9), reply)]

    def do_late(self, reply: bytes) -> Any:
        return [(self.late_s(), reply)]

    def do_twice(self, reply: bytes) -> Any:
        return [(0.0, reply + reply)]

    def do_torn(self, reply: bytes) -> Any:
        cut = self.dice.randrange(1, len(reply))
        return [(0.0, reply[:cut])] + ([(self.late_s(), reply[cut:])] if not self.rtu or self.dice.random() < 0.5 else [])

    def do_pieces(self, reply: bytes) -> Any:
        cut = self.dice.randrange(1, len(reply))
        return [(0.0, reply[:cut]), (0.01, reply[cut:])]

    def do_other_unit(self, reply: bytes) -> Any:
        return [(0.0, self.sealed((self.unit + 1) % 248, self.pdu(reply)))]

    def do_other_function(self, reply: bytes) -> Any:
        return [(0.0, self.sealed(self.unit, bytes([self.pdu(reply)[0] ^ 7]) + self.pdu(reply)[1:]))]

    def do_other_length(self, reply: bytes) -> Any:
        pdu = self.pdu(reply)
        return [(0.0, self.sealed(self.unit, bytes([pdu[0], max(pdu[1] - 2, 0)]) + pdu[2:-2]))]

    def do_lying_length(self, reply: bytes) -> Any:
        return [(0.0, self.sealed(self.unit, self.pdu(reply)[:-2]))]

    def do_denied(self, reply: bytes) -> Any:
        return [(0.0, self.sealed(self.unit, frames.denial(self.pdu(reply)[0], self.dice.choice((1, 3, 4, 5, 6, 10, 11)))))]

    def do_garbage(self, reply: bytes) -> Any:
        return [(0.0, self.dice.randbytes(self.dice.randrange(1, 40)))]

    def tcp_foreign(self, reply: bytes) -> Any:
        return [(0.0, self.sealed(self.unit, self.pdu(reply), self.dice.randrange(30_000, 60_000)))]

    def tcp_number_0(self, reply: bytes) -> Any:
        return [(0.0, self.sealed(self.unit, self.pdu(reply), 0))]

    def tcp_the_one_before(self, reply: bytes) -> Any:
        return [(0.0, self.before)]

    def tcp_the_one_before_first(self, reply: bytes) -> Any:
        return [(0.0, self.before + reply)]

    def tcp_ended(self, reply: bytes) -> Any:
        return [(0.0, reply[: self.dice.randrange(len(reply))]), (0.0, None)]

    def tcp_noise_in_the_head(self, reply: bytes) -> Any:
        bit = self.dice.randrange(72)
        return [(0.0, reply[: bit // 8] + bytes([reply[bit // 8] ^ 1 << bit % 8]) + reply[bit // 8 + 1 :])]

    def rtu_noise(self, reply: bytes) -> Any:
        damaged = bytearray(reply)
        for _ in range(self.dice.randrange(1, 4)):
            damaged[self.dice.randrange(len(reply))] ^= 1 << self.dice.randrange(8)
        return [(0.0, bytes(damaged) if modbus(damaged[:-2]) != damaged[-2] | damaged[-1] << 8 else b"")]

    def rtu_noise_before(self, reply: bytes) -> Any:
        return [(0.0, self.dice.randbytes(self.dice.randrange(1, 9)) + reply)]

    def rtu_echo(self, reply: bytes) -> Any:
        return [(0.0, self.request + reply)]


class Timed(Unit):
    """Remembers when its looks began."""

    begun = 0.0

    async def _look(self, every: bool) -> None:
        self.begun = asyncio.get_running_loop().time()
        await super()._look(every)


class Truth:
    """A device whose every value is another at each tick, and who can say whether it had one in a span of time."""

    def __init__(self, name: str) -> None:
        self.profile = profiles.load(name)
        self.base, self.still = profiles.blank(self.profile)
        self.changing = [row.quantity for row in self.profile.reads if row.quantity in STEPS]

    def value(self, quantity: str, tick: int) -> int:
        """Another one at each tick, the same one again only after half a minute and more."""
        return (tick * 37 + self.changing.index(quantity) * 11) % 3001 * STEPS[quantity]

    def values(self, tick: int) -> "dict[str, int]":
        return {quantity: self.value(quantity, tick) for quantity in self.changing}

    def image(self) -> "dict[tuple[int, int], int]":
        now = int(asyncio.get_running_loop().time() / TICK_S)
        return {**self.still, **profiles.encode(self.profile, self.base, self.values(now))}

    def had(self, reading: Reading, since: float, until: float) -> bool:
        ticks = range(int(since / TICK_S), int(until / TICK_S) + 1)
        return reading.quantity not in self.changing or any(self.value(reading.quantity, tick) == reading.value for tick in ticks)


@pytest.mark.parametrize("line", sorted(PLACES))
@pytest.mark.parametrize("name", ["sdm630", "sunspec_battery"])
def test_no_wrong_value_is_handed_on(name: str, line: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "elecbay")
    spoiler, truth, heard = Spoiler(7, line == "rtu"), Truth(name), Counter[str]()

    async def live() -> None:
        loop = asyncio.get_running_loop()

        def hear(readings: "list[Reading]", raw: bytes) -> None:
            wrong = [r for r in readings if not truth.had(r, unit.begun, loop.time())]
            assert not wrong, (wrong, spoiler.struck)
            heard["looks"] += 1

        wire = laid(Wire(PLACES[line], TIMEOUT_S), {3: Device(name, truth.image)}, spoil=spoiler)
        unit = Timed(setup("d", name, PLACES[line], 3), wire, LoopClock(), hear)
        await unit.look()
        while sum(spoiler.struck.values()) < FAULTS // 2:
            spoiler.chance = 0.5 if heard["looks"] % 4 else 0.1
            try:
                await unit.look(every=heard["looks"] % 5 == 0)
            except (Silent, Garbled, Denied):
                await asyncio.sleep(spoiler.dice.choice((0.0, 0.3)))
        wire.close()
        assert wire.ear.late and wire.ear.garbled, "the faults were real"
        assert line == "rtu" or wire.ear.foreign

    lived(live)
    assert heard["looks"] > FAULTS // 20
    assert len(spoiler.struck) == len(spoiler.kinds), "every kind struck"
