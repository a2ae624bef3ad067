"""The utility's prices as published: what no street price may be worse than."""

from policies.nouns import Rate

AHEAD_S = 86400


class Tariff:
    """Rows by slot. fixed: (import, export) price of a home without a market, or None."""

    def __init__(self, fixed: "tuple[int, int] | None") -> None:
        self.fixed = fixed
        self.rows: "dict[int, tuple[int, int]]" = {}
        self._rates: "tuple[Rate, ...]" = ()

    def publish(self, rows: "list[list[int]]") -> None:
        """Take the supplier's rows [slot, import, export]; they are added to what was published before, for bills come later."""
        for slot, buy, sell in rows:
            self.rows[slot] = (buy, sell)
        newest = max(self.rows, default=0)
        self.rows = {s: row for s, row in self.rows.items() if s > newest - 3 * AHEAD_S}
        self._rates = ()

    def published(self) -> "list[list[int]]":
        """All rows that are still of use, as `publish` takes them."""
        return [[slot, self.rows[slot][0], self.rows[slot][1]] for slot in sorted(self.rows)]

    def at(self, slot: int) -> "Rate | None":
        """The rate of one slot; None while it is not published."""
        row = self.fixed if self.fixed else self.rows.get(slot)
        return Rate(slot, row[0], row[1]) if row else None

    def rates(self, start: int, seconds: int) -> "tuple[Rate, ...]":
        """The rates from the slot `start` on, a day ahead or as far as published."""
        if self._rates and self._rates[0].start == start:
            return self._rates
        known = []
        for slot in range(start, start + AHEAD_S, seconds):
            rate = self.at(slot)
            if rate is None:
                break
            known.append(rate)
        self._rates = tuple(known)
        return self._rates
