"""Sun and cloud are functions of seed and time alone: however the steps fall, and whoever asks, the same second has the same weather."""

import math
from random import Random

LATITUDE, LONGITUDE = 50.0, 11.0  # degrees north, east
LOCAL_S = 7200  # the street lives in central European summer time
DAY = 86400
BEAT_S = 5  # sun, cloud and household stand still between two beats


class Noise:
    """A smooth curve of time between 0 and 1: a random value every `period_s`, eased in between. The mean is one half."""

    def __init__(self, seed: str, period_s: int) -> None:
        self.seed, self.period_s = seed, period_s
        self._known: dict[int, float] = {}

    def _value(self, k: int) -> float:
        if k not in self._known:
            self._known[k] = Random(f"{self.seed}:{k}").random()
        return self._known[k]

    def at(self, now: int) -> float:
        """The value at UTC s `now`."""
        k, rest = divmod(now, self.period_s)
        x = rest / self.period_s
        ease = x * x * (3 - 2 * x)
        return self._value(k) * (1 - ease) + self._value(k + 1) * ease


def sun(now: int) -> tuple[float, float]:
    """(elevation, azimuth) in radians, azimuth from south, west positive; within a degree.

    Declination after Cooper, equation of time after Spencer.
    """
    day = now // DAY % 365.25  # 1970 began on a 1 January: close enough
    declination = math.radians(23.45) * math.sin(2 * math.pi * (day + 285) / 365.25)
    hour = math.radians((now % DAY) / 240 + LONGITUDE + equation_of_time_min(day) / 4 - 180)
    latitude = math.radians(LATITUDE)
    up = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(hour)
    azimuth = math.atan2(math.sin(hour), math.cos(hour) * math.sin(latitude) - math.tan(declination) * math.cos(latitude))
    return math.asin(up), azimuth


def equation_of_time_min(day: float) -> float:
    """Minutes by which a sundial is ahead of a clock, `day` days after the year began."""
    b = 2 * math.pi * day / 365.25
    first = 0.001868 * math.cos(b) - 0.032077 * math.sin(b)
    second = -0.014615 * math.cos(2 * b) - 0.040849 * math.sin(2 * b)
    return 229.18 * (0.000075 + first + second)


def clear_sky(now: int, tilt: float, azimuth: float) -> float:
    """Irradiance on a plane in units of 1000 W/m2 under a clear sky. tilt, azimuth in degrees, azimuth from south, west positive.

    Beam after Meinel (1361 x 0.7^(AM^0.678)), air mass after Kasten and Young; diffuse taken as a tenth of the beam.
    """
    elevation, bearing = sun(now)
    if elevation <= 0:
        return 0.0
    degrees = math.degrees(elevation)
    mass = 1 / (math.sin(elevation) + 0.50572 * math.pow(degrees + 6.07995, -1.6364))
    beam = 1.361 * math.pow(0.7, math.pow(mass, 0.678))
    slope, face = math.radians(tilt), math.radians(azimuth)
    facing = math.sin(elevation) * math.cos(slope) + math.cos(elevation) * math.sin(slope) * math.cos(bearing - face)
    return beam * (max(facing, 0.0) + 0.1 * (1 + math.cos(slope)) / 2)


class Sky:
    """The street's weather: broken cloud that drifts over in tens of minutes."""

    def __init__(self, seed: int) -> None:
        self._drift = Noise(f"{seed}:drift", 2400)
        self._puff = Noise(f"{seed}:puff", 900)

    def clear(self, now: int) -> float:
        """The share of the sun that comes through, 0.35 to 1."""
        cover = 0.7 * self._drift.at(now) + 0.3 * self._puff.at(now)
        return 1.0 - 0.65 * min(max((cover - 0.5) / 0.4, 0.0), 1.0)

    def irradiance(self, now: int, tilt: float, azimuth: float) -> float:
        """On a plane, in units of 1000 W/m2; see `clear_sky`."""
        return clear_sky(now, tilt, azimuth) * self.clear(now)
