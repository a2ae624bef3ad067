"""A device is believed while its values fit each other: what cannot be is not taken in, and a device that goes on so is unknown.

Judged are each frame by itself (ranges, phases against their sum, sign by kind), counters (they only rise, and no faster than a
house can use energy) and, by `gateway/account.py`, power over time against energy. No tolerance is tight: a register map that is
wrong is wrong by far, and a false alarm costs a home its trade.
"""

from drivers.nouns import Reading
from gateway.account import Account
from gateway.acts import Note, Save
from market.lent import Payload

VERDICTS, TESTS = "plausible", "tested"  # tables of what is kept: judges' memories, and results of the guided test
COUNTERS = ("energy_import_wh", "energy_export_wh")
PHASES = ("l1", "l2", "l3")
MOST = {  # (least, most) that anything in a house can show; 0 also where a device sleeps
    "frequency_mhz": (0, 70_000),
    "soc_permille": (0, 1050),
    "temperature_mc": (-60_000, 250_000),
    "capacity_wh": (0, 10_000_000),
    "session_wh": (0, 1_000_000),
    "plugged": (0, 1),
    "charging": (0, 1),
}
MOST_OF_PHASE = {"voltage_%s_mv": (0, 700_000), "current_%s_ma": (-1_000_000, 1_000_000)}
NOISE_W = 100
BACK_W = 300  # what may flow against a kind's direction: standby of an inverter, a sensor's offset
FALL_WH = 10  # a counter that is computed may tremble by this much
BAD_FRAMES, GOOD_FRAMES = 3, 12  # in a row: to be marked, to be believed again
KEEP_S = 3600
ONE_WAY = {"pv": (-1, "a roof that draws"), "ev": (1, "a charger that gives"), "heater": (1, "a heater that gives")}


