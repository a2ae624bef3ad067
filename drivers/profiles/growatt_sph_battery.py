"""Battery of a Growatt SPH: charging (1011) minus discharging (1009), input registers, high word first.

Priority and AC charging (1092, 1102) are switches in flash with one source and say no power: nothing is written. The TL-XH (3178,
3180, 3171) is not this map; the signs that openWB and evcc give it differ.
"""

PROFILE = {
    "title": "Growatt SPH (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "bus": {"poll_ms": 1000, "largest": 100, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/growatt-hybrid.yaml",
        "openwb": "openWB/core packages/modules/devices/growatt/growatt/bat.py, counter.py (MAX series)",
        "ha": "0xAHA/Growatt_ModbusTCP profiles/sph.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "sum": ((1011, 1), (1009, -1)),
            "type": "u32",
            "scale": (1, 10),
            "positive": "charge",
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "soc_permille", "function": 4, "address": 1014, "type": "u16", "scale": 10, "agree": "two", "from": "evcc openwb"},
        {"quantity": "energy_import_wh", "function": 4, "address": 1058, "type": "u32", "scale": 100, "agree": "two", "from": "openwb ha"},
        {
            "quantity": "energy_export_wh",
            "function": 4,
            "address": 1054,
            "type": "u32",
            "scale": 100,
            "agree": "two",
            "from": "evcc openwb",
        },
    ),
    "capture": "modbus/growatt_sph_battery",
    "safe": "it is only read",
}
