"""Grid meter behind a Victron GX device: the unit id is the meter's device instance (see "Modbus TCP services" on the GX).

Power is the sum of the three 32-bit phases; the older 16-bit ones (2600 to 2602) overflow at 32.7 kW and are not read.
"""

PROFILE = {
    "title": "Victron GX grid meter",
    "kind": "meter",
    "protocol": "modbus",
    "links": (("tcp", 502),),
    "units": (30, 31, 32, 33, 34),
    "bus": {"timeout_ms": 2000},
    "sources": {
        "victron": "victronenergy/dbus_modbustcp attributes.csv, com.victronenergy.grid",
        "evcc": "evcc-io/evcc templates/definition/meter/victron-energy.yaml",
    },
    "reads": (
        {
            "quantity": "power_w",
            "sum": ((2638, 1), (2640, 1), (2642, 1)),
            "type": "s32",
            "positive": "import",
            "agree": "single",
            "from": "victron",
        },
        {"quantity": "power_l1_w", "address": 2638, "type": "s32", "positive": "import", "agree": "single", "from": "victron"},
        {"quantity": "power_l2_w", "address": 2640, "type": "s32", "positive": "import", "agree": "single", "from": "victron"},
        {"quantity": "power_l3_w", "address": 2642, "type": "s32", "positive": "import", "agree": "single", "from": "victron"},
        {"quantity": "voltage_l1_mv", "address": 2616, "type": "u16", "scale": 100, "agree": "single", "from": "victron"},
        {"quantity": "voltage_l2_mv", "address": 2618, "type": "u16", "scale": 100, "agree": "single", "from": "victron"},
        {"quantity": "voltage_l3_mv", "address": 2620, "type": "u16", "scale": 100, "agree": "single", "from": "victron"},
        {"quantity": "current_l1_ma", "address": 2617, "type": "s16", "scale": 100, "agree": "two", "from": "victron evcc"},
        {"quantity": "current_l2_ma", "address": 2619, "type": "s16", "scale": 100, "agree": "two", "from": "victron evcc"},
        {"quantity": "current_l3_ma", "address": 2621, "type": "s16", "scale": 100, "agree": "two", "from": "victron evcc"},
        {"quantity": "frequency_mhz", "address": 2644, "type": "u16", "scale": 10, "agree": "single", "from": "victron"},
        {"quantity": "energy_import_wh", "address": 2634, "type": "u32", "scale": 10, "agree": "single", "from": "victron"},
        {"quantity": "energy_export_wh", "address": 2636, "type": "u32", "scale": 10, "agree": "single", "from": "victron"},
    ),
    "capture": "modbus/victron_gx_grid",
    "safe": "a meter: nothing to leave",
}
