"""Modbus on the wire, for both ends: PDUs of functions 1 to 4, 6 and 16, wrapped for RTU (unit, CRC) or TCP (transaction, unit).

Nothing here waits: `rtu_reply_length` and its siblings say how many bytes the frame at the start of a buffer will have, so
that a host reads by expected length and needs silence on the wire only as a fallback. Bytes that mean nothing raise
`Garbled(why, bytes)`; a device that understood and refused raises `Denied(code)`.
"""

import struct
from collections import namedtuple

from drivers.crc import modbus
from drivers.nouns import Garbled

READ_COILS, READ_BITS, READ_HOLDING, READ_INPUT, WRITE_ONE, WRITE_MANY = 1, 2, 3, 4, 6, 16
MOST_READ, MOST_WRITE, MOST_BITS = 125, 123, 2000
READS = (READ_COILS, READ_BITS, READ_HOLDING, READ_INPUT)
BITS = (READ_COILS, READ_BITS)
DENIALS = {
    1: "the device does not know this function",
    2: "the device has no such register",
    3: "the device does not accept this value",
    4: "the device failed",
    6: "the device is busy",
    10: "the gateway has no path to the device",
    11: "the device behind the gateway did not answer",
}


class Denied(Exception):
    """The device answered with a Modbus exception: `code`. Remedy by code: 2 split or drop the block, 6 try again."""

    def __init__(self, code: int) -> None:
        super().__init__(DENIALS.get(code, "Modbus exception %d" % code))
        self.code = code


class Request(namedtuple("Request", ("function", "address", "count", "registers"))):
    """What a client asks: `registers` is () for a read. Of functions 1 and 2 a "register" is a bit, 0 or 1."""

    __slots__ = ()
    function: int
    address: int
    count: int
    registers: "tuple[int, ...]"


# PDUs


def read(function: int, address: int, count: int) -> bytes:
    """Request to read `count` registers (1 to 125) or bits (1 to 2000) from `address`, 0-based."""
    return struct.pack(">BHH", function, address, count)


def write(function: int, address: int, registers: "list[int] | tuple[int, ...]") -> bytes:
    """Request to write: function 6 takes one register, 16 takes 1 to 123."""
    if function == WRITE_ONE:
        if len(registers) != 1:
            raise ValueError("function 6 writes one register, not %d" % len(registers))
        return struct.pack(">BHH", function, address, registers[0])
    return struct.pack(">BHHB", function, address, len(registers), 2 * len(registers)) + _bytes(registers)


def parse_request(pdu: bytes) -> Request:
    """What the client asks; Garbled when it is no request of functions 1 to 4, 6, 16, Denied(3) when its count cannot be."""
    if len(pdu) < 5:
        raise Garbled("a request of %d bytes" % len(pdu), pdu)
    function, address, count = struct.unpack(">BHH", pdu[:5])
    if function in READS and len(pdu) == 5:
        return _counted(Request(function, address, count, ()), MOST_BITS if function in BITS else MOST_READ)
    if function == WRITE_ONE and len(pdu) == 5:
        return Request(function, address, 1, (count,))
    if function == WRITE_MANY and len(pdu) > 5 and pdu[5] == 2 * count == len(pdu) - 6:
        return _counted(Request(function, address, count, tuple(_registers(pdu[6:]))), MOST_WRITE)
    raise Garbled("not a request of function 1 to 4, 6 or 16", pdu)


def _counted(request: Request, most: int) -> Request:
    if not 1 <= request.count <= most:
        raise Denied(3)
    return request


def reply(request: Request, registers: "list[int] | tuple[int, ...]" = ()) -> bytes:
    """The server's answer; `registers` only for a read."""
    if request.function in READS:
        data = _packed(registers) if request.function in BITS else _bytes(registers)
        return struct.pack(">BB", request.function, len(data)) + data
    if request.function == WRITE_ONE:
        return write(WRITE_ONE, request.address, request.registers)
    return struct.pack(">BHH", request.function, request.address, request.count)


