"""A profile's literal table, already passed by `drivers/check.py`, becomes nouns here: defaults, signs and SunSpec names are resolved once.

"order": {"row": fact, raw: order, ...} makes one row, or one step, for each order, of which the device's own fact chooses.
"""

from drivers import sunspec
from drivers.quantities import lane
from drivers.registers import SUNSPEC_ABSENT, WORDS, pack_text
from drivers.tables import SIGN, Condition, Control, Item, Profile, Row, Step

BUDGET = 24  # writes a day that a flash bears for a decade
DWELL_S = 60  # between on and off of a car's charging


def profile_of(name, table) -> Profile:  # type: ignore[no-untyped-def]
    """A Profile from a table that `drivers/check.py` has passed."""
    get, build = table.get, _Builder(table)
    reads: "list[Row]" = []
    for row in get("reads", ()):
        reads += build.rows(row)
    models = tuple([m if isinstance(m, tuple) else (m,) for m in get("sunspec", ())])
    models = tuple([tuple([sunspec.same_layout(m) for m in one]) for one in models])
    optional = tuple([sunspec.same_layout(m) for m in get("optional", ())])
    controls = {control["quantity"]: build.control(control) for control in get("controls", ())}
    blocks = tuple([(function, build.place(place), count) for function, place, count in get("blocks", ())])
    simulated = tuple([(build.place(place), _registers(raw)) for place, raw in get("simulated", ())])
    head = (name, table["title"], table["kind"], table["protocol"], table["links"], get("units", (1,)), models, optional, get("stride", 0))
    body = (tuple([build.condition(one, build.rows(one)[0]) for one in get("identify", ())]), tuple(reads), controls, blocks)
    tail = (get("bus", {}), get("standby", "answers"), get("quirks", {}), simulated, table["capture"], table["safe"], get("sources", {}))
    return Profile(*(head + body + tail))


def scale_of(table) -> "tuple[int, int]":  # type: ignore[no-untyped-def]
    """(up, down) of "scale": an integer, or a pair of them."""
    scale = table.get("scale", 1)
    return (scale, 1) if isinstance(scale, int) else scale


def shape_of(table) -> "tuple[str, int, int | tuple[int, ...] | None]":  # type: ignore[no-untyped-def]
    """(type, registers, place of the scale factor or None) of a row or an item; a SunSpec point brings its own."""
    point = table.get("point", table["sum"][0][0] if "sum" in table else None)
    if isinstance(point, str):
        return sunspec.place(point)[1:]
    kind = table["type"]
    return kind, (table["words"] if kind == "ascii" else WORDS[kind]), table.get("sf")


def places_of(table) -> "list[tuple[int | str | tuple[int, ...], int]]":  # type: ignore[no-untyped-def]
    """[(place as it is written, sign)] of a row: one, or the parts of its sum."""
    return list(table["sum"]) if "sum" in table else [(table["point"] if "point" in table else table["address"], 1)]


def orders_of(table) -> "list[tuple[str, tuple[int, ...]]]":  # type: ignore[no-untyped-def]
    """[(order, the fact's raw values that choose it)], () where nothing chooses."""
    order = table.get("order", "big")
    if isinstance(order, str):
        return [(order, ())]
    chosen = [(order[raw], raw) for raw in sorted([key for key in order if key != "row"])]
    return [(name, tuple([raw for other, raw in chosen if other == name])) for name in sorted({name for name, _ in chosen})]


