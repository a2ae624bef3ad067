"""The nouns of a profile, made from its literal table: what a row, a write and a product are. Signs are made here, from roles.

An address is an int (0-based), or (model, offset from the model's ID word) in a SunSpec device.
"""

from collections import namedtuple

from drivers.registers import SUNSPEC_ABSENT

# What a device means by plus -> our sign: positive is consumption seen from the home.
SIGN = {"magnitude": 1, "import": 1, "consumption": 1, "charge": 1, "export": -1, "generation": -1, "discharge": -1}


class Row(
    namedtuple(
        "Row",
        ("quantity", "function", "address", "type", "order", "up", "down", "exponent", "sign", "absent", "map", "sources", "agreement"),
    )
):
    """A value to read: raw * up / down * 10**exponent * sign in the unit of its quantity.

    exponent: address of a SunSpec scale factor, or None; absent: raw bits for "no value"; map: {raw: value}, others are no value.
    """

    __slots__ = ()
    quantity: str
    function: int
    address: "int | tuple[int, int]"
    type: str
    order: str
    up: int
    down: int
    exponent: "int | tuple[int, int] | None"
    sign: int
    absent: "int | None"
    map: "dict[int, int] | None"
    sources: "tuple[str, ...]"
    agreement: str


class Item(
    namedtuple(
        "Item",
        ("word", "type", "order", "up", "down", "exponent", "share", "sign", "on", "off"),
    )
):
    """One value inside a write. word: "value" (the wish), "timeout" (seconds), "enable" or "fixed" (the raw value `on`).

    share: the quantity that is 100 % when the device wants per cent of it, else ""; off: the raw value that releases, or None.
    """

    __slots__ = ()
    word: str
    type: str
    order: str
    up: int
    down: int
    exponent: "int | tuple[int, int] | None"
    share: str
    sign: int
    on: int
    off: "int | None"


class Step(namedtuple("Step", ("function", "address", "items", "keep"))):
    """One write request. keep: its register may be stored in flash, so it is written only when it must change."""

    __slots__ = ()
    function: int
    address: "int | tuple[int, int]"
    items: "tuple[Item, ...]"
    keep: bool


class Control(
    namedtuple(
        "Control",
        ("quantity", "low", "high", "nameplate", "gap", "timeout", "timeout_from", "steps", "sources", "agreement"),
    )
):
    """A wish the device can be given. low, high: in the quantity's unit; nameplate: the quantity that limits it further, or "".

    gap: (a, b): a wish from a to b becomes 0; timeout: (least, usual, most) seconds, zeros when it latches;
    timeout_from: the row of a register in which the device tells its time-out, or None.
    """

    __slots__ = ()
    quantity: str
    low: int
    high: int
    nameplate: str
    gap: "tuple[int, int] | None"
    timeout: "tuple[int, int, int]"
    timeout_from: "Row | None"
    steps: "tuple[Step, ...]"
    sources: "tuple[str, ...]"
    agreement: str


class Profile(
    namedtuple(
        "Profile",
        (
            "name",
            "title",
            "kind",
            "protocol",
            "links",
            "sunspec",
            "reads",
            "controls",
            "bus",
            "quirks",
            "simulated",
            "capture",
            "safe",
            "sources",
        ),
    )
):
    """How one product is read and driven.

    links: (("tcp", port), ("rtu", baud, parity), ("serial", baud, "8N1")); sunspec: model ids, () when addresses are flat;
    controls: {quantity: Control}; bus: pace and limits of the link; quirks: options of the framer of a push meter;
    simulated: ((address, register), ...) that a simulator shows besides the values; safe: what it does when we fall silent;
    sources: {short name: where facts come from}, the names that rows give.
    """

    __slots__ = ()
    name: str
    title: str
    kind: str
    protocol: str
    links: "tuple[tuple[str, int] | tuple[str, int, str], ...]"
    sunspec: "tuple[int, ...]"
    reads: "tuple[Row, ...]"
    controls: "dict[str, Control]"
    bus: "dict[str, int]"
    quirks: "dict[str, object]"
    simulated: "tuple[tuple[int | tuple[int, int], int], ...]"
    capture: str
    safe: str
    sources: "dict[str, str]"


def profile_of(name, table) -> Profile:  # type: ignore[no-untyped-def]
    """A Profile from a table that `drivers/check.py` has passed."""
    sunspec = tuple(table.get("sunspec", ()))
    reads = tuple([row_of(row, bool(sunspec)) for row in table.get("reads", ())])
    controls = {row["quantity"]: control_of(row, bool(sunspec)) for row in table.get("controls", ())}
    head = (name, table["title"], table["kind"], table["protocol"], table["links"], sunspec, reads, controls)
    get = table.get
    tail = (get("bus", {}), get("quirks", {}), get("simulated", ()), table["capture"], table["safe"], get("sources", {}))
    return Profile(*(head + tail))


def scale_of(table) -> "tuple[int, int]":  # type: ignore[no-untyped-def]
    """(up, down) of "scale": an integer, or a pair of them."""
    scale = table.get("scale", 1)
    return (scale, 1) if isinstance(scale, int) else scale


def row_of(table, sunspec) -> Row:  # type: ignore[no-untyped-def]
    get, kind = table.get, table["type"]
    up, down = scale_of(table)
    absent = get("absent", SUNSPEC_ABSENT.get(kind) if sunspec else None)
    head = (get("quantity", ""), get("function", 3), table["address"], kind, get("order", "big"), up, down, get("sf"))
    return Row(*(head + (SIGN[get("positive", "magnitude")], absent, get("map"), tuple(get("from", "").split()), get("agree", ""))))


def item_of(table) -> Item:  # type: ignore[no-untyped-def]
    get = table.get
    up, down = scale_of(table)
    head = (table["word"], table["type"], get("order", "big"), up, down, get("sf"), get("share", ""))
    return Item(*(head + (SIGN[get("positive", "magnitude")], get("on", 1), get("off"))))


def step_of(table) -> Step:  # type: ignore[no-untyped-def]
    items = tuple([item_of(item) for item in table["items"]])
    return Step(table["function"], table["address"], items, table.get("keep", False))


def control_of(table, sunspec) -> Control:  # type: ignore[no-untyped-def]
    get, teller = table.get, table.get("timeout_from")
    head = (table["quantity"], table["low"], table["high"], get("nameplate", ""), get("gap"), table["timeout"])
    steps = tuple([step_of(step) for step in table["steps"]])
    return Control(*(head + (row_of(teller, sunspec) if teller else None, steps, tuple(table["from"].split()), table["agree"])))
