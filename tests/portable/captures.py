"""Reads the captures of tests/captures, on both Pythons."""

import json

import lent

from drivers import envelope, profile, push

FOLDER = (__file__[: __file__.rfind("/")] if "/" in __file__ else ".") + "/../captures/"
PUSH = (
    "sml/power.hex",
    "sml/unsigned.hex",
    "dsmr/v5.txt",
    "dsmr/v2.txt",
    "dsmr/envelope.hex",
    "dsmr/belgium.txt",
    "dsmr/sweden.txt",
    "dsmr/hungary.txt",
    "dsmr/austria.hex",
    "dlms/hdlc.hex",
    "dlms/kaifa.hex",
    "dlms/kamstrup.hex",
    "dlms/landis_gyr.hex",
    "dlms/mbus.hex",
    "dlms/raw.hex",
    "tic/historic.txt",
    "tic/standard.txt",
    "iec62056-21/mode_c.txt",
    "iec62056-21/mode_d.txt",
)
# Every file of tests/captures/modbus, which tests/test_profiles.py sees to.
MODBUS = (
    "abb_b23 abb_terra_ac alfen_ng9 carlo_gavazzi_em24 carlo_gavazzi_em24_ethernet deye deye_battery deye_battery_low_voltage "
    "deye_low_voltage deye_meter e3dc e3dc_battery e3dc_meter fox_ess_h3 fox_ess_h3_battery fox_ess_h3_meter fronius_gen24 "
    "fronius_gen24_battery go_e goodwe goodwe_battery goodwe_meter growatt_sph growatt_sph_battery growatt_sph_meter heidelberg "
    "huawei_dtsu666 huawei_luna2000 huawei_sun2000 keba_p30 keba_p30_tenths kostal_plenticore kostal_plenticore_battery "
    "kostal_plenticore_meter marstek_venus_e mypv_elwa phoenix_charx schneider_evlink schneider_iem3155 sdm630 sma_battery "
    "sma_grid_meter sma_inverter solaredge_battery solaredge_inverter solaredge_meter solax solax_battery solax_meter sungrow_sg "
    "sungrow_sg_meter sungrow_sh sungrow_sh_battery sungrow_sh_meter sunspec_battery sunspec_der sunspec_der_battery "
    "sunspec_inverter sunspec_meter sunspec_meter_integer victron_ess victron_evcs victron_gx_grid victron_multi webasto_next"
).split()


def raw(name):
    """The bytes of a capture."""
    if not name.endswith(".hex"):
        with open(FOLDER + name, "rb") as file:
            return file.read()
    with open(FOLDER + name) as file:
        return unhex("".join([line.split("#")[0] for line in file]))


def unhex(digits):
    digits = "".join(digits.split())
    return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])


def expected(name):
    with open(FOLDER + name[: name.rfind(".")] + ".expected.json") as file:
        return json.load(file)


def modbus(name):
    with open(FOLDER + "modbus/" + name + ".json") as file:
        return json.load(file)


def framer(expected):
    """The framer that a capture is to be read with; what a meter of mode C says is read as if it had been asked for."""
    loaded = profile.load(expected["profile"])
    quirks = loaded.quirks if loaded.quirks.get("mode") != "C" else {}
    keys = [unhex(expected[name]) for name in ("key", "auth_key") if name in expected]
    return push.framer(loaded.protocol, quirks, envelope.opener(lent.block(keys[0]), keys[1]) if keys else None)


def frames(framer, data, step=None, at=0):
    """All telegrams of `data`, given to the framer in pieces of `step` bytes, the i-th piece at second at + i."""
    found = []
    step = step or len(data)
    for i in range(0, len(data), step):
        framer.add(data[i : i + step], at + i // step)
        one = framer.next()
        while one is not None:
            found.append(one)
            one = framer.next()
    return found


def plain(telegram):
    """A telegram as the expected.json files have it."""
    return {"meter": telegram.meter, "readings": dict(telegram.readings), "values": [list(value) for value in telegram.values]}
