"""One price for a slot: the largest volume at a price that no limit contradicts, filled by price, then by index.

docs/protocol.md, step 4. A step is (price, wh) in micro-currency per kWh and Wh: wh > 0 buys up to wh at that price or less,
wh < 0 sells up to -wh at that price or more. Every gateway computes the same from the same book, so all is integers.
"""


def clear(
    orders: "list[tuple[int, list[tuple[int, int]]]]", limits: "list[tuple[int, int]]"
) -> "tuple[int, int, list[tuple[int, int]]]":
    """Clear a slot.

    orders: (index, steps), each index once; limits: (index, max_wh) of the DSO, which caps what that order may buy and may sell.
    Returns (price, wh traded, fills): fills are (index, wh), bought positive, by index, none of them 0. No overlap: (0, 0, []).
    The price lies between low and high, where a step filled in part counts as filled and as unfilled.
    """
    buys, sells = _sides(orders, _lowest(limits))
    bought, sold = _levels(buys, 1), _levels(sells, -1)
    wh, i, j = _cross(bought, sold)
    if not wh:
        return 0, 0, []
    buy, sell = _Margin(bought, i, wh), _Margin(sold, j, wh)
    low = sell.price if buy.unfilled is None else max(sell.price, buy.unfilled)
    high = buy.price if sell.unfilled is None else min(buy.price, sell.unfilled)
    filled: "dict[int, int]" = {}
    _fill(filled, buys, buy, 1)
    _fill(filled, sells, sell, -1)
    return (low + high) // 2, wh, [(index, filled[index]) for index in sorted(filled) if filled[index]]


class _Margin:
    """Where one side stops: the price of its last filled step, the Wh filled at that price, the best unfilled price or None.

    levels: (price, Wh) best first; at: the level that the side's last Wh came from; wh: Wh traded in all.
    """

    def __init__(self, levels: "list[tuple[int, int]]", at: int, wh: int) -> None:
        self.price, offered = levels[at]
        self.wh = wh - sum([levels[i][1] for i in range(at)])
        self.unfilled: "int | None" = None
        if self.wh < offered:
            self.unfilled = self.price
        elif at + 1 < len(levels):
            self.unfilled = levels[at + 1][0]


def _lowest(limits: "list[tuple[int, int]]") -> "dict[int, int]":
    lowest: "dict[int, int]" = {}
    for index, most in limits:
        lowest[index] = min(most, lowest.get(index, most))
    return lowest


def _sides(
    orders: "list[tuple[int, list[tuple[int, int]]]]", limits: "dict[int, int]"
) -> "tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]":
    """All steps as (price, index, Wh > 0): those that buy and those that sell, without what the limits cut away."""
    buys: "list[tuple[int, int, int]]" = []
    sells: "list[tuple[int, int, int]]" = []
    for index, steps in orders:
        if index in limits:
            steps = _capped(steps, limits[index], 1) + _capped(steps, limits[index], -1)
        for price, wh in steps:
            if wh > 0:
                buys.append((price, index, wh))
            elif wh < 0:
                sells.append((price, index, -wh))
    return buys, sells


def _capped(steps: "list[tuple[int, int]]", most: int, sign: int) -> "list[tuple[int, int]]":
    """The best-priced steps of one side (sign 1 buys, -1 sells) up to `most` Wh in all, the last one cut."""
    kept = []
    for price, wh in sorted([(-sign * price, sign * wh) for price, wh in steps if sign * wh > 0]):
        if most <= 0:
            break
        kept.append((-sign * price, sign * min(wh, most)))
        most -= wh
    return kept


def _levels(steps: "list[tuple[int, int, int]]", sign: int) -> "list[tuple[int, int]]":
    """(price, Wh of all steps at that price), best price first: the dearest for buyers (sign 1), the cheapest for sellers (-1)."""
    at: "dict[int, int]" = {}
    for price, _, wh in steps:
        at[price] = at.get(price, 0) + wh
    return [(price, at[price]) for price in sorted(at, reverse=sign > 0)]


def _cross(bought: "list[tuple[int, int]]", sold: "list[tuple[int, int]]") -> "tuple[int, int, int]":
    """Match best with best while the buyer pays what the seller asks: (Wh, level of the last bought, level of the last sold)."""
    traded = i = j = left_i = left_j = 0
    last_i = last_j = 0
    while (left_i or i < len(bought)) and (left_j or j < len(sold)):
        if not left_i:
            left_i, i = bought[i][1], i + 1
        if not left_j:
            left_j, j = sold[j][1], j + 1
        if bought[i - 1][0] < sold[j - 1][0]:
            break
        step = min(left_i, left_j)
        traded, left_i, left_j = traded + step, left_i - step, left_j - step
        last_i, last_j = i - 1, j - 1
    return traded, last_i, last_j


def _fill(filled: "dict[int, int]", steps: "list[tuple[int, int, int]]", margin: _Margin, sign: int) -> None:
    """Add to `filled` what one side trades: all that is better than the margin's price, and at it by index until it is used up."""
    at_margin = []
    for price, index, wh in steps:
        if price == margin.price:
            at_margin.append((index, wh))
        elif (price > margin.price) == (sign > 0):
            filled[index] = filled.get(index, 0) + sign * wh
    left = margin.wh
    for index, wh in sorted(at_margin):
        filled[index] = filled.get(index, 0) + sign * min(wh, left)
        left -= min(wh, left)
