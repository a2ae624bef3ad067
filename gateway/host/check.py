"""`elecbay check home.toml`: is this file sound, and what does it say? Nothing is opened, written or sent."""

import sys

from gateway.host import home_toml
from gateway.host.home_devices import DeviceSetup
from gateway.host.home_toml import HomeSetup


def main(argv: "list[str]") -> int:
    """Print what the file sets up; BadConfig (exit 2) with every error when it is not sound."""
    if len(argv) != 1:
        sys.stderr.write("elecbay check HOME.toml: say what is wrong with a config, or what it sets up\n")
        return 2
    sys.stdout.write("\n".join(described(home_toml.load(argv[0]))) + "\n")
    return 0


def described(setup: HomeSetup) -> "list[str]":
    """A sentence for the home and for each device."""
    home, broker = setup.home, setup.broker
    way = "TLS, both ends proved" if broker.ca else "loopback, not encrypted"
    head = f"{home['name']}: market {home['market']} at {broker.host} port {broker.port} ({way}), at most {home['limit_w']} W."
    return [head, f"It signs as {setup.signer.kid}.", *[_device(device, home["meter"]) for device in setup.devices]]


def _device(device: DeviceSetup, meter: str) -> str:
    profile = device.profile
    unit = f" unit {device.unit}" if profile.protocol == "modbus" else ""
    role = "the meter at the street" if device.name == meter else f"policy {device.policy}" if device.policy else "read only"
    return f"{device.name}: {profile.title or profile.name} ({profile.kind}) on {device.place}{unit}, {role}. Safe: {profile.safe}"
