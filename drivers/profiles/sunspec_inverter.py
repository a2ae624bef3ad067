"""PV inverter by the SunSpec standard: models 1, 103 (101 and 102 are laid out alike), 120 and 123, integers with scale factors.

The limit is idiom 1, a cyclic set-point with a device-side time-out: WMaxLimPct_RvrtTms, WMaxLimPct, then WMaxLim_Ena = 1,
written anew before RvrtTms runs out. WMaxLimPct is per cent of WMax, which an owner may have set below the nameplate WRtg
that is read here: then the limit comes out stricter than wished, never looser. Conn (123, 4) is left alone: 0 disconnects.
A counter of 0 means "not accumulated" in SunSpec, so it gives no value. status: 1 off, 2 sleeping, 3 starting, 4 MPPT,
5 throttled, 6 shutting down, 7 fault, 8 standby.
"""

PROFILE = {
    "title": "SunSpec three-phase inverter (integer models)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "sunspec": (1, 103, 120, 123),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "sources": {
        "103": "sunspec/models json/model_103.json",
        "120": "sunspec/models json/model_120.json",
        "123": "sunspec/models json/model_123.json",
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
        {"quantity": "energy_export_wh", "address": (103, 24), "type": "acc32", "sf": (103, 26), "agree": "spec", "from": "103"},
        {"quantity": "current_l1_ma", "address": (103, 3), "type": "u16", "scale": 1000, "sf": (103, 6), "agree": "spec", "from": "103"},
        {"quantity": "current_l2_ma", "address": (103, 4), "type": "u16", "scale": 1000, "sf": (103, 6), "agree": "spec", "from": "103"},
        {"quantity": "current_l3_ma", "address": (103, 5), "type": "u16", "scale": 1000, "sf": (103, 6), "agree": "spec", "from": "103"},
        {"quantity": "voltage_l1_mv", "address": (103, 10), "type": "u16", "scale": 1000, "sf": (103, 13), "agree": "spec", "from": "103"},
        {"quantity": "voltage_l2_mv", "address": (103, 11), "type": "u16", "scale": 1000, "sf": (103, 13), "agree": "spec", "from": "103"},
        {"quantity": "voltage_l3_mv", "address": (103, 12), "type": "u16", "scale": 1000, "sf": (103, 13), "agree": "spec", "from": "103"},
        {"quantity": "frequency_mhz", "address": (103, 16), "type": "u16", "scale": 1000, "sf": (103, 17), "agree": "spec", "from": "103"},
        {"quantity": "status", "address": (103, 38), "type": "u16", "agree": "spec", "from": "103"},
        {"quantity": "power_max_w", "address": (120, 3), "type": "u16", "sf": (120, 4), "agree": "spec", "from": "120"},
    ),
    "controls": (
        {
            "quantity": "power_limit_w",
            "low": 0,
            "high": 1000000,
            "nameplate": "power_max_w",
            "timeout": (10, 120, 3600),
            "steps": (
                {"function": 16, "address": (123, 7), "items": ({"word": "timeout", "type": "u16"},)},
                {
                    "function": 16,
                    "address": (123, 5),
                    "items": ({"word": "value", "type": "u16", "sf": (123, 23), "share": "power_max_w"},),
                },
                {"function": 16, "address": (123, 9), "items": ({"word": "enable", "type": "u16", "on": 1, "off": 0},)},
            ),
            "from": "123 120",
            "agree": "spec",
        },
    ),
    "simulated": (
        ((103, 6), -2),
        ((103, 13), -1),
        ((103, 15), 0),
        ((103, 17), -2),
        ((103, 26), 0),
        ((120, 4), 0),
        ((123, 5), 10000),
        ((123, 7), 0),
        ((123, 9), 0),
        ((123, 23), -2),
    ),
    "capture": "modbus/sunspec_inverter",
    "safe": "the limit ends after WMaxLimPct_RvrtTms seconds: it produces what the sun gives",
}
