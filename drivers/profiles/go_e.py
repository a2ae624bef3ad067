"""go-e Charger Gemini and V3 or later on Modbus TCP: inputs by function 4, settings by 3, and only function 16 writes, one register too.

The current goes to 299 (AMPERE_VOLATILE, in RAM); 300 is the same in EEPROM (100,000 cycles) and never written. A wish of 0
forces the charger off (337 = 1), any other forces it on (2), letting go leaves it neutral (0). Firmware 60.3 had bytes swapped:
update it. status: 1 no car, 2 charging, 3 waits for the car, 4 finished.
"""

PROFILE = {
    "title": "go-e Charger",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "identify": (
        {"function": 4, "address": 100, "type": "u16", "below": 5, "agree": "two", "from": "v2 v1"},
        {"function": 4, "address": 108, "type": "u32", "at_least": 100, "below": 300, "agree": "two", "from": "v2 v1"},
        {"address": 299, "type": "u16", "at_least": 6, "below": 33, "agree": "two", "from": "v2 v1"},
    ),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "v2": "goecharger/go-eCharger-API-v2 modbus-en.md",
        "v1": "go-eCharger API v1, Modbus document",
    },
    "reads": (
        {"quantity": "status", "function": 4, "address": 100, "type": "u16", "agree": "two", "from": "v2 v1"},
        {
            "quantity": "plugged",
            "function": 4,
            "address": 100,
            "type": "u16",
            "map": {1: 0, 2: 1, 3: 1, 4: 1},
            "agree": "two",
            "from": "v2 v1",
        },
        {
            "quantity": "charging",
            "function": 4,
            "address": 100,
            "type": "u16",
            "map": {1: 0, 2: 1, 3: 0, 4: 0},
            "agree": "two",
            "from": "v2 v1",
        },
        {
            "quantity": "power_w",
            "function": 4,
            "address": 120,
            "type": "u32",
            "scale": (1, 100),
            "positive": "consumption",
            "agree": "two",
            "from": "v2 v1",
        },
        {"quantity": "current_l1_ma", "function": 4, "address": 114, "type": "u32", "scale": 100, "agree": "two", "from": "v2 v1"},
        {"quantity": "current_l2_ma", "function": 4, "address": 116, "type": "u32", "scale": 100, "agree": "two", "from": "v2 v1"},
        {"quantity": "current_l3_ma", "function": 4, "address": 118, "type": "u32", "scale": 100, "agree": "two", "from": "v2 v1"},
        {"quantity": "voltage_l1_mv", "function": 4, "address": 108, "type": "u32", "scale": 1000, "agree": "two", "from": "v2 v1"},
        {"quantity": "voltage_l2_mv", "function": 4, "address": 110, "type": "u32", "scale": 1000, "agree": "two", "from": "v2 v1"},
        {"quantity": "voltage_l3_mv", "function": 4, "address": 112, "type": "u32", "scale": 1000, "agree": "two", "from": "v2 v1"},
        {"quantity": "energy_import_wh", "function": 4, "address": 128, "type": "u32", "scale": 100, "agree": "two", "from": "v2 v1"},
        {"quantity": "session_wh", "function": 4, "address": 132, "type": "u32", "scale": (1, 360), "agree": "two", "from": "v2 v1"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "latch",
            "low": 0,
            "high": 32000,
            "step": 1000,
            "gap": (1, 5999),
            "steps": (
                {"address": 299, "items": ({"word": "value", "type": "u16", "scale": 1000, "least": 6000},), "memory": "volatile"},
                {
                    "address": 337,
                    "items": ({"word": "direction", "type": "u16", "draw": 2, "hold": 1, "off": 0},),
                    "memory": "stored",
                },
            ),
            "from": "v2 v1",
            "agree": "two",
        },
    ),
    "simulated": ((299, 16),),
    "capture": "modbus/go_e",
    "safe": "it keeps its last limit until it restarts: sold only as long as we can take it back",
}
