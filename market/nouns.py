"""What is traded: immutable records of integers. Energy Wh (positive bought, negative sold), price micro-currency per kWh,
money nano-currency (price x Wh, exact), time UTC s. See docs/protocol.md."""

from collections import namedtuple


class Slot(namedtuple("Slot", ("start", "seconds"))):
    """A delivery period. start: UTC s, a multiple of seconds."""

    __slots__ = ()
    start: int
    seconds: int

    @property
    def end(self) -> int:
        """UTC s of the first second after it."""
        return self.start + self.seconds


class Order(namedtuple("Order", ("device", "slot", "steps", "expires"))):
    """A bid: steps is a tuple of (price, wh) limit steps, wh > 0 buys, wh < 0 sells; slot a `Slot`; expires UTC s."""

    __slots__ = ()
    device: str
    slot: Slot
    steps: "tuple[tuple[int, int], ...]"
    expires: int


class Award(namedtuple("Award", ("slot", "order", "wh", "price"))):
    """What the market gave to an order: wh signed as the order's steps; order is the hash of its JWS."""

    __slots__ = ()
    slot: Slot
    order: str
    wh: int
    price: int


class Entry(namedtuple("Entry", ("slot", "kind", "detail"))):
    """One line of the home's ledger. slot: UTC s; kind: a word; detail: canonical-JSON-able dict."""

    __slots__ = ()
    slot: int
    kind: str
    detail: "dict[str, object]"


class Envelope(namedtuple("Envelope", ("payload", "signer", "signature"))):
    """What a signed message holds: payload bytes, signer (kid), signature (64 bytes)."""

    __slots__ = ()
    payload: bytes
    signer: str
    signature: bytes


class Refused(Exception):
    """A message that is not accepted: args[0] is the protocol's reason word, args[1] says what was found. Drop it, log it."""
