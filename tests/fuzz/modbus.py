"""Coverage-guided fuzzing of what reads Modbus: `python tests/fuzz/modbus.py [libFuzzer options]`, by `make fuzz`.

An input is an answer to an open request, on TCP or RTU, whole and in pieces, and a request to a device; it fails on any exception other
than the two named, and on an answer let through that is no answer.
"""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
with atheris.instrument_imports(include=["drivers"], exclude=["drivers.crc"]):
    from drivers import ear, frames, registers

from drivers.nouns import Garbled

ASKED = (frames.read(3, 100, 4), frames.read(4, 0, 2), frames.write(6, 7, [9]), frames.write(16, 7, [1, 2]))
KINDS = sorted(registers.WORDS)


def target(data: bytes) -> None:
    way, data = data[:1] or b"\x00", data[1:]
    for parse in (frames.unrtu, frames.untcp, frames.tcp_length, frames.rtu_reply_length, frames.rtu_request_length, frames.parse_request):
        tolerant(parse, data)
    asked = ASKED[way[0] % len(ASKED)]
    tolerant(frames.parse_reply, asked, data)
    heard(bool(way[0] & 16), asked, data, bool(way[0] & 32), 1 + (way[0] & 15))
    kind = KINDS[way[0] % len(KINDS)]
    words = [data[i] << 8 | data[i + 1] for i in range(0, 2 * registers.WORDS[kind], 2)] if len(data) >= 2 * registers.WORDS[kind] else []
    if words:
        registers.unpack(kind, "big" if way[0] & 64 else "little", words, 1000, 3)


def heard(rtu: bool, asked: bytes, data: bytes, mended: bool, step: int) -> None:
    """What an ear lets through answers the request by its frame."""
    one = ear.Ear(rtu)
    one.ask(frames.rtu(1, asked) if rtu else frames.tcp(7, 1, asked))
    if mended:
        data = frames.rtu(1, data or b"\x03") if rtu else frames.tcp(7, 1, data or b"\x03")
    for i in range(0, len(data), step):
        answer = one.hear(data[: i + step])
        if answer:
            unit, pdu = frames.unrtu(answer) if rtu else frames.untcp(answer)[1:]
            assert unit == 1
            tolerant(frames.parse_reply, asked, pdu)
            break
    one.give_up()


def tolerant(parse, *args) -> None:  # type: ignore[no-untyped-def]
    try:
        parse(*args)
    except (Garbled, frames.Denied):
        pass


def main() -> None:
    learned = Path("build/fuzz/modbus")
    learned.mkdir(parents=True, exist_ok=True)
    for i, request in enumerate(ASKED):
        (learned / f"rtu{i}").write_bytes(bytes([16 + i]) + frames.rtu(1, request))
        (learned / f"tcp{i}").write_bytes(bytes([i]) + frames.tcp(7, 1, request))
    atheris.Setup([sys.argv[0], str(learned), "-max_len=300", f"-artifact_prefix={learned}.", *sys.argv[1:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
