"""Order admission: a table of what is sent and the receipt it gets."""

import json

import pytest
from sans_io_street import NAME, SLOT, START, TERMS, Home, Street, signer, t

from gateway.acts import Save, Send
from market import envelope
from market.post import Post
from market.services.book import MOST_LIVE

AT = START + 3 * SLOT
NOW = AT - TERMS["gate_before"] - 60
HASH = envelope.b64url(bytes(32))
GOOD = {"device": "home", "slot": AT, "steps": [[100000, 300]], "expires": AT, "replaces": 0}


def quiet(homes):
    """A market with members that do nothing by themselves."""
    street = Street([Home(i + 1, 100000, 300) for i in range(homes)])
    homes, street.homes = street.homes, []
    street.run(20)
    street.homes = homes
    return street


@pytest.fixture
def street():
    return quiet(2)


def market(street):
    return street.office("market").office


def sealed(home, seq, kind="order", **fields):
    post = Post(home.signer, NAME, seq - 1)
    return post.seal(kind, {**GOOD, **fields} if kind == "order" else fields, 1)[1]


def told(street, home, data, now=NOW):
    """(accepted, reason, index) of the receipt, and its bytes."""
    acts = market(street).told(t("gw", home.kid, "order"), data, now)
    sends = [act for act in acts if isinstance(act, Send)]
    assert len(sends) == 1 and sends[0].topic == t("gw", home.kid, "receipt") and not sends[0].retain
    assert acts.index(sends[0]) == len(acts) - 1 or isinstance(acts[-1], Send)
    payload = json.loads(envelope.unb64url(sends[0].data.decode().split(".")[1]))
    assert payload["order"] == envelope.digest(data)
    return (payload["accepted"], payload["reason"], payload["index"]), sends[0].data, acts


REFUSED = [
    ("late", {}, NOW + 60),
    ("late", {"expires": NOW - 1}, NOW),
    ("early", {}, AT - TERMS["open_before"] - 1),
    ("slot", {"slot": AT + 1}, NOW),
    ("limits", {"steps": [[1000001, 300]]}, NOW),
    ("limits", {"steps": [[-1, -300]]}, NOW),
    ("limits", {"steps": [[100, 9000], [90, 1001]]}, NOW),
    ("limits", {"steps": [[100 + i, 1] for i in range(17)]}, NOW),
    ("malformed", {"steps": [[100, 0]]}, NOW),
    ("malformed", {"steps": [[200, 5], [200, -5]]}, NOW),
    ("malformed", {"note": "x"}, NOW),
    ("unknown", {"replaces": 7}, NOW),
]


@pytest.mark.parametrize(("reason", "fields", "now"), REFUSED, ids=[f"{i} {r[0]}" for i, r in enumerate(REFUSED)])
def test_what_is_refused_says_why(street, reason, fields, now) -> None:
    answer, _, _ = told(street, street.homes[0], sealed(street.homes[0], 10, **fields), now)
    assert answer == (False, reason, 0)


def test_the_second_before_the_gate_and_the_first_of_opening_are_in_time(street) -> None:
    assert told(street, street.homes[0], sealed(street.homes[0], 10), NOW + 59)[0] == (True, "", 0)
    assert told(street, street.homes[1], sealed(street.homes[1], 10), AT - TERMS["open_before"])[0] == (True, "", 1)


def test_a_stranger_a_forger_and_rubbish(street) -> None:
    home, other = street.homes
    assert told(street, home, b"rubbish")[0] == (False, "malformed", 0)
    good = sealed(home, 10)
    assert told(street, home, good[:-2] + b"AA")[0][1] in ("signature", "malformed")
    assert told(street, other, good)[0] == (False, "malformed", 0)
    stranger = Home(9, 1, 1)
    assert told(street, stranger, sealed(stranger, 10))[0] == (False, "unknown", 0)
    assert told(street, home, sealed(home, 10, device="x" * 3000))[0] == (False, "malformed", 0)
    assert told(street, home, good)[0] == (True, "", 0)


