"""What meters leave out of their DLMS lists: units of values that come without a scaler, and codes of values that come by position.

A profile names the tables that may hold for its meters (quirk "lists"), the first that fits counts. A table fits when each of its
marks begins some text of the list (a list's version, a meter's type) or the maker's letters in the system title, and, if it says so,
when the list has that layout (`drivers/axdr.py`).

exponents: {plain unit of the code (`drivers/obis.py`): exponent}, 0 for those not named; positions: {items of a list: their codes}.
"""

_POWERS = ("1-0:1.7.0*255", "1-0:2.7.0*255", "1-0:3.7.0*255", "1-0:4.7.0*255")
_COUNTERS = ("1-0:1.8.0*255", "1-0:2.8.0*255", "1-0:3.8.0*255", "1-0:4.8.0*255")
_WHO = ("1-0:0.2.129*255", "0-0:96.1.0*255", "0-0:96.1.7*255")
_CLOCK = ("0-0:1.0.0*255",)
_ONE = ("1-0:31.7.0*255", "1-0:32.7.0*255")
_THREE = ("1-0:31.7.0*255", "1-0:51.7.0*255", "1-0:71.7.0*255", "1-0:32.7.0*255", "1-0:52.7.0*255", "1-0:72.7.0*255")

LISTS: "dict[str, dict[str, object]]" = {
    # Kaifa MA105, MA304: "KFM_001" for Norway, NVE/NEK HAN; the same units in amshan han/kaifa.py. The longest come once an hour.
    "kaifa": {
        "marks": ("KFM_",),
        "exponents": {"A": -3, "V": -1},
        "positions": {
            9: _WHO + _POWERS + _ONE,
            13: _WHO + _POWERS + _THREE,
            14: _WHO + _POWERS + _ONE + _CLOCK + _COUNTERS,
            18: _WHO + _POWERS + _THREE + _CLOCK + _COUNTERS,
        },
    },
    # The list between those: the power drawn and nothing else, not even a name.
    "power_alone": {"positions": {1: _POWERS[:1]}},
    # Kamstrup OMNIPOWER: "HAN-NVE interface description" 3.1: 0.01 kWh, 0.01 A (0.001 A behind current transformers, types 685...), V.
    "kamstrup_ct": {"marks": ("Kamstrup_V", "685"), "exponents": {"A": -3, "Wh": 1, "varh": 1, "factor": -2}},
    "kamstrup": {"marks": ("Kamstrup_V",), "exponents": {"A": -2, "Wh": 1, "varh": 1, "factor": -2}},
    # Landis+Gyr E450, E570: "Consumer Information Interface": W, Wh. Wiener Netze sends nine values without codes.
    "landis_gyr": {"marks": ("LGZ",), "exponents": {}, "positions": {9: _CLOCK + _COUNTERS + _POWERS}},
    # EG.D (Czechia) and Sagemcom XT211, which send attribute descriptors: W, Wh; raw_* in esphome-libs/dlms_parser.
    "described": {"layout": "described", "exponents": {}},
}
EVERY = ("kaifa", "power_alone", "kamstrup_ct", "kamstrup", "landis_gyr", "described")
