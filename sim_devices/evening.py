"""One evening of the street, from the first process to the last bill: whatever was started here is ended here."""

import asyncio
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from gateway.host.clock import FastClock
from sim_devices import street
from sim_devices.broker import Broker
from sim_devices.children import Child, Died
from sim_devices.physics import House
from sim_devices.record import Recorder
from sim_devices.report import Row
from sim_devices.site import Site
from sim_devices.twin import Stock, after, evening
from sim_devices.view import View
from sim_devices.watch import Watch, verified
from sim_devices.weather import Sky

FIRST = 1_782_052_200  # 2026-06-21 16:30 local
SLOT_S = street.TERMS["slot_seconds"]
STARTING_S = 8.0  # of the wall: what processes may take to come up
WARM_S = 900  # market seconds in which gateways get to know their homes
PATIENCE_SLOTS = 15  # after the last slot, for bills and their verification
BEAT_S = 0.005


@dataclass(frozen=True)
class Options:
    """What the demo was asked for."""

    homes: int
    rate: float
    seed: int
    slots: int
    record: Path | None
    broker: str


class Resident:
    """A home of the street: its plan, its simulated site, its gateway's folder and process."""

    def __init__(self, plan: street.Plan, site: Site, folder: Path) -> None:
        folder.mkdir()
        self.plan, self.site, self.folder = plan, site, folder
        self.kid, self.x = street.new_key(folder)
        self.child = Child(plan.name, [], folder / "gateway.log")
        self.stocks: list[Stock] = []
        self.left: House | None = None

    def live(self, now: int, marks: tuple[int, int]) -> None:
        """Live on, and take stock exactly at the two marks; at the last one the house is copied, to live its night alone."""
        if len(self.stocks) < len(marks) and now >= marks[len(self.stocks)]:
            self.site.house.step(marks[len(self.stocks)])
            self.stocks.append(Stock.of(self.site.house))
            self.left = self.site.house.copy()
        self.site.tick()

    def verified(self) -> dict[int, list[str]]:
        """{slot: findings} from its ledger."""
        files = sorted((self.folder / "state" / "ledger").glob("*.jsonl"))
        return verified([line for file in files for line in file.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")])


class Evening:
    """folder: empty; all configs, states and logs go there."""

    def __init__(self, options: Options, folder: Path, console: Console) -> None:
        self.options, self.folder, self.console = options, folder, console
        self.slots = range(FIRST, FIRST + options.slots * SLOT_S, SLOT_S)
        self.begin = FIRST - math.ceil(max(STARTING_S * options.rate, WARM_S) / SLOT_S) * SLOT_S
        self.clock = FastClock(self.begin, options.rate, time.time())
        self.simulation = street.Simulation(self.begin, options.rate, self.clock.wall)
        self.sky = Sky(options.seed)
        self.watch = Watch()
        self.broker = Broker(options.broker, folder)
        self.market = Child("market", [], folder / "market.log")
        self.homes: list[Resident] = []
        self.recorder: Recorder | None = None

    @property
    def children(self) -> list[Child]:
        """The processes that trade."""
        return [self.market, *(home.child for home in self.homes)]

    @property
    def recorded(self) -> int:
        """Messages heard."""
        return self.recorder.count if self.recorder else 0

    async def run(self) -> None:
        """Until every slot is billed and verified, or the patience for it is over. Died when a process ended by itself."""
        for plan in street.plans(self.options.homes, self.options.seed):
            self.homes.append(Resident(plan, Site(plan, self.sky, self.clock, self.begin), self.folder / plan.name))
        await self.broker.start()
        self.recorder = Recorder(self.broker.port, self.clock, self.watch.told, self.options.record, self.options.broker == "mosquitto")
        await self.recorder.start()
        await self._start_trading()
        houses = {home.plan.name: home.site.house for home in self.homes}
        view = View(self.console, self.watch, houses, self.slots, {home.kid: home.plan.name for home in self.homes})
        try:
            await self._live(view)
        finally:
            view.stop()

    async def clear_away(self) -> None:
        """Gateways first, so that they leave their devices safe; then market, broker and devices."""
        await asyncio.gather(*(home.child.stop() for home in self.homes))
        await self.market.stop()
        if self.recorder:
            await self.recorder.stop()
        await self.broker.stop()
        for home in self.homes:
            await home.site.stop()

    def rows(self) -> list[Row]:
        """The account of each home."""
        return [self._row(home) for home in self.homes]

    # -- steps

    async def _start_trading(self) -> None:
        members = {home.plan.name: home.x for home in self.homes}
        config = street.write_market(self.folder, members, self.broker.url, self.simulation)
        registrar = await self._registrar(config)
        self.market.argv = [*ELECBAY, "market", str(config)]
        await self.market.start()
        for home in self.homes:
            await home.site.start()
            path = street.write_home(home.folder, home.plan, home.site.at, self.broker.url, registrar, self.simulation)
            home.child.argv = [*ELECBAY, "run", str(path)]
            await home.child.start()

    async def _registrar(self, config: Path) -> str:
        """The registrar's public key, which the market's keeper gives to the homes' owners."""
        asked = Child("market", [*ELECBAY, "market", str(config), "--print-registrar"], self.folder / "registrar.txt")
        await asked.start()
        assert asked.process is not None
        if await asked.process.wait():
            asked.check()
        return asked.log.read_text().split()[-1]

    async def _live(self, view: View) -> None:
        last, looked = self.slots.stop, 0.0
        while self.clock.now() < last + PATIENCE_SLOTS * SLOT_S:
            now = self.clock.now()
            for home in self.homes:
                home.live(now, (self.slots.start, last))
            view.tick(now)
            if time.monotonic() > looked + 0.5:
                looked = time.monotonic()
                self._check()
                if now >= last and self._settled():
                    return
            await asyncio.sleep(BEAT_S)

    def _check(self) -> None:
        for child in (self.broker.child, *self.children):
            child.check()

    def _settled(self) -> bool:
        """Every home billed for every slot, every bill verified, and our own copy of the homes at the end."""
        if not self.watch.billed([home.kid for home in self.homes], self.slots):
            return False
        return all(set(self.slots) <= set(home.verified()) for home in self.homes)

    def _row(self, home: Resident) -> Row:
        totals = self.watch.totals(home.kid, self.slots)
        found = {slot: findings for slot, findings in home.verified().items() if slot in self.slots}
        if len(home.stocks) < 2 or home.left is None:
            raise Died(f"{home.plan.name}: the evening was not lived to its end")
        met = after(home.plan, home.left, totals.cost, home.stocks[0], SLOT_S)
        alone = evening(home.plan, self.sky, self.begin, self.slots)
        good = sum(not findings for findings in found.values())
        return Row(home.plan.name, totals, met, alone, good, {slot: f for slot, f in found.items() if f})


ELECBAY = [sys.executable, "-m", "gateway.host.cli"]
