"""Heidelberg Energy Control wallbox (also sold by Amperfied): "ModBus register table Energy Control", RTU 19200 8E1, no meter class.

Idiom 3: any Modbus traffic resets the watchdog (257, ms, default 15000, 0 is off); when it runs out the box falls back to the
current in register 262, which is never written here. Standby must be off (258 = 4), else it sleeps and does not answer.
257 and 258 may be stored, so they are written only when they differ. The current is 0 or 6.0 to 16.0 A (261). Register 14 is
apparent power: sources disagree whether to call it W, so it serves for showing and not for billing; 17 counts energy.
status: 2, 3 no car; 4, 5 car; 6 car wants, box does not allow; 7 charging; 8 derating; 9 error; 10 locked; 11 error.
"""

PROFILE = {
    "title": "Heidelberg Energy Control",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("rtu", 19200, "E"), ("tcp", 502)),
    "bus": {"gap": 8, "largest": 30, "pause_ms": 100, "timeout_ms": 1000},
    "sources": {"evcc": "evcc-io/evcc charger/heidelberg-ec.go", "openems": "OpenEMS io.openems.edge.evcs.heidelberg"},
    "identify": (
        {"function": 4, "address": 5, "type": "u16", "at_least": 2, "below": 12, "agree": "two", "from": "evcc openems"},
        {"function": 4, "address": 10, "type": "u16", "at_least": 90, "below": 300, "agree": "two", "from": "evcc openems"},
    ),
    "reads": (
        {"quantity": "status", "function": 4, "address": 5, "type": "u16", "agree": "two", "from": "evcc openems"},
        {
            "quantity": "plugged",
            "function": 4,
            "address": 5,
            "type": "u16",
            "map": {2: 0, 3: 0, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1},
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "charging",
            "function": 4,
            "address": 5,
            "type": "u16",
            "map": {2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 1, 8: 1},
            "agree": "two",
            "from": "evcc openems",
        },
        {"quantity": "current_l1_ma", "function": 4, "address": 6, "type": "u16", "scale": 100, "agree": "two", "from": "evcc openems"},
        {"quantity": "current_l2_ma", "function": 4, "address": 7, "type": "u16", "scale": 100, "agree": "two", "from": "evcc openems"},
        {"quantity": "current_l3_ma", "function": 4, "address": 8, "type": "u16", "scale": 100, "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l1_mv", "function": 4, "address": 10, "type": "u16", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l2_mv", "function": 4, "address": 11, "type": "u16", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l3_mv", "function": 4, "address": 12, "type": "u16", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {
            "quantity": "power_w",
            "function": 4,
            "address": 14,
            "type": "u16",
            "positive": "consumption",
            "agree": "disagree",
            "from": "evcc openems",
        },
        {"quantity": "energy_import_wh", "function": 4, "address": 17, "type": "u32", "agree": "two", "from": "evcc openems"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "traffic",
            "low": 0,
            "high": 16000,
            "step": 100,
            "gap": (1, 5999),
            "timeout": (5, 60, 65),
            "steps": (
                {"function": 6, "address": 257, "items": ({"word": "timeout", "type": "u16", "scale": (1, 1000)},)},
                {"function": 6, "address": 258, "items": ({"word": "fixed", "type": "u16", "on": 4},)},
                {"function": 6, "address": 261, "items": ({"word": "value", "type": "u16", "scale": 100, "off": 0},), "memory": "volatile"},
            ),
            "from": "evcc openems",
            "agree": "two",
        },
    ),
    "simulated": ((257, 15000), (258, 0), (261, 160)),
    "capture": "modbus/heidelberg",
    "safe": "without Modbus traffic for the watchdog's time it charges with the current of register 262, 0 A as delivered",
}
