"""Battery of a SolarEdge StorEdge inverter: registers from E000 hex on, low word first; one connection; no answer at night is normal.

Idiom 1: remote control (57348 = 4, in flash, set once), the time-out (57355), the limits of charging (57358) and discharging
(57360), then the command (57357: 3 charge from sun and grid, 4 discharge; to hold still it is told to charge with 0 W; 7 is self-
consumption). When the time-out ends, the default command (57354) holds, which its owner chose. evcc's PV part reads the power at
62836: here it is 57716, as three others have it.
"""

PROFILE = {
    "title": "SolarEdge StorEdge battery",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 1502), ("tcp", 502)),
    "identify": (
        {"address": 40004, "type": "ascii", "words": 16, "begins": ("SolarEdge",), "agree": "single", "from": "multi"},
        {"address": 57348, "type": "u16", "below": 5, "agree": "two", "from": "evcc openwb"},
    ),
    "bus": {"largest": 100, "timeout_ms": 3000, "connections": 1},
    "standby": "silent",
    "absent": {"f32": 0xFF7FFFFF, "u64": 0xFFFFFFFFFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/solaredge-hybrid.yaml",
        "multi": "WillCodeForCats/solaredge-modbus-multi custom_components/solaredge_modbus_multi/hub.py, const.py",
        "openwb": "openWB/core packages/modules/devices/solaredge/solaredge/bat.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "address": 57716,
            "type": "f32",
            "order": "little",
            "positive": "charge",
            "agree": "two",
            "from": "evcc openwb",
        },
        {
            "quantity": "soc_permille",
            "address": 57732,
            "type": "f32",
            "order": "little",
            "scale": 10,
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "energy_import_wh", "address": 57722, "type": "u64", "order": "little", "agree": "two", "from": "evcc multi"},
        {"quantity": "energy_export_wh", "address": 57718, "type": "u64", "order": "little", "agree": "two", "from": "evcc multi"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -20000,
            "high": 20000,
            "timeout": (60, 120, 3600),
            "steps": (
                {"function": 6, "address": 57348, "items": ({"word": "fixed", "type": "u16", "on": 4},), "memory": "stored"},
                {"address": 57355, "items": ({"word": "timeout", "type": "u32", "order": "little"},), "memory": "volatile"},
                {
                    "address": 57358,
                    "items": ({"word": "value", "type": "f32", "order": "little", "part": "drawn"},),
                    "memory": "volatile",
                },
                {
                    "address": 57360,
                    "items": ({"word": "value", "type": "f32", "order": "little", "part": "given"},),
                    "memory": "volatile",
                },
                {
                    "function": 6,
                    "address": 57357,
                    "items": ({"word": "direction", "type": "u16", "draw": 3, "give": 4, "hold": 3, "off": 7},),
                    "memory": "volatile",
                },
            ),
            "from": "evcc multi openwb",
            "agree": "two",
        },
    ),
    "capture": "modbus/solaredge_battery",
    "safe": "after its command time-out (57355) the default command (57354) holds, as delivered self-consumption",
}
