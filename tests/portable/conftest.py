"""Lets the portable tests import `expect` as they do under MicroPython."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
