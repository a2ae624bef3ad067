"""Battery of a Fox ESS H3: discharging positive.

Idiom 1: the time-out (44001, seconds), the power of the inverter (44002, s32, giving positive, the sun's included), then 44000 =
1; each written alone. It ends by itself after 44001. The work mode (41000) that then holds is a setting and not touched. The
Kuara H3 has no such control.
"""

PROFILE = {
    "title": "Fox ESS H3 (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "units": (247,),
    "bus": {"largest": 50, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/fox-ess-h3.yaml",
        "ha": "nathanmarlor/foxess_modbus entities/entity_descriptions.py, remote_control_description.py",
        "openwb": "openWB/core packages/modules/devices/fox_ess/fox_ess/*.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 31036, "type": "s16", "positive": "discharge", "agree": "two", "from": "evcc openwb"},
        {"quantity": "soc_permille", "address": 31038, "type": "u16", "scale": 10, "agree": "two", "from": "evcc openwb"},
        {"quantity": "energy_import_wh", "address": 32003, "type": "u32", "scale": 100, "agree": "two", "from": "ha openwb"},
        {"quantity": "energy_export_wh", "address": 32006, "type": "u32", "scale": 100, "agree": "two", "from": "ha openwb"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -15000,
            "high": 15000,
            "timeout": (10, 60, 600),
            "steps": (
                {"function": 6, "address": 44001, "items": ({"word": "timeout", "type": "u16"},), "memory": "volatile"},
                {"address": 44002, "items": ({"word": "value", "type": "s32", "positive": "discharge"},), "memory": "volatile"},
                {
                    "function": 6,
                    "address": 44000,
                    "items": ({"word": "enable", "type": "u16", "on": 1, "off": 0},),
                    "memory": "volatile",
                },
            ),
            "from": "evcc ha",
            "agree": "two",
        },
    ),
    "capture": "modbus/fox_ess_h3_battery",
    "safe": "after 44001 seconds the remote control ends: the work mode its owner chose takes over",
}
