"""SolaX X3 Hybrid G4, its PV: input registers, low word first; at most a look a second. Later generations moved some of them."""

PROFILE = {
    "title": "SolaX X3 Hybrid G4 (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502), ("rtu", 19200, "N")),
    "identify": ({"address": 7, "type": "ascii", "words": 7, "begins": ("solax", "Solax", "SOLAX"), "agree": "single", "from": "nymea"},),
    "bus": {"poll_ms": 1000, "largest": 100, "timeout_ms": 2000, "connections": 1},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/solax.yaml",
        "ha": "wills106/homeassistant-solax-modbus custom_components/solax_modbus/plugin_solax.py",
        "nymea": "nymea/nymea-plugins-modbus solax/solax-registers.json",
    },
    "reads": (
        {
            "quantity": "power_w",
            "function": 4,
            "sum": ((10, 1), (11, 1)),
            "type": "u16",
            "positive": "generation",
            "agree": "two",
            "from": "evcc ha",
        },
        {
            "quantity": "energy_export_wh",
            "function": 4,
            "address": 148,
            "type": "u32",
            "order": "little",
            "scale": 100,
            "agree": "single",
            "from": "evcc",
        },
    ),
    "capture": "modbus/solax",
    "safe": "it is only read",
}
