"""Roof, battery, car and tank: power W signed as consumption, energy J in steps of one second; nothing here knows Modbus or money.

What an appliance is told lasts as long as with its real sibling: a `Wish` runs out in market time, then the appliance goes its own ways.
"""

import math
from random import Random

from sim_devices.weather import BEAT_S, DAY, LOCAL_S, Sky

VOLT = 230
LAG = 1 - math.exp(-1)  # share of the way to its target that a power electronic goes in a second (time constant 1 s)
JOULE_PER_LITRE_KELVIN = 4186
Values = dict[str, int]


class Wish:
    """A set-point with the device's own time-out; `timeout_s` 0 never runs out."""

    def __init__(self, timeout_s: int = 0) -> None:
        self.timeout_s = timeout_s
        self._value: int | None = None
        self._enabled = False
        self._at = 0

    def told(self, words: list[tuple[str, int]], now: int) -> None:
        """Words of a write, as `drivers.profile.understand` gives them: ("timeout", s), ("enable", 0 or other), (quantity, value)."""
        for word, value in words:
            if word == "timeout":
                self.timeout_s = value
            elif word == "enable":
                self._enabled = bool(value)
            else:
                self._value = value
        self._at = now

    def renew(self, now: int) -> None:
        """Any traffic counts for some devices."""
        self._at = now

    def at(self, now: int) -> int | None:
        """The value in force, None when there is none."""
        fresh = not self.timeout_s or now - self._at <= self.timeout_s
        return self._value if self._enabled and fresh else None


class Appliance:
    """What a `House` steps. energy_j: drawn, given (both rising); power_w: now."""

    def __init__(self) -> None:
        self.wish = Wish()
        self.power_w = 0.0
        self.drawn_j = self.given_j = 0.0

    def step(self, now: int, rest_w: float) -> None:
        """One second, from `now` on. rest_w: what the rest of the house draws."""
        self.power_w = self.act(now, rest_w)
        self.drawn_j += max(self.power_w, 0.0)
        self.given_j += max(-self.power_w, 0.0)

    def act(self, now: int, rest_w: float) -> float:
        """Live one second; returns the power of it."""
        raise NotImplementedError

    def values(self) -> Values:
        """What it can say about itself, in the words of `drivers/quantities.py`."""
        raise NotImplementedError

    def heard(self, now: int) -> None:
        """Somebody talked to it."""

    def stored_wh(self) -> float:
        """Useful energy that could be had back from it, for a fair comparison of two evenings."""
        return 0.0

    def _common(self) -> Values:
        return {
            "power_w": round(self.power_w),
            "energy_import_wh": int(self.drawn_j / 3600),
            "energy_export_wh": int(self.given_j / 3600),
            "voltage_l1_mv": VOLT * 1000,
            "voltage_l2_mv": VOLT * 1000,
            "voltage_l3_mv": VOLT * 1000,
            "frequency_mhz": 50_000,
        }


class Roof(Appliance):
    """PV that follows the sun at once and its power limit within seconds."""

    def __init__(self, sky: Sky, peak_w: int, tilt: float = 35, azimuth: float = 0) -> None:
        super().__init__()
        self.sky, self.peak_w, self.tilt, self.azimuth = sky, peak_w, tilt, azimuth
        self.given_j = 3600.0 * 1000 * peak_w  # a year of sun before the story begins
        self._beat, self._could_w = -1, 0.0

    def could_w(self, now: int) -> float:
        """What the sun would give; wiring, heat and inverter take an eighth."""
        beat = now - now % BEAT_S
        if beat != self._beat:
            sun = self.sky.irradiance(beat, self.tilt, self.azimuth)
            self._beat, self._could_w = beat, min(0.88 * self.peak_w * sun, self.peak_w)
        return self._could_w

    def act(self, now: int, rest_w: float) -> float:
        could = self.could_w(now)
        limit = self.wish.at(now)
        target = could if limit is None else min(could, max(limit, 0))
        given = -self.power_w + (target + self.power_w) * LAG
        return -min(given, could)

    def values(self) -> Values:
        status = 4 if self.power_w < -1 else 2  # SunSpec operating state: MPPT, sleeping
        current = round(-self.power_w / 3 / VOLT * 1000)
        return {
            **self._common(),
            "power_max_w": self.peak_w,
            "status": status,
            "current_l1_ma": current,
            "current_l2_ma": current,
            "current_l3_ma": current,
        }


