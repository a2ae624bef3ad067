"""A street's cable by hand: flows and drops of a small tree, and who is limited when it is too much."""

from expect import raises

from market.feeder import Feeder, limits

# transformer - a (100 mOhm, 20 kW) - b (200 mOhm, 10 kW); a - c (300 mOhm, 5 kW)
NODES = [("a", "", 100, 50, 20000), ("b", "a", 200, 80, 10000), ("c", "a", 300, 90, 5000)]
FEEDER = Feeder(NODES)
HOUR = 3600
# What is bought at b and c comes from a seller at the transformer's side, at a.
SELLER = (0, [(100000, -60000)])
NODE_OF = {0: "a", 1: "b", 2: "c", 3: "b", 4: "c", 5: "b"}


def test_flows():
    assert FEEDER.flows({}) == {"a": 0, "b": 0, "c": 0}
    assert FEEDER.flows({"a": 100, "b": 2000, "c": -500}) == {"a": 1600, "b": 2000, "c": -500}


def test_voltages():
    # a: 0.1 ohm x 6900 W / (3 x 230 V) = 1 V; b: 0.2 ohm x 6900 W / 690 V = 2 V more
    volts = FEEDER.voltages(FEEDER.flows({"b": 6900}))
    assert volts == {"a": 229000, "b": 227000, "c": 229000}
    volts = FEEDER.voltages(FEEDER.flows({"b": -6900}))
    assert volts == {"a": 231000, "b": 233000, "c": 231000}


def test_reactive_power_drops_over_the_reactance():
    # Q = P / 2: a line of 50 mOhm reactance drops as 25 mOhm more of resistance
    volts = Feeder(NODES, 500).voltages(FEEDER.flows({"a": 6900}))
    assert volts["a"] == 230000 - 1250


def test_violations():
    assert FEEDER.violations({"b": 10000}) == []
    assert FEEDER.violations({"b": 10001}) == [("thermal", "b", 1)]
    assert FEEDER.violations({"b": -10300}) == [("thermal", "b", -300)]
    weak = Feeder([("a", "", 100, 0, 99999), ("b", "a", 900, 0, 99999)], 0, 10000)
    assert weak.violations({"b": 6900}) == []
    assert weak.violations({"b": 7590}) == [("voltage", "b", 1000)]
    assert weak.violations({"b": -7590}) == [("voltage", "b", -1000)]


def test_rows_that_are_no_tree():
    raises(ValueError, Feeder, [("a", "", 1, 1, 1), ("a", "", 1, 1, 1)])
    raises(ValueError, Feeder, [("a", "z", 1, 1, 1)])
    raises(ValueError, Feeder, [("a", "b", 1, 1, 1), ("b", "a", 1, 1, 1)])
    raises(ValueError, Feeder, [("", "", 1, 1, 1)])
    raises(ValueError, FEEDER.flows, {"nowhere": 1})


def ask(orders, background=()):
    return limits([SELLER] + orders, NODE_OF, FEEDER, HOUR, background)


def test_no_congestion():
    assert limits([], NODE_OF, FEEDER, HOUR) == ("ok", "", [])
    assert ask([(1, [(200000, 4000)]), (2, [(200000, 4000)])]) == ("ok", "", [])


def test_the_last_on_is_the_first_off():
    state, constraint, found = ask([(1, [(200000, 8000)]), (2, [(200000, 1000)]), (3, [(900000, 3000)])])
    assert (state, constraint) == ("congested", "thermal at b by 1000 W")
    assert found == [(3, 2000)]  # however much it would pay; 2 has no part in the line to b


def test_the_next_to_last_follows():
    _, _, found = ask([(1, [(200000, 8000)]), (3, [(200000, 5000)]), (5, [(200000, 1000)])])
    assert found == [(3, 2000), (5, 0)]


def test_half_hours_carry_twice_the_power():
    assert limits([SELLER, (1, [(200000, 5001)])], NODE_OF, FEEDER, 1800) == ("congested", "thermal at b by 2 W", [(1, 5000)])


def test_feeding_in_is_limited_too():
    orders = [(0, [(300000, 60000)]), (2, [(100000, -4000)]), (4, [(100000, -4000)])]
    assert limits(orders, NODE_OF, FEEDER, HOUR) == ("congested", "thermal at c by -3000 W", [(4, 1000)])


def test_what_is_drawn_anyway_takes_room():
    _, _, found = ask([(2, [(200000, 3000)])], (("c", 4000),))
    assert found == [(2, 1000)]


def test_what_no_limit_mends_is_said():
    assert ask([(2, [(200000, 3000)])], (("c", 6000),)) == ("congested", "thermal at c by 4000 W", [(2, 0)])
    assert ask([(1, [(200000, 3000)])], (("c", 6000),)) == ("congested", "thermal at c by 1000 W", [])


def test_selling_below_a_congested_line_relieves_it():
    orders = [(1, [(200000, 9000)]), (5, [(100000, -9000)])]
    assert limits(orders, NODE_OF, FEEDER, HOUR, (("b", 8000),)) == ("ok", "", [])


def test_low_voltage_is_mended():
    weak = Feeder([("a", "", 100, 0, 99999), ("b", "a", 900, 0, 99999)], 0, 10000)
    state, constraint, found = limits([SELLER, (1, [(200000, 4000)]), (3, [(200000, 4000)])], NODE_OF, weak, HOUR)
    # the seller sits at a: 0.9 ohm x 8000 W / 690 V = 10434 mV, and the 10000 mV allow 7666 W
    assert (state, constraint) == ("congested", "voltage at b by 434 mV")
    ((index, most),) = found
    assert index == 3
    assert 3600 <= most <= 3667
    assert weak.violations({"a": -4000 - most, "b": 4000 + most}) == []
