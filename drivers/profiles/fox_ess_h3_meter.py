"""Grid meter of a Fox ESS H3: three phases of 16 bits, export positive.

evcc and foxess_modbus count import in 32012 and export in 32009; openWB takes 32018 and 32015, which are the inverter's own. The
first are read.
"""

PROFILE = {
    "title": "Fox ESS H3 (grid)",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("rtu", 9600, "N"), ("tcp", 502)),
    "units": (247,),
    "bus": {"largest": 50, "timeout_ms": 2000},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/fox-ess-h3.yaml",
        "ha": "nathanmarlor/foxess_modbus entities/entity_descriptions.py, remote_control_description.py",
        "openwb": "openWB/core packages/modules/devices/fox_ess/fox_ess/*.py",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((31026, 1), (31027, 1), (31028, 1)),
            "type": "s16",
            "positive": "export",
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "power_l1_w", "address": 31026, "type": "s16", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "power_l2_w", "address": 31027, "type": "s16", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "power_l3_w", "address": 31028, "type": "s16", "positive": "export", "agree": "two", "from": "evcc openwb"},
        {"quantity": "energy_import_wh", "address": 32012, "type": "u32", "scale": 100, "agree": "two", "from": "evcc ha"},
        {"quantity": "energy_export_wh", "address": 32009, "type": "u32", "scale": 100, "agree": "single", "from": "ha"},
    ),
    "capture": "modbus/fox_ess_h3_meter",
    "safe": "a meter: nothing to leave",
}
