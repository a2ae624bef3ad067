"""What a meter of any push profile sends: a writer for each protocol, made after the standard and not after our framers."""

from collections.abc import Callable

from drivers.tables import Profile
from sim_devices import cosem, linky, readout, telegrams
from sim_devices.faults import Faults
from sim_devices.ptys import PushMeter
from sim_devices.telegrams import Values

Writer = Callable[[Profile, int, Values, int], bytes]


def _dsmr(profile: Profile, number: int, values: Values, at: int) -> bytes:
    return telegrams.p1(f"OEB{number:08}", values, at, checked=profile.quirks.get("checksum") != "optional")


def _sml(profile: Profile, number: int, values: Values, at: int) -> bytes:
    return telegrams.sml(bytes.fromhex("0a014f4542") + number.to_bytes(5, "big"), values, at)


def _tic(profile: Profile, number: int, values: Values, at: int) -> bytes:
    return (linky.historic if profile.links[0][1] == 1200 else linky.standard)(number, values, at)


WRITERS: dict[str, Writer] = {
    "dsmr": _dsmr,
    "sml": _sml,
    "tic": _tic,
    "iec62056-21": lambda profile, number, values, at: readout.unasked(number, values),
    "dlms-hdlc": lambda profile, number, values, at: cosem.hdlc(cosem.notification(number, values, at)),
    "dlms-mbus": lambda profile, number, values, at: cosem.mbus(cosem.notification(number, values, at)),
    "dlms": lambda profile, number, values, at: cosem.notification(number, values, at),
}


def telegram_of(profile: Profile, number: int, values: Callable[[], Values]) -> Callable[[int], bytes]:
    """The bytes that the meter with that number sends at UTC s `at`."""
    write = WRITERS[profile.protocol]
    return lambda at: write(profile, number, values(), at)


def meter_of(
    profile: Profile, number: int, values: Callable[[], Values], every: int, faults: Faults | None = None
) -> PushMeter | readout.Asked:
    """A meter of any push profile on a pty of its own; every: market seconds between two telegrams, of one that speaks by itself."""
    if profile.quirks.get("mode") == "C":
        return readout.Asked(number, values, faults)
    return PushMeter(telegram_of(profile, number, values), every, faults)
