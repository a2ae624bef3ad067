"""Which profiles speak for which product of ../shared/data/register_maps.csv, and why they differ from it or leave a row out.

A write that the map calls single-source stands here with the second source that was found for it.
"""

from typing import NamedTuple


class Product(NamedTuple):
    """files: its profiles; models: where SunSpec models begin in the map's addresses (0: its addresses are offsets in that model)."""

    files: "tuple[str, ...]"
    models: "dict[int, int]" = {}


PRODUCTS = {
    "Eastron SDM630 v2": Product(("sdm630",)),
    "ABB B21/B23/B24": Product(("abb_b23",)),
    "Schneider iEM3x55": Product(("schneider_iem3155",)),
    "Carlo Gavazzi EM24 (RTU)": Product(("carlo_gavazzi_em24",)),
    "Victron GX grid meter": Product(("victron_gx_grid",)),
    "SMA Sunny Home Manager 2 / grid values of a hybrid": Product(("sma_grid_meter",)),
    "Huawei DTSU666-H via SUN2000": Product(("huawei_dtsu666",)),
    "SunSpec inverter int+SF (101/102/103)": Product(("sunspec_inverter",), {103: 0}),
    "SunSpec immediate controls 123": Product(("sunspec_inverter",), {123: 0}),
    "SunSpec storage 124": Product(("sunspec_battery",), {124: 0}),
    "SunSpec meter 203 / 213": Product(("sunspec_meter",), {203: 0}),
    "SunSpec DER 701/704 (IEEE 1547)": Product(("sunspec_der", "sunspec_der_battery"), {701: 0}),
    "Fronius GEN24 (int+SF)": Product(("fronius_gen24", "fronius_gen24_battery"), {103: 40069, 123: 40227, 124: 40343}),
    "SolarEdge SExxK / StorEdge": Product(("solaredge_inverter", "solaredge_battery", "solaredge_meter"), {103: 40069}),
    "Huawei SUN2000": Product(("huawei_sun2000",)),
    "Huawei LUNA2000": Product(("huawei_luna2000",)),
    "SMA Sunny Tripower / Boy": Product(("sma_inverter",)),
    "SMA SBS / STP SE hybrid": Product(("sma_battery",)),
    "Sungrow SG string": Product(("sungrow_sg", "sungrow_sg_meter")),
    "Sungrow SHxxRT/RS": Product(("sungrow_sh", "sungrow_sh_meter", "sungrow_sh_battery")),
    "Deye/Sunsynk 3-phase SG04LP3 (lv) / HV": Product(("deye", "deye_meter", "deye_battery")),
    "SolaX X3 Hybrid G4": Product(("solax", "solax_meter", "solax_battery")),
    "Growatt SPH / MIN TL-XH": Product(("growatt_sph", "growatt_sph_meter", "growatt_sph_battery")),
    "GoodWe ET/EH/BT": Product(("goodwe", "goodwe_meter", "goodwe_battery")),
    "Kostal Plenticore plus G2": Product(("kostal_plenticore", "kostal_plenticore_meter", "kostal_plenticore_battery")),
    "Victron ESS (MultiPlus + GX)": Product(("victron_ess", "victron_multi")),
    "E3/DC S10": Product(("e3dc", "e3dc_meter", "e3dc_battery")),
    "Marstek Venus E": Product(("marstek_venus_e",)),
    "Fox ESS H3": Product(("fox_ess_h3", "fox_ess_h3_meter", "fox_ess_h3_battery")),
    "KEBA KeContact P30 x/c": Product(("keba_p30",)),
    "ABB Terra AC": Product(("abb_terra_ac",)),
    "Alfen Eve / NG9xx": Product(("alfen_ng9",)),
    "Heidelberg Energy Control / Amperfied": Product(("heidelberg",)),
    "Phoenix Contact CHARX SEC": Product(("phoenix_charx",)),
    "Schneider EVlink Pro AC (v3)": Product(("schneider_evlink",)),
    "Victron EVCS (direct)": Product(("victron_evcs",)),
    "go-e Charger Gemini / V3+": Product(("go_e",)),
    "Webasto Next / Vestel EVC04 family": Product(("webasto_next",)),
}

