"""Requests as they come over any kind of stream, and what leaves for each: the same devices speak Modbus TCP, RTU, and RTU over TCP."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from drivers import frames
from drivers.nouns import Garbled
from sim_devices.faults import TCP_HEAD, Faults

NO_DEVICE = 11


class Answers(Protocol):
    """What a server puts before a device; see `face.Face`."""

    faults: Faults

    def answer(self, pdu: bytes) -> bytes: ...


class Leaving(NamedTuple):
    """Bytes to send in `delay_s` seconds; None: close the connection."""

    data: bytes | None
    delay_s: float = 0.0


class Framing(Protocol):
    """noisy: how many bytes of a frame noise may hit, None: all. length: of the request at the start of a buffer; absent: the answer
    for a unit that is not there, None: silence. Bytes that are no request raise Garbled."""

    noisy: int | None

    def length(self, buffer: bytes) -> int | None: ...
    def opened(self, frame: bytes) -> tuple[int, int, bytes]: ...
    def sealed(self, tag: int, unit: int, pdu: bytes) -> bytes: ...
    def absent(self, pdu: bytes) -> bytes | None: ...


class Tcp:
    """Modbus TCP: a transaction id, no check sum."""

    noisy: int | None = TCP_HEAD

    def length(self, buffer: bytes) -> int | None:
        return frames.tcp_length(buffer)

    def opened(self, frame: bytes) -> tuple[int, int, bytes]:
        return frames.untcp(frame)

    def sealed(self, tag: int, unit: int, pdu: bytes) -> bytes:
        return frames.tcp(tag, unit, pdu)

    def absent(self, pdu: bytes) -> bytes | None:
        return frames.denial(pdu[0], NO_DEVICE)


class Rtu:
    """Modbus RTU, on a serial line or over TCP."""

    noisy: int | None = None

    def length(self, buffer: bytes) -> int | None:
        return frames.rtu_request_length(buffer)

    def opened(self, frame: bytes) -> tuple[int, int, bytes]:
        return (0, *frames.unrtu(frame))

    def sealed(self, tag: int, unit: int, pdu: bytes) -> bytes:
        return frames.rtu(unit, pdu)

    def absent(self, pdu: bytes) -> bytes | None:
        return None


class Listener:
    """One stream of requests to `units`; settle(): bring the house up to now, called before each answer."""

    def __init__(self, units: dict[int, Answers], settle: Callable[[], None], framing: Framing) -> None:
        self.units, self.settle, self.framing = units, settle, framing
        self._buffer = b""

    def heard(self, data: bytes) -> Iterator[Leaving]:
        """What leaves for the requests that `data` completes."""
        self._buffer += data
        try:
            while (length := self.framing.length(self._buffer)) is not None and len(self._buffer) >= length:
                frame, self._buffer = self._buffer[:length], self._buffer[length:]
                yield from self._answers(*self.framing.opened(frame))
        except Garbled:
            self._buffer = b""  # a real device waits for silence; what comes next is a new request
            if isinstance(self.framing, Tcp):
                yield Leaving(None)

    def _answers(self, tag: int, unit: int, pdu: bytes) -> Iterator[Leaving]:
        device = self.units.get(unit)
        if device is None:
            refusal = self.framing.absent(pdu)
            if refusal is not None:
                yield Leaving(self.framing.sealed(tag, unit, refusal))
            return
        faults = device.faults
        if faults.silent():
            return
        if faults.strikes("dropped"):
            yield Leaving(None)
            return
        self.settle()
        reply = self.framing.sealed(*faults.head(tag, unit), faults.reply(device.answer(pdu)))
        yield Leaving(faults.frame(reply, self.framing.noisy), faults.delay_s())
