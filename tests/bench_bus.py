"""The bus part of `make bench`: requests of a look, counted at a simulated device, beside one request a value and the best there can be;

and CPU for many devices beside a bare asyncio client and libmodbus in the same run. Kept in bench/results/bus.json.
"""

import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bench_peers import READ, bare_asyncio, libmodbus  # noqa: E402
from modbus_help import rtu, setup, tcp  # noqa: E402

import drivers.profiles  # noqa: E402
from drivers import frames  # noqa: E402
from drivers import profile as profiles  # noqa: E402
from drivers.nouns import Reading  # noqa: E402
from drivers.plan import spans  # noqa: E402
from gateway.host.clock import Clock  # noqa: E402
from gateway.host.home_devices import names_in  # noqa: E402
from gateway.host.unit import Unit  # noqa: E402
from gateway.host.wire import Wire  # noqa: E402
from sim_devices.bodies import Sheet  # noqa: E402
from sim_devices.face import Face  # noqa: E402
from sim_devices.servers import RtuBus, TcpServer  # noqa: E402
from sim_devices.typical import typical  # noqa: E402

MAKES = ("sdm630", "sunspec", "huawei", "solaredge", "victron", "keba")
TURNAROUND_MS = 5.0  # of a device; slower ones make each saved request worth more
DEVICES, ROUNDS = 50, 40
Requests = list[tuple[int, int, int]]


class Counted(Face):
    """A device that writes down what it is asked."""

    def __init__(self, profile: profiles.Profile, sheet: Sheet) -> None:
        super().__init__(profile, sheet)
        self.reads: Requests = []

    def answer(self, pdu: bytes) -> bytes:
        asked = frames.parse_request(pdu)
        self.reads.append((asked.function, asked.address, asked.count))
        return super().answer(pdu)


async def asked(name: str) -> "tuple[Requests, Requests, dict[int, int]]":
    """(the requests of one whole look, those of the next one, which is for fast values, where its models are). The walk through a
    SunSpec device is done once, and left out."""
    profile = profiles.load(name)
    device, heard = Counted(profile, Sheet(typical(profile))), set()
    link = profile.links[0]
    server: Any = (RtuBus if link[0] == "rtu" else TcpServer)({1: device})
    await server.start()
    place = rtu(server.wire.path, link[1], f"8{link[2:][0]}1") if link[0] == "rtu" else tcp(server.port)
    wire = Wire(place)
    unit = Unit(setup("d", name, place), wire, Clock(), lambda readings, raw: heard.update(r.quantity for r in readings))
    await unit.look()
    whole, device.reads = device.reads[walk(device) :], []
    await unit.look()
    wire.close()
    await server.stop()
    assert heard == set(device.body.values()), f"{name}: a look brings every value"
    return whole, device.reads, device.base


def walk(device: Face) -> int:
    """How many requests it takes to find its models."""
    if not device.profile.sunspec:
        return 0
    steps = profiles.sunspec_walk(device.profile)
    question, count = next(steps), 0
    while True:
        count += 1
        function, address, length = question
        regs = [device.image.get((function, address + i)) for i in range(length)]
        try:
            question = steps.send(None if None in regs else regs)
        except StopIteration:
            return count


def line_ms(link: "tuple[Any, ...]", requests: Requests) -> float:
    """RTU: 8 characters there, 5 and the registers back, 3.5 of silence twice, the turnaround. TCP: the turnaround, and two frames of
    Ethernet at 100 Mbit/s."""
    if link[0] == "rtu":
        char_ms = (10 if link[2] == "N" else 11) * 1000 / link[1]
        return sum((8 + 5 + 2 * count + 7) * char_ms + TURNAROUND_MS for _, _, count in requests)
    return sum(TURNAROUND_MS + (2 * 78 + 12 + 9 + 2 * count) * 8 / 100_000 for _, _, count in requests)


def merged(values: Requests) -> Requests:
    """One request a value: sorted, as (function, address, count); values in the same registers are one."""
    return sorted({(function, first, after - first) for function, first, after in values})


def fewest(values: Requests, largest: int) -> Requests:
    """As few requests as a device could do with that lets itself be read across any gap: each as long as it may be."""
    found: "list[list[int]]" = []
    for function, first, count in values:
        last = found[-1] if found else None
        if last and last[0] == function and first + count - last[1] <= largest:
            last[2] = max(last[2], first + count - last[1])
        else:
            found.append([function, first, count])
    return [(f, first, count) for f, first, count in found]


