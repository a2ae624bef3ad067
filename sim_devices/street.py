"""A street as a plan: what stands in each home follows from seed and place alone: the same homes can live the same evening twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from gateway.host import keys
from market.envelope import b64url
from sim_devices.appliances import Appliance, Battery, Roof, Tank, Wallbox
from sim_devices.household import Household
from sim_devices.physics import METER, House
from sim_devices.weather import Sky

MARKET = "street"
LIMIT_W = 17_000
TARIFF = (300_000, 80_000)  # import, export; micro-currency per kWh
TERMS = {
    "slot_seconds": 300,
    "open_before": 3600,
    "gate_before": 120,
    "service": 2000,
    "network": 8000,
    "penalty": 100_000,
    "price_min": 0,
    "price_max": 1_000_000,
    "max_wh": 10_000,
}
POLL_S = 10
Wishes = dict[str, int | str]


@dataclass(frozen=True)
class Device:
    """One device of a home. link: "tcp", "bus" (Modbus RTU) or "push"; make: the appliance, None for the grid meter."""

    name: str
    kind: str
    profile: str
    link: str
    unit: int = 1
    make: Callable[[Sky], Appliance] | None = None
    wishes: Wishes = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """One home. seed: for all that is by chance in it."""

    name: str
    seed: str
    base_w: int
    scale: float
    devices: tuple[Device, ...]

    def house(self, sky: Sky, start: int) -> House:
        """The home as it stands at UTC s `start`, anew at each call."""
        made = {d.name: d.make(sky) for d in self.devices if d.make}
        return House(Household(self.seed, self.base_w, self.scale), made, start)


def plans(homes: int, seed: int) -> list[Plan]:
    """The street: the three kinds of home in turn, the first three of middling size, the others as chance has it."""
    return [_plan(index, seed) for index in range(homes)]


def _plan(index: int, seed: int) -> Plan:
    random = Random(f"{seed}:home:{index}")
    size = 1.0 if index < len(KINDS) else random.uniform(0.8, 1.25)
    name, seed_of = f"home{index + 1}", f"{seed}:home{index + 1}"
    devices = KINDS[index % len(KINDS)](seed_of, size)
    return Plan(name, seed_of, round(random.uniform(190, 260)), round(random.uniform(0.85, 1.1), 2), devices)


def _storing(seed: str, size: float) -> tuple[Device, ...]:
    """Roof and battery by SunSpec on Modbus TCP, a Dutch smart meter."""
    peak, capacity, power = round(7000 * size), round(10_000 * size), round(5000 * size)
    return (
        Device(METER, "meter", "p1", "push"),
        Device("roof", "pv", "sunspec_inverter", "tcp", make=lambda sky: Roof(sky, peak, 35, 20)),
        Device("battery", "battery", "sunspec_battery", "tcp", make=lambda _: Battery(capacity, power, soc=0.55)),
    )


def _driving(seed: str, size: float) -> tuple[Device, ...]:
    """A wallbox and an SDM630 that share one RTU bus."""
    need = round(9000 * size)
    wishes: Wishes = {"need_wh": need, "phases": 1, "current_max_ma": 16_000}
    return (
        Device(METER, "meter", "sdm630", "bus", 2),
        Device("wallbox", "ev", "heidelberg", "bus", 1, lambda _: Wallbox(f"{seed}:car", 1, 16_000, need), wishes),
    )


def _bathing(seed: str, size: float) -> tuple[Device, ...]:
    """Roof and water heater on Modbus TCP, a German smart meter."""
    peak, volume = round(6000 * size), round(200 * size)
    return (
        Device(METER, "meter", "sml", "push"),
        Device("roof", "pv", "sunspec_inverter", "tcp", make=lambda sky: Roof(sky, peak, 30, 60)),
        Device("heater", "heater", "mypv_elwa", "tcp", make=lambda _: Tank(f"{seed}:tank", volume, 3000), wishes={"volume_l": volume}),
    )


KINDS = (_storing, _driving, _bathing)


@dataclass(frozen=True)
class Simulation:
    """Market time was `start` when the wall's clock showed `wall`, and runs `rate` times as fast."""

    start: int
    rate: float
    wall: float

    def lines(self) -> list[str]:
        """The section of a config."""
        return ["[simulation]", f"start = {self.start}", f"rate = {self.rate}", f"wall = {self.wall!r}"]


@dataclass(frozen=True)
class Address:
    """Where a served device is: a TCP port on loopback, or a pty."""

    port: int = 0
    serial: str = ""


def write_home(folder: Path, plan: Plan, at: dict[str, Address], broker: str, registrar: str, simulation: Simulation) -> Path:
    """home.toml of a plan; at: {device: its address}; registrar: x. Its key must be in `folder`/state already."""
    lines = ["[home]", f'name = "{plan.name}"', f'meter = "{METER}"', f"limit_w = {LIMIT_W}", f"poll_s = {POLL_S}", 'state = "state"', ""]
    lines += ["[market]", f'name = "{MARKET}"', f'broker = "{broker}"', f'registrar = "{registrar}"', "", *simulation.lines()]
    for device in plan.devices:
        lines += ["", *_device_lines(device, at[device.name], stale_s(simulation.rate))]
    path = folder / "home.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def stale_s(rate: float) -> int:
    """A minute, and what a busy machine may take for half a second of the wall's clock."""
    return 60 + int(rate / 2)


def _device_lines(device: Device, at: Address, stale: int) -> list[str]:
    lines = ["[[device]]", f'name = "{device.name}"', f'profile = "{device.profile}"', f"stale_s = {stale}"]
    if device.link == "tcp":
        lines += ['host = "127.0.0.1"', f"port = {at.port}", f"unit = {device.unit}"]
    elif device.link == "bus":
        lines += [f'serial = "{at.serial}"', "baud = 19200", 'parity = "E"', f"unit = {device.unit}"]
    else:
        lines += [f'serial = "{at.serial}"']
    return lines + ["[device.wishes]" for _ in device.wishes][:1] + [f"{key} = {_toml(value)}" for key, value in device.wishes.items()]


def _toml(value: int | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def write_market(folder: Path, members: dict[str, str], broker: str, simulation: Simulation) -> Path:
    """market.toml; members: {home: x of its gateway}. The homes hang on one cable, a house every 30 m."""
    lines = ["[market]", f'name = "{MARKET}"', f'broker = "{broker}"', 'state = "state"', "", "[terms]"]
    lines += [f"{key} = {value}" for key, value in TERMS.items()]
    lines += ["", "[tariff]", f"import_price = {TARIFF[0]}", f"export_price = {TARIFF[1]}", "", *simulation.lines()]
    parent = ""
    for name, x in members.items():
        lines += ["", "[[member]]", f'name = "{name}"', f'x = "{x}"', f'meter = "{METER}"', f'node = "{name}"']
        # NAYY 4x150: 0.206 + j0.080 ohm per km, 270 A
        lines += ["", "[[line]]", f'node = "{name}"', f'parent = "{parent}"', "r_mohm = 6", "x_mohm = 2", "max_w = 180000"]
        parent = name
    path = folder / "market.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def new_key(folder: Path) -> tuple[str, str]:
    """A key for the gateway of `folder`: (kid, x)."""
    signer = keys.create(folder / "state")
    return signer.kid, b64url(signer.public)
