"""A profile that cannot be right is refused before a byte travels; each refusal names the place and the remedy."""

from drivers.nouns import BadProfile
from drivers.quantities import READ, WRITE
from drivers.registers import ORDERS, WORDS
from drivers.tables import SIGN, scale_of

KINDS = ("meter", "pv", "battery", "ev", "heater")
PROTOCOLS = ("modbus", "sml", "dsmr")
AGREEMENTS = ("two", "spec", "single", "disagree")
DRIVABLE = AGREEMENTS[:2]
FIELDS = ("title", "kind", "protocol", "links", "sunspec", "reads", "controls", "bus", "quirks", "simulated", "capture", "safe", "sources")
ROW_FIELDS = "quantity function address type order scale sf positive absent map from agree".split()
BUS_FIELDS = ("gap", "largest", "pause_ms", "connect_ms", "timeout_ms")
IDIOMS = ("value", "timeout", "enable", "fixed")


def check(name, table) -> None:  # type: ignore[no-untyped-def]
    """Raise BadProfile at the first thing that cannot be right."""
    place = "drivers/profiles/%s.py" % name
    _known(place, table, FIELDS)
    _one_of(place + ": kind", table.get("kind"), KINDS)
    _one_of(place + ": protocol", table.get("protocol"), PROTOCOLS)
    for field in ("title", "capture", "safe"):
        _must(table.get(field), place, "no %r: say it in a sentence (capture: the file under tests/captures, without its ending)" % field)
    _must(table.get("links"), place, "no 'links': say how it is reached, as (('tcp', 502),)")
    _known(place + ": bus", table.get("bus", {}), BUS_FIELDS)
    reads, controls = table.get("reads", ()), table.get("controls", ())
    for i, row in enumerate(reads):
        _row("%s: reads[%d]" % (place, i), row, table)
    _single(place, [row["quantity"] for row in reads])
    _apart(place, reads)
    for i, control in enumerate(controls):
        _control("%s: controls[%d]" % (place, i), control, table)
    _single(place, [row["quantity"] for row in controls])


def _row(place, row, table) -> None:  # type: ignore[no-untyped-def]
    _known(place, row, ROW_FIELDS)
    quantity = row.get("quantity")
    _must(quantity in READ, place, "%r is no quantity: use a word of drivers/quantities.py" % (quantity,))
    _one_of(place + ": function", row.get("function", 3), (3, 4))
    _address(place + ": address", row.get("address"), table)
    _register(place, row, table)
    _sourced(place, row, table)


def _register(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """What a row of a read and an item of a write have in common."""
    _one_of(place + ": type", row.get("type"), sorted(WORDS))
    _one_of(place + ": order", row.get("order", "big"), ORDERS)
    _one_of(place + ": positive", row.get("positive", "magnitude"), sorted(SIGN))
    up, down = scale_of(row)
    _must(up > 0 and down > 0, place, "scale %r: two integers above 0, up and down" % ((up, down),))
    if "sf" in row:
        _address(place + ": sf", row["sf"], table)


def _address(place, address, table) -> None:  # type: ignore[no-untyped-def]
    models = table.get("sunspec", ())
    if models:
        ok = isinstance(address, tuple) and len(address) == 2 and address[0] in models
        _must(ok, place, "%r: a SunSpec address is (model, offset) of a model in 'sunspec' %r" % (address, models))
    else:
        _must(isinstance(address, int) and 0 <= address < 65536, place, "%r: an address is 0 to 65535, 0-based" % (address,))


def _sourced(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """Where a fact comes from, and how far independent sources agree on it: two, spec (a published standard), single or disagree."""
    _one_of(place + ": agree", row.get("agree"), AGREEMENTS)
    _must(row.get("from"), place, "no 'from': name where the fact comes from, by keys of the profile's 'sources', a space between")
    for key in row["from"].split():
        _one_of(place + ": from", key, sorted(table.get("sources", {})))
    alone = row["agree"] == "two" and len(set(row["from"].split())) < 2
    _must(not alone, place, "two sources agree but one is named: name both, or say 'single'")


def _control(place, control, table) -> None:  # type: ignore[no-untyped-def]
    quantity = control.get("quantity")
    _must(quantity in WRITE, place, "%r is no wish: use a word of drivers/quantities.py WRITE" % (quantity,))
    _sourced(place, control, table)
    drivable = control["agree"] in DRIVABLE
    _must(drivable, place, "%r must not enable a write: find a second source, or delete the control" % control["agree"])
    _must(control["low"] <= control["high"], place, "low is above high: swap them")
    least, usual, most = control["timeout"]
    _must(0 <= least <= usual <= most, place, "timeout is (least, usual, most) seconds, zeros when the device latches")
    known = [row["quantity"] for row in table.get("reads", ())] + [""]
    _one_of(place + ": nameplate", control.get("nameplate", ""), known)
    for step in control["steps"]:
        _one_of(place + ": function", step["function"], (6, 16))
        _address(place, step["address"], table)
        for item in step["items"]:
            _register(place, item, table)
            _one_of(place + ": word", item.get("word"), IDIOMS)
            _one_of(place + ": share", item.get("share", ""), known)


def _apart(place, reads) -> None:  # type: ignore[no-untyped-def]
    """No two values may share a register, unless they read the same one."""
    taken: "dict[object, object]" = {}
    for row in reads:
        address, words = row["address"], WORDS[row["type"]]
        for i in range(words):
            spot = (row.get("function", 3), address + i if isinstance(address, int) else (address[0], address[1] + i))
            whole = taken.setdefault(spot, (address, words))
            free = whole == (address, words)
            _must(free, place, "%s at %r overlaps the value at %r: one of the addresses is wrong" % (row["quantity"], address, whole))


def _single(place, quantities) -> None:  # type: ignore[no-untyped-def]
    for quantity in quantities:
        _must(quantities.count(quantity) == 1, place, "%s is there twice: keep one row" % quantity)


def _known(place, table, fields) -> None:  # type: ignore[no-untyped-def]
    for field in table:
        _must(field in fields, place, "unknown field %r: one of %s" % (field, " ".join(fields)))


def _one_of(place, value, values) -> None:  # type: ignore[no-untyped-def]
    _must(value in values, place, "found %r: one of %s" % (value, ", ".join([repr(v) for v in values])))


def _must(ok, place, why) -> None:  # type: ignore[no-untyped-def]
    if not ok:
        raise BadProfile("%s: %s" % (place, why))
