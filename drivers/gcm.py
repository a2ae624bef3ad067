"""AES-GCM (NIST SP 800-38D) over a lent block cipher: `encrypt(16 bytes) -> 16 bytes` is the host's, the mode is here.

Not constant-time: for reading a meter's telegrams, whose timing nobody else sees.
"""

from drivers.nouns import Garbled

_R = 0xE1 << 120


def opened(encrypt, iv: bytes, sealed: bytes, tag: bytes, associated: bytes) -> bytes:  # type: ignore[no-untyped-def]
    """The plain bytes of `sealed`; Garbled when the tag (12 to 16 bytes, cut from the left) does not hold. iv: 12 bytes."""
    first = iv + b"\x00\x00\x00\x01"
    hashed = _ghash(_number(encrypt(bytes(16))), associated, sealed)
    whole = _bytes(hashed ^ _number(encrypt(first)))
    wrong = 0
    for i in range(len(tag)):
        wrong |= tag[i] ^ whole[i]
    if wrong or not 12 <= len(tag) <= 16 or len(iv) != 12:
        raise Garbled("an envelope whose tag does not hold: wrong key, or bytes were changed", sealed)
    return counted(encrypt, iv, sealed)


def counted(encrypt, iv: bytes, data: bytes) -> bytes:  # type: ignore[no-untyped-def]
    """Counter mode, from counter 2 on: what no tag protects, whose sense the caller must check."""
    out = b""
    for i in range(0, len(data), 16):
        pad = encrypt(iv + (i // 16 + 2).to_bytes(4, "big"))
        out += bytes([a ^ b for a, b in zip(data[i : i + 16], pad)])
    return out


def _ghash(key: int, associated: bytes, sealed: bytes) -> int:
    y = 0
    for data in (associated, sealed):
        for i in range(0, len(data), 16):
            block = data[i : i + 16]
            y = _times(y ^ _number(block + bytes(16 - len(block))), key)
    return _times(y ^ (8 * len(associated) << 64 | 8 * len(sealed)), key)


def _times(x: int, y: int) -> int:
    """Product in GF(2**128), bits reflected as GCM has them."""
    z = 0
    for i in range(127, -1, -1):
        if x >> i & 1:
            z ^= y
        y = y >> 1 ^ (_R if y & 1 else 0)
    return z


def _number(block: bytes) -> int:
    return int.from_bytes(block, "big")


def _bytes(number: int) -> bytes:
    return number.to_bytes(16, "big")
