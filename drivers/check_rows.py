"""What a row may be: facts, identities and values to read. Every row says where it comes from, and no two share a register by accident."""

from drivers import sunspec
from drivers.building import orders_of, places_of, scale_of, shape_of
from drivers.nouns import BadProfile
from drivers.quantities import LANES, READ
from drivers.registers import ORDERS, WORDS
from drivers.saying import known, must, one_of, single
from drivers.tables import SIGN

AGREEMENTS = ("two", "spec", "single", "disagree")
BITS = (1, 2)  # functions that read bits
REGISTER = "function address point type words order scale sf positive absent map mask"
ROW_FIELDS = ("quantity %s sum missing lane when from agree" % REGISTER).split()
FACT_FIELDS = ("fact %s from agree" % REGISTER).split()
TEST_FIELDS = "is begins at_least below".split()
IDENTIFY_FIELDS = ("%s from agree" % REGISTER).split() + TEST_FIELDS
BARE_FIELDS = REGISTER.split()


def reads(place, table) -> None:  # type: ignore[no-untyped-def]
    rows = table.get("reads", ())
    for i, row in enumerate(rows):
        spot = "%s: reads[%d]" % (place, i)
        known(spot, row, ROW_FIELDS)
        quantity = row.get("quantity")
        must(quantity in READ, spot, "%r is no quantity: use a word of drivers/quantities.py" % (quantity,))
        one_of(spot + ": lane", row.get("lane", "fast"), LANES)
        one_of(spot + ": missing", row.get("missing", "none"), ("none", "zero"))
        register(spot, row, table)
        conditions(spot, row, table)
        sourced(spot, row, table)
    single(place, [_named(row) for row in rows if "when" not in row])


def _named(row) -> str:  # type: ignore[no-untyped-def]
    """A quantity, once in a device; in a SunSpec device once in a model, of which the first that is there tells it."""
    address = places_of(row)[0][0]
    start = sunspec.place(address)[0] if isinstance(address, str) else address
    return str(row["quantity"]) if isinstance(start, int) else "%s of model %d" % (row["quantity"], start[0])


def facts(place, table) -> None:  # type: ignore[no-untyped-def]
    """Facts are what conditions ask: a firmware, a model, a byte order."""
    found = table.get("facts", ())
    for i, fact in enumerate(found):
        spot = "%s: facts[%d]" % (place, i)
        known(spot, fact, FACT_FIELDS)
        must(fact.get("fact"), spot, "no 'fact': give it a name, as 'firmware'")
        register(spot, fact, table)
        sourced(spot, fact, table)
    single(place, [fact["fact"] for fact in found])


def identify(place, table) -> None:  # type: ignore[no-untyped-def]
    for i, row in enumerate(table.get("identify", ())):
        spot = "%s: identify[%d]" % (place, i)
        known(spot, row, IDENTIFY_FIELDS)
        register(spot, row, table)
        tested(spot, row)
        sourced(spot, row, table)


