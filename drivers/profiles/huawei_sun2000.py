"""Huawei SUN2000 inverter, Modbus TCP on its SDongle (502) or inner access point (6607), or RS-485.

Power is AC and contains what a battery on the same inverter gives. Nothing is written: the derating registers 40125 and 40126
have one source, and the feed-in limits (47415 to 47418) limit the export of the plant, not its production, and are an
installer's. One connection, a second of silence after connecting; at night its values are absent. status: as the vendor numbers
it, 512 is on grid.
"""

PROFILE = {
    "title": "Huawei SUN2000",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("tcp", 6607), ("rtu", 9600, "N")),
    "identify": ({"address": 30000, "type": "ascii", "words": 15, "begins": ("SUN2000",), "agree": "single", "from": "lib"},),
    "bus": {"gap": 16, "largest": 64, "pause_ms": 50, "connect_ms": 1000, "timeout_ms": 5000, "connections": 1},
    "standby": "absent",
    "absent": {"s16": 0x7FFF, "u16": 0xFFFF, "s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/huawei-sun2000-hybrid.yaml",
        "lib": "wlcrs/huawei-solar-lib src/huawei_solar/registers.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 32080, "type": "s32", "positive": "generation", "agree": "two", "from": "evcc lib"},
        {"quantity": "energy_export_wh", "address": 32106, "type": "u32", "scale": 10, "agree": "two", "from": "evcc lib"},
        {"quantity": "status", "address": 32089, "type": "u16", "agree": "single", "from": "lib"},
        {"quantity": "power_max_w", "address": 30075, "type": "u32", "agree": "two", "from": "evcc lib"},
    ),
    "capture": "modbus/huawei_sun2000",
    "safe": "it is only read",
}
