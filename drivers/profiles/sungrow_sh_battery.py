"""Battery of a Sungrow SH hybrid: power from 5213 (discharging positive), since 13021 changes its sign with the firmware.

Idiom 5: the power (13051), the command (13050: AA charge, BB discharge, CC stop), then the forced mode (13049 = 2). It stays
forced if we die. Whether these are in flash is not known, so they are written on change only. 33046 and 33047 limit the battery
for good and are not touched.
"""

PROFILE = {
    "title": "Sungrow SH hybrid (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "identify": (
        {"function": 4, "address": 4999, "type": "u16", "at_least": 0x0D00, "below": 0x0F00, "agree": "single", "from": "mkaiser"},
    ),
    "bus": {"timeout_ms": 3000, "connections": 1, "pause_ms": 20},
    "absent": {"s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sungrow-hybrid.yaml",
        "mkaiser": "mkaiser/Sungrow-SHx-Inverter-Modbus-Home-Assistant modbus_sungrow.yaml",
        "openwb": "openWB/core packages/modules/devices/sungrow/sungrow_sh/bat.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "address": 5213,
            "type": "s32",
            "order": "little",
            "positive": "discharge",
            "agree": "two",
            "from": "mkaiser openwb",
        },
        {"quantity": "soc_permille", "function": 4, "address": 13022, "type": "u16", "agree": "two", "from": "evcc mkaiser"},
        {
            "quantity": "energy_import_wh",
            "function": 4,
            "address": 13040,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "single",
            "from": "mkaiser",
        },
        {
            "quantity": "energy_export_wh",
            "function": 4,
            "address": 13026,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "two",
            "from": "evcc mkaiser",
        },
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "latch",
            "low": -5000,
            "high": 5000,
            "deadband": 100,
            "steps": (
                {"function": 6, "address": 13051, "items": ({"word": "value", "type": "u16", "part": "size"},), "memory": "stored"},
                {
                    "function": 6,
                    "address": 13050,
                    "items": ({"word": "direction", "type": "u16", "draw": 0x00AA, "give": 0x00BB, "hold": 0x00CC, "off": 0x00CC},),
                    "memory": "stored",
                },
                {
                    "function": 6,
                    "address": 13049,
                    "items": ({"word": "enable", "type": "u16", "on": 2, "off": 0},),
                    "memory": "stored",
                },
            ),
            "from": "evcc mkaiser openwb",
            "agree": "two",
        },
    ),
    "capture": "modbus/sungrow_sh_battery",
    "safe": "it goes on as it was told: sold only as long as we can take it back, and restored from the journal",
}
