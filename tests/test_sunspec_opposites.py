"""SunSpec with opposite ends that are not ours: pysunspec2 reads and drives our simulated devices, and makes what our gateway reads."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from modbus_help import Image, Peer, TcpPeers, setup, tcp
from sunspec2.file.client import FileClientDevice
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP

import drivers.profiles
from drivers import profile as profiles
from gateway.host.clock import Clock
from gateway.host.home_devices import names_in
from gateway.host.unit import Unit
from gateway.host.wire import Wire
from sim_devices.bodies import Sheet
from sim_devices.face import Face
from sim_devices.servers import TcpServer
from sim_devices.typical import typical

SUNSPEC = [name for name in names_in(drivers.profiles) if profiles.load(name).sunspec]
# What the standard calls a quantity, in the models that may have it.
POINTS = {
    "power_w": ("W", "DCW"),
    "energy_export_wh": ("WH", "TotWhExp", "TotWhInj", "DCWH", "DCWhInj"),
    "energy_import_wh": ("TotWhImp", "TotWhAbs", "DCWH", "DCWhAbs"),
    "current_l1_ma": ("AphA", "AL1"), "current_l2_ma": ("AphB", "AL2"), "current_l3_ma": ("AphC", "AL3"),
    "voltage_l1_mv": ("PhVphA", "VL1"), "voltage_l2_mv": ("PhVphB", "VL2"), "voltage_l3_mv": ("PhVphC", "VL3"),
    "power_l1_w": ("WphA", "WL1"), "power_l2_w": ("WphB", "WL2"), "power_l3_w": ("WphC", "WL3"),
    "frequency_mhz": ("Hz",),
    "soc_permille": ("ChaState", "SoC"),
    "capacity_wh": ("WHRtg",),
    "power_max_w": ("WChaMax", "WRtg", "WMaxRtg", "WMax"),
}  # fmt: skip
FACTOR = {"w": 1, "wh": 1, "ma": 1000, "mv": 1000, "mhz": 1000, "permille": 10}


@asynccontextmanager
async def simulated(name: str, sheet: Sheet) -> "AsyncIterator[SunSpecModbusClientDeviceTCP]":
    """pysunspec2's client, connected to our simulated device; it blocks, so call it in a thread."""
    server = TcpServer({1: Face(profiles.load(name), sheet)})
    await server.start()
    client = SunSpecModbusClientDeviceTCP(1, "127.0.0.1", server.port, timeout=3)
    await asyncio.to_thread(client.connect)
    try:
        yield client
    finally:
        client.disconnect()
        await server.stop()


def shown(client: Any, quantity: str) -> "list[int]":
    """What pysunspec2 reads for a quantity, in our unit and without its sign: of each model, of each repeat in it, and of all repeats."""
    found = []
    for model in client.model_list:
        repeats = [one for group in model.groups.values() for one in (group if isinstance(group, list) else [group])]
        for point in POINTS[quantity]:
            values = [part.points[point].cvalue for part in (model, *repeats) if point in part.points]
            values = [value for value in values if value is not None]
            found += [*values, sum(values)]
    return [round(abs(value) * FACTOR[quantity.rsplit("_", 1)[1]]) for value in found]


@pytest.mark.parametrize("name", SUNSPEC)
async def test_pysunspec2_reads_what_our_device_says(name: str) -> None:
    said = typical(profiles.load(name))
    async with simulated(name, Sheet(said)) as client:
        await asyncio.to_thread(client.scan, connect=False)
    assert client.model_list and not any(model.error_info for model in client.model_list)
    named = {quantity: value for quantity, value in said.items() if quantity in POINTS}
    assert "power_w" in named
    for quantity, value in named.items():
        assert abs(value) in shown(client, quantity), quantity


async def test_pysunspec2_limits_our_inverter() -> None:
    sheet = Sheet(typical(profiles.load("sunspec_inverter")))
    async with simulated("sunspec_inverter", sheet) as client:
        await asyncio.to_thread(client.scan, connect=False)
        model = client.models[123][0]
        model.WMaxLimPct_RvrtTms.cvalue, model.WMaxLimPct.cvalue, model.WMaxLim_Ena.value = 60, 25, 1
        await asyncio.to_thread(model.write)
    assert {("timeout", 60), ("power_limit_w", 2000), ("enable", 1)} <= set(sheet.words), "a quarter of 8000 W"


