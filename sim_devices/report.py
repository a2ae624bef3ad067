"""The demo's last word: what each home traded and paid, what it would have paid alone, and which of the checks hold."""

from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.table import Table

from sim_devices.twin import Outcome
from sim_devices.watch import HomeTotals

NANO = 1_000_000_000
CENT = NANO // 100  # two runs of the same home differ by this: processes answer a moment sooner or later
SPARE_WH = 10  # alone, a home that gives or draws less than this in a slot is in balance


@dataclass(frozen=True)
class Row:
    """One home. met: its evening on the market; alone: the same without; unverified: {slot: findings} of what did not verify."""

    name: str
    totals: HomeTotals
    met: Outcome
    alone: Outcome
    verified: int
    unverified: dict[int, list[str]]


@dataclass(frozen=True)
class Check:
    """One line of the verdict. binding: without it the demo has failed; the others are what a street may expect on a fair evening."""

    text: str
    holds: bool
    why: str = ""
    binding: bool = False


def chances(rows: list[Row]) -> list[bool]:
    """For each slot, whether without a market one home would have had surplus while another was in need."""
    slots = list(zip(*(row.alone.nets for row in rows), strict=True))
    return [min(nets) <= -SPARE_WH and max(nets) >= SPARE_WH for nets in slots]


def checks(rows: list[Row], unbalanced: list[int], slots: int, traded: list[bool]) -> list[Check]:
    """All that must hold for the demo to end well. traded: for each slot, whether energy was awarded."""
    behind = [f"{row.name} verified {row.verified} of {slots}{_first(row.unverified)}" for row in rows if row.verified < slots]
    dearer = [f"{row.name} pays {euro(row.met.net - row.alone.net)} more" for row in rows if row.met.net > row.alone.net + CENT]
    met, alone = (sum(getattr(row, side).net for row in rows) for side in ("met", "alone"))
    promised, delivered = (sum(getattr(row.totals, what) for row in rows) for what in ("promised", "delivered"))
    asked = [was for was, chance in zip(traded, chances(rows), strict=True) if chance]
    text = f"awards in {sum(asked)} of {len(asked)} slots in which one home had surplus and another need: at least 80 %"
    return [
        Check(text, 100 * sum(asked) >= 80 * len(asked)),
        Check("all bills of every slot sum to zero", not unbalanced, f"not those of {unbalanced[:3]}" if unbalanced else "", True),
        Check(f"every gateway verified every one of {slots} slots", not behind, "; ".join(behind), True),
        Check("at least 95 % of what was promised was delivered", 100 * delivered >= 95 * promised),
        Check(f"the street pays {euro(alone - met)} less than without the market", met < alone or not promised),
        Check("no home pays more than without the market, give or take a cent", not dearer, "; ".join(dearer)),
    ]


def _first(unverified: dict[int, list[str]]) -> str:
    return "".join(f": slot {slot}: {findings[0]}" for slot, findings in list(unverified.items())[:1])


def tables(rows: list[Row]) -> list[Table]:
    """Energy and money, one line a home, and their sum; they fit 80 columns."""
    energy = _table("kWh", ("street\nbought", "\nsold", "utility\nbought", "\nsold", "\npromised", "\ndelivered", "\n%"))
    money = _table("EUR", ("traded\nevening", "\nits night", "alone:\nevening", "\nits night", "kWh more\nstored", "\nsaved"))
    for row in rows:
        energy.add_row(row.name, *_energies(row.totals))
        money.add_row(row.name, *_money([row]))
    energy.add_section()
    money.add_section()
    energy.add_row("all", *_energies(_sum([row.totals for row in rows])))
    money.add_row("all", *_money(rows))
    money.caption = "Both nights are lived alone until 7:00, when the car is ready. A kWh more in battery or tank then counts 0.19 EUR."
    return [energy, money]


def _table(unit: str, heads: tuple[str, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, caption_justify="left")
    table.add_column(f"\n{unit}")
    for head in heads:
        table.add_column(head, justify="right")
    return table


def _energies(totals: HomeTotals) -> list[str]:
    flows = [totals.bought, totals.sold, totals.imported, totals.exported, totals.promised, totals.delivered]
    share = f"{100 * totals.delivered / totals.promised:.1f}" if totals.promised else "-"
    return [f"{wh / 1000:.2f}" for wh in flows] + [share]


def _money(rows: list[Row]) -> list[str]:
    """Saved: with what is left in the stores set right."""
    paid = [sum(p) for p in zip(*((r.met.cost, r.met.night, r.alone.cost, r.alone.night) for r in rows), strict=True)]
    saved = sum(r.alone.net - r.met.net for r in rows)
    stored = sum(_gain(r.met, "stored_wh") - _gain(r.alone, "stored_wh") for r in rows)
    return [*map(euro, paid), f"{round(stored / 1000, 2) + 0.0:+.2f}", euro(saved)]


def _gain(outcome: Outcome, what: str) -> float:
    gained: float = getattr(outcome.after, what) - getattr(outcome.before, what)
    return gained


def _sum(totals: list[HomeTotals]) -> HomeTotals:
    return HomeTotals(*(sum(getattr(t, name) for t in totals) for name in vars(HomeTotals())))


def euro(nano: int) -> str:
    """Money as people write it."""
    return f"{round(nano / NANO, 3) + 0.0:.3f}"  # + 0.0: no "-0.000"
