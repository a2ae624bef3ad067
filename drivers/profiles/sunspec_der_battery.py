"""Storage by SunSpec's models for IEEE 1547-2018: 701 (measurement), 702 (capacity), 704 (controls), 713 (storage).

Idiom 1: what a reversion brings (nothing enabled) and when, the set-point in watts (WSetMod 1, injecting positive), then its
enabling. status as in sunspec_der.
"""

PROFILE = {
    "title": "SunSpec DER storage (models 701, 702, 704, 713)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "sunspec": (1, 701, 702, 704, 713),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "sources": {
        "701": "sunspec/models json/model_701.json",
        "702": "sunspec/models json/model_702.json",
        "704": "sunspec/models json/model_704.json",
        "713": "sunspec/models json/model_713.json",
    },
    "reads": (
        {"quantity": "power_w", "point": "701.W", "positive": "discharge", "agree": "spec", "from": "701"},
        {"quantity": "power_l1_w", "point": "701.WL1", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "power_l2_w", "point": "701.WL2", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "power_l3_w", "point": "701.WL3", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "voltage_l1_mv", "point": "701.VL1", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "voltage_l2_mv", "point": "701.VL2", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "voltage_l3_mv", "point": "701.VL3", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "frequency_mhz", "point": "701.Hz", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "energy_export_wh", "point": "701.TotWhInj", "agree": "spec", "from": "701"},
        {"quantity": "status", "point": "701.InvSt", "agree": "spec", "from": "701"},
        {"quantity": "energy_import_wh", "point": "701.TotWhAbs", "agree": "spec", "from": "701"},
        {"quantity": "soc_permille", "point": "713.SoC", "scale": 10, "agree": "spec", "from": "713"},
        {"quantity": "capacity_wh", "point": "713.WHRtg", "agree": "spec", "from": "713"},
        {"quantity": "power_max_w", "point": "702.WMax", "agree": "spec", "from": "702"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -1000000,
            "high": 1000000,
            "nameplate": "power_max_w",
            "timeout": (10, 120, 3600),
            "steps": (
                {
                    "items": (
                        {"word": "fixed", "point": "704.WSetEnaRvrt", "on": 0},
                        {"word": "timeout", "point": "704.WSetRvrtTms"},
                    ),
                    "memory": "volatile",
                },
                {
                    "items": (
                        {"word": "fixed", "point": "704.WSetMod", "on": 1},
                        {"word": "value", "point": "704.WSet", "positive": "discharge"},
                    ),
                    "memory": "volatile",
                },
                {"items": ({"word": "enable", "point": "704.WSetEna", "on": 1, "off": 0},), "memory": "volatile"},
            ),
            "from": "704 702",
            "agree": "spec",
        },
    ),
    "simulated": (
        ("701.W_SF", 0),
        ("701.V_SF", -1),
        ("701.Hz_SF", -3),
        ("701.TotWh_SF", 0),
        ("702.W_SF", 0),
        ("713.WH_SF", 0),
        ("713.Pct_SF", -1),
        ("704.WSetEna", 0),
        ("704.WSetMod", 1),
        ("704.WSet", (0, 0)),
        ("704.WSetEnaRvrt", 0),
        ("704.WSetRvrtTms", (0, 0)),
        ("704.WSet_SF", 0),
    ),
    "capture": "modbus/sunspec_der_battery",
    "safe": "the set-point ends after WSetRvrtTms seconds: the inverter's own rule takes over",
}
