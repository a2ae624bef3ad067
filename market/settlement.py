"""What a slot costs: exact integers in nano-currency (price x Wh), and over homes, supplier, DSO and market they sum to zero.

docs/protocol.md, step 7. An amount is positive when the home pays; a is the energy awarded, m the energy metered, both in Wh
with consumption positive.
"""

FULL_RATING = 1000
PATIENCE = 12  # slots that the market waits for a meter message after a slot's end
METER_NOISE = 950  # a rating from here on pays no more for service: within 5 % is meter noise


def bill(
    fills: "list[tuple[int, int]]", metered_wh: int, import_price: int, export_price: int, terms: "dict[str, int]", rating: int
) -> "tuple[list[list[object]], int, int]":
    """Settle one home's slot.

    fills: (wh, price) of each award; terms: holds penalty, service and network (price); rating: 0..1000 before this slot.
    Returns (lines [kind, wh, price, amount], total in nano-currency, rating after the slot).
    """
    awarded = sum([wh for wh, _ in fills])
    size = abs(awarded)
    kept = kept_wh(awarded, metered_wh)
    rest = metered_wh - awarded
    lines = [_line("trade", wh, price) for wh, price in fills]
    lines.append(_line("supply", rest, import_price if rest > 0 else export_price))
    lines.append(_line("penalty", size - kept, terms["penalty"]))
    lines.append(_line("service", size, service_price(terms["service"], rating)))
    lines.append(_line("network", size, terms["network"]))
    return lines, total(lines), rating_after(rating, size, kept)


def kept_wh(awarded: int, metered: int) -> int:
    """How much of the promise the meter shows, in Wh, 0..|awarded|."""
    sign = -1 if awarded < 0 else 1
    return min(max(sign * metered, 0), sign * awarded)


def service_price(price: int, rating: int) -> int:
    """The service price of a home with this rating before the slot: up to 1.95 times `price` for one that never delivers."""
    return price * (1000 + max(0, METER_NOISE - rating)) // 1000


def rating_after(rating: int, size: int, kept: int) -> int:
    """The rating after a slot with `size` Wh promised and `kept` delivered: a mean over slots, the newest counting an eighth."""
    return (7 * rating + 1000 * kept // size) // 8 if size else rating


def total(lines: "list[list[object]]") -> int:
    """What the home pays, in nano-currency."""
    return sum([amount(line) for line in lines])


def counterparts(bills: "list[list[list[object]]]") -> "tuple[int, int, int]":
    """What (supplier, dso, market) pay for a slot, given the lines of each home's bill: with the homes' totals they sum to zero.

    The market's part is what service and penalty bring, and the trades, which are zero over all homes of a cleared slot.
    """
    sums = {"trade": 0, "supply": 0, "penalty": 0, "service": 0, "network": 0}
    for lines in bills:
        for line in lines:
            sums[str(line[0])] += amount(line)
    return -sums["supply"], -sums["network"], -(sums["service"] + sums["penalty"] + sums["trade"])


def amount(line: "list[object]") -> int:
    """The money of one line, in nano-currency."""
    found = line[3]
    assert isinstance(found, int)
    return found


def _line(kind: str, wh: int, price: int) -> "list[object]":
    return [kind, wh, price, wh * price]
