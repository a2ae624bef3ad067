"""What the log says of a slot: sentences for an owner, from integers."""

from market.lent import Payload


def clock(at: int) -> str:
    """"16:35" in UTC."""
    return "%02d:%02d" % (at % 86400 // 3600, at % 3600 // 60)


def money(nano: int) -> str:
    """Nano-currency with four places."""
    return "%s%d.%04d" % ("-" if nano < 0 else "", abs(nano) // 10**9, abs(nano) % 10**9 // 10**5)


def price(micro: int) -> str:
    """Micro-currency per kWh with four places."""
    return "%s%d.%04d" % ("-" if micro < 0 else "", abs(micro) // 10**6, abs(micro) % 10**6 // 100)


def settled(slot: int, bill: Payload, findings: "list[str]") -> str:
    """One sentence on a slot that is over."""
    awarded = bill["awarded_wh"]
    prices = [line[2] for line in bill["lines"] if line[0] == "trade"]
    traded = "traded nothing"
    if awarded:
        traded = "%s %d Wh at %s" % ("bought" if awarded > 0 else "sold", abs(awarded), price(prices[0]))
    verdict = "not verified: " + "; ".join(findings) if findings else "verified"
    return "Slot %s UTC: %s, metered %d Wh, bill %s, %s." % (clock(slot), traded, bill["metered_wh"], money(bill["total"]), verdict)


def bidding(slot: int, steps: "tuple[tuple[int, int], ...]", whys: "list[tuple[str, str]]") -> str:
    """One sentence on a bid, and why."""
    wants = ["%s %d Wh at %s" % ("buy" if wh > 0 else "sell", abs(wh), price(p)) for p, wh in steps]
    reasons = ["%s: %s" % pair for pair in whys]
    return "Slot %s UTC: bids to %s. Why: %s." % (clock(slot), ", ".join(wants), "; ".join(reasons))
