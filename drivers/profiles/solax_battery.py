"""Battery of a SolaX X3 Hybrid G4: charging positive.

The remote control block (124, in RAM, with a time-out of its own) has one source, so it is not written; nor are the modes in 31
and 32. 5 and 6 of the next generations have the state of charge elsewhere.
"""

PROFILE = {
    "title": "SolaX X3 Hybrid G4 (battery)",
    "kind": "battery",
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
        {"quantity": "power_w", "function": 4, "address": 22, "type": "s16", "positive": "charge", "agree": "two", "from": "evcc ha"},
        {"quantity": "soc_permille", "function": 4, "address": 28, "type": "u16", "scale": 10, "agree": "two", "from": "evcc nymea"},
    ),
    "capture": "modbus/solax_battery",
    "safe": "it is only read",
}
