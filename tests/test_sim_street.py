"""The street's plans, its twin without a market, and the account: what the demo says must follow from what was billed."""

import tomllib
from pathlib import Path

import pytest

from gateway.host import home_toml
from gateway.host.clock import FastClock
from gateway.host.keys import Signer
from market import envelope, settlement
from market.services import config as market_config
from market.services.mirrors import mirrored
from sim_devices import street
from sim_devices.record import Heard
from sim_devices.report import CENT, Row, checks, euro
from sim_devices.site import Site
from sim_devices.twin import Outcome, Stock, after, evening
from sim_devices.watch import HomeTotals, Watch, verified
from sim_devices.weather import Sky

EVENING = 1_782_052_200


def described(plan: street.Plan) -> tuple[object, ...]:
    devices = [(d.name, d.profile, d.link, d.unit, sorted(d.wishes.items())) for d in plan.devices]
    house = plan.house(Sky(1), EVENING)
    return plan.name, plan.seed, plan.base_w, plan.scale, devices, house.values("grid")


def test_the_same_seed_is_the_same_street() -> None:
    assert [described(p) for p in street.plans(7, 3)] == [described(p) for p in street.plans(7, 3)]
    assert [described(p) for p in street.plans(7, 3)] != [described(p) for p in street.plans(7, 4)]
    assert [described(p) for p in street.plans(3, 3)] == [described(p) for p in street.plans(7, 3)][:3], "more homes change no other"


def test_nothing_is_never_less_than_nothing() -> None:
    assert [euro(nano) for nano in (-400_000, 0, 400_000, -600_000)] == ["0.000", "0.000", "0.000", "-0.001"]


async def test_the_configs_it_writes_are_sound(tmp_path: Path) -> None:
    clock, sky = FastClock(EVENING, 1), Sky(1)
    simulation = street.Simulation(EVENING, 240.0, clock.wall)
    members, registrar = {}, envelope.b64url(Signer(bytes(32)).public)
    for plan in street.plans(3, 1):
        folder = tmp_path / plan.name
        folder.mkdir()
        _, members[plan.name] = street.new_key(folder)
        site = Site(plan, sky, clock, EVENING)
        await site.start()
        setup = home_toml.load(street.write_home(folder, plan, site.at, "mqtt://127.0.0.1:1", registrar, simulation))
        assert {d.name for d in setup.devices} == {d.name for d in plan.devices}
        assert setup.simulation == {"start": EVENING, "rate": 240, "wall": clock.wall}, "to the last digit: all processes share a clock"
        await site.stop()
    path = street.write_market(tmp_path, members, "mqtt://127.0.0.1:1", simulation)
    assert [row[1] for row in market_config.load(path).gateways] == list(members.values())
    assert tomllib.loads(path.read_text())["terms"] == street.TERMS


def test_the_twin_is_the_same_every_time_and_adds_up() -> None:
    for plan in street.plans(3, 1):
        one, two = (evening(plan, Sky(1), EVENING - 900, range(EVENING, EVENING + 1800, 300)) for _ in range(2))
        assert one == two
        dear, cheap = street.TARIFF
        assert one.cost == sum(n * (dear if n > 0 else cheap) for n in one.nets) and len(one.nets) == 6


def test_a_home_alone_keeps_its_sun() -> None:
    alone = evening(street.plans(1, 1)[0], Sky(1), EVENING - 900, range(EVENING, EVENING + 1800, 300))
    assert sum(map(abs, alone.nets)) < 30, "while it stores, hardly anything crosses the meter"


def test_a_car_is_ready_in_the_morning() -> None:
    plan = street.plans(2, 1)[1]
    alone = evening(plan, Sky(1), EVENING - 900, range(EVENING, EVENING + 3 * 3600, 300))
    need = next(d.wishes["need_wh"] for d in plan.devices if d.kind == "ev")
    assert alone.after.driven_wh - alone.before.driven_wh >= need - 50


def test_a_house_lives_its_night_alone_from_where_the_market_left_it() -> None:
    plan = street.plans(2, 1)[1]
    house = plan.house(Sky(1), EVENING)
    house.step(EVENING + 2 * 3600)
    house.write("wallbox", "current_limit_ma", 16_000)
    house.step(EVENING + 2 * 3600 + 1800)
    left, before = house.copy(), Stock.of(house)
    night = after(plan, left, 0, before, 300)
    charged = night.after.driven_wh - Stock.of(plan.house(Sky(1), EVENING)).driven_wh
    need = next(d.wishes["need_wh"] for d in plan.devices if d.kind == "ev")
    assert need - 50 <= charged <= need + 300, "what the evening charged is not charged again"
    assert Stock.of(house) == before and night.night > 0, "the copy lives by itself"


