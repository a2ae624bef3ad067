"""AES-GCM with the cipher lent as a table: test cases 1 and 2 of McGrew and Viega, "The Galois/Counter Mode of Operation"."""

from captures import unhex
from expect import raises

from drivers.gcm import opened
from drivers.nouns import Garbled

# AES-128 under the key of zeros: block -> ciphertext
BLOCKS = {
    unhex("00" * 16): unhex("66e94bd4ef8a2c3b884cfa59ca342b2e"),
    unhex("00" * 15 + "01"): unhex("58e2fccefa7e3061367f1d57a4e7455a"),
    unhex("00" * 15 + "02"): unhex("0388dace60b6a392f328c2b971b2fe78"),
}
SEALED, TAG = unhex("0388dace60b6a392f328c2b971b2fe78"), unhex("ab6e47d42cec13bdf53a67b21257bddf")


def encrypt(block):
    return BLOCKS[block]


def test_published_cases():
    assert opened(encrypt, bytes(12), b"", unhex("58e2fccefa7e3061367f1d57a4e7455a"), b"") == b""
    assert opened(encrypt, bytes(12), SEALED, TAG, b"") == bytes(16)
    assert opened(encrypt, bytes(12), SEALED, TAG[:12], b"") == bytes(16)


def test_a_changed_bit_is_refused():
    for sealed, tag, associated in ((SEALED, bytes([TAG[0] ^ 1]) + TAG[1:], b""), (SEALED[:-1] + b"\x00", TAG, b""), (SEALED, TAG, b"x")):
        raises(Garbled, opened, encrypt, bytes(12), sealed, tag, associated)
    raises(Garbled, opened, encrypt, bytes(12), SEALED, TAG[:8], b"")
