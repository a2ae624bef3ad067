"""Ed25519 and SHA-512 against published vectors, and everything that a strict verifier must refuse."""

from binascii import hexlify, unhexlify

from expect import raises

from market import ed25519
from market.sha512 import sha512

# FIPS 180-4 examples (csrc.nist.gov, SHA512.pdf), and the SHA-512 of nothing.
HASHES = (
    (
        b"",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ),
    (
        b"abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    (
        b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    ),
)

CHAIN = b"48770695cc7764e25fc93bd16c87c50a"  # test_sha512_lengths_around_a_block

# RFC 8032 section 7.1: seed, public key, message, signature of TEST 1, TEST 2, TEST 3 and TEST SHA(abc).
VECTORS = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
)

L = (1 << 252) + 27742317777372353535851937790883648493
P = (1 << 255) - 19
# The eight points whose order divides 8, in their canonical bytes.
EIGHTH = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03"
OTHER_EIGHTH = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc"
SMALL = (
    "01" + 31 * "00",
    "ec" + 30 * "ff" + "7f",
    32 * "00",
    31 * "00" + "80",
    EIGHTH + "7a",
    EIGHTH + "fa",
    OTHER_EIGHTH + "05",
    OTHER_EIGHTH + "85",
)

SEED = unhexlify(VECTORS[0][0])
PUBLIC = unhexlify(VECTORS[0][1])
MESSAGE = b"five kWh at 0.21"


def little(number):
    return number.to_bytes(32, "little")


def test_sha512():
    for message, digest in HASHES:
        assert hexlify(sha512(message)).decode() == digest


def test_sha512_lengths_around_a_block():
    # The chained hash over all lengths 0..260 of one pattern; the figure is hashlib's on CPython.
    pattern = bytes([i * 7 & 255 for i in range(260)])
    chain = b""
    for length in range(261):
        chain = sha512(chain + pattern[:length])
    assert hexlify(chain[:16]) == CHAIN


def test_rfc_8032_vectors():
    for seed, public, message, signature in VECTORS:
        seed, public, message, signature = unhexlify(seed), unhexlify(public), unhexlify(message), unhexlify(signature)
        assert ed25519.public_key(seed) == public
        assert ed25519.sign(seed, message) == signature
        assert ed25519.verify(public, message, signature)


def test_a_key_signs_what_its_seed_signs():
    key = ed25519.Key(SEED)
    assert key.public == PUBLIC
    assert key.sign(MESSAGE) == ed25519.sign(SEED, MESSAGE)


def test_a_flipped_bit_anywhere_is_refused():
    signature = ed25519.sign(SEED, MESSAGE)
    for bit in range(0, 512, 23):
        assert not ed25519.verify(PUBLIC, MESSAGE, flipped(signature, bit)), bit
    for bit in (0, 100, 255):
        assert not ed25519.verify(flipped(PUBLIC, bit), MESSAGE, signature), bit
    for bit in (0, 77, 127):
        assert not ed25519.verify(PUBLIC, flipped(MESSAGE, bit), signature), bit


def test_wrong_lengths_are_refused():
    signature = ed25519.sign(SEED, MESSAGE)
    for wrong in (b"", signature[:63], signature + b"\x00", signature[:32]):
        assert not ed25519.verify(PUBLIC, MESSAGE, wrong)
    for wrong in (b"", PUBLIC[:31], PUBLIC + b"\x00"):
        assert not ed25519.verify(wrong, MESSAGE, signature)
    for wrong in (b"", SEED[:31], SEED + b"\x00"):
        raises(ValueError, ed25519.public_key, wrong)


def test_s_must_be_below_the_order():
    signature = ed25519.sign(SEED, MESSAGE)
    s = int.from_bytes(signature[32:], "little")
    for wrong in (s + L, s + 2 * L, L, L + 1, (1 << 256) - 1, (1 << 255) | s):
        assert not ed25519.verify(PUBLIC, MESSAGE, signature[:32] + little(wrong)), wrong


def scalar_of(seed):
    return int.from_bytes(sha512(seed)[:32], "little") & ((1 << 254) - 8) | 1 << 254


def test_keys_of_small_order_are_refused():
    # With A of small order R = s B and S = s fit whenever the order of A divides k: for a message in eight at least.
    forged = PUBLIC + little(scalar_of(SEED) % L)
    for key in SMALL:
        for n in range(24):
            assert not ed25519.verify(unhexlify(key), b"message %d" % n, forged), (key, n)


def test_points_of_small_order_are_refused_in_the_signature():
    # R = 0 is what the nonce 0 gives: S = k a fits the equation, and is refused all the same.
    for point in SMALL:
        point = unhexlify(point)
        challenge = int.from_bytes(sha512(point + PUBLIC + MESSAGE), "little") % L
        assert not ed25519.verify(PUBLIC, MESSAGE, point + little(challenge * scalar_of(SEED) % L)), point


def test_other_spellings_of_a_point_are_refused():
    signature = ed25519.sign(SEED, MESSAGE)
    for y in range(19):
        for sign in (0, 1 << 255):
            spelling = little(P + y | sign)
            assert not ed25519.verify(spelling, MESSAGE, signature)
            assert not ed25519.verify(PUBLIC, MESSAGE, spelling + signature[32:])


def test_keys_that_are_no_point_are_refused():
    signature = ed25519.sign(SEED, MESSAGE)
    for y in (2, 7, P - 2):  # (y^2 - 1) / (d y^2 + 1) is no square
        assert not ed25519.verify(little(y), MESSAGE, signature)


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit >> 3] ^= 1 << (bit & 7)
    return bytes(changed)
