"""Battery of a Deye or Sunsynk three-phase hybrid: discharging positive, tens of watts in high-voltage models.

There is no power set-point: current limits (108, 109), grid charging (128, 130) and the time-of-use tables lie in EEPROM. Nothing
is written.
"""

PROFILE = {
    "title": "Deye three-phase hybrid (battery)",
    "kind": "battery",
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
            "address": 590,
            "type": "s16",
            "positive": "discharge",
            "when": {"row": "model", "is": (5, 0x0500)},
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {
            "quantity": "power_w",
            "address": 590,
            "type": "s16",
            "scale": 10,
            "positive": "discharge",
            "when": {"row": "model", "is": (6, 0x0601, 0x0602)},
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {"quantity": "soc_permille", "address": 588, "type": "u16", "scale": 10, "agree": "two", "from": "evcc sunsynk"},
        {
            "quantity": "energy_import_wh",
            "address": 516,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {
            "quantity": "energy_export_wh",
            "address": 518,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc sunsynk",
        },
    ),
    "simulated": ((0, 5),),
    "capture": "modbus/deye_battery",
    "safe": "it is only read",
}
