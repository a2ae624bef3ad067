"""A whole home trades two hours on both Pythons: promises kept, every slot verified, nothing sent twice with one seq."""

from small_street import SLOT, START, SmallStreet

from market import canonical
from market.envelope import open_
from market.nouns import Entry


def payloads(street):
    return [canonical.decode(open_(jws).payload) for _, jws in street.sent]


def test_an_evening_is_traded_kept_and_verified():
    street = SmallStreet()
    street.run(2 * 3600)
    said = payloads(street)
    orders = [p for p in said if p["type"] == "order"]
    assert len(orders) > 15
    entries = [n for n in street.notes if isinstance(n, Entry)]
    verified = [e.detail for e in entries if e.kind == "verified"]
    assert len(verified) > 15 and all(v["ok"] for v in verified), [v for v in verified if not v["ok"]][:1]
    bills = [e.detail for e in entries if e.kind == "bill"]
    promised = sum([abs(b["awarded_wh"]) for b in bills])
    broken = sum([line[1] for b in bills for line in b["lines"] if line[0] == "penalty"])
    assert promised > 500 and broken * 100 < promised * 5, (promised, broken)


def test_every_seq_is_used_once_and_rises():
    street = SmallStreet()
    street.run(1800)
    seqs = [p["seq"] for p in payloads(street)]
    assert seqs == sorted(set(seqs))


def test_one_order_a_slot_and_none_without_knowing():
    street = SmallStreet()
    street.run(1800)
    slots = [p["slot"] for p in payloads(street) if p["type"] == "order"]
    assert len(slots) == len(set(slots)) and all(s % SLOT == 0 and s > START for s in slots)
    count = len(slots)
    values = street.house.values
    street.house.values = lambda: {name: v for name, v in values().items() if name != "roof"}  # the inverter falls silent
    street.run(1800)
    late = [p for p in payloads(street) if p["type"] == "order"][count:]
    assert len(late) <= 1, "what is unknown is not bid"


def test_a_silent_meter_stops_commands_and_bids():
    street = SmallStreet()
    street.run(1800)
    values = street.house.values
    street.house.values = lambda: {name: v for name, v in values().items() if name != "grid"}
    street.run(120)
    sent = len(street.sent)
    street.house.battery_w = 1234
    street.run(1200)
    before = [jws for _, jws in street.sent[:sent]]
    for topic, jws in street.sent[sent:]:
        assert topic.endswith("/sync") or jws in before  # it asks for what it misses, and repeats what it said
    assert street.house.battery_w == 1234
