"""DLMS below the captures: what A-XDR may be, how parts become messages, what an envelope's length says."""

import captures
import lent
from captures import unhex
from expect import raises

from drivers import axdr, cosem, dlms, envelope, gcm, hdlc, push
from drivers.dlms_lists import EVERY, LISTS
from drivers.nouns import Garbled
from drivers.obis import unit


def test_values_of_every_type():
    for data, node in (
        ("00", None),
        ("0301", axdr.Number(3, 1)),
        ("05fffffffe", axdr.Number(5, -2)),
        ("0680000000", axdr.Number(6, 1 << 31)),
        ("0fff", axdr.Number(15, -1)),
        ("10ff38", axdr.Number(16, -200)),
        ("11ff", axdr.Number(17, 255)),
        ("14ffffffffffffffff", axdr.Number(20, -1)),
        ("15ffffffffffffffff", axdr.Number(21, (1 << 64) - 1)),
        ("161b", axdr.Number(22, 27)),
        ("1741480000", axdr.Number(23, 0x41480000)),
        ("0409ff80", b"\xff\x80"),
        ("0a0441420000", "AB"),
        ("0a0341c342", "A?B"),
        ("09810141", b"A"),
        ("1907ea0615011e0000ff800000", unhex("07ea0615011e0000ff800000")),
        ("0203110109000100", [axdr.Number(17, 1), b"", []]),
    ):
        assert axdr.element(unhex(data), 0) == (node, len(unhex(data))), data
        for cut in range(len(unhex(data))):
            raises(axdr.Torn, axdr.element, unhex(data)[:cut], 0)


def test_what_is_no_value():
    for data in ("ff", "07", "1300", "0983010000", "0980", "02" + "0201" * 9, "0b"):
        raises(Garbled, axdr.element, unhex(data), 0)


def number(told):
    """The first value of a list with one code."""
    node = axdr.element(unhex("0202 0906 0100010700ff" + told), 0)[0]
    return cosem.values(node, "", (), b"")[0][1:]


def test_floats_are_kept_in_thousandths():
    assert number("17 41480000") == (12500, -3, "")
    assert number("18 4029000000000000") == (12500, -3, "")
    node = axdr.element(unhex("0203 0906 0100010700ff 17 41480000 0202 0f03 161b"), 0)[0]
    assert cosem.values(node, "", (), b"")[0][1:] == (12500, 0, "W")
    node = axdr.element(unhex("0202 0906 0100010700ff 17 7fc00000"), 0)[0]
    assert cosem.values(node, "", (), b"") == []


def test_a_unit_that_is_not_said_is_not_guessed():
    assert number("06 00000bb8") == (3000, 0, "")
    node = axdr.element(unhex("0203 0a04 4b464d5f 0906 0100010700ff 06 00000bb8"), 0)[0]
    assert cosem.values(node, "", EVERY, b"")[0][1:] == (3000, 0, "W")


def test_behind_current_transformers_the_type_says_the_unit():
    flat = "0205 0a0a 4b616d73747275705f56 0a06 363835303030 00 0906 01011f0700ff 06 00000bb8"
    assert cosem.values(axdr.element(unhex(flat), 0)[0], "", EVERY, b"")[0][1:] == (3000, -3, "A")
    flat = flat.replace("363835", "363834")
    assert cosem.values(axdr.element(unhex(flat), 0)[0], "", EVERY, b"")[0][1:] == (3000, -2, "A")


def test_units_of_codes():
    for code, plain in (
        ("1-0:1.7.0*255", "W"),
        ("1-1:62.7.0*255", "W"),
        ("1-0:1.8.2*255", "Wh"),
        ("1-0:43.8.0*255", "varh"),
        ("1-0:9.7.0*255", "VA"),
        ("1-0:71.7.0*255", "A"),
        ("1-0:52.7.0*255", "V"),
        ("1-0:33.7.0*255", "factor"),
        ("1-0:14.7.0*255", "Hz"),
        ("1-0:31.8.0*255", ""),
        ("1-0:1.6.0*255", ""),
        ("1-0:91.7.0*255", ""),
        ("0-0:96.1.0*255", ""),
        ("7-0:3.7.0*255", ""),
        ("1-0:F.F", ""),
    ):
        assert unit(code) == plain, code


def test_tables_name_codes_that_have_units():
    for name in LISTS:
        for count in LISTS[name].get("positions", {}):
            codes = LISTS[name]["positions"][count]
            assert len(codes) == count == len(set(codes))
            assert [code for code in codes if code.count(".") != 2 or code[-4:] != "*255"] == []


