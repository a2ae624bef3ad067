"""Fronius Symo and Primo GEN24, its PV: the DC power of the strings (model 160, modules 1 and 2), since AC power contains the battery.

The limit is that of SunSpec (model 123, idiom 1); "inverter control via Modbus" must be on in its web interface. The device may
be set to integers or floats, which moves every address: models are found by walking.
"""

PROFILE = {
    "title": "Fronius GEN24 (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "sunspec": (1, (103, 113), 120, 123, 160),
    "identify": ({"point": "1.Mn", "begins": ("Fronius",), "agree": "spec", "from": "1"},),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "standby": "silent",
    "sources": {
        "1": "sunspec/models json/model_1.json",
        "120": "sunspec/models json/model_120.json",
        "123": "sunspec/models json/model_123.json",
        "160": "sunspec/models json/model_160.json",
        "evcc": "evcc-io/evcc templates/definition/meter/fronius-gen24.yaml",
        "fronius": "callifo/fronius_modbus froniusmodbusclient_const.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": (("160.module[0].DCW", 1), ("160.module[1].DCW", 1)),
            "positive": "generation",
            "missing": "zero",
            "agree": "spec",
            "from": "160 evcc",
        },
        {
            "quantity": "energy_export_wh",
            "sum": (("160.module[0].DCWH", 1), ("160.module[1].DCWH", 1)),
            "missing": "zero",
            "agree": "spec",
            "from": "160 evcc",
        },
        {"quantity": "power_max_w", "point": "120.WRtg", "agree": "spec", "from": "120"},
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
                {"items": ({"word": "timeout", "point": "123.WMaxLimPct_RvrtTms"},), "memory": "volatile"},
                {"items": ({"word": "value", "point": "123.WMaxLimPct", "share": "power_max_w"},), "memory": "volatile"},
                {"items": ({"word": "enable", "point": "123.WMaxLim_Ena", "on": 1, "off": 0},), "memory": "volatile"},
            ),
            "from": "123 120",
            "agree": "spec",
        },
    ),
    "simulated": (
        ("1.Mn", "Fronius "),
        ("160.DCA_SF", -2),
        ("160.DCV_SF", -2),
        ("160.DCW_SF", 0),
        ("160.DCWH_SF", 0),
        ("160.N", 4),
        ("120.WRtg_SF", 0),
        ("123.WMaxLimPct", 10000),
        ("123.WMaxLimPct_RvrtTms", 0),
        ("123.WMaxLim_Ena", 0),
        ("123.WMaxLimPct_SF", -2),
    ),
    "capture": "modbus/fronius_gen24",
    "safe": "the limit ends after WMaxLimPct_RvrtTms seconds: it produces what the sun gives",
}
