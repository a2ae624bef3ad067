"""Keys: 0600 from the first byte, never overwritten, never shown; PyNaCl and market.ed25519 judge alike."""

import hashlib
import logging
import os
import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from gateway.host import keys
from market import ed25519

L = 2**252 + 27742317777372353535851937790883648493
TORSION = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
SMALL = [bytes(32), bytes([1]) + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f"), TORSION]
NON_CANONICAL = [bytes.fromhex("ee" + "ff" * 30 + "7f"), bytes.fromhex("ed" + "ff" * 30 + "7f"), bytes.fromhex("01" + "00" * 30 + "80")]


def test_a_new_key_is_private_from_its_first_byte(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        signer = keys.create(tmp_path / "state")
    finally:
        os.umask(old)
    path = tmp_path / "state" / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [p.name for p in path.parent.iterdir()] == ["key"]
    again = keys.load(tmp_path / "state")
    assert (again.kid, again.public, again.sign(b"x")) == (signer.kid, signer.public, signer.sign(b"x"))


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    kid = keys.create(tmp_path).kid
    with pytest.raises(FileExistsError):
        keys.create(tmp_path)
    assert keys.load(tmp_path).kid == kid


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    keys.create(tmp_path)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(keys.BadKey, match="chmod 600"):
        keys.load(tmp_path)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "00" * 33, "\xff" * 64])
def test_what_is_no_key_is_refused_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="latin1")
    path.chmod(0o600)
    with pytest.raises(keys.BadKey) as caught:
        keys.load(tmp_path)
    assert not text or text not in str(caught.value)


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(keys.BadKey, match="elecbay keys new"):
        keys.load(tmp_path)


def test_nothing_shows_the_seed(tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        signer = keys.create(tmp_path)
        logging.getLogger().warning("%r %s", signer, signer)
        assert keys.main(["show", str(tmp_path)]) == 0
        assert keys.main(["new", str(tmp_path)]) == 2
        with pytest.raises(TypeError):
            pickle.dumps(signer)
    seed = (tmp_path / "key").read_text().strip()
    said = caplog.text + "".join(capsys.readouterr()) + repr(signer) + repr([getattr(signer, a) for a in ("kid", "public")])
    assert signer.kid in said
    for form in (seed, seed.upper(), repr(bytes.fromhex(seed)), str(bytes.fromhex(seed))):
        assert form not in said
    assert "seed" not in dir(signer)


def test_kid_is_the_thumbprint_of_the_jwk(tmp_path: Path) -> None:
    """RFC 8037 appendix A.3."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    signer = keys.Signer(seed)
    assert signer.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_hosts_signature_is_the_portable_one(tmp_path: Path) -> None:
    seed = hashlib.sha256(b"seed").digest()
    signer = keys.Signer(seed)
    assert signer.public == ed25519.public_key(seed)
    assert signer.sign(b"message") == ed25519.sign(seed, b"message")


def _mixed(seed: bytes, message: bytes, torsion_in_r: bool, torsion_in_a: bool) -> "tuple[bytes, bytes]":
    """(public, signature) where points carry a small-order part: verifiers with cofactor accept what those without refuse."""
    h = hashlib.sha512(seed).digest()
    a = (int.from_bytes(h[:32], "little") & ((1 << 254) - 8)) | (1 << 254)
    public, secret = bindings.crypto_sign_seed_keypair(seed)
    r = int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % L
    point = bindings.crypto_sign(message, secret)[:32]
    public = bindings.crypto_core_ed25519_add(public, TORSION) if torsion_in_a else public
    point = bindings.crypto_core_ed25519_add(point, TORSION) if torsion_in_r else point
    k = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % L
    return public, point + ((r + k * a) % L).to_bytes(32, "little")


def _hostile() -> "list[tuple[bytes, bytes, bytes]]":
    seed, message = bytes(range(32)), b"an order"
    signer = keys.Signer(seed)
    good = signer.sign(message)
    s = int.from_bytes(good[32:], "little")
    cases = [(signer.public, message, good[:32] + (s + L).to_bytes(32, "little"))]
    cases += [(point, message, good) for point in SMALL + NON_CANONICAL]
    cases += [(signer.public, message, point + good[32:]) for point in SMALL + NON_CANONICAL]
    cases += [(point, message, other + bytes(32)) for point in SMALL for other in SMALL]
    cases += [(signer.public, message, good[:63]), (signer.public[:31], message, good), (signer.public, message, good + b"\0")]
    for i in range(16):
        for in_r, in_a in ((True, False), (False, True), (True, True)):
            text = b"%d" % i
            public, signature = _mixed(seed, text, in_r, in_a)
            cases.append((public, text, signature))
    return cases


def test_pynacl_is_as_strict_as_the_portable_verifier() -> None:
    cases = _hostile()
    judged = [(keys.verify(*case), ed25519.verify(*case)) for case in cases]
    wrong = [case for case, (host, portable) in zip(cases, judged) if host != portable]
    assert not wrong, [(p.hex(), s.hex()) for p, _, s in wrong]
    assert not any(host for host, _ in judged[: -3 * 16]), "S >= L, small order, non-canonical: all refused"


@settings(max_examples=12, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 64 * 8 - 1))
def test_one_changed_bit_is_refused_by_both(seed: bytes, message: bytes, bit: int) -> None:
    signer = keys.Signer(seed)
    signature = bytearray(signer.sign(message))
    assert keys.verify(signer.public, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not keys.verify(signer.public, message, bytes(signature))
    assert not ed25519.verify(signer.public, message, bytes(signature))
