"""What may be written: only on facts that agree, in steps whose registers are known to bear it, kept and ended by one of six idioms.

setpoint: the device drops the wish after a time-out of its own; life: a life register must be written; traffic: any request counts;
timed: the wish carries its duration; latch: it stays until it is taken back; stored: a limit in flash, on change only.
"""

from drivers.building import orders_of, shape_of
from drivers.check_rows import bare, conditions, place_of, shape, sourced
from drivers.quantities import WRITE
from drivers.saying import known, must, one_of, single

IDIOMS = ("setpoint", "life", "traffic", "timed", "latch", "stored")
STAYING = ("latch", "stored")  # nothing ends them but a release
DRIVABLE = ("two", "spec")
WORDS_OF_ITEMS = ("value", "direction", "timeout", "enable", "fixed", "life")
PARTS = ("signed", "size", "drawn", "given")
CONTROL_FIELDS = (
    "quantity idiom low high step nameplate gap timeout timeout_from steps shows when deadband budget dwell_s from agree"
).split()
STEP_FIELDS = "function address items memory access when".split()
ITEM_FIELDS = "word point type words order scale sf share positive part least mask draw give hold on off".split()


def controls(place, table) -> None:  # type: ignore[no-untyped-def]
    found = table.get("controls", ())
    for i, control in enumerate(found):
        _control("%s: controls[%d]" % (place, i), control, table)
    single(place, [control["quantity"] for control in found])


def _control(place, control, table) -> None:  # type: ignore[no-untyped-def]
    known(place, control, CONTROL_FIELDS)
    quantity = control.get("quantity")
    must(quantity in WRITE, place, "%r is no wish: use a word of drivers/quantities.py WRITE" % (quantity,))
    sourced(place, control, table)
    drivable = control["agree"] in DRIVABLE
    must(drivable, place, "%r must not enable a write: find a second source, or delete the control" % control["agree"])
    one_of(place + ": idiom", control.get("idiom"), IDIOMS)
    must(control["low"] <= control["high"], place, "low is above high: swap them")
    must(control.get("step", 1) > 0 and control.get("deadband", 0) >= 0, place, "step is above 0 and deadband from 0, in the wish's unit")
    _times(place, control)
    conditions(place, control, table)
    rows = [row["quantity"] for row in table.get("reads", ())] + [""]
    one_of(place + ": nameplate", control.get("nameplate", ""), rows)
    for name in ("timeout_from", "shows"):
        if name in control:
            bare("%s: %s" % (place, name), control[name], table)
    must(control.get("steps"), place, "no 'steps': say what is written, in order")
    for i, step in enumerate(control["steps"]):
        _step("%s: steps[%d]" % (place, i), step, table, rows)
    _kept(place, control)


def _times(place, control) -> None:  # type: ignore[no-untyped-def]
    least, usual, most = control.get("timeout", (0, 0, 0))
    must(0 <= least <= usual <= most, place, "timeout is (least, usual, most) seconds, zeros when the device latches")
    stays = control["idiom"] in STAYING
    must(
        stays == (most == 0), place, "a %r has %s" % (control["idiom"], "no timeout: delete it" if stays else "a timeout: say its seconds")
    )


def _step(place, step, table, rows) -> None:  # type: ignore[no-untyped-def]
    known(place, step, STEP_FIELDS)
    one_of(place + ": function", step.get("function", 16), (6, 16))
    one_of(place + ": memory", step.get("memory", "stored"), ("volatile", "stored"))
    one_of(place + ": access", step.get("access", "rw"), ("rw", "w"))
    conditions(place, step, table)
    items = step.get("items", ())
    must(items, place, "no 'items': say what the registers of this write mean")
    if "address" in step:
        place_of(place + ": address", step["address"], table)
    else:
        must("point" in items[0], place, "no 'address', and the first item names no SunSpec point: give one")
    for item in items:
        known(place, item, ITEM_FIELDS)
        one_of(place + ": word", item.get("word"), WORDS_OF_ITEMS)
        one_of(place + ": share", item.get("share", ""), rows)
        one_of(place + ": part", item.get("part", "signed"), PARTS)
        if "point" in item:
            place_of(place + ": point", item["point"], table)
        shape(place, item, table)
        must(shape_of(item)[0] not in ("ascii", "bit"), place, "texts and bits are not written")
        codes = item["word"] != "direction" or [key for key in ("draw", "give", "hold") if key in item]
        must(codes, place, "a direction has codes: give 'draw', 'give' and 'hold' as the device has them")
    words = sum([shape_of(item)[1] for item in items])
    must(step.get("function", 16) == 16 or words == 1, place, "function 6 writes one register, these are %d: use 16" % words)
    must(len({str(item["order"]) for item in items if len(orders_of(item)) > 1}) < 2, place, "one fact chooses the order of a step")


def _kept(place, control) -> None:  # type: ignore[no-untyped-def]
    """A wish that must be repeated may not wear out a flash; one that stays must be taken back."""
    said = []
    for step in control["steps"]:
        volatile = step.get("memory", "stored") == "volatile"
        said += [(item["word"], volatile) for item in step["items"]]
    words = [word for word, _ in said]
    must("value" in words, place, "no item is the 'value': say where the wish goes")
    idiom = control["idiom"]
    repeated = {"setpoint": ("value", "direction"), "timed": ("value", "direction"), "life": ("life",)}.get(idiom, ())
    for word, volatile in said:
        fits = volatile or word not in repeated
        must(fits, place, "%r is repeated by a %r: its step is 'memory': 'volatile', or the idiom is 'stored'" % (word, idiom))
    must(idiom != "life" or "life" in words, place, "a 'life' idiom has an item 'life': the register that says we are alive")
    floored = [item for step in control["steps"] for item in step["items"] if item.get("least", 0)]
    must(not floored or "direction" in words, place, "'least' hides a wish of 0: add the 'direction' that says so")
    stored = [word for word, volatile in said if not volatile]
    must(idiom != "stored" or stored, place, "a 'stored' idiom writes to flash: a step without 'memory': 'volatile'")
