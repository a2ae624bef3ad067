"""ABB Terra AC wallbox: "Terra AC Charger Modbus communication" 1.11, RS-485 or TCP; all 32-bit values with the high word first.

Idiom 3: any request counts. When none came for the communication time-out (read back from 16416), the charger goes to its
fallback limit. Below 6 A it pauses, and goes on above: the start/stop register 16645 is never written, it would need the vendor's
app to start again. status: 0 A no car, 1 B1 waits for authorisation, 2 B2, 3 C1, 4 C2 charging, 5 stopped.
"""

PROFILE = {
    "title": "ABB Terra AC",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "identify": (
        {"address": 16390, "type": "u32", "at_least": 6000, "below": 80001, "agree": "two", "from": "evcc ha"},
        {"address": 16416, "type": "u16", "at_least": 1, "agree": "two", "from": "ha grugbus"},
    ),
    "bus": {"timeout_ms": 1000},
    "sources": {
        "evcc": "evcc-io/evcc charger/abb.go",
        "ha": "JernejHren/ABB-Terra-AC custom_components/abb_terra_ac",
        "grugbus": "peufeu2/GrugBus grugbus/devices/EVSE_ABB_Terra.csv",
    },
    "reads": (
        {"quantity": "status", "address": 16396, "type": "u32", "mask": 0x7F00, "agree": "two", "from": "evcc ha"},
        {"quantity": "plugged", "address": 16394, "type": "u32", "mask": 0x0100, "agree": "two", "from": "evcc grugbus"},
        {
            "quantity": "charging",
            "address": 16396,
            "type": "u32",
            "mask": 0x7F00,
            "map": {0: 0, 1: 0, 2: 0, 3: 0, 4: 1, 5: 0},
            "agree": "two",
            "from": "evcc ha",
        },
        {"quantity": "power_w", "address": 16412, "type": "u32", "positive": "consumption", "agree": "two", "from": "evcc ha"},
        {"quantity": "current_l1_ma", "address": 16400, "type": "u32", "agree": "two", "from": "evcc ha"},
        {"quantity": "current_l2_ma", "address": 16402, "type": "u32", "agree": "two", "from": "evcc ha"},
        {"quantity": "current_l3_ma", "address": 16404, "type": "u32", "agree": "two", "from": "evcc ha"},
        {"quantity": "voltage_l1_mv", "address": 16406, "type": "u32", "scale": 100, "agree": "two", "from": "evcc ha"},
        {"quantity": "voltage_l2_mv", "address": 16408, "type": "u32", "scale": 100, "agree": "two", "from": "evcc ha"},
        {"quantity": "voltage_l3_mv", "address": 16410, "type": "u32", "scale": 100, "agree": "two", "from": "evcc ha"},
        {"quantity": "session_wh", "address": 16414, "type": "u32", "agree": "two", "from": "evcc ha"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "traffic",
            "low": 0,
            "high": 32000,
            "gap": (1, 5999),
            "timeout": (10, 60, 3600),
            "timeout_from": {"address": 16416, "type": "u16"},
            "steps": ({"address": 16640, "items": ({"word": "value", "type": "u32", "off": 0},), "memory": "volatile", "access": "w"},),
            "from": "evcc ha",
            "agree": "two",
        },
    ),
    "simulated": ((16390, (0, 32000)), (16416, 60)),
    "capture": "modbus/abb_terra_ac",
    "safe": "without Modbus traffic for its communication time-out it charges with its fallback limit (register 16649)",
}
