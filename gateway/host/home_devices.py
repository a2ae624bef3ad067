"""The devices of home.toml: each is sound by itself and none gets into another's way, or it is refused with the reason."""

import os
import stat
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import drivers.profiles
import policies
from drivers import profile as profiles
from drivers import push
from drivers.nouns import BadProfile
from gateway.host import meter_key
from gateway.host.config import MISSING, Findings, Said, near, private_or_public
from gateway.host.home_file import DeviceSection
from policies.nouns import BadWish, wishes

PUSH = push.PROTOCOLS


@dataclass(frozen=True)
class Place:
    """Where a device is: a host and port, or a serial port with its speed and framing (as "8N1").

    over_tcp: RTU frames at `host`, from a converter; baud and framing are those of the line behind it.
    """

    host: str = ""
    port: int = 0
    serial: str = ""
    baud: int = 0
    framing: str = "8N1"
    over_tcp: bool = False

    @property
    def rtu(self) -> bool:
        """Frames with a CRC and no numbers: on a serial line, or brought over TCP as they are."""
        return bool(self.serial) or self.over_tcp

    @property
    def link(self) -> "tuple[str, int]":
        """The same for all that share one wire, by whatever name it is called."""
        return (os.path.realpath(self.serial), 0) if self.serial else (self.host, self.port)

    def __str__(self) -> str:
        return self.serial or f"{self.host} port {self.port}" + (" (RTU)" if self.over_tcp else "")


@dataclass(frozen=True)
class DeviceSetup:
    """One device to run. policy: "" for a meter; swapped: the day on which its counters began anew, or ""; decrypt: with its keys."""

    name: str
    profile: profiles.Profile
    place: Place
    unit: int
    policy: str
    stale_s: int
    wishes: "dict[str, Any]"
    swapped: str = ""
    decrypt: "meter_key.Decrypt | None" = field(default=None, repr=False)


def names_in(package: Any) -> "list[str]":
    """The modules of a folder: the listing is the registry."""
    return sorted(path.stem for folder in package.__path__ for path in Path(folder).glob("*.py") if path.stem != "__init__")


def wish_tables() -> "dict[str, dict[str, Any]]":
    """{policy: its WISHES}; the base load is the home's own and not for a device."""
    modules = {name: import_module(f"policies.{name}") for name in names_in(policies) if name != "load"}
    return {name: module.WISHES for name, module in modules.items() if hasattr(module, "WISHES")}


def check_devices(findings: Findings, sections: "list[Any]") -> "list[DeviceSetup]":
    """The devices that are sound by themselves, and findings about those that are not or that get into each other's way."""
    known, tables = names_in(drivers.profiles), wish_tables()
    found: list[DeviceSetup] = []
    taken: dict[object, str] = {}
    for i, section in enumerate(sections):
        if not isinstance(section, DeviceSection) or not isinstance(section.profile, str):
            continue
        where = ("device", i)
        profile = _profile(findings, where, section.profile, known)
        if profile is None:
            continue
        place = _place(findings, where, section, profile)
        policy = _policy(findings, where, section, profile, tables)
        decrypt = _decrypt(findings, where, section, profile)
        if place is None or not isinstance(section.name, str):
            continue
        rest = (section.stale_s, section.wishes, section.swapped or "", decrypt)
        device = DeviceSetup(section.name, profile, place, section.unit, policy, *rest)
        _check_neighbours(findings, where, device, found, taken)
        found.append(device)
    return found


def _profile(findings: Findings, where: "tuple[str, int]", name: str, known: "list[str]") -> "profiles.Profile | None":
    if name not in known:
        findings.add((*where, "profile"), name, near(name, known))
        return None
    try:
        return profiles.load(name)
    except BadProfile as error:
        findings.add((*where, "profile"), name, str(error))
        return None


def _policy(
    findings: Findings, where: "tuple[str, int]", section: DeviceSection, profile: "profiles.Profile", tables: "dict[str, Any]"
) -> str:
    """The policy's name; by default the one that is called like the device's kind."""
    name = section.policy or (profile.kind if profile.kind in tables else "")
    if profile.kind == "meter" and section.policy:
        findings.add((*where, "policy"), section.policy, "a meter has no wishes: remove this line")
    elif name and name not in tables:
        findings.add((*where, "policy"), name, near(name, tables))
    else:
        for key, value in section.wishes.items():
            _check_wish(findings, (*where, "wishes", key), key, value, tables.get(name, {}))
    return name


def _check_wish(findings: Findings, where: "tuple[str | int, ...]", key: str, value: "int | str", table: "dict[str, Any]") -> None:
    if key not in table:
        findings.add(where, Said("unknown key"), near(key, table))
        return
    try:
        wishes(table, {key: value})
    except BadWish as error:
        findings.add(where, value, str(error.args[2]))


