"""Grid values of a Growatt SPH: import (1021) minus export (1029), input registers, high word first."""

PROFILE = {
    "title": "Growatt SPH (grid)",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "bus": {"poll_ms": 1000, "largest": 100, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/growatt-hybrid.yaml",
        "openwb": "openWB/core packages/modules/devices/growatt/growatt/bat.py, counter.py (MAX series)",
        "ha": "0xAHA/Growatt_ModbusTCP profiles/sph.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "sum": ((1021, 1), (1029, -1)),
            "type": "u32",
            "scale": (1, 10),
            "positive": "import",
            "agree": "two",
            "from": "evcc openwb",
        },
        {
            "quantity": "energy_import_wh",
            "function": 4,
            "address": 1046,
            "type": "u32",
            "scale": 100,
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "energy_export_wh", "function": 4, "address": 1050, "type": "u32", "scale": 100, "agree": "single", "from": "openwb"},
    ),
    "capture": "modbus/growatt_sph_meter",
    "safe": "a meter: nothing to leave",
}
