"""What carries a DLMS message on a wire, made after the standards: HDLC segments, M-Bus frames, blocks, the ciphering envelope."""

from drivers.crc import x25

LLC = bytes.fromhex("e6e700")
TAG_BYTES = 12


def hdlc(message: bytes, most: int = 2000) -> bytes:
    """`message` in HDLC frames of at most that much content each, the same flag between two of them."""
    parts = _cut(LLC + message, most)
    frames = [_frame(part, more=part is not parts[-1]) for part in parts]
    return b"\x7e" + b"\x7e".join(frames) + b"\x7e"


def _frame(content: bytes, more: bool, head: bytes = bytes.fromhex("41088313")) -> bytes:
    """What stands between two flags. head: addresses and control."""
    length = 2 + len(head) + 2 + len(content) + 2
    front = bytes([0xA0 | (8 if more else 0) | length >> 8, length & 0xFF]) + head
    front += x25(front).to_bytes(2, "little") + content
    return front + x25(front).to_bytes(2, "little")


def blocks(message: bytes, most: int) -> bytes:
    """`message` by general block transfer, each block in an HDLC frame, only the first with an LLC head, as Landis+Gyr sends it."""
    sent, parts = b"", _cut(message, most)
    for i, part in enumerate(parts, 1):
        control = 0x40 | (0x80 if i == len(parts) else 0)
        block = bytes([0xE0, control]) + i.to_bytes(2, "big") + bytes(2) + length(len(part)) + part
        sent += b"\x7e" + _frame((LLC if i == 1 else b"") + block, False, bytes.fromhex("ceff0313")) + b"\x7e"
    return sent


def mbus(message: bytes, most: int = 245) -> bytes:
    """`message` in M-Bus long frames, numbered from 0, the last one marked."""
    sent, parts = b"", _cut(message, most)
    for i, part in enumerate(parts):
        body = bytes([0x53, 0xFF, (0x10 if i == len(parts) - 1 else 0) | i, 0x01, 0x67]) + part
        sent += bytes([0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) & 0xFF, 0x16])
    return sent


def sealed(message: bytes, title: bytes, counter: int, key: bytes, auth_key: bytes = b"", tag: int = 0xDB) -> bytes:
    """`message` in an envelope: with a tag (security 30) when there is an authentication key, else without (20)."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    security = b"\x30" if auth_key else b"\x20"
    nonce = title + counter.to_bytes(4, "big")
    done = AESGCM(key).encrypt(nonce, message, security + auth_key)
    body = security + nonce[8:] + (done[: len(message) + TAG_BYTES] if auth_key else done[: len(message)])
    return bytes([tag, 8]) + title + length(len(body)) + body


def length(count: int) -> bytes:
    """As A-XDR and BER write it."""
    return bytes([count]) if count < 0x80 else b"\x81" + bytes([count]) if count < 0x100 else b"\x82" + count.to_bytes(2, "big")


def _cut(data: bytes, most: int) -> list[bytes]:
    return [data[i : i + most] for i in range(0, len(data), most)]


def tic(lines: list[tuple[str, str]], mark: str) -> bytes:
    """A TIC frame of (label, data) with right checksums, in historic (mark " ") or standard mode (a tab)."""
    sent = b""
    for label, data in lines:
        text = f"{label}{mark}{data}".encode()
        checked = sum(text) + (ord(mark) if mark == "\t" else 0)
        sent += b"\n" + text + mark.encode() + bytes([(checked & 0x3F) + 0x20]) + b"\r"
    return b"\x02" + sent + b"\x03"
