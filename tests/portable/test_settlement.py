"""Bills to the nano-unit: promised and kept, promised and broken, and nothing left over between the parties."""

from market import settlement

TERMS = {"service": 2000, "network": 8000, "penalty": 100000}
IMPORT, EXPORT = 300000, 80000


def bill(fills, metered, rating=1000):
    return settlement.bill(fills, metered, IMPORT, EXPORT, TERMS, rating)


def test_bought_and_used():
    assert bill([(500, 200000)], 500) == (
        [
            ["trade", 500, 200000, 100000000],
            ["supply", 0, 80000, 0],
            ["penalty", 0, 100000, 0],
            ["service", 500, 2000, 1000000],
            ["network", 500, 8000, 4000000],
        ],
        105000000,
        1000,
    )


def test_sold_and_half_delivered():
    # 400 Wh sold, 200 fed in: the supplier fills the gap at its import price, 200 Wh are a broken promise.
    lines, total, rating = bill([(-300, 200000), (-100, 150000)], -200)
    assert lines == [
        ["trade", -300, 200000, -60000000],
        ["trade", -100, 150000, -15000000],
        ["supply", 200, 300000, 60000000],
        ["penalty", 200, 100000, 20000000],
        ["service", 400, 2000, 800000],
        ["network", 400, 8000, 3200000],
    ]
    assert total == 9000000
    assert rating == (7 * 1000 + 500) // 8


def test_no_award_is_the_utilitys_tariff_alone():
    for metered, price in ((700, IMPORT), (-700, EXPORT), (0, EXPORT)):
        lines, total, rating = bill([], metered, 640)
        assert [line[0] for line in lines] == ["supply", "penalty", "service", "network"]
        assert lines[0] == ["supply", metered, price, metered * price]
        assert total == metered * price
        assert rating == 640


def test_kept():
    for awarded, metered, kept in (
        (100, 100, 100),
        (100, 250, 100),
        (100, 40, 40),
        (100, 0, 0),
        (100, -50, 0),
        (-100, -100, 100),
        (-100, -250, 100),
        (-100, -40, 40),
        (-100, 50, 0),
        (0, 50, 0),
        (0, -50, 0),
    ):
        assert settlement.kept_wh(awarded, metered) == kept, (awarded, metered)


def test_the_rating_scales_the_service():
    for rating, price in ((1000, 2000), (950, 2000), (949, 2002), (500, 2900), (0, 3900)):
        assert settlement.service_price(2000, rating) == price
        assert bill([(10, 1)], 10, rating)[0][3] == ["service", 10, price, 10 * price]


def test_the_rating_follows_what_was_kept():
    assert settlement.rating_after(1000, 0, 0) == 1000
    assert settlement.rating_after(1000, 3, 3) == 1000
    assert settlement.rating_after(1000, 3, 0) == 875
    assert settlement.rating_after(0, 3, 3) == 125
    assert settlement.rating_after(800, 3, 1) == (5600 + 333) // 8
    rating = 0
    for _ in range(100):
        rating = settlement.rating_after(rating, 7, 7)
    assert 990 <= rating <= 1000


def test_nothing_is_left_over():
    homes = [bill([(500, 200000)], 620), bill([(-300, 200000)], -100, 700), bill([(-200, 200000)], -450), bill([], 90)]
    supplier, dso, market = settlement.counterparts([lines for lines, _, _ in homes])
    assert sum([total for _, total, _ in homes]) + supplier + dso + market == 0
    assert dso == -1000 * 8000
    assert market == -((500 + 200) * 2000 + 300 * 2500 + 200 * 100000)
    assert supplier == -((120 + 200 + 90) * IMPORT - 250 * EXPORT)
    assert settlement.counterparts([]) == (0, 0, 0)
