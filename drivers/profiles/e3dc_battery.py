"""Battery of an E3/DC S10: low word first, charging positive. Modbus takes no wishes."""

PROFILE = {
    "title": "E3/DC S10 (battery)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/e3dc-modbus.yaml",
        "openwb": "openWB/core packages/modules/devices/e3dc/e3dc/*.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "address": 40069,
            "type": "s32",
            "order": "little",
            "positive": "charge",
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "soc_permille", "address": 40082, "type": "u16", "scale": 10, "agree": "two", "from": "evcc openwb"},
    ),
    "capture": "modbus/e3dc_battery",
    "safe": "it is only read",
}
