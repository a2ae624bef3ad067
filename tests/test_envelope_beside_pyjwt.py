"""A JWS of ours is one to others, and theirs is one to us: PyJWT beside the envelope; and no changed byte passes."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from market import canonical, ed25519, envelope
from market.nouns import Refused

SEED = bytes(range(32))
SIGNER = envelope.SeedSigner(SEED)
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
SCALARS = st.integers(-canonical.INT_MAX, canonical.INT_MAX) | TEXT | st.booleans()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8)


def depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max([depth(item) for item in value], default=0) if isinstance(value, list) else 0


def unseal(jws: bytes) -> dict[str, object]:
    return envelope.unseal(jws, {SIGNER.kid: SIGNER.public}.get, ed25519.verify)


def payload(**more: object) -> dict[str, object]:
    return {"v": 1, "type": "sync", "market": "street", "from": SIGNER.kid, "seq": 1, "at": 0, **more}


@settings(deadline=None)
@given(VALUES)
def test_canonical_is_the_standard_librarys_json_with_sorted_keys(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    if depth(value) > canonical.DEPTH:
        with pytest.raises(Refused):
            canonical.encode(value)
        return
    assert canonical.encode(value) == expected
    assert canonical.decode(expected) == value


@settings(deadline=None, max_examples=300)
@given(VALUES.filter(lambda value: depth(value) <= canonical.DEPTH), st.data())
def test_a_changed_byte_is_refused_or_means_something_else(value: object, data: st.DataObject) -> None:
    good = bytearray(canonical.encode(value))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != good[at]))
    try:
        other = canonical.decode(bytes(good))
    except Refused:
        return
    assert canonical.encode(other) == bytes(good)


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_at_all(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except Refused:
        return
    assert canonical.encode(value) == data


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_base64url_is_pyjwts(data: bytes) -> None:
    assert envelope.b64url(data) == jwt.utils.base64url_encode(data).decode()
    assert envelope.unb64url(envelope.b64url(data)) == data


@settings(deadline=None)
@given(st.text(max_size=12) | st.text("AB-_Qgw+/= \n9", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        data = envelope.unb64url(text)
    except Refused:
        return
    assert envelope.b64url(data) == text


def test_pyjwt_reads_ours() -> None:
    jws = envelope.seal(payload(last=5), SIGNER)
    key = Ed25519PublicKey.from_public_bytes(SIGNER.public)
    read = jwt.PyJWS().decode_complete(jws.decode(), key, algorithms=["EdDSA"])
    assert read["header"] == {"alg": "EdDSA", "kid": SIGNER.kid}
    assert json.loads(read["payload"]) == payload(last=5)


def test_pyjwt_writes_what_we_write() -> None:
    body = canonical.encode(payload(last=5))
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    theirs = jwt.PyJWS().encode(body, key, algorithm="EdDSA", headers={"kid": SIGNER.kid, "typ": None}, sort_headers=True)
    assert theirs.encode() == envelope.seal(payload(last=5), SIGNER)
    assert unseal(theirs.encode()) == payload(last=5)


def test_pyjwts_usual_header_is_refused() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    theirs = jwt.PyJWS().encode(canonical.encode(payload()), key, algorithm="EdDSA", headers={"kid": SIGNER.kid})
    with pytest.raises(Refused, match="malformed"):
        unseal(theirs.encode())


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_changed_byte_passes(data: st.DataObject) -> None:
    jws = bytearray(envelope.seal(payload(last=5), SIGNER))
    at = data.draw(st.integers(0, len(jws) - 1))
    jws[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != jws[at]))
    with pytest.raises(Refused):
        unseal(bytes(jws))


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=80) | st.lists(st.binary(max_size=90), min_size=3, max_size=3).map(b".".join))
def test_any_bytes_are_refused(jws: bytes) -> None:
    with pytest.raises(Refused):
        unseal(jws)
