"""One physical link has one owner, one connection and one request on its way at a time: writes first, then the fast values, then the rest.

What pymodbus is given to decode has passed `drivers/ear.py`. Time-outs and pauses are seconds of the wall's clock.
"""

import asyncio
import logging
import termios
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerType

from drivers import readplan
from drivers.ear import Ear
from drivers.nouns import Garbled, Silent
from gateway.host.home_devices import Place
from gateway.host.serial_port import open_port, possible
from gateway.host.turns import Backoff, Turn

log = logging.getLogger("elecbay.bus")
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # what it would say is said here once, as a sentence
WRITE, METER, FAST, READ, PROBE = range(5)  # who goes first
TIMEOUT_S, PAUSE_S, PAUSE_MAX_S, JITTER = 1.0, 0.5, 30.0, 0.25
DEAD_AFTER = 3  # time-outs without any answer between them: the connection is made anew
MEASURED = 5  # answers from which a line's turnaround is learned
TURNAROUNDS_MS = (5, 10, 20, 50, 100)
READERS = {1: "read_coils", 2: "read_discrete_inputs", 3: "read_holding_registers", 4: "read_input_registers"}
Client = AsyncModbusTcpClient | AsyncModbusSerialClient


class NoLink(Silent):
    """The link itself is down: no fault of the device."""


class Denied(Exception):
    """The device answered with a Modbus exception. args: its code (2: no such register)."""


@dataclass
class Tally:
    """What a link did since loop time `since`: requests, those that got no answer, garbled ones, refusals, connections, seconds in use."""

    since: float = 0.0
    requests: int = 0
    silent: int = 0
    garbled: int = 0
    denied: int = 0
    connects: int = 0
    busy_s: float = 0.0

    def percent(self, now: float) -> float:
        """How much of its time the link was taken: requests, their answers or time-outs, and the silences that it needs."""
        return 100 * self.busy_s / max(now - self.since, 0.001)


