"""Growatt SPH, its PV: input registers, high word first, tenths of a watt. The MIN and MOD TL-XH have their values from 3000 on."""

PROFILE = {
    "title": "Growatt SPH (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "bus": {"poll_ms": 1000, "largest": 100, "timeout_ms": 2000},
    "standby": "silent",
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/growatt-hybrid.yaml",
        "openwb": "openWB/core packages/modules/devices/growatt/growatt/bat.py, counter.py (MAX series)",
        "ha": "0xAHA/Growatt_ModbusTCP profiles/sph.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "address": 1,
            "type": "u32",
            "scale": (1, 10),
            "positive": "generation",
            "agree": "two",
            "from": "evcc ha",
        },
        {"quantity": "energy_export_wh", "function": 4, "address": 91, "type": "u32", "scale": 100, "agree": "two", "from": "evcc ha"},
    ),
    "capture": "modbus/growatt_sph",
    "safe": "it is only read",
}
