"""The letter book of one signer: a message is committed with its seq before it is sent, and stays here, so that again means the same bytes.

Services that share a key share its letter book, and read there what the others said: it is their common memory over a restart.
Tables: `letter` (key: seq) the messages as sent, `unsent` (key: seq) those the broker may not have, `seq` the last one given.
"""

import json
from bisect import bisect_right
from collections import namedtuple
from typing import Any

from gateway.acts import Note, Save, Send
from market import envelope
from market.lent import Signer
from market.messages import RETAINED, topic, topic_of
from market.nouns import Refused
from market.post import Post

Act = Save | Send | Note
Doc = dict[str, Any]
Tables = dict[str, dict[str, Doc]]
DAY = 86400
KEEP_RETAINED_S = 7 * DAY  # protocol.md: the retained messages of a past slot are removed after 7 days
KEEP_ADDRESSED_S = 2 * DAY  # how far back a `sync` reaches
AGAIN_S = 3600  # retained messages of slots this old are given again to a broker that may have forgotten them


class Letter(namedtuple("Letter", ("seq", "topic", "data", "retain", "payload"))):
    """A message as it was sent. topic: in full; data: the JWS, b"" when it clears the topic; payload: decoded."""

    __slots__ = ()
    seq: int
    topic: str
    data: bytes
    retain: bool
    payload: Doc

    @property
    def slot(self) -> int:
        """UTC s; 0 for a message that belongs to no slot."""
        return int(self.payload.get("slot", 0))

    @property
    def kind(self) -> str:
        """The message's type."""
        return str(self.payload["type"])


