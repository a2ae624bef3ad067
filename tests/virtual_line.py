"""Devices on a line in virtual time: hours of a slow bus pass in a second, under the gateway's own wire and pymodbus's client.

The loop's time jumps to the next deadline when nothing is ready (as trio's MockClock); no socket and no port is used.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from drivers import frames
from drivers import profile as profiles
from drivers.nouns import Garbled
from gateway.host.clock import Clock
from gateway.host.wire import Wire

EPOCH_S = 1_000_000  # market time when the loop starts
Image = dict[tuple[int, int], int]


class Jumping(asyncio.SelectorEventLoop):
    """A loop that waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def jump(timeout: "float | None" = None) -> Any:
            assert timeout is not None, "everybody waits for ever"
            self._now += max(0.0, timeout)
            return select(0)

        self._selector.select = jump  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._now


def lived(work: "Callable[[], Coroutine[Any, Any, Any]]") -> Any:
    """Run `work` in virtual time."""
    loop = Jumping()
    try:
        return loop.run_until_complete(work())
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class LoopClock(Clock):
    """Market time that goes with the loop's."""

    def time(self) -> float:
        return EPOCH_S + asyncio.get_running_loop().time()


class Device:
    """One unit; `image` is asked for its registers at the moment of the answer; silent while not `alive`; lacks: places that it denies."""

    def __init__(self, profile: str, image: "Callable[[], Image]", base: "dict[int, int] | None" = None) -> None:
        self.profile, self.image, self.alive = profiles.load(profile), image, True
        self.base = base or {}
        self.lacks: set[tuple[int, int]] = set()
        self.asked: list[frames.Request] = []
        self.written: list[frames.Request] = []

    def answer(self, pdu: bytes) -> "bytes | None":
        if not self.alive:
            return None
        request = frames.parse_request(pdu)
        if request.registers:
            self.written.append(request)
            return frames.reply(request)
        self.asked.append(request)
        places = [(request.function, request.address + i) for i in range(request.count)]
        if self.lacks.intersection(places):
            return frames.denial(request.function, 2)
        image = self.image()
        return frames.reply(request, [image.get(place, 0) for place in places])


Spoil = Callable[[bytes, int, bytes], "list[tuple[float, bytes | None]]"]


class Line(asyncio.Transport):
    """What pymodbus takes for its connection. baud 0: bytes take no time. spoil(request, unit, reply): what comes instead of a reply, as
    (seconds after it was due, bytes; None: the connection ends)."""

    def __init__(self, protocol: Any, units: "dict[int, Device]", rtu: bool, baud: int, turnaround_s: float, spoil: "Spoil | None") -> None:
        super().__init__()
        self.protocol, self.units, self.rtu, self.spoil = protocol, units, rtu, spoil
        self.char_s, self.turnaround_s = (10 / baud if baud else 0.0), turnaround_s
        self.open, self.count, self.begun = True, 0, 0
        self.waiting: list[tuple[int, bytes | None, bool]] = []

    def write(self, data: "bytes | bytearray | memoryview") -> None:
        request = bytes(data)
        try:
            tag, unit, pdu = (0, *frames.unrtu(request)) if self.rtu else frames.untcp(request)
        except Garbled:
            return
        device = self.units.get(unit)
        reply = device.answer(pdu) if device else None
        if reply is None:
            return
        frame = frames.rtu(unit, reply) if self.rtu else frames.tcp(tag, unit, reply)
        due = (len(request) + len(frame)) * self.char_s + self.turnaround_s
        parts = self.spoil(request, unit, frame) if self.spoil else [(0.0, frame)]
        self.count += 1
        for i, (later_s, part) in enumerate(parts):
            asyncio.get_running_loop().call_later(due + later_s, self._come, self.count, part, i + 1 == len(parts))

    def _come(self, number: int, part: "bytes | None", last: bool) -> None:
        """TCP is one stream: what is begun is finished before the next begins."""
        if not self.rtu and self.begun not in (0, number):
            self.waiting.append((number, part, last))
            return
        self.begun = 0 if last else number
        self._deliver(part)
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            self._come(*one)

    def _deliver(self, part: "bytes | None") -> None:
        if not self.open:
            return
        if part is None:
            self.close()
            self.protocol.connection_lost(ConnectionResetError())
        elif part:
            self.protocol.data_received(part)

    def close(self) -> None:
        self.open = False

    def is_closing(self) -> bool:
        return not self.open


def laid(wire: Wire, units: "dict[int, Device]", turnaround_s: float = 0.005, spoil: "Spoil | None" = None) -> Wire:
    """`wire` with these devices at its other end."""
    real = wire._new_client

    def new_client() -> Any:
        client: Any = real()

        async def create() -> Any:
            line = Line(client.ctx, units, wire.place.rtu, wire.place.baud if wire.place.serial else 0, turnaround_s, spoil)
            client.ctx.connection_made(line)
            return line, client.ctx

        client.ctx.call_create = create
        return client

    wire._new_client = new_client  # type: ignore[method-assign]
    return wire