ALFEN = "the vendor's document 2.3 has it, too"
CHARX = "klconsultancy/aiophoenixcontactcharx has it, too, after the vendor's manual"
TERRA = "JernejHren/ABB-Terra-AC has it, too, after the vendor's document 1.11; GrugBus as well"
MARSTEK = "openWB venus_c_e/bat.py and ViperRNMC e_v12.yaml have it, too"
FOX = "foxess_modbus and openWB fox_ess have it, too"
SPEC_123 = "the standard itself: model 123 is found by walking, whatever its address"
SPEC_124 = "the standard itself: model 124 is found by walking, whatever its address"

# (quantity of the map, aspect): the reason for our choice.
DIFFERENT: "dict[str, dict[tuple[str, str], str]]" = {
    "Carlo Gavazzi EM24 (RTU)": {
        ("energy_import", "agreement"): "no contradiction: the other source is of the Ethernet model, see carlo_gavazzi_em24_ethernet",
        ("energy_export", "agreement"): "no contradiction: the other source is of the Ethernet model, see carlo_gavazzi_em24_ethernet",
    },
    "SunSpec meter 203 / 213": {("power", "agreement"): "the standard's sign; SolarEdge, which turns it, has solaredge_meter of its own"},
    "Fronius GEN24 (int+SF)": {
        ("power_limit_pct", "agreement"): SPEC_123,
        ("power_limit_enable", "agreement"): SPEC_123,
        ("storage_control_mode", "agreement"): SPEC_124,
        ("discharge_rate", "agreement"): SPEC_124,
        ("charge_rate", "agreement"): SPEC_124,
    },
    "SolarEdge SExxK / StorEdge": {
        ("power", "agreement"): "the standard itself, model 103",
        ("energy_export", "agreement"): "the standard itself, model 103",
        ("energy_export", "type"): "the standard says acc32: 0 is no value",
        (
            "battery_power",
            "agreement",
        ): "evcc's battery part, openWB and solaredge-modbus-multi read 57716; only evcc's PV part reads 62836",
    },
    "Huawei LUNA2000": {
        ("forced_duration_min", "agreement"): "evcc writes it, too, since it has its watchdog of 47100",
        ("forced_charge_power", "agreement"): "evcc and huawei-solar-lib have the same register, type and unit",
        ("forced_discharge_power", "agreement"): "evcc writes it since its pull request 32307, as huawei-solar-lib has it",
    },
    "SMA SBS / STP SE hybrid": {
        ("setpoint_enable", "agreement"): "OpenEMS stpxx3se SmaBatteryImpl.java and ControlMode.java have it, too",
        ("setpoint_w", "agreement"): "OpenEMS stpxx3se SmaBatteryImpl.java has it, too",
    },
    "Sungrow SG string": {
        ("power", "agreement"): "openWB sungrow_sg/inverter.py has it, too (signed: alike below 2 GW)",
        ("meter_power", "agreement"): "openWB sungrow_sg/counter.py has it, too",
    },
    "Deye/Sunsynk 3-phase SG04LP3 (lv) / HV": {
        ("voltage_l1", "agreement"): "evcc and sunsynk read the grid's terminals; openWB's 644 is the load's"
    },
    "Growatt SPH / MIN TL-XH": {
        ("pv_power", "agreement"): "0xAHA/Growatt_ModbusTCP profiles/sph.py has it, too",
        ("energy_import", "agreement"): "openWB growatt/counter.py has it, too",
    },
    "GoodWe ET/EH/BT": {
        ("energy_export", "agreement"): "openWB good_we/counter.py has it, too",
        ("ems_mode", "function"): "OpenEMS writes mode and power in one request of function 16, so that they never contradict each other",
        (
            "ems_mode",
            "agreement",
        ): "modes 8, 11 and 12 are told alike by OpenEMS EmsPowerMode.java and the goodwe library; evcc uses others",
    },
    "Kostal Plenticore plus G2": {("power", "agreement"): "CrunkA3/ha_kostal_plenticore_modbus has it, too"},
    "Victron ESS (MultiPlus + GX)": {("ac_setpoint_l1_ram", "agreement"): "OpenEMS VictronEssImpl.java writes it, too"},
    "Marstek Venus E": {
        ("ac_power", "agreement"): MARSTEK,
        ("soc", "agreement"): MARSTEK,
        ("rs485_control", "agreement"): MARSTEK,
        ("forced_command", "agreement"): MARSTEK,
        ("forced_charge_power", "agreement"): MARSTEK,
    },
    "Fox ESS H3": {
        ("battery_power", "agreement"): FOX,
        ("soc", "agreement"): FOX,
        ("remote_enable", "agreement"): FOX,
        ("remote_timeout_s", "agreement"): FOX,
        ("remote_power", "agreement"): FOX,
    },
    "KEBA KeContact P30 x/c": {
        ("failsafe_timeout_w", "agreement"): "Tinkerforge's firmware, which plays a KEBA, has it as u16 at 5018, too"
    },
    "ABB Terra AC": {
        ("status", "agreement"): TERRA,
        ("current_l1", "agreement"): TERRA,
        ("voltage_l1", "agreement"): TERRA,
        ("power", "agreement"): TERRA,
        ("session_energy", "agreement"): TERRA,
        ("current_setpoint", "agreement"): TERRA,
    },
    "Alfen Eve / NG9xx": {
        ("voltage_l1", "agreement"): ALFEN,
        ("current_l1", "agreement"): ALFEN,
        ("power", "agreement"): ALFEN,
        ("energy", "agreement"): ALFEN,
        ("status", "agreement"): ALFEN,
        ("current_setpoint", "agreement"): ALFEN + ": FLOAT32, R/W, not kept over a restart",
    },
    "Phoenix Contact CHARX SEC": {
        ("voltage_l1", "agreement"): CHARX,
        ("current_l1", "agreement"): CHARX,
        ("power", "agreement"): CHARX,
        ("energy", "agreement"): CHARX,
        ("status", "agreement"): CHARX,
        ("current_setpoint", "agreement"): CHARX + ": 6 to 80 A, any other value withdraws the release",
    },
    "Webasto Next / Vestel EVC04 family": {
        ("energy", "agreement"): "nymea and evcc agree on Wh for Webasto; tenths of a kWh are of Vestel's own boxes"
    },
}