async def test_pysunspec2_drives_our_battery() -> None:
    sheet = Sheet(typical(profiles.load("sunspec_battery")))
    async with simulated("sunspec_battery", sheet) as client:
        await asyncio.to_thread(client.scan, connect=False)
        model = client.models[124][0]
        model.OutWRte.cvalue, model.InWRte.cvalue, model.InOutWRte_RvrtTms.value, model.StorCtl_Mod.value = 50, -50, 120, 3
        await asyncio.to_thread(model.write)
    assert {("timeout", 120), ("power_setpoint_w", -4000), ("enable", 3)} <= set(sheet.words), "it discharges with half of 8000 W"


ROOF = {"ID": 103, "L": 50, "W": 421, "W_SF": 1, "WH": 7_654_321, "WH_SF": 0, "AphA": 61, "AphB": 62, "A_SF": -1,
        "PhVphA": 2312, "PhVphB": 2323, "V_SF": -1, "Hz": 4999, "Hz_SF": -2, "St": 4}  # fmt: skip
STORE = {"ID": 124, "L": 24, "WChaMax": 50, "WChaMax_SF": 2, "ChaState": 481, "ChaState_SF": -1, "ChaSt": 4, "InOutWRte_SF": -2}
BLOCKS = {1: {"ID": 1, "L": 66, "Mn": "Example", "Md": "Roof", "SN": "1"}, 120: {"ID": 120, "L": 26, "WRtg": 82, "WRtg_SF": 2},
          123: {"ID": 123, "L": 24, "WMaxLimPct_SF": -1}}  # fmt: skip
LOADED = {"ID": 120, "L": 26, "WRtg": 5000, "WRtg_SF": 0, "WHRtg": 102, "WHRtg_SF": 2}
IMAGES = [
    ("sunspec_inverter", 40000, [BLOCKS[1], ROOF, BLOCKS[120], BLOCKS[123]],
     {"power_w": -4210, "energy_export_wh": 7_654_321, "current_l1_ma": 6100, "current_l2_ma": 6200, "voltage_l1_mv": 231_200,
      "voltage_l2_mv": 232_300, "frequency_mhz": 49_990, "status": 4, "power_max_w": 8200}),
    ("sunspec_inverter", 50000, [BLOCKS[1], {"ID": 122, "L": 44}, BLOCKS[120], BLOCKS[123], {**ROOF, "W": -3}],
     {"power_w": 30, "energy_export_wh": 7_654_321, "power_max_w": 8200}),
    ("sunspec_inverter", 0, [BLOCKS[1], {**ROOF, "ID": 101}, BLOCKS[120], BLOCKS[123]], {"power_w": -4210, "voltage_l1_mv": 231_200}),
    ("sunspec_battery", 40000, [BLOCKS[1], {**ROOF, "W": -123}, LOADED, STORE],
     {"power_w": 1230, "voltage_l1_mv": 231_200, "capacity_wh": 10_200, "power_max_w": 5000, "soc_permille": 481, "status": 4}),
]  # fmt: skip


def image_of(folder: Path, start: int, models: "list[dict[str, Any]]") -> Image:
    """The holding registers that pysunspec2 makes of model contents; what is not named it calls not implemented."""
    path = folder / "device.json"
    path.write_text(json.dumps({"models": models}))
    device = FileClientDevice(str(path))
    device.scan()
    data = b"SunS" + b"".join(model.get_mb() for model in device.model_list) + b"\xff\xff\0\0"
    return {(3, start + i): int.from_bytes(data[2 * i : 2 * i + 2], "big") for i in range(len(data) // 2)}


@pytest.mark.parametrize(("name", "start", "models", "meant"), IMAGES, ids=[f"{name}-{start}" for name, start, _, _ in IMAGES])
async def test_the_gateway_reads_what_pysunspec2_made(
    name: str, start: int, models: "list[dict[str, Any]]", meant: "dict[str, int]", tmp_path: Path
) -> None:
    heard: "dict[str, int]" = {}
    async with TcpPeers(Peer(1, image_of(tmp_path, start, models))) as peers:
        wire = Wire(tcp(peers.port), 1.0)
        device = setup("d", name, tcp(peers.port))
        await Unit(device, wire, Clock(), lambda readings, raw: heard.update({r.quantity: r.value for r in readings})).look()
        wire.close()
    assert meant.items() <= heard.items()
    absent = {"current_l3_ma", "voltage_l3_mv"}
    assert not absent & heard.keys(), "what is not implemented gives no reading"
