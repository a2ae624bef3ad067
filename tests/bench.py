"""`make bench`: figures as ratios, each side by side with a peer or a limit in the same run; printed and kept in bench/results/.

Times of one machine on one day mean little alone, so every row names what it was measured beside.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "portable")]
ROUNDS = 7
RSS_LIMIT_MB = 45  # the gateway's budget on a Pi


def best_ms(work: Callable[[], object], times: int = 1) -> float:
    """Median over rounds of the milliseconds of one call."""
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        spent.append((time.perf_counter() - began) * 1000 / times)
    return median(spent)


def signatures() -> list[dict[str, object]]:
    """Portable Ed25519 beside libsodium, on this Python and on MicroPython."""
    from gateway.host.keys import Signer, verify
    from market import ed25519
    from market.envelope import SeedSigner

    seed, message = bytes(range(32)), b"x" * 248
    pure, sodium = SeedSigner(seed), Signer(seed)
    signature = sodium.sign(message)
    rows = [
        row("sign 248 B, portable", best_ms(lambda: pure.sign(message), 20), "libsodium", best_ms(lambda: sodium.sign(message), 500)),
        row(
            "verify 248 B, portable", best_ms(lambda: ed25519.verify(sodium.public, message, signature), 20),
            "libsodium", best_ms(lambda: verify(sodium.public, message, signature), 500),
        ),
    ]  # fmt: skip
    board = on_micropython("from market.envelope import SeedSigner\ns = SeedSigner(bytes(range(32)))", "s.sign(b'x' * 248)", 20)
    if board is not None:
        rows.append(row("sign 248 B, MicroPython unix port", board, "the same on CPython", best_ms(lambda: pure.sign(message), 20)))
    return rows


def on_micropython(prepare: str, work: str, times: int) -> float | None:
    """Milliseconds of a call under MicroPython, or None where it is not installed."""
    command = Path(sys.executable).parent / "micropython"
    if not command.exists():
        return None
    script = f"import sys, time\nsys.path.insert(0, {str(ROOT)!r})\n{prepare}\nbegan = time.ticks_us()\n"
    script += f"for i in range({times}):\n    {work}\nprint(time.ticks_diff(time.ticks_us(), began) / {times} / 1000)"
    done = subprocess.run([str(command), "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return float(done.stdout)


def clearing() -> list[dict[str, object]]:
    """Clearing a large book beside sorting its steps."""
    from random import Random

    from market.clearing import clear

    dice = Random(1)
    rows = []
    for count in (10_000, 100_000):
        orders = [(i, [(dice.randrange(80_000, 300_000), dice.randrange(1, 500) * dice.choice((-1, 1)))]) for i in range(count)]
        prices = [step[0] for _, steps in orders for step in steps]
        rows.append(row(f"clear {count} steps", best_ms(lambda o=orders: clear(o, [])), "sorted()", best_ms(lambda p=prices: sorted(p))))
    return rows


def decoding() -> list[dict[str, object]]:
    """A telegram beside the time the line needs to bring it."""
    from drivers.push import framer
    from sim_devices.telegrams import p1, sml

    values = {"power_w": 400, "energy_import_wh": 4_100_000, "energy_export_wh": 2_300_000}
    values.update({f"{q}_l{i}_{u}": 1000 for q, u in (("power", "w"), ("voltage", "mv"), ("current", "ma")) for i in (1, 2, 3)})

    def decode(protocol: str, data: bytes) -> None:
        read = framer(protocol)
        read.add(data, 0)
        assert read.next() is not None

    telegram, stream = p1("OEB1", values, 1_782_052_200), sml(bytes.fromhex("0a014f45420000000001"), values, 1_782_052_200)
    at_p1, at_sml = len(telegram) * 10_000 / 115_200, len(stream) * 10_000 / 9600
    return [
        row("decode a P1 telegram", best_ms(lambda: decode("dsmr", telegram), 50), "its time on a line of 115200 baud", at_p1),
        row("decode an SML file", best_ms(lambda: decode("sml", stream), 50), "its time on a line of 9600 baud", at_sml),
    ]


def deciding() -> list[dict[str, object]]:
    """A whole home's beat (poll of five devices, one tick) beside the ten seconds it has; every slot it bids, signs and verifies."""
    from small_street import SmallStreet

    street = SmallStreet()
    street.run(600)
    began, beats = time.perf_counter(), 90
    street.run(beats * 20)
    return [row("a home's beat, signatures and all", (time.perf_counter() - began) * 1000 / beats, "a poll period", 10_000.0)]


def memory() -> list[dict[str, object]]:
    """The largest resident size of real gateways in a short demo, beside the Pi's budget."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "street"
        demo = subprocess.Popen(
            [sys.executable, "-m", "gateway.host.cli", "demo", "--slots", "8", "--keep", str(kept)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak = 0.0
        while demo.poll() is None:
            peak = max([peak, *gateway_mb(kept)])
            time.sleep(0.2)
    return [row("RSS of a gateway in the demo, MB", peak, "its budget, MB", float(RSS_LIMIT_MB))]


def gateway_mb(folder: Path) -> list[float]:
    """RSS of the processes that run a home of this folder."""
    sizes = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"run" in words and any(str(folder).encode() in word for word in words):
                sizes.append(int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6)
        except (OSError, IndexError, ValueError):
            continue
    return sizes


def row(what: str, value: float, beside: str, other: float) -> dict[str, object]:
    """One figure and its peer."""
    return {"what": what, "value": round(value, 3), "beside": beside, "other": round(other, 3), "ratio": round(value / other, 4)}


def bus() -> int:
    """Requests and CPU of the gateway's bus, to a file of their own."""
    import bench_bus

    return bench_bus.main()


def main() -> int:
    """Measure, print, keep."""
    rows = [*signatures(), *clearing(), *decoding(), *deciding(), *memory()]
    for r in rows:
        print(f"{r['what']:38} {r['value']:>10} | {r['beside']:36} {r['other']:>10} | x {r['ratio']}")
    where = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    out = ROOT / "bench" / "results" / "core.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), **where, "rows": rows}, indent=1) + "\n")
    print(f"kept in {out.relative_to(ROOT)}; milliseconds unless said otherwise")
    return bus()


if __name__ == "__main__":
    sys.exit(main())