class Battery(Appliance):
    """AC-coupled, losses both ways, slower at the ends. Left alone it keeps the house's meter at zero."""

    def __init__(self, capacity_wh: int, power_max_w: int, soc: float = 0.5, efficiency: float = 0.95) -> None:
        super().__init__()
        self.capacity_wh, self.power_max_w, self.efficiency = capacity_wh, power_max_w, efficiency
        self.stored_j = capacity_wh * 3600 * soc

    def act(self, now: int, rest_w: float) -> float:
        told = self.wish.at(now)
        target = -rest_w if told is None else float(told)
        moved = self.power_w + (target - self.power_w) * LAG
        power = self._within(moved)
        self.stored_j += power * self.efficiency if power > 0 else power / self.efficiency
        return power

    def _within(self, power: float) -> float:
        """The nameplate, and what is free or stored for one more second."""
        free_j = self.capacity_wh * 3600 - self.stored_j
        most, least = free_j / self.efficiency, -self.stored_j * self.efficiency
        return max(min(power, self.power_max_w, most), -self.power_max_w, least)

    def stored_wh(self) -> float:
        return self.stored_j / 3600 * self.efficiency

    def values(self) -> Values:
        return {
            **self._common(),
            "soc_permille": round(1000 * self.stored_j / 3600 / self.capacity_wh),
            "capacity_wh": self.capacity_wh,
            "power_max_w": self.power_max_w,
            "status": 1,
        }


class Wallbox(Appliance):
    """A charger and the car that visits it: it comes about 17:30 local and leaves about 7:00.

    When its gateway is silent the charger offers the fail-safe current.
    """

    LEAST_MA = 6000  # IEC 61851-1: nothing, or at least 6 A

    def __init__(self, seed: str, phases: int = 3, current_max_ma: int = 16_000, need_wh: int = 10_000) -> None:
        super().__init__()
        self.seed, self.phases, self.current_max_ma, self.need_wh = seed, phases, current_max_ma, need_wh
        self.wish.timeout_s = 15  # the watchdog as delivered
        self.failsafe_ma = 0  # as delivered
        self.plugged = False
        self.session_j = 0.0
        self.current_ma = 0.0
        self.drawn_j = 3600.0 * 1_234_000
        self._visits: dict[int, tuple[int, int, float]] = {}

    def visit(self, day: int) -> tuple[int, int, float]:
        """(arrives UTC s, leaves UTC s, room Wh) of the car that comes on local day number `day`; it takes more than the owner asks for."""
        if day not in self._visits:
            random = Random(f"{self.seed}:{day}")
            midnight = day * DAY - LOCAL_S
            arrives = int(midnight + 17.5 * 3600 + random.uniform(-1200, 1200))
            leaves = int(midnight + DAY + 7 * 3600 + random.uniform(-1200, 1200))
            self._visits[day] = arrives, leaves, self.need_wh + random.uniform(3000, 6000)
        return self._visits[day]

    def here(self, now: int) -> tuple[int, int, float] | None:
        """The visit that lasts at `now`."""
        today = (now + LOCAL_S) // DAY
        return next((v for v in (self.visit(today), self.visit(today - 1)) if v[0] <= now < v[1]), None)

    def heard(self, now: int) -> None:
        self.wish.renew(now)

    def offered_ma(self, now: int) -> int:
        """What the cable offers: the wish, or the fail-safe current once the gateway was silent for too long."""
        wish = self.wish.at(now)
        return min(self.failsafe_ma if wish is None else wish, self.current_max_ma)

    def act(self, now: int, rest_w: float) -> float:
        visit = self.here(now)
        if bool(visit) != self.plugged:
            self.plugged, self.session_j, self.current_ma = bool(visit), 0.0, 0.0
        offered = self.offered_ma(now)
        full = visit is None or self.session_j >= visit[2] * 3600
        target = 0.0 if full or offered < self.LEAST_MA else float(offered)
        self.current_ma = 0.0 if target == 0 else self.current_ma + (target - self.current_ma) * LAG
        power = self.current_ma / 1000 * VOLT * self.phases
        self.session_j += power
        return power

    def values(self) -> Values:
        current = round(self.current_ma)
        charging = int(current > 100)
        return {
            **self._common(),
            "plugged": int(self.plugged),
            "charging": charging,
            "session_wh": int(self.session_j / 3600),
            "status": 7 if charging else 4 if self.plugged else 2,  # Heidelberg: A no car, B car, C charges
            "current_l1_ma": current,
            "current_l2_ma": current if self.phases == 3 else 0,
            "current_l3_ma": current if self.phases == 3 else 0,
        }


