"""Webasto Next and Unite on Modbus TCP, of the family of the Vestel EVC04: values with the high word first.

Idiom 2: 1 is written to the life register 6000, which the charger clears, at least once in the communication time-out (2002);
else it falls back to the safe current (2000), which is not touched. The counter (1036) is Wh here; in Vestel's own boxes it is
tenths of a kWh. status: 0 no car, 1 car without permission, 3 charging, 4 paused, 7 error, 8 reserved.
"""

PROFILE = {
    "title": "Webasto Next",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (255,),
    "identify": (
        {"address": 1000, "type": "u16", "is": (0, 1, 3, 4, 7, 8), "agree": "two", "from": "nymea evcc"},
        {"address": 2002, "type": "u16", "at_least": 1, "below": 601, "agree": "two", "from": "nymea evcc"},
        {"address": 1100, "type": "u16", "below": 81, "agree": "two", "from": "nymea openems"},
    ),
    "bus": {"largest": 125, "timeout_ms": 2000},
    "sources": {
        "nymea": "nymea/nymea-plugins-modbus webasto/webasto-next-registers.json",
        "evcc": "evcc-io/evcc charger/webasto-next.go",
        "openems": "OpenEMS/openems io.openems.edge.evcs.webasto.next EvcsWebastoNextImpl.java",
    },
    "reads": (
        {"quantity": "status", "address": 1000, "type": "u16", "agree": "two", "from": "nymea evcc"},
        {"quantity": "plugged", "address": 1004, "type": "u16", "map": {0: 0, 1: 0, 2: 1, 3: 1}, "agree": "two", "from": "nymea openems"},
        {
            "quantity": "charging",
            "address": 1000,
            "type": "u16",
            "map": {0: 0, 1: 0, 3: 1, 4: 0, 7: 0, 8: 0},
            "agree": "two",
            "from": "nymea evcc",
        },
        {"quantity": "power_w", "address": 1020, "type": "u32", "positive": "consumption", "agree": "two", "from": "nymea evcc"},
        {"quantity": "power_l1_w", "address": 1024, "type": "u32", "positive": "consumption", "agree": "two", "from": "nymea openems"},
        {"quantity": "power_l2_w", "address": 1028, "type": "u32", "positive": "consumption", "agree": "two", "from": "nymea openems"},
        {"quantity": "power_l3_w", "address": 1032, "type": "u32", "positive": "consumption", "agree": "two", "from": "nymea openems"},
        {"quantity": "current_l1_ma", "address": 1008, "type": "u16", "agree": "two", "from": "nymea evcc"},
        {"quantity": "current_l2_ma", "address": 1010, "type": "u16", "agree": "two", "from": "nymea evcc"},
        {"quantity": "current_l3_ma", "address": 1012, "type": "u16", "agree": "two", "from": "nymea evcc"},
        {"quantity": "energy_import_wh", "address": 1036, "type": "u32", "agree": "two", "from": "nymea evcc"},
        {"quantity": "session_wh", "address": 1502, "type": "u16", "agree": "two", "from": "nymea openems"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "life",
            "low": 0,
            "high": 32000,
            "step": 1000,
            "gap": (1, 5999),
            "timeout": (10, 30, 600),
            "timeout_from": {"address": 2002, "type": "u16"},
            "steps": (
                {"function": 6, "address": 6000, "items": ({"word": "life", "type": "u16", "on": 1},), "memory": "volatile"},
                {
                    "function": 6,
                    "address": 5004,
                    "items": ({"word": "value", "type": "u16", "scale": 1000, "off": 0},),
                    "memory": "volatile",
                    "access": "w",
                },
            ),
            "from": "nymea evcc",
            "agree": "two",
        },
    ),
    "simulated": ((2002, 30),),
    "capture": "modbus/webasto_next",
    "safe": "without the life register for its communication time-out it charges with its safe current (register 2000)",
}
