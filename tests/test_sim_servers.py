"""Simulated devices on real wires, asked by pymodbus, which knows nothing of our profiles or frames."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient

from drivers.profile import blocks, load
from sim_devices.appliances import Battery, Roof, Tank, Wallbox
from sim_devices.bodies import Resident
from sim_devices.face import Face
from sim_devices.household import Household
from sim_devices.physics import House
from sim_devices.ptys import PushMeter, Wire
from sim_devices.servers import RtuBus, TcpServer
from sim_devices.weather import DAY, LOCAL_S, Sky

EVENING = 1_782_052_200


@pytest.fixture
def house() -> House:
    sky = Sky(1)
    devices = {"pv": Roof(sky, 6000), "store": Battery(10_000, 5000), "car": Wallbox("s", need_wh=9000), "tank": Tank("s")}
    house = House(Household("1:x"), devices, EVENING)
    house.step(EVENING + 60)
    return house


async def tcp(house: House, profile: str, device: str) -> AsyncIterator[AsyncModbusTcpClient]:
    server = TcpServer({1: Face(load(profile), Resident(house, device))}, lambda: None)
    await server.start()
    client = AsyncModbusTcpClient("127.0.0.1", port=server.port, timeout=2, retries=0)
    assert await client.connect()
    yield client
    client.close()
    await server.stop()


@pytest.fixture
async def pv(house: House) -> AsyncIterator[AsyncModbusTcpClient]:
    async for client in tcp(house, "sunspec_inverter", "pv"):
        yield client


@pytest.fixture
async def store(house: House) -> AsyncIterator[AsyncModbusTcpClient]:
    async for client in tcp(house, "sunspec_battery", "store"):
        yield client


@pytest.fixture
async def tank(house: House) -> AsyncIterator[AsyncModbusTcpClient]:
    async for client in tcp(house, "mypv_elwa", "tank"):
        yield client


async def models(client: AsyncModbusTcpClient) -> dict[int, int]:
    """Walk the chain as the standard says."""
    assert (await client.read_holding_registers(40000, count=2, device_id=1)).registers == [0x5375, 0x6E53]
    at, found = 40002, {}
    while True:
        model, length = (await client.read_holding_registers(at, count=2, device_id=1)).registers
        if model == 0xFFFF:
            assert length == 0
            return found
        found[model] = at
        at += 2 + length


def signed(register: int) -> int:
    return register - 65536 if register & 0x8000 else register


async def test_a_sunspec_inverter_shows_its_models_and_its_power(house: House, pv: AsyncModbusTcpClient) -> None:
    found = await models(pv)
    assert set(found) == {1, 103, 120, 123}
    power, factor = (await pv.read_holding_registers(found[103] + 14, count=2, device_id=1)).registers
    assert signed(power) * 10 ** signed(factor) == -house.values("pv")["power_w"] > 1000
    rated, factor = (await pv.read_holding_registers(found[120] + 3, count=2, device_id=1)).registers
    assert rated * 10 ** signed(factor) == 6000


async def test_a_sunspec_limit_holds_for_its_revert_time(house: House, pv: AsyncModbusTcpClient) -> None:
    at = (await models(pv))[123]
    for offset, value in ((7, 60), (5, 1000), (9, 1)):  # 60 s, 10 %, on
        assert not (await pv.write_registers(at + offset, [value], device_id=1)).isError()
    assert (await pv.read_holding_registers(at + 5, count=1, device_id=1)).registers == [1000]
    house.step(house.now + 30)
    assert house.values("pv")["power_w"] == -600
    house.step(house.now + 60)
    assert house.values("pv")["power_w"] < -1000


async def test_a_sunspec_battery_does_as_told(house: House, store: AsyncModbusTcpClient) -> None:
    at = (await models(store))[124]
    written = await store.write_registers(at + 12, [5000, 65536 - 5000, 0, 120], device_id=1)  # discharge 50 %: OutWRte, InWRte
    assert not written.isError()
    house.step(house.now + 10)
    assert house.values("store")["power_w"] != -2500, "not enabled yet"
    assert not (await store.write_registers(at + 5, [3], device_id=1)).isError()
    house.step(house.now + 10)
    assert house.values("store")["power_w"] == pytest.approx(-2500, abs=1)
    assert not (await store.write_registers(at + 5, [0], device_id=1)).isError()
    house.step(house.now + 20)
    assert abs(house.values("grid")["power_w"]) < 30, "released, it keeps the meter at zero"


async def test_a_water_heater_forgets_after_its_time_out(house: House, tank: AsyncModbusTcpClient) -> None:
    assert not (await tank.write_registers(1000, [1500], device_id=1)).isError()
    house.step(house.now + 50)
    power, temperature = (await tank.read_holding_registers(1000, count=2, device_id=1)).registers
    assert power == 1500 and abs(temperature - 500) < 10
    house.step(house.now + 20)
    assert (await tank.read_holding_registers(1000, count=1, device_id=1)).registers == [0]


async def test_what_is_not_there_is_refused(house: House, tank: AsyncModbusTcpClient) -> None:
    assert (await tank.read_holding_registers(5000, count=1, device_id=1)).exception_code == 2
    assert (await tank.write_registers(5000, [1], device_id=1)).exception_code == 2
    assert (await tank.write_coil(0, True, device_id=1)).exception_code == 1
    assert (await tank.read_holding_registers(1000, count=1, device_id=9)).exception_code == 11
    assert not (await tank.read_holding_registers(1000, count=1, device_id=1)).isError(), "and it goes on answering"


async def test_two_clients_at_once(house: House) -> None:
    server = TcpServer({1: Face(load("mypv_elwa"), Resident(house, "tank"))}, lambda: None)
    await server.start()
    clients = [AsyncModbusTcpClient("127.0.0.1", port=server.port, timeout=2) for _ in range(2)]
    for client in clients:
        await client.connect()
    reads = [c.read_holding_registers(1000, count=2, device_id=1) for c in clients for _ in range(20)]
    assert not any(r.isError() for r in await asyncio.gather(*reads))
    for client in clients:
        client.close()
    await server.stop()


@pytest.fixture
async def bus(house: House) -> AsyncIterator[AsyncModbusSerialClient]:
    server = RtuBus({1: Face(load("heidelberg"), Resident(house, "car")), 2: Face(load("sdm630"), Resident(house, "grid"))}, lambda: None)
    await server.start()
    client = AsyncModbusSerialClient(server.wire.path, baudrate=19200, timeout=0.5, retries=0)
    assert await client.connect()
    yield client
    client.close()
    await server.stop()


async def test_wallbox_and_meter_share_a_bus(house: House, bus: AsyncModbusSerialClient) -> None:
    house.step(house.devices["car"].visit((EVENING + LOCAL_S) // DAY)[0] + 60)  # type: ignore[attr-defined]
    assert (await bus.read_input_registers(5, count=1, device_id=1)).registers == [4], "a car, not charging"
    for address, value in ((257, 60_000), (261, 100)):
        assert not (await bus.write_register(address, value, device_id=1)).isError()
    house.step(house.now + 10)
    assert (await bus.read_input_registers(5, count=2, device_id=1)).registers == [7, 100]
    power = (await bus.read_input_registers(52, count=2, device_id=2)).registers
    told = AsyncModbusSerialClient.convert_from_registers(power, AsyncModbusSerialClient.DATATYPE.FLOAT32)
    assert told == house.values("grid")["power_w"]
    energy = (await bus.read_input_registers(72, count=2, device_id=2)).registers
    kwh = AsyncModbusSerialClient.convert_from_registers(energy, AsyncModbusSerialClient.DATATYPE.FLOAT32)
    assert abs(kwh * 1000 - house.values("grid")["energy_import_wh"]) < 0.5


async def test_all_of_a_map_is_read_at_once(house: House, bus: AsyncModbusSerialClient) -> None:
    for unit, name in ((1, "heidelberg"), (2, "sdm630")):
        for function, address, count in blocks(load(name), {}):
            read = bus.read_input_registers if function == 4 else bus.read_holding_registers
            assert len((await read(address, count=count, device_id=unit)).registers) == count


async def test_an_absent_unit_is_silent_and_the_bus_recovers(bus: AsyncModbusSerialClient) -> None:
    with pytest.raises(Exception, match="No response"):
        await bus.read_input_registers(5, count=1, device_id=7)
    bus.close()
    assert await bus.connect()
    assert not (await bus.read_input_registers(5, count=1, device_id=1)).isError()


def test_a_wire_without_a_reader_drops_whole_frames() -> None:
    wire = Wire()
    frames = [b"<%04d" % i + b"x" * 700 + b">" for i in range(300)]
    sent = []
    for frame in frames:
        sent += [frame] if wire.write(frame) else []
        time.sleep(0.0005)  # the kernel hands bytes over a little later
    assert 1 <= len(sent) < 10, "what waits is fresh"
    reader = os.open(wire.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    assert os.read(reader, 65536) == b"".join(sent)
    late = b"<" + b"y" * 700 + b">"
    assert wire.write(late) and os.read(reader, 65536) == late
    os.close(reader)
    wire.close()


def test_a_frame_larger_than_the_pty_comes_whole() -> None:
    wire = Wire()
    large = bytes(range(256)) * 1000
    assert wire.write(large) and not wire.write(b"no")
    reader = os.open(wire.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
    got = b""
    while len(got) < len(large):
        got += os.read(reader, 65536)
        if len(got) < len(large):
            wire.write(b"")
    assert got == large
    os.close(reader)
    wire.close()


def test_a_meter_talks_on_the_beat_and_never_late() -> None:
    meter = PushMeter(lambda at: b"%d\n" % at, 10)
    for now in (1003, 1004, 1010, 1011, 1047, 1050):
        meter.tick(now)
        time.sleep(0.01)
    reader = os.open(meter.wire.path, os.O_RDONLY | os.O_NOCTTY)
    assert os.read(reader, 100).split() == [b"1003", b"1010"], "the others found nobody reading"
    assert meter.dropped == 2
    meter.tick(1061)
    assert os.read(reader, 100) == b"1061\n"
    os.close(reader)
    meter.wire.close()
