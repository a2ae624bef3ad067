"""market.toml as it is written: each class is a table of it, each field a key with its type and default."""

from typing import Annotated

import msgspec

Name = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_.-]{1,32}$")]
Natural = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Price = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]  # with more digits, a tariff would not fit its message
Label = Annotated[str, msgspec.Meta(pattern="^[ -~]{0,64}$", description="at most 64 letters, digits and signs of ASCII")]


class MarketSection(msgspec.Struct, kw_only=True):
    """[market] state: the folder of keys and memory, relative to the file; ca, cert, key: PEM files for a broker off loopback."""

    name: Name
    broker: str
    state: str = "market-state"
    ca: "str | None" = None
    cert: "str | None" = None
    key: "str | None" = None


class TermsSection(msgspec.Struct, kw_only=True):
    """[terms] seconds, prices in micro-currency per kWh, max_wh a side of an order. They hold for as long as the market has its name."""

    slot_seconds: Positive = 900
    open_before: Natural = 86400
    gate_before: Natural = 3600
    service: Natural = 2000
    network: Natural = 8000
    penalty: Natural = 100000
    price_min: Price = 0
    price_max: Price = 1000000
    max_wh: Positive = 10000


class TariffSection(msgspec.Struct, kw_only=True):
    """[tariff] import_price and export_price, or rows ["HH:MM", import, export] in UTC, each holding until the next, the first "00:00"."""

    import_price: "Price | None" = None
    export_price: "Price | None" = None
    rows: "list[tuple[str, Price, Price]]" = []


class MemberSection(msgspec.Struct, kw_only=True):
    """[[member]] a gateway. x: its public key from `elecbay keys show`; meter: its name in meter messages; node: where its line ends."""

    name: Name
    x: str
    meter: Label = ""
    node: str


class LineSection(msgspec.Struct, kw_only=True):
    """[[line]] of the feeder from parent ("": the transformer) to node, milliohms and the W it may carry either way."""

    node: Name
    parent: str = ""
    r_mohm: Natural
    x_mohm: Natural = 0
    max_w: Positive


class SimulationSection(msgspec.Struct, kw_only=True):
    """[simulation] market time was `start` when the wall's clock showed `wall`, and runs `rate` times as fast."""

    start: int
    rate: "Annotated[float, msgspec.Meta(gt=0)]" = 1.0
    wall: "float | None" = None


class MarketFile(msgspec.Struct, kw_only=True):
    """The file."""

    market: MarketSection
    terms: TermsSection = msgspec.field(default_factory=TermsSection)
    tariff: TariffSection
    member: "list[MemberSection]" = []
    line: "list[LineSection]"
    simulation: "SimulationSection | None" = None
