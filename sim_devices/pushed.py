"""What a meter of any push profile sends: one writer a protocol, each made after the standard and not after our framers."""

from collections.abc import Callable

from drivers.tables import Profile
from sim_devices import telegrams
from sim_devices.telegrams import Values

Writer = Callable[[Profile, int, Values, int], bytes]


def _dsmr(profile: Profile, number: int, values: Values, at: int) -> bytes:
    return telegrams.p1(f"OEB{number:08}", values, at, checked=profile.quirks.get("checksum") != "optional")


def _sml(profile: Profile, number: int, values: Values, at: int) -> bytes:
    return telegrams.sml(bytes.fromhex("0a014f4542") + number.to_bytes(5, "big"), values, at)


WRITERS: dict[str, Writer] = {"dsmr": _dsmr, "sml": _sml}


def telegram_of(profile: Profile, number: int, values: Callable[[], Values]) -> Callable[[int], bytes]:
    """The bytes that the meter with that number sends at UTC s `at`, as `ptys.PushMeter` wants them."""
    write = WRITERS[profile.protocol]
    return lambda at: write(profile, number, values(), at)
