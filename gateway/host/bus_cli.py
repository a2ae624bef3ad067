"""`elecbay bus HOME.toml [--seconds N]`: what the running gateway's links do; when none runs, what they do while we look.

Nothing is written to a device.
"""

import argparse
import asyncio
import signal
import sys

from gateway.acts import Save
from gateway.host import bus_view, home_toml
from gateway.host.bus import DENIALS, Bus
from gateway.host.clock import clock_from
from gateway.host.home_toml import HomeSetup
from gateway.host.link import end
from gateway.host.store import Store

SECONDS = 30


def main(argv: "list[str]") -> int:
    """Print a line a link and a device; Ctrl-C ends the look early with what it has."""
    parser = argparse.ArgumentParser("elecbay bus", description="each link's occupancy, requests and errors, and the ages of its values")
    parser.add_argument("home", metavar="HOME.toml")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long to look when no gateway runs (default {SECONDS})")
    given = parser.parse_args(argv)
    setup = home_toml.load(given.home)
    text = asyncio.run(bus_view.told(setup.state / bus_view.SOCKET))
    sys.stdout.write(asyncio.run(looked(setup, given.seconds)) if text is None else text)
    return 0


async def looked(setup: HomeSetup, seconds: float) -> str:
    """Poll as the gateway would, for so many seconds of the wall's clock; what denials teach is kept."""
    store = Store(setup.state)

    def commit(saves: "list[Save]") -> None:
        store.commit([save for save in saves if save.table == DENIALS])

    try:
        tables = {DENIALS: store.tables().get(DENIALS, {})}
        bus = Bus(setup.devices, clock_from(setup.simulation), lambda readings, raw: None, commit, tables)
        jobs = [asyncio.ensure_future(keeper.unit.run(setup.poll_s)) for keeper in bus.keepers.values()]
        await interrupted(seconds)
        await end(*jobs)
        text = "\n".join(bus_view.described(bus)) + "\n"
        for wire in bus.wires.values():
            wire.close()
        return text
    finally:
        store.close()


async def interrupted(seconds: float) -> bool:
    """Wait; True when Ctrl-C or a SIGTERM came first."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return False
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return True
