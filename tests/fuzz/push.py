"""Coverage-guided fuzzing of one push protocol: `python tests/fuzz/push.py PROTOCOL [libFuzzer options]`, by `make fuzz` for all of them.

The first byte of an input says what is made of the rest: fed as it is, or as the content of frames whose checks hold, so that the decoders
behind the checks are reached, in pieces of some size. It fails on any exception, on a buffer above its limit, and when after the input (of
one in sixteen) a good frame is not read again. What it finds becomes a test in tests/test_push_properties.py; the inputs that it learned
stay in build/fuzz/PROTOCOL.
"""

# ruff: noqa: E402 - what is imported under atheris is instrumented
import sys
from functools import reduce
from operator import xor
from pathlib import Path

import atheris

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "portable")]
with atheris.instrument_imports(include=["drivers"], exclude=["drivers.crc", "drivers.gcm", "drivers.stream", "drivers.registers"]):
    from drivers import axdr, cosem, crc, dlms, envelope, hdlc, iec62056, mbus, obis, p1, push, sign_on, sml, tic

import captures
import push_wires
from test_framers import sml_frame

from drivers import profile
from gateway.host import meter_key

USED = (axdr, cosem, crc, envelope, hdlc, mbus, obis, sign_on)
KEY, AUTH = bytes(range(16)), bytes(range(0xD0, 0xE0))
LIMITS = {
    "sml": sml.LIMIT, "dsmr": p1.LIMIT, "dlms-hdlc": 2049, "dlms-mbus": 261, "dlms": dlms.RAW_LIMIT, "tic": tic.LIMIT,
    "iec62056-21": iec62056.LIMIT,
}  # fmt: skip
GOOD = {
    "sml": "sml/unsigned.hex", "dsmr": "dsmr/v5.txt", "dlms-hdlc": "dlms/kaifa.hex", "dlms-mbus": "dlms/mbus.hex", "dlms": "dlms/raw.hex",
    "tic": "tic/standard.txt", "iec62056-21": "iec62056-21/mode_c.txt",
}  # fmt: skip


def tic_lines(data: bytes, mark: str) -> bytes:
    text = data.replace(b"\x02", b"").replace(b"\x03", b"").decode("latin-1")
    return push_wires.tic([line.partition(mark)[::2] for line in text.split("\n")], mark)


def p1_lines(data: bytes) -> bytes:
    body = b"/ELB5X\r\n\r\n" + data + b"\r\n!"
    return body + b"%04X\r\n" % crc.arc(body)


def readout(data: bytes) -> bytes:
    body = data.replace(b"\x02", b"").replace(b"\x03", b"") + b"\r\n!\r\n\x03"
    return b"\x02" + body + bytes([reduce(xor, body)])


def sealed(data: bytes) -> bytes:
    return push_wires.sealed(data, b"LGZ12345", 1, KEY, AUTH)


# Protocol -> ways to put bytes behind checks that hold.
MENDED = {
    "sml": (sml_frame,),
    "dsmr": (p1_lines, lambda data: sealed(p1_lines(data)), sealed),
    "tic": (lambda data: tic_lines(data, " "), lambda data: tic_lines(data, "\t")),
    "iec62056-21": (readout, lambda data: b"/ELB5X\r\n\r\n" + data + b"!\r\n"),
    "dlms": (lambda data: b"\x0f\x40\x00\x00\x00\x00" + data, sealed),
    "dlms-mbus": (push_wires.mbus, lambda data: push_wires.mbus(b"\x0f" + bytes(5) + data, 60), lambda data: push_wires.mbus(sealed(data))),
    "dlms-hdlc": (
        push_wires.hdlc,
        lambda data: push_wires.hdlc(b"\x0f" + bytes(5) + data, 60),
        lambda data: push_wires.hdlc(b"\xe0\xc0\x00\x01\x00\x00" + push_wires.length(len(data)) + data),
        lambda data: push_wires.hdlc(sealed(data)),
    ),
}


class Target:
    """One protocol. Called with an input; fails when that does harm."""

    def __init__(self, protocol: str) -> None:
        self.protocol, self.limit = protocol, LIMITS[protocol]
        meaning, data = captures.expected(GOOD[protocol]), captures.raw(GOOD[protocol])
        self.good = b"".join(telegram.raw for telegram in captures.frames(captures.framer(meaning), data))
        self.key = [captures.unhex(meaning[name]) for name in ("key", "auth_key")] if "key" in meaning else [KEY, AUTH]

    def __call__(self, data: bytes) -> None:
        way, data = data[:1] or b"\x00", data[1:] or b"x"
        ways = (None, *MENDED[self.protocol])
        mend = ways[way[0] % len(ways)]
        quirks = {"checksum": "optional", "power": "apparent", "bare": bool(way[0] & 64)}
        framer = push.framer(self.protocol, quirks, meter_key.decrypter(*self.key))
        captures.frames(framer, mend(data) if mend else data, 1 + way[0] // 2)
        assert len(framer._stream.data) <= self.limit + 128, "it grew"
        if way[0] >= 240:
            copies = (b"\r\n" + self.good) * (self.limit // len(self.good) + 2)
            assert captures.frames(framer, copies), "good frames were lost"
        elif self.protocol == "iec62056-21":
            self._ask(data)

    def _ask(self, data: bytes) -> None:
        framer = push.framer("iec62056-21", {"mode": "C", "every_s": 5})
        for i in range(0, len(data), 16):
            framer.say(i * 100)
            framer.add(data[i : i + 16], i)
            captures.frames(framer, b"", 1)
        assert len(framer._stream.data) <= iec62056.LIMIT, "it grew"


def main() -> None:
    protocol = sys.argv[1]
    target = Target(protocol)
    learned = Path("build/fuzz") / protocol
    learned.mkdir(parents=True, exist_ok=True)
    for name in captures.PUSH:
        if profile.load(captures.expected(name)["profile"]).protocol == protocol:
            (learned / name.replace("/", "_")).write_bytes(b"\x00" + captures.raw(name)[:600])
    atheris.Setup([sys.argv[0], str(learned), "-max_len=700", f"-artifact_prefix={learned}.", *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
