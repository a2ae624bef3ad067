"""Persistence, honest about itself: the near future is the recent past, less what that got wrong lately.

Integers only: the mean is kept in mW with an exponential memory of `memory_s`. Each completed slot moves the bias (an evening sun
falls slot after slot) by a quarter of its error, and the spread by a quarter of what the bias did not explain.
"""


class Persistence:
    """Mean power of one signal and its error per slot. Feed `observe` in order of time; `forecast` looks at most an hour ahead."""

    def __init__(self, slot_seconds: int, memory_s: int = 600) -> None:
        self.slot_seconds = slot_seconds
        self.memory_s = memory_s
        self.mean_mw = 0
        self.bias_w = 0
        self.spread_w = -1  # unknown until the first slot was seen
        self.last_at = 0
        self._slot = 0
        self._joules = 0
        self._seen_s = 0
        self._said: "dict[int, int]" = {}

    def observe(self, at: int, power_w: int) -> None:
        """A sample, valid from the one before it until `at` (UTC s)."""
        if not self.last_at:
            self.mean_mw = power_w * 1000
        elif at > self.last_at:
            dt = min(at - self.last_at, self.memory_s)
            self.mean_mw += (power_w * 1000 - self.mean_mw) * dt // self.memory_s
            self._gather(at, power_w, dt)
        self.last_at = max(at, self.last_at)

    def _gather(self, at: int, power_w: int, dt: int) -> None:
        slot = at - at % self.slot_seconds
        if slot != self._slot:
            self._close()
            self._slot, self._joules, self._seen_s = slot, 0, 0
        self._joules += power_w * dt
        self._seen_s += dt

    def _close(self) -> None:
        said = self._said.pop(self._slot, None)
        self._said = {s: w for s, w in self._said.items() if s > self._slot}
        if said is None or 2 * self._seen_s < self.slot_seconds:
            return
        error = self._joules // self._seen_s - said
        self.bias_w += error // 4
        self.spread_w = abs(error) if self.spread_w < 0 else (3 * self.spread_w + abs(error)) // 4

    def forecast(self, start: int) -> "tuple[int, int]":
        """(mean power W, spread W) of the slot that begins at `start`. Unknown spread counts as a third of the mean."""
        mean = self.mean_mw // 1000
        mean = max(mean + self.bias_w, 0) if mean > 0 else min(mean + self.bias_w, 0)  # a correction does not turn the sign
        self._said[start] = mean
        return mean, abs(mean) // 3 if self.spread_w < 0 else self.spread_w
