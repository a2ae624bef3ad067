"""The simulated houses: energy is neither made nor lost, the same seed is the same evening, and silence runs out in market time."""

from itertools import pairwise

import pytest

from sim_devices.appliances import Appliance, Battery, Roof, Tank, Wallbox
from sim_devices.household import Household
from sim_devices.physics import House
from sim_devices.weather import DAY, LOCAL_S, Sky, clear_sky, sun

EVENING = 1_782_052_200  # 2026-06-21 16:30 local


def house(seed: int = 1, start: int = EVENING, **devices: Appliance) -> House:
    return House(Household(f"{seed}:home"), devices, start)


def full(seed: int = 1) -> House:
    sky = Sky(seed)
    return house(seed, pv=Roof(sky, 6000), store=Battery(10_000, 5000), car=Wallbox(f"{seed}:car"), tank=Tank(f"{seed}:tank"))


def test_the_sun_stands_where_it_stands() -> None:
    noon = EVENING - EVENING % DAY + 11 * 3600 + 18 * 60  # 11 E on midsummer's day: 11:18 UTC
    elevation, azimuth = sun(noon)
    assert 63.0 < elevation * 57.29578 < 64.0 and abs(azimuth) < 0.03  # 90 - 50 + 23.44
    assert sun(EVENING)[1] > 1.0, "in the west in the afternoon"
    assert clear_sky(EVENING + 5 * 3600, 35, 0) == 0, "set by 21:30 local"
    assert 0.3 < clear_sky(EVENING, 35, 0) < 0.9


def test_the_grid_meter_counts_what_the_devices_do() -> None:
    it = full()
    start_in, start_out = it.import_j, it.export_j
    net = gross_in = gross_out = 0.0
    for second in range(EVENING, EVENING + 3 * 3600):
        it.step(second + 1)
        now = it.load_w + sum(d.power_w for d in it.devices.values())
        net, gross_in, gross_out = net + now, gross_in + max(now, 0), gross_out + max(-now, 0)
        assert it.values("grid")["power_w"] == round(now)
    assert it.import_j - start_in == pytest.approx(gross_in)
    assert it.export_j - start_out == pytest.approx(gross_out)
    devices = sum(d.drawn_j - d.given_j for d in it.devices.values()) - full().devices["pv"].drawn_j
    assert net != 0 and devices != 0


def test_one_large_step_is_many_small_ones() -> None:
    one, many = full(), full()
    one.step(EVENING + 7200)
    for now in range(EVENING, EVENING + 7201, 7):
        many.step(now)
    many.step(EVENING + 7200)
    for device in ("grid", "pv", "store", "car", "tank"):
        assert one.values(device) == many.values(device), device


def test_the_same_seed_is_the_same_evening_and_another_is_another() -> None:
    runs = [full(seed) for seed in (1, 1, 2)]
    for run in runs:
        run.step(EVENING + 2 * 3600)
    said = [[run.values(device) for device in ("grid", *run.devices)] for run in runs]
    assert said[0] == said[1] and all(a != b for a, b in zip(said[0][1:3], said[2][1:3]))


def test_a_battery_loses_on_both_ways_and_keeps_its_limits() -> None:
    it = house(store=Battery(10_000, 5000, soc=0.5))
    store = it.devices["store"]
    assert isinstance(store, Battery)
    it.write("store", "power_setpoint_w", 9000)
    it.step(EVENING + 1200)
    assert it.values("store")["power_w"] == 5000, "the nameplate holds"
    assert store.stored_j == pytest.approx(18e6 + 0.95 * store.drawn_j)
    it.step(EVENING + 7200)
    assert it.values("store")["soc_permille"] == 1000 and it.values("store")["power_w"] == 0
    drawn = store.drawn_j
    it.write("store", "power_setpoint_w", -5000)
    it.step(EVENING + 7200 + 9000)
    assert store.stored_j == pytest.approx(0, abs=1)
    assert store.given_j == pytest.approx(36e6 * 0.95) and store.drawn_j == drawn


def test_a_battery_needs_a_moment() -> None:
    it = house(store=Battery(10_000, 5000))
    it.write("store", "power_setpoint_w", 3000)
    it.step(EVENING + 1)
    assert 1500 < it.values("store")["power_w"] < 2500
    it.step(EVENING + 8)
    assert it.values("store")["power_w"] > 2990


def test_left_alone_a_battery_keeps_the_meter_at_zero() -> None:
    it = house(store=Battery(10_000, 5000))
    it.step(EVENING + 600)
    assert abs(it.values("grid")["power_w"]) < 20
    it.write("store", "power_setpoint_w", 0)
    it.step(EVENING + 660)
    assert it.values("grid")["power_w"] > 100
    it.release("store")
    it.step(EVENING + 720)
    assert abs(it.values("grid")["power_w"]) < 20