def test_same_bytes_same_receipt_and_nothing_is_kept_twice(street) -> None:
    home = street.homes[0]
    data = sealed(home, 10)
    answer, first, _ = told(street, home, data)
    for now in (NOW, NOW + 59, NOW + 3600):
        again, same, acts = told(street, home, data, now)
        assert (again, same) == (answer, first) and not [a for a in acts if isinstance(a, Save)]
    refused = sealed(home, 11)
    _, first, _ = told(street, home, refused)
    assert told(street, home, refused)[1] == first


def test_a_used_or_lower_seq_is_a_duplicate_even_after_a_refusal(street) -> None:
    home = street.homes[0]
    assert told(street, home, sealed(home, 10, slot=AT + 1))[0] == (False, "slot", 0)
    assert told(street, home, sealed(home, 10))[0] == (False, "duplicate", 0)
    assert told(street, home, sealed(home, 9))[0] == (False, "duplicate", 0)
    assert told(street, street.homes[1], sealed(street.homes[1], 9))[0] == (True, "", 0)


def test_replace_and_cancel_keep_the_others_indexes(street) -> None:
    home, other = street.homes
    assert told(street, home, sealed(home, 10))[0] == (True, "", 0)
    assert told(street, other, sealed(other, 10))[0] == (True, "", 1)
    assert told(street, home, sealed(home, 11))[0] == (False, "duplicate", 0)
    assert told(street, home, sealed(home, 12, device="car"))[0] == (True, "", 2)
    assert told(street, home, sealed(home, 13, replaces=10, steps=[[90000, 200]]))[0] == (True, "", 3)
    assert told(street, home, sealed(home, 14, replaces=10))[0] == (False, "unknown", 0)
    assert told(street, home, sealed(home, 15, "cancel", device="car", slot=AT, replaces=12))[0] == (True, "", 2)
    assert told(street, home, sealed(home, 16, "cancel", device="car", slot=AT, replaces=12))[0] == (False, "unknown", 0)
    assert told(street, home, sealed(home, 17, "cancel", device="home", slot=AT, replaces=13), NOW + 60)[0] == (False, "late", 0)
    market(street).tick(AT - TERMS["gate_before"])
    leaves = market(street).book.find("slot", AT, "open", 0).payload["leaves"]
    assert [(leaf[0], leaf[2]) for leaf in leaves] == [(1, [[100000, 300]]), (3, [[90000, 200]])]


def test_an_order_that_lapses_before_the_gate_is_not_in_the_book(street) -> None:
    home, other = street.homes
    told(street, home, sealed(home, 10, expires=NOW + 59))
    told(street, other, sealed(other, 10, expires=NOW + 60))
    market(street).tick(NOW + 60)
    assert [leaf[0] for leaf in market(street).book.find("slot", AT, "open", 0).payload["leaves"]] == [1]


def test_an_empty_book_has_the_hash_of_nothing(street) -> None:
    market(street).tick(NOW + 60)
    book = market(street).book.find("slot", AT, "book").payload
    assert (book["count"], book["pages"], book["root"]) == (0, 0, "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU")


