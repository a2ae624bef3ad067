"""The whole market without a network: a record that the independent reader believes, whatever is killed whenever."""

import json
from collections import Counter

import independent_reader
import pytest
from sans_io_street import SLOT, START, WAYS, Home, Street, signer


def homes():
    """A seller, a buyer, and one that promises more than it delivers."""
    return [Home(1, 100000, -400), Home(2, 250000, 300), Home(3, 200000, 200, deliver=lambda wh: wh * 3 // 4 + 20)]


def payloads(street, kind):
    found = {row["payload"]: None for row in street.broker.record if row["payload"]}
    decoded = [json.loads(independent_reader.unb64(jws.split(".")[1])) for jws in found]
    return [p for p in decoded if p["type"] == kind]


def test_an_evening_is_verified_by_the_independent_reader() -> None:
    street = Street(homes()).run(16 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    clears = payloads(street, "clear")
    assert len(clears) >= 14 and all(c["wh"] == 400 for c in clears[5:])
    bills = payloads(street, "bill")
    assert sum(b["total"] for b in bills) == 0
    assert Counter(b["slot"] for b in bills)[clears[5]["slot"]] == 6
    rated = [b["rating"] for b in bills if b["awarded_wh"] == 100 and b["from"] == signer("market").kid]
    assert rated and rated[-1] < 1000
    assert all(row["retained"] is False for row in street.broker.record)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("roles", "stride"), [(("market",), 5), (("dso", "supplier", "registrar"), 3)])
def test_killed_at_every_batch_it_loses_and_doubles_nothing(roles: tuple[str, ...], stride: int, way: str) -> None:
    """Each batch is a killing point in one of the runs; a run is killed at every `stride`th batch of each role."""
    calm = Street(homes()).run(6 * SLOT, beat=20)
    clears = {c["slot"]: c["wh"] for c in payloads(calm, "clear")}
    assert sum(clears.values()) > 1000
    for first in range(1, stride + 1):
        plan = dict.fromkeys(range(first, 10000, stride), way)
        street = Street(homes(), dict.fromkeys(roles, plan)).run(6 * SLOT, beat=20)
        assert street.office(roles[0]).kills > calm.office(roles[0]).batches // (stride + 2)
        assert independent_reader.read(street.broker.lines()) == []
        assert {c["slot"]: c["wh"] for c in payloads(street, "clear")} == clears
        assert len(payloads(street, "bill")) == len(payloads(calm, "bill"))
        assert sum(b["total"] for b in payloads(street, "bill")) == 0


def test_a_silent_grid_operator_or_a_late_market_makes_the_slot_void_for_all() -> None:
    street = Street(homes())
    street.down = {"dso": lambda now: now > START + 5 * SLOT, "market": lambda now: START + 8 * SLOT - 200 < now < START + 8 * SLOT + 20}
    street.run(12 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    clears = {c["slot"]: c for c in payloads(street, "clear")}
    void = clears[START + 7 * SLOT]
    assert (void["price"], void["wh"]) == (0, 0) and void["at"] == void["slot"]
    late = clears[START + 8 * SLOT]
    assert (late["price"], late["wh"]) == (0, 0) and late["at"] == late["slot"] + 20
    awards = [a for a in payloads(street, "award") if a["slot"] == late["slot"]]
    assert len(awards) == 3 and all(row[2] == 0 for a in awards for row in a["fills"])


def test_after_a_long_outage_the_market_skips_what_nobody_waits_for() -> None:
    street = Street(homes())
    street.down = {"market": lambda now: START + 6 * SLOT < now < START + 30 * SLOT}
    street.run(33 * SLOT, beat=60)
    assert independent_reader.read(street.broker.lines()) == []
    books = [b["slot"] for b in payloads(street, "book")]
    assert len(books) == len(set(books)) and max(books) >= START + 32 * SLOT
    assert START + 20 * SLOT not in books


def test_a_home_that_misses_its_meter_is_billed_without_and_catches_up() -> None:
    street = Street(homes())
    lazy = street.homes[2]
    lazy.off = (START + 6 * SLOT, START + 7 * SLOT)
    street.run(11 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    bills = {b["slot"]: b for b in payloads(street, "bill") if b["rating"] != 1000 and b["awarded_wh"] == 100}
    missed = bills[START + 6 * SLOT]
    assert missed["metered_wh"] == 0 and ["penalty", 100, 100000, 10000000] in missed["lines"]
    assert bills[START + 8 * SLOT]["metered_wh"] == 95
    assert bills[START + 8 * SLOT]["rating"] < bills[START + 5 * SLOT]["rating"]


def test_a_dark_home_holds_the_bills_up_for_twelve_slots_only() -> None:
    street = Street(homes())
    street.homes[2].off = range(START + 4 * SLOT, START + 99 * SLOT, SLOT)
    street.run(20 * SLOT, beat=60)
    assert independent_reader.read(street.broker.lines()) == []
    last = max(b["slot"] for b in payloads(street, "bill") if b["at"] <= START + 16 * SLOT)
    assert last == START + 3 * SLOT
    assert min(b["at"] for b in payloads(street, "bill") if b["slot"] == START + 4 * SLOT) == START + 17 * SLOT


def test_a_narrow_line_limits_the_order_that_came_last() -> None:
    street = Street(homes(), lines=[("n0", "", 20, 5, 50000), ("n1", "n0", 20, 5, 3000), ("n2", "n1", 20, 5, 50000)]).run(7 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    congested = [d for d in payloads(street, "dso") if d["state"] == "congested"]
    assert congested and all(d["limits"] == [[2, 0]] or d["limits"][0][1] < 300 for d in congested)


def test_what_a_gateway_missed_comes_again_in_the_same_bytes() -> None:
    street = Street(homes()).run(6 * SLOT)
    home, before = street.homes[0], len(street.broker.record)
    street.run(300)
    again = [row for row in street.broker.record[before:] if row["topic"].startswith(home.topic(""))]
    known = {row["payload"] for row in street.broker.record[:before]}
    assert sum(row["payload"] in known for row in again) > 10


def test_retained_messages_are_cleared_after_seven_days_and_memory_stays_bounded() -> None:
    street = Street(homes()).run(4 * SLOT)
    early = [topic for topic in street.broker.retained if "/slot/" in topic]
    assert early
    street.homes[:] = []
    for _ in range(8 * 24):
        street.now += 3600
        street.beat()
    assert not set(early) & set(street.broker.retained)
    market = street.office("market")
    assert "" in [row["payload"] for row in street.broker.record]
    assert min(letter.slot or START for letter in market.office.book.letters.values()) >= START
    street.run(60)
    assert all(doc["data"] for doc in market.tables["letter"].values())
    assert not market.tables["order"]
