"""SMA Sunny Boy and Sunny Tripower: "SMA Modbus Profile"; 80000000 hex at night means "no value", never 0.

The limit in per cent (40016) is a cyclic value with its fall-back in the device, but has one source: it is not written. Older
devices have their counter in 30529 (u32) only.
"""

PROFILE = {
    "title": "SMA Sunny Boy / Tripower",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (3,),
    "identify": ({"address": 30051, "type": "u32", "is": 8001, "agree": "single", "from": "nymea"},),
    "bus": {"timeout_ms": 2000},
    "standby": "absent",
    "absent": {"s32": 0x80000000, "u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sma-inverter-modbus.yaml",
        "openwb": "openWB/core packages/modules/devices/sma/sma_sunny_boy/inverter.py",
        "nymea": "nymea/nymea-plugins-modbus sma/sma.h",
    },
    "reads": (
        {"quantity": "power_w", "address": 30775, "type": "s32", "positive": "generation", "agree": "two", "from": "evcc openwb"},
        {"quantity": "energy_export_wh", "address": 30513, "type": "u64", "agree": "two", "from": "evcc openwb"},
    ),
    "capture": "modbus/sma_inverter",
    "safe": "it is only read",
}