def _registers(raw) -> "tuple[int, ...]":  # type: ignore[no-untyped-def]
    """What stands in "simulated": a register, a text, or registers."""
    if isinstance(raw, str):
        return tuple(pack_text(raw, (len(raw) + 1) // 2))
    return tuple([r & 0xFFFF for r in ((raw,) if isinstance(raw, int) else raw)])


class _Builder:
    """What rows, items and steps of one table need to know of each other."""

    def __init__(self, table) -> None:  # type: ignore[no-untyped-def]
        self.sunspec, self.stride, self.kind = "sunspec" in table, table.get("stride", 0), table["kind"]
        self.absent = table.get("absent", SUNSPEC_ABSENT if self.sunspec else {})
        self.facts: "dict[str, Row]" = {}
        for fact in table.get("facts", ()):
            self.facts[fact["fact"]] = self.rows(fact)[0]

    def place(self, address: "int | str | tuple[int, ...]") -> "int | tuple[int, ...]":
        """A place as `drivers/tables.py` has it."""
        if isinstance(address, str):
            return sunspec.place(address)[0]
        return (0, address) if self.stride and isinstance(address, int) else address

    def factor(self, place: "int | tuple[int, ...] | None") -> "int | tuple[int, ...] | None":
        return None if place is None else self.place(place)

    def rows(self, table) -> "list[Row]":  # type: ignore[no-untyped-def]
        """The rows of one entry: one, or one for each word order that a fact may choose."""
        get, (up, down) = table.get, scale_of(table)
        parts = tuple([(self.place(place), sign) for place, sign in places_of(table)])
        kind, words, factor = shape_of(table)
        absent = get("absent", self.absent.get(kind, ()))
        absent = (absent,) if isinstance(absent, int) else tuple(absent)
        sources = tuple(get("from", "").split())
        what = get("quantity", "")
        tail = (get("missing", "none") == "zero", get("lane") or (lane(what, self.kind) if what else "once"), sources, get("agree", ""))
        found = []
        for order, choice in orders_of(table):
            head = (what, get("function", 3), parts[0][0], parts, kind, words, order, up, down, self.factor(factor))
            mask = (SIGN[get("positive", "magnitude")], absent, get("map"), get("mask"))
            found.append(Row(*(head + mask + tail[:1] + (self.conditions(table, choice),) + tail[1:])))
        return found

    def conditions(self, table, choice: "tuple[int, ...]" = ()) -> "tuple[Condition, ...]":  # type: ignore[no-untyped-def]
        """The conditions of "when" (one, or several that must all hold), and that of a chosen word order."""
        when = table.get("when", ())
        found = [self.condition(one, self.facts[one["row"]]) for one in ((when,) if isinstance(when, dict) else when)]
        if choice:
            found.append(Condition(self.facts[_chooser(table)], None, None, choice))
        return tuple(found)

    def condition(self, table, row: Row) -> Condition:  # type: ignore[no-untyped-def]
        among = table.get("is", table.get("begins", ()))
        return Condition(row, table.get("at_least"), table.get("below"), among if isinstance(among, tuple) else (among,))

    def item(self, table, order: str) -> Item:  # type: ignore[no-untyped-def]
        get, (up, down) = table.get, scale_of(table)
        kind, words, factor = shape_of(table)
        codes = (get("draw", 0), get("give", get("draw", 0)), get("hold", 0))
        head = (table["word"], kind, words, order, up, down, self.factor(factor), get("share", ""))
        tail = (get("mask"), codes, get("on", 1), get("off"))
        return Item(*(head + (SIGN[get("positive", "magnitude")], get("part", "signed"), get("least", 0)) + tail))

    def steps(self, table) -> "list[Step]":  # type: ignore[no-untyped-def]
        """The steps of one entry: one, or one for each word order that a fact may choose."""
        items = table["items"]
        address = table["address"] if "address" in table else items[0]["point"]
        chooser = [item for item in items if not isinstance(item.get("order", "big"), str)]
        found = []
        for order, choice in orders_of(chooser[0] if chooser else {}):
            made = tuple([self.item(item, order if item in chooser else item.get("order", "big")) for item in items])
            when = self.conditions({"when": table.get("when", ()), "order": chooser[0]["order"] if chooser else "big"}, choice)
            stored, readable = table.get("memory", "stored") == "stored", table.get("access", "rw") == "rw"
            found.append(Step(table.get("function", 16), self.place(address), made, stored, readable, when))
        return found

    def control(self, table) -> Control:  # type: ignore[no-untyped-def]
        get, steps = table.get, []
        for step in table["steps"]:
            steps += self.steps(step)
        teller, shows = get("timeout_from"), get("shows")
        budget = get("budget", BUDGET) if any([step.stored for step in steps]) else 0
        dwell = get("dwell_s", DWELL_S if self.kind == "ev" else 0)
        head = (table["quantity"], table["idiom"], table["low"], table["high"], get("step", 1), get("nameplate", ""), get("gap"))
        body = (get("timeout", (0, 0, 0)), self.rows(teller)[0] if teller else None, tuple(steps), self.rows(shows)[0] if shows else None)
        tail = (self.conditions(table), get("deadband", 0), budget, dwell, tuple(table["from"].split()), table["agree"])
        return Control(*(head + body + tail))


def _chooser(table) -> str:  # type: ignore[no-untyped-def]
    return str(table["order"]["row"])
