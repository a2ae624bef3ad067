"""`elecbay scan HOST[:PORT] | /dev/tty...`: who is there, and the [[device]] block for each, ready for home.toml.

What is found goes to stdout, how it goes to stderr. Ctrl-C prints what was found so far.
"""

import argparse
import asyncio
import contextlib
import sys

import drivers.profiles
from drivers import profile as profiles
from drivers.profile import Profile
from gateway.host.home_devices import Place, names_in
from gateway.host.prober import NoDoor
from gateway.host.recognise import Match
from gateway.host.scan import NAMES, Device, Scan

PORT = 502
FIRST = 32  # units asked by default, and with --quick
QUICK_FIRST = 4
SHOWN = ("power_w", "energy_import_wh", "energy_export_wh", "voltage_l1_mv", "frequency_mhz", "soc_permille", "temperature_mc")
INTERRUPTED = 130


def main(argv: "list[str]") -> int:
    """0: something was found and known; 1: not; 2: wrong options; 130: interrupted, after printing what was found."""
    given = _parse(argv)
    known = [profiles.load(name) for name in names_in(drivers.profiles)]
    usual = {unit for profile in known for unit in profile.units} | set(range(1, QUICK_FIRST + 1))
    first = QUICK_FIRST if given.quick else FIRST
    units = given.units or sorted(set(range(1, first + 1)) | usual)
    scan = Scan(known, units, usual, given.quick, lambda line: _say(line))
    status = None
    try:
        asyncio.run(scan.host(given.place) if given.place.host else scan.port(given.place.serial))
    except KeyboardInterrupt:
        status = INTERRUPTED
    except NoDoor as error:
        _say(f"elecbay scan: {error}")
        status = 1
    sys.stdout.write("\n".join(printed(scan.found)))
    if not scan.found and status is None:
        _say(_nobody(given.place, units))
    return (0 if any(d.fits for d in scan.found) else 1) if status is None else status


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _nobody(place: Place, units: "list[int]") -> str:
    asked = f"units {units[0]} to {units[-1]}" if len(units) > 1 else f"unit {units[0]}"
    if place.host:
        return f"{place}: nobody answered ({asked}): switch Modbus TCP on in the device's own settings, or give other --units"
    return f"{place}: nobody spoke or answered ({asked}): check A and B of the bus, the meter's own PIN or switch, or give other --units"


# -- options


def _parse(argv: "list[str]") -> argparse.Namespace:
    parser = argparse.ArgumentParser("elecbay scan", description="Find devices, and print a [[device]] block for each.")
    parser.add_argument("place", type=_place, metavar="HOST[:PORT] | /dev/tty...", help="a Modbus TCP host, or a serial port")
    parser.add_argument("--units", type=_units, help=f"which unit numbers to ask, as 1-5,71 (1-{FIRST} and those that products come with)")
    parser.add_argument("--quick", action="store_true", help="only the most usual units, a short ear for meters, and no guesses")
    parser.add_argument("--rtu", action="store_true", help="HOST is a converter that passes the bytes of a serial bus on as they are")
    given = parser.parse_args(argv)
    if given.rtu and given.place.host:
        given.place = Place(host=given.place.host, port=given.place.port, over_tcp=True, baud=9600)
    return given


def _place(text: str) -> Place:
    if "/" in text:
        return Place(serial=text)
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or (":" in host and "[" not in host):
        host, port = text, str(PORT)
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text}: write HOST, HOST:PORT with a port from 1 to 65535, or a serial port as /dev/ttyUSB0")
    return Place(host=host.strip("[]"), port=int(port))


def _units(text: str) -> "list[int]":
    units: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        with contextlib.suppress(ValueError):
            units += range(int(first), int(last or first) + 1)
            continue
        raise argparse.ArgumentTypeError(f"{text}: write numbers and ranges from 0 to 255, as 1-5,71")
    if not units or min(units) < 0 or max(units) > 255:
        raise argparse.ArgumentTypeError(f"{text}: units are numbers from 0 to 255, as 1-5,71")
    return units


# -- what is printed


def printed(found: "list[Device]") -> "list[str]":
    """The lines for all devices: a block for each that is known, a comment for each that is not."""
    lines: list[str] = []
    taken: set[str] = set()
    for device in found:
        lines += [*_about(device), *_block(device, taken), ""]
    return lines


def _about(device: Device) -> "list[str]":
    where = str(device.place) + (f" unit {device.unit}" if device.unit else "")
    called = f" ({device.name})" if device.name else ""
    if not device.fits:
        return [f"# {where}{called}: it answers, and no profile of ours fits: docs/add-a-device.md says how to write one"]
    best = device.fits[0]
    lines = [f"# {where}{called}: {best.profile.title}, {'known by ' if best.certain else ''}{best.how}"]
    if device.secret:
        lines.append('#   its telegrams are encrypted: add key_file = "meter.key", as docs/push-meters.md says')
    others = [match.profile.name for match in device.fits if match not in _faces(device)]
    return lines + ([f"#   also fits: {', '.join(others)}"] if others else [])


def _faces(device: Device) -> "list[Match]":
    """The best profile, and the best of each other kind: a hybrid inverter is a roof, a battery and a meter on one unit."""
    best: dict[str, Match] = {}
    for match in device.fits:
        best.setdefault(match.profile.kind, match)
    return list(best.values())


def _block(device: Device, taken: "set[str]") -> "list[str]":
    """What goes into home.toml; what is not sure is a comment until the owner has looked at it."""
    lines: list[str] = []
    for match in _faces(device):
        profile, first = match.profile, device.fits[0]
        sure = match.certain and (match is first or (profile.identity and profile.identity == first.profile.identity))
        said = ", ".join(f"{name} {match.values[name]}" for name in SHOWN if name in match.values)
        block = ["[[device]]", f'name = "{_name(profile.kind, taken)}"', f'profile = "{profile.name}"', *_place_lines(device, profile)]
        lines += [f"#   as {profile.kind} it says {said}"] if said else []
        lines += block if sure else [f"# {line}" for line in block]
    return lines


def _place_lines(device: Device, profile: Profile) -> "list[str]":
    place, modbus = device.place, profile.protocol == "modbus"
    if place.serial:
        lines = [f'serial = "{place.serial}"', f"baud = {place.baud}", f'parity = "{place.framing[1]}"']
    else:
        lines = [f'host = "{place.host}"', f"port = {place.port}"] + (['framing = "rtu"'] if place.over_tcp else [])
    return lines + ([f"unit = {device.unit}"] if modbus else [])


def _name(kind: str, taken: "set[str]") -> str:
    usual, number = NAMES[kind], 2
    name = usual
    while name in taken:
        name, number = f"{usual}{number}", number + 1
    taken.add(name)
    return name
