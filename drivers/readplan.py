"""Reads are joined where that costs the line less time than asking again: a request and a register have a cost, the cheapest set wins.

A span is (function, first, after): the registers of one value, never torn. A request is (function, address, count). A hole is a span that
the device denied; of width 0 it is a place that no request may cross. Times are nanoseconds.
"""

from collections import namedtuple

from drivers.plan import spans as spans_of
from drivers.rows import where
from drivers.tables import Profile

MOST = 125  # registers in one Modbus read
REQUEST_CHARS, REPLY_CHARS, SILENT_CHARS = 8, 5, 7  # RTU: a read request, what surrounds the registers of its reply, 3.5 characters twice
SILENT_NS = 1750000  # one silence on lines above 19200 baud, where it does not shrink any more (Modbus over serial line 1.02, 2.5.1.1)
HOST_NS = 1000000  # what a host's scheduling adds to a request
TCP_REGISTER_NS = 160  # two bytes at 100 Mbit/s: a gap costs nothing there
TURNAROUND_MS = 5  # of a device that has not been measured yet
DAY_S = 86400
GAP = 8  # registers that the map of an unknown device can be trusted to let us read along


class Line(namedtuple("Line", ("request_ns", "register_ns"))):
    """What a read costs: `request_ns` for asking at all, turnaround included, and `register_ns` for each register."""

    __slots__ = ()
    request_ns: int
    register_ns: int

    def read_ns(self, count: int) -> int:
        """The time of one read of `count` registers."""
        return self.request_ns + count * self.register_ns

    def gap(self) -> int:
        """The widest gap, in registers, that is cheaper to read along than to ask anew."""
        return self.request_ns // self.register_ns


def rtu(baud: int, framing: str = "8N1", turnaround_ms: int = TURNAROUND_MS) -> Line:
    """A serial line, or RTU over TCP to one. framing: data bits, parity, stop bits; start bit and parity are counted."""
    char_ns = (1 + int(framing[0]) + (framing[1] != "N") + int(framing[2])) * 1000000000 // baud
    silent_ns = 2 * SILENT_NS if baud > 19200 else SILENT_CHARS * char_ns
    return Line((REQUEST_CHARS + REPLY_CHARS) * char_ns + silent_ns + turnaround_ms * 1000000 + HOST_NS, 2 * char_ns)


def tcp(turnaround_ms: int = TURNAROUND_MS) -> Line:
    """Modbus TCP on a local network."""
    return Line(turnaround_ms * 1000000 + HOST_NS, TCP_REGISTER_NS)


def requests(
    profile: Profile,
    base: "dict[int, int]",
    lanes: "tuple[str, ...]",
    line: Line,
    holes: "list[tuple[int, int, int]] | tuple[()]" = (),
) -> "list[tuple[int, int, int]]":
    """The cheapest requests on that line for these lanes of a device, within what its profile says it bears."""
    spans: "set[tuple[int, int, int]]" = set()
    for lane in lanes:
        spans.update(spans_of(profile, base, lane))
    placed = [(function, where(place, base), count) for function, place, count in profile.blocks]
    blocks = tuple([(function, at, count) for function, at, count in placed if at is not None])
    single, bus = profile.bus.get("single"), profile.bus
    return plan(list(spans), line, 0 if single else bus.get("gap", GAP), 1 if single else bus.get("largest", MOST), blocks, holes)


def plan(
    spans: "list[tuple[int, int, int]]",
    line: Line,
    gap: int = MOST,
    largest: int = MOST,
    blocks: "tuple[tuple[int, int, int], ...]" = (),
    holes: "list[tuple[int, int, int]] | tuple[()]" = (),
) -> "list[tuple[int, int, int]]":
    """The cheapest requests that read all `spans` but those in holes.

    gap: most registers that may be read along; largest: most in one request; blocks: requests that the device takes only as they stand.
    """
    whole = [block for block in blocks if any([_inside(span, block) for span in spans])]
    rest = [s for s in spans if not any([_inside(s, b) for b in whole]) and not any([_touches(h, s[0], s[1], s[2]) for h in holes])]
    walls = list(holes) + [(function, address, address + count) for function, address, count in blocks]
    return sorted(whole + _cheapest(_merged(rest), line, gap, largest, walls))


def _inside(span: "tuple[int, int, int]", block: "tuple[int, int, int]") -> bool:
    return span[0] == block[0] and block[1] <= span[1] and span[2] <= block[1] + block[2]


