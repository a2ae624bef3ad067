"""Push meters against any bytes: nothing but the named errors, no growth, nothing lost but what was damaged."""

import json
import sys
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import push_shapes
import push_wires
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers import axdr, dlms, envelope, iec62056, p1, push, sml, tic
from drivers.nouns import Garbled
from drivers.telegram import Telegram
from gateway.host import meter_key

sys.path.insert(0, str(Path(__file__).parent / "portable"))
import captures
from test_framers import sml_frame

KEY, AUTH = bytes(range(16)), bytes(range(16, 32))
TITLE = b"ELB\x00\x00\x00\x00\x2a"
DECRYPT = meter_key.decrypter(KEY, AUTH)
LIMITS = {
    "sml": sml.LIMIT, "dsmr": p1.LIMIT, "dlms-hdlc": 2049, "dlms-mbus": 261, "dlms": dlms.RAW_LIMIT, "tic": tic.LIMIT,
    "iec62056-21": iec62056.LIMIT,
}  # fmt: skip
# What can be taken for the beginning of a frame.
STARTS = {
    "sml": b"\x1b", "dsmr": b"/\xdb\xdc", "dlms-hdlc": b"\x7e" + bytes(range(0xA0, 0xB0)), "dlms-mbus": b"\x68",
    "dlms": b"\x0f\xe0\xdb\xdc\xe6", "tic": b"\x02", "iec62056-21": b"\x02/",
}  # fmt: skip
TOKENS = [
    sml.START, sml.ESCAPE, b"\x1a\x00", b"/ELB5\r\n\r\n", b"!\r\n", b"!0000\r\n", b"1.8.0(1*kWh)\r\n", b"1-0:1.7.0(",
    b"\x02", b"\x03", b"\x04", b"\nPAPP 00000 !\r", b"\nEAST\t000000001\t!\r", b"/?!\r\n", b"\x06050\r\n",
    b"\x7e\xa0\x79\x41\x03\x13", b"\x7e\xa8", b"\x7e", b"h\x09\x09h", b"h\xff\xffh\x53\xff\x00\x01\x67",
    b"\xdb\x08ELB12345\x82\x01\x00\x30", b"\xdc\x08", b"\xe6\xe7\x00", b"\x0f\x40\x00\x00\x00\x00", b"\x0f\x00\x00\x00\x00\x0c",
    b"\xe0\xc0\x00\x01\x00\x00\x05", b"\x02\x02\x09\x06\x01\x00\x01\x07\x00\xff\x06\x00\x00\x00\x01", b"\x01\xff",
]  # fmt: skip
noise = st.lists(st.sampled_from(TOKENS) | st.binary(max_size=40), max_size=12).map(b"".join)
steps = st.integers(1, 97)


def opened(name: str) -> "tuple[dict[str, Any], bytes]":
    return captures.expected(name), captures.raw(name)


def good_of(name: str) -> bytes:
    """Only the good frames of a capture."""
    meaning, data = opened(name)
    return b"".join(telegram.raw for telegram in captures.frames(captures.framer(meaning), data))


def protocol_of(meaning: "dict[str, Any]") -> str:
    from drivers import profile

    return str(profile.load(meaning["profile"]).protocol)


GOOD = {name: good_of(name) for name in captures.PUSH}


def readings(framer: push.Framer, data: bytes, step: "int | None" = None) -> "list[dict[str, int]]":
    found: "list[Telegram]" = captures.frames(framer, data, step)
    return [dict(telegram.readings) for telegram in found]


@pytest.mark.parametrize("name", captures.PUSH)
@settings(deadline=None, max_examples=25)
@given(st.data())
def test_noise_between_frames_costs_no_frame(name: str, data: st.DataObject) -> None:
    """Noise that cannot be taken for the beginning of a frame changes nothing."""
    meaning = captures.expected(name)
    starts = STARTS[protocol_of(meaning)]
    between = bytes(byte for byte in data.draw(st.binary(max_size=80)) if byte not in starts) + b"\r\n"
    framer = captures.framer(meaning)
    found = captures.frames(framer, between + GOOD[name] + between + GOOD[name], data.draw(steps))
    assert [captures.plain(telegram) for telegram in found] == meaning["frames"] * 2 and framer.bad == 0


