"""One product is one literal table in `drivers/profiles`: this is the door through which hosts and simulators reach it.

Whatever a device means by plus, what leaves here is positive for consumption (`drivers/tables.py` makes the signs, by role).
"""

from drivers.building import profile_of
from drivers.check import check
from drivers.control import refresh, refresh_s, release, remembered, stored, writes
from drivers.mirror import blank, encode, understand
from drivers.nouns import BadProfile, Reading
from drivers.plan import blocks, identity_blocks, lanes, placed, sunspec_walk
from drivers.rows import holds, value_of
from drivers.shown import readback
from drivers.tables import Profile

__all__ = (
    "Profile",
    "blank",
    "blocks",
    "build",
    "decode",
    "encode",
    "identify",
    "identity_blocks",
    "lanes",
    "load",
    "placed",
    "readback",
    "refresh",
    "refresh_s",
    "release",
    "remembered",
    "stored",
    "sunspec_walk",
    "understand",
    "writes",
)


def load(name: str) -> Profile:
    """The profile of that name, checked; BadProfile says where and what to do."""
    if not name or not all([c in "abcdefghijklmnopqrstuvwxyz0123456789_" for c in name]):
        raise BadProfile("profile %r: a name has only a-z, 0-9 and _" % name)
    try:
        module = __import__("drivers.profiles." + name, None, None, ("PROFILE",))
    except ImportError:
        raise BadProfile("profile %r: there is no drivers/profiles/%s.py" % (name, name)) from None
    return build(name, module.PROFILE)


def build(name: str, table: "dict[str, object]") -> Profile:
    """A checked Profile from the table of a profile file."""
    check(name, table)
    return profile_of(name, table)


def decode(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]", device: str, at: int) -> "list[Reading]":
    """What the registers of `image` say. A value that the device does not have, or that is not in the image, gives no Reading.

    Of several rows of one quantity the first that has a value tells it.
    """
    readings: "list[Reading]" = []
    said: "set[str]" = set()
    for row in profile.reads:
        value = None if row.quantity in said else value_of(row, base, image)
        if value is not None:
            said.add(row.quantity)
            readings.append(Reading(device, row.quantity, value, at))
    return readings


def identify(profile: Profile, base: "dict[int, int]", image: "dict[tuple[int, int], int]") -> "bool | None":
    """Whether the device is this product: True when all of its `identity` holds, False when one does not, None when that cannot be said.

    A SunSpec device without further marks is known by its models, which the walk has found.
    """
    if not profile.identity:
        return True if profile.sunspec and base else None
    return holds(profile.identity, base, image)
