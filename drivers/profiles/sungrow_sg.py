"""Sungrow SG string inverter: addresses are one below the document's numbers, 32-bit values have the low word first.

openWB reads the power as signed, evcc as unsigned: alike below 2 GW. The counter has whole kWh.
"""

PROFILE = {
    "title": "Sungrow SG",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "bus": {"timeout_ms": 3000, "connections": 1, "pause_ms": 20},
    "standby": "silent",
    "absent": {"s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sungrow-inverter.yaml",
        "openwb": "openWB/core packages/modules/devices/sungrow/sungrow_sg/inverter.py, counter.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "address": 5030,
            "type": "u32",
            "order": "little",
            "positive": "generation",
            "agree": "two",
            "from": "evcc openwb",
        },
        {
            "quantity": "energy_export_wh",
            "function": 4,
            "address": 5003,
            "type": "u32",
            "order": "little",
            "scale": 1000,
            "agree": "single",
            "from": "evcc",
        },
        {"quantity": "voltage_l1_mv", "function": 4, "address": 5018, "type": "u16", "scale": 100, "agree": "single", "from": "openwb"},
        {"quantity": "voltage_l2_mv", "function": 4, "address": 5019, "type": "u16", "scale": 100, "agree": "single", "from": "openwb"},
        {"quantity": "voltage_l3_mv", "function": 4, "address": 5020, "type": "u16", "scale": 100, "agree": "single", "from": "openwb"},
        {"quantity": "frequency_mhz", "function": 4, "address": 5035, "type": "u16", "scale": 100, "agree": "single", "from": "openwb"},
    ),
    "capture": "modbus/sungrow_sg",
    "safe": "it is only read",
}
