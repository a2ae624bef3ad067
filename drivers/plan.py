"""What to read: the fewest requests for a profile's rows, and the walk that finds the models of a SunSpec device."""

from drivers.nouns import BadProfile
from drivers.registers import WORDS
from drivers.rows import where
from drivers.tables import Control, Profile

SUNSPEC_BASES = (40000, 0, 50000)
SUNSPEC_MARK = [0x5375, 0x6E53]  # "SunS"
# Models with the layout of another as far as rows go: single and split phase inverters (sunspec/models 101, 102) as 103.
SUNSPEC_LIKE = {101: 103, 102: 103}
MOST_MODELS = 64


def spans(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """(function, first, after) of all that a profile needs in its image, sorted, without doubles."""
    wanted: "list[tuple[int, int | tuple[int, int] | None, int]]" = []
    for row in profile.reads:
        wanted.append((row.function, row.address, WORDS[row.type]))
        wanted.append((row.function, row.exponent, 1))
    for control in profile.controls.values():
        wanted += _of_control(control)
    placed = set()
    for function, address, count in wanted:
        start = None if address is None else where(address, base)
        if start is not None:
            placed.add((function, start, start + count))
    return sorted(placed)


def _of_control(control: Control) -> "list[tuple[int, int | tuple[int, int] | None, int]]":
    """What must be known to drive it: its time-out, the present state of what it writes, and scale factors."""
    wanted: "list[tuple[int, int | tuple[int, int] | None, int]]" = []
    teller = control.timeout_from
    if teller is not None:
        wanted.append((teller.function, teller.address, WORDS[teller.type]))
    for step in control.steps:
        wanted.append((3, step.address, sum([WORDS[item.type] for item in step.items])))
        wanted += [(3, item.exponent, 1) for item in step.items]
    return wanted


def blocks(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """The read requests (function, address, count) for one look at the device, joined over gaps that cost less than a request.

    bus["gap"]: registers that are cheaper to read along than to ask for anew; bus["largest"]: most registers in one request.
    """
    gap, largest = profile.bus.get("gap", 8), profile.bus.get("largest", 125)
    joined: "list[list[int]]" = []
    for function, first, after in spans(profile, base):
        last = joined[-1] if joined else None
        if last and last[0] == function and first <= last[2] + gap and max(after, last[2]) - last[1] <= largest:
            last[2] = max(after, last[2])
        else:
            joined.append([function, first, after])
    return [(function, first, after - first) for function, first, after in joined]


def sunspec_walk(profile: Profile):  # type: ignore[no-untyped-def]
    """Generator: yields (function, address, count), is sent the registers (None when the device denied them), returns base.

    A device without the "SunS" mark or without a model that the profile needs raises BadProfile: the wrong profile for it.
    """
    for start in SUNSPEC_BASES:
        mark = yield (3, start, 2)
        if mark is not None and list(mark) == SUNSPEC_MARK:
            break
    else:
        raise BadProfile("%s: no SunSpec device answers at %s: choose another profile" % (profile.name, SUNSPEC_BASES))
    base: "dict[int, int]" = {}
    address = start + 2
    for _ in range(MOST_MODELS):
        head = yield (3, address, 2)
        if not head or head[0] == 0xFFFF:
            break
        base.setdefault(SUNSPEC_LIKE.get(head[0], head[0]), address)
        address += 2 + head[1]
    missing = [model for model in profile.sunspec if model not in base]
    if missing:
        raise BadProfile("%s: the device lacks SunSpec models %s, it has %s" % (profile.name, missing, sorted(base)))
    return base
