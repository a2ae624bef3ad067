"""`elecbay decode`: what a file from a push meter says, frame by frame; it reads files and talks to nothing.

A file of nothing but hex digits, white space and comments from # on stands for the bytes that it spells.

A telegram that ends with a bare "!" (DSMR 2.2 and 3) is shown here, because one who looks at a file wants to see it; a live
gateway takes such a meter only by profile p1_v2. A telegram whose checksum is wrong is never shown.
"""

import argparse
import json
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from drivers import envelope, profile, push
from drivers.telegram import Telegram, Value

CHUNK = 4096
PROFILES = {"sml": "sml", "dsmr": "p1_v2"}


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
    about = "Decode a file of bytes from a meter, raw or as hex digits (# begins a comment)."
    parser = argparse.ArgumentParser(prog="elecbay decode", description=about)
    parser.add_argument("protocol", choices=push.PROTOCOLS)
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", help="the household's decryption key, 32 hex digits")
    parser.add_argument("--auth-key", default="", help="the authentication key, 32 hex digits")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each frame")
    return parser


def _decode(args: argparse.Namespace) -> int:
    framer = push.framer(args.protocol, profile.load(PROFILES[args.protocol]).quirks, _opener(args.key, args.auth_key))
    shown = 0
    for shown, telegram in enumerate(_telegrams(framer, _bytes(args.file)), 1):
        print(json.dumps(_line(shown, telegram)) if args.json else _page(shown, telegram))  # noqa: T201
    for count, what in ((framer.bad, "with a bad checksum dropped"), (framer.locked, "encrypted: give --key and --auth-key")):
        if count:
            print(f"{count} frame{'s' if count > 1 else ''} {what}", file=sys.stderr)  # noqa: T201
    if not shown and not framer.bad and not framer.locked:
        print(f"no {args.protocol} frame in {args.file}", file=sys.stderr)  # noqa: T201
    return 0 if shown else 1


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from error
    digits = b"".join(b"".join(line.split(b"#")[0].split()) for line in data.splitlines())
    if not digits or digits.strip(string.hexdigits.encode()):
        return data
    if len(digits) % 2:
        raise Misuse(f"{path}: hex digits, but an odd number of them ({len(digits)}): one is missing")
    return bytes.fromhex(digits.decode())


def _telegrams(framer: push.Framer, data: bytes) -> Iterator[Telegram]:
    """All frames of the file; the end of the file ends a last line that has no line end."""
    for start in range(0, len(data), CHUNK):
        framer.add(data[start : start + CHUNK], 0)
        yield from iter(framer.next, None)
    framer.add(b"\n", 0)
    yield from iter(framer.next, None)


def _opener(key: str | None, auth_key: str) -> Callable[[bytes], bytes] | None:
    """decrypt(envelope), over AES lent by `cryptography`; None without a key."""
    if key is None:
        return None
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import ECB
    except ImportError:
        raise Misuse("--key needs the package cryptography: pip install 'open-elecbay[keys]'") from None
    block = Cipher(AES(_hex(key, "--key")), ECB()).encryptor()  # noqa: S305 - single blocks: the mode is drivers/gcm.py
    opener: Callable[[bytes], bytes] = envelope.opener(block.update, _hex(auth_key, "--auth-key") if auth_key else b"")
    return opener


def _hex(digits: str, option: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != 16:
        raise Misuse(f"{option}: 32 hex digits are needed, found {len(digits)} characters")
    return key


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
