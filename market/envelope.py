"""Sign the bytes that travel, verify the bytes that came, and only then read them.

JWS compact serialization (RFC 7515) with EdDSA over Ed25519 (RFC 8037) and one fixed header; see docs/protocol.md.
"""

import binascii
import hashlib

from market import canonical, ed25519
from market.lent import KeyOf, Payload, Signer, Verify
from market.nouns import Envelope, Refused

MESSAGE_BYTES = 16384  # of the JWS, as it travels
ORDER_BYTES = 2048
_HEADER = b'{"alg":"EdDSA","kid":"', b'"}'


def b64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return binascii.b2a_base64(data).decode().rstrip("=\n").replace("+", "-").replace("/", "_")


def unb64url(text: str) -> bytes:
    """Return the bytes of `text`; raise `Refused("malformed", why)` unless encoding them gives the same text again."""
    try:
        data = binascii.a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    except ValueError:
        raise Refused("malformed", "not base64url") from None
    if b64url(data) != text:
        raise Refused("malformed", "not canonical base64url")
    return data


def kid(public: bytes) -> str:
    """The key's name: RFC 7638 thumbprint, SHA-256 over the members that RFC 8037 section 2 requires of an OKP key."""
    jwk = '{"crv":"Ed25519","kty":"OKP","x":"' + b64url(public) + '"}'
    return b64url(hashlib.sha256(jwk.encode()).digest())


def digest(jws: bytes) -> str:
    """What names a message: base64url of the SHA-256 of its JWS."""
    return b64url(hashlib.sha256(jws).digest())


def seal(payload: Payload, signer: Signer) -> bytes:
    """Return the compact JWS of `payload`, whose `from` must be the signer's kid."""
    if payload.get("from") != signer.kid:
        raise Refused("malformed", "'from' is not the signer's kid")
    header = _HEADER[0] + signer.kid.encode() + _HEADER[1]
    signed = (b64url(header) + "." + b64url(canonical.encode(payload))).encode()
    return signed + b"." + b64url(signer.sign(signed)).encode()


def open_(jws: bytes) -> Envelope:
    """Take a JWS apart: size, three parts and header are checked, the signature is not. Raises `Refused("malformed", why)`."""
    if len(jws) > MESSAGE_BYTES:
        raise Refused("malformed", "%d bytes, %d are allowed" % (len(jws), MESSAGE_BYTES))
    parts = jws.split(b".")
    if len(parts) != 3:
        raise Refused("malformed", "not three parts")
    header, payload, signature = [unb64url(_ascii(part)) for part in parts]
    if len(signature) != 64:
        raise Refused("malformed", "a signature of %d bytes" % len(signature))
    return Envelope(payload, _kid_of(header), signature)


def unseal(jws: bytes, key_of: KeyOf, verify: Verify) -> Payload:
    """Return the payload of a message that is what it says; raise `Refused` ("malformed", "unknown" or "signature") for any other.

    The shape of its type is the business of `messages.check`, the right to sign it of `messages.may_sign`.
    """
    envelope = open_(jws)
    public = key_of(envelope.signer)
    if public is None:
        raise Refused("unknown", "no key " + envelope.signer)
    if kid(public) != envelope.signer:
        raise Refused("unknown", "the key kept for %s is another's" % envelope.signer)
    if not verify(public, jws[: jws.rfind(b".")], envelope.signature):
        raise Refused("signature", "does not fit key and bytes")
    payload = canonical.decode(envelope.payload, MESSAGE_BYTES)
    if not isinstance(payload, dict):
        raise Refused("malformed", "the payload is no object")
    _check_frame(payload, envelope.signer, len(jws))
    return payload


def _check_frame(payload: Payload, signer: str, size: int) -> None:
    if payload.get("from") != signer:
        raise Refused("malformed", "'from' is not the signer's kid")
    version = payload.get("v")
    if version is True or version != 1:
        raise Refused("malformed", "v is %r, this is version 1" % (version,))
    if payload.get("type") in ("order", "cancel") and size > ORDER_BYTES:
        raise Refused("malformed", "an order of %d bytes, %d are allowed" % (size, ORDER_BYTES))


def _ascii(part: bytes) -> str:
    try:
        return part.decode()
    except ValueError:
        raise Refused("malformed", "not ASCII") from None


def _kid_of(header: bytes) -> str:
    """The kid in the one header that is allowed."""
    start, end = _HEADER
    name = header[len(start) : -len(end)]
    if start + name + end != header or len(unb64url(_ascii(name))) != 32:
        raise Refused("malformed", 'the header is not {"alg":"EdDSA","kid":"..."}')
    return name.decode()


class SeedSigner:
    """Signs with the portable Ed25519. Not constant-time: for boards and tests; a Pi lends PyNaCl."""

    def __init__(self, seed: bytes) -> None:
        self._key = ed25519.Key(seed)
        self.public = self._key.public
        self.kid = kid(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._key.sign(message)
