"""What homes pay, others receive: the bills of supplier, DSO and market mirror the homes' lines, so a slot sums to zero."""

RECEIVES = {
    "supplier": ("supply",),
    "dso": ("network",),
    "market": ("trade", "penalty", "service"),
}


def mirrored(bills: list[list[list[object]]]) -> dict[str, list[list[object]]]:
    """{role: lines}: for each kind a role receives and each price, ascending, the negated sum of Wh; sums of 0 Wh are left out."""
    return {role: [line for kind in kinds for line in _mirror(kind, bills)] for role, kinds in RECEIVES.items()}


def _mirror(kind: str, bills: list[list[list[object]]]) -> list[list[object]]:
    sums: dict[int, int] = {}
    for lines in bills:
        for found, wh, price, _ in lines:
            if found == kind:
                assert isinstance(wh, int) and isinstance(price, int)
                sums[price] = sums.get(price, 0) - wh
    return [[kind, sums[price], price, sums[price] * price] for price in sorted(sums) if sums[price]]
