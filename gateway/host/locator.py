"""Finds the line on which a key of a TOML file stands, by path: ("device", 1, "port") -> 12.

It reads only text that tomllib has accepted, so it looks for structure and never for errors.
"""

import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class Locator:
    """Lines of all tables, keys and list items in `text`, counted from 1."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        _Reader(text, self._found).document()

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest table around it that is written down; 1 for the file as a whole."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)


class _Reader:
    """Walks the text once; `at` is the next character."""

    def __init__(self, text: str, found: "dict[Path, int]") -> None:
        self.text, self.at, self.found = text, 0, found
        self.starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]
        self.counts: dict[Path, int] = {}  # arrays of tables and how many they have so far

    def document(self) -> None:
        here: Path = ()
        while self._skip(" \t\r\n"):
            if self.text.startswith("[[", self.at):
                here = self._header(2)
            elif self.text[self.at] == "[":
                here = self._header(1)
            else:
                self._pair(here)

    def _header(self, brackets: int) -> Path:
        begin = self.at
        self.at += brackets
        parts = self._key()
        self.at += brackets
        path: Path = ()
        for i, part in enumerate(parts):
            path = (*path, part)
            if brackets == 2 and i == len(parts) - 1:
                self._note(path, begin)
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
            self._note(path, begin)
        return path

    def _pair(self, here: Path) -> None:
        begin = self.at
        for part in self._key():
            here = (*here, part)
            self._note(here, begin)
        self.at += 1  # the equals sign
        self._value(here)

    def _key(self) -> "list[str]":
        """A dotted key; stops on what follows it."""
        parts = []
        while True:
            self._skip(" \t")
            begin = self.at
            if self.text[self.at] in "\"'":
                self._string()
                parts.append(str(tomllib.loads("k = " + self.text[begin : self.at])["k"]))
            else:
                while self.text[self.at] in BARE:
                    self.at += 1
                parts.append(self.text[begin : self.at])
            self._skip(" \t")
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _value(self, path: Path) -> None:
        self._skip(" \t")
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._list(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\r\n":
                self.at += 1

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._skip(" \t\r\n,") and self.text[self.at] != "]":
            self._note((*path, index), self.at)
            self._value((*path, index))
            index += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._skip(" \t\r\n,") and self.text[self.at] != "}":
            self._pair(path)
        self.at += 1

    def _string(self) -> None:
        """Over a string of any of the four kinds."""
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(mark)
        while self.at < len(self.text) and not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(mark)
        while len(mark) == 3 and self.text.startswith(quote, self.at):  # quotes that end a long string belong to it
            self.at += 1

    def _skip(self, spaces: str) -> bool:
        """Over `spaces` and, where lines may end, over comments; False at the end of the text."""
        while self.at < len(self.text):
            if self.text[self.at] == "#" and "\n" in spaces:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in spaces:
                self.at += 1
            else:
                return True
        return False

    def _note(self, path: Path, at: int) -> None:
        self.found.setdefault(path, bisect_right(self.starts, at))
