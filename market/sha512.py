"""SHA-512 (FIPS 180-4), which MicroPython's hashlib lacks: Ed25519 needs it. The same plain integers on both Pythons."""

import binascii
import struct

_MASK = (1 << 64) - 1
# The first 64 bits of the fractions of the cube roots of the first 80 primes, and of the square roots of the first 8.
_K = binascii.unhexlify(
    "428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc3956c25bf348b53859f111f1b605d019923f82a4af194f9bab1c5ed5da6d8118"
    "d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e272be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694"
    "e49b69c19ef14ad2efbe4786384f25e30fc19dc68b8cd5b5240ca1cc77ac9c652de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5"
    "983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4c6e00bf33da88fc2d5a79147930aa72506ca6351e003826f142929670a0e6e70"
    "27b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353b"
    "a2bfe8a14cf10364a81a664bbc423001c24b8b70d0f89791c76c51a30654be30d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8"
    "19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8391c0cb3c5c95a634ed8aa4ae3418acb5b9cca4f7763e373682e6ff3d6b2b8a3"
    "748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532b"
    "ca273eceea26619cd186b8c721c0c207eada7dd6cde0eb1ef57d4f7fee6ed17806f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b"
    "28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c4cc5d4becb3e42b6597f299cfc657e2a5fcb6fab3ad6faec6c44198c4a475817"
)
_START = binascii.unhexlify(
    "6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179"
)


def sha512(message: bytes) -> bytes:
    """Return the 64 bytes of SHA-512 of `message`."""
    zeros = bytes((111 - len(message)) % 128)
    padded = message + b"\x80" + zeros + struct.pack(">QQ", 0, 8 * len(message))
    state = struct.unpack(">8Q", _START)
    for start in range(0, len(padded), 128):
        state = _compress(state, struct.unpack(">16Q", padded[start : start + 128]))
    return struct.pack(">8Q", *state)


def _schedule(block: "tuple[int, ...]") -> "list[int]":
    """The 80 words of a block of 16 (FIPS 180-4, 6.4.2 step 1). A word beside itself, shifted right, is the word rotated."""
    w = list(block)
    for i in range(16, 80):
        x = w[i - 15]
        y = w[i - 2]
        xx = x | x << 64
        yy = y | y << 64
        w.append((w[i - 16] + w[i - 7] + ((xx >> 1 ^ xx >> 8) & _MASK ^ x >> 7) + ((yy >> 19 ^ yy >> 61) & _MASK ^ y >> 6)) & _MASK)
    return w


def _compress(state: "tuple[int, ...]", block: "tuple[int, ...]") -> "tuple[int, ...]":
    """One block into the state (FIPS 180-4, 6.4.2 steps 2 to 4)."""
    a, b, c, d, e, f, g, h = state
    mask = _MASK
    w = _schedule(block)
    for i in range(80):
        ee = e | e << 64
        aa = a | a << 64
        k = struct.unpack_from(">Q", _K, 8 * i)[0]
        new = h + ((ee >> 14 ^ ee >> 18 ^ ee >> 41) & mask) + (g ^ e & (f ^ g)) + k + w[i]
        top = ((aa >> 28 ^ aa >> 34 ^ aa >> 39) & mask) + (a & b | c & (a | b))
        h, g, f, e = g, f, e, (d + new) & mask
        d, c, b, a = c, b, a, (new + top) & mask
    return tuple([(old + new) & mask for old, new in zip(state, (a, b, c, d, e, f, g, h))])
