"""Random faults of a wire, seeded and mixed: what the gateway takes for an answer is what the device said, on every kind of line."""

import asyncio
from random import Random

import pytest
from modbus_help import rtu, tcp

from drivers import profile as profiles
from drivers.nouns import Garbled, Silent
from gateway.host.home_devices import Place
from gateway.host.wire import Denied, Wire
from sim_devices.bodies import Sheet
from sim_devices.face import Face
from sim_devices.faults import Faults
from sim_devices.framing import Rtu
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.typical import typical

WIRE = {"dead": 0.02, "late": 0.02, "denied": 0.1, "unit": 0.1, "foreign": 0.1, "torn": 0.1, "noise": 0.1, "dropped": 0.03}
# The faults that a line is spared: those that are none there, and on Modbus TCP, which has no checksum, a torn answer with another's late
# answer behind it: together they can look like one that is right.
LINES = {"tcp": {"torn"}, "tcp, torn": {"late"}, "rtu": {"foreign", "dropped"}, "rtu over tcp": {"foreign"}}
DEVICES, READS = 16, 40


@pytest.mark.parametrize("line", LINES)
async def test_no_fault_becomes_a_wrong_value(line: str) -> None:
    """Devices on wires of their own; each is read here and there, always as many registers, until enough was answered."""
    struck = await asyncio.gather(*[_harassed(seed, line) for seed in range(DEVICES)])
    assert sum(struck) > DEVICES * READS // 2


async def _harassed(seed: int, line: str) -> int:
    """How many faults one device had until READS reads were answered."""
    faults = Faults(seed, late_s=0.06)
    device = Face(profiles.load("sdm630"), Sheet(typical(profiles.load("sdm630"))), faults)
    server = RtuBus({7: device}) if line == "rtu" else TcpServer({7: device}, framing=Rtu() if line == "rtu over tcp" else None)
    await server.start()
    wire = Wire(_place(server, line), 0.04)
    wire._back.first_s = wire._back.most_s = 0.02
    dice, right = Random(seed), 0
    await wire.read(7, 4, 0, 76)
    faults.switch(**{kind: chance for kind, chance in WIRE.items() if kind not in LINES[line]})
    while right < READS:
        address = 2 * dice.randrange(9)
        try:
            registers = await wire.read(7, 4, address, 2)
        except (Silent, Garbled, Denied):
            await asyncio.sleep(0.002)  # a link that is down says so at once
        else:
            assert registers == [device.image[4, address + i] for i in (0, 1)]
            right += 1
    wire.close()
    await server.stop()
    return sum(faults.struck.values())


def _place(server: "TcpServer | RtuBus", line: str) -> Place:
    if isinstance(server, RtuBus):
        return rtu(server.wire.path)
    if line.startswith("tcp"):
        return tcp(server.port)
    return Place(host="127.0.0.1", port=server.port, baud=19200, over_tcp=True)
