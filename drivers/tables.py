"""The nouns of a profile: what a row, a condition, a write and a product are. `drivers/building.py` makes them from a literal table.

A place is an int (0-based address), (model, offset from the model's ID word) in a SunSpec device, (model, offset, size) for the same
point of every repeat of a model's repeating group, or (0, offset) where a device has several equal controllers.
"""

from collections import namedtuple

# What a device means by plus -> our sign: positive is consumption seen from the home.
SIGN = {"magnitude": 1, "import": 1, "consumption": 1, "charge": 1, "export": -1, "generation": -1, "discharge": -1}


class Row(
    namedtuple(
        "Row",
        (
            "quantity",
            "function",
            "address",
            "parts",
            "type",
            "words",
            "order",
            "up",
            "down",
            "exponent",
            "sign",
            "absent",
            "map",
            "mask",
            "lenient",
            "when",
            "lane",
            "sources",
            "agreement",
        ),
    )
):
    """A value to read: the sum of its parts, each raw * up / down * 10**exponent * sign in the unit of its quantity.

    parts: ((place, +1 or -1), ...), one for a plain row; address: the first part's place; words: registers of a part;
    exponent: place of a SunSpec scale factor, or None; absent: raw bits that mean "no value"; map: {raw or text: value}, others are
    no value; mask: the bits that count, moved down to bit 0, or None; lenient: a sum takes an absent part for 0 (but never all);
    when: all these must hold, else the row has no value; lane: fast, slow or once.
    """

    __slots__ = ()
    quantity: str
    function: int
    address: "int | tuple[int, ...]"
    parts: "tuple[tuple[int | tuple[int, ...], int], ...]"
    type: str
    words: int
    order: str
    up: int
    down: int
    exponent: "int | tuple[int, ...] | None"
    sign: int
    absent: "tuple[int, ...]"
    map: "dict[int | str, int] | None"
    mask: "int | None"
    lenient: bool
    when: "tuple[Condition, ...]"
    lane: str
    sources: "tuple[str, ...]"
    agreement: str


class Condition(namedtuple("Condition", ("row", "least", "below", "among"))):
    """A condition on what `row` reads: least <= value < below (None: no bound), and `among` has it (a text: begins with one of them)."""

    __slots__ = ()
    row: Row
    least: "int | None"
    below: "int | None"
    among: "tuple[int | str, ...]"


class Item(
    namedtuple(
        "Item",
        ("word", "type", "words", "order", "up", "down", "exponent", "share", "sign", "part", "least", "mask", "codes", "on", "off"),
    )
):
    """One value inside a write. word: "value" (the wish), "direction" (the code of its sign), "timeout" (seconds), "enable", "fixed"
    or "life" (the raw value `on`).

    share: the quantity that is 100 % when the device wants per cent of it, else ""; part: how much of the wish it says: "signed",
    "size", "drawn" (0 when given) or "given" (0 when drawn); least: what its register takes at least, in the wish's unit, 0 for any;
    mask: the bits it may touch, or None; codes: raw values of (draw, give, hold) of a direction; off: the raw value that releases,
    or None.
    """

    __slots__ = ()
    word: str
    type: str
    words: int
    order: str
    up: int
    down: int
    exponent: "int | tuple[int, ...] | None"
    share: str
    sign: int
    part: str
    least: int
    mask: "int | None"
    codes: "tuple[int, int, int]"
    on: int
    off: "int | None"


class Step(namedtuple("Step", ("function", "address", "items", "stored", "readable", "when"))):
    """One write request. stored: its registers may lie in flash, so it is written only when they must change; readable: they can be
    read back (function 3); when: it is left out unless all these hold."""

    __slots__ = ()
    function: int
    address: "int | tuple[int, ...]"
    items: "tuple[Item, ...]"
    stored: bool
    readable: bool
    when: "tuple[Condition, ...]"


class Control(
    namedtuple(
        "Control",
        (
            "quantity",
            "idiom",
            "low",
            "high",
            "step",
            "nameplate",
            "gap",
            "timeout",
            "timeout_from",
            "steps",
            "shows",
            "when",
            "deadband",
            "budget",
            "dwell_s",
            "sources",
            "agreement",
        ),
    )
):
    """A wish the device can be given. idiom: how it is kept and how it ends, a word of `IDIOMS`.

    low, high, step: in the quantity's unit; nameplate: the quantity that limits it further, or ""; gap: (a, b): a wish from a to b
    becomes 0; timeout: (least, usual, most) seconds, zeros when it stays; timeout_from: the row in which the device tells its
    time-out, or None; shows: the row in which it tells the present wish, None when its own registers do; when: the device must be
    so, or it has no such control; deadband: a change smaller than this is not worth a write to flash; budget: most writes to stored
    registers in a day, 0 when there are none; dwell_s: least seconds between on and off.
    """

    __slots__ = ()
    quantity: str
    idiom: str
    low: int
    high: int
    step: int
    nameplate: str
    gap: "tuple[int, int] | None"
    timeout: "tuple[int, int, int]"
    timeout_from: "Row | None"
    steps: "tuple[Step, ...]"
    shows: "Row | None"
    when: "tuple[Condition, ...]"
    deadband: int
    budget: int
    dwell_s: int
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
            "units",
            "sunspec",
            "optional",
            "stride",
            "identity",
            "reads",
            "controls",
            "blocks",
            "bus",
            "standby",
            "quirks",
            "simulated",
            "capture",
            "safe",
            "sources",
        ),
    )
):
    """How one product is read and driven.

    links: (("tcp", port), ("rtu", baud, parity), ("rtu_tcp", port), ("serial", baud, "8N1")); units: unit ids it is usual at;
    sunspec: of each tuple of models the device must have one, () when addresses are flat; optional: models used where present;
    stride: controller n has its registers at n * stride, 0 when there is one; identity: what recognises the product; controls:
    {quantity: Control}; blocks: (function, place, count) that must be read as they stand; bus: pace and limits of the link; standby:
    what it does without sun: "answers", "absent" (values without meaning) or "silent"; quirks: options of the framer of a push meter;
    simulated: ((place, register, text or registers), ...) that a simulator shows besides the values; safe: what it does when we fall
    silent; sources: {short name: where facts come from}, the names that rows give.
    """

    __slots__ = ()
    name: str
    title: str
    kind: str
    protocol: str
    links: "tuple[tuple[str, int] | tuple[str, int, str], ...]"
    units: "tuple[int, ...]"
    sunspec: "tuple[tuple[int, ...], ...]"
    optional: "tuple[int, ...]"
    stride: int
    identity: "tuple[Condition, ...]"
    reads: "tuple[Row, ...]"
    controls: "dict[str, Control]"
    blocks: "tuple[tuple[int, int | tuple[int, ...], int], ...]"
    bus: "dict[str, int]"
    standby: str
    quirks: "dict[str, object]"
    simulated: "tuple[tuple[int | tuple[int, ...], tuple[int, ...]], ...]"
    capture: str
    safe: str
    sources: "dict[str, str]"
