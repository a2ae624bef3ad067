"""Grid power of an E3/DC S10: low word first, import positive. openWB does not trust it in a farm of several (then it is 0)."""

PROFILE = {
    "title": "E3/DC S10 (grid)",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/e3dc-modbus.yaml",
    },
    "reads": (
        {
            "quantity": "power_w",
            "address": 40073,
            "type": "s32",
            "order": "little",
            "positive": "import",
            "agree": "single",
            "from": "evcc",
        },
    ),
    "capture": "modbus/e3dc_meter",
    "safe": "a meter: nothing to leave",
}
