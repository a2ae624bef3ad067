"""Modbus frames: one table of requests and replies serves both ends. The bytes are those of the Modbus specification's examples."""

from captures import unhex
from expect import raises

from drivers import frames
from drivers.nouns import Garbled

# request PDU, reply PDU, request, registers of the reply
EXCHANGES = (
    ("01 0013 0013", "01 03 cd6b05", frames.Request(1, 0x13, 19, ()), [1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1]),
    ("02 00c4 0003", "02 01 05", frames.Request(2, 0xC4, 3, ()), [1, 0, 1]),
    ("03 006b 0003", "03 06 022b 0000 0064", frames.Request(3, 0x6B, 3, ()), [0x22B, 0, 0x64]),
    ("04 0008 0001", "04 02 000a", frames.Request(4, 8, 1, ()), [10]),
    ("06 0001 0003", "06 0001 0003", frames.Request(6, 1, 1, (3,)), []),
    ("10 0001 0002 04 000a 0102", "10 0001 0002", frames.Request(16, 1, 2, (10, 0x102)), []),
)


def test_both_ends_agree():
    for asked, answered, request, registers in EXCHANGES:
        asked, answered = unhex(asked), unhex(answered)
        assert frames.parse_request(asked) == request
        assert frames.reply(request, registers) == answered
        assert frames.parse_reply(asked, answered) == registers
        if request.registers:
            assert frames.write(request.function, request.address, request.registers) == asked
        else:
            assert frames.read(request.function, request.address, request.count) == asked


def test_rtu():
    frame = frames.rtu(0x11, unhex("03 006b 0003"))
    assert frame == unhex("11 03 006b 0003 7687")
    assert frames.unrtu(frame) == (0x11, unhex("03 006b 0003"))
    for i in range(len(frame)):
        raises(Garbled, frames.unrtu, frame[:i] + bytes([frame[i] ^ 4]) + frame[i + 1 :])
    raises(Garbled, frames.unrtu, b"\x11\x03")


def test_rtu_lengths_come_from_the_first_bytes():
    for asked, answered, _, _ in EXCHANGES:
        asked, answered = frames.rtu(1, unhex(asked)), frames.rtu(1, unhex(answered))
        assert frames.rtu_request_length(asked) == len(asked)
        assert frames.rtu_reply_length(answered) == len(answered)
    assert frames.rtu_reply_length(frames.rtu(1, frames.denial(3, 2))) == 5
    assert frames.rtu_reply_length(b"\x01\x03") is None
    assert frames.rtu_request_length(b"\x01") is None
    assert frames.rtu_request_length(b"\x01\x10\x00\x01\x00\x02") is None


def test_tcp():
    frame = frames.tcp(0x1501, 0xFF, unhex("04 0008 0001"))
    assert frame == unhex("1501 0000 0006 ff 04 0008 0001")
    assert frames.tcp_length(frame[:5]) is None and frames.tcp_length(frame + b"x") == len(frame)
    assert frames.untcp(frame) == (0x1501, 0xFF, unhex("04 0008 0001"))
    raises(Garbled, frames.tcp_length, unhex("1501 0001 0006"))
    raises(Garbled, frames.tcp_length, unhex("1501 0000 00ff"))
    raises(Garbled, frames.untcp, frame[:-1])


def test_a_denial_says_what_the_device_meant():
    error = raises(frames.Denied, frames.parse_reply, unhex("03 006b 0003"), frames.denial(3, 2))
    assert error.code == 2 and "no such register" in str(error)


def test_an_answer_to_something_else_is_garbled():
    asked = unhex("03 006b 0003")
    for wrong in ("", "04 06 022b 0000 0064", "03 04 022b 0000", "03 06 022b 0000", "84 02"):
        raises(Garbled, frames.parse_reply, asked, unhex(wrong))
    raises(Garbled, frames.parse_reply, unhex("06 0001 0003"), unhex("06 0001 0004"))


def test_a_server_refuses_what_it_cannot_do():
    raises(frames.Denied, frames.parse_request, unhex("03 0000 007e"))
    raises(frames.Denied, frames.parse_request, unhex("04 0000 0000"))
    for wrong in ("", "03 00", "05 0000 0001", "10 0001 0002 04 000a", "10 0001 0002 02 000a 0102", "03 0000 0001 00"):
        raises(Garbled, frames.parse_request, unhex(wrong))
    raises(ValueError, frames.write, 6, 0, (1, 2))
