"""ABB B21, B23 and B24 meters: "B-Series User Manual", holding registers, big-endian, all ones (7FFF... when signed) for "not fitted".

Baud rate and parity are set on the meter itself. A B21 has one phase: its other phases are absent.
"""

PROFILE = {
    "title": "ABB B21/B23/B24",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "units": (1, 2),
    "identify": ({"address": 35168, "type": "ascii", "words": 2, "begins": ("B21", "B23", "B24"), "agree": "single", "from": "victron"},),
    "bus": {"timeout_ms": 500},
    "absent": {"u16": 0xFFFF, "s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF},
    "sources": {
        "mbmd": "volkszaehler/mbmd meters/rs485/abb.go",
        "victron": "victronenergy/dbus-modbus-client abb.py",
    },
    "reads": (
        {"quantity": "voltage_l1_mv", "address": 23296, "type": "u32", "scale": 100, "agree": "two", "from": "mbmd victron"},
        {"quantity": "voltage_l2_mv", "address": 23298, "type": "u32", "scale": 100, "agree": "two", "from": "mbmd victron"},
        {"quantity": "voltage_l3_mv", "address": 23300, "type": "u32", "scale": 100, "agree": "two", "from": "mbmd victron"},
        {"quantity": "current_l1_ma", "address": 23308, "type": "u32", "scale": 10, "agree": "two", "from": "mbmd victron"},
        {"quantity": "current_l2_ma", "address": 23310, "type": "u32", "scale": 10, "agree": "two", "from": "mbmd victron"},
        {"quantity": "current_l3_ma", "address": 23312, "type": "u32", "scale": 10, "agree": "two", "from": "mbmd victron"},
        {
            "quantity": "power_w",
            "address": 23316,
            "type": "s32",
            "scale": (1, 100),
            "positive": "import",
            "agree": "two",
            "from": "mbmd victron",
        },
        {
            "quantity": "power_l1_w",
            "address": 23318,
            "type": "s32",
            "scale": (1, 100),
            "positive": "import",
            "agree": "two",
            "from": "mbmd victron",
        },
        {
            "quantity": "power_l2_w",
            "address": 23320,
            "type": "s32",
            "scale": (1, 100),
            "positive": "import",
            "agree": "two",
            "from": "mbmd victron",
        },
        {
            "quantity": "power_l3_w",
            "address": 23322,
            "type": "s32",
            "scale": (1, 100),
            "positive": "import",
            "agree": "two",
            "from": "mbmd victron",
        },
        {"quantity": "frequency_mhz", "address": 23340, "type": "u16", "scale": 10, "agree": "two", "from": "mbmd victron"},
        {"quantity": "energy_import_wh", "address": 20480, "type": "u64", "scale": 10, "agree": "two", "from": "mbmd victron"},
        {"quantity": "energy_export_wh", "address": 20484, "type": "u64", "scale": 10, "agree": "two", "from": "mbmd victron"},
    ),
    "capture": "modbus/abb_b23",
    "safe": "a meter: nothing to leave",
}
