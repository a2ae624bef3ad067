"""Simulated devices on real wires: Modbus TCP and RTU over TCP on loopback, Modbus RTU on a pty; how each device fails is its own."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from sim_devices.framing import Answers, Framing, Leaving, Listener, Rtu, Tcp
from sim_devices.ptys import Wire


def settled() -> None:
    """For devices without a house: there is nothing to bring up to now."""


class TcpServer:
    """Modbus TCP, or RTU over TCP, on 127.0.0.1. units: {unit: device}; settle(): bring the house up to now, called before each answer;
    most: connections at a time, further ones are closed at once. `connections` counts those that were taken."""

    def __init__(
        self, units: dict[int, Answers], settle: Callable[[], None] = settled, framing: Framing | None = None, most: int = 100
    ) -> None:
        self.units, self.settle, self.framing, self.most = units, settle, framing or Tcp(), most
        self.port = self.connections = 0
        self._server: asyncio.Server | None = None
        self._writers: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

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
        await asyncio.gather(*[task for task in self._writers.values() if task])
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._writers) >= self.most:
            writer.close()
            return
        self._writers[writer] = asyncio.current_task()
        self.connections += 1
        listener = Listener(self.units, self.settle, self.framing)
        try:
            with suppress(ConnectionError):
                while data := await reader.read(4096):
                    for leaving in listener.heard(data):
                        self._send(writer, leaving)
                    await writer.drain()
        finally:
            self._writers.pop(writer)
            writer.close()

    def _send(self, writer: asyncio.StreamWriter, leaving: Leaving) -> None:
        if leaving.data is None:
            writer.close()
        elif leaving.delay_s:
            asyncio.get_running_loop().call_later(leaving.delay_s, self._write, writer, leaving.data)
        else:
            self._write(writer, leaving.data)

    def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if not writer.is_closing():
            writer.write(data)


class RtuBus:
    """Modbus RTU on a pty; units that are not there are silent."""

    def __init__(self, units: dict[int, Answers], settle: Callable[[], None] = settled) -> None:
        self.wire = Wire()
        self._listener = Listener(units, settle, Rtu())
        self._open = False

    async def start(self) -> None:
        """Answer from now on."""
        self._open = True
        asyncio.get_running_loop().add_reader(self.wire, self._readable)

    async def stop(self) -> None:
        """Leave the bus."""
        self._open = False
        asyncio.get_running_loop().remove_reader(self.wire)
        self.wire.close()

    def _readable(self) -> None:
        for leaving in self._listener.heard(self.wire.read()):
            if leaving.data is not None:
                asyncio.get_running_loop().call_later(leaving.delay_s, self._write, leaving.data)

    def _write(self, data: bytes) -> None:
        if self._open:
            self.wire.write(data)
