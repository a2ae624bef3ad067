"""home.toml as a checked setup: what is returned can be run, what cannot be run is refused with every reason at once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from gateway.host import keys
from gateway.host.config import Findings, broker_at, decode_toml, near
from gateway.host.home_devices import DeviceSetup, check_devices
from gateway.host.home_file import DeviceSection, HomeFile, HomeSection, MarketSection, SimulationSection
from gateway.host.link import Broker
from market import envelope
from market.nouns import Refused


@dataclass(frozen=True)
class HomeSetup:
    """All that `run` needs. simulation: {} or start, rate, wall for the clock; home: what Home is given."""

    path: Path
    state: Path
    poll_s: int
    broker: Broker
    simulation: "dict[str, float]"
    devices: "tuple[DeviceSetup, ...]"
    home: "dict[str, Any]"
    signer: keys.Signer


def load(path: "Path | str") -> HomeSetup:
    """The setup in `path`, or config.BadConfig with everything that is wrong in it."""
    held, findings = decode_toml(path, HomeFile)
    folder = Path(path).parent
    broker = broker_at(findings, held.market, ("market",)) if isinstance(held.market, MarketSection) else None
    _check_registrar(findings, held.market)
    signer = _signer(findings, folder, held.home)
    devices = check_devices(findings, held.device if isinstance(held.device, list) else [])
    _check_meter(findings, held, devices)
    findings.done()
    assert broker is not None
    assert signer is not None
    return HomeSetup(
        path=Path(path),
        state=folder / held.home.state,
        poll_s=held.home.poll_s,
        broker=broker,
        simulation=_simulation(held.simulation),
        devices=tuple(devices),
        home=_for_home(held, devices),
        signer=signer,
    )


def _simulation(section: "SimulationSection | None") -> "dict[str, float]":
    """What clock_from takes."""
    return {key: value for key, value in msgspec.structs.asdict(section).items() if value is not None} if section else {}


def _for_home(held: HomeFile, devices: "list[DeviceSetup]") -> "dict[str, Any]":
    """What gateway.home.Home is given: plain dicts."""
    told = [
        {"name": d.name, "kind": d.profile.kind, "policy": d.policy, "wishes": d.wishes, "stale_s": d.stale_s} for d in devices
    ]
    for device, entry in zip(devices, told, strict=True):
        if device.swapped:
            entry["swapped"] = device.swapped
    home, market = held.home, held.market
    return {
        "name": home.name,
        "market": market.name,
        "registrar": market.registrar,
        "meter": home.meter,
        "limit_w": home.limit_w,
        "devices": told,
    }


def _check_registrar(findings: Findings, market: MarketSection) -> None:
    x = market.registrar if isinstance(market, MarketSection) else None
    if not isinstance(x, str):
        return
    try:
        if len(envelope.unb64url(x)) == 32:
            return
    except (Refused, ValueError):
        pass
    findings.add(("market", "registrar"), x, "write the registrar's x as the market gives it: 43 characters of base64url")


def _signer(findings: Findings, folder: Path, home: HomeSection) -> "keys.Signer | None":
    if not isinstance(home, HomeSection) or not isinstance(home.state, str):
        return None
    try:
        return keys.load(folder / home.state)
    except keys.BadKey as error:
        findings.add(("home", "state"), home.state, str(error))
        return None


def _check_meter(findings: Findings, held: HomeFile, devices: "list[DeviceSetup]") -> None:
    """The home's meter is one of the devices, and a meter."""
    if not isinstance(held.home, HomeSection) or not isinstance(held.device, list):
        return
    sections = [d.name for d in held.device if isinstance(d, DeviceSection) and isinstance(d.name, str)]
    if held.home.meter not in sections:
        findings.add(("home", "meter"), held.home.meter, "no device has this name; " + near(held.home.meter, sections))
    kinds = [device.profile.kind for device in devices if device.name == held.home.meter]
    if kinds and "meter" not in kinds:
        findings.add(("home", "meter"), held.home.meter, f"this device is a {kinds[0]}: name the meter at the street")