def piece(data):
    return dlms.Piece(data, data, 7)


def test_parts_become_a_whole():
    joiner = dlms.Joiner(0)
    assert joiner.add(0, False, piece(b"a")) == (None, 0)
    assert joiner.add(1, True, piece(b"b")) == (piece(b"ab"), 0)
    assert joiner.add(0, True, piece(b"c")) == (piece(b"c"), 0)


def test_a_gap_loses_what_was_before_it():
    joiner = dlms.Joiner(0)
    assert joiner.add(1, True, piece(b"b")) == (None, 1)
    assert joiner.add(0, False, piece(b"a")) == (None, 0)
    assert joiner.add(2, True, piece(b"c")) == (None, 1)
    assert joiner.add(0, False, piece(b"a")) == (None, 0)
    assert joiner.add(0, True, piece(b"d")) == (piece(b"d"), 1)


def test_parts_for_ever_do_not_grow():
    joiner = dlms.Joiner(0)
    lost = 0
    for _ in range(100):
        whole, more = joiner.add(None, False, piece(bytes(1000)))
        lost += more
        assert whole is None
    assert lost > 5


def test_a_message_is_dated_with_its_first_segment():
    data = captures.raw("dlms/hdlc.hex")
    first = captures.frames(captures.framer(captures.expected("dlms/hdlc.hex")), data, 10, 500)[0]
    assert first.at == 500 and first.raw[:142] == data[:142]


def test_hdlc_addresses_of_any_length():
    for head in ("410313", "41088313", "0002002303 13", "ceff0313"):
        front = unhex("a0" + "00" + head)
        front = bytes([0xA0, len(front) + 2 + 3 + 2]) + front[2:]
        front += bytes([hdlc.x25(front) & 0xFF, hdlc.x25(front) >> 8]) + b"abc"
        frame = b"\x7e" + front + bytes([hdlc.x25(front) & 0xFF, hdlc.x25(front) >> 8]) + b"\x7e"
        assert hdlc.whole(frame) == len(frame)
        framer = push.framer("dlms-hdlc")
        framer.add(frame, 0)
        assert framer._segment()[2].data == b"abc", head


def test_a_frame_in_a_frame_that_lost_its_end_is_found():
    good = captures.raw("dlms/kaifa.hex")
    framer = captures.framer(captures.expected("dlms/kaifa.hex"))
    assert len(captures.frames(framer, good[:20] + good)) == 4 and framer.bad == 2


def test_lengths_of_envelopes():
    for data, length in (
        ("db", None),
        ("db08" + "00" * 8, None),
        ("db08" + "00" * 8 + "05", 0),
        ("db08" + "00" * 8 + "80", 0),
        ("db08" + "00" * 8 + "83010000", 0),
        ("db08" + "00" * 8 + "82ffff", 0),
        ("db08" + "00" * 8 + "8106" + "00" * 6, 18),
        ("db08" + "00" * 8 + "06" + "00" * 9, 17),
    ):
        assert envelope.length(unhex(data)) == length, data


def test_envelopes_that_cannot_be():
    decrypt = envelope.opener(lent.block(bytes(16)), bytes(16))
    for inner in ("0000000001aa", "b000000001aa", "3200000001aa", "3000000001aa", "1000000001" + "aa" * 11):
        data = unhex("db08" + "00" * 8) + bytes([len(unhex(inner))]) + unhex(inner)
        raises(Garbled, decrypt, data)


def test_plain_with_a_tag():
    """Security 10: the message stands there for all to read, and is proven all the same."""
    encrypt, auth_key, message = lent.block(bytes(16)), bytes(range(16)), b"\x0f\x00"
    iv = b"ELB12345" + b"\x00\x00\x00\x01"
    hashed = gcm._ghash(gcm._number(encrypt(bytes(16))), b"\x10" + auth_key + message, b"")
    tag = gcm._bytes(hashed ^ gcm._number(encrypt(iv + b"\x00\x00\x00\x01")))
    body = b"\x10\x00\x00\x00\x01" + message + tag[:12]
    sealed = b"\xdb\x08ELB12345" + bytes([len(body)]) + body
    assert envelope.opener(encrypt, auth_key)(sealed) == message
    raises(Garbled, envelope.opener(encrypt, bytes(16)), sealed)
