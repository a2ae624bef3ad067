"""What the street's cable can carry: flows of a radial feeder, voltage drops along it, and who is limited when it is too much.

Power flows are linear (Baran and Wu 1989, LinDistFlow without losses), three-phase and balanced: a line that carries P watts at
unity power factor (Q = P x reactive / 1000 otherwise) drops (R P + X Q) / (3 U) volts a phase, U the nominal 230 V; milliohms
times watts over volts are millivolts. Powers are W, positive from the transformer to the homes. Integers; divisions round down.
"""

from market.clearing import clear

NOMINAL_MV = 230000
BAND_MV = 23000  # EN 50160: 10 % of 230 V


class Feeder:
    """A tree of lines below a transformer.

    nodes: rows (node, parent, r_mohm, x_mohm, max_w), the line from parent to node and what it may carry either way; the parent
    of the first is "", the transformer. reactive: Q per mille of P. Raises ValueError for rows that are no tree.
    """

    def __init__(self, nodes: "list[tuple[str, str, int, int, int]]", reactive: int = 0, band_mv: int = BAND_MV) -> None:
        self.band_mv = band_mv
        self._parent: "dict[str, str]" = {}
        self._drop_mohm: "dict[str, int]" = {}  # what acts on P, in thousandths of a milliohm
        self._max_w: "dict[str, int]" = {}
        for node, parent, r_mohm, x_mohm, max_w in nodes:
            if node in self._parent or node == "":
                raise ValueError("node %r is there twice, or without a name" % node)
            self._parent[node] = parent
            self._drop_mohm[node] = 1000 * r_mohm + reactive * x_mohm
            self._max_w[node] = max_w
        self.nodes = sorted(self._parent)
        for node in self.nodes:
            self.way(node)

    def way(self, node: str) -> "list[str]":
        """The nodes whose lines lie between `node` and the transformer, from `node` up."""
        found = []
        while node != "":
            if node not in self._parent:
                raise ValueError("no line leads to node %r" % node)
            if node in found:
                raise ValueError("the lines at node %r form a ring" % node)
            found.append(node)
            node = self._parent[node]
        return found

    def flows(self, net_w: "dict[str, int]") -> "dict[str, int]":
        """The power in each node's line, given what is drawn at each node (W, negative: fed in)."""
        carried = {node: 0 for node in self.nodes}
        for at in net_w:
            for node in self.way(at):
                carried[node] += net_w[at]
        return carried

    def voltages(self, flows: "dict[str, int]") -> "dict[str, int]":
        """The voltage of each node in mV a phase, the transformer's being nominal."""
        return {node: NOMINAL_MV - self._drop([(line, flows[line]) for line in self.way(node)]) for node in self.nodes}

    def violations(self, net_w: "dict[str, int]") -> "list[tuple[str, str, int]]":
        """What is exceeded: ("thermal", node, W too much) and ("voltage", node, mV too low), negative the other way, by node."""
        flows = self.flows(net_w)
        volts = self.voltages(flows)
        found = []
        for node in self.nodes:
            found.append(("thermal", node, _beyond(flows[node], self._max_w[node])))
            found.append(("voltage", node, _beyond(NOMINAL_MV - volts[node], self.band_mv)))
        return [(kind, node, excess) for kind, node, excess in found if excess]

    def relief_w(self, violation: "tuple[str, str, int]", at: str) -> int:
        """The W that must be drawn less (fed in less) at node `at` to end a violation by it alone; 0 when it has no part in it."""
        kind, node, excess = violation
        shared = [line for line in self.way(node) if line in self.way(at)]
        if kind == "thermal":
            return abs(excess) if node in shared else 0
        weight = sum([self._drop_mohm[line] for line in shared])
        return _up(abs(excess) * 3 * NOMINAL_MV, weight) if weight else 0

    def _drop(self, carried: "list[tuple[str, int]]") -> int:
        return sum([self._drop_mohm[line] * watts for line, watts in carried]) // (3 * NOMINAL_MV)


def limits(
    orders: "list[tuple[int, list[tuple[int, int]]]]",
    node_of_index: "dict[int, str]",
    feeder: Feeder,
    slot_seconds: int,
    background: "tuple[tuple[str, int], ...]" = (),
) -> "tuple[str, str, list[tuple[int, int]]]":
    """What the DSO answers to a book: (state, constraint, limits [(index, max_wh)] by index).

    As long as the clearing of the book would exceed the feeder, the order with the highest index among those that take part in
    the first violation, in its direction, is limited to what the feeder bears, and the book is cleared again: last on, first off.
    What others trade changes with it, so one cut may not do: each further cut of an order takes twice what seems needed, and this
    ends. background: (node, W) that flows whatever is traded; what it exceeds by itself no limit can mend. constraint: the first
    violation in words, "" when all is well.
    """
    cut: "dict[int, int]" = {}
    times: "dict[int, int]" = {}
    constraint = ""
    while True:
        fills = clear(orders, sorted(cut.items()))[2]
        violations = feeder.violations(_net(fills, node_of_index, slot_seconds, background))
        constraint = constraint or _words(violations)
        found = _last_on(violations, fills, node_of_index, feeder)
        if found is None:
            return "congested" if constraint else "ok", constraint, sorted(cut.items())
        index, wh, relief_w = found
        cut[index] = max(0, wh - (_up(relief_w * slot_seconds, 3600) << times.get(index, 0)))
        times[index] = times.get(index, 0) + 1


def _last_on(
    violations: "list[tuple[str, str, int]]", fills: "list[tuple[int, int]]", node_of_index: "dict[int, str]", feeder: Feeder
) -> "tuple[int, int, int] | None":
    """(index, Wh traded, W to relieve) of the newest order that worsens the first violation that any order worsens, or None."""
    for violation in violations:
        for index, wh in reversed(fills):
            relief_w = feeder.relief_w(violation, node_of_index[index])
            if relief_w and (wh > 0) == (violation[2] > 0):
                return index, abs(wh), relief_w
    return None


def _net(
    fills: "list[tuple[int, int]]", node_of_index: "dict[int, str]", slot_seconds: int, background: "tuple[tuple[str, int], ...]"
) -> "dict[str, int]":
    """W drawn at each node; a fill counts with its mean power, rounded away from zero."""
    net_w: "dict[str, int]" = {}
    for node, watts in background:
        net_w[node] = net_w.get(node, 0) + watts
    for index, wh in fills:
        watts = _up(abs(wh) * 3600, slot_seconds)
        node = node_of_index[index]
        net_w[node] = net_w.get(node, 0) + (watts if wh > 0 else -watts)
    return net_w


def _words(violations: "list[tuple[str, str, int]]") -> str:
    if not violations:
        return ""
    kind, node, excess = violations[0]
    return "%s at %s by %d %s" % (kind, node, excess, "W" if kind == "thermal" else "mV")


def _beyond(value: int, most: int) -> int:
    """By how much a value exceeds +-most, with its sign; 0 when it does not."""
    return max(value - most, 0) + min(value + most, 0)


def _up(value: int, by: int) -> int:
    """value / by, rounded up."""
    return -(-value // by)