@pytest.mark.parametrize("name", captures.PUSH)
@settings(deadline=None, max_examples=25)
@given(noise, steps)
def test_any_bytes_do_no_harm(name: str, before: bytes, step: int) -> None:
    """No error, no growth; and after whatever came, frames are soon read again."""
    meaning, good = captures.expected(name), GOOD[name]
    limit = LIMITS[protocol_of(meaning)]
    framer = captures.framer(meaning)
    captures.frames(framer, before or b"x", step)
    assert len(framer._stream.data) <= limit + step
    again = captures.frames(framer, (b"\r\n" + good) * (limit // len(good) + 2))
    assert captures.plain(again[-1]) == meaning["frames"][-1]


CHECKED = [name for name in captures.PUSH if name not in ("dsmr/v2.txt", "dlms/raw.hex", "iec62056-21/mode_d.txt")]


@pytest.mark.parametrize("name", CHECKED)
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_a_changed_byte_costs_its_frame_only(name: str, data: st.DataObject) -> None:
    meaning, raw = opened(name)
    place, change = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(1, 255))
    if protocol_of(meaning) == "tic" and ((raw[place] ^ change) - raw[place]) % 64 == 0:
        change = 1  # what the six bits of its sum do not see, the parity bit on the wire does
    broken = raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
    found = [captures.plain(telegram) for telegram in captures.frames(captures.framer(meaning), broken, data.draw(steps))]
    assert len(found) >= len(meaning["frames"]) - 1
    for frame in found:  # who it is may be said outside of what is checked
        assert any(frame["values"] == wanted["values"] for wanted in meaning["frames"])


@pytest.mark.parametrize("name", captures.PUSH)
@settings(deadline=None, max_examples=25)
@given(st.data())
def test_a_lost_stretch_costs_what_it_touches(name: str, data: st.DataObject) -> None:
    """Bytes are lost within one good frame: what is behind them is soon read again."""
    meaning = captures.expected(name)
    good = GOOD[name]
    first = captures.frames(captures.framer(meaning), good)[0].raw
    start = data.draw(st.integers(0, len(first) - 1))
    end = data.draw(st.integers(start + 1, len(first)))
    copies = LIMITS[protocol_of(meaning)] // len(good) + 2  # a length that came out of the damage may wait so long
    found = captures.frames(captures.framer(meaning), first[:start] + first[end:] + good * copies, data.draw(steps))
    assert [captures.plain(t) for t in found][-len(meaning["frames"]) :] == meaning["frames"]


# -- what the checks let through


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_value_is_read_or_garbled(data: bytes) -> None:
    for start in (b"", b"\x02\x02", b"\x01\x05\x02\x02"):
        try:
            node, end, layout = axdr.body(start + data, 0)
        except Garbled:
            continue
        assert 0 < end <= len(start + data) and layout in axdr.LAYOUTS
        del node


heads = st.sampled_from([b"", *TOKENS[-7:], b"\x0f" + bytes(5) + b"\x02"])
messages = st.builds(lambda head, body: head + body, heads, st.binary(max_size=400))


@settings(deadline=None, max_examples=150)
@given(messages, st.sampled_from(["plain", "tagged", "bare", "blocks"]), steps)
def test_any_message_in_good_frames_does_no_harm(message: bytes, cover: str, step: int) -> None:
    """The checks hold, and what they protect is nonsense."""
    if cover in ("tagged", "bare"):
        message = push_wires.sealed(message, TITLE, 1, KEY, AUTH if cover == "tagged" else b"", 0xDC)
    wrapped = {
        "dlms-hdlc": push_wires.blocks(message, 50) if cover == "blocks" else push_wires.hdlc(message, 120),
        "dlms-mbus": push_wires.mbus(message),
        "dlms": message,
        "dsmr": message,
    }
    for protocol, data in wrapped.items():
        framer = push.framer(protocol, None, DECRYPT)
        for telegram in captures.frames(framer, data or b"x", step):
            assert telegram.values
        assert len(framer._stream.data) <= LIMITS[protocol] + step


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_content_of_sml_does_no_harm(content: bytes) -> None:
    captures.frames(push.framer("sml"), sml_frame(content))


lines = st.lists(st.tuples(st.sampled_from(["EAST", "PAPP", "BASE", "SINSTS", "IINST", "DATE", "É", ""]), st.text(max_size=12)), max_size=6)


@settings(deadline=None)
@given(lines, st.sampled_from([" ", "\t"]))
def test_any_lines_of_tic_do_no_harm(told: "list[tuple[str, str]]", mark: str) -> None:
    framer = push.framer("tic", {"power": "apparent"})
    for telegram in captures.frames(framer, push_wires.tic(told, mark)):
        assert len(telegram.values) <= 2 * len(told)


@settings(deadline=None)
@given(st.binary(max_size=120) | st.text("0123456789.:*-&() kWhF\r\n!", max_size=120).map(str.encode))
def test_any_lines_of_a_readout_do_no_harm(told: bytes) -> None:
    body = told.replace(b"\x02", b"").replace(b"\x03", b"") + b"\r\n!\r\n\x03"
    framer = push.framer("iec62056-21")
    captures.frames(framer, b"\x02" + body + bytes([reduce(xor, body)]))
    captures.frames(framer, b"/ELB5X\r\n\r\n" + body[:-1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=60) | st.sampled_from(TOKENS), st.integers(0, 4000)), max_size=30))
