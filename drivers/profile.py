"""One product is one literal table in `drivers/profiles`: this is the door through which hosts and simulators reach it.

Whatever a device means by plus, what leaves here is positive for consumption (`drivers/tables.py` makes the signs, by role).
"""

from drivers.check import check
from drivers.control import refresh_s, release, writes
from drivers.mirror import blank, encode, understand
from drivers.nouns import BadProfile, Reading
from drivers.plan import blocks, sunspec_walk
from drivers.rows import value_of
from drivers.tables import Profile, profile_of

__all__ = (
    "Profile",
    "blank",
    "blocks",
    "build",
    "decode",
    "encode",
    "load",
    "refresh_s",
    "release",
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
    """What the registers of `image` say. A value that the device does not have, or that is not in the image, gives no Reading."""
    readings = []
    for row in profile.reads:
        value = value_of(row, base, image)
        if value is not None:
            readings.append(Reading(device, row.quantity, value, at))
    return readings
