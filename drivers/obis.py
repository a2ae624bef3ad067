"""What OBIS codes mean for a home: a telegram's values become readings, import positive, tariffs summed, history left out.

Codes are IEC 62056-61: A-B:C.D.E*F. C says what (1 import, 2 export, 16 their difference, 21 to 76 the phases), D how
(7 now, 8 counter), E the tariff (0 all of them). F below 255 is an earlier period and no reading of today.
"""

from drivers.registers import rounded
from drivers.telegram import Value

# DLMS/COSEM unit codes (Blue Book, "scaler_unit") that electricity meters send.
UNITS = {27: "W", 28: "VA", 29: "var", 30: "Wh", 31: "VAh", 32: "varh", 33: "A", 35: "V", 44: "Hz", 8: "deg", 9: "degC", 13: "m3"}
# Unit -> thousandths of ours (W, Wh) or our thousandths (mV, mA, mHz).
_POWER = {"W": 1, "kW": 1000}
_ENERGY = {"Wh": 1, "kWh": 1000}
_MILLI = {"V": 1000, "A": 1000, "Hz": 1000}
_INSTANT = {11: "A", 12: "V", 13: "factor", 14: "Hz"}
_FINE = 9  # decimals kept while adding, so that tariffs are summed before they are rounded
_TARIFFS = "1234"
_PHASES = (("l1", "36", "21", "22", "32", "31"), ("l2", "56", "41", "42", "52", "51"), ("l3", "76", "61", "62", "72", "71"))


def code(name: bytes) -> str:
    """Six bytes as A-B:C.D.E*F."""
    return "%d-%d:%d.%d.%d*%d" % tuple(name)


def unit(name: str) -> str:
    """The plain unit of what a code A-B:C.D.E*F of electricity measures, for meters that do not say it: W, Wh, A, factor...; else ""."""
    medium, _, rest = name.partition(":")
    parts = rest.split(".")
    if medium[:2] != "1-" or len(parts) != 3 or not parts[0].isdigit() or parts[1] not in ("7", "8") or not 0 < int(parts[0]) <= 80:
        return ""
    what = int(parts[0])
    what = what if what <= 20 else (what - 21) % 20 + 1  # 21 to 40 is phase 1, to 60 phase 2, to 80 phase 3
    if what in _INSTANT:
        return _INSTANT[what] if parts[1] == "7" else ""
    power = "W" if what in (1, 2, 15, 16) else "var" if what <= 8 else "VA" if what in (9, 10) else ""
    return power + "h" if power and parts[1] == "8" else power


def readings(values: "tuple[Value, ...]") -> "tuple[tuple[str, int], ...]":
    """((quantity, value), ...) in whole units of `drivers/quantities.py`, rounded half away from zero; what is not there is left out.

    power_w is 16.7.0, else import 1.7.0 minus export 2.7.0, else the sum of the phases; a counter is E = 0, else its tariffs' sum.
    """
    now = _electric(values)
    phases = [(phase, _net(now, *phase[1:4])) for phase in _PHASES]
    power = _net(now, "16", "1", "2")
    if power is None and all([net is not None for _, net in phases]):
        power = sum([net or 0 for _, net in phases])
    found = [("power_w", power), ("energy_import_wh", _counter(now, "1")), ("energy_export_wh", _counter(now, "2"))]
    found += [("power_%s_w" % phase[0], net) for phase, net in phases]
    found += [("voltage_%s_mv" % phase[0], _amount(now, phase[4] + ".7.0", _MILLI)) for phase in _PHASES]
    found += [("current_%s_ma" % phase[0], _amount(now, phase[5] + ".7.0", _MILLI)) for phase in _PHASES]
    found.append(("frequency_mhz", _amount(now, "14.7.0", _MILLI)))
    return tuple([(quantity, rounded(fine, 10**_FINE)) for quantity, fine in found if fine is not None])


def _electric(values: "tuple[Value, ...]") -> "dict[str, Value]":
    """{"C.D.E": value} of electricity (A = 1, or a short code as IEC 62056-21 has it) today; the first of a code wins."""
    now: "dict[str, Value]" = {}
    for value in values:
        medium, colon, rest = value.code.partition(":")
        short, _, period = (rest if colon else value.code).replace("&", "*").partition("*")
        if (medium[:2] == "1-" or not colon) and period in ("", "255") and value.exponent is not None:
            now.setdefault(short, value)
    return now


def _amount(now: "dict[str, Value]", short: str, units: "dict[str, int]") -> "int | None":
    """A value in 10**-9 of our unit, None when it is not there or in no unit of that kind."""
    value = now.get(short)
    if value is None or value.unit not in units or value.exponent is None or not isinstance(value.value, int):
        return None
    power = value.exponent + _FINE
    n = value.value * units[value.unit]
    return n * 10**power if power >= 0 else rounded(n, 10**-power)


def _net(now: "dict[str, Value]", both: str, drawn: str, given: str) -> "int | None":
    net = _amount(now, both + ".7.0", _POWER)
    if net is not None:
        return net
    plus, minus = _amount(now, drawn + ".7.0", _POWER), _amount(now, given + ".7.0", _POWER)
    if (plus is None or minus is None) and not plus and not minus:
        return None  # half of the truth: nothing drawn, but a meter that does not say what is given may be giving
    return (plus or 0) - (minus or 0)


def _counter(now: "dict[str, Value]", what: str) -> "int | None":
    total = _amount(now, what + ".8.0", _ENERGY)
    if total is not None:
        return total
    tariffs = [_amount(now, what + ".8." + tariff, _ENERGY) for tariff in _TARIFFS]
    there = [amount for amount in tariffs if amount is not None]
    return sum(there) if there else None
