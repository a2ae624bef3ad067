"""The simulator's faults, each by its switch: what they do on the wire, seeded and combined; the gateway meets them and reads on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from modbus_help import tcp
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.framer import FramerType

from drivers import frames
from drivers import profile as profiles
from drivers.nouns import Garbled, Silent
from drivers.push import framer
from gateway.host.wire import Denied, Wire
from sim_devices.bodies import Sheet
from sim_devices.face import Face
from sim_devices.faults import CODES, KINDS, ROLL_WH, SPELL, Faults
from sim_devices.framing import Listener, Rtu, Tcp
from sim_devices.ptys import PushMeter
from sim_devices.pushed import telegram_of
from sim_devices.servers import TcpServer, settled
from sim_devices.typical import VALUES, typical

ASK = frames.read(4, 52, 2)
SAID = typical(profiles.load("sdm630"))
RIGHT = frames.reply(frames.parse_request(ASK), [0x453B, 0x8000])  # 3000 W as Float32


def face(faults: "Faults | None" = None) -> Face:
    return Face(profiles.load("sdm630"), Sheet(SAID), faults)


def replies(faults: Faults, times: int = 1, framing: Any = None) -> "list[tuple[bytes | None, float]]":
    """What leaves for `times` requests of unit 7, the i-th with transaction id i."""
    framing = framing or Tcp()
    listener = Listener({7: face(faults)}, settled, framing)
    leaving = [one for i in range(times) for one in listener.heard(framing.sealed(i, 7, ASK))]
    return [(one.data, one.delay_s) for one in leaving]


def test_without_faults_every_request_is_answered_at_once() -> None:
    assert replies(Faults(), 3) == [(frames.tcp(i, 7, RIGHT), 0.0) for i in range(3)]
    assert replies(Faults(), 1, Rtu()) == [(frames.rtu(7, RIGHT), 0.0)]


ALWAYS = {
    "dead": lambda got: got == [],
    "night": lambda got: got == [],
    "slow": lambda got: got == [(frames.tcp(0, 7, RIGHT), 0.2)],
    "late": lambda got: got == [(frames.tcp(0, 7, RIGHT), 1.5)],
    "denied": lambda got: got[0][0][7] == 0x84 and got[0][0][8] in CODES,
    "unit": lambda got: got == [(frames.tcp(0, 8, RIGHT), 0.0)],
    "foreign": lambda got: got[0][0][:2] != b"\0\0" and got[0][0][2:] == frames.tcp(0, 7, RIGHT)[2:],
    "torn": lambda got: frames.tcp(0, 7, RIGHT).startswith(got[0][0]) and 0 < len(got[0][0]) < len(RIGHT) + 7,
    "noise": lambda got: sum((a ^ b).bit_count() for a, b in zip(got[0][0], frames.tcp(0, 7, RIGHT), strict=True)) == 1,
    "dropped": lambda got: got == [(None, 0.0)],
    "swapped": lambda got: got == [(frames.tcp(0, 7, RIGHT[:2] + RIGHT[4:] + RIGHT[2:4]), 0.0)],
    "rolled": lambda got: got == [(frames.tcp(0, 7, RIGHT), 0.0)],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_does_what_it_is_called(kind: str) -> None:
    faults = Faults(**{kind: 1.0})
    assert ALWAYS[kind](replies(faults))
    assert faults.struck[kind] == 1
    faults.heal()
    assert replies(faults) == [(frames.tcp(0, 7, RIGHT), 0.0)]


def test_a_counter_rolls_over() -> None:
    rolled = face(Faults(rolled=1.0))
    rolled.answer(ASK)
    said = {r.quantity: r.value for r in profiles.decode(rolled.profile, rolled.base, rolled.image, "it", 0)}
    assert said == {q: v % ROLL_WH if q.startswith("energy") else v for q, v in SAID.items()} != SAID


def test_noise_on_rtu_hits_any_byte_and_the_checksum_tells() -> None:
    for data, _ in replies(Faults(noise=1.0), 50, Rtu()):
        assert data is not None and data != frames.rtu(7, RIGHT)
        with pytest.raises(Garbled):
            frames.unrtu(data)


def test_a_seed_gives_the_same_faults_again_and_kinds_do_not_disturb_each_other() -> None:
    mix = {"dead": 0.2, "torn": 0.3, "unit": 0.1}
    assert replies(Faults(5, **mix), 200) == replies(Faults(5, **mix), 200) != replies(Faults(6, **mix), 200)
    alone, both = Faults(5, dead=0.2), Faults(5, dead=0.2, noise=0.5)
    replies(alone, 200)
    replies(both, 200)
    assert alone.struck["dead"] == both.struck["dead"] > 20 and both.struck["noise"] > 50


def test_a_night_lasts_a_spell() -> None:
    faults = Faults(night=1.0)
    assert replies(faults) == []
    faults.switch(night=0)
    assert len(replies(faults, 10)) == 10 - (SPELL - 1)


def test_an_unknown_fault_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no fault: one of dead night"):
        Faults(ded=1.0)


def test_a_device_is_strict() -> None:
    """Longer reads than it allows, functions that it has not, registers that it has not."""
    box = Face(profiles.load("heidelberg"), Sheet())
    assert box.answer(frames.read(4, 5, 31))[1] == 3
    assert box.answer(frames.write(16, 261, [60]))[1] == 1, "it knows function 6 only"
    assert box.answer(frames.write(6, 9, [1]))[1] == 2
    assert face().answer(frames.write(6, 52, [1]))[1] == 2, "a meter takes no writes"
    assert box.answer(b"\x2b\0\0\0\1") == b"\xab\x01", "nor others"


@contextlib.asynccontextmanager
async def served(server: TcpServer, timeout_s: float = 0.05) -> "AsyncIterator[Wire]":
    await server.start()
    wire = Wire(tcp(server.port), timeout_s)
    try:
        yield wire
    finally:
        wire.close()
        await server.stop()


MEETS = {"dead": Silent, "night": Silent, "late": Silent, "denied": Denied, "unit": Silent, "foreign": Silent, "torn": Silent,
         "dropped": Silent}  # fmt: skip


@pytest.mark.parametrize("kind", MEETS)
async def test_the_gateway_meets_a_fault_and_reads_on_when_it_is_over(kind: str) -> None:
    faults = Faults(late_s=0.07, **{kind: 1.0})
    async with served(TcpServer({7: face(faults)})) as wire:
        with pytest.raises(MEETS[kind] if kind == "denied" else (Silent, Garbled)):
            await wire.read(7, 4, 52, 2)
        faults.heal()
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(Silent, Garbled):
                    assert await wire.read(7, 4, 52, 2) == [0x453B, 0x8000]
                    return
                await asyncio.sleep(0.05)


async def test_rtu_over_tcp_with_pymodbus() -> None:
    server = TcpServer({7: face()}, framing=Rtu())
    await server.start()
    client = AsyncModbusTcpClient("127.0.0.1", port=server.port, framer=FramerType.RTU, timeout=0.3, retries=0)
    assert await client.connect()
    assert (await client.read_input_registers(52, count=2, device_id=7)).registers == [0x453B, 0x8000]
    with pytest.raises(Exception, match="No response"):
        await client.read_input_registers(52, count=2, device_id=8)
    client.close()
    await server.stop()


async def test_no_more_connections_than_the_device_takes() -> None:
    server = TcpServer({7: face()}, most=1)
    await server.start()
    first = await asyncio.open_connection("127.0.0.1", server.port)
    await asyncio.sleep(0)
    second = await asyncio.open_connection("127.0.0.1", server.port)
    assert await second[0].read() == b"" and server.connections == 1
    for _, writer in (first, second):
        writer.close()
    await server.stop()


@pytest.mark.parametrize("name", ["p1", "sml", "tic_standard", "dlms_hdlc", "dlms_mbus"])
def test_a_push_meter_fails_and_its_wrong_telegrams_are_dropped(name: str) -> None:
    profile = profiles.load(name)
    faults = Faults(3, dead=0.1, torn=0.2, noise=0.3, late=0.1)
    meter, reader = PushMeter(telegram_of(profile, 1, lambda: VALUES), 1, faults), framer(profile.protocol, profile.quirks)
    sent: "list[bytes]" = []
    meter.wire.write = lambda frame: bool(sent.append(frame)) or True  # type: ignore[method-assign]
    for now in range(300):
        meter.tick(now)
    reader.add(b"".join(sent) + telegram_of(profile, 1, lambda: VALUES)(300), 0)
    good = []
    while (telegram := reader.next()) is not None:
        good.append(dict(telegram.readings))
    assert 100 < len(good) < 250 and reader.bad > 30 and sum(faults.struck.values()) > 150
    assert all(telegram.items() <= VALUES.items() and "energy_import_wh" in telegram for telegram in good)
    meter.wire.close()