def cheapest_ms(link: "tuple[Any, ...]", values: Requests, largest: int) -> float:
    """The least time that any cut of the sorted values into requests takes."""
    best = [0.0]
    for j in range(1, len(values) + 1):
        ways = []
        for i in range(j):
            function, first, _ = values[i]
            count = max(at + n for _, at, n in values[i:j]) - first
            if values[j - 1][0] == function and (count <= largest or i == j - 1):
                ways.append(best[i] + line_ms(link, [(function, first, count)]))
        best.append(min(ways))
    return best[-1]


def planned(name: str) -> "dict[str, object]":
    """One product: requests and milliseconds of a look, as planned, one by one, and the best."""
    profile = profiles.load(name)
    link, largest = profile.links[0], profile.bus.get("largest", 125)
    mine, fast, base = asyncio.run(asked(name))
    single = merged(spans(profile, base))
    costs = {"planned": mine, "fast values alone": fast, "one by one": single, "fewest": fewest(single, largest)}
    return {
        "what": f"one look at {name}",
        "line": " ".join(str(word) for word in link),
        "requests": {word: len(requests) for word, requests in costs.items()},
        "wire_ms": {
            **{word: round(line_ms(link, requests), 2) for word, requests in costs.items()},
            "cheapest": round(cheapest_ms(link, single, largest), 2),
        },
    }


def cpu() -> "list[dict[str, object]]":
    """CPU of one look at a meter, of many looked at side by side: the gateway beside the bare clients."""
    served = subprocess.Popen([sys.executable, __file__, "serve", str(DEVICES)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert served.stdout and served.stdin
    try:
        ports = [int(word) for word in served.stdout.readline().split()]
        mine = asyncio.run(gateway(ports))
        others = {"bare asyncio, no decoding": asyncio.run(bare_asyncio(ports, ROUNDS)), "libmodbus, no decoding": libmodbus(ports, ROUNDS)}
    finally:
        served.stdin.close()
        served.wait(10)
    rows: "list[dict[str, object]]" = []
    for beside, other in others.items():
        if other is None:
            print(f"{beside}: left out: it is not installed (Debian: apt install libmodbus5)")
            continue
        what = f"CPU of one look at a meter, {len(ports)} meters, ms"
        rows.append({"what": what, "value": round(mine, 4), "beside": beside, "other": round(other, 4), "ratio": round(mine / other, 2)})
    return rows


async def gateway(ports: "list[int]") -> float:
    """Milliseconds of CPU a look, with decoding, readings and all."""
    heard: "list[Reading]" = []
    wires = [Wire(tcp(port)) for port in ports]
    units = [Unit(setup("d", "sdm630", wire.place), wire, Clock(), lambda readings, raw: heard.extend(readings)) for wire in wires]
    await asyncio.gather(*[unit.look() for unit in units])
    heard.clear()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        await asyncio.gather(*[unit.look() for unit in units])
        spent.append(time.process_time() - began)
    assert len(heard) >= ROUNDS * len(ports)
    for wire in wires:
        wire.close()
    return median(spent) * 1000 / len(ports)


async def serve(count: int) -> None:
    """Meters on ports of their own, which are printed, until standard input ends."""
    sheet = Sheet(typical(profiles.load("sdm630")))
    servers = [TcpServer({1: Face(profiles.load("sdm630"), sheet)}) for _ in range(count)]
    for server in servers:
        await server.start()
    print(*[server.port for server in servers], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def table(looks: "list[dict[str, Any]]") -> "list[str]":
    """For the terminal."""
    words = list(looks[0]["wire_ms"])
    lines = [f"{'':32} requests {'':31} | ms on the wire", f"{'':32} " + " ".join(f"{w[:11]:>11}" for w in words[:-1] + words)]
    for look in looks:
        figures = [*look["requests"].values(), *look["wire_ms"].values()]
        lines.append(f"{look['what'][12:]:20} {look['line']:11} " + " ".join(f"{figure:>11}" for figure in figures))
    return lines


def main() -> int:
    """Measure, print, keep."""
    names = [name for name in names_in(drivers.profiles) if name.startswith(MAKES) and profiles.load(name).protocol == "modbus"]
    looks = [planned(name) for name in names]
    print("\n".join(table(looks)))
    rows = cpu()
    for row in rows:
        print(f"{row['what']:48} {row['value']:>8} | {row['beside']:28} {row['other']:>8} | x {row['ratio']}")
    where = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    model = {"turnaround_ms": TURNAROUND_MS, "read": list(READ)}
    out = ROOT / "bench" / "results" / "bus.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    out.write_text(json.dumps({"at": at, **where, **model, "looks": looks, "cpu": rows}, indent=1) + "\n")
    print(f"kept in {out.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(serve(int(sys.argv[2]))) or 0 if sys.argv[1:2] == ["serve"] else main())
