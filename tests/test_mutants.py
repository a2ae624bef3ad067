"""Five faults that register maps have had in the field, seeded into real tables: each is caught by `elecbay check` or by plausibility.

The gateway has the wrong table, the simulated device the right one. The same watch over every profile in the folder must stay silent
while its table is right.
"""

import asyncio
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from commissioning import BATHING, DRIVING, STORING, changed, home, other

import drivers.profiles
from drivers import profile as profiles
from drivers.nouns import Reading
from drivers.push import framer
from drivers.tables import Profile
from gateway.acts import Save
from gateway.host import check, visit
from gateway.host.home_devices import names_in
from gateway.host.store import Store
from gateway.plausible import Jury
from sim_devices.bodies import Resident, Sheet
from sim_devices.face import Face
from sim_devices.physics import METER, House
from sim_devices.pushed import WRITERS
from sim_devices.street import plans
from sim_devices.weather import Sky

Change = Callable[["dict[str, object]"], "dict[str, object]"]
START = 1_782_045_000  # 14:30 local
HOUR = 3600
DEMAND = 84  # of an SDM630: "total system power demand", W
OF_PHASES = "power_w power_l1_w power_l2_w power_l3_w"


def amperes_for_watts(row: "dict[str, object]") -> "dict[str, object]":
    return {**row, "point": "103.AphA"} if row.get("point") == "103.W" else row


# name of the fault, kind of home, device, change of its table, a word of the verdict
AT_ONCE = [
    ("a current for the power", DRIVING, "grid", changed("power_w", address=6), "phases"),
    ("ten times too large", DRIVING, "grid", changed("power_w", scale=10), "power_w is"),
    ("ten times too large", STORING, "roof", changed("power_w", scale=10), "cannot flow here"),
    ("swapped words", DRIVING, "grid", changed("power_w", order="little"), "phases"),
    ("swapped words of a counter", DRIVING, "wallbox", changed("energy_import_wh", order="little"), "energy_import_wh rose"),
    ("flipped sign", DRIVING, "grid", changed("power_w", positive="export"), "phases"),
    ("flipped sign", BATHING, "roof", changed("power_w", positive="consumption"), "a roof that draws"),
]
IN_TIME = [
    ("a current for the power", "sdm630", METER, changed("power_w", address=6)),
    ("a current for the power", "sdm630", METER, changed(OF_PHASES, address=None, sum=((6, 1),))),
    ("a current for the power", "sunspec_inverter", "roof", amperes_for_watts),
    ("a current for the power", "heidelberg", "wallbox", changed("power_w", address=6)),
    ("ten times too large", "sdm630", METER, changed(OF_PHASES, scale=10)),
    ("ten times too large", "sunspec_inverter", "roof", changed("power_w", scale=10)),
    ("ten times too large", "sunspec_battery", "battery", changed("power_w", scale=10)),
    ("ten times too large", "heidelberg", "wallbox", changed("power_w", scale=10)),
    ("ten times too large", "mypv_elwa", "heater", changed("power_w", scale=10)),
    ("swapped words", "sdm630", METER, changed(OF_PHASES, order="little")),
    ("swapped words", "sdm630", METER, changed("energy_import_wh", order="little")),
    ("swapped words", "heidelberg", "wallbox", changed("energy_import_wh", order="little")),
    ("flipped sign", "sdm630", METER, changed(OF_PHASES, positive="export")),
    ("flipped sign", "sunspec_inverter", "roof", changed("power_w", positive="consumption")),
    ("flipped sign", "sunspec_battery", "battery", changed("power_w", positive="consumption")),
    ("flipped sign", "heidelberg", "wallbox", changed("power_w", positive="generation")),
    ("a demand for energy", "sdm630", METER, changed("energy_import_wh", address=DEMAND)),
    ("a demand for energy", "sdm630", METER, changed("energy_import_wh", address=DEMAND, scale=1)),
]


