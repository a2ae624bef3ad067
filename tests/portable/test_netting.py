"""Netting: what the home bids is what its appliances want together; what it must do is shared by their own prices."""

from gateway.netting import bid, net, share
from policies.nouns import MUST

LOAD, PV, BATTERY, CAR = ((MUST, 100),), ((0, -300),), ((180, 200), (260, -150)), ((299, 50),)


def test_surplus_is_sold_after_own_load():
    # 100 of the 300 leave only if someone pays what own load would pay; below zero the roof rests and the load is bought.
    assert net([LOAD, PV]) == [(MUST, -100), (0, -200), (0, 100)]
    assert bid(net([LOAD, PV]), 80, 300, 10, 10000, 0) == ((90, -200),)


def test_net_reads_as_demand_at_every_price():
    curves = [LOAD, PV, BATTERY, CAR]
    together = net(curves)
    for price in (-1, 0, 1, 179, 180, 181, 259, 260, 261, 299, 300, MUST):
        each = sum(wh for c in curves for p, wh in c if (wh > 0 and p >= price) or (wh < 0 and p <= price))
        # A step exactly at the price may go either way: compare where no step lies.
        if price not in (0, 180, 260, 299, MUST):
            at = sum(wh for p, wh in together if (wh > 0 and p >= price) or (wh < 0 and p <= price))
            assert at == each, (price, at, each)


def test_a_bid_leaves_room_for_fees_and_never_beats_the_utility():
    # The load is served by the own battery unless the street is cheaper than that: 260 less the fee.
    assert bid(net([LOAD, BATTERY]), 80, 300, 10, 10000, 0) == ((250, 100), (170, 200), (270, -50))
    assert bid(net([LOAD]), 80, 300, 10, 10000, 0) == ((290, 100),)
    for price, wh in bid(net([LOAD, PV, BATTERY, CAR]), 80, 300, 10, 10000, 0):
        assert 90 <= price <= 290 and wh


def test_the_highest_buy_lies_below_the_lowest_sell_even_without_fees():
    for curves in ([((200, 100), (200, -100))], [((200, 300),), ((200, -100),)], [((100, -500),), ((100, 200),), ((100, 600),)]):
        steps = bid(net(curves), 0, 1000, 0, 10000, 0)
        buys, sells = [p for p, wh in steps if wh > 0], [p for p, wh in steps if wh < 0]
        assert not buys or not sells or max(buys) < min(sells), steps


def test_a_bid_is_cut_to_the_limit_and_to_sixteen_steps():
    curve = tuple((100 + i, 10) for i in range(30)) + tuple((200 + i, -10) for i in range(30))
    steps = bid(net([curve]), 0, 1000, 5, 250, 0)
    assert len(steps) <= 16
    assert sum(wh for _, wh in steps if wh > 0) <= 250 and sum(-wh for _, wh in steps if wh < 0) <= 250


def test_share_follows_the_promise_between_the_utility_prices():
    curves = [BATTERY, CAR]
    assert share(curves, 0, 80, 300) == ([-50, 50], 260)
    assert share(curves, -150, 80, 300)[0] == [-150, 0]
    assert share(curves, 30, 80, 300)[0] == [-20, 50]
    assert share(curves, 250, 80, 300)[0] == [200, 50]


def test_share_buys_elsewhere_rather_than_beyond_its_price():
    # Wanted: give 400, there are only 150 to give: the rest is not there.
    assert share([BATTERY, CAR], -400, 80, 300)[0] == [-150, 0]
    # Wanted: take 900: all take what they want, the rest is sold to the utility.
    assert share([BATTERY, CAR], 900, 80, 300) == ([200, 50], 80)
    # A must-take step is taken though the promise says sell.
    assert share([((MUST, 70),), BATTERY], -150, 80, 300)[0] == [70, -150]


def test_at_a_tie_with_the_utility_the_house_serves_itself():
    tie = ((80, 200), (300, -200))
    assert share([tie], -150, 80, 300)[0] == [-150]  # rather than buying at 300
    assert share([tie], 150, 80, 300)[0] == [150]  # rather than exporting at 80


def test_the_last_part_of_each_side_is_held_back():
    assert bid(net([LOAD]), 80, 300, 10, 10000, 30) == ((290, 70),)
    assert bid(net([LOAD]), 80, 300, 10, 10000, 130) == ((290, 25),)
    assert bid(net([LOAD, BATTERY]), 80, 300, 10, 10000, 40) == ((250, 100), (170, 160), (270, -13))