def test_a_roof_follows_its_limit_and_forgets_it_in_time() -> None:
    it = house(pv=Roof(Sky(1), 6000))
    it.step(EVENING + 10)
    free = it.values("pv")["power_w"]
    assert free < -1500
    it.told("pv", [("timeout", 60), ("power_limit_w", 500), ("enable", 1)])
    it.step(EVENING + 40)
    assert it.values("pv")["power_w"] == -500
    it.step(EVENING + 60)
    assert it.values("pv")["power_w"] == -500
    it.step(EVENING + 90)
    assert it.values("pv")["power_w"] < -1500, "the time-out ran out"


def test_a_limit_above_the_sun_changes_nothing() -> None:
    one, other = house(pv=Roof(Sky(1), 6000)), house(pv=Roof(Sky(1), 6000))
    other.write("pv", "power_limit_w", 6000)
    one.step(EVENING + 600)
    other.step(EVENING + 600)
    assert one.values("pv") == other.values("pv")


def test_a_car_comes_charges_and_leaves() -> None:
    it = house(car=Wallbox("s", phases=3, need_wh=10_000))
    car = it.devices["car"]
    assert isinstance(car, Wallbox)
    arrives, leaves, room = car.visit((EVENING + LOCAL_S) // DAY)
    it.write("car", "current_limit_ma", 16_000)
    it.step(arrives)
    assert it.values("car")["plugged"] == 0 and it.values("car")["power_w"] == 0
    it.step(arrives + 60)
    shown = it.values("car")
    assert (shown["plugged"], shown["charging"], shown["power_w"]) == (1, 1, 11_040)
    it.write("car", "current_limit_ma", 5900)
    it.step(arrives + 120)
    assert it.values("car")["power_w"] == 0, "less than 6 A is nothing"
    it.write("car", "current_limit_ma", 6000)
    it.step(arrives + 180)
    assert it.values("car")["power_w"] == 4140
    it.step(leaves - 1)
    assert it.values("car")["session_wh"] == pytest.approx(room, abs=5) and it.values("car")["power_w"] == 0
    it.step(leaves + 2)
    assert it.values("car")["plugged"] == 0
    assert abs(arrives - (EVENING + 3600)) <= 1200 and 13_000 <= room <= 16_000


def test_a_wallbox_whose_gateway_is_silent_falls_back() -> None:
    it = house(car=Wallbox("s", phases=1))
    car = it.devices["car"]
    assert isinstance(car, Wallbox)
    begin = car.visit((EVENING + LOCAL_S) // DAY)[0] + 10
    it.step(begin)
    it.told("car", [("timeout", 60), ("current_limit_ma", 10_000), ("enable", 1)])
    it.step(begin + 50)
    assert it.values("car")["power_w"] == 2300
    it.heard("car")
    it.step(begin + 105)
    assert it.values("car")["power_w"] == 2300, "any traffic counts"
    it.step(begin + 115)
    assert it.values("car")["power_w"] == 0, "the fail-safe current is 0 A as delivered"


def test_a_tank_balances_heat() -> None:
    it = house(tank=Tank("s", volume_l=200, temperature_c=50))
    tank = it.devices["tank"]
    assert isinstance(tank, Tank)
    it.write("tank", "power_setpoint_w", 2000)
    it.step(EVENING + 3600)
    it.write("tank", "power_setpoint_w", 0)
    it.step(EVENING + 6 * 3600)
    heat = (tank.temperature_c - 50) * tank.heat_j_per_k
    assert tank.drawn_j == pytest.approx(2000 * 3600) and tank.taken_j > 0 and tank.lost_j > 0
    assert heat == pytest.approx(tank.drawn_j - tank.taken_j - tank.lost_j)


def test_a_thermostat_has_the_last_word() -> None:
    it = house(tank=Tank("s", temperature_c=60))
    it.write("tank", "power_setpoint_w", 3000)
    hottest = 0
    for now in range(EVENING, EVENING + 4 * 3600, 60):
        it.step(now)
        hottest = max(hottest, it.values("tank")["temperature_mc"])
    assert 69_000 < hottest <= 70_100
    cold = house(tank=Tank("s", temperature_c=30))
    cold.step(EVENING + 60)
    assert cold.values("tank")["power_w"] == 3000, "it heats by itself when it is cold"


def test_counters_only_rise() -> None:
    it = full()
    seen = []
    for now in range(EVENING, EVENING + 20_000, 50):
        it.step(now)
        seen.append((it.values("grid")["energy_import_wh"], it.values("grid")["energy_export_wh"]))
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(seen))


def test_an_evening_household_draws_what_a_family_draws() -> None:
    for seed in range(8):
        family = Household(f"{seed}:x")
        powers = [family.power_w(now) for now in range(EVENING, EVENING + 66 * 300, 10)]
        assert 180 < min(powers) and max(powers) < 2400 and 300 < sum(powers) / len(powers) < 900, seed
