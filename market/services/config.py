"""market.toml as a checked setup: what is returned can be run, what cannot be run is refused with every reason at once."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gateway.host.config import Findings, Other, Said, Where, broker_at, decode_toml, near
from gateway.host.link import Broker
from market import envelope
from market.feeder import Feeder
from market.nouns import Refused
from market.services.letters import DAY
from market.services.market_file import LineSection, MarketFile, MarketSection, MemberSection, TariffSection, TermsSection
from market.services.offices import ROLES, officers
from market.services.registrar import Member, keys_bytes
from market.services.supplier import Row

log = logging.getLogger("elecbay.market")
HOME_TOML = Other("home.toml", "home", "tariff", "here the operator's market.toml is wanted; `elecbay check {path}` looks at the owner's")


@dataclass(frozen=True)
class MarketSetup:
    """All that `run` needs. simulation: {} or start, rate, wall for the clock; gateways: rows for the registrar."""

    name: str
    state: Path
    broker: Broker
    terms: "dict[str, Any]"
    daily: "list[Row]"
    gateways: "list[Member]"
    grid: Feeder
    simulation: "dict[str, float]"


def load(path: "Path | str") -> MarketSetup:
    """The setup in `path`, or config.BadConfig with everything that is wrong in it."""
    held, findings = decode_toml(path, MarketFile, HOME_TOML)
    broker = broker_at(findings, held.market, ("market",)) if isinstance(held.market, MarketSection) else None
    _check_terms(findings, held.terms)
    daily = _daily(findings, held.tariff) if isinstance(held.tariff, TariffSection) else []
    lines = _sound(held.line, LineSection)
    grid = _grid(findings, lines)
    gateways = _gateways(findings, _sound(held.member, MemberSection), {line.node for line in lines})
    if isinstance(held.market, MarketSection) and isinstance(held.market.name, str):
        _check_keys(findings, held.market.name, gateways)
    findings.done()
    if not gateways:
        log.warning("%s: there is no [[member]], so nobody can trade: add one for each gateway, with its x", path)
    assert broker is not None
    assert grid is not None
    return MarketSetup(
        name=held.market.name,
        state=Path(path).parent / held.market.state,
        broker=broker,
        terms={"mechanism": "auction", **msgspec.structs.asdict(held.terms)},
        daily=daily,
        gateways=gateways,
        grid=grid,
        simulation={k: v for k, v in msgspec.structs.asdict(held.simulation).items() if v is not None} if held.simulation else {},
    )


def _sound(rows: Any, kind: Any) -> "list[Any]":
    """The rows without a finding."""
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, kind) and msgspec.UNSET not in msgspec.structs.astuple(row)]


def _check_terms(findings: Findings, terms: TermsSection) -> None:
    if not isinstance(terms, TermsSection) or msgspec.UNSET in msgspec.structs.astuple(terms):
        return
    if terms.gate_before > terms.open_before:
        findings.add(("terms", "gate_before"), terms.gate_before, f"the book opens only {terms.open_before} s before: give less than that")
    if terms.open_before > DAY:
        findings.add(("terms", "open_before"), terms.open_before, f"give at most {DAY}: receipts are remembered for two days")
    if terms.price_min > terms.price_max:
        findings.add(("terms", "price_min"), terms.price_min, f"give at most price_max, which is {terms.price_max}")
    if DAY % terms.slot_seconds:
        findings.add(("terms", "slot_seconds"), terms.slot_seconds, "a day must be whole slots: 300, 900, 1800 or 3600")


def _daily(findings: Findings, tariff: TariffSection) -> "list[Row]":
    """The supplier's day, in order; [] when it has no sound row."""
    if not tariff.rows:
        if tariff.import_price is None or tariff.export_price is None:
            findings.add(("tariff",), tariff.rows, "give import_price and export_price, or rows")
            return []
        _check_spread(findings, ("tariff", "import_price"), tariff.import_price, tariff.export_price)
        return [(0, tariff.import_price, tariff.export_price)]
    rows = []
    for i, row in enumerate(tariff.rows):
        if not isinstance(row, tuple):  # UNSET: it has its finding
            continue
        clock, bought, sold = row
        _check_spread(findings, ("tariff", "rows", i), bought, sold)
        hours, _, minutes = clock.partition(":")
        if not (hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
            findings.add(("tariff", "rows", i), clock, 'write the time as "HH:MM" in UTC')
            continue
        rows.append((int(hours) * 3600 + int(minutes) * 60, bought, sold))
    if len(rows) == len(tariff.rows) and min(rows)[0] != 0:
        findings.add(("tariff", "rows", 0), tariff.rows[0][0], 'let the first row begin at "00:00"')
    return sorted(rows)


def _check_spread(findings: Findings, where: Where, bought: int, sold: int) -> None:
    if bought <= sold:
        remedy = f"the import price must lie above the export price, here {sold}: between the two the street trades"
        findings.add(where, bought, remedy)


def _grid(findings: Findings, lines: "list[LineSection]") -> "Feeder | None":
    try:
        return Feeder([(line.node, line.parent, line.r_mohm, line.x_mohm, line.max_w) for line in lines])
    except ValueError as error:
        findings.add(("line",), len(lines), f"{error}: let the lines form a tree below the transformer, whose name is empty")
        return None


def _gateways(findings: Findings, members: "list[MemberSection]", nodes: "set[str]") -> "list[Member]":
    rows: list[Member] = []
    for i, member in enumerate(members):
        kid = _kid(member.x)
        if not kid:
            findings.add(("member", i, "x"), member.x, "write the gateway's x as `elecbay keys show` prints it: 43 characters of base64url")
        elif kid in [row[0] for row in rows]:
            findings.add(("member", i, "x"), member.x, "another member has this key: each gateway makes its own")
        if member.node not in nodes:
            findings.add(("member", i, "node"), member.node, "no line leads there; " + near(member.node, nodes))
        rows.append((kid, member.x, "gateway", member.meter, member.node))
    return rows


def _check_keys(findings: Findings, market: str, gateways: "list[Member]") -> None:
    """All members stand in one message, which must not be too large to be read."""
    known = [row for row in gateways if row[0]]
    size = keys_bytes(market, known + officers(dict.fromkeys(ROLES, bytes(32))))
    if size > envelope.MESSAGE_BYTES:
        found = Said(f"{len(known)} members make a list of {size} bytes, a message has at most {envelope.MESSAGE_BYTES}")
        findings.add(("member",), found, "give meters and nodes shorter names, or make a second market")


def _kid(x: str) -> str:
    try:
        public = envelope.unb64url(x)
    except (Refused, ValueError):
        return ""
    return envelope.kid(public) if len(public) == 32 else ""
