"""home.toml as it is written: each class is a table of it, each field a key with its type and default."""

from typing import Annotated, Any, Literal

import msgspec

Name = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_.-]{1,32}$", description="1 to 32 letters, digits, or any of _ . - in quotes")]
Day = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description='a day as "2026-06-21"')]
Positive = Annotated[int, msgspec.Meta(ge=1)]


class HomeSection(msgspec.Struct, kw_only=True):
    """[home] limit_w: what the connection's fuse allows; poll_s: seconds of market time between two looks at a device."""

    name: Name
    limit_w: Positive
    meter: str = "grid"
    state: str = "state"
    poll_s: Positive = 10


class MarketSection(msgspec.Struct, kw_only=True):
    """[market] registrar: x of the key that the trust in all other keys comes from."""

    name: Name
    broker: str
    registrar: str
    ca: "str | None" = None
    cert: "str | None" = None
    key: "str | None" = None


class SimulationSection(msgspec.Struct, kw_only=True):
    """[simulation] market time was `start` when the wall's clock showed `wall`, and runs `rate` times as fast."""

    start: int
    rate: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    wall: "float | None" = None


class DeviceSection(msgspec.Struct, kw_only=True):
    """[[device]] reached by host (and port), or by serial (and baud, parity); unit: its Modbus address there.

    key_file: of a meter that encrypts what it sends, the private file with its keys (`gateway/host/meter_key.py`).
    swapped: the day on which its counters began anew, as when the meter was changed.
    framing = "rtu": a converter at `host` that passes the bytes of a serial line on as they are; "tcp" is Modbus TCP.
    """

    name: Name
    profile: str
    host: "str | None" = None
    port: "Annotated[int, msgspec.Meta(ge=1, le=65535)] | None" = None
    unit: "Annotated[int, msgspec.Meta(ge=0, le=255)]" = 1
    framing: "Literal['tcp', 'rtu']" = "tcp"
    serial: "str | None" = None
    baud: "Positive | None" = None
    parity: "Literal['N', 'E', 'O'] | None" = None
    policy: "str | None" = None
    stale_s: Positive = 60
    swapped: "Day | None" = None
    key_file: "str | None" = None
    wishes: "dict[str, Any]" = {}


class HomeFile(msgspec.Struct, kw_only=True):
    """The file."""

    home: HomeSection
    market: MarketSection
    simulation: "SimulationSection | None" = None
    device: "list[DeviceSection]"