def test_any_answers_to_a_sign_on_do_no_harm(told: "list[tuple[bytes, int]]") -> None:
    """The meter is asked again and again, whatever it says; and when it says something sensible, it is read."""
    framer, now, asked = push.framer("iec62056-21", {"mode": "C", "every_s": 5}), 0, 0
    for data, later in told:
        now += later
        said = framer.say(now)
        asked += said is not None and said.data.startswith(b"/?")
        framer.add(data, now // 1000)
        captures.frames(framer, b"", 1)
        assert len(framer._stream.data) <= iec62056.LIMIT
    while (said := framer.say(now)) is None or not said.data.startswith(b"/?"):
        now += 500
        assert now < 300_000
    framer.add(b"/ELB5X\r\n", 0)
    assert framer.say(now).then == 9600  # type: ignore[union-attr]
    assert captures.frames(framer, GOOD["iec62056-21/mode_c.txt"])


# -- from values to bytes and back

amounts = st.integers(0, 99_999)
counters = st.integers(0, 999_999_99).map(lambda n: n * 10)


@settings(deadline=None, max_examples=40)
@given(st.integers(-20_000, 20_000), counters, counters, st.integers(0, 60), st.integers(200, 250), steps)
def test_every_shape_on_every_wire_says_the_same(power: int, drawn: int, given_: int, amps: int, volts: int, step: int) -> None:
    said = {"power_w": power, "energy_import_wh": drawn, "energy_export_wh": given_}
    phases = {f"voltage_l{i}_mv": volts * 1000 for i in (1, 2, 3)} | {f"current_l{i}_ma": amps * 1000 for i in (1, 2, 3)}
    values = said | phases | {f"power_l{i}_w": 0 for i in (1, 2, 3)}
    shapes = [
        (push_shapes.scaled("ELB42", values), said | phases),
        (push_shapes.positions("ELB42", values), said | phases),
        (push_shapes.tens("ELB42", values), said | phases),
        (push_shapes.flat(values), said),
        (push_shapes.listed("42", values), said),
        (push_shapes.described("42", values), said),
    ]
    for message, wanted in shapes:
        sealed = [push_wires.sealed(message, b"LGZ12345", 1, KEY, auth) for auth in (b"", AUTH)]
        sent = [("dlms-hdlc", push_wires.hdlc(message, 100)), ("dlms-hdlc", push_wires.blocks(sealed[1], 90))]
        sent += [("dlms-mbus", push_wires.mbus(sealed[0], 150)), ("dlms", sealed[1])]
        for protocol, data in sent:
            framer = push.framer(protocol, None, DECRYPT)
            found = readings(framer, data, step)
            unnamed = message is shapes[3][0] and data is sent[0][1]  # nothing says whose list it is: its units are not guessed
            assert unnamed or found == [wanted], (protocol, found)
            assert framer.bad == 0


def test_captures_are_json_that_says_the_profile() -> None:
    for name in captures.PUSH:
        path = Path(captures.FOLDER) / name
        assert json.loads(path.with_suffix(".expected.json").read_text())["profile"]


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_envelope_is_opened_or_garbled(body: bytes) -> None:
    raw = b"\xdb\x08" + TITLE + push_wires.length(len(body)) + body
    if envelope.length(raw) == len(raw):
        try:
            DECRYPT(raw)
        except Garbled:
            pass
