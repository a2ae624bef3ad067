"""Sungrow SHxxRT and SHxxRS hybrid, its PV: 32-bit values have the low word first; power is that of the DC side, before the battery.

The inverter's own LAN port answers at once, a WiNet-S repeats values for about 10 s and lacks some registers.
"""

PROFILE = {
    "title": "Sungrow SH hybrid (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "identify": (
        {"function": 4, "address": 4999, "type": "u16", "at_least": 0x0D00, "below": 0x0F00, "agree": "single", "from": "mkaiser"},
    ),
    "bus": {"timeout_ms": 3000, "connections": 1, "pause_ms": 20},
    "absent": {"s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sungrow-hybrid.yaml",
        "mkaiser": "mkaiser/Sungrow-SHx-Inverter-Modbus-Home-Assistant modbus_sungrow.yaml",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "address": 5016,
            "type": "u32",
            "order": "little",
            "positive": "generation",
            "agree": "two",
            "from": "evcc mkaiser",
        },
        {
            "quantity": "energy_export_wh",
            "function": 4,
            "address": 13002,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc mkaiser",
        },
    ),
    "capture": "modbus/sungrow_sh",
    "safe": "it is only read",
}
