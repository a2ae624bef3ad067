"""The same evening without a market: same houses, same weather, same gateway, each home alone against the utility, no wires.

Both evenings, the traded one and the lonely one, are lived on alone until the morning: by then the battery has served the night and the
car is ready, so that what was paid can be compared.
"""

from dataclasses import dataclass
from typing import Any

from drivers import profile as profiles
from drivers.nouns import Command, Reading
from gateway.home import Home
from gateway.host.keys import Signer, verify
from sim_devices.physics import METER, House
from sim_devices.street import LIMIT_W, POLL_S, TARIFF, Device, Plan
from sim_devices.weather import Sky

METER_S = 5
MORNING_S = 5 * 3600  # of the day, UTC: 7:00 local, when the car must be ready


@dataclass(frozen=True)
class Stock:
    """Energy in a house, Wh: what battery and tank could give back, and what its car has charged."""

    stored_wh: float
    driven_wh: float

    @classmethod
    def of(cls, house: House) -> "Stock":
        """As the house stands now."""
        return cls(house.stored_wh(), house.driven_wh())

    def worth(self, before: "Stock") -> int:
        """What was gained since `before`, nano-currency: what battery and tank still hold counts the middle of the utility's prices,
        what a car lacks the import price."""
        middle = sum(TARIFF) // 2
        return round((self.stored_wh - before.stored_wh) * middle + (self.driven_wh - before.driven_wh) * TARIFF[0])


@dataclass(frozen=True)
class Outcome:
    """What an evening and its night came to. cost, night: nano-currency paid in the evening and until the morning; before, after: the
    home's energy at the begin of the evening and in the morning; nets: import minus export of each slot of the evening, Wh."""

    cost: int
    night: int
    before: Stock
    after: Stock
    nets: tuple[int, ...] = ()

    @property
    def net(self) -> int:
        """Paid, less what the home has more of at the end."""
        return self.cost + self.night - self.after.worth(self.before)


class Twin:
    """One home without a market, and its house, in step."""

    def __init__(self, plan: Plan, house: House) -> None:
        self.plan, self.house = plan, house
        self.home = Home(_setup(plan), Signer(bytes(32)), verify)
        self.home.recall({"sessions": {name: {"start_wh": start} for name, start in house.sessions().items()}})
        self.known = {d.name: _quantities(d) for d in plan.devices}
        self.held: dict[str, Command] = {}

    def live(self, until: int) -> None:
        """Go on until UTC s `until`."""
        for now in range(self.house.now + METER_S, until + 1, METER_S):
            self.house.step(now)
            self._read(METER, now)
            if now % POLL_S == 0:
                for device in self.house.devices:
                    self._read(device, now)
            for act in self.home.tick(now):
                if isinstance(act, Command):
                    self._obey(act)
            for device, command in list(self.held.items()):
                if command.until <= now:
                    self.house.release(device)
                    del self.held[device]

    def settled(self, slots: range) -> list[int]:
        """Live through slots; the net energy of each, Wh."""
        nets = []
        for slot in slots:
            start = _net(self.house)
            self.live(slot + slots.step)
            nets.append(_net(self.house) - start)
        return nets

    def _read(self, device: str, now: int) -> None:
        values = self.house.values(device)
        readings = [Reading(device, q, v, now) for q, v in values.items() if q in self.known[device]]
        self.home.heard(readings, b"")

    def _obey(self, command: Command) -> None:
        before = self.held.get(command.device)
        self.held[command.device] = command
        if before is None or before.value != command.value:
            self.house.write(command.device, command.quantity, command.value)


def evening(plan: Plan, sky: Sky, begin: int, slots: range) -> Outcome:
    """Alone from UTC s `begin` on, settled by the utility slot by slot."""
    twin = Twin(plan, plan.house(sky, begin))
    twin.live(slots.start)
    before = Stock.of(twin.house)
    nets = twin.settled(slots)
    night = bill(twin.settled(range(slots.stop, morning(slots.stop), slots.step)))
    return Outcome(bill(nets), night, before, Stock.of(twin.house), tuple(nets))


def after(plan: Plan, house: House, cost: int, before: Stock, seconds: int) -> Outcome:
    """An evening that was traded at this cost and left `house` as it stands: the rest of its night, alone. `house` lives on."""
    for device in house.devices:
        house.release(device)
    night = bill(Twin(plan, house).settled(range(house.now, morning(house.now), seconds)))
    return Outcome(cost, night, before, Stock.of(house))


def bill(nets: list[int]) -> int:
    """What the utility asks for slots of this net energy, nano-currency."""
    return sum(net * TARIFF[0 if net > 0 else 1] for net in nets)


def morning(now: int) -> int:
    """The next morning, UTC s."""
    return now + (MORNING_S - now) % 86400


def _net(house: House) -> int:
    values = house.values(METER)
    return values["energy_import_wh"] - values["energy_export_wh"]


def _setup(plan: Plan) -> dict[str, Any]:
    devices = [
        {"name": d.name, "kind": d.kind, "policy": "" if d.kind == "meter" else d.kind, "wishes": dict(d.wishes), "stale_s": 60}
        for d in plan.devices
    ]
    return {"name": plan.name, "market": "", "registrar": "", "meter": METER, "limit_w": LIMIT_W, "devices": devices, "tariff": TARIFF}


def _quantities(device: Device) -> set[str]:
    """What the gateway would get to know of it: the words of its profile, or of a telegram."""
    profile = profiles.load(device.profile)
    return {row.quantity for row in profile.reads} or {"power_w", "energy_import_wh", "energy_export_wh"}
