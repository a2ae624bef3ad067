"""What a policy is shown. A policy never asks: all that it may know of the world is in its `View`, all integers.

A policy is one file with a table `WISHES` and a class `Policy(wishes)` that has `curve`, `dispatch`, `safe` and `why`
(docs/add-a-policy.md). A curve is a tuple of (price, wh) steps: wh > 0 would be drawn at `price` or less, wh < 0 would be
given at `price` or more; prices are marginal values in micro-currency per kWh, fees and tariff are the home's business.
"""

from collections import namedtuple

MUST = 10**9  # a price above every tariff: this energy is wanted whatever it costs


class Forecast(namedtuple("Forecast", ("device", "slot", "energy_wh", "spread_wh"))):
    """Energy expected in a slot, signed as consumption, and the mean error to expect of it."""

    __slots__ = ()
    device: str
    slot: "object"
    energy_wh: int
    spread_wh: int


class Rate(namedtuple("Rate", ("start", "buy", "sell"))):
    """What the utility asks and pays from `start` (UTC s) on, micro-currency per kWh."""

    __slots__ = ()
    start: int
    buy: int
    sell: int


class View(namedtuple("View", ("now", "start", "seconds", "values", "rates", "energy_wh", "load_w"))):
    """One appliance's view of one slot.

    now: UTC s; start, seconds: the slot; values: {quantity: value} of this device, fresh ones only;
    rates: tuple of Rate, one a slot from this slot on, as far as known (at least one);
    energy_wh: expected energy of the slot for what cannot be steered (load, PV), else 0; load_w: the household's mean demand.
    """

    __slots__ = ()
    now: int
    start: int
    seconds: int
    values: "dict[str, int]"
    rates: "tuple[Rate, ...]"
    energy_wh: int
    load_w: int


class BadWish(Exception):
    """A wish that the policy cannot follow: args are the wish's name, what was found, what to do."""


def wishes(table: "dict[str, tuple[int | str, int, int, str]]", given: "dict[str, int | str]") -> "dict[str, int]":
    """The owner's wishes over the defaults, checked. table: {name: (default, lowest, highest, meaning)}; a default written as
    "HH:MM" makes the wish a time of day, given back in seconds after midnight UTC. Raises `BadWish`."""
    for name in given:
        if name not in table:
            raise BadWish(name, given[name], "not a wish of this policy; it knows: " + ", ".join(sorted(table)))
    return {name: _wish(name, row, given.get(name, row[0])) for name, row in table.items()}


def _wish(name: str, row: "tuple[int | str, int, int, str]", value: "int | str") -> int:
    default, low, high, meaning = row
    if isinstance(default, str):
        return _clock_time(name, value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadWish(name, value, "needs a whole number: " + meaning)
    if not low <= value <= high:
        raise BadWish(name, value, "must lie between %d and %d: %s" % (low, high, meaning))
    return value


def _clock_time(name: str, value: "int | str") -> int:
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise BadWish(name, value, 'write it as "HH:MM" in UTC, for example "05:30"')
    return int(hours) * 3600 + int(minutes) * 60


def until(now: int, second_of_day: int) -> int:
    """The next UTC s after `now` at which the day's clock shows `second_of_day`."""
    left = (second_of_day - now) % 86400
    return now + (left or 86400)
