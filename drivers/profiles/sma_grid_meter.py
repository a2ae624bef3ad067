"""Grid values that an SMA hybrid or Data Manager has from its Energy Meter or Sunny Home Manager 2: "SMA Modbus Profile".

Import and export are two unsigned powers, of which one is 0; openWB reads them as u32, evcc as s32: alike below 2 GW.
"""

PROFILE = {
    "title": "SMA grid meter values",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (3, 1),
    "bus": {"timeout_ms": 2000},
    "absent": {"s32": 0x80000000, "u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sma-homemanager-modbus.yaml, sma-hybrid.yaml",
        "openwb": "openWB/core packages/modules/devices/sma/sma_sunny_boy/counter.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((30865, 1), (30867, -1)),
            "type": "s32",
            "positive": "import",
            "agree": "two",
            "from": "evcc openwb",
        },
        {
            "quantity": "power_l1_w",
            "sum": ((31265, 1), (31259, -1)),
            "type": "u32",
            "positive": "import",
            "agree": "single",
            "from": "evcc",
        },
        {
            "quantity": "power_l2_w",
            "sum": ((31267, 1), (31261, -1)),
            "type": "u32",
            "positive": "import",
            "agree": "single",
            "from": "evcc",
        },
        {
            "quantity": "power_l3_w",
            "sum": ((31269, 1), (31263, -1)),
            "type": "u32",
            "positive": "import",
            "agree": "single",
            "from": "evcc",
        },
        {"quantity": "current_l1_ma", "address": 31435, "type": "s32", "agree": "single", "from": "evcc"},
        {"quantity": "current_l2_ma", "address": 31437, "type": "s32", "agree": "single", "from": "evcc"},
        {"quantity": "current_l3_ma", "address": 31439, "type": "s32", "agree": "single", "from": "evcc"},
        {"quantity": "energy_import_wh", "address": 30581, "type": "u32", "agree": "single", "from": "evcc"},
        {"quantity": "energy_export_wh", "address": 30583, "type": "u32", "agree": "single", "from": "evcc"},
    ),
    "capture": "modbus/sma_grid_meter",
    "safe": "a meter: nothing to leave",
}
