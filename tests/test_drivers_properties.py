"""Drivers against any bytes: nothing but the named errors, nothing lost but the damaged frame, numbers exact for every bit pattern."""

import math
import struct
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import frames, gcm, registers, sml
from drivers.nouns import Garbled

sys.path.insert(0, str(Path(__file__).parent / "portable"))
from test_framers import sml_frame

orders = st.sampled_from(registers.ORDERS)
scales = st.tuples(st.integers(1, 10**6), st.integers(1, 10**6))


def nearest(value: Fraction) -> int:
    """Half away from zero, the plain way."""
    whole = math.floor(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


@given(st.binary(min_size=4, max_size=4) | st.binary(min_size=8, max_size=8), orders, scales)
def test_floats_decode_exactly(data: bytes, order: str, scale: tuple[int, int]) -> None:
    kind = "f32" if len(data) == 4 else "f64"
    value = struct.unpack(">f" if kind == "f32" else ">d", data)[0]
    regs = registers.split(order, int.from_bytes(data, "big"), len(data) // 2)
    mine = registers.unpack(kind, order, regs, *scale)
    assert mine == (nearest(Fraction(value) * scale[0] / scale[1]) if math.isfinite(value) else None)


@given(st.integers(-(10**12), 10**12), orders, scales)
def test_floats_encode_to_the_nearest(value: int, order: str, scale: tuple[int, int]) -> None:
    regs = registers.pack("f64", "big", value, *scale)
    assert struct.unpack(">d", struct.pack(">4H", *regs))[0] == value * scale[1] / scale[0] if scale[1] == 1 else True
    again = registers.unpack("f64", order, registers.pack("f64", order, value, *scale), *scale)
    assert again == value


@given(st.integers(-(2**40), 2**40), st.integers(1, 10**4))
def test_f32_encodes_as_struct_does(n: int, d: int) -> None:
    regs = registers.pack("f32", "big", n, d, 1)
    near = Fraction(struct.unpack(">f", struct.pack(">2H", *regs))[0])
    bits = int.from_bytes(struct.pack(">2H", *regs), "big")
    for other in (bits - 1, bits + 1):
        if 0 <= other < 1 << 32 and abs(near) > 0:
            neighbour = Fraction(struct.unpack(">f", other.to_bytes(4, "big"))[0])
            assert abs(near - Fraction(n, d)) <= abs(neighbour - Fraction(n, d))


@given(st.sampled_from(["u16", "s16", "u32", "s32", "u64", "s64"]), orders, st.data())
def test_integers_round_trip(kind: str, order: str, data: st.DataObject) -> None:
    bits = 16 * registers.WORDS[kind]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if kind[0] == "s" else (0, (1 << bits) - 1)
    value = data.draw(st.integers(low, high))
    assert registers.unpack(kind, order, registers.pack(kind, order, value)) == value


@given(st.binary(max_size=300))
def test_modbus_parsers_raise_only_named_errors(data: bytes) -> None:
    frames.rtu_reply_length(data), frames.rtu_request_length(data)
    for parse in (frames.unrtu, frames.untcp, frames.tcp_length, frames.parse_request):
        try:
            parse(data)
        except (Garbled, frames.Denied):
            pass
    try:
        frames.parse_reply(frames.read(3, 0, 3), data)
    except (Garbled, frames.Denied):
        pass


@given(st.integers(0, 255), st.binary(min_size=1, max_size=100), st.integers(0, 65535))
def test_modbus_wrappings_round_trip(unit: int, pdu: bytes, transaction: int) -> None:
    assert frames.unrtu(frames.rtu(unit, pdu)) == (unit, pdu)
    if len(pdu) >= 2:
        assert frames.untcp(frames.tcp(transaction, unit, pdu)) == (transaction, unit, pdu)


@given(st.binary(max_size=64))
def test_sml_content_round_trips(content: bytes) -> None:
    assert sml.content(sml_frame(content)) == content


@given(
    st.binary(min_size=1, max_size=200), st.binary(max_size=40), st.binary(min_size=16, max_size=16), st.binary(min_size=12, max_size=12)
)
def test_gcm_opens_what_openssl_sealed(plain: bytes, associated: bytes, key: bytes, iv: bytes) -> None:
    ciphers = pytest.importorskip("cryptography.hazmat.primitives.ciphers", reason="install cryptography: pip install 'open-elecbay[keys]'")
    aead = pytest.importorskip("cryptography.hazmat.primitives.ciphers.aead")
    sealed = aead.AESGCM(key).encrypt(iv, plain, associated)
    block = ciphers.Cipher(ciphers.algorithms.AES(key), ciphers.modes.ECB()).encryptor()
    assert gcm.opened(block.update, iv, sealed[:-16], sealed[-16:], associated) == plain
