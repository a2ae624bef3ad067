"""What one member or a long list cannot do: no message is too large to be read, no answer is asked for without end."""

import json

import pytest
from sans_io_street import NAME, SLOT, START, TERMS, Home, Street, signer, t, verify

from gateway.acts import Note, Send
from gateway.host.config import BadConfig
from market import envelope
from market.feeder import Feeder
from market.nouns import Refused
from market.post import Post
from market.services import config, desk
from market.services.letters import LetterBook
from market.services.offices import ROLES, Founding
from market.services.registrar import keys_bytes

HASH = envelope.b64url(bytes(32))


def member(i, meter=0, node=0):
    key = signer(f"member {i}")
    return (key.kid, envelope.b64url(key.public), "gateway", "m" * meter, "n" * node)


def test_a_message_that_is_too_large_is_refused_and_nothing_of_it_is_kept() -> None:
    letters = LetterBook(NAME, signer("market"), {})
    with pytest.raises(Refused, match="allowed"):
        letters.write("open", {"slot": START, "page": 0, "leaves": [[1, HASH, [[5, 1]] * 16]] * 100}, START)
    assert not letters.letters and not letters.unsent and not letters.of_slot("open", START)
    assert letters.write("clear", {"slot": START, "price": 0, "wh": 0}, START)


def test_what_an_older_market_kept_is_read_whatever_its_size() -> None:
    body = {"slot": START, "fills": [[HASH, i, 1, 1] for i in range(200)], "path": [[i, []] for i in range(200)]}
    payload, jws = Post(signer("market"), NAME).seal("award", body, START)
    assert len(jws) > envelope.MESSAGE_BYTES
    doc = {"topic": t("gw", HASH, "award"), "data": jws.decode(), "retain": False}
    assert LetterBook(NAME, signer("market"), {"letter": {"5": doc}}).letters[5].payload == payload


MARKET = '[market]\nname = "street"\nbroker = "mqtt://127.0.0.1:1883"\n[tariff]\nimport_price = {price}\nexport_price = 80000\n'
LINE = '[[line]]\nnode = "n"\nr_mohm = 20\nmax_w = 50000\n'


def test_a_book_opens_at_most_a_day_ahead(tmp_path) -> None:
    path = written(tmp_path / "market.toml", [])
    path.write_text(path.read_text() + "[terms]\nopen_before = 86401\n")
    with pytest.raises(BadConfig, match=r"terms\.open_before: found 86401: give at most 86400"):
        config.load(path)


def written(path, members, price=300000):
    rows = [f'[[member]]\nname = "m"\nx = "{x}"\nmeter = "{meter}"\nnode = "n"\n' for _, x, _, meter, _ in members]
    path.write_text(MARKET.format(price=price) + LINE + "".join(rows))
    return path


def test_a_list_of_members_that_fits_no_message_is_refused_by_name_of_what_to_do(tmp_path) -> None:
    """The size is that of the message: one letter decides."""
    public = {role: signer(role).public for role in ROLES}
    assert len(config.load(written(tmp_path / "market.toml", [member(i, 20) for i in range(80)])).gateways) == 80
    for meter in (30, 31, 32, 33, 34, 35):
        members = [(*member(i, meter)[:4], "n") for i in range(80)]
        founding = Founding(NAME, public, verify, TERMS, [(0, 2, 1)], members, Feeder([("n", "", 1, 1, 1)]))
        office = founding.office("registrar", signer("registrar"), {})
        path = written(tmp_path / "market.toml", members)
        try:
            config.load(path)
        except BadConfig as error:
            assert "80 members make a list of 1" in str(error) and "shorter names, or make a second market" in str(error)
            assert meter > 30
            return
        (keys,) = [act for act in office.tick(START) if isinstance(act, Send)]
        assert envelope.MESSAGE_BYTES >= keys_bytes(NAME, [*members]) > len(keys.data) - 1000
    pytest.fail("all lists were taken")


def test_a_name_or_a_price_that_cannot_stand_in_a_message_is_refused(tmp_path) -> None:
    kid, x, role, _, node = member(1)
    for bad in (written(tmp_path / "a.toml", [(kid, x, role, "Zähler", node)]), written(tmp_path / "b.toml", [], 10**10)):
        with pytest.raises(BadConfig) as error:
            config.load(bad)
        assert "member[0].meter: found 'Zähler'" in str(error.value) or "tariff.import_price: found 10000000000" in str(error.value)


def test_the_grid_operator_is_silent_when_its_word_fits_no_message(monkeypatch) -> None:
    street = Street([Home(1, 100000, -400), Home(2, 250000, 300)])
    monkeypatch.setattr("market.feeder.limits", lambda *args: ("congested", "x", [(i, 1) for i in range(3000)]))
    notes = []
    dso = street.office("dso")
    commit = dso.commit
    dso.commit = lambda acts: (notes.extend(act.text for act in acts if isinstance(act, Note)), commit(acts))
    street.run(6 * SLOT)
    assert any("so it is void" in note for note in notes)
    assert not dso.office.book.slots("dso") and dso.office.book.letters == {}
    assert max(street.homes[0].bills) >= START + 4 * SLOT


def answers(street, home, post, last, now):
    """How many messages a sync brings."""
    _, jws = post.seal("sync", {"last": last}, now)
    acts = street.office("market").office.told(t("gw", home.kid, "sync"), jws, now)
    return [json.loads(envelope.unb64url(act.data.decode().split(".")[1]))["seq"] for act in acts if isinstance(act, Send)]


def test_the_same_question_is_answered_once_in_ten_seconds_and_each_answer_is_bounded(monkeypatch) -> None:
    street = Street([Home(1, 100000, -400), Home(2, 250000, 300)]).run(6 * SLOT)
    home, now = street.homes[0], street.now + 600
    post = Post(home.signer, NAME, now)
    seqs = answers(street, home, post, 0, now)
    assert len(seqs) > 12 and seqs == sorted(seqs)
    assert answers(street, home, post, 0, now + 9) == []
    assert answers(street, home, post, seqs[3], now + 9) == seqs[4:]
    assert answers(street, home, post, seqs[3], now + 9) == answers(street, home, post, 0, now + 9) == []
    assert answers(street, home, post, 0, now + 19) == seqs
    assert answers(street, home, post, 0, now - 3600) == seqs  # a clock that went back delays nobody
    monkeypatch.setattr(desk, "MOST", 5)
    assert answers(street, home, post, 0, now) == seqs[:5]
    assert answers(street, home, post, seqs[4], now) == seqs[5:10]