def _touches(hole: "tuple[int, int, int]", function: int, first: int, after: int) -> bool:
    return hole[0] == function and first < hole[2] and hole[1] < after


def _merged(spans: "list[tuple[int, int, int]]") -> "list[tuple[int, int, int]]":
    """Sorted, and those that share registers as one."""
    merged: "list[tuple[int, int, int]]" = []
    for function, first, after in sorted(spans):
        last = merged[-1] if merged else None
        if last and last[0] == function and first < last[2]:
            merged[-1] = (function, last[1], max(last[2], after))
        else:
            merged.append((function, first, after))
    return merged


def _cheapest(
    spans: "list[tuple[int, int, int]]", line: Line, gap: int, largest: int, walls: "list[tuple[int, int, int]]"
) -> "list[tuple[int, int, int]]":
    """best[j]: (cost of reading the first j spans, where its last request begins); each is the best over all last requests."""
    best = [(0, 0)]
    for j in range(1, len(spans) + 1):
        function, first, after = spans[j - 1]
        found = (best[j - 1][0] + line.read_ns(after - first), j - 1)
        for i in range(j - 2, -1, -1):
            before = spans[i]
            joined = before[0] == function and spans[i + 1][1] - before[2] <= gap and after - before[1] <= largest
            if not joined or any([_touches(wall, function, before[1], after) for wall in walls]):
                break
            found = min(found, (best[i][0] + line.read_ns(after - before[1]), i))
        best.append(found)
    requests = []
    j = len(spans)
    while j:
        i = best[j][1]
        requests.append((spans[i][0], spans[i][1], spans[j - 1][2] - spans[i][1]))
        j = i
    return requests


def cost_ns(requests: "list[tuple[int, int, int]]", line: Line) -> int:
    """The time of these requests on that line."""
    return sum([line.read_ns(request[2]) for request in requests])


def parted(
    request: "tuple[int, int, int]", spans: "list[tuple[int, int, int]]"
) -> "tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]] | None":
    """A denied request in two, and the hole that may lie between: at its widest gap, among equals nearest to its middle.

    None when it reads one value only: the device does not have it.
    """
    function, first, count = request
    inside = _merged([span for span in spans if _inside(span, request)])
    if len(inside) < 2:
        return None

    def wide(i: int) -> "tuple[int, int, int]":
        return inside[i][1] - inside[i - 1][2], -abs(inside[i - 1][2] + inside[i][1] - 2 * first - count), i

    i = max([wide(i) for i in range(1, len(inside))])[2]
    end, start = inside[i - 1][2], inside[i][1]
    low, high = inside[0][1], inside[-1][2]
    return (function, low, end - low), (function, start, high - start), (function, end, start)


class Known:
    """What was learned of a device by denials. gaps: what cannot be read along; absent: values that it does not have, asked again after
    a day, for a device that starts up denies what it has."""

    def __init__(self, doc: "dict[str, object] | None" = None) -> None:
        held = doc or {}
        self.gaps: "list[tuple[int, int, int]]" = _spans(held.get("gaps"))
        self.absent: "list[tuple[int, int, int]]" = _spans(held.get("absent"))
        self.at = _number(held.get("at"))

    def learn(self, gaps: "list[tuple[int, int, int]]", absent: "list[tuple[int, int, int]]", now: int) -> bool:
        """Take in what a look has shown; True when there was news."""
        new = [gap for gap in gaps if gap not in self.gaps], [value for value in absent if value not in self.absent]
        self.gaps, self.absent = sorted(self.gaps + new[0]), sorted(self.absent + new[1])
        if new[1]:
            self.at = now
        return bool(new[0] or new[1])

    def forgive(self, now: int) -> bool:
        """Whether absent values are to be asked for again now."""
        if not self.absent or now - self.at < DAY_S:
            return False
        self.absent = []
        return True

    def holes(self) -> "list[tuple[int, int, int]]":
        """For `plan`."""
        return self.gaps + self.absent

    def doc(self) -> "dict[str, object]":
        """What to keep."""
        return {"gaps": [list(gap) for gap in self.gaps], "absent": [list(value) for value in self.absent], "at": self.at}


def _spans(held: object) -> "list[tuple[int, int, int]]":
    return [(int(f), int(first), int(after)) for f, first, after in held] if isinstance(held, (list, tuple)) else []


def _number(held: object) -> int:
    return held if isinstance(held, int) else 0
