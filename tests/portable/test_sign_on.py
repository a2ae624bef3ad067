"""IEC 62056-21 when asked: what is sent, at which baud rate, and what silence, echo and nonsense do to it."""

import captures

from drivers import push
from drivers.iec62056 import bcc
from drivers.stream import Say

BODY = b"1.8.0(000012.345*kWh)\r\n1.8.0*01(000010.000*kWh)\r\n16.7.0( 000.250*kW)\r\n!\r\n\x03"
READOUT = b"\x02" + BODY + bytes([bcc(BODY)])
ASK = Say(b"/?!\r\n", 300, 300)


def framer(**quirks):
    quirks["mode"] = "C"
    return push.framer("iec62056-21", quirks)


def signed_on(name, **quirks):
    """(framer, what it said to that identification) 1 s after it asked."""
    meter = framer(**quirks)
    assert meter.talks and meter.say(1000).data.startswith(b"/?")
    meter.add(name, 1)
    return meter, meter.say(2000)


def read(meter):
    meter.add(READOUT, 3)
    telegram = meter.next()
    assert telegram.readings == (("power_w", 250), ("energy_import_wh", 12345)) and telegram.at == 3
    return telegram


def test_what_each_letter_agrees():
    for letter, reply, rate in (
        ("0", b"\x06000\r\n", 300),
        ("4", b"\x06040\r\n", 4800),
        ("5", b"\x06050\r\n", 9600),
        ("6", b"\x06050\r\n", 9600),  # 19200 is faster than we go
        ("A", b"", 600),
        ("C", b"", 2400),
        ("G", b"", 300),
        ("9", b"", 300),
    ):
        meter, said = signed_on(b"/ELB" + letter.encode() + b"METER\r\n")
        assert said == Say(reply, 300, rate), letter
        assert read(meter).meter == "ELB" + letter + "METER"


def test_it_rests_between_two_readouts():
    meter, _ = signed_on(b"/ELB5METER\r\n", every_s=60)
    read(meter)
    assert [meter.say(ms) for ms in (4000, 30000, 60999)] == [None] * 3
    assert meter.say(61000) == ASK and meter.bad == 0


def test_echo_is_not_an_answer():
    meter = framer()
    assert meter.say(0) == ASK
    meter.add(b"/?!\r\n", 0)
    assert meter.say(100) is None
    for byte in b"/ELB5\\2METER\r\n":
        assert meter.say(200) is None
        meter.add(bytes([byte]), 1)
    assert meter.say(300) == Say(b"\x06050\r\n", 300, 9600)
    meter.add(b"\x06050\r\n", 2)
    assert meter.say(400) is None
    read(meter)


def test_a_meter_with_an_address_is_called_by_it():
    meter = framer(address="12345678", start=9600)
    assert meter.say(0) == Say(b"/?12345678!\r\n", 9600, 9600)


def test_silence_is_tried_again_later():
    meter = framer()
    assert meter.say(0) == ASK
    meter.add(b"nonsense / and more\r\n/x\r\n", 0)
    assert [meter.say(ms) for ms in (2500, 5000)] == [None] * 2
    assert meter.say(6000) is None and meter.bad == 1  # asked, waited, given up
    assert meter.say(15999) is None and meter.say(16000) == ASK


def test_a_readout_that_stops_is_given_up():
    meter, _ = signed_on(b"/ELB5METER\r\n")
    assert meter.say(2100) is None
    meter.add(READOUT[:40], 3)
    assert meter.next() is None
    assert meter.say(3000) is None and meter.say(7999) is None and meter.bad == 0
    assert meter.say(8000) is None and meter.bad == 1
    assert meter.say(18000) == ASK
    assert meter._stream.data == b""


def test_a_damaged_readout_is_given_up():
    meter, _ = signed_on(b"/ELB5METER\r\n")
    meter.add(READOUT[:-1] + bytes([READOUT[-1] ^ 1]), 3)
    assert meter.next() is None and meter.bad == 1
    assert meter.say(3000) is None and meter.say(8000) is None and meter.say(18000) == ASK


def test_what_came_with_the_name_is_not_lost():
    """A meter of mode A goes on at once."""
    meter, said = signed_on(b"/ELBGMETER\r\n" + READOUT)
    assert said == Say(b"", 300, 300)
    assert meter.next().meter == "ELBGMETER"


def test_noise_while_waiting_does_not_grow():
    meter = framer()
    meter.say(0)
    for i in range(100):
        meter.add(b"/ABC" * 50, i)
    assert len(meter._head) <= 200


def test_the_capture_is_the_same_when_asked_for():
    data = captures.raw("iec62056-21/mode_c.txt")
    frames = captures.expected("iec62056-21/mode_c.txt")["frames"]
    meter = framer()
    meter.say(0)
    start = data.find(b"\x02")
    meter.add(data[:start], 0)
    assert meter.say(100).then == 9600
    meter.add(data[start:], 1)
    assert captures.plain(meter.next()) == frames[0]
