"""The words a device can speak: quantity -> what it means. A profile that uses another word is refused.

The unit is the end of the name: _w W, _wh Wh, _ma mA, _mv mV, _mhz mHz, _mc thousandths of a degree Celsius, _permille, _s seconds.
Positive is consumption seen from the home: import, charging, heating.
"""

READ = {
    "power_w": "power; of a grid meter import positive, of PV production negative, of a battery charging positive",
    "power_l1_w": "power of phase 1, signed alike",
    "power_l2_w": "power of phase 2, signed alike",
    "power_l3_w": "power of phase 3, signed alike",
    "energy_import_wh": "counter of energy drawn (grid meter: from the street; battery: charged; charger, heater: used)",
    "energy_export_wh": "counter of energy given (grid meter: to the street; PV: produced; battery: discharged)",
    "voltage_l1_mv": "voltage of phase 1",
    "voltage_l2_mv": "voltage of phase 2",
    "voltage_l3_mv": "voltage of phase 3",
    "current_l1_ma": "current of phase 1",
    "current_l2_ma": "current of phase 2",
    "current_l3_ma": "current of phase 3",
    "frequency_mhz": "grid frequency",
    "soc_permille": "state of charge of a battery",
    "capacity_wh": "nameplate: usable energy of a battery",
    "power_max_w": "nameplate: largest power of the device",
    "temperature_mc": "temperature of the store (a tank)",
    "plugged": "1 when a car is plugged in, else 0",
    "charging": "1 when the car draws current, else 0",
    "session_wh": "energy charged since the car was plugged in",
    "status": "the device's own status word, as its profile names it",
}

WRITE = {
    "power_setpoint_w": "draw (positive) or give (negative) this power: battery, heater",
    "power_limit_w": "produce at most this power (positive): PV",
    "current_limit_ma": "draw at most this current on each phase, 0 pauses: EV charger",
}

# How often a value is worth its request when its profile does not say: fast with the powers, slow with the counters, once a connection.
LANES = ("fast", "slow", "once")
_SLOW = ("voltage_l1_mv", "voltage_l2_mv", "voltage_l3_mv", "frequency_mhz", "temperature_mc", "session_wh")
_ONCE = ("capacity_wh", "power_max_w")


def lane(quantity: str, kind: str) -> str:
    """The update class of a quantity in a device of that kind. A grid meter's counters are fast: a slot's end is read from them."""
    if quantity in _ONCE:
        return "once"
    counter = quantity in ("energy_import_wh", "energy_export_wh")
    return "slow" if quantity in _SLOW or (counter and kind != "meter") else "fast"
