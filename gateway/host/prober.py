"""One connection that asks anybody anything, one question at a time with a pause between: for finding out who is there.

Who does not answer is not asked twice, and nothing is written. (`wire.py` is for devices that are known: it waits and tries for ever.)
"""

import asyncio
from typing import Protocol

import serial

from drivers import frames
from drivers.ear import Ear
from drivers.nouns import Garbled, Silent
from gateway.host.home_devices import Place
from gateway.host.serial_port import open_port

TCP_ANSWER_S, RTU_ANSWER_S = 1.0, 0.3
PAUSE_S, CONNECT_S, CONNECTED_S = 0.05, 5.0, 0.3
BITS = 11  # of a byte on a serial line


class NoDoor(OSError):
    """The place itself cannot be reached; the message says why."""


class Carrier(Protocol):
    """Carries bytes; `heard` is given what comes."""

    async def open(self) -> None: ...

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Socket(asyncio.Protocol):
    """A TCP connection, opened anew when the other end has closed it."""

    def __init__(self, prober: "Prober") -> None:
        self._prober = prober
        self._transport: asyncio.Transport | None = None

    async def open(self) -> None:
        if self._transport and not self._transport.is_closing():
            return
        place = self._prober.place
        try:
            async with asyncio.timeout(CONNECT_S):
                connected = await asyncio.get_running_loop().create_connection(lambda: self, place.host, place.port)
        except TimeoutError:
            raise NoDoor(f"{place}: no answer in {CONNECT_S:.0f} s: is the host on, and in this network?") from None
        except OSError as error:
            raise NoDoor(f"{place}: {error.strerror or error}: is Modbus TCP switched on there, and is this its port?") from None
        self._transport = connected[0]
        self._prober.ear.renew()
        await asyncio.sleep(CONNECTED_S)  # some need a moment

    def data_received(self, data: bytes) -> None:
        self._prober.heard(data)

    def send(self, data: bytes) -> None:
        assert self._transport
        self._transport.write(data)

    def close(self) -> None:
        if self._transport:
            self._transport.abort()


class Port:
    """A serial port, for us alone."""

    def __init__(self, prober: "Prober") -> None:
        self._prober = prober
        self._port: serial.Serial | None = None

    async def open(self) -> None:
        if self._port is None:
            place = self._prober.place
            try:
                self._port = open_port(place.serial, place.baud, place.framing)
            except OSError as error:
                raise NoDoor(f"{place}: {error}: is it plugged in, and does nothing else use it?") from None
            asyncio.get_running_loop().add_reader(self._port.fileno(), self._ready)

    def _ready(self) -> None:
        assert self._port
        try:
            data = self._port.read(4096)
        except OSError:  # pulled out: opening it anew will say so
            self.close()
            return
        self._prober.heard(data)

    def send(self, data: bytes) -> None:
        if self._port:
            self._port.write(data)

    def close(self) -> None:
        if self._port:
            asyncio.get_running_loop().remove_reader(self._port.fileno())
            self._port.close()
            self._port = None


class Prober:
    """place: a host and port, or a serial port at one speed. asked: how many questions there were."""

    def __init__(self, place: Place) -> None:
        self.place, self.asked = place, 0
        self.ear = Ear(place.rtu)
        byte_s = BITS / place.baud if place.baud else 0.0
        self._answer_s, self._byte_s = (RTU_ANSWER_S if place.serial else TCP_ANSWER_S), byte_s
        self._carrier: Carrier = Port(self) if place.serial else Socket(self)
        self._buffer, self._answer = b"", asyncio.Event()
        self._frame = b""

    async def ask(self, unit: int, function: int, address: int, count: int) -> "list[int]":
        """`count` registers. Raises Silent, frames.Denied (with .code), or NoDoor."""
        await self._carrier.open()
        await asyncio.sleep(max(PAUSE_S, 4 * self._byte_s))
        self.asked += 1
        pdu = frames.read(function, address, count)
        frame = frames.rtu(unit, pdu) if self.place.rtu else frames.tcp(self.asked & 0xFFFF, unit, pdu)
        self._buffer, self._frame = b"", b""
        self._answer.clear()
        self.ear.ask(frame)
        self._carrier.send(frame)
        await self._answered(len(frame) + 5 + 2 * count)
        if not self._frame:
            raise Silent(f"unit {unit} does not answer")
        reply = frames.unrtu(self._frame)[1] if self.place.rtu else frames.untcp(self._frame)[2]
        return list(frames.parse_reply(pdu, reply))

    async def _answered(self, length: int) -> None:
        try:
            async with asyncio.timeout(self._answer_s + length * self._byte_s):
                await self._answer.wait()
        except TimeoutError:
            self.ear.give_up()
            if self.ear.lost:
                self.close()

    def heard(self, data: bytes) -> None:
        """Bytes from the other end; only those that answer count."""
        self._buffer += data
        try:
            self._frame = self.ear.hear(self._buffer) or self._frame
        except Garbled:
            self._buffer = b""
        if self._frame:
            self._answer.set()

    def close(self) -> None:
        """Let go."""
        self._carrier.close()
