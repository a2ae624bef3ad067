"""Eastron SDM630-Modbus v2, three-phase meter: "SDM630 Modbus Protocol" (input registers, Float32, high word first).

Energies are Float32 kWh: above 16.7 MWh the meter itself cannot say single Wh any more. Registers 346 and on are left out:
sources disagree whether they count import or export. Register 52 is the power; 84 and on are demands, not energy.
"""

PROFILE = {
    "title": "Eastron SDM630 v2",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "bus": {"gap": 34, "largest": 80, "timeout_ms": 500},
    "sources": {"mbmd": "volkszaehler/mbmd meters/rs485/sdm.go", "nymea": "nymea/nymea-plugins-modbus bgetech/sdm630-registers.json"},
    "identify": (
        {
            "function": 4,
            "address": 0,
            "type": "f32",
            "scale": 1000,
            "at_least": 150000,
            "below": 300000,
            "agree": "two",
            "from": "mbmd nymea",
        },
        {
            "function": 4,
            "address": 70,
            "type": "f32",
            "scale": 1000,
            "at_least": 45000,
            "below": 65000,
            "agree": "two",
            "from": "mbmd nymea",
        },
    ),
    "reads": (
        {"quantity": "voltage_l1_mv", "function": 4, "address": 0, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "voltage_l2_mv", "function": 4, "address": 2, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "voltage_l3_mv", "function": 4, "address": 4, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "current_l1_ma", "function": 4, "address": 6, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "current_l2_ma", "function": 4, "address": 8, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "current_l3_ma", "function": 4, "address": 10, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "power_l1_w", "function": 4, "address": 12, "type": "f32", "positive": "import", "agree": "two", "from": "mbmd nymea"},
        {"quantity": "power_l2_w", "function": 4, "address": 14, "type": "f32", "positive": "import", "agree": "two", "from": "mbmd nymea"},
        {"quantity": "power_l3_w", "function": 4, "address": 16, "type": "f32", "positive": "import", "agree": "two", "from": "mbmd nymea"},
        {"quantity": "power_w", "function": 4, "address": 52, "type": "f32", "positive": "import", "agree": "two", "from": "mbmd nymea"},
        {"quantity": "frequency_mhz", "function": 4, "address": 70, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "energy_import_wh", "function": 4, "address": 72, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
        {"quantity": "energy_export_wh", "function": 4, "address": 74, "type": "f32", "scale": 1000, "agree": "two", "from": "mbmd nymea"},
    ),
    "capture": "modbus/sdm630",
    "safe": "a meter: nothing to leave",
}
