"""Battery of a Fronius GEN24: model 160, module 3 charges and module 4 discharges; driven by model 124 as sunspec_battery is.

"Inverter control via Modbus" must be on in its web interface. A negative OutWRte forces charging, a negative InWRte discharging
(evcc); ChaGriSet may be stored. MinRsvPct is a setting and not touched. status: 1 off, 2 empty, 3 discharging, 4 charging, 5
full, 6 holding, 7 testing.
"""

PROFILE = {
    "title": "Fronius GEN24 (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "sunspec": (1, (103, 113), 120, 124, 160),
    "identify": ({"point": "1.Mn", "begins": ("Fronius",), "agree": "spec", "from": "1"},),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "sources": {
        "1": "sunspec/models json/model_1.json",
        "120": "sunspec/models json/model_120.json",
        "124": "sunspec/models json/model_124.json",
        "160": "sunspec/models json/model_160.json",
        "evcc": "evcc-io/evcc templates/definition/meter/fronius-gen24.yaml",
        "fronius": "callifo/fronius_modbus froniusmodbusclient_const.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": (("160.module[2].DCW", 1), ("160.module[3].DCW", -1)),
            "positive": "charge",
            "missing": "zero",
            "agree": "spec",
            "from": "160 evcc",
        },
        {"quantity": "soc_permille", "point": "124.ChaState", "scale": 10, "agree": "spec", "from": "124"},
        {"quantity": "status", "point": "124.ChaSt", "agree": "spec", "from": "124"},
        {"quantity": "energy_import_wh", "point": "160.module[2].DCWH", "agree": "spec", "from": "160 evcc"},
        {"quantity": "energy_export_wh", "point": "160.module[3].DCWH", "agree": "spec", "from": "160 evcc"},
        {"quantity": "capacity_wh", "point": "120.WHRtg", "agree": "spec", "from": "120"},
        {"quantity": "power_max_w", "point": "124.WChaMax", "agree": "spec", "from": "124"},
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
                {"items": ({"word": "fixed", "point": "124.ChaGriSet", "on": 1},), "memory": "stored"},
                {
                    "items": (
                        {"word": "value", "point": "124.OutWRte", "share": "power_max_w", "positive": "discharge"},
                        {"word": "value", "point": "124.InWRte", "share": "power_max_w", "positive": "charge"},
                        {"word": "fixed", "point": "124.InOutWRte_WinTms", "on": 0},
                        {"word": "timeout", "point": "124.InOutWRte_RvrtTms"},
                    ),
                    "memory": "volatile",
                },
                {"items": ({"word": "enable", "point": "124.StorCtl_Mod", "on": 3, "off": 0},), "memory": "volatile"},
            ),
            "from": "124 evcc",
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
        ("120.WHRtg_SF", 0),
        ("124.StorCtl_Mod", 0),
        ("124.OutWRte", 10000),
        ("124.InWRte", 10000),
        ("124.InOutWRte_WinTms", 0),
        ("124.InOutWRte_RvrtTms", 0),
        ("124.ChaGriSet", 0),
        ("124.WChaMax_SF", 0),
        ("124.ChaState_SF", -2),
        ("124.InOutWRte_SF", -2),
    ),
    "capture": "modbus/fronius_gen24_battery",
    "safe": "the rates end after InOutWRte_RvrtTms seconds: the inverter's own self-consumption rule takes over",
}
