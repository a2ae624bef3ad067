"""What a family draws without asking its gateway: a function of seed and time alone, so that two runs of an evening can be compared."""

from random import Random

from sim_devices.weather import BEAT_S, DAY, LOCAL_S, Noise

# what for, earliest start (local hour), latest, minutes from, to, watts from, to, times a day
HABITS = (
    ("tea", 16.5, 18.9, 2, 4, 700, 1000, 1),
    ("late tea", 19.0, 22.0, 2, 4, 700, 1000, 1),
    ("oven", 17.8, 19.2, 30, 50, 400, 650, 1),
    ("dishwasher", 19.5, 21.0, 15, 25, 500, 750, 1),
    ("breakfast", 6.3, 7.5, 10, 20, 600, 900, 1),
    ("washing", 9.0, 13.0, 20, 30, 700, 1100, 1),
)


class Household:
    """base_w: what is always on; scale: how large the family's habits are."""

    def __init__(self, seed: str, base_w: int = 220, scale: float = 1.0) -> None:
        self.seed, self.base_w, self.scale = seed, base_w, scale
        self._slow = Noise(f"{seed}:slow", 2700)
        self._quick = Noise(f"{seed}:quick", 240)
        self._days: dict[int, list[tuple[int, int, float]]] = {}
        self._beat, self._power_w = -1, 0.0

    def events(self, day: int) -> list[tuple[int, int, float]]:
        """(start UTC s, end UTC s, W) of the appliances used on local day number `day`."""
        if day not in self._days:
            random = Random(f"{self.seed}:{day}")
            self._days[day] = [self._event(random, day, habit[1:7]) for habit in HABITS for _ in range(habit[7])]
        return self._days[day]

    def _event(self, random: Random, day: int, habit: tuple[float, ...]) -> tuple[int, int, float]:
        start = int(day * DAY - LOCAL_S + random.uniform(habit[0], habit[1]) * 3600)
        return start, start + int(random.uniform(habit[2], habit[3]) * 60), random.uniform(habit[4], habit[5]) * self.scale

    def power_w(self, now: int) -> float:
        """The draw at UTC s `now`, W."""
        beat = now - now % BEAT_S
        if beat != self._beat:
            self._beat, self._power_w = beat, self._draw_w(beat)
        return self._power_w

    def _draw_w(self, now: int) -> float:
        local = now + LOCAL_S
        hour = local % DAY / 3600
        awake = max(_hump(hour, 17.0, 19.0, 21.5, 23.5), 0.5 * _hump(hour, 6.0, 7.0, 9.0, 11.0))
        lit = awake * self.scale * (180 + 160 * self._slow.at(now))
        used = sum(watts for start, end, watts in self.events(local // DAY) if start <= now < end)
        return self.base_w * (0.85 + 0.2 * self._slow.at(now) + 0.1 * self._quick.at(now)) + lit + used


def _hump(x: float, a: float, b: float, c: float, d: float) -> float:
    """0 before a, rising to 1 at b, 1 until c, falling to 0 at d."""
    return min(max(min((x - a) / (b - a), (d - x) / (d - c)), 0.0), 1.0)