DC = "power of the DC side: we have no word for it besides power_w, which is AC here"
EXPORT = "limits the export of the plant, not its production, lies in flash and is an installer's: never touched"
SETTING = "a setting of the owner's in flash that says no power: never touched"
SINGLE = "one source: nothing is written by it, and to read it says nothing of the plant"
FAILSAFE = "what it falls back to is the installer's: never touched"
PHASES = "switching phases is not sold: the car's phases are its owner's choice"

LEFT_OUT: "dict[str, dict[str, str]]" = {
    "Eastron SDM630 v2": {
        "energy_phase_346..350": "sources disagree whether these count import or export",
        "energy_phase_352..356": "sources disagree whether these count import or export",
    },
    "Victron GX grid meter": {"power_l1_s16": "overflows at 32.7 kW: the 32-bit phases are read"},
    "SunSpec inverter int+SF (101/102/103)": {"current": "the sum of the phases, which are read one by one", "dc_power": DC},
    "SunSpec immediate controls 123": {"connect": "0 disconnects: not for bidding"},
    "SunSpec DER 701/704 (IEEE 1547)": {
        "power_limit_revert_value": "a reversion enables nothing (WMaxLimPctEnaRvrt = 0), so its value is not used"
    },
    "Fronius GEN24 (int+SF)": {
        "power": "AC power contains the battery: PV is the sum of the strings in model 160, as evcc has it",
        "min_reserve": SETTING,
    },
    "SolarEdge SExxK / StorEdge": {
        "storage_default_mode": "what it does after the time-out is its owner's choice: never touched",
        "export_control_mode": EXPORT,
        "export_site_limit": EXPORT,
        "active_power_limit_pct": SINGLE,
    },
    "Huawei SUN2000": {
        "dc_power": DC,
        "power_limit_pct": SINGLE,
        "power_limit_w": SINGLE,
        "feed_in_mode": EXPORT,
        "feed_in_limit_w": EXPORT,
        "feed_in_limit_pct": EXPORT,
    },
    "Huawei LUNA2000": {
        "max_charge_power": SETTING + "; the forced command needs it not",
        "max_discharge_power": SETTING + "; an evcc that died left it at 0 (issue 30620)",
        "charge_from_grid": SETTING,
    },
    "SMA Sunny Tripower / Boy": {"dc_power_1": DC, "power_limit_pct": SINGLE},
    "SMA SBS / STP SE hybrid": {"bms_mode": SINGLE, "charge_min/max_w": SINGLE},
    "Sungrow SHxxRT/RS": {
        "export_power": "5600 tells the same with our sign and a sure type",
        "battery_power": "its sign depends on the firmware: 5213 is read, as mkaiser and openWB do now",
        "max_discharge_power": SETTING,
    },
    "Deye/Sunsynk 3-phase SG04LP3 (lv) / HV": {
        "max_charge_current": SETTING,
        "max_discharge_current": SETTING,
        "grid_charge_current": SETTING,
        "grid_charge_enable": SETTING,
        "export_limit": EXPORT,
    },
    "SolaX X3 Hybrid G4": {"use_mode": SINGLE, "manual_mode": SINGLE, "remote_control_block": SINGLE},
    "Growatt SPH / MIN TL-XH": {"battery_first": SINGLE, "ac_charge": SINGLE},
    "GoodWe ET/EH/BT": {"export_limit_enable": EXPORT, "export_limit_w": EXPORT},
    "Kostal Plenticore plus G2": {
        "inverter_power_s16": "172 tells the same beyond 32.7 kW",
        "max_charge": SINGLE,
        "max_discharge": SINGLE,
    },
    "Victron ESS (MultiPlus + GX)": {
        "grid_power_l1": "the grid meter has victron_gx_grid, with 32 bits",
        "ess_mode": "external control is its owner's choice, and on another unit id than the MultiPlus",
        "grid_setpoint": "a stored setting of the whole site, no power of the battery",
        "disable_charge": SINGLE,
        "min_soc": SETTING,
        "max_discharge_pct": SETTING,
    },
    "KEBA KeContact P30 x/c": {
        "failsafe_current": FAILSAFE,
        "enable": "0 in the set-point pauses both P30 and P40",
        "failsafe_current_w": FAILSAFE,
        "phase_switch": PHASES,
    },
    "Alfen Eve / NG9xx": {"phases": PHASES},
    "Heidelberg Energy Control / Amperfied": {"remote_lock": "the lock is its owner's", "failsafe_current": FAILSAFE},
    "Phoenix Contact CHARX SEC": {
        "soc": "a placeholder that reads 0, says klconsultancy/aiophoenixcontactcharx",
        "enable": "a current outside 6 to 80 A withdraws the release already",
    },
    "Schneider EVlink Pro AC (v3)": {
        "life_bit": SINGLE,
        "current_setpoint": "evcc has it at 4004, an openHAB map at 4003: nothing is written",
    },
    "go-e Charger Gemini / V3+": {"phase_mode": PHASES},
    "Webasto Next / Vestel EVC04 family": {"safe_current": FAILSAFE, "power_setpoint": SINGLE},
}
