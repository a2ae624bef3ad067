"""Huawei LUNA2000 battery behind a SUN2000: charging is positive for the device, too.

Idiom 4, a timed command: what ends it (47246 = 0, a duration), for how many minutes (47083), with how much power (47247 draws,
47249 gives), then 47100: 1 charge, 2 discharge, 0 stop. It ends by itself; sources repeat it every 30 s and none reports wear,
here the time is five minutes so that little is written. To hold still it is told to discharge with 0 W, as evcc did (issue
30620); evcc gives by 47249 since its pull request 32307. status: 0 offline, 1 standby, 2 running, 3 fault, 4 sleeping.
"""

PROFILE = {
    "title": "Huawei LUNA2000",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502), ("tcp", 6607), ("rtu", 9600, "N")),
    "identify": (
        {"address": 30000, "type": "ascii", "words": 15, "begins": ("SUN2000",), "agree": "single", "from": "lib"},
        {"address": 37758, "type": "u32", "at_least": 1000, "below": 1000000, "agree": "two", "from": "evcc lib"},
    ),
    "bus": {"gap": 16, "largest": 64, "pause_ms": 50, "connect_ms": 1000, "timeout_ms": 5000, "connections": 1},
    "absent": {"s16": 0x7FFF, "u16": 0xFFFF, "s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/huawei-sun2000-hybrid.yaml",
        "lib": "wlcrs/huawei-solar-lib src/huawei_solar/registers.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 37765, "type": "s32", "positive": "charge", "agree": "two", "from": "evcc lib"},
        {"quantity": "soc_permille", "address": 37760, "type": "u16", "agree": "two", "from": "evcc lib"},
        {"quantity": "status", "address": 37762, "type": "u16", "agree": "single", "from": "lib"},
        {"quantity": "energy_import_wh", "address": 37780, "type": "u32", "scale": 10, "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_export_wh", "address": 37782, "type": "u32", "scale": 10, "agree": "two", "from": "evcc lib"},
        {"quantity": "capacity_wh", "address": 37758, "type": "u32", "agree": "two", "from": "evcc lib"},
        {"quantity": "power_max_w", "address": 37046, "type": "u32", "agree": "two", "from": "evcc lib"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "timed",
            "low": -100000,
            "high": 100000,
            "nameplate": "power_max_w",
            "timeout": (60, 300, 900),
            "steps": (
                {"function": 6, "address": 47246, "items": ({"word": "fixed", "type": "u16", "on": 0},), "memory": "stored"},
                {"function": 6, "address": 47083, "items": ({"word": "timeout", "type": "u16", "scale": 60},), "memory": "volatile"},
                {"address": 47247, "items": ({"word": "value", "type": "u32", "part": "drawn"},), "memory": "volatile"},
                {"address": 47249, "items": ({"word": "value", "type": "u32", "part": "given"},), "memory": "volatile"},
                {
                    "function": 6,
                    "address": 47100,
                    "items": ({"word": "direction", "type": "u16", "draw": 1, "give": 2, "hold": 2, "off": 0},),
                    "memory": "volatile",
                },
            ),
            "from": "evcc lib",
            "agree": "two",
        },
    ),
    "simulated": ((47083, 0),),
    "capture": "modbus/huawei_luna2000",
    "safe": "the forced command ends after its minutes (47083): the inverter's working mode takes over",
}
