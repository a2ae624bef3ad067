"""pymodbus's server as the independent peer of the bus: devices that are images of registers, on TCP or on a pty."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from host_help import free_port, joined, pty_pair
from pymodbus.constants import ExcCodes
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from drivers import profile as profiles
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup, Place

Image = dict[tuple[int, int], int]


class Peer:
    """One device: `image` {(function, address): register}; what it was written is in `written` as (address, registers)."""

    def __init__(self, unit: int, image: Image) -> None:
        self.unit, self.image = unit, dict(image)
        self.written: "list[tuple[int, list[int]]]" = []
        self.read: "list[tuple[int, int, int]]" = []
        self.delay_s = 0.0
        self.denies: "ExcCodes | None" = None

    @classmethod
    def of(cls, name: str, unit: int, values: "dict[str, int]") -> "Peer":
        """A device that a profile describes and that says `values`."""
        profile = profiles.load(name)
        base, image = profiles.blank(profile)
        for function, address, count in profiles.blocks(profile, base):
            for i in range(count):
                image.setdefault((function, address + i), 0)
        image.update(profiles.encode(profile, base, values))
        return cls(unit, image)

    def says(self, name: str, values: "dict[str, int]") -> None:
        profile = profiles.load(name)
        self.image.update(profiles.encode(profile, profiles.blank(profile)[0], values))

    def device(self) -> SimDevice:
        block = [SimData(0, count=65535, values=0, datatype=DataType.REGISTERS)]
        bits = [SimData(0, count=16, values=False, datatype=DataType.BITS)]
        return SimDevice(id=self.unit, simdata=(bits, bits, block, block), action=self._act)

    async def _act(
        self, function: int, start: int, address: int, count: int, current: "list[int]", values: "list[int] | None"
    ) -> "ExcCodes | None":
        if values is None and function == 6:
            return None  # pymodbus looks at what function 6 wrote
        if values is None:
            self.read.append((function, address, count))
        await asyncio.sleep(self.delay_s)
        if values is not None:
            if self.denies:
                return self.denies
            self.written.append((address, list(values)))
            self.image.update({(3, address + i): value for i, value in enumerate(values)})
            return None
        if any((function, address + i) not in self.image for i in range(count)):
            return ExcCodes.ILLEGAL_ADDRESS
        for i in range(count):
            current[address - start + i] = self.image[function, address + i]
        return None


class TcpPeers:
    """A Modbus TCP server with units; `connections` counts how often somebody connected."""

    def __init__(self, *peers: Peer) -> None:
        self.peers, self.port, self.connections = peers, free_port(), 0
        self.server: Any = None

    def _connected(self, up: bool) -> None:
        self.connections += up

    async def start(self) -> None:
        devices = [peer.device() for peer in self.peers]
        self.server = ModbusTcpServer(
            devices, address=("127.0.0.1", self.port), ignore_missing_devices=True, trace_connect=self._connected
        )
        await self.server.serve_forever(background=True)

    async def stop(self) -> None:
        await self.server.shutdown()

    async def __aenter__(self) -> "TcpPeers":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


@contextlib.asynccontextmanager
async def serial_peers(*peers: Peer) -> "AsyncIterator[str]":
    """The path of a serial port behind which RTU devices answer. A pty knows no parity, so the peer asks for none."""
    with pty_pair() as (near, path), pty_pair() as (far, other):
        part = joined(asyncio.get_running_loop(), near, far)
        server = ModbusSerialServer(
            [peer.device() for peer in peers],
            framer=FramerType.RTU, port=other, baudrate=19200, parity="N", ignore_missing_devices=True,
        )  # fmt: skip
        await server.serve_forever(background=True)
        try:
            yield path
        finally:
            await server.shutdown()
            part()


def setup(name: str, profile: str, place: Place, unit: int = 1) -> DeviceSetup:
    return DeviceSetup(name, profiles.load(profile), place, unit, "", 60, {})


def tcp(port: int) -> Place:
    return Place(host="127.0.0.1", port=port)


def rtu(path: "Path | str", baud: int = 19200, framing: str = "8E1") -> Place:
    return Place(serial=os.fspath(path), baud=baud, framing=framing)


class Hand(Clock):
    """A clock that stands still until it is moved; waits are short."""

    def __init__(self, at: float = 1_000_000) -> None:
        self.at = at

    def time(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        end = self.at + seconds
        while self.at < end:
            await asyncio.sleep(0.002)

    async def wait(self, event: asyncio.Event, until: "float | None") -> None:
        while not event.is_set() and (until is None or self.at < until):
            await asyncio.sleep(0.002)