class LetterBook:
    """Signs and remembers for one key."""

    def __init__(self, market: str, signer: Signer, tables: Tables) -> None:
        self.market, self.kid = market, signer.kid
        self.post = Post(signer, market, tables.get("seq", {}).get("last", {}).get("seq", 0))
        self.letters: dict[int, Letter] = {}
        self.newest: dict[str, int] = {}
        self.by_kind: dict[str, dict[int, list[int]]] = {}
        self.unsettled = 2**53  # the first slot whose awards are still needed, whatever their age
        self.by_member: dict[str, list[int]] = {}  # kid: seqs of what is addressed to it
        kept = tables.get("letter", {})
        for key in sorted(kept, key=int):
            self._file(_letter(int(key), kept[key]))
        self.unsent = {int(key) for key in tables.get("unsent", {})}

    def write(self, kind: str, body: Doc, now: int, to: str = "") -> list[Act]:
        """Sign and keep a message; the acts commit it and send it. to: the kid of the one it is for, "" for all.

        Raises Refused when it would be too large to be read by anybody: then nothing of it is kept.
        """
        payload, data = self.post.seal(kind, body, now)
        if len(data) > envelope.MESSAGE_BYTES:
            raise Refused("limits", f"a {kind} of {len(data)} bytes, {envelope.MESSAGE_BYTES} are allowed")
        letter = Letter(self.post.seq, topic_of(payload, to), data, kind in RETAINED, payload)
        self._file(letter)
        return [Save("seq", "last", {"seq": letter.seq}), *self._keep(letter), _send(letter)]

    def find(self, *parts: object) -> Letter | None:
        """The newest message under a topic of this market."""
        return self.letters.get(self.newest.get(topic(self.market, *parts), 0))

    def of_slot(self, kind: str, slot: int) -> list[Letter]:
        """All messages of a type that a slot has, in seq order."""
        return [self.letters[seq] for seq in self.by_kind.get(kind, {}).get(slot, [])]

    def slots(self, kind: str) -> set[int]:
        """The slots that have a message of this type."""
        return set(self.by_kind.get(kind, {}))

    def again(self, seq: int) -> list[Act]:
        """One message once more, the same bytes."""
        return [_send(self.letters[seq])] if seq in self.letters else []

    def addressed_after(self, kid: str, last: int, most: int) -> list[Act]:
        """What went to one member with a seq above `last`, again, oldest first and at most so many."""
        mine = self.by_member.get(kid, [])
        first = bisect_right(mine, last)
        return [_send(self.letters[seq]) for seq in mine[first : first + most]]

    def receipts_after(self, last: int) -> list[Act]:
        """Every receipt with a seq above `last`, again: a grid operator that restarts needs to know whose order is where."""
        receipts = self.by_kind.get("receipt", {}).get(0, [])
        return [_send(self.letters[seq]) for seq in receipts[bisect_right(receipts, last) :]]

    def restart(self, now: int) -> list[Act]:
        """On start and on each new connection: what the broker may not have, and what it should retain now."""
        return [_send(x) for x in self._in_order() if x.seq in self.unsent or self._current(x, now)]

    def delivered(self) -> list[Act]:
        """The broker has acknowledged all that was sent so far."""
        acts: list[Act] = []
        for seq in sorted(self.unsent):
            acts.append(Save("unsent", str(seq), None))
            if seq in self.letters and not self.letters[seq].data:
                acts += self._forget(self.letters[seq])
        self.unsent.clear()
        return acts

    def prune(self, now: int) -> list[Act]:
        """Forget old messages; a retained one is first cleared at the broker with an empty payload."""
        acts: list[Act] = []
        for letter in self._in_order():
            age = now - _time(letter)
            if letter.retain and letter.slot and letter.data and age > KEEP_RETAINED_S:
                acts += self._clear(letter)
            elif age > (KEEP_RETAINED_S if letter.retain else KEEP_ADDRESSED_S) and not self._stands(letter):
                acts += self._forget(letter)
        return acts

    def _stands(self, letter: Letter) -> bool:
        """Whether the broker retains it or should learn that it must not, or a bill will be made from it."""
        if letter.retain:
            return bool(letter.slot) or self.newest.get(letter.topic) == letter.seq
        return letter.slot >= self.unsettled

    def _clear(self, letter: Letter) -> list[Act]:
        empty = letter._replace(data=b"")
        self.letters[letter.seq] = empty
        return [*self._keep(empty), _send(empty)]

    def _keep(self, letter: Letter) -> list[Act]:
        self.unsent.add(letter.seq)
        doc = {"topic": letter.topic, "data": letter.data.decode(), "retain": letter.retain}
        if not letter.data:
            doc["payload"] = {"type": letter.kind, "slot": letter.slot}
        return [Save("letter", str(letter.seq), doc), Save("unsent", str(letter.seq), {})]

    def _current(self, letter: Letter, now: int) -> bool:
        newest = self.newest.get(letter.topic) == letter.seq
        return bool(letter.retain and letter.data and newest and (not letter.slot or letter.slot > now - AGAIN_S))

    def _in_order(self) -> list[Letter]:
        return [self.letters[seq] for seq in sorted(self.letters)]

    def _file(self, letter: Letter) -> None:
        self.letters[letter.seq] = letter
        self.newest[letter.topic] = letter.seq
        self.by_kind.setdefault(letter.kind, {}).setdefault(letter.slot, []).append(letter.seq)
        if _member(letter.topic):
            self.by_member.setdefault(_member(letter.topic), []).append(letter.seq)

    def _forget(self, letter: Letter) -> list[Act]:
        del self.letters[letter.seq]
        if self.newest.get(letter.topic) == letter.seq:
            del self.newest[letter.topic]
        _remove(self.by_kind[letter.kind], letter.slot, letter.seq)
        if _member(letter.topic):
            _remove(self.by_member, _member(letter.topic), letter.seq)
        return [Save("letter", str(letter.seq), None)]


def _letter(seq: int, doc: Doc) -> Letter:
    """A letter as it was kept. It is our own: it was checked when it was written, and is believed now."""
    payload = json.loads(envelope.unb64url(doc["data"].split(".")[1])) if doc["data"] else doc["payload"]
    return Letter(seq, doc["topic"], doc["data"].encode(), doc["retain"], payload)


def _member(topic: str) -> str:
    """The kid that a topic belongs to, "" when it is everybody's."""
    parts = topic.split("/")
    return parts[4] if parts[3] == "gw" else ""


def _remove(index: dict[Any, list[int]], key: object, seq: int) -> None:
    index[key].remove(seq)
    if not index[key]:
        del index[key]


def _send(letter: Letter) -> Send:
    return Send(letter.topic, letter.data, letter.retain)


def _time(letter: Letter) -> int:
    """When a letter was about: its slot, or when it was written (UTC s)."""
    return letter.slot or int(letter.payload["at"])
