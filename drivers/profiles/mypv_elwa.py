"""my-PV AC ELWA 2, a water heater of 0 to 3500 W without steps, on Modbus TCP (to be enabled on its own web page).

Register 1000 is the wish when written and the measured power when read, and one of the few that may be written often: the
others are stored and allowed one write a day, so nothing else is written. The wish ends after the device's own "power
time-out" (1004, 10 to 600 s, set by the owner), read here and never written. 1014 is the largest power its owner allows.
There is no energy counter. status: 1 no control, 2 heat, 3 standby, 4 boost heat, 5 finished, 20 legionella, 21 disabled,
22 blocked, from 200 on faults. A third source agrees on 1000 and 1001: yniverz/hacs_mypv_ac_elwa2 const.py.
"""

PROFILE = {
    "title": "my-PV AC ELWA 2",
    "kind": "heater",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "bus": {"gap": 16, "largest": 87, "timeout_ms": 1000},
    "sources": {
        "evcc": "evcc-io/evcc charger/mypv.go",
        "vendor": "my-PV AC ELWA 2 Documentation of Controls 241205, as in gojux/mypv_elwa2_modbus const.py",
    },
    "reads": (
        {"quantity": "power_w", "address": 1000, "type": "u16", "positive": "consumption", "agree": "two", "from": "evcc vendor"},
        {"quantity": "temperature_mc", "address": 1001, "type": "u16", "scale": 100, "agree": "two", "from": "evcc vendor"},
        {"quantity": "status", "address": 1003, "type": "u16", "agree": "two", "from": "evcc vendor"},
        {"quantity": "power_max_w", "address": 1014, "type": "u16", "agree": "single", "from": "vendor"},
    ),
    "controls": (
        {
            "quantity": "power_setpoint_w",
            "idiom": "setpoint",
            "low": 0,
            "high": 3500,
            "nameplate": "power_max_w",
            "timeout": (10, 10, 600),
            "timeout_from": {"address": 1004, "type": "u16"},
            "steps": (
                {
                    "function": 16,
                    "address": 1000,
                    "items": ({"word": "value", "type": "u16", "off": 0},),
                    "memory": "volatile",
                    "access": "w",
                },
            ),
            "from": "evcc vendor",
            "agree": "two",
        },
    ),
    "simulated": ((1004, 60), (1014, 3500)),
    "capture": "modbus/mypv_elwa",
    "safe": "it stops heating after its own power time-out (register 1004), unless its own boost takes over",
}
