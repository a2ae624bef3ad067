"""`elecbay decode`: what a file of raw bytes from a push meter says, frame by frame; it reads files and talks to nothing.

A file with nothing but hex digits, spaces and "#" comments is taken for the bytes that they write. A telegram that ends with a bare "!"
(DSMR 2.2 and 3) and IEC 62056-21 lines without a frame are shown here, because one who looks at a file wants to see them; a live gateway
takes such a meter only by its profile. A telegram whose checksum is wrong is never shown.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from drivers import profile, push
from drivers.telegram import Telegram, Value
from gateway.host import meter_key

CHUNK = 4096
PROFILES = {
    "sml": "sml",
    "dsmr": "p1_v2",
    "dlms-hdlc": "dlms_hdlc",
    "dlms-mbus": "dlms_mbus",
    "dlms": "dlms_raw",
    "tic": "tic_standard",
    "iec62056-21": "iec_mode_d",
}
BARE = {"bare": True}  # IEC 62056-21 lines that somebody kept without their frame
BINARY = ("sml", "dlms-hdlc", "dlms-mbus", "dlms")


class Misuse(Exception):
    """What the caller can mend: said in one line, exit code 2."""


def main(argv: list[str]) -> int:
    """Exit 0 when a frame was shown, 1 when none could be, 2 when the command line or the file is no good."""
    try:
        args = _parser().parse_args(argv)
        return _decode(args)
    except Misuse as why:
        print(f"elecbay decode: {why}", file=sys.stderr)  # noqa: T201
        return 2
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="elecbay decode", description="Decode a file of raw bytes from a meter.")
    parser.add_argument("protocol", choices=push.PROTOCOLS, help="dlms is a message that no HDLC or M-Bus frames: %(choices)s")
    parser.add_argument("file", type=Path, help="raw bytes, or hex digits that write them")
    parser.add_argument("--key", help="the household's decryption key, 32 hex digits")
    parser.add_argument("--auth-key", default="", help="the authentication key, 32 hex digits")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each frame")
    return parser


def _decode(args: argparse.Namespace) -> int:
    quirks = profile.load(PROFILES[args.protocol]).quirks | BARE
    framer = push.framer(args.protocol, quirks, _decrypter(args.key, args.auth_key))
    data, shown = _bytes(args.file), 0
    data = _unhex(data) if args.protocol in BINARY else data
    for shown, telegram in enumerate(_telegrams(framer, data), 1):
        print(json.dumps(_line(shown, telegram)) if args.json else _page(shown, telegram))  # noqa: T201
    for count, what in ((framer.bad, "with a bad checksum dropped"), (framer.locked, "encrypted: give --key and --auth-key")):
        if count:
            print(f"{count} frame{'s' if count > 1 else ''} {what}", file=sys.stderr)  # noqa: T201
    if not shown and not framer.bad and not framer.locked:
        print(f"no {args.protocol} frame in {args.file}", file=sys.stderr)  # noqa: T201
    return 0 if shown else 1


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from error


def _unhex(data: bytes) -> bytes:
    """The bytes that a file of hex digits writes, the file itself when it is none."""
    try:
        return bytes.fromhex(" ".join(line.split("#")[0] for line in data.decode("ascii").splitlines()))
    except ValueError:
        return data


def _telegrams(framer: push.Framer, data: bytes) -> Iterator[Telegram]:
    """All frames of the file; the end of the file ends a last line that has no line end."""
    for start in range(0, len(data), CHUNK):
        framer.add(data[start : start + CHUNK], 0)
        yield from iter(framer.next, None)
    framer.add(b"\n", 0)
    yield from iter(framer.next, None)


def _decrypter(key: str | None, auth_key: str) -> meter_key.Decrypt | None:
    """What opens envelopes; None without a key."""
    if key is None:
        return None
    option = "--key"
    try:
        opened_by = meter_key.key_of(key)
        option = "--auth-key"
        proven_by = meter_key.key_of(auth_key) if auth_key else b""
        option = "--key"
        return meter_key.decrypter(opened_by, proven_by)
    except meter_key.BadMeterKey as why:
        raise Misuse(f"{option}: {why}") from why


def _line(number: int, telegram: Telegram) -> dict[str, object]:
    values = [{"code": v.code, "value": v.value, "exponent": v.exponent, "unit": v.unit or None} for v in telegram.values]
    readings = [{"quantity": quantity, "value": value} for quantity, value in telegram.readings]
    return {"frame": number, "meter": telegram.meter, "values": values, "readings": readings}


def _page(number: int, telegram: Telegram) -> str:
    lines = [f"frame {number}: meter {telegram.meter}"]
    lines += [f"  {v.code:<24} {_plain(v)}" for v in telegram.values]
    lines += [f"  = {quantity:<22} {value}" for quantity, value in telegram.readings]
    return "\n".join(lines)


def _plain(value: Value) -> str:
    """1581123, -3, kWh -> "1581.123 kWh"."""
    if value.exponent is None or isinstance(value.value, str):
        return str(value.value)
    digits = str(abs(value.value) * 10 ** max(value.exponent, 0)).rjust(1 - value.exponent, "0")
    if value.exponent < 0:
        digits = f"{digits[: value.exponent]}.{digits[value.exponent :]}"
    return f"{'-' if value.value < 0 else ''}{digits} {value.unit}".rstrip()
