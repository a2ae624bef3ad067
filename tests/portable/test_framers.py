"""Push meters: our own captures decode to their meaning, whole or byte by byte, and no damage costs more than itself."""

import captures
from expect import raises

from drivers import p1, push, sml
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
        begin = data.find(second.raw, len(first.raw))
        assert first.at == 1000 and second.at == 1000 + begin
        between, behind = data[len(first.raw) : begin], data[begin + len(second.raw) :]
        assert data.startswith(first.raw) and not (between + behind).strip()  # nothing but line ends


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
    for protocol, start in (("sml", sml.START), ("dsmr", b"/ELB5\r\n")):
        framer = push.framer(protocol)
        for i in range(100):
            framer.add(start if i == 0 else b"x" * 200, i)
            assert framer.next() is None
            assert len(framer._stream.data) <= max(sml.LIMIT, p1.LIMIT) + 200
        assert framer.bad == 1


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
    framer = push.framer("dsmr")
    assert captures.frames(framer, captures.raw("dsmr/envelope.hex"), 50) == []
    assert (framer.locked, framer.bad) == (2, 0)


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
    raises(ValueError, push.framer, "tic")


def test_a_telegram_is_the_same_bytes_whether_its_line_end_has_come_or_not():
    whole = push.framer("dsmr")
    torn = push.framer("dsmr")
    data = p1_telegram()
    whole.add(data, 0)
    torn.add(data.rstrip(), 0)
    assert whole.next().raw == torn.next().raw == data.rstrip()


def p1_telegram():
    body = b"/OEB5\\2\r\n\r\n1-0:1.8.0(000001.000*kWh)\r\n1-0:1.7.0(00.100*kW)\r\n!"
    return body + b"%04X\r\n" % arc(body)
