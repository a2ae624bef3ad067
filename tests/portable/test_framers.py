"""Push meters: our own captures decode to their meaning, whole or byte by byte, and no damage costs more than itself."""

import captures
import lent
from expect import raises

from drivers import dlms, envelope, iec62056, p1, push, sml, tic
from drivers.crc import arc, modbus, x25
from drivers.nouns import Garbled


def test_checksums():
    assert (modbus(b"123456789"), x25(b"123456789"), arc(b"123456789")) == (0x4B37, 0x906E, 0xBB3D)


def test_captures_mean_what_they_say():
    for name in captures.PUSH:
        meaning, data = captures.expected(name), captures.raw(name)
        for step in (None, 1, 7, 64):
            framer = captures.framer(meaning)
            found = [captures.plain(telegram) for telegram in captures.frames(framer, data, step)]
            assert found == meaning["frames"], (name, step)
            assert framer.bad == meaning["bad"], (name, step, framer.bad)


def test_the_time_is_that_of_the_first_byte():
    for name in ("sml/unsigned.hex", "dsmr/v2.txt"):
        data = captures.raw(name)
        first, second = captures.frames(captures.framer(captures.expected(name)), data, 1, 1000)
        assert first.at == 1000 and second.at == 1000 + len(first.raw)
        assert data == first.raw + second.raw


def sml_frame(content):
    """A whole frame around `content`."""
    pad = -len(content) % 4
    body = content.replace(sml.ESCAPE, sml.ESCAPE * 2) + bytes(pad)
    head = sml.START + body + sml.ESCAPE + bytes([0x1A, pad])
    crc = x25(head)
    return head + bytes([crc & 0xFF, crc >> 8])


def test_padding_and_doubled_escapes_come_off():
    for content in (b"", b"a", b"ab", b"abc", b"abcd", sml.ESCAPE, b"a" + sml.ESCAPE * 2, sml.ESCAPE + b"\x1b", b"\x1b" * 3, b"\x1b" * 7):
        frame = sml_frame(content)
        assert sml.content(frame) == content
        framer = push.framer("sml")
        framer.add(frame, 3)
        if not content.strip(b"\x00"):
            assert framer.next().at == 3


def test_sml_that_cannot_be_is_garbled():
    for content in ("76", "77 01", "f7 77 77", "59", "72 0b 01", "73" * 12, "8f8f8f8f8f", "20", "10"):
        raises(Garbled, sml.decode, sml_frame(captures.unhex(content)), 0)


def test_a_start_inside_a_bad_frame_is_found():
    good = captures.raw("sml/unsigned.hex")
    framer = push.framer("sml")
    broken = good[:40] + good + bytes(9)
    assert len(captures.frames(framer, broken)) == 2 and framer.bad == 1


def test_framers_do_not_grow():
    for protocol, start, limit in (
        ("sml", sml.START, sml.LIMIT),
        ("dsmr", b"/ELB5\r\n", p1.LIMIT),
        ("dsmr", b"\xdb\x08ELB12345\x82\x1f\xff", p1.LIMIT),
        ("dlms-hdlc", b"\x7e\xa7\xff", 2050),
        ("dlms-mbus", b"h\xff\xffh", 261),
        ("dlms", b"\x0f\x40\x00\x00\x00\x00\x02\x02\x09\x82\xff\xff", dlms.RAW_LIMIT),
        ("tic", b"\x02", tic.LIMIT),
        ("iec62056-21", b"\x02", iec62056.LIMIT),
        ("iec62056-21", b"/ELB5\r\n", iec62056.LIMIT),
    ):
        framer = push.framer(protocol)
        for i in range(100):
            framer.add(start if i == 0 else b"x" * 200, i)
            assert framer.next() is None
            assert len(framer._stream.data) <= limit + 200
        assert framer.bad + framer.locked == 1, protocol


def test_a_bare_end_counts_only_where_the_profile_allows_it():
    data = captures.raw("dsmr/v2.txt")
    strict = push.framer("dsmr")
    assert captures.frames(strict, data) == [] and strict.bad == 2


def test_a_meter_that_has_sent_a_checksum_may_not_drop_it():
    bare, checked = captures.raw("dsmr/v2.txt"), captures.raw("dsmr/v5.txt")
    framer = push.framer("dsmr", {"checksum": "optional"})
    assert len(captures.frames(framer, bare + checked + bare)) == 4
    assert framer.bad == 4


def test_an_envelope_without_a_key_is_counted():
    for protocol, name, locked, bad in (("dsmr", "dsmr/envelope.hex", 2, 0), ("dlms-hdlc", "dlms/landis_gyr.hex", 2, 1)):
        framer = push.framer(protocol)
        assert captures.frames(framer, captures.raw(name), 50) == []
        assert (framer.locked, framer.bad) == (locked, bad)


def test_an_envelope_with_a_tag_needs_the_authentication_key():
    """What could not be proven is not believed; without a tag there is nothing to prove."""
    for protocol, name, seen, locked in (("dsmr", "dsmr/austria.hex", 1, 3), ("dlms-mbus", "dlms/mbus.hex", 1, 1)):
        key = captures.unhex(captures.expected(name)["key"])
        framer = push.framer(protocol, None, envelope.opener(lent.block(key), b""))
        found = captures.frames(framer, captures.raw(name))
        assert (len(found), framer.locked) == (seen, locked), name


def test_values():
    for name, said, value in (
        ("1-0:1.8.1", "001581.123*kWh", (1581123, -3, "kWh")),
        ("1-0:16.7.0", "-00.150*kW", (-150, -3, "kW")),
        ("1-0:31.7.0", "002*A", (2, 0, "A")),
        ("0-0:96.7.21", "00015", (15, 0, "")),
        ("0-1:24.1.0", "003", (3, 0, "")),
        ("0-0:96.14.0", "0002", ("0002", None, "")),
        ("0-1:24.2.1", "(odd", ("(odd", None, "")),
        ("1-0:1.8.0", "*kWh", ("*kWh", None, "")),
        ("0-0:96.13.0", "", ("", None, "")),
    ):
        assert p1.value(name, said)[1:] == value, said
    raises(ValueError, push.framer, "smoke")
