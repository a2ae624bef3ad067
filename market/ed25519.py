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
_BASE_X = 0x216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A
_BASE_Y = 0x6666666666666666666666666666666666666666666666666666666666666658
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
        self._scalar = int.from_bytes(spread[:32], "little") & ((1 << 254) - 8) | 1 << 254
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
    scalar = int.from_bytes(signature[32:], "little")
    key = _decode(public)
    if scalar >= L or key is None or _is_small(public) or _is_small(point):
        return False
    challenge = _hash_to_scalar(point + public + message)
    return _encode(_base_minus(scalar, challenge, key)) == point  # a non-canonical R equals no encoding


def _hash_to_scalar(data: bytes) -> int:
    return int.from_bytes(sha512(data), "little") % L


def _is_small(encoded: bytes) -> bool:
    return int.from_bytes(encoded, "little") % _SIGN in _SMALL_ORDER


def _encode(point: "tuple[int, int, int, int]") -> bytes:
    inverse = pow(point[2], P - 2, P)
    x = point[0] * inverse % P
    y = point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(encoded: bytes) -> "tuple[int, int, int, int] | None":
    """The point of 32 canonical bytes (RFC 8032 section 5.1.3), or None."""
    number = int.from_bytes(encoded, "little")
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


def _double(x: int, y: int, z: int) -> "tuple[int, int, int, int]":
    """Twice a point; T is not needed (RFC 8032 section 5.1.4)."""
    a = x * x % P
    b = y * y % P
    h = a + b
    e = h - (x + y) * (x + y) % P
    g = a - b
    f = (2 * z * z + g) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def _add(x: int, y: int, z: int, t: int, minus: int, plus: int, z2: int, t2d: int) -> "tuple[int, int, int, int]":
    """A point plus one that is given as (y - x, y + x, 2 z, 2 d t) (RFC 8032 section 5.1.4)."""
    a = (y - x) * minus % P
    b = (y + x) * plus % P
    c = t * t2d % P
    d = z * z2 % P
    e = b - a
    f = d - c
    g = d + c
    h = b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _addend(point: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """A point as `_add` takes it."""
    x, y, z, t = point
    return (y - x) % P, (y + x) % P, 2 * z, 2 * D * t % P


def _base_times(scalar: int) -> "tuple[int, int, int, int]":
    """scalar B with a comb of four teeth, 64 bits apart: 64 doublings, and additions from the table (Lim and Lee 1994)."""
    point = (0, 1, 1, 0)
    for i in range(63, -1, -1):
        point = _double(point[0], point[1], point[2])
        s = scalar >> i
        teeth = s & 1 | s >> 63 & 2 | s >> 126 & 4 | s >> 189 & 8
        if teeth:
            at = 96 * teeth - 96
            point = _add(
                point[0],
                point[1],
                point[2],
                point[3],
                int.from_bytes(TABLE[at : at + 32], "little"),
                int.from_bytes(TABLE[at + 32 : at + 64], "little"),
                2,
                int.from_bytes(TABLE[at + 64 : at + 96], "little"),
            )
    return point


def _base_minus(s: int, k: int, key: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """s B - k A: both scalars two bits at a time over one row of doublings (Straus 1964)."""
    table = _straus_table(key)
    point = (0, 1, 1, 0)
    for i in range(252, -2, -2):
        point = _double(point[0], point[1], point[2])
        point = _double(point[0], point[1], point[2])
        bits = (k >> i & 3) << 2 | s >> i & 3
        if bits:
            minus, plus, z2, t2d = table[bits]
            point = _add(point[0], point[1], point[2], point[3], minus, plus, z2, t2d)
    return point


def _straus_table(key: "tuple[int, int, int, int]") -> "list[tuple[int, int, int, int]]":
    """j B - i A at 4 i + j for i, j of 0..3, as `_add` takes them."""
    negative = _addend((P - key[0], key[1], 1, P - key[3]))
    base = _addend((_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P))
    table = []
    row = (0, 1, 1, 0)
    for _ in range(4):
        point = row
        for _ in range(4):
            table.append(_addend(point))
            point = _add(point[0], point[1], point[2], point[3], base[0], base[1], base[2], base[3])
        row = _add(row[0], row[1], row[2], row[3], negative[0], negative[1], negative[2], negative[3])
    return table
