"""Schneider EVlink Pro AC on Modbus TCP: Float32 and u64 with the low word first (a recorded exchange in evcc pull request 9436 shows it).

Nothing is written: the set-point is 4004 in one source and 4003 in another, and its life register must be written every 2 s.
status: 0, 1, 2, 6 no car; 3, 4, 5, 7 car; 8, 9 charging.
"""

PROFILE = {
    "title": "Schneider EVlink Pro AC",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (255,),
    "identify": (
        {"address": 1, "type": "u16", "below": 10, "agree": "single", "from": "evcc"},
        {
            "address": 3027,
            "type": "f32",
            "order": "little",
            "scale": 1000,
            "at_least": 150000,
            "below": 300000,
            "agree": "single",
            "from": "evcc",
        },
    ),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc charger/schneider-v3.go",
    },
    "reads": (
        {"quantity": "status", "address": 1, "type": "u16", "agree": "single", "from": "evcc"},
        {
            "quantity": "plugged",
            "address": 1,
            "type": "u16",
            "map": {0: 0, 1: 0, 2: 0, 6: 0, 3: 1, 4: 1, 5: 1, 7: 1, 8: 1, 9: 1},
            "agree": "single",
            "from": "evcc",
        },
        {
            "quantity": "charging",
            "address": 1,
            "type": "u16",
            "map": {0: 0, 1: 0, 2: 0, 6: 0, 3: 0, 4: 0, 5: 0, 7: 0, 8: 1, 9: 1},
            "agree": "single",
            "from": "evcc",
        },
        {
            "quantity": "power_w",
            "address": 3059,
            "type": "f32",
            "order": "little",
            "scale": 1000,
            "positive": "consumption",
            "agree": "single",
            "from": "evcc",
        },
        {"quantity": "current_l1_ma", "address": 2999, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "current_l2_ma", "address": 3001, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "current_l3_ma", "address": 3003, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "voltage_l1_mv", "address": 3027, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "voltage_l2_mv", "address": 3029, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "voltage_l3_mv", "address": 3031, "type": "f32", "order": "little", "scale": 1000, "agree": "single", "from": "evcc"},
        {"quantity": "energy_import_wh", "address": 3203, "type": "u64", "order": "little", "agree": "single", "from": "evcc"},
    ),
    "capture": "modbus/schneider_evlink",
    "safe": "it is only read",
}
