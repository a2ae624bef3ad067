"""Grid meter behind a SolarEdge inverter: SunSpec model 201 to 204, but export positive (evcc says so; the standard means import).

One connection, shared with the inverter. The counters keep the standard's words: import is what is drawn.
"""

PROFILE = {
    "title": "SolarEdge grid meter",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 1502), ("tcp", 502)),
    "sunspec": (1, 203),
    "identify": ({"point": "1.Mn", "begins": ("SolarEdge",), "agree": "spec", "from": "1"},),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 3000, "connections": 1},
    "standby": "silent",
    "sources": {
        "1": "sunspec/models json/model_1.json",
        "203": "sunspec/models json/model_203.json, the same registers in 201, 202 and 204",
        "evcc": "evcc-io/evcc templates/definition/meter/solaredge-hybrid.yaml",
    },
    "reads": (
        {"quantity": "power_w", "point": "203.W", "positive": "export", "agree": "disagree", "from": "203 evcc"},
        {"quantity": "power_l1_w", "point": "203.WphA", "positive": "export", "agree": "disagree", "from": "203 evcc"},
        {"quantity": "power_l2_w", "point": "203.WphB", "positive": "export", "agree": "disagree", "from": "203 evcc"},
        {"quantity": "power_l3_w", "point": "203.WphC", "positive": "export", "agree": "disagree", "from": "203 evcc"},
        {"quantity": "voltage_l1_mv", "point": "203.PhVphA", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "voltage_l2_mv", "point": "203.PhVphB", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "voltage_l3_mv", "point": "203.PhVphC", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l1_ma", "point": "203.AphA", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l2_ma", "point": "203.AphB", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l3_ma", "point": "203.AphC", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "frequency_mhz", "point": "203.Hz", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "energy_import_wh", "point": "203.TotWhImp", "agree": "spec", "from": "203"},
        {"quantity": "energy_export_wh", "point": "203.TotWhExp", "agree": "spec", "from": "203"},
    ),
    "simulated": (
        ("1.Mn", "SolarEdge "),
        ("203.A_SF", -2),
        ("203.V_SF", -1),
        ("203.W_SF", 0),
        ("203.Hz_SF", -2),
        ("203.TotWh_SF", 0),
    ),
    "capture": "modbus/solaredge_meter",
    "safe": "a meter: nothing to leave",
}
