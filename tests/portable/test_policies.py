"""Every policy through the same day of properties, and what each one wishes by itself.

A new policy gets a row in ALL, FULL_VIEWS and MOST_W (tests/test_policy_files.py says so): then it goes through the properties too.
"""

from expect import raises

from policies import battery, ev, heater, load, pv
from policies.nouns import MUST, BadWish, Rate, View, until

NOON = 1_782_040_800 - 1_782_040_800 % 86400 + 12 * 3600  # a day in June 2026, 12:00 UTC
ALL = {"battery": battery, "ev": ev, "heater": heater, "load": load, "pv": pv}
FULL_VIEWS = {
    "battery": {"soc_permille": 500, "capacity_wh": 10_000, "power_max_w": 5000, "power_w": 0},
    "ev": {"plugged": 1, "session_wh": 0, "power_w": 0},
    "heater": {"temperature_mc": 50_000, "power_w": 0},
    "load": {},
    "pv": {"power_w": -3000},
}
MOST_W = {"battery": 5000, "ev": 11_040, "heater": 3000, "load": 1200, "pv": 1200}
FORESEEN = {"load": 100, "pv": -100}  # Wh in 300 s of what cannot be steered: these bid a forecast and need no value


def rates(now, buy=300_000, sell=80_000, count=288):
    return tuple([Rate(now + i * 300, buy, sell) for i in range(count)])


def view(values, now=NOON, start=None, seconds=300, energy=0, load_w=400, **prices):
    return View(now, now if start is None else start, seconds, values, rates(now, **prices), energy, load_w)


def drawn(curve, price):
    """Energy drawn at a price."""
    return sum([wh for p, wh in curve if (wh > 0 and p >= price) or (wh < 0 and p <= price)])


def test_no_policy_wants_more_than_its_device_can_and_all_want_less_when_it_is_dearer():
    for name in ALL:
        for hour in range(24):
            for seconds in (300, 900, 1800):
                energy = FORESEEN.get(name, 0) * seconds // 300
                now = NOON - 12 * 3600 + hour * 3600
                curve = ALL[name].Policy({}).curve(view(FULL_VIEWS[name], now, None, seconds, energy))
                amounts = [drawn(curve, p) for p in (-1, 50_000, 150_000, 250_000, 299_999, 300_000, 400_000, MUST)]
                assert amounts == sorted(amounts, reverse=True), (name, hour, curve)
                for wh in amounts:
                    assert abs(wh) * 3600 <= MOST_W[name] * seconds + 3600, (name, hour, wh)


def test_what_is_unknown_is_not_bid():
    for name in [n for n in ALL if n not in FORESEEN]:
        assert ALL[name].Policy({}).curve(view({})) == ()


def test_safe_always_answers_and_why_is_a_sentence():
    for name in ALL:
        policy = ALL[name].Policy({})
        policy.curve(view(FULL_VIEWS[name], energy=-50))
        assert policy.safe() is None or len(policy.safe()) == 2
        assert policy.why


def test_a_full_battery_does_not_buy_and_an_empty_one_does_not_sell():
    full = battery.Policy({}).curve(view({"soc_permille": 1000, "capacity_wh": 10_000, "power_max_w": 5000}))
    empty = battery.Policy({}).curve(view({"soc_permille": 100, "capacity_wh": 10_000, "power_max_w": 5000}))
    assert full and all(wh < 0 for _, wh in full)
    assert empty and all(wh > 0 for _, wh in empty)


def test_a_battery_serves_the_house_but_does_not_sell_below_its_worth():
    curve = battery.Policy({}).curve(view(FULL_VIEWS["battery"], load_w=200))
    assert drawn(curve, 300_000) < 0  # rather than buying at the utility
    assert drawn(curve, 80_000) > 0  # rather than exporting to the utility
    dearest_buy = max(p for p, wh in curve if wh > 0)
    cheapest_sell = min(p for p, wh in curve if wh < 0)
    assert dearest_buy < cheapest_sell  # losses and wear lie between


