"""What was committed survives SIGKILL and power cuts: a change is one checked line appended and synced before anyone hears of it.

Two files. The snapshot `NAME` and the journal `NAME.journal` hold lines of `crc32 JSON`. A snapshot is {"g": generation, "t": tables},
a journal line {"g": generation, "d": {table: {key: doc or null} or null}}. A snapshot replaces its forerunner by rename; journal lines
of an older generation than the snapshot's are already in it. A bad last line was never acknowledged and is dropped; a bad line before
the last one is damage: it is moved to `NAME.bad` with a warning, the lines after it count.
"""

import fcntl
import json
import logging
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

Delta = dict[str, "dict[str, Any] | None"]
log = logging.getLogger("elecbay.store")


class Unusable(OSError):
    """State on disk that cannot be used as it is; the message says what to do."""


def line_of(value: object) -> bytes:
    """One checked line."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def value_of(line: bytes) -> Any:
    """What a checked line holds; ValueError when it is torn or damaged."""
    crc, _, body = line.partition(b" ")
    if not body.endswith(b"\n") or int(crc, 16) != zlib.crc32(body[:-1]):
        raise ValueError("checksum")
    return json.loads(body)


def copied(value: Any) -> Any:
    """A copy that shares nothing which can change."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def apply(tables: "dict[str, dict[str, Any]]", delta: Delta) -> None:
    """Change `tables` in place: a doc replaces the one before it, None removes."""
    for name, changes in delta.items():
        if changes is None:
            tables.pop(name, None)
            continue
        table = tables.setdefault(name, {})
        for key, doc in changes.items():
            if doc is None:
                table.pop(key, None)
            else:
                table[key] = doc


def delta_between(old: "Mapping[str, Mapping[str, Any]]", new: "Mapping[str, Mapping[str, Any]]") -> Delta:
    """What turns `old` into `new`."""
    delta: Delta = {name: None for name in old if name not in new}
    for name, table in new.items():
        before = old.get(name, {})
        changes = {key: doc for key, doc in table.items() if key not in before or before[key] != doc}
        changes.update({key: None for key in before if key not in table})
        if changes or name not in old:
            delta[name] = changes
    return delta


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Append all of `data`; a file system that is full raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


class JournalStorage(Storage):
    """TinyDB's storage seam over snapshot and journal; `change` is the door for one batch, TinyDB's `write` finds the change itself.

    path: the snapshot; compact_bytes: a journal longer than this is folded into a new snapshot. Keys and docs as JSON can carry.
    One process at a time: Unusable when another holds it.
    """

    def __init__(self, path: "Path | str", compact_bytes: int = 1 << 20) -> None:
        self.path, self.compact_bytes = Path(path), compact_bytes
        self.journal = self.path.with_name(self.path.name + ".journal")
        self._lock = self._take_lock()
        try:
            self.generation, self._tables, self._snapshot_size = self._load_snapshot()
            self._handle = os.open(self.journal, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            self.size = self._replay()
            sync_folder(self.path.parent)
        except BaseException:
            os.close(self._lock)
            raise

    # -- TinyDB's seam

    def read(self) -> "dict[str, dict[str, Any]] | None":
        """Copies of all tables; None when there are none."""
        return copied(self._tables) or None

    def write(self, data: "Mapping[str, Mapping[Any, Mapping[str, Any]]]") -> None:
        """Keep `data` instead of what was there."""
        texts = {name: {str(key): dict(doc) for key, doc in table.items()} for name, table in data.items()}
        self.change(delta_between(self._tables, texts))

    def close(self) -> None:
        """Let go of the files; what was committed is already safe."""
        if self._handle >= 0:
            os.close(self._handle)
            os.close(self._lock)
            self._handle = -1

    # -- one batch, one line, one sync

    def change(self, delta: Delta) -> None:
        """Commit a change: when this returns, it is on the disk. OSError: it is not, and the tables are as before."""
        if not delta:
            return
        line = line_of({"g": self.generation, "d": delta})
        try:
            write_all(self._handle, line)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size += len(line)
        apply(self._tables, copied(delta))
        if self.size > max(self.compact_bytes, 2 * self._snapshot_size):
            self._try_compact()

    def _try_compact(self) -> None:
        try:
            self.compact()
        except Unusable:
            raise
        except OSError as error:
            log.warning("%s: no new snapshot (%s); nothing is lost, but make room on the disk", self.path, error)

    def compact(self) -> None:
        """Fold the journal into a new snapshot. OSError: there is none, and the journal goes on. Unusable: the disk failed in the
        middle, and nothing may be added before a new start has seen what is there."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            draft, size = self._draft()
            self._switch(draft, folder)
        finally:
            os.close(folder)
        self._snapshot_size = size

    def _draft(self) -> "tuple[Path, int]":
        """The next snapshot beside the present one, on the disk."""
        draft = self.path.with_name(self.path.name + ".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            held = line_of({"g": self.generation + 1, "t": self._tables})
            write_all(handle, held)
            os.fsync(handle)
        finally:
            os.close(handle)
        return draft, len(held)

    def _switch(self, draft: Path, folder: int) -> None:
        """From here on there is no way back: the journal's lines belong to the new snapshot."""
        draft.replace(self.path)
        try:
            os.fsync(folder)
            os.ftruncate(self._handle, 0)
        except OSError as error:
            why = f"{self.path}: the disk failed while a snapshot was put in place ({error}): check it, and start again"
            raise Unusable(why) from error
        self.generation += 1
        self.size = 0

    # -- opening

    def _take_lock(self) -> int:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise Unusable(f"{self.path}: another elecbay process uses this state: stop it, or give each its own folder") from None
        return handle

    def _load_snapshot(self) -> "tuple[int, dict[str, dict[str, Any]], int]":
        try:
            data = self.path.read_bytes()
            held = value_of(data)
        except FileNotFoundError:
            return 0, {}, 0
        except ValueError:
            raise Unusable(f"{self.path}: damaged (checksum): restore the folder from a backup, or move it away to start anew") from None
        return held["g"], held["t"], len(data)

    def _replay(self) -> int:
        """Apply the journal; return how many bytes of it are kept."""
        kept, bad = 0, False
        for line, last in _lines(self.journal.read_bytes()):
            try:
                held = value_of(line)
            except ValueError:
                if last:
                    break
                bad = True
                self._quarantine(line)
            else:
                if held["g"] > self.generation:
                    raise Unusable(f"{self.path}: older than its journal: restore both from the same backup")
                if held["g"] == self.generation:
                    apply(self._tables, held["d"])
            kept += len(line)
        os.ftruncate(self._handle, kept)
        if bad:
            self.compact()
            return 0
        return kept

    def _quarantine(self, line: bytes) -> None:
        aside = self.path.with_name(self.path.name + ".bad")
        with aside.open("ab") as file:
            file.write(line)
        log.warning("%s: a damaged line was moved to %s; everything else was kept. Check the disk.", self.journal, aside)


def _lines(data: bytes) -> "Iterator[tuple[bytes, bool]]":
    """Each line with its newline (a torn end has none), and whether it is the last."""
    parts = data.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
    for i, line in enumerate(lines):
        yield line, i == len(lines) - 1
