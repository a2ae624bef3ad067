"""A slow bus in virtual time, each byte at its pace: who waits for whom, what a look costs, what denials teach."""

import asyncio
from collections import defaultdict
from itertools import pairwise

from modbus_help import setup
from virtual_line import EPOCH_S, Device, LoopClock, laid, lived

from drivers import profile as profiles
from drivers.nouns import Command, Reading
from gateway.acts import Save
from gateway.host.bus import DENIALS, Bus
from gateway.host.home_devices import Place
from gateway.host.wire import Wire

SLOW = Place(serial="/dev/null", baud=9600, framing="8N1")
POLL_S = 2


class Hall:
    """Meters on one bus at 9600 baud, and when each was heard."""

    def __init__(self, count: int, place: Place = SLOW, kept: "dict[str, object] | None" = None) -> None:
        self.units = {unit: Device("sdm630", lambda: {}) for unit in range(1, count + 1)}
        self.heard: "dict[str, list[float]]" = defaultdict(list)
        self.saves: "list[Save]" = []
        devices = tuple(setup(f"m{unit}", "sdm630", place, unit) for unit in self.units)
        self.bus = Bus(devices, LoopClock(), self._hear, self.saves.extend, kept or {})
        (self.wire,) = self.bus.wires.values()
        laid(self.wire, self.units, turnaround_s=0.02)

    def _hear(self, readings: "list[Reading]", raw: bytes) -> None:
        self.heard[readings[0].device].append(asyncio.get_running_loop().time())

    async def live(self, *moments: "tuple[float, object]", until: float) -> None:
        """Run until loop time `until`; at each of (time, what) call it."""
        jobs = [asyncio.ensure_future(job) for job in self.bus.jobs(POLL_S)]
        for at, do in (*moments, (until, lambda: None)):
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            do()  # type: ignore[operator]
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    def longest(self, name: str, since: float, until: float) -> float:
        times = [t for t in self.heard[name] if since <= t <= until]
        return max(b - a for a, b in pairwise(times))


def test_one_dead_unit_of_five_delays_the_others_by_less_than_a_cycle() -> None:
    hall = Hall(5)

    def set_alive(alive: bool) -> None:
        hall.units[3].alive = alive

    lived(lambda: hall.live((100, lambda: set_alive(False)), (1000, lambda: set_alive(True)), until=1400))
    for name in ("m1", "m2", "m4", "m5"):
        well = hall.longest(name, 10, 100)
        beside = hall.longest(name, 100, 1400)
        assert beside - well < POLL_S, (name, well, beside)
        assert len(hall.heard[name]) > 0.95 * 1400 / POLL_S
    back = next(t for t in hall.heard["m3"] if t > 1000)
    assert back - 1000 < 300, "within its window"
    assert not [t for t in hall.heard["m3"] if 101 < t < 1000]


def test_on_a_line_that_is_asked_for_too_much_nobody_starves() -> None:
    """Twenty meters want 3 s of every 2 s, and a wallbox is less urgent than any of them."""
    hall = Hall(20)
    box = Device("heidelberg", lambda: {(4, 5): 7})
    hall.units[30] = box
    other = Bus((setup("box", "heidelberg", SLOW, 30),), LoopClock(), hall._hear, hall.saves.extend, {})
    other.keepers["box"].unit.wire = hall.wire

    async def live() -> None:
        job = asyncio.ensure_future(other.keepers["box"].unit.run(POLL_S))
        await hall.live(until=200)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)

    lived(live)
    assert hall.wire.tally.percent(200) > 98
    assert hall.longest("box", 0, 200) < 16, "two requests, each of which waits until the meters are the less patient"
    assert max(hall.longest(f"m{unit}", 0, 200) for unit in range(1, 21)) < 12


def test_a_dead_unit_is_probed_in_each_window_and_no_more() -> None:
    hall = Hall(2)
    hall.units[2].alive = False
    lived(lambda: hall.live(until=3600))
    assert 15 <= hall.wire.tally.silent <= 25, "2 s to 5 min, each window once"


def test_reads_are_planned_for_the_turnaround_that_was_measured() -> None:
    """Until five answers are in, 5 ms are assumed; then it is known that 20 registers are read along cheaper than asked anew."""
    hall = Hall(1)
    lived(lambda: hall.live(until=120))
    asked = [(r.address, r.count) for r in hall.units[1].asked]
    assert (72, 4) in asked[:8]
    assert set(asked[12:]) == {(6, 12), (52, 24), (0, 18)}, "the voltages are slow"
    assert asked[12:].count((0, 18)) == round(asked[12:].count((52, 24)) / 6)


