"""The whole market without a network: a record that the independent reader believes, whatever is killed whenever."""

import json
from collections import Counter

import independent_reader
import pytest
from sans_io_street import SLOT, START, TERMS, WAYS, Home, Street, signer, t

from market.services.letters import DAY
from market.services.offices import ROLES

LONG = {**TERMS, "slot_seconds": 1800, "open_before": 7200, "gate_before": 600}


def homes(terms=TERMS):
    """A seller, a buyer, and one that promises more than it delivers."""
    lazy = Home(3, 200000, 200, lambda wh: wh * 3 // 4 + 20, terms)
    return [Home(1, 100000, -400, terms=terms), Home(2, 250000, 300, terms=terms), lazy]


def away(street, seconds, beat, roles=ROLES):
    """The market's machine is off; the homes live on, and what they send is lost."""
    street.down = dict.fromkeys(roles, lambda now: True)
    street.run(seconds, beat)
    street.down = {}
    for role in roles:
        street.office(role).restart(street.now)
    street.settle()


def billed(street, home):
    """{slot: bill} of one home."""
    return {slot: json.loads(independent_reader.unb64(jws.decode().split(".")[1])) for slot, jws in home.bills.items()}


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
    letters = market.office.book.letters.values()
    assert min(letter.slot for letter in letters if letter.slot) > street.now - 8 * DAY
    assert {letter.kind for letter in letters} == {"terms", "book", "clear"}
    supplied = street.office("supplier").office.book.of_slot("tariff", 0)
    assert 1 < len(supplied) < 20 and supplied[0].payload["at"] > street.now - 8 * DAY
    street.run(60)
    assert all(doc["data"] for doc in market.tables["letter"].values())
    assert not market.tables["order"]


def test_slots_of_half_an_hour() -> None:
    street = Street(homes(LONG), terms=LONG).run(9 * 1800, beat=60)
    assert independent_reader.read(street.broker.lines()) == []
    clears = payloads(street, "clear")
    assert len(clears) >= 8 and all(c["wh"] == 400 for c in clears[5:])
    assert all(set(range(START + 1800, START + 7 * 1800, 1800)) <= set(home.bills) for home in street.homes)


@pytest.mark.parametrize("hours", [7, 90])
def test_after_an_outage_of_any_length_every_slot_is_billed(hours: int) -> None:
    """Longer than the patience, longer than the tariff's horizon, and than twice that: the supplier prices what it missed."""
    street = Street(homes(LONG), terms=LONG).run(4 * 1800, beat=60)
    away(street, hours * 3600, 600)
    street.run(4 * 1800, beat=60)
    assert independent_reader.read(street.broker.lines()) == []
    slots = range(START + 1800, street.now - 2 * 1800, 1800)
    assert all(set(home.bills) >= set(slots) for home in street.homes)
    rows = [row[0] for tariff in payloads(street, "tariff") for row in tariff["rows"]]
    assert sorted(set(rows)) == list(range(START, max(rows) + 1, 1800))
    assert all(len(tariff["rows"]) <= 300 for tariff in payloads(street, "tariff"))
    assert sum(b["total"] for b in payloads(street, "bill")) == 0
    assert payloads(street, "clear")[-1]["wh"] == 400


def test_a_gap_of_many_rows_comes_in_several_messages_oldest_first() -> None:
    street = Street([]).run(60)
    street.now += 5 * DAY
    street.office("supplier").restart(street.now)
    street.run(20)
    tariffs = [[row[0] for row in tariff["rows"]] for tariff in payloads(street, "tariff")]
    assert [len(rows) for rows in tariffs] == [300, 300, 300, 300, 240, 300]
    missed = [slot for rows in tariffs[:-1] for slot in rows]
    assert missed == list(range(START, missed[-1] + 1, SLOT)) and missed[-1] < tariffs[-1][0] <= street.now
    assert tariffs[-1][0] == missed[-1] + SLOT
    assert json.loads(independent_reader.unb64(street.broker.retained[t("tariff")].decode().split(".")[1]))["rows"][0][0] == tariffs[-1][0]


def test_a_slot_without_a_price_that_nobody_has_a_bill_for_holds_nothing_up() -> None:
    street = Street(homes()).run(3 * SLOT)
    market = street.office("market")
    living, street.homes = street.homes, []
    street.run(SLOT)
    market.tables["prices"] = {}  # and the supplier lost its store too
    street.office("supplier").tables = {}
    street.now += 3 * DAY
    for office in street.offices:
        office.restart(street.now)
    street.run(2 * SLOT)
    street.homes = [Home(1, 100000, -400), Home(2, 250000, 300)]
    for home, before in zip(street.homes, living, strict=False):
        home.registers, home.prev = before.registers, before.prev
    street.run(16 * SLOT)
    assert all(max(home.bills) >= street.now - 3 * SLOT for home in street.homes)


@pytest.mark.parametrize("left", [150, 20, 10])
def test_a_market_that_comes_back_late_in_a_slot(left: int) -> None:
    street = Street(homes()).run(5 * SLOT)
    away(street, 4 * SLOT - left, 10)
    street.run(8 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    last = START + 8 * SLOT  # the slot that it comes back in
    assert all(set(home.bills) >= set(range(START + SLOT, START + 14 * SLOT, SLOT)) for home in street.homes)
    assert [c["wh"] for c in payloads(street, "clear") if c["slot"] == last] == [0]
    assert payloads(street, "clear")[-1]["wh"] == 400


@pytest.mark.parametrize("by", [-4 * SLOT, -130, 130, 20 * SLOT])
def test_when_the_markets_clock_was_wrong_for_a_while_nothing_stands_twice(by: int) -> None:
    street = Street(homes()).run(6 * SLOT)
    for office in street.offices:
        office.call = lambda now, what, *args, call=office.call: call(now + by, what, *args)
    street.run(60)
    for office in street.offices:
        del office.call
    street.run((8 + max(by, 0) // SLOT) * SLOT, beat=30)
    kinds = Counter((p["type"], p["slot"]) for kind in ("book", "clear") for p in payloads(street, kind))
    assert set(kinds.values()) == {1}
    assert not [f for f in independent_reader.read(street.broker.lines()) if "below its time" not in f]
    assert payloads(street, "clear")[-1]["wh"] == 400
    assert all(max(home.bills) >= street.now - 3 * SLOT for home in street.homes)


def test_another_meter_counts_from_its_first_message_on() -> None:
    street = Street(homes()).run(6 * SLOT)
    buyer = street.homes[1]
    buyer.registers = [7, 900]  # a register of the new one is higher than the old one's, one is lower
    street.run(6 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    bills = billed(street, buyer)
    exchanged = START + 6 * SLOT - SLOT
    assert [bills[exchanged + i * SLOT]["metered_wh"] for i in (-1, 0, 1, 2)] == [300, 0, 300, 300]
    assert sum(b["total"] for b in payloads(street, "bill")) == 0


def test_another_meter_whose_first_messages_come_after_their_bills() -> None:
    street = Street(homes()).run(6 * SLOT)
    buyer, market = street.homes[1], street.office("market")
    call = market.call
    market.call = lambda now, what, *args: None if buyer.topic("meter") in args else call(now, what, *args)
    street.run(2 * SLOT)
    buyer.registers = [7, 0]
    street.run(14 * SLOT, beat=60)
    market.call = call
    for jws in buyer.meters.values():
        buyer.send("meter", jws, street.now, street.broker)
    street.run(6 * SLOT)
    assert independent_reader.read(street.broker.lines()) == []
    bills = billed(street, buyer)
    late = [bill["metered_wh"] for slot, bill in sorted(bills.items()) if slot >= START + 6 * SLOT]
    assert late[:2] == [0, 0] and set(late[-4:]) == {300} and not [wh for wh in late if wh < 0]
