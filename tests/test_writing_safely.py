"""What surrounds a write, in virtual time: it is proved, counted, kept from what others set, and a car is given its rest."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from modbus_help import setup
from virtual_line import EPOCH_S, Device, LoopClock, laid, lived

from drivers import frames
from drivers import profile as profiles
from drivers.nouns import Command
from gateway.acts import Save
from gateway.host.bus import Bus
from gateway.host.guards import BUDGETS
from gateway.host.home_devices import Place
from gateway.host.keeper import WRITES, Keeper

PLACE = Place(host="nowhere", port=502)
BATTERY = {"power_w": 0, "soc_permille": 500, "capacity_wh": 9000, "power_max_w": 5000}
ROOF = {"power_w": -4000, "power_max_w": 10_000}
BOX = {"status": 7, "plugged": 1, "charging": 1, "current_l1_ma": 6000}


class Obeying(Device):
    """A device of any profile whose registers hold what they are written; `follows`: what it then measures."""

    def __init__(self, profile: str, says: "dict[str, int]", follows: "Callable[[int], dict[str, int]] | None" = None) -> None:
        super().__init__(profile, lambda: self.held)
        self.base, self.held = profiles.blank(self.profile)
        self.quantity = next(iter(self.profile.controls))
        self.says, self.follows = says, follows
        self.denies, self.deaf = 0, False
        self.say(says)

    def say(self, values: "dict[str, int]") -> None:
        self.held.update(profiles.encode(self.profile, self.base, values))

    def shows(self) -> "int | None":
        return profiles.readback(self.profile, self.base, self.held, self.quantity)

    def answer(self, pdu: bytes) -> "bytes | None":
        request = frames.parse_request(pdu)
        if request.registers and self.denies:
            return frames.denial(request.function, self.denies)
        if request.registers and not self.deaf:
            self.held.update({(3, request.address + i): register for i, register in enumerate(request.registers)})
            if self.follows:
                self.say(self.follows(self.shows() or 0))
        return super().answer(pdu)

    def written_to(self, address: int) -> int:
        return sum(w.address <= address < w.address + len(w.registers) for w in self.written)


class Shed:
    """A device, its keeper, and a store that outlives a restart."""

    def __init__(self, device: Obeying, limit_w: "int | None" = None) -> None:
        self.device, self.limit_w = device, limit_w
        self.tables: "dict[str, dict[str, Any]]" = {}

    def commit(self, saves: "list[Save]") -> None:
        for save in saves:
            table = self.tables.setdefault(save.table, {})
            if save.doc is None:
                table.pop(save.key, None)
            else:
                table[save.key] = save.doc

    async def live(self, *steps: "tuple[float, Callable[[], Any]]", until: float, stop: bool = True) -> None:
        """A process from now to loop time `until`; at each of (time, what) call it. stop False: it is killed."""
        bus = Bus((setup("d", self.device.profile.name, PLACE),), LoopClock(), lambda r, raw: None, self.commit, self.tables, self.limit_w)
        (wire,) = bus.wires.values()
        laid(wire, {1: self.device})
        self.keeper: Keeper = bus.keepers["d"]
        jobs = [asyncio.ensure_future(job) for job in bus.jobs(10)]
        for at, do in (*steps, (until, lambda: None)):
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            do()
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        if stop:
            await bus.stop([], 5)

    def tell(self, value: int, until: float = 100_000) -> "Callable[[], None]":
        return lambda: self.keeper.command(Command("d", self.device.quantity, value, EPOCH_S + int(until)))

    def outcome(self) -> str:
        trial = self.keeper.outcomes.get(self.device.quantity)
        return trial.outcome if trial else ""


@pytest.mark.parametrize(
    ("device", "value", "outcome"),
    [
        (Obeying("sunspec_battery", BATTERY, lambda v: {"power_w": v}), 1500, "confirmed"),
        (Obeying("sunspec_battery", BATTERY), 1500, "no effect"),
        (Obeying("mypv_elwa", {"power_w": 0, "power_max_w": 3000}, lambda v: {"power_w": 0}), 1500, "no effect"),
        (Obeying("mypv_elwa", {"power_w": 0, "power_max_w": 3000}, lambda v: {"power_w": 2950}), 9000, "confirmed"),
        (Obeying("sunspec_inverter", ROOF), 6000, "confirmed"),
        (Obeying("sunspec_inverter", ROOF), 2000, "no effect"),
        (Obeying("heidelberg", BOX), 8000, "confirmed"),
    ],
    ids=lambda x: x.profile.name if isinstance(x, Device) else str(x),
)
def test_what_became_of_a_write(device: Obeying, value: int, outcome: str) -> None:
    shed = Shed(device)
    seen: "list[str]" = []
    lived(lambda: shed.live((20, shed.tell(value)), (24, lambda: seen.append(shed.outcome())), until=100))
    assert shed.outcome() == outcome
    assert seen == [""], "not before its effect can be seen"


def test_a_device_that_does_not_take_the_value_has_refused_it(caplog: pytest.LogCaptureFixture) -> None:
    deaf, strict = Obeying("sunspec_battery", BATTERY), Obeying("sunspec_battery", BATTERY)
    deaf.deaf, strict.denies = True, 3
    for device, why in ((deaf, "shows"), (strict, "Modbus exception 3")):
        shed = Shed(device)
        lived(lambda shed=shed: shed.live((20, shed.tell(1500)), until=40, stop=False))
        assert shed.outcome() == "refused", device.held
        assert why in shed.keeper.outcomes["power_setpoint_w"].why
    assert caplog.text.count("refused") >= 2


def test_the_houses_limit_and_the_nameplate_bind() -> None:
    for limit_w, shown in ((3000, 3000), (20_000, 5000)):
        shed = Shed(Obeying("sunspec_battery", BATTERY), limit_w)
        seen: "list[int | None]" = []
        lived(lambda shed=shed, seen=seen: shed.live((20, shed.tell(9000)), (30, lambda: seen.append(shed.device.shows())), until=40))
        assert seen == [shown]


def test_an_installers_limit_is_never_raised_and_stands_again_afterwards() -> None:
    roof = Obeying("sunspec_inverter", ROOF)
    scratch = dict(roof.held)
    for _function, address, registers in profiles.writes(roof.profile, roof.base, {**scratch}, "power_limit_w", 7000, 0):
        roof.held.update({(3, address + i): register for i, register in enumerate(registers)})
    theirs = dict(roof.held)
    assert roof.shows() == 7000
    shed, seen = Shed(roof), []
    steps = [(20, shed.tell(9000)), (30, lambda: seen.append(roof.shows())), (31, shed.tell(2000)), (40, lambda: seen.append(roof.shows()))]
    lived(lambda: shed.live(*steps, until=50, stop=False))
    assert seen == [7000, 2000]
    assert shed.tables[WRITES], "killed while it held"
    lived(lambda: shed.live(until=20))
    assert roof.held == theirs and not shed.tables[WRITES]


def test_a_latch_is_handed_back_as_it_was_found() -> None:
    battery = Obeying("goodwe_battery", {"power_w": 0, "soc_permille": 500})
    found = dict(battery.held)
    shed = Shed(battery)
    lived(lambda: shed.live((20, shed.tell(1500)), until=60, stop=False))
    assert battery.held != found
    lived(lambda: shed.live(until=20))
    assert battery.held == found


def test_what_others_set_is_left_alone_when_we_never_wrote() -> None:
    roof = Obeying("sunspec_inverter", ROOF)
    shed = Shed(roof)
    lived(lambda: shed.live(until=300))
    assert not roof.written


def test_flash_is_written_so_often_a_day_and_no_more_over_restarts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    battery = Obeying("sungrow_sh_battery", {"power_w": 0, "soc_permille": 500})
    flash = profiles.stored(battery.profile, battery.base)
    shed = Shed(battery)
    for process in range(3):
        steps = [(20.0 + 30 * i, shed.tell(1000 + 500 * ((i + process) % 2))) for i in range(20)]
        lived(lambda steps=steps: shed.live(*steps, until=700, stop=False))
    worn = sum(any(w.address + i in flash for i in range(len(w.registers))) for w in battery.written)
    released = 2 * 3
    assert 20 <= worn <= battery.profile.controls[battery.quantity].budget + released
    assert shed.outcome() == "refused" and "flash" in shed.keeper.outcomes[battery.quantity].why
    assert shed.tables[BUDGETS]["d power_setpoint_w"]["writes"] == worn


def test_a_small_change_is_not_worth_a_write_to_flash() -> None:
    battery = Obeying("sungrow_sh_battery", {"power_w": 0, "soc_permille": 500})
    shed, counts = Shed(battery), []
    steps = [(20, shed.tell(1000)), (40, lambda: counts.append(len(battery.written))), (41, shed.tell(1050))]
    lived(lambda: shed.live(*steps, (60, lambda: counts.append(len(battery.written))), until=70, stop=False))
    assert counts[0] == counts[1] > 0


def test_a_car_is_given_nothing_or_six_amperes_and_a_rest_between_on_and_off() -> None:
    box = Obeying("heidelberg", BOX)
    box.held[3, 261] = 0
    shed, seen = Shed(box), []
    wishes = [(20, 8000), (30, 0), (40, 9000), (100, 0), (170, 5000), (260, 7000)]
    looks = [(29, 80), (39, 80), (45, 90), (99, 90), (105, 0), (175, 0), (265, 70)]
    steps = [(at, shed.tell(value)) for at, value in wishes] + [(at, lambda: seen.append(box.held[3, 261])) for at, _ in looks]
    steps.sort(key=lambda step: step[0])
    lived(lambda: shed.live(*steps, until=300))
    assert seen == [shown for _, shown in looks]


def test_nothing_is_written_on_the_strength_of_an_old_look() -> None:
    """The battery falls silent for reads only; the wish waits until it has been seen again."""
    battery = Obeying("sunspec_battery", BATTERY, lambda v: {"power_w": v})
    shed, counts = Shed(battery), []

    def deny(places: "set[tuple[int, int]]") -> None:
        battery.lacks = places

    steps: "list[tuple[float, Callable[[], Any]]]" = [
        (20, shed.tell(1000)),
        (25, lambda: deny({(3, address) for address in range(40_000, 40_400)})),
        (200, shed.tell(2000)),
        (320, lambda: counts.append(battery.shows())),
        (321, lambda: deny(set())),
        (900, lambda: counts.append(battery.shows())),
    ]
    lived(lambda: shed.live(*steps, until=901))
    assert counts == [1000, 2000]
