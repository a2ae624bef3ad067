"""A simulated home on real wires and the home.toml that its owner would have written, for the tests of read, check and the guided test."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from drivers import profile as profiles
from gateway.host import home_toml, keys
from gateway.host.clock import FastClock
from gateway.host.home_toml import HomeSetup
from market.envelope import b64url
from sim_devices import street
from sim_devices.site import Site
from sim_devices.weather import Sky

START = 1_782_045_000  # 14:30 local: the sun is on the roofs
RATE = 60
STORING, DRIVING, BATHING = range(3)


class Rig:
    """path: its home.toml; site: the house."""

    def __init__(self, path: Path, site: Site) -> None:
        self.path, self.site = path, site

    def mutated(self, device: str, change: "Callable[[dict[str, object]], dict[str, object]]") -> HomeSetup:
        """The setup with another table of one device on the gateway's side; change(row) -> row, for each row to read."""
        told = home_toml.load(self.path)
        devices = tuple(replace(d, profile=other(d.profile.name, change)) if d.name == device else d for d in told.devices)
        return replace(told, devices=devices)


def other(name: str, change: "Callable[[dict[str, object]], dict[str, object]]") -> profiles.Profile:
    """A profile from a changed copy of its real table."""
    table = __import__(f"drivers.profiles.{name}", None, None, ("PROFILE",)).PROFILE
    return profiles.build(name, {**table, "reads": tuple(change(dict(row)) for row in table["reads"])})


def changed(quantities: str, **fields: object) -> "Callable[[dict[str, object]], dict[str, object]]":
    """A change that gives rows of these quantities other fields; None removes one."""

    def change(row: "dict[str, object]") -> "dict[str, object]":
        if row["quantity"] not in quantities.split():
            return row
        return {key: value for key, value in {**row, **fields}.items() if value is not None}

    return change


@asynccontextmanager
async def home(folder: Path, kind: int) -> "AsyncIterator[Rig]":
    """One of the three kinds of home of the street, on its wires."""
    clock = FastClock(START, RATE, time.time())
    plan = street.plans(kind + 1, 1)[kind]
    site = Site(plan, Sky("1"), clock, START)
    keys.create(folder / "state")
    await site.start()
    simulation = street.Simulation(START, RATE, clock.wall)
    path = street.write_home(folder, plan, site.at, "mqtt://127.0.0.1:1", b64url(bytes(32)), simulation)
    living = asyncio.create_task(_live(site))
    try:
        yield Rig(path, site)
    finally:
        living.cancel()
        await site.stop()


async def _live(site: Site) -> None:
    while True:
        site.tick()
        await asyncio.sleep(0.01)
