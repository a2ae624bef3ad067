"""The same evening without a market: same houses, same weather, same gateway, each home alone against the utility, no wires."""

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
        """What was gained since `before`, nano-currency: stored energy counts the middle of the utility's prices; a car must have
        what it needs by the morning, so what it has not yet counts the import price."""
        middle = sum(TARIFF) // 2
        return round((self.stored_wh - before.stored_wh) * middle + (self.driven_wh - before.driven_wh) * TARIFF[0])


@dataclass(frozen=True)
class Outcome:
    """What an evening came to. cost: nano-currency paid; before, after: the home's energy; nets: import minus export of each slot, Wh."""

    cost: int
    before: Stock
    after: Stock
    nets: tuple[int, ...] = ()

    @property
    def net(self) -> int:
        """Paid, less what the home has more of at the end."""
        return self.cost - self.after.worth(self.before)


class Twin:
    """One home and its house, in step."""

    def __init__(self, plan: Plan, sky: Sky, start: int) -> None:
        self.plan, self.house = plan, plan.house(sky, start)
        self.home = Home(_setup(plan), Signer(bytes(32)), verify)
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

    def _read(self, device: str, now: int) -> None:
        values = self.house.values(device)
        readings = [Reading(device, q, v, now) for q, v in values.items() if q in self.known[device]]
        self.home.heard(readings, b"")

    def _obey(self, command: Command) -> None:
        before = self.held.get(command.device)
        self.held[command.device] = command
        if before is None or before.value != command.value:
            self.house.write(command.device, command.quantity, command.value)


def evening(plan: Plan, sky: Sky, begin: int, first: int, last: int, seconds: int) -> Outcome:
    """From UTC s `begin` on; slots from `first` to before `last` count, settled by the utility slot by slot."""
    twin = Twin(plan, sky, begin)
    twin.live(first)
    before, nets = Stock.of(twin.house), []
    for slot in range(first, last, seconds):
        start = _net(twin.house)
        twin.live(slot + seconds)
        nets.append(_net(twin.house) - start)
    cost = sum(net * TARIFF[0 if net > 0 else 1] for net in nets)
    return Outcome(cost, before, Stock.of(twin.house), tuple(nets))


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
