"""GoodWe ET, EH and BT hybrids, their PV: four strings of 32 bits, those that are not there are absent."""

PROFILE = {
    "title": "GoodWe ET (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "units": (247,),
    "identify": ({"address": 35011, "type": "ascii", "words": 5, "begins": ("GW",), "agree": "single", "from": "lib"},),
    "bus": {"largest": 100, "timeout_ms": 2000, "connections": 1},
    "absent": {"u16": 0xFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/goodwe-hybrid.yaml",
        "lib": "marcelblijleven/goodwe goodwe/et.py, inverter.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((35105, 1), (35109, 1), (35113, 1), (35117, 1)),
            "type": "u32",
            "positive": "generation",
            "missing": "zero",
            "agree": "two",
            "from": "evcc lib",
        },
        {"quantity": "energy_export_wh", "address": 35191, "type": "u32", "scale": 100, "agree": "two", "from": "evcc lib"},
    ),
    "capture": "modbus/goodwe",
    "safe": "it is only read",
}
