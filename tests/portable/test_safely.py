"""Around a write: the site's limit, what a car can draw, the day's budget, and what counts as an effect."""

from drivers.safely import DAY_S, Budget, allowed, effect

WISHES = (  # quantity, wish, site limit W, phases, what is told
    ("power_setpoint_w", 9000, 5000, 3, 5000),
    ("power_setpoint_w", -9000, 5000, 3, -5000),
    ("power_setpoint_w", 9000, None, 3, 9000),
    ("power_limit_w", 9000, 5000, 3, 5000),
    ("current_limit_ma", 16000, 17000, 3, 16000),
    ("current_limit_ma", 16000, 6900, 3, 10000),
    ("current_limit_ma", 16000, 6900, 1, 16000),
    ("current_limit_ma", 16000, 3000, 3, 0),
    ("current_limit_ma", 5999, None, 3, 0),
    ("current_limit_ma", 6000, None, 3, 6000),
    ("current_limit_ma", 0, None, 3, 0),
)
EFFECTS = (
    ("power_setpoint_w", 3000, {"power_w": 2750}, True),
    ("power_setpoint_w", 3000, {"power_w": 2600}, False),
    ("power_setpoint_w", -3000, {"power_w": -2750}, True),
    ("power_setpoint_w", -3000, {"power_w": 3000}, False),
    ("power_setpoint_w", 0, {"power_w": 60}, True),
    ("power_setpoint_w", 0, {}, None),
    ("power_limit_w", 2000, {"power_w": -2150}, True),
    ("power_limit_w", 2000, {"power_w": -4000}, False),
    ("power_limit_w", 2000, {"power_w": -10}, True),
    ("current_limit_ma", 8000, {"current_l1_ma": 7900, "current_l2_ma": 8300, "current_l3_ma": 0}, True),
    ("current_limit_ma", 8000, {"current_l1_ma": 16000}, False),
    ("current_limit_ma", 8000, {"current_l1_ma": 0, "charging": 0}, False),
    ("current_limit_ma", 0, {"current_l1_ma": 40, "charging": 0}, True),
    ("current_limit_ma", 0, {"charging": 0}, None),
)


def test_wishes_are_cut_to_what_the_house_and_a_car_can_bear() -> None:
    for quantity, wish, limit_w, phases, told in WISHES:
        assert allowed(quantity, wish, limit_w, phases) == told, (quantity, wish, limit_w, phases)


def test_effects() -> None:
    for quantity, told, shows, had in EFFECTS:
        assert effect(quantity, told, shows) == had, (quantity, told, shows)


def test_a_days_budget_outlives_a_restart_and_ends_with_the_day() -> None:
    now = 1000 * DAY_S
    budget = Budget()
    assert budget.left(24, now) == 24
    budget.spend(20, now)
    budget = Budget(budget.doc())
    assert budget.left(24, now + DAY_S - 1) == 4
    assert budget.left(24, now + DAY_S) == 24
    budget.spend(1, now + DAY_S)
    assert budget.left(24, now + DAY_S) == 23
