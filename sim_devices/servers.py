"""Simulated devices on real wires: Modbus TCP on loopback, Modbus RTU and meter telegrams on ptys. A wire carries whole frames or none."""

import array
import asyncio
import fcntl
import os
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from drivers import frames
from drivers.nouns import Garbled

NO_DEVICE = 11


class Answers(Protocol):
    """What a server puts before a device; see `face.Face`."""

    def answer(self, pdu: bytes) -> bytes: ...


class TcpServer:
    """Modbus TCP on 127.0.0.1. units: {unit: device}; settle(): bring the house up to now, called before each request."""

    def __init__(self, units: dict[int, Answers], settle: Callable[[], None]) -> None:
        self.units, self.settle = units, settle
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self, port: int = 0) -> None:
        """Listen; `port` 0 takes a free one, see the attribute of that name."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close all connections and the port."""
        if self._server is None:
            return
        self._server.close()
        for writer in self._writers:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, Garbled):
                while True:
                    head = await reader.readexactly(6)
                    frame = head + await reader.readexactly((frames.tcp_length(head) or 6) - 6)
                    writer.write(self._answer(frame))
                    await writer.drain()
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, frame: bytes) -> bytes:
        transaction, unit, pdu = frames.untcp(frame)
        self.settle()
        device = self.units.get(unit)
        reply = device.answer(pdu) if device else frames.denial(pdu[0], NO_DEVICE)
        return frames.tcp(transaction, unit, reply)


class Wire:
    """A pty: `path` is the end for the gateway. It is kept open here too, so that a gateway may come and go."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        for end in (self._master, self._slave):
            tty.setraw(end)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._rest = b""

    def waiting(self) -> int:
        """Bytes that the gateway has not read yet."""
        count = array.array("i", [0])
        fcntl.ioctl(self._slave, termios.FIONREAD, count)
        return count[0]

    def write(self, frame: bytes) -> bool:
        """Send a whole frame; False when nobody reads and it was dropped. A frame that the pty took in part is finished first."""
        if not self._finish() or self.waiting() > len(frame):
            return False
        self._rest = frame
        self._finish()
        return True

    def _finish(self) -> bool:
        with suppress(BlockingIOError):
            self._rest = self._rest[os.write(self._master, self._rest) :] if self._rest else b""
        return not self._rest

    def read(self) -> bytes:
        """What the gateway sent since."""
        try:
            return os.read(self._master, 4096)
        except BlockingIOError:
            return b""

    def fileno(self) -> int:
        """For the loop's reader."""
        return self._master

    def close(self) -> None:
        """Both ends."""
        os.close(self._master)
        os.close(self._slave)


class RtuBus:
    """Modbus RTU on a pty; units that are not there are silent."""

    def __init__(self, units: dict[int, Answers], settle: Callable[[], None]) -> None:
        self.units, self.settle = units, settle
        self.wire = Wire()
        self._buffer = b""

    async def start(self) -> None:
        """Answer from now on."""
        asyncio.get_running_loop().add_reader(self.wire, self._readable)

    async def stop(self) -> None:
        """Leave the bus."""
        asyncio.get_running_loop().remove_reader(self.wire)
        self.wire.close()

    def _readable(self) -> None:
        self._buffer += self.wire.read()
        while (length := frames.rtu_request_length(self._buffer)) is not None and len(self._buffer) >= length:
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            try:
                unit, pdu = frames.unrtu(frame)
            except Garbled:
                self._buffer = b""  # a real device waits for silence; what comes next is a new request
                return
            device = self.units.get(unit)
            if device:
                self.settle()
                self.wire.write(frames.rtu(unit, device.answer(pdu)))


class PushMeter:
    """A meter that talks by itself. frame(at): the bytes of the telegram of UTC s `at`; every: market seconds between two."""

    def __init__(self, frame: Callable[[int], bytes], every: int) -> None:
        self.frame, self.every = frame, every
        self.wire = Wire()
        self.due = 0
        self.dropped = 0

    def tick(self, now: int) -> None:
        """Send when the next multiple of `every` has come; what was missed is not sent late."""
        if now < self.due:
            return
        self.due = now - now % self.every + self.every
        self.dropped += not self.wire.write(self.frame(now))

    async def start(self) -> None:
        """Nothing to listen to."""

    async def stop(self) -> None:
        """Unplug."""
        self.wire.close()
