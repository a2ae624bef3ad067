"""E3/DC S10, its PV: "simple mode" of its Modbus server, low word first. It tells no counters, and takes no wishes (RSCP does)."""

PROFILE = {
    "title": "E3/DC S10 (PV)",
    "kind": "pv",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/e3dc-modbus.yaml",
        "openwb": "openWB/core packages/modules/devices/e3dc/e3dc/*.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "address": 40067,
            "type": "s32",
            "order": "little",
            "positive": "generation",
            "agree": "two",
            "from": "evcc openwb",
        },
    ),
    "capture": "modbus/e3dc",
    "safe": "it is only read",
}
