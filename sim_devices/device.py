"""`elecbay device PROFILE`: one simulated device on a real line, with the values and the faults that were asked for, until Ctrl-C.

What it is told goes to stdout, and first of all the [[device]] block with which a gateway reaches it.
"""

import argparse
import asyncio
import sys
import time
from contextlib import suppress

import drivers.profiles
from drivers import profile as profiles
from drivers.tables import Profile
from gateway.host.config import near
from gateway.host.home_devices import names_in
from sim_devices.bodies import Sheet, Words
from sim_devices.face import Face
from sim_devices.faults import KINDS, Faults
from sim_devices.framing import Answers, Rtu
from sim_devices.ptys import PushMeter
from sim_devices.pushed import meter_of
from sim_devices.readout import Asked
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.typical import VALUES, typical

Server = TcpServer | RtuBus | PushMeter | Asked
LINES = ("tcp", "rtu", "rtu-tcp")
PUSH_S = 2


class Told(Sheet):
    """A device that says aloud what it is told; one that is told its power shows it from then on."""

    def told(self, words: Words) -> None:
        super().told(words)
        for word, value in words:
            sys.stdout.write(f"told: {word} = {value}\n")
            if word == "power_setpoint_w" and "power_w" in self.said:
                self.said["power_w"] = value
        sys.stdout.flush()


def main(argv: list[str]) -> int:
    """0 after Ctrl-C; 2: wrong options."""
    given = _parse(argv)
    profile = profiles.load(given.profile)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(profile, given))
    return 0


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="elecbay device", description=__doc__.split("\n")[0])
    parser.add_argument("profile", type=_known, help="a name of drivers/profiles")
    parser.add_argument("--line", choices=LINES, default=None, help="a Modbus device's (usual: the first that its profile names)")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (usual: a free one)")
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], type=_value, metavar="QUANTITY=VALUE", help="what it says, in our units")
    kinds = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    parser.add_argument("--fault", action="append", default=[], type=_chance, metavar="KIND=CHANCE", help=f"0 to 1. {kinds}")
    parser.add_argument("--seed", type=int, default=0, help="of the faults' dice")
    return parser.parse_args(argv)


def _known(name: str) -> str:
    names = names_in(drivers.profiles)
    if name not in names:
        raise argparse.ArgumentTypeError(f"{name!r} is no profile: {near(name, names)}")
    return name


def _value(text: str) -> tuple[str, int]:
    quantity, _, value = text.partition("=")
    try:
        return quantity, int(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write QUANTITY=VALUE, as power_w=-1500") from None


def _chance(text: str) -> tuple[str, float]:
    kind, _, chance = text.partition("=")
    if kind not in KINDS:
        raise argparse.ArgumentTypeError(f"{kind!r} is no fault: one of {' '.join(KINDS)}")
    try:
        return kind, float(chance or 1)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write KIND=CHANCE, as torn=0.1") from None


async def _serve(profile: Profile, given: argparse.Namespace) -> None:
    faults = Faults(given.seed, **dict(given.fault))
    server: Server
    if profile.protocol == "modbus":
        server, where = await _modbus(profile, given, faults)
    else:
        server = meter_of(profile, given.unit, lambda: {**VALUES, **dict(given.set)}, PUSH_S, faults)
        await server.start()
        where = [f'serial = "{server.wire.path}"']
    block = ["[[device]]", f'name = "{profile.name}"', f'profile = "{profile.name}"', *where]
    sys.stdout.write("\n".join(block) + "\n\n")
    sys.stdout.flush()
    try:
        while True:
            if isinstance(server, (PushMeter, Asked)):
                server.tick(int(time.time()))
            await asyncio.sleep(0.2)
    finally:
        await server.stop()


async def _modbus(
    profile: Profile, given: argparse.Namespace, faults: Faults
) -> "tuple[TcpServer | RtuBus | PushMeter | Asked, list[str]]":
    """(the server, where it is in the words of home.toml)."""
    body = Told(typical(profile) | dict(given.set))
    units: dict[int, Answers] = {given.unit: Face(profile, body, faults)}
    line = given.line or next((link[0] for link in profile.links if link[0] in LINES), "tcp")
    if line == "rtu":
        bus = RtuBus(units)
        await bus.start()
        return bus, [f'serial = "{bus.wire.path}"', f"unit = {given.unit}"]
    server = TcpServer(units, framing=Rtu() if line == "rtu-tcp" else None)
    await server.start(given.port)
    framed = ['framing = "rtu"'] if line == "rtu-tcp" else []
    return server, ['host = "127.0.0.1"', f"port = {server.port}", *framed, f"unit = {given.unit}"]
