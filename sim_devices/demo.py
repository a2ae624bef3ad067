"""`elecbay demo`: a street of simulated homes trades an evening through real processes, broker and wires, and is called to account."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from sim_devices.broker import KINDS, choose
from sim_devices.children import Died
from sim_devices.evening import Evening, Options
from sim_devices.report import Check, checks, tables
from sim_devices.view import local

FAILED, WRONG, INTERRUPTED = 1, 2, 130


def parse(argv: list[str]) -> argparse.Namespace:
    """The options; a wrong one ends with one line and code 2."""
    parser = argparse.ArgumentParser("elecbay demo", description="A street of simulated homes trades a summer evening.")
    parser.add_argument("--homes", type=_within(1, 40), default=3, help="how many homes (3)")
    parser.add_argument("--rate", type=_within(1, 2000), default=240, help="market seconds in a second (240)")
    parser.add_argument("--seed", type=int, default=1, help="weather, families and cars: the same seed, the same evening (1)")
    parser.add_argument("--slots", type=_within(1, 2000), default=62, help="how many slots of 5 minutes, from 16:30 on (62)")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write every message that crosses the broker, a JSON line each")
    parser.add_argument("--broker", choices=KINDS, help="mosquitto where it is installed, else amqtt")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new or empty folder for configs, states and logs, which stay there")
    return parser.parse_args(argv)


def _within(low: int, high: int) -> "type[int]":
    def number(text: str) -> int:
        if not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text}: from {low} to {high}")
        return int(text)

    number.__name__ = "int"
    return number  # type: ignore[return-value]


def main(argv: list[str]) -> int:
    """Run it. 0: sums and verification hold; 1: one does not, or a part of the street failed; 2: wrong options; 130: interrupted."""
    given = parse(argv)
    console = Console()
    try:
        options = Options(given.homes, given.rate, given.seed, given.slots, given.record, choose(given.broker))
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            if any(given.keep.iterdir()):
                raise ValueError(f"--keep {given.keep}: the folder is not empty")
        if given.record:
            given.record.open("w").close()
    except (ValueError, OSError) as error:
        sys.stderr.write(f"elecbay demo: {error}\n")
        return WRONG
    if given.keep:
        return _run(options, given.keep.resolve(), console)
    with tempfile.TemporaryDirectory(prefix="elecbay-demo-", ignore_cleanup_errors=True) as folder:
        return _run(options, Path(folder), console)


def _run(options: Options, folder: Path, console: Console) -> int:
    began = time.monotonic()
    try:
        return asyncio.run(_interruptible(options, folder, console, began))
    except asyncio.CancelledError:
        sys.stderr.write("interrupted: the street is cleared away\n")
        return INTERRUPTED
    except Died as error:
        sys.stderr.write(f"elecbay demo: {error}\n")
        return FAILED


async def _interruptible(options: Options, folder: Path, console: Console, began: float) -> int:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await play(options, folder, console, began)


async def play(options: Options, folder: Path, console: Console, began: float) -> int:
    """The evening and its account."""
    evening = Evening(options, folder, console)
    slots = evening.slots
    console.print(
        f"{options.homes} homes, {local(slots.start)} to {local(slots.stop)}, {options.slots} slots of {slots.step // 60} minutes, "
        f"{options.rate} x, seed {options.seed}, {options.broker}",
        highlight=False,
    )
    try:
        await evening.run()
    finally:
        await evening.clear_away()
    rows = evening.rows()
    traded = [evening.watch.at(slot).wh > 0 for slot in slots]
    verdict = checks(rows, evening.watch.unbalanced(), options.slots, traded)
    for table in tables(rows):
        console.print(table)
    tell(verdict, console)
    if options.record:
        console.print(f"{evening.recorded} messages are in {options.record}", highlight=False)
    console.print(f"{time.monotonic() - began:.0f} s", highlight=False)
    if all(check.holds for check in verdict if check.binding):
        return 0
    for child in evening.children:
        sys.stderr.write(f"the end of {child.log.name} of {child.name}:\n{child.tail(6)}\n")
    return FAILED


def tell(verdict: list[Check], console: Console) -> None:
    """Each check, a line."""
    for check in verdict:
        mark, style = ("yes", "green") if check.holds else ("NO ", "bold red") if check.binding else ("no ", "yellow")
        console.print(f"  {mark}  {check.text}" + (f" ({check.why})" if check.why else ""), style=style, highlight=False, soft_wrap=True)