def denial(function: int, code: int) -> bytes:
    """The server's refusal."""
    return bytes((function & 0x7F | 0x80, code))


def parse_reply(request: bytes, pdu: bytes) -> "list[int]":
    """The registers or bits that answer the `request` PDU ([] for a write). Garbled when it answers another question."""
    asked = parse_request(request)
    if len(pdu) == 2 and pdu[0] == asked.function | 0x80:
        raise Denied(pdu[1])
    if not pdu or pdu[0] != asked.function:
        raise Garbled("an answer to another function", pdu)
    if asked.registers:
        if pdu != reply(asked):
            raise Garbled("a write was echoed differently", pdu)
        return []
    size = (asked.count + 7) // 8 if asked.function in BITS else 2 * asked.count
    if len(pdu) != 2 + size or pdu[1] != size:
        raise Garbled("%d bytes where %d were asked" % (len(pdu) - 2, size), pdu)
    return _unpacked(pdu[2:], asked.count) if asked.function in BITS else _registers(pdu[2:])


def _bytes(registers: "list[int] | tuple[int, ...]") -> bytes:
    return b"".join([struct.pack(">H", r) for r in registers])


def _registers(data: bytes) -> "list[int]":
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def _packed(bits: "list[int] | tuple[int, ...]") -> bytes:
    """Bits as bytes, the first in the lowest place."""
    data = bytearray((len(bits) + 7) // 8)
    for i in range(len(bits)):
        data[i // 8] |= (bits[i] & 1) << i % 8
    return bytes(data)


def _unpacked(data: bytes, count: int) -> "list[int]":
    return [data[i // 8] >> i % 8 & 1 for i in range(count)]


# RTU: unit, PDU, CRC with its low byte first


def rtu(unit: int, pdu: bytes) -> bytes:
    body = bytes((unit,)) + pdu
    return body + struct.pack("<H", modbus(body))


def unrtu(frame: bytes) -> "tuple[int, bytes]":
    """(unit, PDU) of one RTU frame; Garbled when its CRC is wrong."""
    if len(frame) < 4 or modbus(frame[:-2]) != frame[-2] | frame[-1] << 8:
        raise Garbled("RTU frame with a bad CRC", frame)
    return frame[0], frame[1:-2]


def rtu_reply_length(buffer: bytes) -> "int | None":
    """How long the reply at the start of `buffer` will be; None while that cannot be said (fewer than 3 bytes)."""
    if len(buffer) < 3:
        return None
    if buffer[1] & 0x80:
        return 5
    return 8 if buffer[1] in (WRITE_ONE, WRITE_MANY) else 5 + buffer[2]


def rtu_request_length(buffer: bytes) -> "int | None":
    """The same for a request, as a server sees it."""
    if len(buffer) < 2:
        return None
    if buffer[1] != WRITE_MANY:
        return 8
    return 9 + buffer[6] if len(buffer) > 6 else None


# TCP: transaction, protocol 0, length, unit, PDU


def tcp(transaction: int, unit: int, pdu: bytes) -> bytes:
    return struct.pack(">HHHB", transaction, 0, 1 + len(pdu), unit) + pdu


def tcp_length(buffer: bytes) -> "int | None":
    """Length of the frame at the start of `buffer`, None while it cannot be said; Garbled when it is no Modbus: drop the connection."""
    if len(buffer) < 6:
        return None
    _, protocol, length = struct.unpack(">HHH", buffer[:6])
    if protocol or not 3 <= length <= 254:
        raise Garbled("not Modbus TCP", bytes(buffer))
    return int(6 + length)


def untcp(frame: bytes) -> "tuple[int, int, bytes]":
    """(transaction, unit, PDU) of one whole frame."""
    if tcp_length(frame) != len(frame):
        raise Garbled("a torn Modbus TCP frame", frame)
    return frame[0] << 8 | frame[1], frame[6], frame[7:]
