"""One physical link has one owner, one connection and one request on its way at a time; writes go before reads, the meter before the rest.

Its time-outs and pauses are seconds of the wall's clock.
"""

import asyncio
import heapq
import itertools
import logging
import termios
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from drivers.nouns import Garbled, Silent
from gateway.host.home_devices import Place
from gateway.host.serial_port import open_port, possible

log = logging.getLogger("elecbay.bus")
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # what it would say is said here once, as a sentence
WRITE, METER, READ = range(3)  # who goes first
TIMEOUT_S, PAUSE_S, PAUSE_MAX_S = 1.0, 0.5, 30.0
DEAD_AFTER = 3  # time-outs without any answer between them: the connection is made anew
Client = AsyncModbusTcpClient | AsyncModbusSerialClient


class NoLink(Silent):
    """The link itself is down: no fault of the device."""


class Denied(Exception):
    """The device answered with a Modbus exception. args: its code (2: no such register)."""


class Backoff:
    """Pauses that double from `first_s` to `most_s`, in seconds of the loop's clock; the first failure is free."""

    def __init__(self, first_s: float, most_s: float, free: int = 0) -> None:
        self.first_s, self.most_s, self.free = first_s, most_s, free
        self.failures = 0
        self.until = 0.0

    def failed(self) -> None:
        """Wait longer now."""
        self.failures += 1
        pause = min(self.first_s * 2 ** max(0, self.failures - 1 - self.free), self.most_s)
        self.until = asyncio.get_running_loop().time() + (pause if self.failures > self.free else 0)

    def worked(self) -> None:
        """All is well."""
        self.failures, self.until = 0, 0.0

    @property
    def left_s(self) -> float:
        """Seconds until the next try is due, 0 when it is."""
        return max(0.0, self.until - asyncio.get_running_loop().time())


class Turn:
    """A lock that goes to the most urgent who waits, first come first served among equals."""

    def __init__(self) -> None:
        self._held = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    async def take(self, urgency: int) -> None:
        """Wait for the turn; lower `urgency` goes first."""
        if not self._held:
            self._held = True
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._count), future))
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Hand the turn on."""
        while self._waiting:
            future = heapq.heappop(self._waiting)[2]
            if not future.done():
                future.set_result(None)
                return
        self._held = False


class Wire:
    """A Modbus TCP connection or an RTU bus, shared by all devices that are on it, kept open, opened anew for ever."""

    def __init__(self, place: Place, timeout_s: float = TIMEOUT_S, pause_s: float = 0.0, connect_s: float = 0.0) -> None:
        self.place, self.timeout_s, self.connect_s = place, timeout_s, connect_s
        self.gap_s = max(pause_s, 38.5 / place.baud if 0 < place.baud <= 19200 else 0.00175) if place.serial else pause_s
        self._client: Client | None = None
        self._turn, self._back = Turn(), Backoff(PAUSE_S, PAUSE_MAX_S)
        self._timeouts, self._quiet_until, self._said = 0, 0.0, ""

    async def read(self, unit: int, function: int, address: int, count: int, urgency: int = READ) -> "list[int]":
        """`count` registers. Raises Silent, Garbled or Denied."""

        def ask(client: Client) -> "Awaitable[Any]":
            reader = client.read_input_registers if function == 4 else client.read_holding_registers
            return reader(address, count=count, device_id=unit)

        registers = (await self._request(ask, function, urgency)).registers
        if len(registers) != count:
            raise Garbled(f"unit {unit} answered {len(registers)} registers to a request for {count}", b"")
        return list(registers)

    async def write(self, unit: int, function: int, address: int, registers: "list[int]") -> None:
        """Write registers with function 6 (one) or 16. Raises Silent, Garbled or Denied."""

        def ask(client: Client) -> "Awaitable[Any]":
            if function == 6:
                return client.write_register(address, registers[0], device_id=unit)
            return client.write_registers(address, registers, device_id=unit)

        await self._request(ask, function, WRITE)

    def close(self) -> None:
        """Let go of the link."""
        if self._client:
            self._client.close()
        self._client = None

    async def _request(self, ask: "Callable[[Client], Awaitable[Any]]", function: int, urgency: int) -> Any:
        await self._turn.take(urgency)
        try:
            client = await self._connected()
            await self._gap()
            reply = await self._answer(client, ask)
        finally:
            self._rest(self.gap_s)
            self._turn.give()
        if reply.isError():
            raise Denied(reply.exception_code)
        if reply.function_code != function:
            raise Garbled(f"function {reply.function_code} answered to function {function}", b"")
        return reply

    async def _answer(self, client: Client, ask: "Callable[[Client], Awaitable[Any]]") -> Any:
        try:
            reply = await ask(client)
        except (ModbusException, OSError) as error:
            self._timed_out(client)
            raise Silent(str(error)) from None
        self._timeouts = 0
        return reply

    def _timed_out(self, client: Client) -> None:
        """RTU numbers no requests: keep quiet as long again, so that a late answer is not taken for the next one's."""
        self._timeouts += 1
        if self._timeouts >= DEAD_AFTER or not client.connected:
            self._timeouts = 0
            self.close()
        elif self.place.serial:
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
        self._back.worked()
        self._said = ""
        self._client = client
        await asyncio.sleep(self.connect_s)
        return client

    def _new_client(self) -> Client:
        place, common = self.place, {"timeout": self.timeout_s, "retries": 0, "reconnect_delay": 0}
        if not place.serial:
            return AsyncModbusTcpClient(place.host, port=place.port, **common)  # type: ignore[arg-type]
        bits, parity, stop = possible(place.serial, place.framing)
        frame = {"bytesize": int(bits), "parity": parity, "stopbits": int(stop)}
        return AsyncModbusSerialClient(place.serial, baudrate=place.baud, **frame, **common)  # type: ignore[arg-type]

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
        left = self._quiet_until - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)
