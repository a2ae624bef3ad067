"""What a device says and is told: every record is immutable, every number an integer in the unit that its name ends with.

Sign: positive is consumption (import, charging); it is normalised by role in `drivers/profile.py` and nowhere else.
"""

from collections import namedtuple


class Reading(namedtuple("Reading", ("device", "quantity", "value", "at"))):
    """One measured value.

    device: name in the owner's config; quantity: a word of `drivers/quantities.py`, unit in the name;
    value: int; at: UTC s of the start of the frame or request that brought it.
    """

    __slots__ = ()
    device: str
    quantity: str
    value: int
    at: int


class Command(namedtuple("Command", ("device", "quantity", "value", "until"))):
    """A wish to a device: set `quantity` to `value` (int) and keep it so until UTC s `until`, then release to its safe state."""

    __slots__ = ()
    device: str
    quantity: str
    value: int
    until: int


class Silent(Exception):
    """The device did not answer. Remedy: try again, later each time."""


class Garbled(Exception):
    """Bytes that mean nothing: drop them, count them. `args[1]` carries the bytes."""


class BadProfile(Exception):
    """A profile that cannot be right: stop, and say line and remedy."""
