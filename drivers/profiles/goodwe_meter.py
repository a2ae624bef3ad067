"""Grid meter of a GoodWe ET, EH or BT hybrid: export positive, counters are Float32 Wh, which lose single Wh above 16.7 MWh.

Firmware below 9 has its powers elsewhere (36005 to 36008): there these are 0, which plausibility marks.
"""

PROFILE = {
    "title": "GoodWe ET (grid)",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "units": (247,),
    "identify": ({"address": 35011, "type": "ascii", "words": 5, "begins": ("GW",), "agree": "single", "from": "lib"},),
    "bus": {"largest": 100, "timeout_ms": 2000, "connections": 1},
    "absent": {"u16": 0xFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/goodwe-hybrid.yaml",
        "lib": "marcelblijleven/goodwe goodwe/et.py, inverter.py",
        "openwb": "openWB/core packages/modules/devices/good_we/good_we/bat.py, counter.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 36025, "type": "s32", "positive": "export", "agree": "two", "from": "evcc lib"},
        {"quantity": "power_l1_w", "address": 36019, "type": "s32", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "power_l2_w", "address": 36021, "type": "s32", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "power_l3_w", "address": 36023, "type": "s32", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "voltage_l1_mv", "address": 36052, "type": "u16", "scale": 100, "agree": "single", "from": "evcc"},
        {"quantity": "voltage_l2_mv", "address": 36053, "type": "u16", "scale": 100, "agree": "single", "from": "evcc"},
        {"quantity": "voltage_l3_mv", "address": 36054, "type": "u16", "scale": 100, "agree": "single", "from": "evcc"},
        {"quantity": "energy_import_wh", "address": 36017, "type": "f32", "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_export_wh", "address": 36015, "type": "f32", "agree": "two", "from": "lib openwb"},
    ),
    "capture": "modbus/goodwe_meter",
    "safe": "a meter: nothing to leave",
}
