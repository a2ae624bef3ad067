"""Marstek Venus C and E, versions 1 and 2, on RS-485 or a converter: discharging positive, function 6 only.

Idiom 5: 42000 = 55AA hands over, 42010 (1 charge, 2 discharge, 0 stop) with its power in 42020 or 42021, 42000 = 55BB takes back.
It stays forced if we die. Version 3 has other registers for power and charge (30006, 34002): there this reads nothing. openWB
calls its counters faulty.
"""

PROFILE = {
    "title": "Marstek Venus E (v1, v2)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("rtu", 115200, "N"), ("rtu_tcp", 502), ("tcp", 502)),
    "identify": (
        {"address": 32104, "type": "u16", "below": 101, "agree": "two", "from": "evcc openwb"},
        {"address": 42000, "type": "u16", "is": (0x55AA, 0x55BB), "agree": "two", "from": "evcc openwb"},
    ),
    "bus": {"timeout_ms": 1000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/marstek-venus-e.yaml",
        "ha": "ViperRNMC/marstek_venus_modbus registers/e_v12.yaml",
        "openwb": "openWB/core packages/modules/devices/marstek/venus_c_e/bat.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 32202, "type": "s32", "positive": "discharge", "agree": "two", "from": "evcc openwb"},
        {"quantity": "soc_permille", "address": 32104, "type": "u16", "scale": 10, "agree": "two", "from": "evcc openwb"},
        {"quantity": "capacity_wh", "address": 32105, "type": "u16", "agree": "single", "from": "ha"},
        {"quantity": "energy_import_wh", "address": 33000, "type": "u32", "scale": 10, "agree": "single", "from": "ha"},
        {"quantity": "energy_export_wh", "address": 33002, "type": "u32", "scale": 10, "agree": "two", "from": "evcc ha"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "latch",
            "low": -2500,
            "high": 2500,
            "deadband": 50,
            "steps": (
                {
                    "function": 6,
                    "address": 42000,
                    "items": ({"word": "enable", "type": "u16", "on": 0x55AA, "off": 0x55BB},),
                    "memory": "stored",
                },
                {"function": 6, "address": 42020, "items": ({"word": "value", "type": "u16", "part": "drawn"},), "memory": "stored"},
                {"function": 6, "address": 42021, "items": ({"word": "value", "type": "u16", "part": "given"},), "memory": "stored"},
                {
                    "function": 6,
                    "address": 42010,
                    "items": ({"word": "direction", "type": "u16", "draw": 1, "give": 2, "hold": 0, "off": 0},),
                    "memory": "stored",
                },
            ),
            "from": "evcc openwb",
            "agree": "two",
        },
    ),
    "capture": "modbus/marstek_venus_e",
    "safe": "it goes on as it was told: sold only as long as we can take it back, and restored from the journal",
}
