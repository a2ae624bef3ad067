"""What was committed is there after SIGKILL, torn lines and damage; TinyDB's own interface works on it; the ledger's chain holds."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from gateway.acts import Save
from gateway.host import ledger as ledgers
from gateway.host.journal import JournalStorage, Unusable, delta_between, line_of, value_of
from gateway.host.store import Store, Tables
from market.nouns import Entry


def reopened(store: Store) -> Store:
    store.close()
    return Store(store.storage.path.parent)


def test_a_batch_survives_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.commit([Save("orders", "7", {"jws": "ä", "steps": [[1, -2]]}), Save("post", "seq", {"seq": 3})])
    store.commit([Save("orders", "7", None), Save("orders", "8", {"jws": "b"}), Save("orders", "9", None)])
    store = reopened(store)
    assert store.tables() == {"orders": {"8": {"jws": "b"}}, "post": {"seq": {"seq": 3}}}


def test_tables_are_copies(tmp_path: Path) -> None:
    store = Store(tmp_path)
    doc: dict[str, Any] = {"steps": [[1, 2]]}
    store.commit([Save("a", "k", doc)])
    doc["steps"][0][0] = 99
    store.tables()["a"]["k"]["steps"].append(5)
    assert store.tables()["a"]["k"] == {"steps": [[1, 2]]}


def test_one_sync_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, syncs = Store(tmp_path), []
    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda handle: (syncs.append(handle), real(handle))[1])
    store.commit([Save("t", str(i), {"i": i}) for i in range(50)])
    assert len(syncs) == 1


def test_a_commit_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.commit([Save("t", "1", {})])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            store.commit([Save("t", "2", {})])
    assert store.tables() == {"t": {"1": {}}}
    store.commit([Save("t", "3", {})])
    assert reopened(store).tables() == {"t": {"1": {}, "3": {}}}


def test_two_processes_do_not_share_a_state(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(Unusable, match="another elecbay process"):
        Store(tmp_path)
    store.close()
    Store(tmp_path).close()


def test_journal_folds_into_a_snapshot_and_goes_on(tmp_path: Path) -> None:
    storage = JournalStorage(tmp_path / "s", compact_bytes=2000)
    for i in range(200):
        storage.change({"t": {str(i % 7): {"i": i}}})
    assert storage.generation > 3
    assert storage.journal.stat().st_size < 3000
    held = storage.read()
    storage.close()
    assert JournalStorage(tmp_path / "s").read() == held == {"t": {str(i % 7): {"i": i} for i in range(193, 200)}}


def test_lines_older_than_the_snapshot_are_not_played_again(tmp_path: Path) -> None:
    """Killed between the rename of a snapshot and the emptying of the journal."""
    storage = JournalStorage(tmp_path / "s")
    storage.change({"t": {"a": {"n": 1}}})
    old = storage.journal.read_bytes()
    storage.change({"t": {"a": {"n": 2}}})
    storage.compact()
    storage.close()
    storage.journal.write_bytes(old)
    storage = JournalStorage(tmp_path / "s")
    assert storage.read() == {"t": {"a": {"n": 2}}}
    storage.change({"t": {"b": {}}})
    storage.close()
    assert JournalStorage(tmp_path / "s").read() == {"t": {"a": {"n": 2}, "b": {}}}


@pytest.mark.parametrize("tail", [b"", b"0", b"\0" * 40, b"\0" * 40 + b"\n", b"deadbeef {}\n", b"xx\n"])
def test_a_torn_end_is_dropped(tmp_path: Path, tail: bytes) -> None:
    storage = JournalStorage(tmp_path / "s")
    storage.change({"t": {"a": {"n": 1}}})
    storage.close()
    with storage.journal.open("ab") as file:
        file.write(tail)
    storage = JournalStorage(tmp_path / "s")
    storage.change({"t": {"b": {}}})
    storage.close()
    assert JournalStorage(tmp_path / "s").read() == {"t": {"a": {"n": 1}, "b": {}}}
    assert not (tmp_path / "s.bad").exists()


def test_every_cut_of_the_last_line_leaves_the_rest(tmp_path: Path) -> None:
    storage = JournalStorage(tmp_path / "s")
    storage.change({"t": {"a": {}}})
    first = storage.size
    storage.change({"t": {"b": {"text": "x\ny"}}})
    storage.close()
    whole = storage.journal.read_bytes()
    for cut in range(first, len(whole)):
        storage.journal.write_bytes(whole[:cut])
        storage = JournalStorage(tmp_path / "s")
        assert storage.read() == {"t": {"a": {}}}
        storage.close()


def test_a_damaged_middle_line_is_quarantined(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    storage = JournalStorage(tmp_path / "s")
    for key in "abc":
        storage.change({"t": {key: {"n": 1}}})
    storage.close()
    lines = storage.journal.read_bytes().splitlines(keepends=True)
    damaged = lines[1].replace(b'"n":1', b'"n":7')
    storage.journal.write_bytes(lines[0] + damaged + lines[2])
    storage = JournalStorage(tmp_path / "s")
    assert storage.read() == {"t": {"a": {"n": 1}, "c": {"n": 1}}}
    assert (tmp_path / "s.bad").read_bytes() == damaged
    assert "s.bad" in caplog.text
    storage.close()
    caplog.clear()
    JournalStorage(tmp_path / "s")
    assert not caplog.text


def test_a_damaged_snapshot_is_refused_in_words(tmp_path: Path) -> None:
    storage = JournalStorage(tmp_path / "s")
    storage.change({"t": {"a": {}}})
    storage.compact()
    storage.close()
    storage.path.write_bytes(storage.path.read_bytes().replace(b'"a"', b'"b"'))
    with pytest.raises(Unusable, match="backup"):
        JournalStorage(tmp_path / "s")


def test_tinydbs_interface_works_on_it(tmp_path: Path) -> None:
    with TinyDB(tmp_path / "s", storage=JournalStorage) as db:
        one = db.table("t").insert({"name": "x", "list": [1]})
        db.table("t").insert_multiple([{"name": "y"}, {"name": "z"}])
        db.table("t").update({"name": "w"}, where("name") == "x")
        db.table("t").remove(where("name") == "y")
        db.drop_table("none")
    with TinyDB(tmp_path / "s", storage=JournalStorage) as db:
        assert db.table("t").get(doc_id=one) == {"name": "w", "list": [1]}
        assert sorted(doc["name"] for doc in db.table("t")) == ["w", "z"]


def test_commits_are_seen_by_queries(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert isinstance(store.db, Tables)
    assert store.db.table("t").search(where("n") == 1) == []
    store.commit([Save("t", "key one", {"n": 1})])
    assert [doc.doc_id for doc in store.db.table("t").search(where("n") == 1)] == ["key one"]


DOCS = st.dictionaries(st.sampled_from("mn"), st.integers(0, 2))
TABLES = st.dictionaries(st.sampled_from("ab"), st.dictionaries(st.sampled_from("xyz"), DOCS))


@settings(max_examples=60, deadline=None)
@given(st.lists(TABLES, max_size=5))
def test_any_sequence_of_writes_is_found_again(tmp_path_factory: pytest.TempPathFactory, states: "list[dict[str, Any]]") -> None:
    folder = tmp_path_factory.mktemp("s")
    for state in states:
        storage = JournalStorage(folder / "s", compact_bytes=100)
        storage.write(state)
        storage.close()
        storage = JournalStorage(folder / "s")
        assert (storage.read() or {}) == state
        storage.close()


def test_delta_and_line_are_reversible() -> None:
    delta = delta_between({"a": {"x": {}}, "b": {}}, {"a": {"y": {"n": 1}}})
    assert delta == {"a": {"y": {"n": 1}, "x": None}, "b": None}
    assert value_of(line_of(delta)) == delta


# -- the ledger


def test_entries_reach_the_ledger_once_and_the_chain_holds(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.commit([Save("t", "1", {})], [Entry(300, "order", {"wh": 5}), Entry(300, "receipt", {})], 86_399)
    store.commit([], [Entry(600, "bill", {})], 86_400)
    store = reopened(store)
    store.commit([], [Entry(900, "bill", {})], 86_401)
    lines = list(ledgers.lines(tmp_path / "ledger"))
    assert [(line["n"], line["kind"]) for line in lines] == [(1, "order"), (2, "receipt"), (3, "bill"), (4, "bill")]
    assert sorted(p.name for p in (tmp_path / "ledger").iterdir()) == ["1970-01-01.jsonl", "1970-01-02.jsonl"]
    assert "_store" not in store.tables()


@pytest.mark.parametrize("reached", [0, 1, 2])
def test_killed_between_store_and_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: int) -> None:
    store = Store(tmp_path)
    store.commit([], [Entry(0, "order", {})], 10)
    real = store.ledger.append
    monkeypatch.setattr(store.ledger, "append", lambda entries, at: real(list(entries)[:reached], at))
    store.commit([], [Entry(1, "receipt", {}), Entry(1, "award", {})], 11)
    store = reopened(store)
    store = reopened(store)
    assert [line["kind"] for line in ledgers.lines(tmp_path / "ledger")] == ["order", "receipt", "award"]


def test_a_torn_ledger_line_is_written_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.commit([], [Entry(0, "order", {})], 10)
    store.commit([], [Entry(0, "receipt", {})], 10)
    path = tmp_path / "ledger" / "1970-01-01.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    store = reopened(store)
    assert [line["kind"] for line in ledgers.lines(tmp_path / "ledger")] == ["order", "receipt"]


def test_a_clock_that_went_back_does_not_fork_the_chain(tmp_path: Path) -> None:
    ledger = ledgers.Ledger(tmp_path)
    for at in (90_000, 10, 200_000, 5):
        ledger.append([(0, "order", {"at": at})], at)
    ledger = ledgers.Ledger(tmp_path)
    ledger.append([(0, "order", {})], 1)
    assert [line["at"] for line in ledgers.lines(tmp_path)] == [90_000, 10, 200_000, 5, 1]


def test_a_changed_ledger_is_named(tmp_path: Path) -> None:
    ledger = ledgers.Ledger(tmp_path)
    for i in range(3):
        ledger.append([(i, "bill", {"total": 100 + i})], 10)
    path = tmp_path / "1970-01-01.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"total":101', b'"total":1'))
    with pytest.raises(ValueError, match=r"1970-01-01.jsonl:3"):
        list(ledgers.lines(tmp_path))


# -- SIGKILL at any moment

CHILD = """
import os, sys
from gateway.acts import Save
from gateway.host.store import Store
from market.nouns import Entry
store = Store(sys.argv[1])
store.storage.compact_bytes = 3000
n = int(store.tables().get("t", {}).get("last", {}).get("n", 0))
print("ready", n, flush=True)
while True:
    n += 1
    batch = [Save("t", "last", {"n": n}), Save("t", str(n % 20), {"n": n, "text": "x" * (n % 300)})]
    store.commit(batch, [Entry(n, "order", {"n": n})], n * 40)
    os.write(1, b"%d\\n" % n)
