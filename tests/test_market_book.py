"""Order admission: a table of what is sent and the receipt it gets."""

import json

import pytest
from sans_io_street import NAME, SLOT, START, TERMS, Home, Street, signer, t

from gateway.acts import Save, Send
from market import envelope
from market.post import Post

AT = START + 3 * SLOT
NOW = AT - TERMS["gate_before"] - 60
GOOD = {"device": "home", "slot": AT, "steps": [[100000, 300]], "expires": AT, "replaces": 0}


@pytest.fixture
def street():
    """A market with two members that do nothing by themselves."""
    street = Street([Home(1, 100000, 300), Home(2, 100000, 300)])
    homes, street.homes = street.homes, []
    street.run(20)
    street.homes = homes
    return street


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


def test_pages_hold_a_hundred_leaves_and_fit_a_message(street) -> None:
    home = street.homes[0]
    wide = [[100000 + i, 1] for i in range(16)]
    for i in range(330):
        told(street, home, sealed(home, 10 + i, device=f"d{i}", steps=wide if i < 80 else [[5, 1]]))
    acts = market(street).tick(NOW + 60)
    pages = [letter.payload["leaves"] for letter in market(street).book.of_slot("open", AT)]
    assert [leaf[0] for page in pages for leaf in page] == list(range(330))
    assert max(len(page) for page in pages) == 100 and len(pages) > 3
    assert max(len(act.data) for act in acts if isinstance(act, Send)) <= 16384


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
