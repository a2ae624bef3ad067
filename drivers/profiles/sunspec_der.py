"""PV inverter by SunSpec's models for IEEE 1547-2018: 701 (measurement), 702 (capacity), 704 (controls).

Idiom 1: first what a reversion brings (nothing enabled) and after how many seconds, then the limit in per cent of WMax, then its
enabling. Unlike model 123 the standard has a reversion value of its own (WMaxLimPctRvrt), which with its enable at 0 is not used.
status: 0 off, 1 sleeping, 2 starting, 3 running, 4 throttled, 5 shutting down, 6 fault, 7 standby.
"""

PROFILE = {
    "title": "SunSpec DER (models 701, 702, 704)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "sunspec": (1, 701, 702, 704),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "standby": "silent",
    "sources": {
        "701": "sunspec/models json/model_701.json",
        "702": "sunspec/models json/model_702.json",
        "704": "sunspec/models json/model_704.json",
    },
    "reads": (
        {"quantity": "power_w", "point": "701.W", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "power_l1_w", "point": "701.WL1", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "power_l2_w", "point": "701.WL2", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "power_l3_w", "point": "701.WL3", "positive": "generation", "agree": "spec", "from": "701"},
        {"quantity": "voltage_l1_mv", "point": "701.VL1", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "voltage_l2_mv", "point": "701.VL2", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "voltage_l3_mv", "point": "701.VL3", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "frequency_mhz", "point": "701.Hz", "scale": 1000, "agree": "spec", "from": "701"},
        {"quantity": "energy_export_wh", "point": "701.TotWhInj", "agree": "spec", "from": "701"},
        {"quantity": "status", "point": "701.InvSt", "agree": "spec", "from": "701"},
        {"quantity": "power_max_w", "point": "702.WMax", "agree": "spec", "from": "702"},
    ),
    "controls": (
        {
            "quantity": "power_limit_w",
            "idiom": "setpoint",
            "low": 0,
            "high": 1000000,
            "nameplate": "power_max_w",
            "timeout": (10, 120, 3600),
            "steps": (
                {
                    "items": (
                        {"word": "fixed", "point": "704.WMaxLimPctEnaRvrt", "on": 0},
                        {"word": "timeout", "point": "704.WMaxLimPctRvrtTms"},
                    ),
                    "memory": "volatile",
                },
                {"items": ({"word": "value", "point": "704.WMaxLimPct", "share": "power_max_w"},), "memory": "volatile"},
                {"items": ({"word": "enable", "point": "704.WMaxLimPctEna", "on": 1, "off": 0},), "memory": "volatile"},
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
        ("704.WMaxLimPct", 10000),
        ("704.WMaxLimPctEna", 0),
        ("704.WMaxLimPctEnaRvrt", 0),
        ("704.WMaxLimPctRvrtTms", (0, 0)),
        ("704.WMaxLimPct_SF", -2),
    ),
    "capture": "modbus/sunspec_der",
    "safe": "the limit ends after WMaxLimPctRvrtTms seconds: it produces what the sun gives",
}
