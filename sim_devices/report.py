"""The demo's last word: what each home traded and paid, what it would have paid alone, and which of the checks hold."""

from dataclasses import dataclass

from rich.table import Table

from sim_devices.twin import Outcome
from sim_devices.watch import HomeTotals

NANO = 1_000_000_000


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
    """One line of the verdict."""

    text: str
    holds: bool
    why: str = ""


def checks(rows: list[Row], unbalanced: list[int], slots: int) -> list[Check]:
    """All that must hold for the demo to end well."""
    behind = [f"{row.name} verified {row.verified} of {slots}{_first(row.unverified)}" for row in rows if row.verified < slots]
    dearer = [f"{row.name} pays {euro(row.met.net - row.alone.net)} more" for row in rows if row.met.net > row.alone.net]
    met, alone = (sum(getattr(row, side).net for row in rows) for side in ("met", "alone"))
    promised, delivered = (sum(getattr(row.totals, what) for row in rows) for what in ("promised", "delivered"))
    return [
        Check("all bills of every slot sum to zero", not unbalanced, f"not those of {unbalanced[:3]}" if unbalanced else ""),
        Check(f"every gateway verified every one of {slots} slots", not behind, "; ".join(behind)),
        Check("energy was traded, and at least 95 % of what was promised was delivered", 100 * delivered >= 95 * promised > 0),
        Check(f"the street pays {euro(alone - met)} less than without the market", met < alone or not promised),
        Check("no home pays more than without the market", not dearer, "; ".join(dearer)),
    ]


def _first(unverified: dict[int, list[str]]) -> str:
    return "".join(f": slot {slot}: {findings[0]}" for slot, findings in list(unverified.items())[:1])


def table(rows: list[Row], caption: str) -> Table:
    """One line a home, and their sum."""
    out = Table(title="The evening, home by home", caption=caption, title_justify="left", caption_justify="left")
    out.add_column("")
    for head in ("street kWh\nbought", "\nsold", "utility kWh\nbought", "\nsold", "promised\nkWh", "delivered\nkWh", "\n%"):
        out.add_column(head, justify="right")
    for head in ("paid EUR\non the street", "without\nthe market", "saved\nEUR", "stored\nkWh more", "car\nkWh more"):
        out.add_column(head, justify="right")
    for row in rows:
        out.add_row(row.name, *_energies(row.totals), *_money([row]))
    out.add_section()
    out.add_row("all", *_energies(_sum([row.totals for row in rows])), *_money(rows))
    return out


def _energies(totals: HomeTotals) -> list[str]:
    flows = [totals.bought, totals.sold, totals.imported, totals.exported, totals.promised, totals.delivered]
    share = f"{100 * totals.delivered / totals.promised:.1f}" if totals.promised else "-"
    return [f"{wh / 1000:.2f}" for wh in flows] + [share]


def _money(rows: list[Row]) -> list[str]:
    """Saved: with stores and cars set right, so it is not the difference of the two columns before it."""
    met, alone = sum(r.met.cost for r in rows), sum(r.alone.cost for r in rows)
    saved = sum(r.alone.net - r.met.net for r in rows)
    stored = sum(_gain(r.met, "stored_wh") - _gain(r.alone, "stored_wh") for r in rows)
    driven = sum(_gain(r.met, "driven_wh") - _gain(r.alone, "driven_wh") for r in rows)
    return [euro(met), euro(alone), euro(saved), f"{stored / 1000:+.2f}", f"{driven / 1000:+.2f}"]


def _gain(outcome: Outcome, what: str) -> float:
    gained: float = getattr(outcome.after, what) - getattr(outcome.before, what)
    return gained


def _sum(totals: list[HomeTotals]) -> HomeTotals:
    return HomeTotals(*(sum(getattr(t, name) for t in totals) for name in vars(HomeTotals())))


def euro(nano: int) -> str:
    """Money as people write it."""
    return f"{nano / NANO:.3f}"
