"""Clearing beside a slow reference that knows nothing but docs/protocol.md, step 4: single Wh, every price tried."""

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from market.clearing import clear
from market.feeder import Feeder, limits

Steps = list[tuple[int, int]]
Orders = list[tuple[int, Steps]]
Result = tuple[int, int, list[tuple[int, int]]]


def taking_part(orders: Orders, most: list[tuple[int, int]], sign: int) -> list[tuple[int, int]]:
    """(price, index) of each single Wh of one side (1 buys, -1 sells) that the limits leave, in the order of filling."""
    units = []
    for index, steps in orders:
        own = sorted((-sign * price for price, wh in steps for _ in range(sign * wh)))  # the best price first
        for limited, cap in most:
            if limited == index:
                own = own[:cap]
        units += [(rank, index) for rank in own]
    return [(-sign * rank, index) for rank, index in sorted(units)]


def reference(orders: Orders, most: list[tuple[int, int]]) -> Result:
    buys, sells = taking_part(orders, most, 1), taking_part(orders, most, -1)
    prices = {price for price, _ in buys + sells}
    demand = {p: sum(price >= p for price, _ in buys) for p in prices}
    supply = {p: sum(price <= p for price, _ in sells) for p in prices}
    volume = max((min(demand[p], supply[p]) for p in prices), default=0)
    if not volume:
        return 0, 0, []
    low = max([price for price, _ in sells[:volume]] + [price for price, _ in buys[volume:]])
    high = min([price for price, _ in buys[:volume]] + [price for price, _ in sells[volume:]])
    fills: dict[int, int] = {}
    for _, index in buys[:volume]:
        fills[index] = fills.get(index, 0) + 1
    for _, index in sells[:volume]:
        fills[index] = fills.get(index, 0) - 1
    return (low + high) // 2, volume, sorted((index, wh) for index, wh in fills.items() if wh)


@st.composite
def books(draw: st.DrawFn, highest: int = 12) -> Orders:
    """Books with few prices, so that ties are the rule; orders keep buys below sells."""
    orders = []
    for index in draw(st.lists(st.integers(0, 40), unique=True, max_size=8)):
        middle = draw(st.integers(0, highest))
        buys = draw(st.lists(st.tuples(st.integers(-2, middle), st.integers(1, 6)), max_size=3))
        sells = draw(st.lists(st.tuples(st.integers(middle + 1, highest + 2), st.integers(-6, -1)), max_size=3))
        orders.append((index, draw(st.permutations(buys + sells))))
    return orders


LIMITS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), max_size=6)


@settings(deadline=None, max_examples=600)
@given(books(), LIMITS)
@example([(0, [(5, 3)]), (1, [(5, -3)])], [])
@example([(0, [(5, 3)]), (1, [(5, -4)])], [])
@example([(0, [(5, 4)]), (1, [(5, -3)])], [])
def test_as_brute_force(orders: Orders, most: list[tuple[int, int]]) -> None:
    assert clear(orders, most) == reference(orders, most)


@settings(deadline=None, max_examples=300)
@given(books(4), LIMITS.map(lambda rows: [(index % 5, cap) for index, cap in rows]))
def test_as_brute_force_where_all_is_tied(orders: Orders, most: list[tuple[int, int]]) -> None:
    assert clear(orders, most) == reference(orders, most)


@settings(deadline=None, max_examples=300)
@given(books(), LIMITS)
def test_no_limit_of_any_order_is_broken(orders: Orders, most: list[tuple[int, int]]) -> None:
    price, wh, fills = clear(orders, most)
    given_steps, caps = dict(orders), dict(sorted(most, reverse=True))
    assert sum(filled for _, filled in fills) == 0
    assert sum(filled for _, filled in fills if filled > 0) == wh
    for index, filled in fills:
        steps = given_steps[index]
        sign = 1 if filled > 0 else -1
        willing = sum(sign * step for at, step in steps if sign * step > 0 and sign * at >= sign * price)
        assert abs(filled) <= willing
        assert abs(filled) <= caps.get(index, abs(filled))


def test_a_hundred_thousand_steps() -> None:
    """50 ms on a laptop; ten times as long is a mistake in the algorithm, and a book made against bisection is no different."""
    state = 7
    orders: Orders = []
    for index in range(25000):
        steps = []
        for _ in range(4):
            state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
            steps.append((150000 + (state >> 33) % 200000, (1 - 2 * (index & 1)) * (1 + (state >> 20) % 500)))
        orders.append((index, steps))
    skewed = [(index, [((1 if index & 1 else -1) * (1 << index % 50), 1 if index & 1 else -1)]) for index in range(100000)]
    for book in (orders, skewed):
        started = time.process_time()
        clear(book, [])
        assert time.process_time() - started < 1.0


NODES = [("a", "", 60, 20, 7000), ("b", "a", 150, 40, 4000), ("c", "a", 200, 50, 3000), ("d", "c", 300, 60, 2000)]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 9), st.integers(-3000, 3000).filter(bool)), max_size=10),
    st.integers(3000, 23000),
)
def test_the_limits_of_a_dso_mend_the_feeder(rows: list[tuple[str, int, int]], band_mv: int) -> None:
    """Whatever the book: with the limits applied the clearing exceeds nothing, and nobody is limited without congestion."""
    feeder = Feeder(NODES, 300, band_mv)
    orders: Orders = [(index, [(price * 1000 if wh > 0 else 10000 - price * 1000, wh)]) for index, (_, price, wh) in enumerate(rows)]
    node_of = {index: node for index, (node, _, _) in enumerate(rows)}
    state, constraint, found = limits(orders, node_of, feeder, 1800)
    net_w: dict[str, int] = {}
    for index, wh in clear(orders, found)[2]:
        net_w[node_of[index]] = net_w.get(node_of[index], 0) + 2 * wh
    assert feeder.violations(net_w) == []
    assert (state == "ok") == (not found) == (constraint == "")
    assert [index for index, _ in found] == sorted({index for index, _ in found})
