"""One price for a slot: the largest volume at a price that no limit contradicts, filled by price, then by index.

docs/protocol.md, step 4. A step is (price, wh) in micro-currency per kWh and Wh: wh > 0 buys up to wh at that price or less,
wh < 0 sells up to -wh at that price or more. Every gateway computes the same from the same book, so all is integers.

Inside, a step is (rank, index, wh) with wh > 0, where the rank of a buying step is its price and that of a selling step its
price negated: on both sides the higher rank trades first.
"""


def clear(
    orders: "list[tuple[int, list[tuple[int, int]]]]", limits: "list[tuple[int, int]]"
) -> "tuple[int, int, list[tuple[int, int]]]":
    """Clear a slot.

    orders: (index, steps), each index once; limits: (index, max_wh) of the DSO, which caps what that order may buy and may sell.
    Returns (price, wh traded, fills): fills are (index, wh), bought positive, by index, none of them 0. No overlap: (0, 0, []).
    Linear in the steps but for the sorting of the fills: each bisection of the price looks only at the steps that remain open.
    """
    buys, sells = _sides(orders, _lowest(limits))
    if not buys or not sells or _best(buys) < -_best(sells):
        return 0, 0, []
    price, demand, supply = _cross(buys, sells)
    wh = max(demand, supply)
    buyers = _Side(buys, price, wh - demand)
    sellers = _Side(sells, -price - 1, wh - supply)
    low = -sellers.worst_filled if buyers.best_unfilled is None else max(-sellers.worst_filled, buyers.best_unfilled)
    high = buyers.worst_filled if sellers.best_unfilled is None else min(buyers.worst_filled, -sellers.best_unfilled)
    return (low + high) // 2, wh, _fills(buyers.filled, sellers.filled)


def _lowest(limits: "list[tuple[int, int]]") -> "dict[int, int]":
    lowest: "dict[int, int]" = {}
    for index, most in limits:
        lowest[index] = min(most, lowest.get(index, most))
    return lowest


def _sides(
    orders: "list[tuple[int, list[tuple[int, int]]]]", limits: "dict[int, int]"
) -> "tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]":
    """All steps that buy and all that sell, without what the limits cut away."""
    buys: "list[tuple[int, int, int]]" = []
    sells: "list[tuple[int, int, int]]" = []
    for index, steps in orders:
        if index in limits:
            steps = _capped(steps, limits[index], 1) + _capped(steps, limits[index], -1)
        for price, wh in steps:
            if wh > 0:
                buys.append((price, index, wh))
            elif wh < 0:
                sells.append((-price, index, -wh))
    return buys, sells


def _capped(steps: "list[tuple[int, int]]", most: int, sign: int) -> "list[tuple[int, int]]":
    """One order's steps that buy (sign 1) or sell (-1), the best-priced up to `most` Wh in all, the last one cut."""
    kept = []
    for rank, wh in sorted([(sign * price, sign * wh) for price, wh in steps if sign * wh > 0], reverse=True):
        if most <= 0:
            break
        kept.append((sign * rank, sign * min(wh, most)))
        most -= wh
    return kept


def _best(steps: "list[tuple[int, int, int]]") -> int:
    return max([rank for rank, _, _ in steps])


def _cross(buys: "list[tuple[int, int, int]]", sells: "list[tuple[int, int, int]]") -> "tuple[int, int, int]":
    """Bisect for the highest price p at which the demand D(p) covers the supply S(p). Returns (p, D(p + 1), S(p)).

    D falls and S rises with the price, so min(D, S) is S(p) at p and below, D(p + 1) above it: the larger of both is the volume.
    """
    low, high = -_best(sells) - 1, _best(buys) + 1  # S(low) = 0 and D(high) = 0
    demand = supply = 0
    while high - low > 1:
        price = (low + high) // 2
        wanted = demand + sum([wh for rank, _, wh in buys if rank >= price])
        offered = supply + sum([wh for rank, _, wh in sells if rank >= -price])
        if wanted >= offered:
            low, supply = price, offered
            buys = [step for step in buys if step[0] > price]
            sells = [step for step in sells if step[0] < -price]
        else:
            high, demand = price, wanted
            buys = [step for step in buys if step[0] < price]
            sells = [step for step in sells if step[0] > -price]
    return low, demand, supply


class _Side:
    """What one side trades: every step above the rank `cut`, and at it, by index, `rest` Wh.

    filled: (index, wh) of all steps filled, the last perhaps in part; worst_filled: their lowest rank; best_unfilled: the highest
    rank that has a part unfilled, or None. A step filled in part counts for both.
    """

    def __init__(self, steps: "list[tuple[int, int, int]]", cut: int, rest: int) -> None:
        above = [step for step in steps if step[0] > cut]
        at_cut = [(index, wh) for rank, index, wh in steps if rank == cut]
        below = [rank for rank, _, _ in steps if rank < cut]
        self.worst_filled = cut if rest else min([rank for rank, _, _ in above])
        self.best_unfilled = cut if sum([wh for _, wh in at_cut]) > rest else max(below) if below else None
        self.filled = [(index, wh) for _, index, wh in above]
        for index, wh in sorted(at_cut):
            if rest:
                self.filled.append((index, min(wh, rest)))
                rest -= min(wh, rest)


def _fills(bought: "list[tuple[int, int]]", sold: "list[tuple[int, int]]") -> "list[tuple[int, int]]":
    """The Wh of each order, sold negative, by index."""
    sums: "dict[int, int]" = {}
    for index, wh in bought:
        sums[index] = sums.get(index, 0) + wh
    for index, wh in sold:
        sums[index] = sums.get(index, 0) - wh
    return [(index, sums[index]) for index in sorted(sums) if sums[index]]
