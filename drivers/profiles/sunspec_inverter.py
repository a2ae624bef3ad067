"""PV inverter by the SunSpec standard: models 101 to 103 (integers with scale factors) or 111 to 113 (floats), whichever it has.

The limit is idiom 1, a cyclic set-point with a device-side time-out: WMaxLimPct_RvrtTms, WMaxLimPct, then WMaxLim_Ena = 1,
written anew before RvrtTms runs out; an inverter without models 120 and 123 is only read. WMaxLimPct is per cent of WMax, which an
owner may have set below the nameplate WRtg that is read here: then the limit comes out stricter than wished, never looser. Conn
is left alone: 0 disconnects. A counter of 0 means "not accumulated" in SunSpec, so it gives no value. status: 1 off, 2 sleeping,
3 starting, 4 MPPT, 5 throttled, 6 shutting down, 7 fault, 8 standby.
"""

PROFILE = {
    "title": "SunSpec inverter (models 101 to 103, 111 to 113)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "sunspec": (1, (103, 113)),
    "optional": (120, 123),
    "bus": {"gap": 30, "largest": 125, "timeout_ms": 2000},
    "standby": "silent",
    "sources": {
        "103": "sunspec/models json/model_103.json, the same registers in 101 and 102",
        "113": "sunspec/models json/model_113.json, the same registers in 111 and 112",
        "120": "sunspec/models json/model_120.json",
        "123": "sunspec/models json/model_123.json",
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
        {"quantity": "power_w", "point": "113.W", "positive": "generation", "agree": "spec", "from": "113"},
        {"quantity": "energy_export_wh", "point": "113.WH", "agree": "spec", "from": "113"},
        {"quantity": "current_l1_ma", "point": "113.AphA", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "current_l2_ma", "point": "113.AphB", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "current_l3_ma", "point": "113.AphC", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "voltage_l1_mv", "point": "113.PhVphA", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "voltage_l2_mv", "point": "113.PhVphB", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "voltage_l3_mv", "point": "113.PhVphC", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "frequency_mhz", "point": "113.Hz", "scale": 1000, "agree": "spec", "from": "113"},
        {"quantity": "status", "point": "113.St", "agree": "spec", "from": "113"},
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
        ("103.A_SF", -2),
        ("103.V_SF", -1),
        ("103.W_SF", 0),
        ("103.Hz_SF", -2),
        ("103.WH_SF", 0),
        ("120.WRtg_SF", 0),
        ("123.WMaxLimPct", 10000),
        ("123.WMaxLimPct_RvrtTms", 0),
        ("123.WMaxLim_Ena", 0),
        ("123.WMaxLimPct_SF", -2),
    ),
    "capture": "modbus/sunspec_inverter",
    "safe": "the limit ends after WMaxLimPct_RvrtTms seconds: it produces what the sun gives",
}
