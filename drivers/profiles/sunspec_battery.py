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
        {
            "quantity": "power_w",
            "address": (103, 14),
            "type": "s16",
            "sf": (103, 15),
            "positive": "generation",
            "agree": "spec",
            "from": "103",
        },
        {"quantity": "voltage_l1_mv", "address": (103, 10), "type": "u16", "scale": 1000, "sf": (103, 13), "agree": "spec", "from": "103"},
        {"quantity": "frequency_mhz", "address": (103, 16), "type": "u16", "scale": 1000, "sf": (103, 17), "agree": "spec", "from": "103"},
        {"quantity": "capacity_wh", "address": (120, 19), "type": "u16", "sf": (120, 20), "agree": "spec", "from": "120"},
        {"quantity": "power_max_w", "address": (124, 2), "type": "u16", "sf": (124, 18), "agree": "spec", "from": "124"},
        {"quantity": "soc_permille", "address": (124, 8), "type": "u16", "scale": 10, "sf": (124, 22), "agree": "spec", "from": "124"},
        {"quantity": "status", "address": (124, 11), "type": "u16", "agree": "spec", "from": "124"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "low": -1000000,
            "high": 1000000,
            "nameplate": "power_max_w",
            "timeout": (10, 120, 3600),
            "steps": (
                {"function": 16, "address": (124, 17), "items": ({"word": "fixed", "type": "u16", "on": 1},), "keep": True},
                {
                    "function": 16,
                    "address": (124, 12),
                    "items": (
                        {"word": "value", "type": "s16", "sf": (124, 25), "share": "power_max_w", "positive": "discharge"},
                        {"word": "value", "type": "s16", "sf": (124, 25), "share": "power_max_w", "positive": "charge"},
                        {"word": "fixed", "type": "u16", "on": 0},
                        {"word": "timeout", "type": "u16"},
                    ),
                },
                {"function": 16, "address": (124, 5), "items": ({"word": "enable", "type": "u16", "on": 3, "off": 0},)},
            ),
            "from": "124 evcc",
            "agree": "spec",
        },
    ),
    "simulated": (
        ((103, 13), -1),
        ((103, 15), 0),
        ((103, 17), -2),
        ((120, 20), 0),
        ((124, 5), 0),
        ((124, 12), 10000),
        ((124, 13), 10000),
        ((124, 14), 0),
        ((124, 15), 0),
        ((124, 17), 0),
        ((124, 18), 0),
        ((124, 22), -2),
        ((124, 25), -2),
    ),
    "capture": "modbus/sunspec_battery",
    "safe": "the rates end after InOutWRte_RvrtTms seconds: the inverter's own self-consumption rule takes over",
}