def _place(findings: Findings, where: "tuple[str, int]", section: DeviceSection, profile: "profiles.Profile") -> "Place | None":
    """Where the device is; the profile's links give what the file leaves out."""
    if profile.protocol in PUSH:
        if section.serial is None:
            findings.add((*where, "serial"), MISSING, f'add serial = "/dev/ttyUSB0": a {section.profile} meter speaks on a serial port')
            return None
        baud, framing = _link(profile, "serial", (9600, "8N1"))
        framing = f"{framing[0]}{section.parity}{framing[2]}" if section.parity else framing
        return _serial(findings, where, section.serial, Place(serial=section.serial, baud=section.baud or baud, framing=framing))
    if (section.host is None) == (section.serial is None):
        found = MISSING if section.host is None else section.host
        findings.add((*where, "host"), found, "give either host (Modbus TCP) or serial (Modbus RTU)")
        return None
    baud, parity = _link(profile, "rtu", (9600, "N"))
    baud, framing = section.baud or baud, f"8{section.parity or parity}1"
    if section.host is not None and section.framing == "rtu":
        port = section.port or _link(profile, "rtu_tcp", _link(profile, "tcp", (502,)))[0]
        return Place(host=section.host, port=port, baud=baud, framing=framing, over_tcp=True)
    if section.host is not None:
        return Place(host=section.host, port=section.port or _link(profile, "tcp", (502,))[0])
    place = Place(serial=str(section.serial), baud=baud, framing=framing)
    return _serial(findings, where, place.serial, place)


def _decrypt(
    findings: Findings, where: "tuple[str, int]", section: DeviceSection, profile: "profiles.Profile"
) -> "meter_key.Decrypt | None":
    """What opens this meter's envelopes, from a file that nobody else may read; None when it sends none."""
    key = (*where, "key_file")
    if section.key_file is None:
        if profile.quirks.get("encrypted"):
            findings.add(key, MISSING, 'add key_file = "meter.key": this meter encrypts, ask the grid operator for its keys')
        return None
    path = Path(findings.path).parent / section.key_file
    if profile.protocol not in push.CIPHERED:
        findings.add(key, section.key_file, f"a {section.profile} meter encrypts nothing: remove this line")
        return None
    if not private_or_public(findings, key, path, True):
        return None
    try:
        return meter_key.read(path)
    except meter_key.BadMeterKey as why:
        findings.add(key, str(path), str(why))
        return None


def _link(profile: "profiles.Profile", kind: str, usual: "tuple[Any, ...]") -> "tuple[Any, ...]":
    """What the profile says about a kind of link, `usual` when nothing."""
    return next((link[1:] for link in profile.links if link[0] == kind), usual)


def _serial(findings: Findings, where: "tuple[str, int]", path: str, place: Place) -> "Place | None":
    """`place` when its port is there and may be used."""
    try:
        is_device = stat.S_ISCHR(Path(path).stat().st_mode)
    except OSError:
        findings.add((*where, "serial"), path, "there is no such port: plug it in; " + _ports_here())
        return None
    if not is_device:
        findings.add((*where, "serial"), path, "is not a serial port; " + _ports_here())
        return None
    if not os.access(path, os.R_OK | os.W_OK):
        findings.add((*where, "serial"), path, "may not be opened: add the user to the group that owns it (dialout)")
        return None
    return place


def _ports_here() -> str:
    found = [str(path) for pattern in ("serial/by-id/*", "ttyUSB*", "ttyACM*", "ttyAMA*") for path in sorted(Path("/dev").glob(pattern))]
    return "this machine has " + (", ".join(found) if found else "none that looks like a meter's or a bus's")


def _check_neighbours(
    findings: Findings, where: "tuple[str, int]", device: DeviceSetup, others: "list[DeviceSetup]", taken: "dict[object, str]"
) -> None:
    """Names are unique; on one link each unit has one device of a kind (a hybrid inverter is a roof and a battery), a bus has one speed,
    a push meter has its port alone."""
    place, push = device.place, device.profile.protocol in PUSH
    if any(other.name == device.name for other in others):
        findings.add((*where, "name"), device.name, "another device has this name: choose a new one")
    for other in others:
        if other.place.link == place.link and other.place.over_tcp != place.over_tcp:
            said = "rtu" if place.over_tcp else MISSING
            findings.add((*where, "framing"), said, f"{other.name} at the same host and port is framed otherwise: they must agree")
        if not place.serial or other.place.link != place.link:
            continue
        if push or other.profile.protocol in PUSH:
            findings.add((*where, "serial"), place.serial, f"{other.name} is on this port and a push meter needs its port alone")
        elif (other.place.baud, other.place.framing) != (place.baud, place.framing):
            mine, theirs = ((p.baud, p.framing) for p in (place, other.place))
            key, i = ("baud", 0) if mine[0] != theirs[0] else ("parity", 1)
            findings.add((*where, key), mine[i], f"{other.name} on the same bus has {theirs[i]}: one bus has one speed and one parity")
    bus = (place.link, device.unit, device.profile.kind)
    if not push and bus in taken:
        findings.add((*where, "unit"), device.unit, f"{taken[bus]} has this unit on the same link: set one of the two to another address")
    taken.setdefault(bus, device.name)
