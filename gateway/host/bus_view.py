"""What the links and devices of a home are doing, as text; a running gateway tells it on a socket in its state folder."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

from gateway.host.bus import Bus
from gateway.host.keeper import Keeper
from gateway.host.wire import Wire

log = logging.getLogger("elecbay.bus")
SOCKET = "bus.sock"


def described(bus: Bus) -> "list[str]":
    """Each link with its devices below it, then the push meters. Call it within the loop."""
    lines = []
    for wire in bus.wires.values():
        lines.append(_link(wire))
        for keeper in bus.keepers.values():
            if keeper.unit.wire is wire:
                lines += _unit(keeper)
    return lines + [f"{meter.setup.place}\n  {meter.setup.name}: speaks by itself" for meter in bus.meters]


def _link(wire: Wire) -> str:
    tally, ear = wire.tally, wire.ear
    errors = {"silent": tally.silent, "garbled": tally.garbled, "refused": tally.denied, "late": ear.late, "foreign": ear.foreign}
    said = ", ".join(f"{count} {kind}" for kind, count in errors.items() if count) or "none"
    percent = tally.percent(asyncio.get_running_loop().time())
    opened = f"opened {tally.connects} times" if tally.connects != 1 else "opened once"
    return f"{wire.place}: {percent:.1f} % of its time in use, {tally.requests} requests, {opened}; errors: {said}"


def _unit(keeper: Keeper) -> "Iterator[str]":
    """State, ages of its values, and what it is held to."""
    unit, now = keeper.unit, keeper.unit.clock.now()
    failures = unit.back.failures
    state = "never heard" if not unit.latest else "answers"
    if failures:
        state = f"silent for {failures} tries, the next in {unit.back.left_s:.0f} s"
    yield f"  {unit.setup.name} (unit {unit.setup.unit}, {unit.profile.name}): {state}"
    ages: dict[int, list[str]] = {}
    for quantity, (value, at) in sorted(unit.latest.items()):
        ages.setdefault(now - at, []).append(f"{quantity} {value}")
    for age, values in sorted(ages.items()):
        old = ", too old to count" if age > unit.setup.stale_s else ""
        yield f"    {age} s old{old}: {', '.join(values)}"
    if unit.known.holes():
        yield f"    not asked for: {', '.join(f'{first} to {after - 1}' for _, first, after in unit.known.holes() if after > first)}"
    for quantity, hold in keeper.holds.items():
        trial = keeper.outcomes.get(quantity)
        what = "being released" if hold.value is None else f"held to {hold.value} for {max(0, hold.until - now)} s more"
        yield f"    {quantity}: {what}, {f'{trial.outcome} ({trial.why})' if trial else 'not proved yet'}"


async def serve(path: Path, bus: Bus) -> None:
    """Tell it to whoever connects, for ever. A folder that bears no socket is said once."""
    path.unlink(missing_ok=True)
    try:
        server = await asyncio.start_unix_server(lambda reader, writer: _tell(writer, bus), path)
    except (OSError, ValueError) as error:
        log.warning("`elecbay bus` cannot ask this gateway: %s (%s)", path, error)
        await asyncio.Event().wait()
        return
    try:
        await server.serve_forever()
    finally:
        path.unlink(missing_ok=True)


async def _tell(writer: asyncio.StreamWriter, bus: Bus) -> None:
    writer.write(("\n".join(described(bus)) + "\n").encode())
    writer.close()


async def told(path: Path) -> "str | None":
    """What a running gateway says; None when none runs."""
    try:
        reader, writer = await asyncio.open_unix_connection(path)
    except (OSError, ValueError):
        return None
    try:
        return (await reader.read()).decode()
    finally:
        writer.close()
