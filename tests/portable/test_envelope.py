"""A message is the bytes that travel: any other header, spelling, size or signer is refused before it is read."""

from binascii import unhexlify

from expect import raises

from market import canonical, ed25519, envelope
from market.nouns import Refused

# RFC 8037 appendix A.1 (key), A.3 (thumbprint).
SEED = unhexlify("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
KID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
# RFC 8037 appendix A.4: a JWS of that key with the header {"alg":"EdDSA"}.
RFC_JWS = (
    b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    b"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)

SIGNER = envelope.SeedSigner(SEED)
HEADER = b'{"alg":"EdDSA","kid":"' + KID.encode() + b'"}'


def payload(**more):
    fields = {"v": 1, "type": "sync", "market": "street", "from": KID, "seq": 7, "at": 1000, "last": 0}
    fields.update(more)
    return fields


def key_of(kid):
    return SIGNER.public if kid == KID else None


def unseal(jws):
    return envelope.unseal(jws, key_of, ed25519.verify)


def signed(header, body, signer=SIGNER):
    """A JWS with any header and body, its signature right."""
    data = (envelope.b64url(header) + "." + envelope.b64url(body)).encode()
    return data + b"." + envelope.b64url(signer.sign(data)).encode()


def refused(jws, reason):
    error = raises(Refused, unseal, jws)
    assert error.args[0] == reason, (error.args, jws[:80])


def test_base64url():
    for data, text in ((b"", ""), (b"\x00", "AA"), (b"\xff\xfe\xfd", "__79"), (b"\xfb\xff", "-_8"), (b"elecbay", "ZWxlY2JheQ")):
        assert envelope.b64url(data) == text
        assert envelope.unb64url(text) == data


def test_other_spellings_of_base64url_are_refused():
    for text in ("A", "AB", "AA==", "AA=", "__9", "+/79", "A A", "AA\n", " AA", "AAB", "A*AA", "AAAA=", "=", "\u00e9\u00e9", "AAAAA"):
        assert raises(Refused, envelope.unb64url, text).args[0] == "malformed", text


def test_rfc_8037_key_and_thumbprint():
    assert envelope.b64url(SIGNER.public) == X
    assert SIGNER.kid == KID == envelope.kid(SIGNER.public)


def test_rfc_8037_signature():
    head, body, signature = RFC_JWS.split(b".")
    assert ed25519.sign(SEED, head + b"." + body) == envelope.unb64url(signature.decode())


def test_rfc_8037_header_without_kid_is_refused():
    refused(RFC_JWS, "malformed")


def test_sealed_is_unsealed():
    jws = envelope.seal(payload(), SIGNER)
    assert unseal(jws) == payload()
    opened = envelope.open_(jws)
    assert opened.payload == canonical.encode(payload())
    assert opened.signer == KID
    assert len(opened.signature) == 64


def test_the_digest_names_the_bytes():
    assert envelope.digest(b"abc") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"


def test_sealing_for_another_is_refused():
    assert raises(Refused, envelope.seal, payload(**{"from": X}), SIGNER).args[0] == "malformed"


def test_other_headers_are_refused_whatever_their_signature():
    body = canonical.encode(payload())
    kid = KID.encode()
    for header in (
        b"",
        b"{}",
        b'{"alg":"EdDSA"}',
        b'{"alg":"none","kid":"' + kid + b'"}',
        b'{"alg":"HS256","kid":"' + kid + b'"}',
        b'{"kid":"' + kid + b'","alg":"EdDSA"}',
        b'{"alg":"EdDSA", "kid":"' + kid + b'"}',
        b'{"alg":"EdDSA","kid":"' + kid + b'","typ":"JWT"}',
        b'{"alg":"EdDSA","kid":"' + kid + b'"} ',
        b'{"alg":"EdDSA","kid":"' + kid[:-1] + b'"}',
        b'{"alg":"EdDSA","kid":"' + kid + b'A"}',
        b'{"alg":"EdDSA","kid":""}',
        b'{"alg":"EdDSA","kid":"\xff' + kid[1:] + b'"}',
    ):
        refused(signed(header, body), "malformed")


def test_other_forms_are_refused():
    jws = envelope.seal(payload(), SIGNER)
    head, body, signature = jws.split(b".")
    for wrong in (
        b"",
        b"..",
        b"...",
        jws + b".",
        b"." + jws,
        head + b"." + body,
        head + b"." + body + b".",
        head + b"=." + body + b"." + signature,
        jws + b"==",
        jws + b"\n",
        b" " + jws,
        jws[:-1],
        b"{" + jws,
        b"\xff" + jws[1:],
        head + b".\xe9." + signature,
        head + b"." + body + b"." + signature[:-2],
    ):
        refused(wrong, "malformed")


def test_the_last_bits_of_a_signature_have_one_spelling():
    jws = envelope.seal(payload(), SIGNER)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = alphabet.find(jws[-1:])
    assert at & 15 == 0
    refused(jws[:-1] + alphabet[at + 1 : at + 2], "malformed")


def test_unknown_signers_are_refused():
    other = envelope.SeedSigner(bytes(32))
    refused(envelope.seal(payload(**{"from": other.kid}), other), "unknown")


def test_a_key_kept_under_anothers_name_is_refused():
    other = envelope.SeedSigner(bytes(32))
    jws = envelope.seal(payload(), SIGNER)
    assert raises(Refused, envelope.unseal, jws, lambda kid: other.public, ed25519.verify).args[0] == "unknown"


def test_signatures_of_others_and_over_others_are_refused():
    jws = envelope.seal(payload(), SIGNER)
    later = envelope.seal(payload(seq=8), SIGNER)
    refused(jws[: jws.rfind(b".")] + later[later.rfind(b".") :], "signature")
    refused(signed(HEADER, canonical.encode(payload()), envelope.SeedSigner(bytes(32))), "signature")


def test_well_signed_nonsense_is_refused():
    other = "A" * 43
    for body in (
        b"",
        b"x",
        b"[]",
        b"1",
        b"{}",
        b'{"from":"' + KID.encode() + b'","v":1} ',
        b'{"v":1,"from":"' + KID.encode() + b'"}',
        canonical.encode(payload(v=2)),
        canonical.encode(payload(v=0)),
        canonical.encode(payload(v=True)),
        canonical.encode(payload(v="1")),
        canonical.encode(payload(v=[1])),
        canonical.encode(payload(**{"from": other})),
        canonical.encode(payload(**{"from": 1})),
    ):
        refused(signed(HEADER, body), "malformed")


def test_sizes():
    # 3 bytes of payload are 4 of the JWS: find the longest filling that still fits.
    for kind, most in (("sync", 16384), ("order", 2048), ("cancel", 2048)):
        empty = len(envelope.seal(payload(type=kind, fill=""), SIGNER))
        fill = (most - empty) * 3 // 4
        while len(envelope.seal(payload(type=kind, fill="a" * fill), SIGNER)) > most:
            fill -= 1
        jws = envelope.seal(payload(type=kind, fill="a" * fill), SIGNER)
        assert most - 2 <= len(jws) <= most
        assert unseal(jws)["seq"] == 7
        refused(envelope.seal(payload(type=kind, fill="a" * (fill + 2)), SIGNER), "malformed")
