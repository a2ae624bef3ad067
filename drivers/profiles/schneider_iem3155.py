"""Schneider Electric iEM3155 and iEM3x55 of its kind: "DOCA0005, Modbus register list"; addresses are one below the manual's numbers.

Everything is from one source, so it is read and nothing else. Powers are Float32 kW, counters are whole Wh.
"""

PROFILE = {
    "title": "Schneider iEM3155",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("rtu", 19200, "E"),),
    "identify": (
        {"address": 3027, "type": "f32", "scale": 1000, "at_least": 150000, "below": 300000, "agree": "single", "from": "mbmd"},
        {"address": 3109, "type": "f32", "scale": 1000, "at_least": 45000, "below": 65000, "agree": "single", "from": "mbmd"},
    ),
    "bus": {"timeout_ms": 1000},
    "sources": {
        "mbmd": "volkszaehler/mbmd meters/rs485/iem3000.go",
    },
    "reads": (
        {"quantity": "current_l1_ma", "address": 2999, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "current_l2_ma", "address": 3001, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "current_l3_ma", "address": 3003, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "voltage_l1_mv", "address": 3027, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "voltage_l2_mv", "address": 3029, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "voltage_l3_mv", "address": 3031, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "power_l1_w", "address": 3053, "type": "f32", "scale": 1000, "positive": "import", "agree": "single", "from": "mbmd"},
        {"quantity": "power_l2_w", "address": 3055, "type": "f32", "scale": 1000, "positive": "import", "agree": "single", "from": "mbmd"},
        {"quantity": "power_l3_w", "address": 3057, "type": "f32", "scale": 1000, "positive": "import", "agree": "single", "from": "mbmd"},
        {"quantity": "power_w", "address": 3059, "type": "f32", "scale": 1000, "positive": "import", "agree": "single", "from": "mbmd"},
        {"quantity": "frequency_mhz", "address": 3109, "type": "f32", "scale": 1000, "agree": "single", "from": "mbmd"},
        {"quantity": "energy_import_wh", "address": 3203, "type": "s64", "agree": "single", "from": "mbmd"},
        {"quantity": "energy_export_wh", "address": 3207, "type": "s64", "agree": "single", "from": "mbmd"},
    ),
    "capture": "modbus/schneider_iem3155",
    "safe": "a meter: nothing to leave",
}
