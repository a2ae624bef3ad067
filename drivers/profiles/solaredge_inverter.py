"""SolarEdge SExxK and StorEdge, its PV side by SunSpec (models 101 to 103): one connection, no answer at night is normal.

Power is AC and contains what a battery gives. Nothing is written: F001 hex (per cent) has one source, and the export limit (E000
to E002) is an installer's and in flash.
"""

PROFILE = {
    "title": "SolarEdge inverter",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 1502), ("tcp", 502), ("rtu", 115200, "N")),
    "sunspec": (1, 103),
    "identify": ({"point": "1.Mn", "begins": ("SolarEdge",), "agree": "spec", "from": "1"},),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 3000, "connections": 1},
    "standby": "silent",
    "sources": {
        "1": "sunspec/models json/model_1.json",
        "103": "sunspec/models json/model_103.json",
    },
    "reads": (
        {"quantity": "power_w", "point": "103.W", "positive": "generation", "agree": "spec", "from": "103"},
        {"quantity": "energy_export_wh", "point": "103.WH", "agree": "spec", "from": "103"},
        {"quantity": "current_l1_ma", "point": "103.AphA", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "current_l2_ma", "point": "103.AphB", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "current_l3_ma", "point": "103.AphC", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "voltage_l1_mv", "point": "103.PhVphA", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "voltage_l2_mv", "point": "103.PhVphB", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "voltage_l3_mv", "point": "103.PhVphC", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "frequency_mhz", "point": "103.Hz", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "status", "point": "103.St", "agree": "spec", "from": "103"},
    ),
    "simulated": (("1.Mn", "SolarEdge "), ("103.A_SF", -2), ("103.V_SF", -1), ("103.W_SF", 0), ("103.Hz_SF", -2), ("103.WH_SF", 0)),
    "capture": "modbus/solaredge_inverter",
    "safe": "it is only read",
}
