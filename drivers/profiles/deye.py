"""Deye and Sunsynk three-phase hybrids (SG04LP3, SG01HP3), their PV: powers of high-voltage models are tens of watts.

Register 0 tells the model. The export limit (143) lies in EEPROM and is an installer's: nothing is written.
"""

PROFILE = {
    "title": "Deye three-phase hybrid (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("rtu_tcp", 8899)),
    "facts": ({"fact": "model", "address": 0, "type": "u16", "agree": "single", "from": "sunsynk"},),
    "identify": ({"address": 0, "type": "u16", "is": (5, 6, 0x0500, 0x0601, 0x0602), "agree": "single", "from": "sunsynk"},),
    "bus": {"largest": 60, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/deye-hybrid-3p.yaml",
        "sunsynk": "kellerza/sunsynk src/sunsynk/definitions/three_phase_common.py, three_phase_lv.py, three_phase_hv.py, identity.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((672, 1), (673, 1), (674, 1), (675, 1)),
            "type": "u16",
            "positive": "generation",
            "when": {"row": "model", "is": (5, 0x0500)},
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {
            "quantity": "power_w",
            "sum": ((672, 1), (673, 1), (674, 1), (675, 1)),
            "type": "u16",
            "scale": 10,
            "positive": "generation",
            "when": {"row": "model", "is": (6, 0x0601, 0x0602)},
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {
            "quantity": "energy_export_wh",
            "address": 534,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc sunsynk",
        },
    ),
    "simulated": ((0, 5),),
    "capture": "modbus/deye",
    "safe": "it is only read",
}
