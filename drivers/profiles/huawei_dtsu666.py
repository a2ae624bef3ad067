"""Huawei DTSU666-H or DDSU666-H power sensor, read through its SUN2000 inverter: one block of registers, all in one request.

The sensor counts export as positive. Some firmware tells 37119 (export) as a negative number: then the counter falls, which
plausibility marks. One connection only, and a second of silence after connecting. status: 0 offline, 1 normal.
"""

PROFILE = {
    "title": "Huawei DTSU666-H via SUN2000",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502), ("tcp", 6607), ("rtu", 9600, "N")),
    "identify": (
        {"address": 30000, "type": "ascii", "words": 15, "begins": ("SUN2000",), "agree": "single", "from": "lib"},
        {"address": 37100, "type": "u16", "is": 1, "agree": "single", "from": "lib"},
    ),
    "bus": {"gap": 16, "largest": 64, "pause_ms": 50, "connect_ms": 1000, "timeout_ms": 5000, "connections": 1},
    "absent": {"s16": 0x7FFF, "u16": 0xFFFF, "s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/huawei-sun2000-hybrid.yaml",
        "lib": "wlcrs/huawei-solar-lib src/huawei_solar/registers.py",
    },
    "reads": (
        {"quantity": "status", "address": 37100, "type": "u16", "agree": "single", "from": "lib"},
        {"quantity": "power_w", "address": 37113, "type": "s32", "positive": "export", "agree": "two", "from": "evcc lib"},
        {"quantity": "power_l1_w", "address": 37132, "type": "s32", "positive": "export", "agree": "two", "from": "evcc lib"},
        {"quantity": "power_l2_w", "address": 37134, "type": "s32", "positive": "export", "agree": "two", "from": "evcc lib"},
        {"quantity": "power_l3_w", "address": 37136, "type": "s32", "positive": "export", "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l1_mv", "address": 37101, "type": "s32", "scale": 100, "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l2_mv", "address": 37103, "type": "s32", "scale": 100, "agree": "two", "from": "evcc lib"},
        {"quantity": "voltage_l3_mv", "address": 37105, "type": "s32", "scale": 100, "agree": "two", "from": "evcc lib"},
        {
            "quantity": "current_l1_ma",
            "address": 37107,
            "type": "s32",
            "scale": 10,
            "positive": "export",
            "agree": "two",
            "from": "evcc lib",
        },
        {
            "quantity": "current_l2_ma",
            "address": 37109,
            "type": "s32",
            "scale": 10,
            "positive": "export",
            "agree": "two",
            "from": "evcc lib",
        },
        {
            "quantity": "current_l3_ma",
            "address": 37111,
            "type": "s32",
            "scale": 10,
            "positive": "export",
            "agree": "two",
            "from": "evcc lib",
        },
        {"quantity": "frequency_mhz", "address": 37118, "type": "s16", "scale": 10, "agree": "single", "from": "lib"},
        {"quantity": "energy_export_wh", "address": 37119, "type": "s32", "scale": 10, "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_import_wh", "address": 37121, "type": "s32", "scale": 10, "agree": "two", "from": "evcc lib"},
    ),
    "blocks": ((3, 37100, 38),),
    "capture": "modbus/huawei_dtsu666",
    "safe": "a meter: nothing to leave",
}