def test_a_value_that_it_lacks_and_a_gap_that_it_denies_are_learned_once_and_kept() -> None:
    lacks = {(4, address) for address in range(20, 48)} | {(4, 70), (4, 71)}
    hall = Hall(1)
    hall.units[1].lacks = lacks
    lived(lambda: hall.live(until=200))
    denied = hall.wire.tally.denied
    assert denied <= 6
    kept = {DENIALS: {save.key: save.doc for save in hall.saves if save.table == DENIALS}}
    again = Hall(1, kept=kept)
    again.units[1].lacks = lacks
    lived(lambda: again.live(until=200))
    assert again.wire.tally.denied == 0, "the next start knows"
    assert len(again.heard["m1"]) >= 95


def test_a_device_that_denies_everything_is_silent_and_teaches_nothing() -> None:
    hall = Hall(1)
    hall.units[1].lacks = {(4, address) for address in range(80)}
    lived(lambda: hall.live((50, lambda: hall.units[1].lacks.clear()), until=400))
    assert not hall.saves and hall.heard["m1"]


def test_slow_values_are_read_seldom_and_never_grow_stale() -> None:
    seen: "dict[str, list[int]]" = defaultdict(list)
    place = Place(host="nowhere", port=502)
    base, image = profiles.blank(profiles.load("sunspec_battery"))

    async def live() -> None:
        def hear(readings: "list[Reading]", raw: bytes) -> None:
            for reading in readings:
                seen[reading.quantity].append(reading.at - EPOCH_S)

        bus = Bus((setup("store", "sunspec_battery", place),), LoopClock(), hear, lambda saves: None, {})
        (wire,) = bus.wires.values()
        values = {"power_w": 700, "soc_permille": 500, "capacity_wh": 9000, "power_max_w": 5000, "voltage_l1_mv": 230_000}
        said = {**image, **profiles.encode(profiles.load("sunspec_battery"), base, values)}
        laid(wire, {1: Device("sunspec_battery", lambda: said)})
        jobs = [asyncio.ensure_future(job) for job in bus.jobs(10)]
        await asyncio.sleep(600)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)

    lived(live)
    gaps = {quantity: max(b - a for a, b in pairwise(times)) for quantity, times in seen.items()}
    assert gaps["power_w"] == gaps["soc_permille"] == 10
    assert gaps["voltage_l1_mv"] <= 30, "half of what is stale"
    assert gaps["capacity_wh"] == 10, "read once, and as fresh as the device's last answer"


def test_writes_go_before_reads() -> None:
    """Five meters keep the bus busy all the time; a wish for the box waits for one answer at most."""
    hall = Hall(5)
    box = Device("heidelberg", lambda: {(4, 5): 7, (3, 261): 60, (3, 257): 60_000, (3, 258): 4})
    hall.units[9] = box
    (wire,) = hall.bus.wires.values()
    other = Bus((setup("box", "heidelberg", SLOW, 9),), LoopClock(), hall._hear, hall.saves.extend, {})
    keeper = other.keepers["box"]
    keeper.unit.wire = wire
    took: "list[float]" = []

    async def live() -> None:
        loop = asyncio.get_running_loop()
        busy = [asyncio.ensure_future(_ask_always(wire, unit)) for unit in range(1, 6)]
        await keeper.unit.look(every=True)
        keeper.command(Command("box", "current_limit_ma", 8000, EPOCH_S + 300))
        job = asyncio.ensure_future(keeper.run())
        while not box.written:
            await asyncio.sleep(0.05)
        await asyncio.sleep(5)
        box.written.clear()
        keeper.command(Command("box", "current_limit_ma", 9000, EPOCH_S + 300))
        began = loop.time()
        while not box.written:
            await asyncio.sleep(0.01)
        took.append(loop.time() - began)
        for task in (*busy, job):
            task.cancel()
        await asyncio.gather(*busy, job, return_exceptions=True)

    lived(live)
    assert took[0] < 0.6, "one full meter takes 0.2 s"


async def _ask_always(wire: Wire, unit: int) -> None:
    while True:
        await wire.read(unit, 4, 0, 76)
