"""The demo as its user starts it: real processes, broker and wires; what it leaves behind is nothing but what it was told to keep."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import independent_reader
import pytest

from sim_devices import broker as brokers

HOPES = (
    "had surplus and another need: at least 80 %",
    "all bills of every slot sum to zero",
    "every gateway verified every one of 62 slots",
    "at least 95 % of what was promised was delivered",
    "less than without the market",
    "no home pays more than without the market",
)
DEMO = [sys.executable, "-m", "gateway.host.cli", "demo"]


def demo(*words: object, timeout: float = 240) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*DEMO, *map(str, words)], capture_output=True, text=True, timeout=timeout)


def processes(folder: Path) -> list[str]:
    """Command lines of all processes that have to do with a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words and int(entry.parent.name) != os.getpid():
            found.append(f"{entry.parent.name} {words}")
    return found


@pytest.mark.parametrize("kind", brokers.KINDS)
def test_a_street_trades_half_an_hour(kind: str, tmp_path: Path) -> None:
    if kind == "mosquitto" and not brokers.mosquitto():
        pytest.skip("install mosquitto: the demo prefers it where it is")
    record, kept = tmp_path / "record.jsonl", tmp_path / "kept"
    done = demo("--slots", 6, "--rate", 200 if kind == "mosquitto" else 100, "--broker", kind, "--record", record, "--keep", kept)
    said = done.stdout + done.stderr
    assert "yes  all bills of every slot sum to zero" in said, said
    assert "yes  every gateway verified every one of 6 slots" in said, said
    assert "Traceback" not in said and "Traceback" not in "".join(log.read_text() for log in kept.rglob("*.log"))
    assert "-0.000 " not in said and len([line for line in done.stdout.splitlines() if line.split()[:2] == ["slot", "EUR/kWh"]]) == 1
    assert [line.split()[1] for line in done.stdout.splitlines() if "orders" in line] == [f"{i}/6" for i in range(1, 7)]
    assert processes(tmp_path) == []
    check_record(record)


def check_record(path: Path) -> None:
    """Every line is what it should be, and a reader that knows nothing but protocol.md verifies all that the lines say."""
    text = path.read_text().splitlines()
    assert independent_reader.read(text) == []
    kinds = set()
    for line in map(json.loads, text):
        assert set(line) == {"topic", "payload", "retained", "at"}
        rest = line["topic"].split("/")[3:]
        kinds.add(rest[2] if rest[0] in ("gw", "slot") else rest[0])
        assert line["retained"] == (rest[0] in ("terms", "tariff", "keys", "slot") or rest[-1] == "status"), line["topic"]
    assert kinds >= {"terms", "tariff", "keys", "status", "order", "receipt", "book", "open", "dso", "clear", "award", "meter", "bill"}


def test_a_whole_evening_ends_well() -> None:
    done = demo("--seed", 1)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    held = [line.strip() for line in done.stdout.splitlines() if line.startswith("  yes  ")]
    for words in HOPES:
        assert any(words in line for line in held), f"not held: {words}\n{said}"


def started(folder: Path) -> "subprocess.Popen[str]":
    """A demo that has begun to trade."""
    it = subprocess.Popen([*DEMO, "--slots", "60", "--keep", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while len(list(folder.glob("home*/state/ledger"))) < 3 and time.monotonic() < until:
        assert it.poll() is None, it.communicate()
        time.sleep(0.1)
    return it


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_control_c_clears_the_street_away(tmp_path: Path) -> None:
    it = started(tmp_path / "kept")
    it.send_signal(signal.SIGINT)
    said = "".join(it.communicate(timeout=40))
    assert it.returncode == 130 and "interrupted" in said and "Traceback" not in said, said
    assert processes(tmp_path) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_a_killed_market_ends_the_demo_with_its_last_words(tmp_path: Path) -> None:
    it = started(tmp_path / "kept")
    market = next(p for p in processes(tmp_path) if " market " in p)
    os.kill(int(market.split()[0]), signal.SIGKILL)
    said = "".join(it.communicate(timeout=40))
    assert it.returncode == 1 and "market ended with code -9" in said and "market street opens" in said, said
    assert "Traceback" not in said and processes(tmp_path) == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--homes", "0"], "from 1 to"),
        (["--rate", "fast"], "invalid int value"),
        (["--record", "/nowhere/file"], "No such file"),
        (["--broker", "rabbit"], "invalid choice"),
    ],
)
def test_a_wrong_option_is_one_line_and_code_2(words: list[str], hint: str) -> None:
    done = demo(*words)
    assert done.returncode == 2 and hint in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_folder_in_use_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    done = demo("--keep", tmp_path)
    assert done.returncode == 2 and "not empty" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
