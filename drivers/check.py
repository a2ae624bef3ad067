"""A profile that cannot be right is refused before a byte travels; each refusal names the place and the remedy.

This module checks the product as a whole; rows are checked in `check_rows.py`, controls in `check_controls.py`.
"""

from drivers import sunspec
from drivers.check_controls import controls
from drivers.check_rows import apart, facts, identify, place_of, reads
from drivers.nouns import BadProfile
from drivers.saying import known, must, one_of

KINDS = ("meter", "pv", "battery", "ev", "heater")
PROTOCOLS = ("modbus", "sml", "dsmr", "dlms-hdlc", "dlms-mbus", "dlms", "tic", "iec62056-21")  # besides modbus those of push.py
STANDBY = ("answers", "absent", "silent")
PARITIES = ("N", "E", "O")
FIELDS = (
    "title kind protocol links units sunspec optional stride facts identify reads controls blocks bus standby absent quirks "
    "simulated capture safe sources"
).split()
BUS_FIELDS = "gap largest single pause_ms connect_ms turnaround_ms timeout_ms poll_ms connections".split()
LINKS = {"tcp": 2, "rtu": 3, "rtu_tcp": 2, "serial": 3}  # kind of link: how many words it has


def check(name, table) -> None:  # type: ignore[no-untyped-def]
    """Raise BadProfile at the first thing that cannot be right."""
    place = "drivers/profiles/%s.py" % name
    known(place, table, FIELDS)
    one_of(place + ": kind", table.get("kind"), KINDS)
    one_of(place + ": protocol", table.get("protocol"), PROTOCOLS)
    one_of(place + ": standby", table.get("standby", "answers"), STANDBY)
    for field in ("title", "capture", "safe"):
        must(table.get(field), place, "no %r: say it in a sentence (capture: the file under tests/captures, without its ending)" % field)
    _links(place, table)
    _bus(place, table)
    _models(place, table)
    facts(place, table)
    identify(place, table)
    reads(place, table)
    apart(place, table.get("reads", ()))
    _blocks(place, table)
    controls(place, table)


def _links(place, table) -> None:  # type: ignore[no-untyped-def]
    links = table.get("links")
    must(links, place, "no 'links': say how it is reached, as (('tcp', 502),)")
    for link in links:
        one_of(place + ": links", link[0], sorted(LINKS))
        must(len(link) == LINKS[link[0]], place + ": links", "%r: ('tcp', port), ('rtu_tcp', port), ('rtu', 9600, 'N')" % (link,))
        must(isinstance(link[1], int) and link[1] > 0, place + ": links", "%r: the port or the baud rate is a number" % (link,))
        if link[0] == "rtu":
            one_of(place + ": links", link[2], PARITIES)
    for unit in table.get("units", ()):
        must(isinstance(unit, int) and 0 <= unit <= 255, place + ": units", "%r: a unit is 0 to 255" % (unit,))


def _bus(place, table) -> None:  # type: ignore[no-untyped-def]
    bus = table.get("bus", {})
    known(place + ": bus", bus, BUS_FIELDS)
    for field in bus:
        must(isinstance(bus[field], int) and bus[field] >= 0, place + ": bus", "%s is a number from 0: milliseconds or registers" % field)
    must(1 <= bus.get("largest", 125) <= 125, place + ": bus", "largest is 1 to 125 registers: Modbus has no longer answers")


def _models(place, table) -> None:  # type: ignore[no-untyped-def]
    """SunSpec models are of those whose layout is known, and a device has either them or controllers at a stride."""
    named = list(table.get("optional", ()))
    for one in table.get("sunspec", ()):
        named += list(one) if isinstance(one, tuple) else [one]
    for model in named:
        try:
            sunspec.layout(model)
        except KeyError:
            must(False, place + ": sunspec", "model %r is not in drivers/sunspec_models.py: add its points there" % (model,))
    must(not named or table.get("sunspec"), place, "'optional' models need 'sunspec': name at least model 1")
    must(not (named and table.get("stride")), place, "'stride' is for flat addresses: a SunSpec device is walked")


def _blocks(place, table) -> None:  # type: ignore[no-untyped-def]
    """Declared blocks are of a readable size and share no register."""
    taken: "dict[object, int]" = {}
    largest = table.get("bus", {}).get("largest", 125)
    for i, block in enumerate(table.get("blocks", ())):
        spot = "%s: blocks[%d]" % (place, i)
        must(isinstance(block, tuple) and len(block) == 3, spot, "%r: a block is (function, address, count)" % (block,))
        one_of(spot, block[0], (1, 2, 3, 4))
        must(1 <= block[2] <= largest, spot, "%d registers: 1 to %d, or raise bus['largest']" % (block[2], largest))
        place_of(spot, block[1], table)
        for k in range(block[2]):
            address = block[1] + k if isinstance(block[1], int) else (block[1], k)
            other = taken.setdefault((block[0], address), i)
            must(other == i, spot, "overlaps blocks[%d] at %r: a register is read once, join them or move one" % (other, address))
    if table.get("bus", {}).get("single"):
        must(not table.get("blocks"), place, "'single' reads each value alone: delete 'blocks'")


__all__ = ("BadProfile", "check")
