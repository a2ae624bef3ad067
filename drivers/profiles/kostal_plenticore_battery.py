"""Battery of a Kostal Plenticore: discharging positive; register 5 tells the word order of the set-point.

Idiom 1: 1034 is the battery's power, ended by the inverter after its own time-out (30 s as delivered, set on its web page, where
external battery management must be chosen). 1038 and 1040 have one source and are not written.
"""

PROFILE = {
    "title": "Kostal Plenticore (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 1502),),
    "units": (71,),
    "facts": ({"fact": "byte_order", "address": 5, "type": "u16", "agree": "two", "from": "nymea openwb"},),
    "identify": (
        {"address": 768, "type": "ascii", "words": 32, "begins": ("PLENTICORE",), "agree": "single", "from": "nymea"},
        {"address": 5, "type": "u16", "below": 2, "agree": "two", "from": "nymea openwb"},
    ),
    "bus": {"largest": 100, "timeout_ms": 2000},
    "sources": {
        "nymea": "nymea/nymea-plugins-modbus kostal/kostal-registers.json",
        "openwb": "openWB/core packages/modules/devices/kostal/kostal_plenticore/*.py",
        "evcc": "evcc-io/evcc templates/definition/meter/kostal-plenticore-gen2.yaml",
    },
    "reads": (
        {"quantity": "power_w", "address": 582, "type": "s16", "positive": "discharge", "agree": "two", "from": "nymea openwb"},
        {"quantity": "soc_permille", "address": 514, "type": "u16", "scale": 10, "agree": "two", "from": "nymea openwb"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -20000,
            "high": 20000,
            "timeout": (30, 30, 30),
            "steps": (
                {
                    "address": 1034,
                    "items": (
                        {"word": "value", "type": "f32", "order": {"row": "byte_order", 0: "little", 1: "big"}, "positive": "discharge"},
                    ),
                    "memory": "volatile",
                    "access": "w",
                },
            ),
            "from": "evcc openwb",
            "agree": "two",
        },
    ),
    "simulated": ((5, 0),),
    "capture": "modbus/kostal_plenticore_battery",
    "safe": "after the inverter's own time-out its own battery management takes over",
}
