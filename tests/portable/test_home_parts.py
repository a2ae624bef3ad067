"""The parts of a home: forecast, meter marks, the slot's target, agents, bidding with no more than can be kept."""

from drivers.nouns import Reading
from gateway.agent import Agent
from gateway.balance import Balance, target_w
from gateway.metering import Metering
from gateway.tariff import Tariff
from policies.forecast import Persistence
from policies.nouns import Rate

T0 = 1_782_000_000


def car(**more):
    setup = {"name": "car", "kind": "ev", "policy": "ev", "wishes": {"phases": 1}, "stale_s": 60}
    setup.update(more)
    return Agent(setup)


def store(soc=500, power=0, at=T0):
    agent = Agent({"name": "battery", "kind": "battery", "policy": "battery", "wishes": {}, "stale_s": 60})
    for quantity, value in (("soc_permille", soc), ("capacity_wh", 10_000), ("power_max_w", 5000), ("power_w", power)):
        agent.heard(Reading("battery", quantity, value, at))
    return agent


def test_a_value_past_its_age_is_unknown():
    agent = store()
    assert agent.power(T0 + 60) == 0
    assert agent.power(T0 + 61) is None and agent.fresh(T0 + 61) == {}


def test_an_older_reading_does_not_overwrite_a_newer_one():
    agent = store(power=100, at=T0)
    agent.heard(Reading("battery", "power_w", 999, T0 - 5))
    assert agent.power(T0) == 100


def test_a_charger_without_sessions_is_counted_for():
    agent = car()
    assert agent.heard(Reading("car", "energy_import_wh", 70_000, T0)) is None
    assert agent.heard(Reading("car", "plugged", 1, T0)) == {"start_wh": 70_000}
    agent.heard(Reading("car", "energy_import_wh", 71_500, T0 + 30))
    assert agent.fresh(T0 + 30)["session_wh"] == 1500
    assert agent.heard(Reading("car", "plugged", 0, T0 + 40)) == {}
    assert "session_wh" not in agent.fresh(T0 + 40)


def test_a_device_is_set_against_the_meter_at_the_meters_moment():
    agent = store(power=0, at=T0)
    assert agent.power_at(T0 - 1) is None and agent.power_at(T0) == 0 and agent.power_at(T0 + 5) is None
    agent.heard(Reading("battery", "power_w", -2000, T0 + 10))
    assert agent.power_at(T0 + 5) == -1000 and agent.power_at(T0 + 11) is None
    agent.heard(Reading("battery", "power_w", -2000, T0 + 200))
    assert agent.power_at(T0 + 100) is None  # too far from both


def test_what_the_appliances_do_not_explain_is_the_household():
    battery = store(power=0, at=T0)
    balance = Balance([battery], 17_000)
    balance.observe(500, T0)
    balance.observe(-500, T0 + 5)
    assert balance.explained() == [(T0, 500)]
    battery.heard(Reading("battery", "power_w", -2000, T0 + 10))
    assert balance.explained() == [(T0 + 5, 500)] and balance.uncontrolled_w == 500
    assert balance.explained() == []


def test_the_target_makes_good_what_is_missing_in_the_time_left():
    # 100 Wh promised in 300 s, 102 aimed at; after 100 s 20 Wh were drawn: 82 Wh in 200 s are 1476 W.
    assert target_w(100, 20, 720, T0 + 100, T0 + 100, T0 + 300) == 1476
    assert target_w(-100, -20, -720, T0 + 100, T0 + 100, T0 + 300) == -1476
    assert target_w(0, 0, 0, T0 + 100, T0 + 100, T0 + 300) == 0
    # The power at the last frame went on for 20 s more: 4 Wh.
    assert target_w(100, 20, 720, T0 + 100, T0 + 120, T0 + 300) == (102 * 3600 - 20 * 3600 - 720 * 20) // 180
    # At the end it does not run away.
    assert target_w(100, 101, 0, T0 + 299, T0 + 299, T0 + 300) == 180


def test_marks_are_the_first_frame_after_each_edge():
    metering = Metering()
    assert metering.edge(300) is None
    for at, register in ((T0 + 5, 1000), (T0 + 15, 1002), (T0 + 301, 1100)):
        metering.heard({"power_w": 1200, "energy_import_wh": register, "energy_export_wh": 7}, at)
        edge = metering.edge(300)
        if edge is not None:
            body = metering.mark(edge, b"telegram")
            assert body["import_wh"] == register and body["export_wh"] == 7
    assert sorted(metering.marks) == [T0, T0 + 300]
    assert metering.unbilled(T0 + 300) == 100 and metering.unbilled(T0 + 600) is None
    again = Metering()
    again.recall(metering.state())
    assert again.marks == metering.marks and again.prev == metering.prev and again.billed == T0