class Tank(Appliance):
    """Water that cools, is drawn and is heated; the thermostat switches off at `most_c` and heats by itself below `least_c`."""

    AMBIENT_C, COLD_C, LOSS_W_PER_K = 18.0, 12.0, 1.8

    def __init__(self, seed: str, volume_l: int = 200, power_max_w: int = 3000, temperature_c: float = 50.0) -> None:
        super().__init__()
        self.seed, self.volume_l, self.power_max_w = seed, volume_l, power_max_w
        self.temperature_c = temperature_c
        self.most_c, self.least_c = 70.0, 38.0
        self._hot = self._cold = False
        self._draws: dict[int, list[tuple[int, float]]] = {}
        self.taken_j = self.lost_j = 0.0

    @property
    def heat_j_per_k(self) -> float:
        """Heat capacity of the water."""
        return self.volume_l * JOULE_PER_LITRE_KELVIN

    def draws(self, day: int) -> list[tuple[int, float]]:
        """(UTC s, litres) of hot water used on local day number `day`, a litre in ten seconds."""
        if day not in self._draws:
            random = Random(f"{self.seed}:{day}")
            hours = [random.uniform(6.2, 7.8), random.uniform(12, 14), random.uniform(18, 20), random.uniform(20.5, 22.5)]
            self._draws[day] = [(int(day * DAY - LOCAL_S + h * 3600), random.uniform(8, 35)) for h in hours]
        return self._draws[day]

    def _drawn_w(self, now: int) -> float:
        flow = sum(0.1 for start, litres in self.draws((now + LOCAL_S) // DAY) if start <= now < start + 10 * litres)
        return flow * JOULE_PER_LITRE_KELVIN * (self.temperature_c - self.COLD_C)

    def act(self, now: int, rest_w: float) -> float:
        self._hot = self.temperature_c >= self.most_c - (2 if self._hot else 0)
        self._cold = self.temperature_c < self.least_c + (3 if self._cold else 0)
        wish = self.wish.at(now) or 0
        power = 0.0 if self._hot else float(self.power_max_w) if self._cold else float(min(max(wish, 0), self.power_max_w))
        taken, lost = self._drawn_w(now), self.LOSS_W_PER_K * (self.temperature_c - self.AMBIENT_C)
        self.taken_j, self.lost_j = self.taken_j + taken, self.lost_j + lost
        self.temperature_c += (power - taken - lost) / self.heat_j_per_k
        return power

    def stored_wh(self) -> float:
        return (self.temperature_c - self.COLD_C) * self.heat_j_per_k / 3600

    def values(self) -> Values:
        return {
            **self._common(),
            "temperature_mc": round(self.temperature_c * 1000),
            "status": 2 if self.power_w > 0 else 3,  # ELWA 2: heats, stands by
            "power_max_w": self.power_max_w,
        }
