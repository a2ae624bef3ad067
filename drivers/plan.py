"""What to read: the fewest requests for a profile's rows, and the walk that finds the models of a SunSpec device."""

from drivers import sunspec
from drivers.control import size
from drivers.nouns import BadProfile
from drivers.quantities import LANES
from drivers.rows import spots, where
from drivers.tables import Condition, Control, Profile, Row

SUNSPEC_BASES = (40000, 0, 50000)
SUNSPEC_MARK = [0x5375, 0x6E53]  # "SunS"
MOST_MODELS = 64


def spans(profile: Profile, base: "dict[int, int]", lane: "str | None" = None) -> "list[tuple[int, int, int]]":
    """(function, first, after) of all that a profile needs in its image, or of one lane of it, sorted, without doubles.

    What a control overwrites is in the slow lane; what conditions ask, and how to recognise the product, is asked once.
    """
    placed: "set[tuple[int, int, int]]" = set()
    for row in profile.reads:
        if lane in (None, row.lane):
            placed.update(of_row(row, base))
        if lane in (None, "once"):
            placed.update(_of_conditions(row.when, base))
    if lane in (None, "once"):
        placed.update(_of_conditions(profile.identity, base))
    for control in profile.controls.values():
        if lane in (None, "slow"):
            placed.update(_of_control(control, base))
        if lane in (None, "once"):
            for step in control.steps:
                placed.update(_of_conditions(step.when, base))
            placed.update(_of_conditions(control.when, base))
    return sorted(placed)


def of_row(row: Row, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """(function, first, after) of a row's parts and its scale factor."""
    found = [(row.function, at, at + row.words) for at, _ in spots(row, base) if at is not None]
    factor = None if row.exponent is None else where(row.exponent, base)
    return found + ([] if factor is None else [(row.function, factor, factor + 1)])


def _of_conditions(conditions: "tuple[Condition, ...]", base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    return [span for one in conditions for span in of_row(one.row, base)]


def _of_control(control: Control, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """What must be known to drive it: its time-out, the present state of what it writes, and scale factors."""
    found = []
    for row in (control.timeout_from, control.shows):
        found += [] if row is None else of_row(row, base)
    for step in control.steps:
        start = where(step.address, base)
        if start is not None and step.readable:
            found.append((3, start, start + size(step)))
        factors = [where(item.exponent, base) for item in step.items if item.exponent is not None]
        found += [(3, factor, factor + 1) for factor in factors if factor is not None]
    return found


def blocks(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """The read requests (function, address, count) for one look at the whole device, joined over gaps that cost less than a request.

    bus["gap"]: registers that are cheaper to read along than to ask for anew; bus["largest"]: most registers in one request;
    bus["single"]: each value is asked alone. Blocks that the profile declares are asked as they stand.
    """
    return joined(profile, base, spans(profile, base))


def lanes(profile: Profile, base: "dict[int, int]") -> "dict[str, list[tuple[int, int, int]]]":
    """{"fast", "slow", "once": read requests}; a slower lane leaves out what a faster one brings along."""
    found: "dict[str, list[tuple[int, int, int]]]" = {}
    brought: "list[tuple[int, int, int]]" = []
    for lane in LANES:
        todo = [span for span in spans(profile, base, lane) if not _within(span, brought)]
        found[lane] = joined(profile, base, todo)
        brought += found[lane]
    return found


def identity_blocks(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    """The read requests that `identify` needs."""
    return joined(profile, base, sorted(set(_of_conditions(profile.identity, base))))


def joined(profile: Profile, base: "dict[int, int]", wanted: "list[tuple[int, int, int]]") -> "list[tuple[int, int, int]]":
    """Sorted spans (function, first, after) as requests (function, address, count)."""
    gap, largest = profile.bus.get("gap", 8), profile.bus.get("largest", 125)
    if profile.bus.get("single"):
        return [(function, first, after - first) for function, first, after in wanted]
    declared = _declared(profile, base)
    asked = [block for block in declared if [span for span in wanted if _within(span, [block])]]
    runs: "list[list[int]]" = []
    for function, first, after in [span for span in wanted if not _within(span, asked)]:
        last = runs[-1] if runs else None
        near = last is not None and last[0] == function and first <= last[2] + gap and not _between(declared, function, last[2], first)
        if last and near and max(after, last[2]) - last[1] <= largest:
            last[2] = max(after, last[2])
        else:
            runs.append([function, first, after])
    return sorted(asked + [(function, first, after - first) for function, first, after in runs])


def _declared(profile: Profile, base: "dict[int, int]") -> "list[tuple[int, int, int]]":
    placed = [(function, where(place, base), count) for function, place, count in profile.blocks]
    return [(function, start, count) for function, start, count in placed if start is not None]


def _within(span: "tuple[int, int, int]", requests: "list[tuple[int, int, int]]") -> bool:
    return any([f == span[0] and start <= span[1] and span[2] <= start + count for f, start, count in requests])


def _between(requests: "list[tuple[int, int, int]]", function: int, after: int, first: int) -> bool:
    """Whether a declared block lies in the gap from `after` to `first`."""
    return any([f == function and start < first and start + count > after for f, start, count in requests])


def placed(profile: Profile, number: int = 1) -> "dict[int, int]":
    """The base of a device that needs no walk: {} of flat addresses, that of controller `number` where the profile has a stride."""
    return {0: profile.stride * number} if profile.stride else {}


def repeating(profile: Profile) -> "list[int]":
    """The models of a profile whose groups repeat: base tells their length too."""
    models = [model for one in profile.sunspec for model in one] + list(profile.optional)
    return [model for model in models if sunspec.repeats(model)]


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
    address, long = start + 2, repeating(profile)
    for _ in range(MOST_MODELS):
        head = yield (3, address, 2)
        if not head or head[0] == 0xFFFF:
            break
        model = sunspec.same_layout(head[0])
        if model not in base:
            base[model] = address
            if model in long:
                base[-model] = head[1]
        address += 2 + head[1]
    missing = [one for one in profile.sunspec if not [model for model in one if model in base]]
    if missing:
        names = ", ".join([" or ".join([str(model) for model in one]) for one in missing])
        raise BadProfile("%s: the device lacks SunSpec models [%s], it has %s" % (profile.name, names, sorted([m for m in base if m > 0])))
    return base
