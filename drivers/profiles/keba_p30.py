"""KEBA KeContact P30 (c- and x-series) and P40 on Modbus TCP: each value is read alone, only function 6 writes, with pauses.

The life register is 5018, the time-out of the failsafe in seconds (firmware above 3.10.27): writing it starts the time anew, and
it is kept over a restart only by 5020, which is not written. When it runs out the charger falls back to its failsafe current
(1600). 5014 (enable) is left alone: 0 in 5004 pauses, on P30 and P40. A P40 before firmware 1.2.1 tells energy in Wh, all others
in tenths. status: 0 starting, 1 not ready, 2 ready, 3 charging, 4 error, 5 suspended.
"""

PROFILE = {
    "title": "KEBA KeContact P30/P40",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (255,),
    "facts": (
        {"fact": "product", "address": 1016, "type": "u32", "agree": "two", "from": "evcc openems"},
        {"fact": "firmware", "address": 1018, "type": "u32", "agree": "two", "from": "evcc openems"},
    ),
    "identify": (
        {"address": 1016, "type": "u32", "at_least": 300000, "below": 5000000, "agree": "two", "from": "evcc openems"},
        {"address": 1000, "type": "u32", "below": 6, "agree": "two", "from": "evcc openems"},
    ),
    "bus": {"single": 1, "largest": 2, "pause_ms": 500, "timeout_ms": 2000, "connections": 1},
    "sources": {
        "evcc": "evcc-io/evcc charger/keba-modbus.go",
        "openems": "OpenEMS/openems io.openems.edge.evse.chargepoint.keba KebaModbus.java, EvseKebaModbusImpl.java",
        "warp": "Tinkerforge/esp32-firmware software/src/modules/modbus_tcp/modbus_reader.py (KEBA register table)",
    },
    "reads": (
        {"quantity": "status", "address": 1000, "type": "u32", "agree": "two", "from": "evcc openems"},
        {"quantity": "plugged", "address": 1004, "type": "u32", "mask": 0x0004, "agree": "two", "from": "evcc openems"},
        {
            "quantity": "charging",
            "address": 1000,
            "type": "u32",
            "map": {0: 0, 1: 0, 2: 0, 3: 1, 4: 0, 5: 0},
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "power_w",
            "address": 1020,
            "type": "u32",
            "scale": (1, 1000),
            "positive": "consumption",
            "agree": "two",
            "from": "evcc openems",
        },
        {"quantity": "current_l1_ma", "address": 1008, "type": "u32", "agree": "two", "from": "evcc openems"},
        {"quantity": "current_l2_ma", "address": 1010, "type": "u32", "agree": "two", "from": "evcc openems"},
        {"quantity": "current_l3_ma", "address": 1012, "type": "u32", "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l1_mv", "address": 1040, "type": "u32", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l2_mv", "address": 1042, "type": "u32", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {"quantity": "voltage_l3_mv", "address": 1044, "type": "u32", "scale": 1000, "agree": "two", "from": "evcc openems"},
        {
            "quantity": "energy_import_wh",
            "address": 1036,
            "type": "u32",
            "scale": (1, 10),
            "when": {"row": "product", "below": 4000000},
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "energy_import_wh",
            "address": 1036,
            "type": "u32",
            "scale": (1, 10),
            "when": (
                {"row": "product", "at_least": 4000000},
                {"row": "firmware", "at_least": 10201},
            ),
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "energy_import_wh",
            "address": 1036,
            "type": "u32",
            "when": (
                {"row": "product", "at_least": 4000000},
                {"row": "firmware", "below": 10201},
            ),
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "session_wh",
            "address": 1502,
            "type": "u32",
            "scale": (1, 10),
            "when": {"row": "product", "below": 4000000},
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "session_wh",
            "address": 1502,
            "type": "u32",
            "scale": (1, 10),
            "when": (
                {"row": "product", "at_least": 4000000},
                {"row": "firmware", "at_least": 10201},
            ),
            "agree": "two",
            "from": "evcc openems",
        },
        {
            "quantity": "session_wh",
            "address": 1502,
            "type": "u32",
            "when": (
                {"row": "product", "at_least": 4000000},
                {"row": "firmware", "below": 10201},
            ),
            "agree": "two",
            "from": "evcc openems",
        },
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "life",
            "low": 0,
            "high": 32000,
            "gap": (1, 5999),
            "timeout": (10, 60, 600),
            "timeout_from": {"address": 1602, "type": "u32"},
            "steps": (
                {
                    "function": 6,
                    "address": 5018,
                    "items": ({"word": "life", "type": "u16", "on": 60},),
                    "memory": "volatile",
                    "access": "w",
                },
                {
                    "function": 6,
                    "address": 5004,
                    "items": ({"word": "value", "type": "u16", "off": 0},),
                    "memory": "volatile",
                    "access": "w",
                },
            ),
            "from": "evcc openems warp",
            "agree": "two",
        },
    ),
    "simulated": ((1016, (0, 31258)), (1018, (3, 3392)), (1602, (0, 60))),
    "capture": "modbus/keba_p30",
    "safe": "without the life register for its failsafe time it charges with the failsafe current (register 1600)",
}
