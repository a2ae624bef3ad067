"""Grid meter of a Sungrow SG string inverter: 32-bit values with the low word first, import positive, no counter of export."""

PROFILE = {
    "title": "Sungrow SG grid meter",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 9600, "N")),
    "bus": {"timeout_ms": 3000, "connections": 1, "pause_ms": 20},
    "standby": "silent",
    "absent": {"s32": 0x7FFFFFFF, "u32": 0xFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sungrow-inverter.yaml",
        "openwb": "openWB/core packages/modules/devices/sungrow/sungrow_sg/counter.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "address": 5082,
            "type": "s32",
            "order": "little",
            "positive": "import",
            "agree": "two",
            "from": "evcc openwb",
        },
        {
            "quantity": "energy_import_wh",
            "function": 4,
            "address": 5098,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "single",
            "from": "evcc",
        },
    ),
    "capture": "modbus/sungrow_sg_meter",
    "safe": "a meter: nothing to leave",
}
