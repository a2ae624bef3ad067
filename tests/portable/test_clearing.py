"""Step 4 of docs/protocol.md in a table: books, and the price, volume and fills that every gateway must find."""

from market.clearing import clear

# (what it shows, orders, limits, (price, wh, fills))
BOOKS = (
    ("an empty book", [], [], (0, 0, [])),
    ("only buyers", [(0, [(300, 10)]), (1, [(400, 5)])], [], (0, 0, [])),
    ("only sellers", [(0, [(300, -10)])], [], (0, 0, [])),
    ("no overlap", [(0, [(200, 10)]), (1, [(201, -10)])], [], (0, 0, [])),
    ("equal prices trade", [(0, [(200, 10)]), (1, [(200, -10)])], [], (200, 10, [(0, 10), (1, -10)])),
    ("the middle, rounded down", [(0, [(203, 10)]), (1, [(200, -10)])], [], (201, 10, [(0, 10), (1, -10)])),
    ("rounded down below zero too", [(0, [(-200, 10)]), (1, [(-203, -10)])], [], (-202, 10, [(0, 10), (1, -10)])),
    ("a buyer filled in part sets the price", [(0, [(300, 10)]), (1, [(200, -4)])], [], (300, 4, [(0, 4), (1, -4)])),
    ("a seller filled in part sets the price", [(0, [(300, 4)]), (1, [(200, -10)])], [], (200, 4, [(0, 4), (1, -4)])),
    ("an unfilled buyer lifts low", [(0, [(300, 10)]), (1, [(260, 5)]), (2, [(200, -10)])], [], (280, 10, [(0, 10), (2, -10)])),
    ("an unfilled seller lowers high", [(0, [(300, 10)]), (1, [(240, -5)]), (2, [(200, -10)])], [], (220, 10, [(0, 10), (2, -10)])),
    (
        "both bounds from unfilled steps",
        [(0, [(300, 10)]), (1, [(240, 5)]), (2, [(251, -5)]), (3, [(200, -10)])],
        [],
        (245, 10, [(0, 10), (3, -10)]),
    ),
    (
        "an unfilled step at the price of a filled one binds",
        [(0, [(300, 10)]), (1, [(300, 10)]), (2, [(200, -10)])],
        [],
        (300, 10, [(0, 10), (2, -10)]),
    ),
    (
        "equal prices go by index, the last in part",
        [(2, [(300, 9)]), (0, [(300, 5)]), (1, [(200, -8)])],
        [],
        (300, 8, [(0, 5), (1, -8), (2, 3)]),
    ),
    ("sellers at a price go by index too", [(5, [(100, -9)]), (3, [(100, -5)]), (4, [(300, 8)])], [], (100, 8, [(3, -5), (4, 8), (5, -3)])),
    (
        "a better price goes before a lower index",
        [(0, [(250, 10)]), (1, [(300, 10)]), (2, [(200, -12)])],
        [],
        (250, 12, [(0, 2), (1, 10), (2, -12)]),
    ),
    (
        "the largest volume at one price on both sides",
        [(0, [(250, 10)]), (1, [(250, 10)]), (2, [(250, -15)]), (3, [(250, -15)])],
        [],
        (250, 20, [(0, 10), (1, 10), (2, -15), (3, -5)]),
    ),
    (
        "steps of one order add up",
        [(0, [(300, 5), (280, 5), (100, 5)]), (1, [(200, -7), (260, -7)])],
        [],
        (260, 10, [(0, 10), (1, -10)]),
    ),
    (
        "who buys low and sells high does one of them",
        [(0, [(200, 10), (300, -10)]), (1, [(350, 4)]), (2, [(150, -1)])],
        [],
        (300, 4, [(0, -3), (1, 4), (2, -1)]),
    ),
    ("steps of nothing do nothing", [(0, [(300, 0), (290, 10)]), (1, [(200, -10)])], [], (245, 10, [(0, 10), (1, -10)])),
    (
        "a limit keeps the dearest of a buyer's steps",
        [(0, [(220, 10), (300, 10)]), (1, [(200, -30)])],
        [(0, 12)],
        (200, 12, [(0, 12), (1, -12)]),
    ),
    (
        "what a limit cuts away sets no price",
        [(0, [(300, 10), (280, 10)]), (1, [(200, -10)])],
        [(0, 10)],
        (250, 10, [(0, 10), (1, -10)]),
    ),
    (
        "a limit keeps the cheapest of a seller's steps",
        [(0, [(250, -10), (200, -10)]), (1, [(300, 30)])],
        [(0, 15)],
        (300, 15, [(0, -15), (1, 15)]),
    ),
    (
        "a limit caps each side by itself",
        [(0, [(200, 10), (300, -10)]), (1, [(350, 20)]), (2, [(400, -1)])],
        [(0, 6)],
        (350, 6, [(0, -6), (1, 6)]),
    ),
    (
        "a limit of nothing takes the order out",
        [(0, [(300, 10)]), (1, [(200, -10)]), (2, [(250, 3)])],
        [(0, 0)],
        (200, 3, [(1, -3), (2, 3)]),
    ),
    ("of two limits the lower holds", [(0, [(300, 10)]), (1, [(200, -10)])], [(0, 4), (0, 7), (9, 1)], (200, 4, [(0, 4), (1, -4)])),
)


def test_books():
    for shows, orders, limits, result in BOOKS:
        assert clear(orders, limits) == result, (shows, clear(orders, limits))


def test_the_order_of_the_book_does_not_matter():
    for shows, orders, limits, result in BOOKS:
        turned = [(index, list(reversed(steps))) for index, steps in reversed(orders)]
        assert clear(turned, list(reversed(limits))) == result, shows


def test_arrays_of_decoded_json_are_steps():
    assert clear([[0, [[300, 10]]], [1, [[200, -10]]]], [[0, 5]]) == (200, 5, [(0, 5), (1, -5)])
