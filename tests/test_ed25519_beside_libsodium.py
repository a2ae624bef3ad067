"""The portable Ed25519 beside libsodium (PyNaCl), beside hashlib, and beside plain affine arithmetic written here from RFC 8032."""

import hashlib
from functools import cache

import nacl.exceptions
import nacl.signing
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from market import ed25519
from market.base_point import TABLE
from market.ed25519 import L, P
from market.sha512 import sha512

D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
ZERO: Point = (0, 1)


def plus(p: Point, q: Point) -> Point:
    """The addition law of RFC 8032 section 5.1, affine."""
    (x1, y1), (x2, y2) = p, q
    t = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def times(k: int, p: Point) -> Point:
    found = ZERO
    while k:
        if k & 1:
            found = plus(found, p)
        p = plus(p, p)
        k >>= 1
    return found


def point_of(y: int, odd: int = 0) -> Point:
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - x2) % P == 0, "not on the curve"
    return (x if x & 1 == odd else P - x), y


BASE = point_of(4 * pow(5, -1, P) % P)


def encoded(p: Point) -> bytes:
    return (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")


@cache
def torsion() -> tuple[Point, ...]:
    """The 8 points whose order divides 8: the multiples of L times some point of full order."""
    y = 3
    while True:
        generator = times(L, point_of(y))
        if times(4, generator) != ZERO:
            return tuple(times(i, generator) for i in range(8))
        y += 1


def sodium_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        nacl.signing.VerifyKey(public).verify(message, signature)
    except (nacl.exceptions.BadSignatureError, nacl.exceptions.ValueError):
        return False
    return True


def both(public: bytes, message: bytes, signature: bytes) -> bool:
    ours = ed25519.verify(public, message, signature)
    assert ours == sodium_verifies(public, message, signature)
    return ours


def test_the_table_is_what_it_says() -> None:
    table = b""
    for j in range(1, 16):
        x, y = times(sum(1 << 64 * tooth for tooth in range(4) if j >> tooth & 1), BASE)
        table += b"".join((value % P).to_bytes(32, "little") for value in (y - x, y + x, 2 * D * x * y))
    assert table == TABLE


def test_the_constants_are_what_they_say() -> None:
    assert ed25519.D == D
    assert ed25519._ROOT**2 % P == P - 1
    assert {y for _, y in torsion()} == set(ed25519._SMALL_ORDER)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
@example(bytes(111))
@example(bytes(112))
@example(bytes(127))
@example(bytes(128))
def test_sha512_is_hashlibs(message: bytes) -> None:
    assert sha512(message) == hashlib.sha512(message).digest()


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
@example(bytes(32), b"")
@example(b"\xff" * 32, b"\xff")
def test_keys_and_signatures_are_libsodiums(seed: bytes, message: bytes) -> None:
    key = nacl.signing.SigningKey(seed)
    assert ed25519.public_key(seed) == bytes(key.verify_key)
    assert ed25519.sign(seed, message) == key.sign(message).signature
    assert both(bytes(key.verify_key), message, key.sign(message).signature)


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=80), st.data())
def test_one_bit_is_enough(seed: bytes, message: bytes, data: st.DataObject) -> None:
    parts = [ed25519.public_key(seed), message, ed25519.sign(seed, message)]
    which = data.draw(st.integers(0, 2))
    bit = data.draw(st.integers(0, 8 * len(parts[which]) - 1))
    changed = bytearray(parts[which])
    changed[bit >> 3] ^= 1 << (bit & 7)
    parts[which] = bytes(changed)
    assert not both(*parts)


@settings(deadline=None, max_examples=60)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=20), st.binary(min_size=64, max_size=64))
def test_random_bytes_are_refused_by_both(public: bytes, message: bytes, signature: bytes) -> None:
    assert not both(public, message, signature)


def challenge(point: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % L


def forged(secret: int, nonce: int, on_key: Point, on_nonce: Point, message: bytes) -> tuple[bytes, bytes]:
    """A signature by a scalar whose key and nonce points have torsion points added to them."""
    public = encoded(plus(times(secret, BASE), on_key))
    point = encoded(plus(times(nonce, BASE), on_nonce))
    s = (nonce + challenge(point, public, message) * secret) % L
    return public, point + s.to_bytes(32, "little")


@pytest.mark.parametrize("on_key", range(8))
@pytest.mark.parametrize("on_nonce", [0, 1, 4])
def test_mixed_order_is_judged_without_the_cofactor(on_key: int, on_nonce: int) -> None:
    """S B = R + k A must hold as it stands; the looser 8 S B = 8 R + 8 k A would take all of these."""
    small = torsion()
    verdicts = set()
    for n in range(12):
        message = b"mixed %d" % n
        public, signature = forged(12345, 6789 + n, small[on_key], small[on_nonce], message)
        k = challenge(signature[:32], public, message)
        exact = plus(small[on_nonce], times(k, small[on_key])) == ZERO
        assert both(public, message, signature) == exact
        verdicts.add(exact)
    assert on_key == 0 or False in verdicts


def test_small_order_is_refused_by_both_whatever_fits() -> None:
    for key in torsion():
        for nonce in torsion():
            for n in range(8):
                # With S = 0 the equation is R = -k A, which holds for about one message in eight.
                assert not both(encoded(key), b"small %d" % n, encoded(nonce) + bytes(32))
    for nonce in torsion():
        public, signature = forged(12345, 0, ZERO, nonce, b"no nonce")
        assert not both(public, b"no nonce", signature)


def test_other_spellings_are_refused_by_both() -> None:
    """y + p for the y that have room for it, and the sign of x = 0, as key and as R, with the challenge over the same bytes."""
    spellings = [(y | sign).to_bytes(32, "little") for y in range(P, 1 << 255) for sign in (0, 1 << 255)]
    spellings += [(y | 1 << 255).to_bytes(32, "little") for y in (1, P - 1)]
    for spelling in spellings:
        assert not both(spelling, b"m", encoded(BASE) + bytes(32))
        public = encoded(times(12345, BASE))
        s = challenge(spelling, public, b"m") * 12345 % L
        assert not both(public, b"m", spelling + s.to_bytes(32, "little"))


@pytest.mark.parametrize("add", [L, 2 * L, 3 * L, 8 * L])
def test_s_beyond_the_order_is_refused_by_both(add: int) -> None:
    seed = bytes(range(32))
    signature = ed25519.sign(seed, b"m")
    s = int.from_bytes(signature[32:], "little") + add
    assert not both(ed25519.public_key(seed), b"m", signature[:32] + s.to_bytes(32, "little"))