def test_pages_hold_a_hundred_leaves_and_fit_a_message() -> None:
    street = quiet(21)
    wide = [[100000 + i, 1] for i in range(16)]
    for i in range(330):
        home = street.homes[i // 16]
        told(street, home, sealed(home, 10 + i, device=f"d{i}", steps=wide if i < 80 else [[5, 1]]))
    acts = market(street).tick(NOW + 60)
    pages = [letter.payload["leaves"] for letter in market(street).book.of_slot("open", AT)]
    assert [leaf[0] for page in pages for leaf in page] == list(range(330))
    assert max(len(page) for page in pages) == 100 and len(pages) > 3
    assert max(len(act.data) for act in acts if isinstance(act, Send)) <= 16384


def test_a_gateway_has_at_most_sixteen_orders_in_a_slot(street) -> None:
    home, other = street.homes
    for i in range(MOST_LIVE):
        assert told(street, home, sealed(home, 10 + i, device=f"d{i}"))[0] == (True, "", i)
    assert told(street, home, sealed(home, 40))[0] == (False, "limits", 0)
    assert told(street, home, sealed(home, 41, device="d3", replaces=13))[0] == (True, "", 16)
    assert told(street, other, sealed(other, 10))[0] == (True, "", 17)
    assert told(street, home, sealed(home, 42, slot=AT + SLOT))[0] == (True, "", 0)
    assert told(street, home, sealed(home, 43, "cancel", device="d0", slot=AT, replaces=10))[0] == (True, "", 0)
    assert told(street, home, sealed(home, 44))[0] == (True, "", 18)
    assert told(street, home, sealed(home, 45, device="more"))[0] == (False, "limits", 0)
    market(street).tick(NOW + 60)
    market(street).tick(AT)
    awards = {letter.topic: letter for letter in market(street).book.of_slot("award", AT)}
    assert len(awards[t("gw", home.kid, "award")].payload["fills"]) == MOST_LIVE


def test_the_largest_award_fits_a_message() -> None:
    """As many members as `keys` has room for, less than 128, with 16 orders each are at most 2048 leaves: paths of 11 hashes."""
    most = 10**9
    body = {"slot": AT, "fills": [[HASH, most, -most, most]] * MOST_LIVE, "path": [[2047, [HASH] * 11]] * MOST_LIVE}
    _, jws = Post(signer("market"), "m" * 32, 10**12).seal("award", body, AT)
    assert len(envelope.open_(jws).payload) > 9000


def test_once_the_book_is_out_a_clock_that_goes_back_opens_nothing(street) -> None:
    home = street.homes[0]
    market(street).tick(NOW + 60)
    assert told(street, home, sealed(home, 10), NOW + 55)[0] == (False, "late", 0)
    assert told(street, home, sealed(home, 11, slot=AT + SLOT), NOW + 55)[0] == (True, "", 0)
    assert told(street, home, sealed(home, 12, "cancel", device="home", slot=AT, replaces=10), NOW + 55)[0] == (False, "late", 0)


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_clock_skipped_that_was_wrong_for_a_while_is_in_the_book(street, restarted: bool) -> None:
    home, hosted = street.homes[0], street.office("market")
    hosted.call(NOW + 30 * 3600, "tick")
    if restarted:
        hosted.restart(NOW)
    data = sealed(home, 10)
    hosted.call(NOW, "told", t("gw", home.kid, "order"), data)
    if restarted:
        hosted.restart(NOW)
    hosted.call(NOW + 30 * 3600, "tick")
    leaves = market(street).book.find("slot", AT, "open", 0).payload["leaves"]
    assert [leaf[1] for leaf in leaves] == [envelope.digest(data)]
    hosted.call(NOW, "tick")
    hosted.call(NOW + 60 + SLOT, "tick")
    assert len(market(street).book.of_slot("book", AT)) == len(market(street).book.of_slot("book", AT + SLOT)) == 1


def test_nobody_chooses_how_long_a_refusal_is_remembered(street) -> None:
    home, hosted = street.homes[0], street.office("market")
    for i in range(20):
        hosted.call(NOW, "told", t("gw", home.kid, "order"), sealed(home, 10 + i, slot=(2**52 // SLOT - i) * SLOT))
    assert len(hosted.tables["order"]) == 20
    hosted.restart(NOW)
    for hour in range(1, 51):
        hosted.call(NOW + hour * 3600, "tick")
    assert not hosted.tables["order"] and not market(street).services[1].by_slot[0]


def test_messages_wait_until_the_keys_say_who_signed_them() -> None:
    street = Street([Home(1, 100000, 300)])
    office, home = market(street), street.homes[0]
    assert office.told(t("gw", home.kid, "order"), sealed(home, 10), NOW) == []
    street.offices[0].call(NOW, "tick")
    topic, keys = street.broker.queue[0]
    acts = office.told(topic, keys, NOW)
    assert [act.topic for act in acts if isinstance(act, Send)] == [t("gw", home.kid, "receipt")]
    forged = envelope.seal({**json.loads(envelope.unb64url(keys.decode().split(".")[1])), "from": signer("x").kid}, signer("x"))
    assert not [act for act in office.told(topic, forged, NOW) if not hasattr(act, "level")]
    assert office.trust.holder("market") == signer("market").kid
