"""The ledger is append-only text, one file a UTC day, and every line holds the SHA-256 of the line before it, over the days too.

A line is JSON {"n", "at", "slot", "kind", "detail", "prev"}: n counts from 1 without a gap; prev is hex, 64 zeros before line 1.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from gateway.host.journal import sync_folder, write_all

FIRST = "0" * 64


def day_of(at: int) -> str:
    """UTC s -> YYYY-MM-DD."""
    return time.strftime("%Y-%m-%d", time.gmtime(at))


class Ledger:
    """Appends to the files of `folder`. A torn last line (a power cut) is cut off at opening: its entry was not acknowledged."""

    def __init__(self, folder: "Path | str") -> None:
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.count, self._hash, self._day = 0, FIRST, ""
        files = sorted(self.folder.glob("*.jsonl"))
        while files and not self._resume(files.pop()):
            pass

    def _resume(self, path: Path) -> bool:
        """Take up after the last whole line of `path`; False when it holds none."""
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        self._day = self._day or path.stem
        while whole:
            last = whole[whole.rfind(b"\n", 0, -1) + 1 :]
            try:
                self.count = int(json.loads(last)["n"])
            except (ValueError, KeyError, TypeError):
                whole = whole[: -len(last)]
                continue
            self._hash = hashlib.sha256(last[:-1]).hexdigest()
            break
        if len(whole) < len(data):
            os.truncate(path, len(whole))
        return bool(whole)

    def append(self, entries: "Iterable[tuple[int, str, dict[str, Any]]]", at: int) -> None:
        """Append (slot, kind, detail) lines with one sync. A clock that went back writes on in the newest file, the chain never forks."""
        lines = b"".join(self._line(slot, kind, detail, at) for slot, kind, detail in entries)
        if not lines:
            return
        self._day = max(self._day, day_of(at))
        path = self.folder / f"{self._day}.jsonl"
        fresh = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            write_all(handle, lines)
            os.fdatasync(handle)
        finally:
            os.close(handle)
        if fresh:
            sync_folder(self.folder)

    def _line(self, slot: int, kind: str, detail: "dict[str, Any]", at: int) -> bytes:
        self.count += 1
        held = {"n": self.count, "at": at, "slot": slot, "kind": kind, "detail": detail, "prev": self._hash}
        line = json.dumps(held, separators=(",", ":")).encode()
        self._hash = hashlib.sha256(line).hexdigest()
        return line + b"\n"


def lines(folder: "Path | str") -> "Iterator[dict[str, Any]]":
    """All lines in order. ValueError names file and line where the chain does not hold."""
    before, count = FIRST, 0
    for path in sorted(Path(folder).glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            held = json.loads(line)
            count += 1
            if held["prev"] != before or held["n"] != count:
                raise ValueError(f"{path.name}:{number}: the chain does not hold here: this line or the one before it was changed")
            before = hashlib.sha256(line).hexdigest()
            yield held
