"""What a `tick` asks its host to do. A host commits every `Save` of a batch before it does any other act of it:
so nothing is told to the world that a power cut could make us forget.

With these go `drivers.nouns.Command` (write it to the device, keep it until its end) and `market.nouns.Entry` (append it to the ledger).
"""

from collections import namedtuple

from market.lent import Payload


class Save(namedtuple("Save", ("table", "key", "doc"))):
    """Keep `doc` (a dict that JSON can carry) under `table` and `key` (text); None forgets it."""

    __slots__ = ()
    table: str
    key: str
    doc: "Payload | None"


class Send(namedtuple("Send", ("topic", "data", "retain"))):
    """Publish these bytes at QoS 1. The same act may come again with the same bytes."""

    __slots__ = ()
    topic: str
    data: bytes
    retain: bool


class Listen(namedtuple("Listen", ("topics",))):
    """Be subscribed to exactly these topics, besides those that `Home.topics` names; the newest such act holds."""

    __slots__ = ()
    topics: "tuple[str, ...]"


class Note(namedtuple("Note", ("level", "text"))):
    """A sentence for the log. level: "info" or "warning"."""

    __slots__ = ()
    level: str
    text: str
