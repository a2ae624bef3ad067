"""Values that a device of any profile can say to the last unit: round ones, no two of a kind alike, so that what is mixed up is seen."""

from drivers import profile as profiles
from drivers.tables import Profile, Row

VALUES = {
    "power_w": 3000, "power_l1_w": 1000, "power_l2_w": 1200, "power_l3_w": 800,
    "energy_import_wh": 12_300_000, "energy_export_wh": 4_500_000, "session_wh": 6000,
    "voltage_l1_mv": 231_000, "voltage_l2_mv": 232_000, "voltage_l3_mv": 233_000,
    "current_l1_ma": 5000, "current_l2_ma": 6000, "current_l3_ma": 7000,
    "frequency_mhz": 50_000, "soc_permille": 520, "capacity_wh": 10_000, "power_max_w": 8000, "temperature_mc": 47_000,
}  # fmt: skip
BY_UNIT = {"w": 2000, "wh": 100_000, "ma": 8000, "mv": 234_000, "mhz": 50_000, "mc": 25_000, "permille": 500, "s": 60}


def typical(profile: Profile, sign: int = 1) -> "dict[str, int]":
    """{quantity: value} for all that it reads. sign: of the powers, where its registers can say it so, else the other."""
    said: dict[str, int] = {}
    for row in profile.reads:
        if row.quantity not in said:
            said.update(_coded(profile, row) or {row.quantity: _plain(profile, row, sign)})
    return said


def _coded(profile: Profile, row: Row) -> "dict[str, int]":
    """The values of all rows that share a register with a coded one, as one code of it means them; {} when none is coded."""
    rows = [r for r in profile.reads if (r.function, r.address) == (row.function, row.address)]
    maps = [r.map for r in rows if r.map is not None]
    if not maps:
        return {}
    code = max((code for code in maps[0] if all(code in other for other in maps)), key=lambda code: (isinstance(code, int), code))
    said = {r.quantity: r.map[code] for r in rows if r.map is not None}
    said.update({r.quantity: code * r.up // r.down for r in rows if r.map is None and isinstance(code, int)})
    return said


def _plain(profile: Profile, row: Row, sign: int) -> int:
    usual = VALUES.get(row.quantity, BY_UNIT.get(row.quantity.rsplit("_", 1)[-1], 1))
    power = row.quantity.startswith("power_") and row.quantity != "power_max_w"
    candidates = [usual * sign, -usual * sign] if power else [usual]
    base = profiles.blank(profile)[0]
    for value in candidates:
        try:
            profiles.encode(profile, base, {row.quantity: value})
        except ValueError:
            continue
        return value
    raise ValueError(f"{profile.name}: its {row.quantity} cannot say any of {candidates}: look at type and scale of that row")
