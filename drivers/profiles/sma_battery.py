"""SMA Sunny Boy Storage and Tripower Smart Energy: "SMA Modbus Profile"; the battery's power is charging minus discharging.

Idiom 1: 40151 = 802 hands over, 40149 is the power (discharging positive), 803 takes back; the device's own time-out for cyclic
values is set by its installer, here it is taken for a minute. openWB writes them one by one, OpenEMS together. The BMS registers
(40236, 40793 to 40801) are another path, with one source. Without charge and sun the values are absent.
"""

PROFILE = {
    "title": "SMA Sunny Boy Storage / Smart Energy",
    "kind": "battery",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (3,),
    "identify": (
        {"address": 30051, "type": "u32", "is": (8007, 8009), "agree": "single", "from": "nymea"},
        {"address": 30845, "type": "u32", "below": 101, "agree": "two", "from": "evcc openwb"},
    ),
    "bus": {"timeout_ms": 2000},
    "standby": "absent",
    "absent": {"s32": 0x80000000, "u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF},
    "sources": {
        "evcc": "evcc-io/evcc templates/definition/meter/sma-hybrid.yaml",
        "openwb": "openWB/core packages/modules/devices/sma/sma_sunny_boy/bat.py",
        "openems": "OpenEMS/openems io.openems.edge.sma ess/stpxx3se/battery/SmaBatteryImpl.java, ControlMode.java",
        "nymea": "nymea/nymea-plugins-modbus sma/sma.h",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((31393, 1), (31395, -1)),
            "type": "u32",
            "positive": "charge",
            "agree": "two",
            "from": "evcc openwb",
        },
        {"quantity": "soc_permille", "address": 30845, "type": "u32", "scale": 10, "agree": "two", "from": "evcc openwb"},
        {"quantity": "energy_import_wh", "address": 31397, "type": "u64", "agree": "two", "from": "openwb openems"},
        {"quantity": "energy_export_wh", "address": 31401, "type": "u64", "agree": "two", "from": "evcc openwb"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": -30000,
            "high": 30000,
            "timeout": (60, 60, 60),
            "steps": (
                {
                    "address": 40149,
                    "items": ({"word": "value", "type": "s32", "positive": "discharge", "off": 0},),
                    "memory": "volatile",
                    "access": "w",
                },
                {
                    "address": 40151,
                    "items": ({"word": "enable", "type": "u32", "on": 802, "off": 803},),
                    "memory": "volatile",
                    "access": "w",
                },
            ),
            "from": "openwb openems",
            "agree": "two",
        },
    ),
    "capture": "modbus/sma_battery",
    "safe": "after the device's own time-out for cyclic values it does what its installer chose, as delivered its self-consumption",
}
