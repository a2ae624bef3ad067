"""Battery of a GoodWe ET, EH or BT hybrid: discharging positive.

Idiom 5: mode (47511: 11 charge, 12 discharge, 8 stand by, 1 automatic) and power (47512) in one request, as OpenEMS writes them
every second, so they are no flash. It stays so if we die. evcc and openWB use modes 2 and 3, which add the sun's power to that of
the wish.
"""

PROFILE = {
    "title": "GoodWe ET (battery)",
    "kind": "battery",
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
        "openems": "OpenEMS/openems io.openems.edge.goodwe common/AbstractGoodWe.java, EmsPowerMode.java",
    },
    "reads": (
        {"quantity": "power_w", "address": 35182, "type": "s32", "positive": "discharge", "agree": "two", "from": "evcc lib"},
        {"quantity": "soc_permille", "address": 37007, "type": "u16", "scale": 10, "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_import_wh", "address": 35206, "type": "u32", "scale": 100, "agree": "two", "from": "lib openwb"},
        {"quantity": "energy_export_wh", "address": 35209, "type": "u32", "scale": 100, "agree": "two", "from": "evcc lib"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "latch",
            "low": -10000,
            "high": 10000,
            "steps": (
                {
                    "address": 47511,
                    "items": (
                        {"word": "direction", "type": "u16", "draw": 11, "give": 12, "hold": 8, "off": 1},
                        {"word": "value", "type": "u16", "part": "size", "off": 0},
                    ),
                    "memory": "volatile",
                },
            ),
            "from": "lib openems",
            "agree": "two",
        },
    ),
    "capture": "modbus/goodwe_battery",
    "safe": "it goes on as it was told: sold only as long as we can take it back, and restored from the journal",
}
