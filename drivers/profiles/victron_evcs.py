"""Victron EV Charging Station, spoken to directly (behind a GX it has other registers, 3800 to 3843).

Idiom 5: nothing ends a limit but another. Manual mode (5009 = 0) is needed; start/stop (5010) pauses, so a wish of 0 writes both.
The time-out that ends it is ours: the settings are journaled and restored. status: 0 no car, 1 car, 2 charging, 3 charged, 4
waits for sun, 5 for RFID, 6 for start, 7 low battery, 8 to 14 errors, 21 to 24 starting, switching phases, stopping.
"""

PROFILE = {
    "title": "Victron EV Charging Station",
    "kind": "ev",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "identify": ({"address": 5000, "type": "u16", "at_least": 49187, "below": 49192, "agree": "single", "from": "victron"},),
    "bus": {"largest": 50, "timeout_ms": 1000},
    "sources": {
        "evcc": "evcc-io/evcc charger/victron.go",
        "victron": "victronenergy/dbus-modbus-client ev_charger.py",
    },
    "reads": (
        {"quantity": "status", "address": 5015, "type": "u16", "agree": "two", "from": "evcc victron"},
        {
            "quantity": "plugged",
            "address": 5015,
            "type": "u16",
            "map": {0: 0, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 21: 1, 22: 1, 23: 1, 24: 1},
            "agree": "two",
            "from": "evcc victron",
        },
        {
            "quantity": "charging",
            "address": 5015,
            "type": "u16",
            "map": {0: 0, 1: 0, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 21: 0, 22: 0, 23: 0, 24: 0},
            "agree": "two",
            "from": "evcc victron",
        },
        {"quantity": "power_w", "address": 5014, "type": "u16", "positive": "consumption", "agree": "two", "from": "evcc victron"},
        {"quantity": "power_l1_w", "address": 5011, "type": "u16", "positive": "consumption", "agree": "single", "from": "victron"},
        {"quantity": "power_l2_w", "address": 5012, "type": "u16", "positive": "consumption", "agree": "single", "from": "victron"},
        {"quantity": "power_l3_w", "address": 5013, "type": "u16", "positive": "consumption", "agree": "single", "from": "victron"},
        {"quantity": "current_l1_ma", "address": 5018, "type": "u16", "scale": 100, "agree": "single", "from": "victron"},
        {"quantity": "session_wh", "address": 5021, "type": "u16", "scale": 10, "agree": "two", "from": "evcc victron"},
        {"quantity": "energy_import_wh", "address": 5023, "type": "u32", "scale": 10, "agree": "single", "from": "victron"},
    ),
    "controls": (
        {
            "quantity": "current_limit_ma",
            "idiom": "latch",
            "low": 0,
            "high": 32000,
            "step": 1000,
            "gap": (1, 5999),
            "steps": (
                {"function": 6, "address": 5009, "items": ({"word": "fixed", "type": "u16", "on": 0},), "memory": "stored"},
                {
                    "function": 6,
                    "address": 5016,
                    "items": ({"word": "value", "type": "u16", "scale": 1000, "least": 6000},),
                    "memory": "stored",
                },
                {
                    "function": 6,
                    "address": 5010,
                    "items": ({"word": "direction", "type": "u16", "draw": 1, "hold": 0},),
                    "memory": "stored",
                },
            ),
            "deadband": 1000,
            "from": "evcc victron",
            "agree": "two",
        },
    ),
    "capture": "modbus/victron_evcs",
    "safe": "it keeps its last limit: sold only as long as we can take it back",
}
