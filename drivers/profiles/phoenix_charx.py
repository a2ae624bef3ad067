"""Phoenix Contact CHARX SEC charging controllers on Modbus TCP: controller n has its registers at n * 1000.

The release mode must be "Modbus". A maximum current from 6 to 80 A; any other value withdraws the release, so 0 pauses. The
watchdog (307, with its current in 306) is known from one source only and left as it is: the limit stays when we fall silent
unless an installer has set it. The state of charge (264) is a placeholder that reads 0, so it is left out. status: 1 A1, 2 A2, 3
B1, 4 B2, 5 C1, 6 C2, 7 D1, 8 D2, 9 error.
"""

PROFILE = {
    "title": "Phoenix Contact CHARX SEC",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "stride": 1000,
    "identify": (
        {
            "address": 299,
            "type": "ascii",
            "words": 1,
            "begins": ("A1", "A2", "B1", "B2", "C1", "C2", "D1", "D2", "E0", "F0", "IN"),
            "agree": "two",
            "from": "evcc lib",
        },
    ),
    "bus": {"largest": 125, "timeout_ms": 2000},
    "absent": {"s32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc charger/phoenix-charx.go",
        "lib": "klconsultancy/aiophoenixcontactcharx aiophoenixcontactcharx/registers.py",
    },
    "reads": (
        {
            "quantity": "status",
            "address": 299,
            "type": "ascii",
            "words": 1,
            "map": {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 6, "D1": 7, "D2": 8, "E0": 9, "F0": 9},
            "agree": "two",
            "from": "evcc lib",
        },
        {
            "quantity": "plugged",
            "address": 299,
            "type": "ascii",
            "words": 1,
            "map": {"A1": 0, "A2": 0, "B1": 1, "B2": 1, "C1": 1, "C2": 1, "D1": 1, "D2": 1},
            "agree": "two",
            "from": "evcc lib",
        },
        {
            "quantity": "charging",
            "address": 299,
            "type": "ascii",
            "words": 1,
            "map": {"A1": 0, "A2": 0, "B1": 0, "B2": 0, "C1": 0, "C2": 1, "D1": 0, "D2": 1},
            "agree": "two",
            "from": "evcc lib",
        },
        {
            "quantity": "power_w",
            "address": 244,
            "type": "s32",
            "scale": (1, 1000),
            "positive": "consumption",
            "agree": "two",
            "from": "evcc lib",
        },
        {"quantity": "current_l1_ma", "address": 238, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "current_l2_ma", "address": 240, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "current_l3_ma", "address": 242, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l1_mv", "address": 232, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l2_mv", "address": 234, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l3_mv", "address": 236, "type": "s32", "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_import_wh", "address": 250, "type": "s64", "agree": "two", "from": "evcc lib"},
        {"quantity": "session_wh", "address": 289, "type": "s64", "agree": "single", "from": "lib"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "latch",
            "low": 0,
            "high": 32000,
            "step": 1000,
            "gap": (1, 5999),
            "steps": ({"address": 301, "items": ({"word": "value", "type": "u16", "scale": 1000},), "memory": "stored"},),
            "deadband": 1000,
            "from": "evcc lib",
            "agree": "two",
        },
    ),
    "capture": "modbus/phoenix_charx",
    "safe": "it keeps its last limit: sold only as long as we can take it back",
}