"""


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    acknowledged, rng, kills = 0, random.Random(4), 0
    end = time.monotonic() + 5
    while kills < 25 or (time.monotonic() < end and kills < 40):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert child.stdout is not None and child.stderr is not None
        first = child.stdout.readline().split()
        assert first and first[0] == b"ready", child.stderr.read().decode()
        assert int(first[1]) in (acknowledged, acknowledged + 1), "what was acknowledged is there, at most one more"
        time.sleep(rng.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        out, err = child.communicate()
        assert not err
        numbers = [int(line) for line in out.split(b"\n")[:-1]]
        acknowledged = numbers[-1] if numbers else int(first[1])
        kills += 1
    store = Store(tmp_path)
    tables = store.tables()["t"]
    last = tables.pop("last")["n"]
    assert last in (acknowledged, acknowledged + 1)
    assert tables == {str(n % 20): {"n": n, "text": "x" * (n % 300)} for n in range(max(1, last - 19), last + 1)}
    assert [line["detail"]["n"] for line in ledgers.lines(tmp_path / "ledger")] == list(range(1, last + 1))
    assert last > 100, "the test did something"
    assert json.loads((tmp_path / "state.json").read_bytes()[9:])["g"] > 0, "and snapshots were made"


def test_a_disk_that_fails_while_a_snapshot_is_put_in_place_loses_nothing_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = JournalStorage(tmp_path / "state", compact_bytes=200)
    journal.change({"t": {"a": {"n": 1}}})
    real, folder = os.fsync, os.stat(tmp_path).st_ino

    def failing(handle: int) -> None:
        if os.fstat(handle).st_ino == folder:
            raise OSError(5, "Input/output error")
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(Unusable, match="check it, and start again"):
        for n in range(100):
            journal.change({"t": {"b": {"n": n}}})
    journal.close()
    monkeypatch.undo()
    again = JournalStorage(tmp_path / "state")
    assert (kept := again.read()) and kept["t"]["a"] == {"n": 1} and kept["t"]["b"]["n"] > 0
    again.change({"t": {"c": {"n": 3}}})
    again.close()
    last = JournalStorage(tmp_path / "state")
    assert set((last.read() or {})["t"]) == {"a", "b", "c"}
    last.close()