@pytest.mark.parametrize(("fault", "kind", "device", "change", "word"), AT_ONCE, ids=[f"{f}, {d}" for f, _, d, _, _ in AT_ONCE])
async def test_check_catches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    fault: str, kind: int, device: str, change: Change, word: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(check, "BETWEEN_S", 0.02)
    monkeypatch.setattr(visit, "PATIENCE_S", 2.0)
    async with home(tmp_path, kind) as rig:
        if "energy" in word:
            remember(tmp_path, device, "energy_import_wh", 1_234_000)
        assert await asyncio.to_thread(asyncio.run, check.touched(rig.mutated(device, change), 0)) == 1
    verdicts = {line.partition(":")[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "NOT PLAUSIBLE" in verdicts[device] and word in verdicts[device]
    assert [name for name, line in verdicts.items() if "NOT PLAUSIBLE" in line] == [device]


def remember(folder: Path, device: str, counter: str, value: int) -> None:
    store = Store(folder / "state")
    store.commit([Save("plausible", device, {"swapped": "", "counters": {counter: [value, START]}})])
    store.close()


class Demanding(Face):
    """An SDM630 that has its demand registers too."""

    def answer(self, pdu: bytes) -> bytes:
        high, low = struct.unpack(">HH", struct.pack(">f", abs(self.body.values()["power_w"] or 0)))
        self.image[4, DEMAND], self.image[4, DEMAND + 1] = high, low
        return super().answer(pdu)


def watched(profile: Profile, face: Face, jury: Jury, at: int) -> bool:
    """The gateway looks: by its own table, at what the device shows by its own."""
    image = {}
    for function, address, count in profiles.blocks(profile, face.base):
        reply = face.answer(struct.pack(">BHH", function, address, count))
        assert not reply[0] & 0x80, "the device has these registers"
        for i in range(count):
            image[function, address + i] = reply[2 + 2 * i] << 8 | reply[3 + 2 * i]
    return jury.believes(profiles.decode(profile, face.base, image, "it", at))


def lived(kind: int) -> House:
    house = plans(kind + 1, 1)[kind].house(Sky("1"), START)
    house.step(START + 10)
    return house


@pytest.mark.parametrize(("fault", "name", "device", "change"), IN_TIME, ids=[f"{f}, {n} {i}" for i, (f, n, _, _) in enumerate(IN_TIME)])
def test_plausibility_catches_it_and_nothing_else(fault: str, name: str, device: str, change: Change) -> None:
    kind = {"roof": STORING, "battery": STORING, "heater": BATHING}.get(device, DRIVING)
    house, right, wrong = lived(kind), profiles.load(name), other(name, change)
    face = Demanding(right._replace(bus={**right.bus, "largest": 125}), Resident(house, device))
    devices = [{"name": "it", "kind": right.kind, "stale_s": 60}]
    good, bad = Jury(devices, 17_000), Jury(devices, 17_000)
    while not bad.wrong() and house.now < START + 9 * HOUR:
        at = house.now + 10 - house.now % 10
        house.step(at)
        busy(house, device)
        assert watched(right, face, good, at), good.wrong()
        watched(wrong, face, bad, at)
    assert bad.wrong(), f"{fault} was not caught"
    assert not good.wrong()


def busy(house: House, device: str) -> None:
    """Let it do something, as a home would."""
    hour = (house.now - START) // HOUR
    if device == "battery":
        house.write(device, "power_setpoint_w", 3000 if hour % 3 == 0 else -3000 if hour % 3 == 1 else 0)
    elif device == "heater":
        house.write(device, "power_setpoint_w", 2000 if hour % 2 else 0)
    elif "wallbox" in house.devices:
        house.heard("wallbox")
        house.write("wallbox", "current_limit_ma", 10_000)


# -- every profile in the folder

ASKED = [name for name in names_in(drivers.profiles) if profiles.load(name).protocol == "modbus"]


class Life:
    """What an honest device of a kind says while it works: 0.2 to 4 kW, up and down, counters and charge to match."""

    WAYS = {"pv": (-1,), "ev": (1,), "heater": (1,), "meter": (1, -1), "battery": (1, -1)}

    def __init__(self, kind: str) -> None:
        self.kind, self.ws, self.said = kind, [1_000_000 * HOUR, 2_000_000 * HOUR], {}

    def step(self, at: int, seconds: int) -> "dict[str, int]":
        ways = self.WAYS[self.kind]
        way = ways[(at - START) // (3 * HOUR) % len(ways)]
        power = way * (600 + 850 * (at // 300 % 5))
        self.ws[power < 0] += abs(power) * seconds
        stored_wh = 5000 + (self.ws[0] - self.ws[1]) // HOUR + 1_000_000
        self.said = {
            **{f"voltage_l{i}_mv": 230_000 for i in (1, 2, 3)},
            **{f"current_l{i}_ma": abs(power) * 1000 // 690 for i in (1, 2, 3)},
            "power_w": power, "power_l1_w": power // 3, "power_l2_w": power // 3, "power_l3_w": power // 3,
            "energy_import_wh": self.ws[0] // HOUR, "energy_export_wh": self.ws[1] // HOUR,
            "soc_permille": min(max(stored_wh // 20, 0), 1000), "capacity_wh": 20_000, "power_max_w": 10_000, "frequency_mhz": 50_000,
        }  # fmt: skip
        return self.said


def faulted(profile: Profile, factor: int) -> Profile:
    """Its power and its phases' by a factor."""
    rows = [row._replace(sign=row.sign * factor) if row.quantity in OF_PHASES.split() else row for row in profile.reads]
    return profile._replace(reads=tuple(rows))


@pytest.mark.parametrize("name", ASKED)
def test_every_profile_is_silent_while_it_is_right(name: str) -> None:
    """And ten times its power, or the power turned round, are found wherever counters, charge or direction can tell."""
    right = profiles.load(name)
    life, sheet = Life(right.kind), Sheet()
    sheet.said = life.step(START, 0)
    face = Face(right, sheet)
    tables = {"right": right, "x10": faulted(right, 10), "turned": faulted(right, -1)}
    juries = {fault: Jury([{"name": "it", "kind": right.kind, "stale_s": 60}], 17_000) for fault in tables}
    seconds = 60 if right.kind == "battery" else 120
    for at in range(START + seconds, START + 5 * HOUR, seconds):
        sheet.said = life.step(at, seconds)
        for fault, table in tables.items():
            believed = watched(table, face, juries[fault], at)
            assert believed or fault != "right", (juries[fault].judges["it"].last, juries[fault].wrong())
    assert juries["x10"].wrong()
    assert bool(juries["turned"].wrong()) == tells_direction(right)


def tells_direction(profile: Profile) -> bool:
    """A meter or battery that has neither counters nor a charge of known size can be found out by the guided test alone."""
    said = {row.quantity for row in profile.reads}
    return profile.kind not in ("meter", "battery") or bool(said & {"energy_import_wh", "energy_export_wh"}) or "capacity_wh" in said


@pytest.mark.parametrize("name", [name for name in names_in(drivers.profiles) if profiles.load(name).protocol != "modbus"])
def test_every_push_meter_is_silent_while_it_is_right(name: str) -> None:
    """As its telegrams tell it: whole amperes, kilowatts with two places, one direction only."""
    right, house, heard = profiles.load(name), lived(STORING), 0
    quirks = {key: value for key, value in right.quirks.items() if key != "mode"}
    one, jury = framer(right.protocol, quirks), Jury([{"name": "it", "kind": "meter", "stale_s": 60}], 17_000)
    for at in range(START + 30, START + 4 * HOUR, 30):
        house.step(at)
        busy(house, "battery")
        write = WRITERS[right.protocol]
        one.add(write(right, 1, house.values(METER), at), at)
        while (telegram := one.next()) is not None:
            heard += 1
            assert jury.believes([Reading("it", quantity, value, at) for quantity, value in telegram.readings]), jury.judges["it"].last
    assert heard > 200 and not jury.wrong()
