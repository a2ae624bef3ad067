"""The checksums of the wires: each takes bytes, with the sum so far to go on from, and returns an integer of 16 bits.

Check value of each for b"123456789": modbus 0x4B37, x25 0x906E, arc 0xBB3D (reveng catalogue of CRC algorithms).
"""


def _table(poly: int) -> "tuple[int, ...]":
    rows = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (poly if byte & 1 else 0)
        rows.append(byte)
    return tuple(rows)


_A001 = _table(0xA001)
_8408 = _table(0x8408)


def _run(table: "tuple[int, ...]", data: bytes, crc: int) -> int:
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def modbus(data: bytes, crc: int = 0xFFFF) -> int:
    """Modbus RTU (low byte travels first)."""
    return _run(_A001, data, crc)


def arc(data: bytes) -> int:
    """DSMR P1 from version 4 on, printed as hex digits."""
    return _run(_A001, data, 0)


def x25(data: bytes) -> int:
    """SML transport version 1 (low byte travels first), HDLC."""
    return _run(_8408, data, 0xFFFF) ^ 0xFFFF
