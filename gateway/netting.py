"""Curves of one home are added before anything is traded: what one appliance wants and another gives never leaves the house.

A curve is a list of (price, wh) steps as in policies/nouns.py. Seen as demand N(price), every step is an increment of |wh| as the
price falls through it; all sells at work together are the start. Where N lies below zero the home sells, above zero it buys.
"""


def _falling(steps: "list[tuple[int, int, int]]") -> "list[tuple[int, int, int]]":
    """Steps (price, wh, owner) by falling price; at one price those that draw first, then by owner, so that every host orders alike."""
    return sorted(steps, key=lambda s: (-s[0], s[1] < 0, s[2], s[1]))


def net(curves: "list[tuple[tuple[int, int], ...]]") -> "list[tuple[int, int]]":
    """The home's own curve: steps (price, wh) where wh > 0 is bought and wh < 0 sold at the connection, price falling."""
    steps = _falling([(p, wh, i) for i, curve in enumerate(curves) for p, wh in curve])
    level = sum(wh for _, wh, _ in steps if wh < 0)
    out: "list[tuple[int, int]]" = []
    for price, wh, _ in steps:
        width = abs(wh)
        sold = min(width, -level) if level < 0 else 0
        if sold:
            out.append((price, -sold))
        if width > sold:
            out.append((price, width - sold))
        level += width
    return out


def share(curves: "list[tuple[tuple[int, int], ...]]", wanted: int, low: int, high: int) -> "tuple[list[int], int]":
    """Split `wanted` (sum over all curves, signed) among the curves at one marginal price between `low` and `high`.

    Buying at `high` or dearer is done, selling at `low` or cheaper is done, and nothing is bought below `low` or sold above `high`,
    whatever `wanted` says: there the home would rather trade with somebody else; at a tie the house serves itself.
    Returns ([amount per curve], the marginal price).
    """
    given = [sum(wh for _, wh in curve if wh < 0) for curve in curves]
    level, price = sum(given), high
    for step_price, wh, owner in _falling([(p, wh, i) for i, curve in enumerate(curves) for p, wh in curve]):
        if step_price < low or (step_price == low and wh < 0):
            continue
        surely = step_price > high or (step_price == high and wh > 0)
        take = abs(wh) if surely else min(abs(wh), wanted - level)
        if take <= 0:
            break
        given[owner] += take
        level += take
        price = min(max(step_price, low), high)
    return given, low if level < wanted else price


def bid(
    steps: "list[tuple[int, int]]", low: int, high: int, cost: int, limit_wh: int, reserve_wh: int
) -> "tuple[tuple[int, int], ...]":
    """The home's curve as an order: prices clipped to the utility's [low, high] = [export, import], which is always an alternative,
    the `cost` of trading taken off on each side, at most 16 steps, the highest buying price below the lowest selling price.

    Each side is cut to `limit_wh`, and its last `reserve_wh` are held back: with them the home makes good what it cannot foresee."""
    bought = [(min(p, high) - max(cost, 1), wh) for p, wh in steps if wh > 0 and min(p, high) - cost >= low + cost]
    # The dearest part of a curve comes last when selling: the cheapest is offered first.
    sold = [(max(p, low) + cost, wh) for p, wh in reversed(steps) if wh < 0 and max(p, low) + cost <= high - cost]
    buys, sells = _side(bought, limit_wh, reserve_wh), _side(sold, limit_wh, reserve_wh)
    return tuple(_fewer(buys, 8) + _fewer(sells, 8))


def _side(steps: "list[tuple[int, int]]", limit: int, reserve: int) -> "list[tuple[int, int]]":
    offered = sum([abs(wh) for _, wh in steps])
    return _cut(steps, min(limit, offered - min(reserve, offered * 3 // 4)))  # a quarter of what is expected is sure enough


def _cut(steps: "list[tuple[int, int]]", limit: int) -> "list[tuple[int, int]]":
    """The first steps up to `limit` in all, neighbours of one price joined."""
    out: "list[tuple[int, int]]" = []
    left = limit
    for price, wh in steps:
        part = min(abs(wh), left) * (1 if wh > 0 else -1)
        left -= abs(part)
        if not part:
            continue
        if out and out[-1][0] == price:
            part += out.pop()[1]
        out.append((price, part))
    return out


def _fewer(steps: "list[tuple[int, int]]", most: int) -> "list[tuple[int, int]]":
    """Join the two neighbours closest in price until `most` are left; the joined step takes the later, more careful price."""
    out = list(steps)
    while len(out) > most:
        gaps = [abs(out[i + 1][0] - out[i][0]) for i in range(len(out) - 1)]
        i = gaps.index(min(gaps))
        out[i : i + 2] = [(out[i + 1][0], out[i][1] + out[i + 1][1])]
    return out
