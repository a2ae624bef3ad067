"""`elecbay write HOME.toml DEVICE QUANTITY VALUE --for SECONDS`: a wish by hand, as safe as the gateway's own, and what the device did.

It takes the home's store, so it does not run beside the gateway. At its end, and on Ctrl-C, the device is handed back.
"""

import argparse
import asyncio
import logging
import sys

from drivers.nouns import Command
from drivers.safely import CONFIRMED, NO_EFFECT
from gateway.host import home_toml
from gateway.host.bus import Bus
from gateway.host.bus_cli import interrupted
from gateway.host.clock import clock_from
from gateway.host.config import near
from gateway.host.home_devices import PUSH, DeviceSetup
from gateway.host.home_toml import HomeSetup
from gateway.host.journal import Unusable
from gateway.host.keeper import WRITES, Keeper
from gateway.host.link import end
from gateway.host.store import Store

RELEASE_S, GRACE_S = 10.0, 2.0  # to hand it back; by then it hands itself back, should we hang
BEAT_S = 0.1


class Wrong(Exception):
    """The command line names something that is not there. lines: what to say."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def main(argv: "list[str]") -> int:
    """0 when the device was seen to do as told, 1 when not."""
    parser = argparse.ArgumentParser("elecbay write", description="hold a device to a value for a while, and say what it did")
    for name in ("home", "device", "quantity"):
        parser.add_argument(name, metavar="HOME.toml" if name == "home" else name.upper())
    parser.add_argument("value", metavar="VALUE", type=int)
    parser.add_argument("--for", dest="seconds", type=int, required=True, metavar="SECONDS", help="then it is handed back")
    given = parser.parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    setup = home_toml.load(given.home)
    device = found(setup, given.device, given.quantity)
    try:
        store = Store(setup.state)
    except Unusable as error:
        raise Wrong(f"{error}; `elecbay write` needs the home for itself: stop `elecbay run` first") from None
    try:
        return asyncio.run(written(setup, device, given.quantity, given.value, given.seconds, store))
    finally:
        store.close()


def found(setup: HomeSetup, name: str, quantity: str) -> DeviceSetup:
    """The device, if it can be told that."""
    devices = {d.name: d for d in setup.devices if d.profile.protocol not in PUSH}
    if name not in devices:
        raise Wrong(f"{name}: no such device: {near(name, devices)}")
    controls = devices[name].profile.controls
    if not controls:
        raise Wrong(f"{name}: its profile {devices[name].profile.name} has nothing that may be written")
    if quantity not in controls:
        raise Wrong(f"{quantity}: {name} has no such control: {near(quantity, controls)}")
    return devices[name]


async def written(setup: HomeSetup, device: DeviceSetup, quantity: str, value: int, seconds: int, store: Store) -> int:
    """Hold it, say what happens, let go; the exit status."""
    clock, tables = clock_from(setup.simulation), store.tables()
    tables[WRITES] = {key: doc for key, doc in tables.get(WRITES, {}).items() if key.partition(" ")[0] == device.name}
    bus = Bus((device,), clock, lambda readings, raw: None, store.commit, tables, setup.home["limit_w"])
    keeper = bus.keepers[device.name]
    keeper.command(Command(device.name, quantity, value, clock.now() + seconds + max(1, round(GRACE_S * clock.rate))))
    jobs = [asyncio.ensure_future(job) for job in (*bus.jobs(setup.poll_s), _tell(keeper, quantity))]
    stopped = await interrupted(seconds / clock.rate)
    held = quantity in keeper.holds and keeper.holds[quantity].kept
    await end(*jobs)
    await bus.stop([], RELEASE_S)
    outcome = keeper.outcomes[quantity].outcome if quantity in keeper.outcomes else ""
    _say(("stopped; " if stopped else "") + _ended(keeper, quantity, held))
    if not outcome and held:
        _say("it was let go before its effect could be seen: give it 60 s")
    return 0 if outcome == CONFIRMED else 1


async def _tell(keeper: Keeper, quantity: str) -> None:
    """Print each step as it happens."""
    said = ""
    while True:
        hold, trial = keeper.holds.get(quantity), keeper.outcomes.get(quantity)
        text = ""
        if hold and hold.trial and not hold.trial.outcome:
            text = f"told {quantity} {hold.trial.told}; {hold.trial.why}"
        elif trial and trial.outcome:
            text = f"{trial.outcome}: {trial.why}"
            text += "; it stays held all the same" if trial.outcome == NO_EFFECT else ""
        if text and text != said:
            _say(text)
            said = text
        await asyncio.sleep(BEAT_S)


def _ended(keeper: Keeper, quantity: str, held: bool) -> str:
    if quantity in keeper.holds and keeper.holds[quantity].kept:
        return f"NOT let go: {keeper.unit.setup.name} does not answer; the next start of the gateway, or of this command, will"
    return "let go, as it was found" if held else f"{keeper.unit.setup.name} was not written to"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
