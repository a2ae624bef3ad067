"""The ciphering envelope of DLMS/COSEM: general-glo-ciphering (or general-ded-) around a whole message, security suite 0.

db 08 title(8) length security(1) counter(4) ciphertext [tag(12)]: AES-128-GCM, nonce = title + counter. Security 20: encrypted, no tag;
30: encrypted with a tag over security + authentication key; 10: plain with a tag. P1 ports of Luxembourg and Austria put a telegram into
it, meters behind HDLC and M-Bus a notification. The keys are the household's.
Sources: DLMS Green Book 9.2.7; Luxmetering, Smarty "Specifications P1" 1.1.3.
"""

from drivers.axdr import Torn
from drivers.axdr import length as _length
from drivers.gcm import counted, opened
from drivers.nouns import Garbled

TAGS, TITLE = (0xDB, 0xDC), 8
AUTHENTICATED, ENCRYPTED, COMPRESSED = 0x10, 0x20, 0x80
LARGEST = 8192
_HEAD, _TAG = 5, 12  # security byte and counter before, authentication tag after the ciphertext


class Locked(Garbled):
    """An envelope for which no key was lent. Remedy: ask the grid operator for the keys of this meter."""


def length(data: bytes) -> "int | None":
    """Length of the envelope at the front, None when it cannot be said yet or is not whole, 0 when it is none."""
    try:
        inner, start = _length(data, 2 + TITLE)
    except Torn:
        return None
    except Garbled:
        return 0
    if not _HEAD < inner <= LARGEST:
        return 0
    return start + inner if len(data) >= start + inner else None


def title(raw: bytes) -> bytes:
    """The system title: three letters of the maker, and a number."""
    return raw[2 : 2 + TITLE]


def sealed_with_tag(raw: bytes) -> bool:
    """Whether what comes out of this whole envelope is proven by a tag."""
    return bool(raw[_length(raw, 2 + TITLE)[1]] & AUTHENTICATED)


def opener(encrypt, auth_key: bytes):  # type: ignore[no-untyped-def]
    """decrypt(envelope) -> message, over a lent AES-128 block function; auth_key b"" when there is none.

    Garbled when the tag does not hold, Locked when there is a tag and no key to prove it with.
    """

    def decrypt(raw: bytes) -> bytes:
        inner, start = _length(raw, 2 + TITLE)
        body = raw[start : start + inner]
        security, head = body[0], body[:_HEAD]
        if security & COMPRESSED or security & 0x0E or not security & (AUTHENTICATED | ENCRYPTED):
            raise Garbled("an envelope of security %02x: 10, 20 and 30 are understood" % security, raw)
        iv = title(raw) + head[1:]
        if not security & AUTHENTICATED:
            return counted(encrypt, iv, body[_HEAD:])
        if not auth_key:
            raise Locked("an envelope with a tag, and no authentication key", raw)
        sealed, tag = body[_HEAD:-_TAG], body[-_TAG:]
        if len(body) < _HEAD + _TAG:
            raise Garbled("an envelope without room for its tag", raw)
        if security & ENCRYPTED:
            return opened(encrypt, iv, sealed, tag, head[:1] + auth_key)
        opened(encrypt, iv, b"", tag, head[:1] + auth_key + sealed)
        return sealed

    return decrypt