SLOT = EVENING


def messages(bend: int = 0) -> list[Heard]:
    """A slot's messages as a market would send them; bend: added to the first home's total."""
    market = Signer(b"m" * 32)
    bills = {}
    for kid, fills, metered in (("k1", [(-300, 150_000)], -320), ("k2", [(300, 150_000)], 280)):
        lines, total, rating = settlement.bill(fills, metered, *street.TARIFF, street.TERMS, 1000)
        body = {"awarded_wh": fills[0][0], "metered_wh": metered, "lines": lines, "total": total + bend, "rating": rating}
        bend, bills[kid] = 0, body
    for role, lines in mirrored([b["lines"] for b in bills.values()]).items():
        bills[role] = {"awarded_wh": 0, "metered_wh": 0, "lines": lines, "total": settlement.total(lines), "rating": 1000}
    out = []
    for i, (kid, body) in enumerate(bills.items()):
        payload = {"v": 1, "type": "bill", "market": "street", "from": market.kid, "seq": i, "at": SLOT, "slot": SLOT, **body}
        out.append(Heard(f"elecbay/1/street/gw/{kid}/bill", envelope.seal(payload, market), False, SLOT))
    return out


def watched(bend: int = 0) -> Watch:
    watch = Watch()
    for heard in [*messages(bend), Heard("elecbay/1/street/gw/k1/bill", b"nonsense", False, SLOT)]:
        watch.told(heard)
    return watch


def test_the_account_follows_from_the_bills() -> None:
    watch = watched()
    assert watch.unbalanced() == []
    slots = range(SLOT, SLOT + 300, 300)
    seller, buyer = (watch.totals(kid, slots) for kid in ("k1", "k2"))
    assert (seller.sold, seller.exported, seller.promised, seller.delivered) == (300, 20, 300, 300)
    assert (buyer.bought, buyer.exported, buyer.promised, buyer.delivered) == (300, 20, 300, 280)
    assert buyer.cost == 300 * 150_000 - 20 * 80_000 + 20 * 100_000 + 300 * 2000 + 300 * 8000
    assert watch.billed(["k1", "k2"], slots) and not watch.billed(["k1", "k2"], range(SLOT, SLOT + 600, 300))


def test_a_bill_that_does_not_add_up_is_seen() -> None:
    assert watched(bend=1).unbalanced() == [SLOT]


def test_verified_slots_are_read_from_the_ledger() -> None:
    lines = [
        b'{"slot":300,"kind":"verified","detail":{"ok":true,"findings":[]}}\n',
        b'{"slot":600,"kind":"verified","detail":{"ok":false,"findings":["the root is another"]}}\n',
        b'{"slot":900,"kind":"bill","detail":{}}\n',
    ]
    assert verified(lines) == {300: [], 600: ["the root is another"]}


def row(name: str, cents: int = 100, alone: int = 200, seen: int = 2, nets: tuple[int, ...] = (50, 50), stored: float = 0.0) -> Row:
    totals = HomeTotals(promised=1000, delivered=960)
    met = Outcome(cents * CENT, 0, Stock(0, 0), Stock(stored, 0))
    without = Outcome(alone * CENT, 0, Stock(0, 0), Stock(0, 0), nets)
    return Row(name, totals, met, without, seen, {} if seen == 2 else {600: ["a wrong root"]})


@pytest.mark.parametrize(
    ("rows", "unbalanced", "traded", "wrong"),
    [
        ([row("a"), row("b", nets=(-50, 5))], [], [True, False], []),
        ([row("a"), row("b", nets=(-50, -50))], [], [True, False], ["awards"]),
        ([row("a"), row("b")], [600], [True, True], ["sum to zero"]),
        ([row("a"), row("b", seen=1)], [], [True, True], ["every gateway verified"]),
        ([row("a", alone=10_000), row("b", cents=300)], [], [True, True], ["no home"]),
        ([row("a", alone=50)], [], [True, True], ["the street pays", "no home"]),
        ([row("a", alone=99, stored=60)], [], [True, True], []),
        ([row("a"), row("b", cents=201)], [], [True, True], []),
    ],
)
def test_the_verdict(rows: list[Row], unbalanced: list[int], traded: list[bool], wrong: list[str]) -> None:
    failed = [check.text for check in checks(rows, unbalanced, 2, traded) if not check.holds]
    assert len(failed) == len(wrong) and all(w in text for w, text in zip(wrong, failed)), failed
