"""Alfen Eve and NG9xx charge points on Modbus TCP: "Modbus Slave TCP/IP for Alfen NG9xx platform" 2.3.

Unit 1 is the first socket, 2 the second, 200 the station (not used here). "Active load balancing" must be licensed, its data
source "Energy Management System", and writing of maximum currents allowed. The set-point is not kept over a restart and ends
after the station's own validity time (60 s as delivered); what is written must be whole Float32. status: 1 A no car, 2 B1, 3 B2
car, 4 C1 wants, 5 C2 charges, 6 D1, 7 D2, 8 E, 9 F error.
"""

PROFILE = {
    "title": "Alfen NG9xx",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (1, 2),
    "identify": (
        {
            "address": 1201,
            "type": "ascii",
            "words": 5,
            "begins": ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E", "F"),
            "agree": "two",
            "from": "vendor evcc",
        },
        {"address": 336, "type": "f32", "scale": 1000, "at_least": 45000, "below": 65000, "agree": "single", "from": "vendor"},
    ),
    "bus": {"largest": 125, "timeout_ms": 2000, "connections": 1},
    "sources": {
        "vendor": "Alfen, Implementation of Modbus Slave TCP/IP for NG9xx platform, 2.3 (30-10-2020)",
        "evcc": "evcc-io/evcc charger/alfen.go",
    },
    "reads": (
        {
            "quantity": "status",
            "address": 1201,
            "type": "ascii",
            "words": 5,
            "map": {"A": 1, "B1": 2, "B2": 3, "C1": 4, "C2": 5, "D1": 6, "D2": 7, "E": 8, "F": 9},
            "agree": "two",
            "from": "vendor evcc",
        },
        {
            "quantity": "plugged",
            "address": 1201,
            "type": "ascii",
            "words": 5,
            "map": {"A": 0, "B1": 1, "B2": 1, "C1": 1, "C2": 1, "D1": 1, "D2": 1, "E": 0},
            "agree": "two",
            "from": "vendor evcc",
        },
        {
            "quantity": "charging",
            "address": 1201,
            "type": "ascii",
            "words": 5,
            "map": {"A": 0, "B1": 0, "B2": 0, "C1": 0, "C2": 1, "D1": 0, "D2": 1, "E": 0},
            "agree": "two",
            "from": "vendor evcc",
        },
        {"quantity": "power_w", "address": 344, "type": "f32", "positive": "consumption", "agree": "two", "from": "vendor evcc"},
        {"quantity": "power_l1_w", "address": 338, "type": "f32", "positive": "consumption", "agree": "single", "from": "vendor"},
        {"quantity": "power_l2_w", "address": 340, "type": "f32", "positive": "consumption", "agree": "single", "from": "vendor"},
        {"quantity": "power_l3_w", "address": 342, "type": "f32", "positive": "consumption", "agree": "single", "from": "vendor"},
        {"quantity": "current_l1_ma", "address": 320, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "current_l2_ma", "address": 322, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "current_l3_ma", "address": 324, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "voltage_l1_mv", "address": 306, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "voltage_l2_mv", "address": 308, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "voltage_l3_mv", "address": 310, "type": "f32", "scale": 1000, "agree": "two", "from": "vendor evcc"},
        {"quantity": "frequency_mhz", "address": 336, "type": "f32", "scale": 1000, "agree": "single", "from": "vendor"},
        {"quantity": "energy_import_wh", "address": 374, "type": "f64", "agree": "two", "from": "vendor evcc"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "setpoint",
            "low": 0,
            "high": 32000,
            "gap": (1, 5999),
            "timeout": (60, 60, 60),
            "steps": ({"address": 1210, "items": ({"word": "value", "type": "f32", "scale": 1000},), "memory": "volatile"},),
            "from": "vendor evcc",
            "agree": "two",
        },
    ),
    "capture": "modbus/alfen_ng9",
    "safe": "after its validity time it charges with the safe current its installer has set (register 1212)",
}
