"""All the devices of a home, each on its wire: a slow or dead one delays nobody but itself."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from drivers import readplan
from drivers.nouns import Command
from gateway.acts import Save
from gateway.host.clock import Clock
from gateway.host.home_devices import PUSH, DeviceSetup
from gateway.host.keeper import WRITES, Commit, Keeper, unfinished
from gateway.host.push import PushMeter
from gateway.host.unit import Heard, Learned, Unit
from gateway.host.wire import TIMEOUT_S, Wire

DENIALS = "denials"  # the store's table of what must not be read
log = logging.getLogger("elecbay.bus")


class Bus:
    """heard(readings, raw): called for each look and each telegram. commit: makes Saves survive. tables: what the store kept; limit_w:
    what the house's connection allows."""

    def __init__(
        self,
        devices: "tuple[DeviceSetup, ...]",
        clock: Clock,
        heard: Heard,
        commit: Commit,
        tables: "dict[str, Any]",
        limit_w: "int | None" = None,
    ) -> None:
        polled = [d for d in devices if d.profile.protocol not in PUSH]
        self.wires = _wires(polled, clock.rate)
        left = list(unfinished(tables))
        self.keepers: dict[str, Keeper] = {}
        for device in polled:
            unit = Unit(device, self.wires[device.place.link], clock, heard, *_known(device, tables, commit))
            self.keepers[device.name] = Keeper(unit, commit, tables, limit_w)
        self.meters = [PushMeter(d, clock, heard) for d in devices if d.profile.protocol in PUSH]
        _forget_strangers(left, self.keepers, commit)

    def jobs(self, poll_s: int) -> "list[Coroutine[Any, Any, None]]":
        """All that must run, for ever, side by side."""
        keepers = list(self.keepers.values())
        return [k.unit.run(poll_s) for k in keepers] + [k.run() for k in keepers] + [m.run() for m in self.meters]

    def command(self, command: Command) -> None:
        """Hold a device to a command; one that no device can follow is said and dropped."""
        try:
            self.keepers[command.device].command(command)
        except KeyError:
            log.warning("%s cannot be told its %s: the command was dropped", command.device, command.quantity)

    async def stop(self, commands: "list[Command]", timeout_s: float) -> None:
        """Leave every device safe: what the policies want left behind, then the release. Call it after the jobs were cancelled."""
        told = [k.stop([c for c in commands if c.device == name]) for name, k in self.keepers.items()]
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.gather(*told)
        except TimeoutError:
            held = [name for name, keeper in self.keepers.items() if keeper.holds]
            log.warning("not released in time, the next start will: %s", ", ".join(held))
        for wire in self.wires.values():
            wire.close()


def _wires(devices: "list[DeviceSetup]", rate: float) -> "dict[tuple[str, int], Wire]":
    """One wire a link, at the pace of the slowest device on it. The pauses that a device needs pass in its own time, time-outs do not."""
    wires = {}
    for link in {d.place.link for d in devices}:
        sharing = [d for d in devices if d.place.link == link]

        def most(field: str, usual: float = 0.0, sharing: "list[DeviceSetup]" = sharing) -> float:
            return max(d.profile.bus.get(field, usual * 1000) for d in sharing) / 1000

        turnaround_ms = round(most("turnaround_ms", readplan.TURNAROUND_MS / 1000) * 1000)
        pauses = (most("pause_ms") / rate, most("connect_ms") / rate)
        wires[link] = Wire(sharing[0].place, most("timeout_ms", TIMEOUT_S), *pauses, turnaround_ms)
    return wires


def _known(device: DeviceSetup, tables: "dict[str, Any]", commit: Commit) -> "tuple[readplan.Known, Learned]":
    """What the device's denials have taught, under its profile's name: another product is another matter."""
    key = f"{device.name} {device.profile.name}"

    def learned(known: readplan.Known) -> None:
        commit([Save(DENIALS, key, dict(known.doc()))])

    return readplan.Known(tables.get(DENIALS, {}).get(key)), learned


def _forget_strangers(left: "list[tuple[str, str]]", keepers: "dict[str, Keeper]", commit: Commit) -> None:
    """What was written to a device that the config no longer has cannot be released by us: say so, once."""
    gone = [(name, quantity) for name, quantity in left if name not in keepers or quantity not in keepers[name].holds]
    for name, quantity in gone:
        log.warning("%s was left with its %s written, and is no longer in the config: set it back by hand", name, quantity)
    if gone:
        commit([Save(WRITES, f"{name} {quantity}", None) for name, quantity in gone])
