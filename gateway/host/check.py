"""`elecbay check HOME.toml`: is the file sound, and is every device of it there, what it should be, plausible and ready to be told?

The file is said first, then each device is touched: read a few times and judged as the running home judges it. Nothing is written to
any device. --file-only opens nothing; --sign DEVICE guides its owner through the test of its sign (`gateway/host/guided.py`).
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from drivers import profile as profiles
from drivers.nouns import Silent
from gateway.host import home_toml
from gateway.host.config import near
from gateway.host.guided import guide
from gateway.host.home_devices import PUSH, DeviceSetup
from gateway.host.home_toml import HomeSetup
from gateway.host.journal import Unusable
from gateway.host.store import Store
from gateway.host.unit import Unit
from gateway.host.visit import Visit
from gateway.plausible import Jury

LOOKS, BETWEEN_S = 4, 1.0


def main(argv: "list[str]") -> int:
    """0: all well; 1: a device is not; 2: the file is not sound (BadConfig, with every error) or the options are wrong."""
    parser = argparse.ArgumentParser("elecbay check", description="Is a config sound, and every device there and plausible?")
    parser.add_argument("home", metavar="HOME.toml")
    parser.add_argument("--file-only", action="store_true", help="touch no device")
    parser.add_argument("--minutes", type=int, default=0, help="go on judging: power over time against counters needs a while")
    parser.add_argument("--sign", metavar="DEVICE", help="the guided test: something is switched on, and which way does its power go?")
    given = parser.parse_args(argv)
    setup = home_toml.load(given.home)
    if given.sign is not None:
        names = [device.name for device in setup.devices]
        if given.sign in names:
            return guide(setup, given.sign)
        sys.stderr.write(f"elecbay check: {given.sign}: no device of {given.home} has this name: {near(given.sign, names)}\n")
        return 2
    sys.stdout.write("\n".join(described(setup)) + "\n")
    sys.stdout.flush()
    return 0 if given.file_only else asyncio.run(touched(setup, given.minutes))


# -- the file


def described(setup: HomeSetup) -> "list[str]":
    """A sentence for the home and for each device."""
    home, broker = setup.home, setup.broker
    way = "TLS, both ends proved" if broker.ca else "loopback, not encrypted"
    head = f"{home['name']}: market {home['market']} at {broker.host} port {broker.port} ({way}), at most {home['limit_w']} W."
    return [head, f"It signs as {setup.signer.kid}.", *[_device(device, home["meter"]) for device in setup.devices]]


def _device(device: DeviceSetup, meter: str) -> str:
    profile = device.profile
    unit = f" unit {device.unit}" if profile.protocol not in PUSH else ""
    role = "the meter at the street" if device.name == meter else f"policy {device.policy}" if device.policy else "read only"
    return f"{device.name}: {profile.title or profile.name} ({profile.kind}) on {device.place}{unit}, {role}. Safe: {profile.safe}"


# -- the devices


async def touched(setup: HomeSetup, minutes: int) -> int:
    """Look at every device several times; a line for each. 1 when one is not reached, not what it should be, or not plausible."""
    jury = Jury(setup.home["devices"], setup.home["limit_w"])
    _recall(jury, setup)
    async with Visit(setup) as visit:
        looks = max(LOOKS, minutes * 60)
        for i in range(looks):
            await visit.look(again=i == 0)
            for seen in visit.seen.values():
                jury.believes(seen.readings)
            if i + 1 < looks:
                await asyncio.sleep(BETWEEN_S)
        verdicts = [_verdict(visit, device, jury.wrong().get(device.name, "")) for device in setup.devices]
    sys.stdout.write("\n".join(line for line, _ in verdicts) + "\n")
    return 0 if all(well for _, well in verdicts) else 1


def _recall(jury: Jury, setup: HomeSetup) -> None:
    """What the home knows of its devices, when no running home holds it."""
    try:
        store = Store(setup.state)
    except Unusable as error:
        sys.stderr.write(f"what the home remembers of its devices is left aside: {error}\n")
        return
    jury.recall(store.tables())
    store.close()


def _verdict(visit: Visit, device: DeviceSetup, wrong: str) -> "tuple[str, bool]":
    """(the line of a device, whether all is well with it)."""
    seen, unit = visit.seen[device.name], visit.units.get(device.name)
    if seen.why:
        return f"{device.name}: {'reached; ANOTHER PRODUCT' if seen.answers else 'NOT REACHED'}: {seen.why}", False
    known, is_it = _identified(device, unit)
    fits = f"NOT PLAUSIBLE: {wrong}: is it the right profile, unit and wiring?" if wrong else "plausible"
    return f"{device.name}: reached; {known}; {fits}; {_writable(unit)}", is_it and not wrong


def _identified(device: DeviceSetup, unit: "Unit | None") -> "tuple[str, bool]":
    if unit is None:
        return f"identified (it speaks {device.profile.protocol})", True
    said = profiles.identify(unit.profile, unit.base, unit.image)
    if said is False:
        remedy = f"`elecbay scan {_target(device)}` says which profiles fit"
        return f"ANOTHER PRODUCT: its fingerprint is not that of {device.profile.name}: {remedy}", False
    if said is None:
        return "identified by nothing (this product has no fingerprint, or does not tell it)", True
    models = ", ".join(str(model) for model in sorted(unit.base) if model > 0)
    return f"identified ({'SunSpec models ' + models if models else 'fingerprint'})", True


def _target(device: DeviceSetup) -> str:
    place = device.place
    return f"{place.serial or f'{place.host}:{place.port}'} --units {device.unit}"


def _writable(unit: "Unit | None") -> str:
    """What the device could be told now; what it would be told is only computed."""
    controls: Sequence[str] = sorted(unit.profile.controls) if unit else ()
    if unit is None or not controls:
        return "read only"
    can, cannot = [], []
    for quantity in controls:
        try:
            timeout_s = profiles.refresh_s(unit.profile, quantity, unit.base, unit.image) or 0
            profiles.writes(unit.profile, unit.base, unit.image, quantity, 0, timeout_s)
        except Silent as error:
            cannot.append(f"NOT WRITABLE: {quantity}: {error}")
        else:
            can.append(quantity)
    return "; ".join((["writable: " + ", ".join(can)] if can else []) + cannot)
