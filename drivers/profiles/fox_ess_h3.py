"""Fox ESS H3 hybrid, its PV: holding registers, high word first.

The second string's power is at 31005, the counter at 32000 is that of the sun.
"""

PROFILE = {
    "title": "Fox ESS H3 (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "units": (247,),
    "bus": {"largest": 50, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/fox-ess-h3.yaml",
        "ha": "nathanmarlor/foxess_modbus entities/entity_descriptions.py, remote_control_description.py",
        "openwb": "openWB/core packages/modules/devices/fox_ess/fox_ess/*.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((31002, 1), (31005, 1)),
            "type": "s16",
            "positive": "generation",
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "energy_export_wh", "address": 32000, "type": "u32", "scale": 100, "agree": "two", "from": "ha openwb"},
    ),
    "capture": "modbus/fox_ess_h3",
    "safe": "it is only read",
}
