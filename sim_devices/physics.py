"""One house: what its devices really do, second by second, and a grid meter that adds up exactly that and nothing else."""

from copy import deepcopy

from sim_devices.appliances import VOLT, Appliance, Battery, Roof, Values, Wallbox
from sim_devices.household import Household

METER = "grid"


class House:
    """devices: {name: Appliance}; start: UTC s. The first step runs from `start` on. Counters begin above zero, as a real meter's do."""

    def __init__(self, household: Household, devices: dict[str, Appliance], start: int) -> None:
        self.household, self.devices, self.now = household, devices, start
        self.import_j, self.export_j = 3600.0 * 4_100_000, 3600.0 * 2_300_000
        self.load_w = 0.0
        self.phases_w = [0.0, 0.0, 0.0]
        # Batteries last: left alone they follow what all others do.
        self._order = sorted(devices.values(), key=lambda d: isinstance(d, Battery))

    @property
    def power_w(self) -> float:
        """At the grid meter, import positive."""
        return sum(self.phases_w)

    def copy(self) -> "House":
        """The same house under the same sky, to live on by itself."""
        return deepcopy(self, {id(d.sky): d.sky for d in self.devices.values() if isinstance(d, Roof)})

    def step(self, now: int) -> None:
        """Live on until UTC s `now`."""
        while self.now < now:
            self._second(self.now)
            self.now += 1

    def _second(self, now: int) -> None:
        self.load_w = self.household.power_w(now)
        total, first = self.load_w, 0.0
        for device in self._order:
            device.step(now, total)
            total += device.power_w
            first += device.power_w if isinstance(device, Wallbox) and device.phases == 1 else 0.0
        shared = (total - first) / 3
        self.phases_w = [shared + first, shared, shared]
        self.import_j += max(total, 0.0)
        self.export_j += max(-total, 0.0)

    def values(self, device: str) -> Values:
        """{quantity: value} of a device, or of the grid meter."""
        return self._meter() if device == METER else self.devices[device].values()

    def write(self, device: str, quantity: str, value: int) -> None:
        """Tell a device, as if nobody could interrupt us: it holds until it is told otherwise."""
        self.told(device, [("timeout", 0), (quantity, value), ("enable", 1)])

    def release(self, device: str) -> None:
        """Hand a device back to its own ways."""
        self.told(device, [("enable", 0)])

    def told(self, device: str, words: list[tuple[str, int]]) -> None:
        """Words of a write; see `Wish.told`."""
        self.devices[device].wish.told(words, self.now)

    def heard(self, device: str) -> None:
        """Somebody spoke to that device."""
        if device != METER:
            self.devices[device].heard(self.now)

    def stored_wh(self) -> float:
        """What its battery and tank could give back."""
        return sum(d.stored_wh() for d in self.devices.values())

    def sessions(self) -> dict[str, int]:
        """{wallbox: its register when the car was plugged in, Wh} of cars that are there."""
        boxes = {name: d for name, d in self.devices.items() if isinstance(d, Wallbox) and d.plugged}
        return {name: int((d.drawn_j - d.session_j) / 3600) for name, d in boxes.items()}

    def driven_wh(self) -> float:
        """What its cars have charged, ever."""
        return sum(d.drawn_j for d in self.devices.values() if isinstance(d, Wallbox)) / 3600

    def _meter(self) -> Values:
        values = {
            "power_w": round(self.power_w),
            "energy_import_wh": int(self.import_j / 3600),
            "energy_export_wh": int(self.export_j / 3600),
            "frequency_mhz": 50_000,
        }
        for i, power in enumerate(self.phases_w, 1):
            values[f"power_l{i}_w"] = round(power)
            values[f"voltage_l{i}_mv"] = VOLT * 1000
            values[f"current_l{i}_ma"] = round(abs(power) / VOLT * 1000)
        return values
