"""Which bytes answer a request: a table of what may come instead, on both kinds of line."""

from drivers import frames
from drivers.ear import Ear

ASKED = frames.read(3, 100, 2)
RIGHT = bytes((3, 4, 0, 1, 0, 2))


def tcp_ear() -> Ear:
    ear = Ear(False)
    ear.ask(frames.tcp(7, 1, ASKED))
    ear.ask(frames.tcp(8, 1, ASKED))
    return ear


def rtu_ear(pdu: bytes = ASKED) -> Ear:
    ear = Ear(True)
    ear.ask(frames.rtu(5, pdu))
    return ear


TCP = (  # what comes, whether the answer is in it, late, foreign, garbled
    ("the answer", frames.tcp(8, 1, RIGHT), True, 0, 0, 0),
    ("a refusal", frames.tcp(8, 1, bytes((0x83, 2))), True, 0, 0, 0),
    ("a late one, then the answer", frames.tcp(7, 1, RIGHT) + frames.tcp(8, 1, RIGHT), True, 1, 0, 0),
    ("a late one", frames.tcp(7, 1, RIGHT), False, 1, 0, 0),
    ("one we never asked for", frames.tcp(900, 1, RIGHT), False, 0, 1, 0),
    ("another unit", frames.tcp(8, 2, RIGHT), False, 0, 0, 1),
    ("another function", frames.tcp(8, 1, bytes((4, 4, 0, 1, 0, 2))), False, 0, 0, 1),
    ("too few registers", frames.tcp(8, 1, bytes((3, 2, 0, 1))), False, 0, 0, 1),
    ("a byte count that lies", frames.tcp(8, 1, bytes((3, 4, 0, 1, 0))), False, 0, 0, 1),
    ("no Modbus", b"HTTP/1.1 400", False, 0, 1, 0),
    ("half of it", frames.tcp(8, 1, RIGHT)[:9], False, 0, 0, 0),
)
RTU = (
    ("the answer", frames.rtu(5, RIGHT), True),
    ("a refusal", frames.rtu(5, bytes((0x83, 2))), True),
    ("noise before it", b"\x00\x05\xff" + frames.rtu(5, RIGHT), True),
    ("our own echo before it", frames.rtu(5, ASKED) + frames.rtu(5, RIGHT), True),
    ("another unit before it", frames.rtu(6, RIGHT) + frames.rtu(5, RIGHT), True),
    ("another unit", frames.rtu(6, RIGHT), False),
    ("another function", frames.rtu(5, bytes((4, 4, 0, 1, 0, 2))), False),
    ("another length", frames.rtu(5, bytes((3, 2, 0, 1))), False),
    ("a flipped bit", frames.rtu(5, RIGHT)[:4] + b"\x80" + frames.rtu(5, RIGHT)[5:], False),
    ("half of it", frames.rtu(5, RIGHT)[:6], False),
    ("nothing", b"", False),
)


def test_on_tcp() -> None:
    for what, comes, answered, late, foreign, garbled in TCP:
        ear = tcp_ear()
        assert bool(ear.hear(comes)) == answered, what
        assert (ear.late, ear.foreign, ear.garbled, ear.lost) == (late, foreign, garbled, foreign > 0), what


def test_on_rtu() -> None:
    for what, comes, answered in RTU:
        assert bool(rtu_ear().hear(comes)) == answered, what


def test_the_answer_may_come_byte_by_byte() -> None:
    for ear, frame in ((tcp_ear(), frames.tcp(8, 1, RIGHT)), (rtu_ear(), frames.rtu(5, RIGHT))):
        heard = [ear.hear(frame[: i + 1]) for i in range(len(frame))]
        assert heard == [b""] * (len(frame) - 1) + [frame]


def test_what_nobody_waits_for_is_late() -> None:
    for ear, frame in ((tcp_ear(), frames.tcp(8, 1, RIGHT)), (rtu_ear(), frames.rtu(5, RIGHT))):
        ear.give_up()
        assert ear.hear(frame) == b"" and ear.late == 1
    ear = rtu_ear()
    assert ear.hear(frames.rtu(5, RIGHT)) and not ear.hear(frames.rtu(5, RIGHT)), "once only"


def test_a_write_is_answered_by_its_echo() -> None:
    one, many = frames.write(6, 261, [60]), frames.write(16, 261, [60, 61])
    echoes = ((one, one, True), (one, frames.write(6, 261, [61]), False), (many, many[:5], True), (many, many[:4] + b"\x01", False))
    for asked, pdu, answered in echoes:
        assert bool(rtu_ear(asked).hear(frames.rtu(5, pdu))) == answered
