"""Who goes first and who waits how long: a lock by urgency, and pauses that double. Seconds of the loop's clock."""

import asyncio
import heapq
import itertools
import random

PATIENCE_S = 2.0


class Backoff:
    """Pauses that double from `first_s` to `most_s`; the first `free` failures cost none. jitter: part by which a pause may be longer,
    so that those who failed together do not come back together."""

    def __init__(self, first_s: float, most_s: float, free: int = 0, jitter: float = 0.0) -> None:
        self.first_s, self.most_s, self.free, self.jitter = first_s, most_s, free, jitter
        self.failures = 0
        self.until = 0.0

    def failed(self) -> None:
        """Wait longer now."""
        self.failures += 1
        pause = min(self.first_s * 2 ** min(30, max(0, self.failures - 1 - self.free)), self.most_s)
        pause *= 1 + self.jitter * random.random()  # noqa: S311 (not a secret)
        self.until = asyncio.get_running_loop().time() + (pause if self.failures > self.free else 0)

    def worked(self) -> None:
        """All is well."""
        self.failures, self.until = 0, 0.0

    @property
    def left_s(self) -> float:
        """Seconds until the next try is due, 0 when it is."""
        return max(0.0, self.until - asyncio.get_running_loop().time())


class Turn:
    """A lock that goes to the most urgent who waits, first come first served among equals. Who has waited PATIENCE_S goes before the
    next more urgent who come only now: on a line that is asked for more than it can carry, all get less and none nothing."""

    def __init__(self) -> None:
        self._held = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    async def take(self, urgency: int) -> None:
        """Wait for the turn; lower `urgency` goes first."""
        if not self._held:
            self._held = True
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._waiting, (loop.time() + urgency * PATIENCE_S, next(self._count), future))
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Hand the turn on."""
        while self._waiting:
            future = heapq.heappop(self._waiting)[2]
            if not future.done():
                future.set_result(None)
                return
        self._held = False
