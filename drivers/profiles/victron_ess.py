"""Battery of a Victron ESS as the GX device sums it up: unit 100 (com.victronenergy.system); charging positive.

Nothing is written here: the grid set-point (2700) is a stored setting of the whole site and no power of the battery, min-SoC
(2901) and mode (2902) are settings too. The MultiPlus itself takes a set-point in RAM: see victron_multi.
"""

PROFILE = {
    "title": "Victron ESS",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (100,),
    "identify": (
        {
            "address": 800,
            "type": "ascii",
            "words": 6,
            "begins": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"),
            "agree": "single",
            "from": "victron",
        },
        {"address": 843, "type": "u16", "below": 101, "agree": "two", "from": "victron evcc"},
    ),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "victron": "victronenergy/dbus_modbustcp attributes.csv, com.victronenergy.system",
        "evcc": "evcc-io/evcc templates/definition/meter/victron-energy.yaml",
        "openwb": "openWB/core packages/modules/devices/victron/victron/bat.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 842, "type": "s16", "positive": "charge", "agree": "two", "from": "victron evcc"},
        {"quantity": "soc_permille", "address": 843, "type": "u16", "scale": 10, "agree": "two", "from": "victron evcc"},
        {"quantity": "status", "address": 844, "type": "u16", "agree": "single", "from": "victron"},
    ),
    "capture": "modbus/victron_ess",
    "safe": "it is only read",
}