class Judge:
    """One device. kind: as its profile says; limit_w: of the connection; swapped: the owner's word that its counters began anew.

    wrong: what is the matter with it, in words; "" while it is plausible.
    """

    def __init__(self, kind: str, limit_w: int, stale_s: int = 60, swapped: str = "") -> None:
        self.kind, self.limit_w, self.swapped = kind, limit_w, swapped
        self.tested = ""  # what the guided test found wrong with its power
        self.account = Account(2 * stale_s)
        self._counters: "dict[str, tuple[int, int]]" = {}  # highest so far, and when it was reached
        self._nameplate_w = 0
        self.last = ""  # what was wrong with the last frame
        self._in_frames = ""  # the same once there were enough such frames
        self._bad = self._good = 0
        self._kept = (0, "")  # when and with what matter the last state was given

    @property
    def wrong(self) -> str:
        """What is wrong with the device as a whole."""
        return self.tested or self._in_frames or self.account.wrong

    @property
    def matter(self) -> str:
        """The first word of `wrong`: what it is about, whatever the figures."""
        return self.wrong.split(" ")[0]

    def heard(self, values: "dict[str, int]", at: int) -> bool:
        """One frame; whether it may be taken in."""
        self._nameplate_w = values.get("power_max_w", 0) or self._nameplate_w
        self.last = found = self.impossible(values, at)
        if found:
            self._bad, self._good = self._bad + 1, 0
            if self._bad >= BAD_FRAMES:
                self._in_frames = found
            return False
        self._bad, self._good = 0, self._good + 1
        if self._good >= GOOD_FRAMES:
            self._in_frames = ""
        self.account.heard(self._counting(values, at), at)
        return not self.wrong

    def impossible(self, values: "dict[str, int]", at: int) -> str:
        """Why this frame cannot be true, or ""."""
        found = _out_of_range(values) or self._too_much(values) or _phases_differ(values)
        return found or self._against_kind(values) or self._counted(values, at)

    def state(self, at: int) -> "Payload | None":
        """What should survive now, None while nothing new is worth a write."""
        if self.matter == self._kept[1] and at < self._kept[0] + KEEP_S:
            return None
        self._kept = (at, self.matter)
        counters = {q: [value, then] for q, (value, then) in self._counters.items()}
        return {"swapped": self.swapped, "frames": self._in_frames, "account": self.account.wrong, "counters": counters}

    def recall(self, doc: Payload, test: Payload) -> None:
        """Take back `state`, and the result of the guided test; a swap that was declared since begins anew."""
        self.tested = str(test.get("wrong", ""))
        if doc.get("swapped", "") == self.swapped:
            self._in_frames, self.account.wrong = str(doc.get("frames", "")), str(doc.get("account", ""))
            counters: "dict[str, list[int]]" = doc.get("counters", {})
            self._counters = {q: (row[0], row[1]) for q, row in counters.items()}

    # -- one frame by itself

    def _bound_w(self) -> int:
        """No power of this device lies above; a battery near its full tells a small nameplate for charging, and still can give."""
        if not self._nameplate_w or self.kind == "meter":
            return 2 * self.limit_w
        return max(2 * self._nameplate_w + NOISE_W, self.limit_w if self.kind == "battery" else 0)

    def _too_much(self, values: "dict[str, int]") -> str:
        power, bound = values.get("power_w", 0), self._bound_w()
        if abs(power) > bound:
            return "power_w is %d W, and more than %d W cannot flow here" % (power, bound)
        apparent = _apparent_va(values)
        if apparent is not None and abs(power) > apparent * 13 // 10 + NOISE_W:
            return "power_w is %d W, and its voltages and currents make %d VA at most" % (power, apparent)
        return ""

    def _against_kind(self, values: "dict[str, int]") -> str:
        way, words = ONE_WAY.get(self.kind, (0, ""))
        power = values.get("power_w", 0)
        hybrid = "soc_permille" in values  # it also charges its battery
        if way and not hybrid and power * way < -max(BACK_W, self._nameplate_w // 20):
            return "power_w is %d W: %s" % (power, words)
        return ""

    # -- counters

    def _counted(self, values: "dict[str, int]", at: int) -> str:
        for name in COUNTERS:
            value, before = values.get(name), self._counters.get(name)
            if value is None or before is None or self._asleep(value):
                continue
            if value < before[0] - FALL_WH - self.account.grain:
                return "%s fell from %d to %d Wh, and a counter only rises" % (name, before[0], value)
            hours_s = max(at - before[1], 0) + 3600  # some count in lumps
            if value - before[0] > self._bound_w() * hours_s // 3600:
                return "%s rose from %d to %d Wh within %d s" % (name, before[0], value, at - before[1])
        return ""

    def _counting(self, values: "dict[str, int]", at: int) -> "dict[str, int]":
        """Remember the highest; the values without counters that sleep."""
        awake = {}
        for name, value in values.items():
            if name not in COUNTERS:
                awake[name] = value
            elif value > self._counters.get(name, (-1, 0))[0]:
                awake[name] = value
                self._counters[name] = (value, at)
            elif not self._asleep(value):
                awake[name] = self._counters[name][0]
        return awake

    def _asleep(self, value: int) -> bool:
        """An inverter that wakes or goes to sleep may show no energy at all; a meter never does."""
        return value == 0 and self.kind != "meter"


class Jury:
    """One judge for each device. acts: what the home is to keep and to tell."""

    def __init__(self, devices: "list[Payload]", limit_w: int) -> None:
        self.judges = {str(d["name"]): Judge(str(d["kind"]), limit_w, d.get("stale_s", 60), str(d.get("swapped", ""))) for d in devices}
        self.acts: "list[object]" = []
        self._told: "set[tuple[str, str]]" = set()

    def recall(self, tables: "dict[str, dict[str, Payload]]") -> None:
        """What was known before the last stop."""
        for name, judge in self.judges.items():
            judge.recall(tables.get(VERDICTS, {}).get(name, {}), tables.get(TESTS, {}).get(name, {}))

    def believes(self, readings: "list[Reading]") -> bool:
        """Whether the readings of one frame of one device may be taken in."""
        judge = self.judges.get(readings[0].device) if readings else None
        if judge is None:
            return True
        name, at = readings[0].device, max([r.at for r in readings])
        believed = judge.heard({r.quantity: r.value for r in readings}, at)
        doc = judge.state(at)
        if doc is not None:
            self.acts.append(Save(VERDICTS, name, doc))
        self._tell(name, judge)
        return believed

    def wrong(self) -> "dict[str, str]":
        """{device: what is wrong with it} of those that are not believed."""
        return {name: judge.wrong for name, judge in self.judges.items() if judge.wrong}

    def _tell(self, name: str, judge: Judge) -> None:
        if judge.wrong and (name, judge.matter) not in self._told:
            self._told.add((name, judge.matter))
            text = "%s is not believed: %s. It counts as unknown, and nothing is bid, until that is mended: `elecbay check` shows more."
            self.acts.append(Note("warning", text % (name, judge.wrong)))


def _out_of_range(values: "dict[str, int]") -> str:
    for name, (least, most) in MOST.items():
        if not least <= values.get(name, 0) <= most:
            return "%s is %d, and cannot be below %d or above %d" % (name, values[name], least, most)
    for name, (least, most) in MOST_OF_PHASE.items():
        for phase in PHASES:
            if not least <= values.get(name % phase, 0) <= most:
                return "%s is %d, and cannot be below %d or above %d" % (name % phase, values[name % phase], least, most)
    for name in COUNTERS:
        if values.get(name, 0) < 0:
            return "%s is %d Wh, and a counter begins at 0" % (name, values[name])
    return ""


def _phases_differ(values: "dict[str, int]") -> str:
    """The three phases and their sum are read within a moment of each other."""
    phases = [values.get("power_%s_w" % phase) for phase in PHASES]
    power, together = values.get("power_w"), sum([p for p in phases if p is not None])
    if power is None or None in phases or abs(power - together) <= NOISE_W + max(abs(power), abs(together)) // 4:
        return ""
    return "power_w is %d W, and its phases are %d W together" % (power, together)


def _apparent_va(values: "dict[str, int]") -> "int | None":
    """Voltages by currents, these as large as they may be (a smart meter tells whole amperes); None unless all three phases tell both,
    or when there is no current at all: 0 is often said by who does not measure it."""
    pairs = [(values.get("voltage_%s_mv" % phase), values.get("current_%s_ma" % phase)) for phase in PHASES]
    known = [(voltage, abs(current)) for voltage, current in pairs if voltage is not None and current is not None]
    if len(known) < len(PHASES) or not any([current for _, current in known]):
        return None
    grain = 1000
    while any([current % grain for _, current in known]):
        grain //= 10
    return sum([voltage * (current + grain) for voltage, current in known]) // 1_000_000
