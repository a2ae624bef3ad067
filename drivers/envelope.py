"""The ciphering envelope of Luxembourg's P1 port (also Austria's): DLMS general-glo-ciphering around a whole telegram.

db 08 title(8) length 30 counter(4) ciphertext tag(12): AES-128-GCM, nonce = title + counter, associated data = 30 + auth key.
Sources: Smarty "Specifications P1" 1.1.3 (Luxmetering), DLMS Green Book, security suite 0. The key is the household's own.
"""

from drivers.gcm import opened
from drivers.nouns import Garbled

TAG, TITLE = 0xDB, 8
AUTHENTICATED_AND_ENCRYPTED = 0x30
LARGEST = 8192
_HEAD, _TAG = 5, 12  # security byte and counter before, authentication tag after the ciphertext


def length(data: bytes) -> "int | None":
    """Length of the envelope at the front, None when it cannot be said yet or is not whole, 0 when it is none."""
    if len(data) < 13:
        return None
    more = data[10] & 0x7F if data[10] & 0x80 else 0
    if len(data) < 11 + more:
        return None
    inner = int.from_bytes(data[11 : 11 + more], "big") if more else data[10]
    if not _HEAD + _TAG < inner <= LARGEST:
        return 0
    total = 11 + more + inner
    return total if len(data) >= total else None


def opener(encrypt, auth_key: bytes):  # type: ignore[no-untyped-def]
    """decrypt(envelope) -> telegram, over a lent AES-128 block function; Garbled when the tag does not hold."""

    def decrypt(raw: bytes) -> bytes:
        more = raw[10] & 0x7F if raw[10] & 0x80 else 0
        title, body = raw[2:10], raw[11 + more :]
        if body[0] != AUTHENTICATED_AND_ENCRYPTED:
            raise Garbled("an envelope of security %02x: only 30 (encrypted with a tag) is understood" % body[0], raw)
        associated = body[:1] + auth_key
        return opened(encrypt, title + body[1:_HEAD], body[_HEAD:-_TAG], body[-_TAG:], associated)

    return decrypt
