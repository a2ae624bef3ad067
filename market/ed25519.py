"""Ed25519 (RFC 8032) in plain integers, the same on both Pythons, and strict: one signature, one key, one meaning.

Accepted is S < L, a canonical key A and point R that are not of small order, and S B = R + k A without the cofactor.
It is not constant-time: a Pi lends PyNaCl instead, a board signs rarely and keeps strangers off its power supply.
Points are extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, x y = T/Z (RFC 8032 section 5.1.4).
"""

from market.base_point import TABLE
from market.sha512 import sha512

P = (1 << 255) - 19
L = (1 << 252) + 27742317777372353535851937790883648493
D = 0x52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3
_ROOT = 0x2B8324804FC1DF0B2B4D00993DFBD7A72F431806AD2FE478C4EE1B274A0EA0B0  # of -1
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7  # y of a point of order 8
_SMALL_ORDER = (0, 1, P - 1, _EIGHTH, P - _EIGHTH)  # y of every point whose order divides 8
_SIGN = 1 << 255


def public_key(seed: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte seed (RFC 8032 section 5.1.5)."""
    return Key(seed).public


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the 64-byte signature (RFC 8032 section 5.1.6). Who signs often keeps a `Key`."""
    return Key(seed).sign(message)


class Key:
    """A seed spread out once: the secret scalar, the prefix of the nonces, the public key."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("a seed has 32 bytes")
        spread = sha512(seed)
        self._scalar = _number(spread[:32]) & ((1 << 254) - 8) | 1 << 254
        self._prefix = spread[32:]
        self.public = _encode(_base_times(self._scalar))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        nonce = _hash_to_scalar(self._prefix + message)
        point = _encode(_base_times(nonce))
        challenge = _hash_to_scalar(point + self.public + message)
        return point + ((nonce + challenge * self._scalar) % L).to_bytes(32, "little")


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `public` (32 bytes) over `message`; False for lengths that cannot be."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point = signature[:32]
    scalar = _number(signature[32:])
    key = _decode(public)
    if scalar >= L or key is None or _is_small(public) or _is_small(point):
        return False
    challenge = _hash_to_scalar(point + public + message)
    return _encode(_base_minus(scalar, challenge, key)) == point  # a non-canonical R equals no encoding


def _hash_to_scalar(data: bytes) -> int:
    return _number(sha512(data)) % L


def _is_small(encoded: bytes) -> bool:
    return _number(encoded) % _SIGN in _SMALL_ORDER


def _encode(point: "tuple[int, int, int, int]") -> bytes:
    inverse = pow(point[2], P - 2, P)
    x = point[0] * inverse % P
    y = point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(encoded: bytes) -> "tuple[int, int, int, int] | None":
    """The point of 32 canonical bytes (RFC 8032 section 5.1.3), or None."""
    number = _number(encoded)
    y = number % _SIGN
    x = _x_of(y, number >> 255) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _x_of(y: int, odd: int) -> "int | None":
    """x with x^2 = (y^2 - 1) / (d y^2 + 1) = u / v and the given parity, or None; the root is u v^3 (u v^7)^((p-5)/8)."""
    u = (y * y - 1) % P
    v = (D * y * y + 1) % P
    uv3 = u * v * v * v % P
    x = uv3 * pow(uv3 * v * v * v * v % P, (P - 5) >> 3, P) % P
    square = v * x * x % P
    if square != u:
        if square != P - u:
            return None
        x = x * _ROOT % P
    if x == 0 and odd:
        return None
    return P - x if x & 1 != odd else x


def _double(point: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """Twice a point (RFC 8032 section 5.1.4)."""
    p = P
    x, y, z, _ = point
    a = x * x % p
    b = y * y % p
    h = a + b
    e = h - (x + y) * (x + y) % p
    g = a - b
    f = (2 * z * z + g) % p
    return e * f % p, g * h % p, f * g % p, e * h % p


def _add(point: "tuple[int, int, int, int]", addend: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """A point plus one that `_addend` made ready (RFC 8032 section 5.1.4)."""
    p = P
    x, y, z, t = point
    minus, plus, z2, t2d = addend
    a = (y - x) * minus % p
    b = (y + x) * plus % p
    c = t * t2d % p
    d = z * z2 % p
    e = b - a
    f = d - c
    g = d + c
    h = b + a
    return e * f % p, g * h % p, f * g % p, e * h % p


def _addend(point: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """A point as `_add` takes it: (y - x, y + x, 2 z, 2 d t)."""
    x, y, z, t = point
    return (y - x) % P, (y + x) % P, 2 * z, 2 * D * t % P


def _tooth(scalar: int, i: int) -> "tuple[int, int, int, int] | None":
    """What bits i, i + 64, i + 128 and i + 192 of the scalar add, out of the table; None when they are 0."""
    s = scalar >> i
    j = s & 1 | s >> 63 & 2 | s >> 126 & 4 | s >> 189 & 8
    if not j:
        return None
    entry = TABLE[96 * j - 96 : 96 * j]
    return _number(entry[:32]), _number(entry[32:64]), 2, _number(entry[64:])


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _base_times(scalar: int) -> "tuple[int, int, int, int]":
    """scalar B by a comb of four teeth, 64 bits apart: 64 doublings, and additions from the table (Lim and Lee 1994)."""
    point = (0, 1, 1, 0)
    for i in range(63, -1, -1):
        point = _double(point)
        addend = _tooth(scalar, i)
        if addend:
            point = _add(point, addend)
    return point


def _base_minus(s: int, k: int, key: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """s B - k A over one row of doublings (Straus 1964): k by odd digits of -A, and the comb for s along the last 64 of them."""
    odd = _odd_multiples((P - key[0], key[1], 1, P - key[3]))
    digits = _odd_digits(k)
    point = (0, 1, 1, 0)
    for i in range(max(len(digits), 64) - 1, -1, -1):
        point = _double(point)
        digit = digits[i] if i < len(digits) else 0
        if digit > 0:
            point = _add(point, odd[digit >> 1])
        elif digit:
            minus, plus, z2, t2d = odd[-digit >> 1]
            point = _add(point, (plus, minus, z2, -t2d))
        addend = _tooth(s, i) if i < 64 else None
        if addend:
            point = _add(point, addend)
    return point


def _odd_digits(scalar: int) -> "list[int]":
    """The digits of a scalar at 2^0, 2^1, ...: odd and within +-15, or 0, so that at most every fifth is not 0 (width-5 NAF)."""
    digits = []
    while scalar:
        digit = (scalar & 31 ^ 16) - 16 if scalar & 1 else 0  # the last 5 bits with their sign
        digits.append(digit)
        scalar = (scalar - digit) >> 1
    return digits


def _odd_multiples(point: "tuple[int, int, int, int]") -> "list[tuple[int, int, int, int]]":
    """1, 3, 5, ... 15 times a point, as `_add` takes them."""
    twice = _addend(_double(point))
    multiples = []
    for _ in range(8):
        multiples.append(_addend(point))
        point = _add(point, twice)
    return multiples
