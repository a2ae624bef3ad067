"""One look at every device of a home, without a market: what `run --once` prints, for whoever wires up a house."""

import asyncio
import sys
from typing import cast

from drivers.nouns import Reading
from gateway.host.bus import Bus
from gateway.host.clock import clock_from
from gateway.host.home_toml import HomeSetup
from gateway.host.link import end

PATIENCE_S = 15  # longer than the pause of the slowest push meter, seconds of the wall's clock


async def once(setup: HomeSetup) -> int:
    """Print a line a reading; 1 when a device kept silent. Nothing is written to any device. BrokenPipeError when nobody reads on."""
    silent = {device.name for device in setup.devices}
    spoken = asyncio.Event()
    gone: list[BrokenPipeError] = []

    def heard(readings: "list[Reading]", raw: bytes) -> None:
        try:
            for r in readings if readings[0].device in silent else ():
                sys.stdout.write(f"{r.device}\t{r.quantity}\t{r.value}\n")
            sys.stdout.flush()
        except BrokenPipeError as error:  # the device did speak: this must not look like its silence
            gone.append(error)
            spoken.set()
        silent.discard(readings[0].device)
        if not silent:
            spoken.set()

    bus = Bus(setup.devices, clock_from(setup.simulation), heard, lambda saves: None, {})
    units = [keeper.unit.run(setup.poll_s) for keeper in bus.keepers.values()]
    jobs = [asyncio.ensure_future(job) for job in units + [meter.run() for meter in bus.meters]]
    await asyncio.wait([*jobs, waiting := asyncio.ensure_future(spoken.wait())], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
    await end(*jobs, cast("asyncio.Future[None]", waiting))
    for wire in bus.wires.values():
        wire.close()
    if gone:
        raise gone[0]
    for name in sorted(silent):
        sys.stderr.write(f"{name}: nothing was heard in {PATIENCE_S} s\n")
    return 1 if silent else 0
