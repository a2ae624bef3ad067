"""Grid values of a Deye or Sunsynk three-phase hybrid: import positive, counters with the low word first.

Voltages are those of the grid terminals (598 to 600); openWB reads those of the load (644). A firmware of 2024 for high-voltage
models is said to tell whole kWh in 522: plausibility would mark it.
"""

PROFILE = {
    "title": "Deye three-phase hybrid (grid)",
    "kind": "meter",
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
        {"quantity": "power_w", "address": 625, "type": "s16", "positive": "import", "agree": "two", "from": "evcc sunsynk"},
        {"quantity": "power_l1_w", "address": 622, "type": "s16", "positive": "import", "agree": "single", "from": "sunsynk"},
        {"quantity": "power_l2_w", "address": 623, "type": "s16", "positive": "import", "agree": "single", "from": "sunsynk"},
        {"quantity": "power_l3_w", "address": 624, "type": "s16", "positive": "import", "agree": "single", "from": "sunsynk"},
        {"quantity": "voltage_l1_mv", "address": 598, "type": "u16", "scale": 100, "agree": "two", "from": "evcc sunsynk"},
        {"quantity": "voltage_l2_mv", "address": 599, "type": "u16", "scale": 100, "agree": "two", "from": "evcc sunsynk"},
        {"quantity": "voltage_l3_mv", "address": 600, "type": "u16", "scale": 100, "agree": "two", "from": "evcc sunsynk"},
        {"quantity": "frequency_mhz", "address": 609, "type": "u16", "scale": 10, "agree": "single", "from": "sunsynk"},
        {
            "quantity": "energy_import_wh",
            "address": 522,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc sunsynk",
        },
        {
            "quantity": "energy_export_wh",
            "address": 524,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc sunsynk",
        },
    ),
    "simulated": ((0, 5),),
    "capture": "modbus/deye_meter",
    "safe": "a meter: nothing to leave",
}
