"""The guided test: the owner switches something on, and power must go the right way; what came of it is kept and counts from then on.

A clamp that sits the wrong way round, or a sign that a profile has wrong, shows in no counter when power and counters turn together.
"""

import asyncio
import sys
from dataclasses import dataclass

from gateway.acts import Save
from gateway.host.clock import clock_from
from gateway.host.home_toml import HomeSetup
from gateway.host.journal import Unusable
from gateway.host.store import Store
from gateway.host.visit import Visit
from gateway.plausible import TESTS

LOOKS, BETWEEN_S, PATIENCE_S = 3, 1.0, 40.0
SEEN_W, SUN_W = 400, 200
CONTRADICTS = 3  # times: less is the house's own coming and going


@dataclass(frozen=True)
class Task:
    """What the owner is asked: before, and for the change. against: the meter must show the same change."""

    before: str
    change: str
    against: bool = True


TASKS = {
    "meter": Task("Leave the house as it is.", "Switch on something large (a kettle, an oven: 1 kW or more)", False),
    "ev": Task("Let no car charge.", "Let the car charge"),
    "heater": Task("Let it not heat.", "Let it heat (its own switch or app)"),
    "battery": Task("Let the battery rest.", "Let it charge (its own app)"),
}
REMEDY = "turn its clamp round, or its sign in the profile"
SUN = "The sun must be on the roof, and the inverter show that it produces"


def guide(setup: HomeSetup, name: str) -> int:
    """0: its power goes the right way; 1: it does not, or nothing was seen; what was seen is kept either way."""
    kind = next(device.profile.kind for device in setup.devices if device.name == name)
    try:
        wrong = _sun(setup, name) if kind == "pv" else _load(setup, name, TASKS[kind])
    except Unseen as error:
        sys.stdout.write(f"{name}: nothing was found out: {error}\n")
        return 1
    at = _keep(setup, name, wrong)
    sys.stdout.write(f"{name}: NOT PLAUSIBLE: {wrong}\n" if wrong else f"{name}: its power goes the right way.\n")
    sys.stdout.write(at)
    return 1 if wrong else 0


class Unseen(Exception):
    """The test showed nothing; the message says why and what to do."""


def _sun(setup: HomeSetup, name: str) -> str:
    _ask(SUN)
    power = asyncio.run(_powers(setup, (name,)))[name]
    sys.stdout.write(f"{name} says {power} W.\n")
    if abs(power) < SUN_W:
        raise Unseen(f"{power} W is too little to tell: try again when the sun shines")
    return "" if power < 0 else f"the guided test saw power_w at {power} W while the sun shone, and production is negative: {REMEDY}"


def _load(setup: HomeSetup, name: str, task: Task) -> str:
    meter = str(setup.home["meter"])
    asked = (name, meter) if task.against and any(d.name == meter for d in setup.devices) else (name,)
    _ask(task.before)
    before = asyncio.run(_powers(setup, asked))
    sys.stdout.write(f"{name} says {before[name]} W.\n")
    _ask(task.change)
    after = asyncio.run(_changed(setup, asked, before, name))
    change = after[name] - before[name]
    sys.stdout.write(f"{name} says {after[name]} W: {change:+d} W.\n")
    if abs(change) < SEEN_W:
        raise Unseen(f"its power changed by {change} W only: was it something of 1 kW or more, and behind this device?")
    if change < 0:
        return f"the guided test saw power_w fall by {-change} W when it had to rise: {REMEDY}"
    return _contradicted(change, after[meter] - before[meter]) if meter in asked and meter != name else ""


def _contradicted(change: int, at_the_meter: int) -> str:
    """The meter at the street must see about the same."""
    sys.stdout.write(f"The meter saw {at_the_meter:+d} W.\n")
    if at_the_meter < -SEEN_W:
        return f"the guided test saw power_w rise by {change} W and the meter fall: one of the two has its sign wrong"
    least, most = sorted((change, max(at_the_meter, 1)))
    fits = most <= CONTRADICTS * least
    return "" if fits else f"the guided test saw power_w rise by {change} W and the meter by {at_the_meter} W: its scale is wrong"


def _ask(what: str) -> None:
    """Wait for Enter; Unseen when nobody is there to press it."""
    sys.stdout.write(f"{what}, then press Enter. " if not what.endswith(".") else f"{what} Then press Enter. ")
    sys.stdout.flush()
    if not sys.stdin.readline():
        raise Unseen("nobody pressed Enter: call it from a terminal")


async def _powers(setup: HomeSetup, names: "tuple[str, ...]") -> "dict[str, int]":
    """The middle of a few looks at each. Unseen when one does not say its power."""
    async with Visit(setup, names) as visit:
        looks = [await _power(visit, names, i) for i in range(LOOKS)]
    return {name: sorted(look[name] for look in looks)[LOOKS // 2] for name in names}


async def _power(visit: Visit, names: "tuple[str, ...]", before: int) -> "dict[str, int]":
    if before:
        await asyncio.sleep(BETWEEN_S)
    await visit.look()
    for name in names:
        if "power_w" not in visit.seen[name].values:
            raise Unseen(f"{name}: {visit.seen[name].why or 'it says no power_w'}")
    return {name: visit.seen[name].values["power_w"] for name in names}


async def _changed(setup: HomeSetup, names: "tuple[str, ...]", before: "dict[str, int]", name: str) -> "dict[str, int]":
    """Look until the power has changed and stands, or for as long as slow devices take."""
    loop = asyncio.get_running_loop()
    ends, last = loop.time() + PATIENCE_S, before
    async with Visit(setup, names) as visit:
        for i in range(1_000_000):
            now = await _power(visit, names, i)
            moved = abs(now[name] - before[name]) >= SEEN_W
            if loop.time() > ends or (moved and abs(now[name] - last[name]) < abs(now[name] - before[name]) // 10):
                return now
            last = now
    return last


def _keep(setup: HomeSetup, name: str, wrong: str) -> str:
    """Keep the result in the state folder, where the running home and `check` find it."""
    try:
        store = Store(setup.state)
    except Unusable as error:
        return f"The result could not be kept: {error}\n"
    store.commit([Save(TESTS, name, {"wrong": wrong, "at": clock_from(setup.simulation).now()})])
    store.close()
    return ""
