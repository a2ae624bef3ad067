"""Market time is lent: whoever needs the time or waits for it asks a `Clock`; time-outs of a link stay with asyncio."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress


class Clock:
    """The wall's time, UTC seconds."""

    rate: float = 1.0

    def time(self) -> float:
        """UTC s."""
        return time.time()

    def now(self) -> int:
        """UTC s, rounded down."""
        return int(self.time())

    async def sleep_until(self, at: float) -> None:
        """Wait until market time is `at` (UTC s)."""
        await self.sleep(at - self.time())

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of market time."""
        await asyncio.sleep(max(0.0, seconds) / self.rate)

    async def wait(self, event: asyncio.Event, until: "float | None") -> None:
        """Wait until `event` is set or market time is `until` (UTC s; None: for the event alone)."""
        seconds = None if until is None else max(0.0, until - self.time()) / self.rate
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # not wait_for: before Python 3.12 it can swallow a cancel
                await event.wait()


class FastClock(Clock):
    """Market time that was `start` (UTC s) when the wall's clock showed `wall` (UTC s) and runs `rate` times as fast.

    Processes that are given the same three numbers agree on the time.
    """

    def __init__(self, start: int, rate: float, wall: float | None = None) -> None:
        if rate <= 0:
            raise ValueError(f"rate must be above 0, found {rate}")
        self.start, self.rate = start, rate
        self.wall = time.time() if wall is None else wall

    def time(self) -> float:
        """UTC s of the simulated street."""
        return self.start + (time.time() - self.wall) * self.rate


def clock_from(simulation: "Mapping[str, float] | None") -> Clock:
    """The clock of a config's `[simulation]` section (start, rate, wall), the wall's when there is none."""
    if not simulation:
        return Clock()
    wall = simulation.get("wall")
    return FastClock(int(simulation["start"]), simulation.get("rate", 1), None if wall is None else wall)