def bare(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """A row without a quantity of its own, whose source is that of the control it stands in."""
    known(place, row, BARE_FIELDS)
    register(place, row, table)


def register(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """Where a row is and what its registers mean."""
    function = row.get("function", 3)
    one_of(place + ": function", function, (1, 2, 3, 4))
    ways = [way for way in ("address", "point", "sum") if way in row]
    must(len(ways) == 1, place, "give one of 'address', 'point' (a SunSpec name) or 'sum' (parts with signs), not %s" % (ways,))
    for address, sign in places_of(row):
        place_of(place + ": " + ways[0], address, table)
        one_of(place + ": sum", sign, (1, -1))
    shape(place, row, table)
    must((shape_of(row)[0] == "bit") == (function in BITS), place, "functions 1 and 2 read type 'bit', and only they do")
    if "map" in row:
        must(isinstance(row["map"], dict) and row["map"], place + ": map", "found %r: {raw or text: value}" % (row["map"],))


def shape(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """What a row and an item of a write have in common: type, order, scale, mask."""
    kinds = sorted(WORDS) + ["ascii"]
    if "point" not in row and not isinstance(row.get("sum", ((0, 1),))[0][0], str):
        one_of(place + ": type", row.get("type"), kinds)
        if row["type"] == "ascii":
            must(isinstance(row.get("words"), int) and row["words"] > 0, place, "a text needs 'words': how many registers it has")
    else:
        must("type" not in row and "sf" not in row, place, "a SunSpec point brings its type and scale factor: delete 'type' and 'sf'")
    for order, _ in orders_of(row):
        one_of(place + ": order", order, ORDERS)
    if isinstance(row.get("order"), dict):
        one_of(place + ": order: row", row["order"].get("row"), [fact.get("fact") for fact in table.get("facts", ())])
    one_of(place + ": positive", row.get("positive", "magnitude"), sorted(SIGN))
    up, down = scale_of(row)
    must(up > 0 and down > 0, place, "scale %r: two integers above 0, up and down" % ((up, down),))
    if "sf" in row:
        place_of(place + ": sf", row["sf"], table)
    if "mask" in row:
        whole = (1 << 16 * shape_of(row)[1]) - 1
        unsigned = shape_of(row)[0] in ("u16", "u32", "u64")
        must(unsigned and 0 < row["mask"] <= whole, place + ": mask", "%r: bits of an unsigned type, as 0x0004" % (row["mask"],))


def place_of(place, address, table) -> None:  # type: ignore[no-untyped-def]
    """An address is flat, or of a model that the profile names."""
    models = [sunspec.same_layout(model) for model in models_of(table)]
    if isinstance(address, str):
        try:
            found = sunspec.place(address)[0]
        except BadProfile as error:
            must(False, place, str(error))
        must(found[0] in models, place, "%r: model %d is not in 'sunspec' or 'optional': name it there" % (address, found[0]))
    elif models:
        ok = isinstance(address, tuple) and len(address) == 2 and address[0] in models
        must(ok, place, "%r: a SunSpec address is (model, offset) of a model in 'sunspec' %r" % (address, models))
    else:
        must(isinstance(address, int) and 0 <= address < 65536, place, "%r: an address is 0 to 65535, 0-based" % (address,))


def models_of(table) -> "list[int]":  # type: ignore[no-untyped-def]
    """All models that a profile may find."""
    found: "list[int]" = []
    for one in table.get("sunspec", ()):
        found += list(one) if isinstance(one, tuple) else [one]
    return found + list(table.get("optional", ()))


def conditions(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """A condition names a fact, and says something of it."""
    when = row.get("when", ())
    for one in (when,) if isinstance(when, dict) else when:
        known(place + ": when", one, ["row"] + TEST_FIELDS)
        one_of(place + ": when: row", one.get("row"), [fact.get("fact") for fact in table.get("facts", ())])
        tested(place + ": when", one)


def tested(place, row) -> None:  # type: ignore[no-untyped-def]
    must([key for key in TEST_FIELDS if key in row], place, "says nothing of the value: give one of %s" % " ".join(TEST_FIELDS))
    must(not ("is" in row and "begins" in row), place, "give 'is' (numbers) or 'begins' (texts), not both")


def sourced(place, row, table) -> None:  # type: ignore[no-untyped-def]
    """Where a fact comes from, and how far independent sources agree on it: two, spec (a published standard), single or disagree."""
    one_of(place + ": agree", row.get("agree"), AGREEMENTS)
    must(row.get("from"), place, "no 'from': name where the fact comes from, by keys of the profile's 'sources', a space between")
    for key in row["from"].split():
        one_of(place + ": from", key, sorted(table.get("sources", {})))
    alone = row["agree"] == "two" and len(set(row["from"].split())) < 2
    must(not alone, place, "two sources agree but one is named: name both, or say 'single'")


def apart(place, rows) -> None:  # type: ignore[no-untyped-def]
    """No two values may share a register, unless they read the same one, or a condition chooses between them."""
    whens: "list[object]" = []
    for row in rows:
        if _choice(row) not in whens:
            whens.append(_choice(row))
    for when in whens or [None]:
        _apart(place, [row for row in rows if _choice(row) in (None, when)])


def _choice(row) -> object:  # type: ignore[no-untyped-def]
    return row.get("when")


def _apart(place, rows) -> None:  # type: ignore[no-untyped-def]
    taken: "dict[object, object]" = {}
    for row in rows:
        for address, _ in places_of(row):
            words = shape_of(row)[1]
            start = sunspec.place(address)[0] if isinstance(address, str) else address
            for i in range(words):
                spot = (row.get("function", 3), start + i if isinstance(start, int) else (start[0], start[1] + i) + start[2:])
                whole = taken.setdefault(spot, (start, words))
                free = whole == (start, words)
                must(free, place, "%s at %r overlaps the value at %r: one of the addresses is wrong" % (row["quantity"], address, whole))
