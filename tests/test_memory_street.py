"""Homes and market together, without wires: trade pays, promises are kept, kills lose nothing, and a dishonest market is caught."""

import json
import random

import pytest
from independent_reader import read
from memory_street import MemoryStreet
from sans_io_street import SLOT, signer

from market.envelope import seal, unb64url


def kept(bill):
    a, m = bill["awarded_wh"], bill["metered_wh"]
    return min(max(m, 0), a) if a > 0 else min(max(-m, 0), -a)


@pytest.fixture(scope="module")
def evening():
    return MemoryStreet(seed=1).run(4 * 3600)


def test_promises_are_kept_and_everybody_gains(evening):
    promised = delivered = 0
    for home in evening.homes:
        bills = home.of("bill").values()
        promised += sum(abs(b["awarded_wh"]) for b in bills)
        delivered += sum(kept(b) for b in bills)
        alone = sum(b["metered_wh"] * (300_000 if b["metered_wh"] > 0 else 80_000) for b in bills)
        assert sum(b["total"] for b in bills) < alone, home.plan.name
    assert promised > 5000 and delivered >= promised * 95 // 100


def test_most_slots_with_surplus_and_need_have_awards(evening):
    could = did = 0
    for slot in evening.homes[0].of("bill"):
        bills = [home.of("bill")[slot] for home in evening.homes if slot in home.of("bill")]
        if min(b["metered_wh"] for b in bills) < 0 < max(b["metered_wh"] for b in bills):
            could += 1
            did += any(b["awarded_wh"] for b in bills)
    assert could > 20 and did * 100 >= could * 80


def test_every_home_verified_every_slot(evening):
    for home in evening.homes:
        verified = home.of("verified")
        assert len(verified) >= 4 * 12 - 3 and all(v["ok"] for v in verified.values()), home.notes


def test_no_honest_device_is_taken_for_implausible(evening):
    for home in evening.homes:
        assert home.home.jury.wrong() == {} and not [n for n in home.notes if "not believed" in n]


def test_the_record_satisfies_a_reader_that_knows_only_the_protocol(evening):
    assert read(evening.broker.lines()) == []


def test_a_home_killed_at_any_batch_loses_and_doubles_nothing():
    dice = random.Random(5)
    ways = ("before the commit", "after the commit")
    kills = {i: {n: dice.choice(ways) for n in dice.sample(range(10, 700), 40)} for i in range(3)}
    street = MemoryStreet(seed=2, kills=kills).run(3 * 3600)
    assert sum(home.killed for home in street.homes) > 60
    assert read(street.broker.lines()) == []
    for home in street.homes:
        for slot, doc in home.tables["slots"].items():
            if "order" in doc and int(slot) < street.now - 2 * SLOT:
                assert "receipt" in doc and "fills" in doc and "billed" in doc, (home.plan.name, slot, doc)
        assert all(v["ok"] for v in home.of("verified").values()), home.notes


def resigned(data, change):
    """The market's message with other contents, properly signed by the market: only recomputing can find it."""
    payload = json.loads(unb64url(data.decode().split(".")[1]))
    if change(payload) is False:
        return data
    role = next(r for r in ("market", "dso") if signer(r).kid == payload["from"])
    return seal(payload, signer(role))


def moved_price(payload):
    payload["price"] += 1000


def another_volume(payload):
    payload["wh"] += 1


def favoured_fill(payload):
    if not any(row[2] for row in payload["fills"]):
        return False
    payload["fills"][0][2] += 1 if payload["fills"][0][2] < 0 else -1
    return None


def another_root(payload):
    payload["root"] = "A" * 42 + "E"


def altered_step(payload):
    if not payload["leaves"]:
        return False
    payload["leaves"][0][2][0][1] *= 2
    return None


def dropped_order(payload):
    return False if not payload["leaves"] else payload["leaves"].pop() and None


def forged_bill(payload):
    payload["total"] += 1


def another_rating(payload):
    payload["rating"] = max(payload["rating"] - 1, 0)


def stranger_limited(payload):
    payload.update(state="congested", constraint="line n0", limits=[[99, 0]])


def wrong_path(payload):
    if not payload["path"]:
        return False
    payload["path"][0][0] += 1
    return None


FRAUDS = [
    ("clear", moved_price, "clears at"),
    ("clear", another_volume, "clears at"),
    ("award", favoured_fill, "the award says"),
    ("award", wrong_path, "path"),
    ("book", another_root, "root"),
    ("/open/", altered_step, "root"),
    ("/open/", dropped_order, "root"),
    ("dso", stranger_limited, "not in the book"),
    ("bill", forged_bill, "bill should be"),
    ("bill", another_rating, "bill should be"),
]


@pytest.mark.parametrize(("kind", "change", "word"), FRAUDS, ids=[c.__name__ for _, c, _ in FRAUDS])
def test_a_dishonest_market_is_caught_disputed_and_not_bid_to_any_more(kind, change, word):
    street = MemoryStreet(seed=1)
    street.run(40 * 60)
    begin = street.now

    def spoil(topic, data):
        last = topic.endswith("/" + kind) or (kind.startswith("/") and kind in topic)
        ours = not topic.endswith("/bill") or any(home.signer.kid in topic for home in street.homes)
        return resigned(data, change) if last and ours else data

    street.spoil = spoil
    street.run(25 * 60)
    wronged = [home for home in street.homes if not home.home.member.trusted]
    assert wronged, "nobody noticed"
    for home in wronged:
        findings = [f for v in home.of("verified").values() for f in v["findings"]]
        assert any(word in f for f in findings), findings
        assert home.of("evidence")
        assert any(r["topic"].endswith(f"{home.signer.kid}/dispute") for r in street.broker.record)
        last = max(s for s, doc in home.home.member.trade.slots.items() if "order" in doc)
        assert last < begin + 25 * 60, "it still bids"


def test_two_signed_roots_for_one_slot_are_kept_as_evidence():
    street = MemoryStreet(seed=1).run(30 * 60)
    book = next(r for r in reversed(street.broker.record) if r["topic"].endswith("/book"))
    slot = int(book["topic"].split("/")[4])
    home = street.homes[0]
    home.home.told(book["topic"], resigned(book["payload"].encode(), another_root), street.now)
    street.run(15 * 60)
    assert any("two different book" in f for f in home.of("verified")[slot]["findings"])
    assert not home.home.member.trusted
