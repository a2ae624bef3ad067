"""Battery behind a storage inverter of its own by the SunSpec standard: models 1, 103, 120 and 124 (basic storage).

The set-point P (charging positive) is idiom 1, with the device-side time-out InOutWRte_RvrtTms. Both rates are limits in per
cent and signed, as Fronius GEN24 has them: charging is limited to InWRte = P, discharging to OutWRte = -P, both active
(StorCtl_Mod = 3). A negative OutWRte thus forces charging, a negative InWRte forces discharging, and 0 holds still. The four
registers from OutWRte to RvrtTms go in one request, so that the two rates never contradict each other. The standard calls the
full of OutWRte WDisChaMax but has no register for it: WChaMax (2) serves for both. ChaGriSet = 1 allows charging from the
grid; it may be stored, so it is written only when it differs, and stays when we let go. The standard has no counters of charged
and discharged energy (WH of model 103 counts production only). status: 1 off, 2 empty, 3 discharging, 4 charging, 5 full,
6 holding, 7 testing.
"""

PROFILE = {
    "title": "SunSpec storage inverter (integer models)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "sunspec": (1, 103, 120, 124),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "sources": {
        "103": "sunspec/models json/model_103.json",
        "120": "sunspec/models json/model_120.json",
        "124": "sunspec/models json/model_124.json",
        "evcc": "evcc-io/evcc templates/definition/meter/fronius-gen24.yaml",
    },
    "reads": (
        {"quantity": "power_w", "point": "103.W", "positive": "generation", "agree": "spec", "from": "103"},
        {"quantity": "voltage_l1_mv", "point": "103.PhVphA", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "frequency_mhz", "point": "103.Hz", "scale": 1000, "agree": "spec", "from": "103"},
        {"quantity": "capacity_wh", "point": "120.WHRtg", "agree": "spec", "from": "120"},
        {"quantity": "power_max_w", "point": "124.WChaMax", "agree": "spec", "from": "124"},
        {"quantity": "soc_permille", "point": "124.ChaState", "scale": 10, "agree": "spec", "from": "124"},
        {"quantity": "status", "point": "124.ChaSt", "agree": "spec", "from": "124"},
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
        ("103.V_SF", -1),
        ("103.W_SF", 0),
        ("103.Hz_SF", -2),
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
    "capture": "modbus/sunspec_battery",
    "safe": "the rates end after InOutWRte_RvrtTms seconds: the inverter's own self-consumption rule takes over",
}
