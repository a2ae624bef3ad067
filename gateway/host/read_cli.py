"""`elecbay read HOME.toml [DEVICE] [--watch]`: what the devices say now: each value, its unit, its age, its registers."""

import argparse
import asyncio
import sys

from drivers.nouns import Reading
from drivers.rows import found, spots, value_of
from gateway.host import home_toml
from gateway.host.config import near
from gateway.host.home_toml import HomeSetup
from gateway.host.unit import Unit
from gateway.host.visit import Visit

UNITS = {
    "w": ("W", 1), "wh": ("Wh", 1), "mv": ("V", 1000), "ma": ("A", 1000), "mhz": ("Hz", 1000), "mc": ("deg C", 1000),
    "permille": ("%", 10), "s": ("s", 1),
}  # fmt: skip
WATCH_S = 2.0
CLEAR = "\x1b[H\x1b[2J"
HEAD = ("device", "quantity", "value", "", "age", "registers (function/address: hex)")


def main(argv: "list[str]") -> int:
    """0: all spoke; 1: one did not; 2: wrong options or config."""
    parser = argparse.ArgumentParser("elecbay read", description="What the devices of a home say now.")
    parser.add_argument("home", metavar="HOME.toml")
    parser.add_argument("device", nargs="?", default="", help="only this one")
    parser.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")
    given = parser.parse_args(argv)
    setup = home_toml.load(given.home)
    names = [device.name for device in setup.devices]
    if given.device not in ("", *names):
        sys.stderr.write(f"elecbay read: {given.device}: no device of {given.home} has this name: {near(given.device, names)}\n")
        return 2
    return asyncio.run(read(setup, given.device, given.watch))


async def read(setup: HomeSetup, only: str, watch: bool) -> int:
    """Print a table, once or until cancelled."""
    async with Visit(setup, (only,) if only else None) as visit:
        while True:
            await visit.look()
            sys.stdout.write((CLEAR if watch and sys.stdout.isatty() else "") + "\n".join(table(visit)) + "\n")
            sys.stdout.flush()
            silent = {name: seen.why for name, seen in visit.seen.items() if seen.why}
            for name, why in silent.items():
                sys.stderr.write(f"{name}: {why}\n")
            if not watch:
                return 1 if silent else 0
            await asyncio.sleep(WATCH_S)


def table(visit: Visit) -> "list[str]":
    """Aligned lines, a head first."""
    rows = [HEAD] + [row for name in visit.seen for row in _rows(visit, name)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD) - 1)]
    lines = []
    for row in rows:
        cells = [row[i].rjust(widths[i]) if i in (2, 4) else row[i].ljust(widths[i]) for i in range(len(widths))]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return lines


def _rows(visit: Visit, name: str) -> "list[tuple[str, ...]]":
    now, unit, seen = visit.clock.now(), visit.units.get(name), visit.seen[name]
    raw = f"telegram of {len(seen.raw)} bytes"
    return [(name, r.quantity, *shown(r.quantity, r.value), f"{now - r.at} s", registers(unit, r) if unit else raw) for r in seen.readings]


def shown(quantity: str, value: int) -> "tuple[str, str]":
    """(number, unit) for people: 231450 of voltage_l1_mv is 231.450 V."""
    unit, parts = UNITS.get(quantity.rpartition("_")[2], ("", 1))
    if parts == 1:
        return str(value), unit
    digits = len(str(parts)) - 1
    return f"{'-' if value < 0 else ''}{abs(value) // parts}.{abs(value) % parts:0{digits}d}", unit


def registers(unit: Unit, reading: Reading) -> str:
    """The registers that a reading was made of, as they came: "4/52: 43CE0000"."""
    for row in unit.profile.reads:
        if row.quantity == reading.quantity and value_of(row, unit.base, unit.image) is not None:
            parts = [(at, found(row, row.function, at, unit.image)) for at, _ in spots(row, unit.base)]
            return "  ".join(f"{row.function}/{at}: {''.join(f'{r:04X}' for r in regs)}" for at, regs in parts if regs)
    return ""