def test_a_battery_left_alone_that_goes_on_discharging_has_less_to_sell():
    values = {"soc_permille": 150, "capacity_wh": 10_000, "power_max_w": 5000, "power_w": -5000}
    assert battery.Policy({}).curve(view(values, start=NOON + 360)) != ()
    assert all(wh > 0 for _, wh in battery.Policy({}).curve(view(values, start=NOON + 600)))


def test_a_car_waits_for_cheap_slots_and_insists_when_there_is_no_slack():
    policy = ev.Policy({"need_wh": 8000, "ready_by_utc": "05:00"})
    early = policy.curve(view(FULL_VIEWS["ev"]))
    assert early[0][1] == 920 and 190_000 < early[0][0] < 200_000  # it can wait: half-way between the utility's prices
    evening = policy.curve(view(FULL_VIEWS["ev"], until(NOON, 5 * 3600) - 2 * 3600))
    assert early[0][0] < evening[0][0] < 300_000
    late = until(NOON, 5 * 3600) - 3600
    assert policy.curve(view(FULL_VIEWS["ev"], late)) == ((MUST, 920),)
    assert policy.curve(view({"plugged": 1, "session_wh": 8000})) == ()
    assert policy.curve(view({"plugged": 0, "session_wh": 0})) == ()


def test_a_car_takes_the_cheap_half_of_the_night():
    cheap = [Rate(NOON + i * 300, 300_000 if i < 100 else 200_000, 80_000) for i in range(204)]
    curve = ev.Policy({}).curve(View(NOON, NOON, 300, FULL_VIEWS["ev"], tuple(cheap), 0, 400))
    assert curve[0][0] < 200_000  # never dearer than the night's price


def test_a_car_is_given_six_amperes_or_nothing_and_each_for_a_minute():
    policy = ev.Policy({"phases": 1})
    assert policy.dispatch(view({}, NOON), 16 * 230, 0) == ("current_limit_ma", 16_000)
    assert policy.dispatch(view({}, NOON + 10), 0, 0) == ("current_limit_ma", 6000)  # not within a minute of switching on
    assert policy.dispatch(view({}, NOON + 61), 0, 0) == ("current_limit_ma", 0)
    assert policy.dispatch(view({}, NOON + 70), 3000, 0) == ("current_limit_ma", 0)


def test_a_tank_is_heated_at_any_price_below_comfort_and_never_above_its_target():
    policy = heater.Policy({})
    assert policy.curve(view({"temperature_mc": 30_000}))[0] == (MUST, 250)
    assert policy.curve(view({"temperature_mc": 50_000})) == ((180_500, 250),)
    assert policy.curve(view({"temperature_mc": 62_500})) == ()
    assert policy.dispatch(view({}), -500, 0) == ("power_setpoint_w", 0)


def test_a_household_with_a_roof_that_nobody_reads_sells_what_it_gives():
    assert load.Policy({}).curve(view({}, energy=-120)) == ((0, -120),)


def test_a_roof_is_held_back_below_its_floor_and_let_go_again():
    policy = pv.Policy({})
    assert policy.dispatch(view({}), 0, 80_000) is None
    assert policy.dispatch(view({}), 0, -1) == ("power_limit_w", 0)
    assert policy.safe() == ("power_limit_w", pv.UNLIMITED_W)
    assert policy.dispatch(view({}), 0, 10) == ("power_limit_w", pv.UNLIMITED_W)


def test_wrong_wishes_are_named_with_a_remedy():
    for wish, value, word in (
        ("need", 1, "knows"), ("need_wh", "8", "whole number"), ("need_wh", -1, "between"), ("need_wh", True, "whole number"),
        ("ready_by_utc", "7 am", "HH:MM"), ("ready_by_utc", "24:00", "HH:MM"), ("ready_by_utc", 7, "HH:MM"),
    ):  # fmt: skip
        error = raises(BadWish, ev.Policy, {wish: value})
        assert error.args[0] == wish and word in error.args[2]


def test_until_is_always_ahead():
    for now in (NOON, NOON + 1, NOON - 86400):
        assert 0 < until(now, 12 * 3600) - now <= 86400
