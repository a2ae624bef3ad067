"""Grid meter by the SunSpec standard: models 201 to 204 (integers with scale factors) or 211 to 214 (floats), import positive.

SolarEdge means it the other way round: use solaredge_meter for those. A counter of 0 means "not accumulated" and gives no value.
"""

PROFILE = {
    "title": "SunSpec meter (models 201 to 204, 211 to 213)",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "units": (1, 200, 240),
    "sunspec": (1, (203, 213)),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "sources": {
        "203": "sunspec/models json/model_203.json, the same registers in 201, 202 and 204",
        "213": "sunspec/models json/model_213.json, the same registers in 211 and 212",
    },
    "reads": (
        {"quantity": "power_w", "point": "203.W", "positive": "import", "agree": "spec", "from": "203"},
        {"quantity": "power_l1_w", "point": "203.WphA", "positive": "import", "agree": "spec", "from": "203"},
        {"quantity": "power_l2_w", "point": "203.WphB", "positive": "import", "agree": "spec", "from": "203"},
        {"quantity": "power_l3_w", "point": "203.WphC", "positive": "import", "agree": "spec", "from": "203"},
        {"quantity": "voltage_l1_mv", "point": "203.PhVphA", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "voltage_l2_mv", "point": "203.PhVphB", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "voltage_l3_mv", "point": "203.PhVphC", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l1_ma", "point": "203.AphA", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l2_ma", "point": "203.AphB", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "current_l3_ma", "point": "203.AphC", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "frequency_mhz", "point": "203.Hz", "scale": 1000, "agree": "spec", "from": "203"},
        {"quantity": "energy_import_wh", "point": "203.TotWhImp", "agree": "spec", "from": "203"},
        {"quantity": "energy_export_wh", "point": "203.TotWhExp", "agree": "spec", "from": "203"},
        {"quantity": "power_w", "point": "213.W", "positive": "import", "agree": "spec", "from": "213"},
        {"quantity": "power_l1_w", "point": "213.WphA", "positive": "import", "agree": "spec", "from": "213"},
        {"quantity": "power_l2_w", "point": "213.WphB", "positive": "import", "agree": "spec", "from": "213"},
        {"quantity": "power_l3_w", "point": "213.WphC", "positive": "import", "agree": "spec", "from": "213"},
        {"quantity": "voltage_l1_mv", "point": "213.PhVphA", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "voltage_l2_mv", "point": "213.PhVphB", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "voltage_l3_mv", "point": "213.PhVphC", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "current_l1_ma", "point": "213.AphA", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "current_l2_ma", "point": "213.AphB", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "current_l3_ma", "point": "213.AphC", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "frequency_mhz", "point": "213.Hz", "scale": 1000, "agree": "spec", "from": "213"},
        {"quantity": "energy_import_wh", "point": "213.TotWhImp", "agree": "spec", "from": "213"},
        {"quantity": "energy_export_wh", "point": "213.TotWhExp", "agree": "spec", "from": "213"},
    ),
    "simulated": (("203.A_SF", -2), ("203.V_SF", -1), ("203.W_SF", 0), ("203.Hz_SF", -2), ("203.TotWh_SF", 0)),
    "capture": "modbus/sunspec_meter",
    "safe": "a meter: nothing to leave",
}