def test_what_no_bill_has_counted_is_in_the_next():
    metering = Metering()
    for edge, register in ((T0, 1000), (T0 + 300, 1100), (T0 + 900, 1300)):
        metering.heard({"power_w": 0, "energy_import_wh": register}, edge)
        metering.mark(edge, b"")
    metering.billed = T0 + 300
    assert metering.unbilled(T0 + 600) is None and metering.unbilled(T0 + 900) == 200 and metering.unbilled(T0 + 300) is None
    for i in range(4, 100):
        metering.mark(T0 + i * 300, b"")
    assert metering.marks[T0 + 300] == (1100, 0)  # what the next bill starts from is never forgotten


def test_a_frame_without_registers_proves_nothing():
    assert not Metering().heard({"power_w": 5}, T0)


def test_persistence_follows_the_mean_and_learns_its_error():
    signal = Persistence(300)
    for i in range(60):
        if i % 30 == 1:
            signal.forecast(T0 - T0 % 300 + (i // 30) * 300 + 300)
        signal.observe(T0 - T0 % 300 + i * 10, 500)
    assert signal.forecast(T0 + 900)[0] == 500
    unknown = Persistence(300)
    unknown.observe(T0, 600)
    assert unknown.forecast(T0 + 300) == (600, 200)


def test_an_error_moves_the_spread():
    signal = Persistence(300)
    start = T0 - T0 % 300
    signal.observe(start, 1000)
    signal.forecast(start + 300)
    for i in range(1, 62):
        signal.observe(start + i * 10, 1000 if i <= 30 else 400)
    assert 550 < signal.forecast(start + 900)[1] <= 600


def test_the_battery_makes_good_what_the_load_does():
    battery = store()
    balance = Balance([battery], 17_000)
    balance.observe(800, T0)
    assert balance.explained() == [(T0, 800)]
    rates = (Rate(T0, 300_000, 80_000),)
    commands = balance.commands(T0, 300, 0, rates, 800, (80_000, 300_000))
    assert [(c.device, c.quantity) for c in commands] == [("battery", "power_setpoint_w")]
    assert abs(commands[0].value + 800) <= 12  # what a Wh in 300 s can say


def test_the_connection_limit_stands_above_every_price():
    agent = car(wishes={"phases": 3})
    for quantity, value in (("plugged", 1), ("session_wh", 0), ("power_w", 0)):
        agent.heard(Reading("car", quantity, value, T0))
    agent.policy.slack = 100_000  # it must charge now
    balance = Balance([agent], 10_000)
    balance.observe(4000, T0)
    balance.explained()
    commands = balance.commands(T0, 300, 50_000, (Rate(T0, 300_000, 80_000),), 4000, (80_000, 300_000))
    assert commands[0].value * 3 * 230 <= 6000 * 1000


def test_the_tariff_reaches_as_far_as_it_is_published():
    tariff = Tariff(None)
    assert tariff.at(T0) is None and tariff.rates(T0, 300) == ()
    tariff.publish([[T0, 300, 80], [T0 + 300, 310, 80]])
    tariff.publish([[T0 + 600, 320, 80]])
    assert [r.buy for r in tariff.rates(T0, 300)] == [300, 310, 320]
    assert tariff.at(T0 + 300).buy == 310
    assert len(Tariff((300, 80)).rates(T0, 300)) == 288


def test_a_value_from_a_time_that_has_not_come_is_unknown_and_does_not_block_real_ones():
    agent = store(power=700, at=T0 + 86_400)  # the clock was a day ahead
    assert agent.power(T0) is None
    agent.heard(Reading("battery", "power_w", 100, T0 + 1))
    assert agent.power(T0 + 2) == 100
    metering = Metering()
    metering.heard({"power_w": 0, "energy_import_wh": 1000}, T0 + 86_400)
    metering.mark(T0 + 86_400, b"")
    metering.forget_future(T0)
    assert metering.at == 0 and not metering.marks


def test_another_meter_is_not_counted_against_the_old_one():
    metering = Metering()
    metering.heard({"power_w": 0, "energy_import_wh": 9000}, T0)
    metering.mark(T0, b"")
    metering.heard({"power_w": 0, "energy_import_wh": 20}, T0 + 300)
    assert metering.since(T0) is None
    metering.mark(T0 + 300, b"")
    assert metering.unbilled(T0 + 300) == 0
