"""What a gateway or a market service must not forget: `commit` returns when it is on the disk, and only then may it be told."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from gateway.acts import Save
from gateway.host.journal import Delta, JournalStorage
from gateway.host.ledger import Ledger
from market.nouns import Entry

OWN = "_store"  # the table of the store itself: entries on their way into the ledger


class TextTable(Table):
    """A TinyDB table whose ids are text; it caches no query because commits do not pass through it."""

    document_id_class = str  # type: ignore[assignment]

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        super().__init__(storage, name, cache_size, persist_empty)


class Tables(TinyDB):
    """TinyDB over the journal, for queries."""

    table_class = TextTable


class Store:
    """Tables of docs and a ledger in one folder, held by one process (journal.Unusable when another has it).

    A batch is one line with one fdatasync: all of it survives or none. Entries go with the batch and reach the ledger exactly once,
    also when the process dies between the two files.
    """

    def __init__(self, folder: "Path | str") -> None:
        folder = Path(folder)
        self.storage = JournalStorage(folder / "state.json")
        self.db = Tables(storage=lambda: self.storage)
        self.ledger = Ledger(folder / "ledger")
        self._finish_entries()

    def tables(self) -> "dict[str, dict[str, dict[str, Any]]]":
        """Copies of all docs: {table: {key: doc}}."""
        held = self.storage.read() or {}
        held.pop(OWN, None)
        return held

    def commit(self, batch: "Iterable[Save]", entries: "Iterable[Entry]" = (), at: int = 0) -> None:
        """Make a batch survive; then append its entries to the ledger, dated `at` (UTC s). OSError: the batch is not kept."""
        delta: Delta = {}
        for table, key, doc in batch:
            changes = delta.setdefault(table, {})
            assert changes is not None
            changes[key] = doc
        pending = [list(entry) for entry in entries]
        if pending:
            delta[OWN] = {"entries": {"after": self.ledger.count, "at": at, "entries": pending}}
        self.storage.change(delta)
        if pending:
            self.ledger.append([(slot, kind, detail) for slot, kind, detail in pending], at)

    def _finish_entries(self) -> None:
        """Entries that were committed but did not reach the ledger before the process died."""
        held = (self.storage.read() or {}).get(OWN, {}).get("entries")
        if held:
            done = self.ledger.count - held["after"]
            self.ledger.append([tuple(entry) for entry in held["entries"][max(0, done) :]], held["at"])

    def close(self) -> None:
        """Let another process have it."""
        self.db.close()
