"""Victron MultiPlus or Quattro behind a GX device (com.victronenergy.vebus, unit 227, 228, ...): one phase.

Idiom 1: 37 is the power at its AC input, import positive, in RAM; written anew within 60 s, else the Multi goes back to passing
through. The site must be in "external control" (2902 = 3 on unit 100), which its owner sets. Loads on its output are within that
power. On three phases 40 and 41 want their share too: not sold here. status: as the vendor numbers it, 3 to 6 charging, 9
inverting.
"""

PROFILE = {
    "title": "Victron MultiPlus (VE.Bus)",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (227, 228, 229),
    "identify": (
        {"address": 28, "type": "u16", "at_least": 1, "below": 4, "agree": "two", "from": "victron openems"},
        {"address": 30, "type": "u16", "below": 1001, "agree": "two", "from": "victron openems"},
        {"address": 3, "type": "u16", "scale": 100, "at_least": 90000, "below": 300000, "agree": "two", "from": "victron openems"},
    ),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "victron": "victronenergy/dbus_modbustcp attributes.csv, com.victronenergy.vebus",
        "openems": "OpenEMS/openems io.openems.edge.victron ess/VictronEssImpl.java",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((12, 1), (13, 1), (14, 1)),
            "type": "s16",
            "scale": 10,
            "positive": "import",
            "agree": "two",
            "from": "victron openems",
        },
        {"quantity": "soc_permille", "address": 30, "type": "u16", "agree": "two", "from": "victron openems"},
        {"quantity": "status", "address": 31, "type": "u16", "agree": "two", "from": "victron openems"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -15000,
            "high": 15000,
            "timeout": (60, 60, 60),
            "steps": (
                {
                    "function": 6,
                    "address": 37,
                    "items": ({"word": "value", "type": "s16", "positive": "import", "off": 0},),
                    "memory": "volatile",
                },
            ),
            "from": "victron openems",
            "agree": "two",
        },
    ),
    "capture": "modbus/victron_multi",
    "safe": "a minute after the last set-point it passes the grid through and neither charges nor gives",
}