class Wire:
    """A Modbus TCP connection, an RTU bus, or RTU over TCP; shared by all devices that are on it, kept open, opened anew for ever."""

    def __init__(
        self,
        place: Place,
        timeout_s: float = TIMEOUT_S,
        pause_s: float = 0.0,
        connect_s: float = 0.0,
        turnaround_ms: int = readplan.TURNAROUND_MS,
    ) -> None:
        self.place, self.timeout_s, self.connect_s, self.turnaround_ms = place, timeout_s, connect_s, turnaround_ms
        self.gap_s = max(pause_s, 38.5 / place.baud if 0 < place.baud <= 19200 else 0.00175) if place.serial else pause_s
        self.tally, self.ear = Tally(), Ear(place.rtu)
        self._client: Client | None = None
        self._turn, self._back = Turn(), Backoff(PAUSE_S, PAUSE_MAX_S, jitter=JITTER)
        self._timeouts, self._quiet_until, self._said = 0, 0.0, ""
        self._took_s, self._spent_ms = 0.0, list[float]()

    def line(self) -> readplan.Line:
        """What a read costs here; the turnaround is learned from the first answers, and then stays."""
        usual = sorted(self._spent_ms)[MEASURED // 2] if len(self._spent_ms) == MEASURED else self.turnaround_ms
        turnaround = next((ms for ms in TURNAROUNDS_MS if ms >= usual), TURNAROUNDS_MS[-1])
        place = self.place
        return readplan.rtu(place.baud, place.framing, turnaround) if place.rtu else readplan.tcp(turnaround)

    async def read(self, unit: int, function: int, address: int, count: int, urgency: int = READ) -> "list[int]":
        """`count` registers, or bits (functions 1 and 2) as 0 and 1. Raises Silent, Garbled or Denied."""

        def ask(client: Client) -> "Awaitable[Any]":
            return getattr(client, READERS[function])(address, count=count, device_id=unit)  # type: ignore[no-any-return]

        reply = await self._request(ask, urgency)
        if len(self._spent_ms) < MEASURED:
            usual_ns = self.line().read_ns(count) - self.turnaround_ms * 1_000_000
            self._spent_ms.append(self._took_s * 1000 - usual_ns / 1_000_000)
        return list(reply.registers) if function > 2 else [int(bit) for bit in reply.bits[:count]]

    async def write(self, unit: int, function: int, address: int, registers: "list[int]") -> None:
        """Write registers with function 6 (one) or 16. Raises Silent, Garbled or Denied."""

        def ask(client: Client) -> "Awaitable[Any]":
            if function == 6:
                return client.write_register(address, registers[0], device_id=unit)
            return client.write_registers(address, registers, device_id=unit)

        await self._request(ask, WRITE)

    def close(self) -> None:
        """Let go of the link."""
        if self._client:
            self._client.close()
        self._client = None

    async def _request(self, ask: "Callable[[Client], Awaitable[Any]]", urgency: int) -> Any:
        await self._turn.take(urgency)
        loop = asyncio.get_running_loop()
        taken = loop.time()
        self.tally.since = self.tally.since or taken
        try:
            client = await self._connected()
            await self._gap()
            began = loop.time()
            reply = await self._answer(client, ask)
            self._took_s = loop.time() - began
        finally:
            self._rest(self.gap_s)
            self.tally.busy_s += loop.time() - taken
            self._turn.give()
        if reply.isError():
            self.tally.denied += 1
            raise Denied(reply.exception_code)
        return reply

    async def _answer(self, client: Client, ask: "Callable[[Client], Awaitable[Any]]") -> Any:
        self.tally.requests += 1
        wrong = self.ear.garbled + self.ear.foreign
        try:
            reply = await ask(client)
        except (ModbusException, OSError) as error:
            self._timed_out(client)
            if self.ear.garbled + self.ear.foreign > wrong:
                self.tally.garbled += 1
                raise Garbled("what came was no answer to what was asked", b"") from None
            self.tally.silent += 1
            raise Silent(str(error)) from None
        except asyncio.CancelledError:
            self._hush()
            raise
        self._timeouts = 0
        self._back.worked()
        return reply

    def _timed_out(self, client: Client) -> None:
        """The connection is made anew when it seems dead or counts its answers otherwise than we our requests."""
        self._timeouts += 1
        self._hush()
        if self.ear.lost or self._timeouts >= DEAD_AFTER or not client.connected:
            self._timeouts = 0
            self._back.failed()
            self.close()

    def _hush(self) -> None:
        """RTU numbers no requests: keep quiet as long again, so that a late answer is not taken for the next one's."""
        self.ear.give_up()
        if self.place.rtu:
            self._rest(self.timeout_s)

    async def _connected(self) -> Client:
        if self._client and self._client.connected:
            return self._client
        self.close()
        if self._back.left_s:
            raise NoLink(f"{self.place} is down")
        client = self._new_client()
        try:
            up = await client.connect()
        except termios.error:  # pymodbus lets it through
            up = False
        if not up:
            client.close()
            self._down()
        client.ctx.next_tid = self.ear.last()  # pymodbus begins anew with each connection
        self._said = ""
        self._client = client
        self.tally.connects += 1
        await asyncio.sleep(self.connect_s)
        return client

    def _new_client(self) -> Client:
        place = self.place
        self.ear.renew()
        common: dict[str, Any] = {"timeout": self.timeout_s, "retries": 0, "reconnect_delay": 0, "trace_packet": self._through}
        if not place.serial:
            return AsyncModbusTcpClient(place.host, port=place.port, framer=FramerType.RTU if place.rtu else FramerType.SOCKET, **common)
        bits, parity, stop = possible(place.serial, place.framing)
        return AsyncModbusSerialClient(
            place.serial, baudrate=place.baud, bytesize=int(bits), parity=parity, stopbits=int(stop), **common
        )

    def _through(self, sending: bool, data: bytes) -> bytes:
        """pymodbus's seam for bytes. Received: all that came since the request; what is withheld here it never sees."""
        if not sending:
            return self.ear.hear(data)
        self.ear.ask(data)
        return data

    def _down(self) -> NoReturn:
        self._back.failed()
        why = self._why()
        if why != self._said:
            log.warning("%s cannot be reached (%s); trying again for ever", self.place, why)
        self._said = why
        raise NoLink(f"{self.place}: {why}")

    def _why(self) -> str:
        """What pymodbus does not tell: why a serial port could not be opened."""
        if not self.place.serial:
            return "nobody answers there"
        try:
            open_port(self.place.serial, self.place.baud, self.place.framing).close()
        except OSError as error:
            return str(error)
        return "it was busy"

    def _rest(self, seconds: float) -> None:
        self._quiet_until = max(self._quiet_until, asyncio.get_running_loop().time() + seconds)

    async def _gap(self) -> None:
        """The silence before a request. It is also the drain: what comes meanwhile reaches the ear, which nobody has asked."""
        await asyncio.sleep(max(0.0, self._quiet_until - asyncio.get_running_loop().time()))
