"""Kostal Plenticore plus (G2), its inverter: register 5 tells the word order of 32-bit values (0 low word first, 1 high word first).

Power is AC and contains what the battery gives. The limit is that of SunSpec: use sunspec_inverter for it where the firmware has
model 123.
"""

PROFILE = {
    "title": "Kostal Plenticore (inverter)",
    "kind": "pv",
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
        "ha": "CrunkA3/ha_kostal_plenticore_modbus register_info.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "address": 172,
            "type": "f32",
            "order": {"row": "byte_order", 0: "little", 1: "big"},
            "positive": "generation",
            "agree": "two",
            "from": "nymea ha",
        },
        {
            "quantity": "energy_export_wh",
            "address": 320,
            "type": "f32",
            "order": {"row": "byte_order", 0: "little", 1: "big"},
            "agree": "two",
            "from": "nymea openwb",
        },
    ),
    "simulated": ((5, 0),),
    "capture": "modbus/kostal_plenticore",
    "safe": "it is only read",
}
