"""Child processes of the demo: each logs to its own file, none outlives the demo, and a stop is a question before it is an order."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1  # Linux: prctl(2)


class Died(Exception):
    """A child ended that should not have; the message quotes the end of its log."""


class Child:
    """argv started with its output in `log`; a session of its own, so that Ctrl-C reaches only the demo, which then stops it in order."""

    def __init__(self, name: str, argv: list[str], log: Path) -> None:
        self.name, self.argv, self.log = name, argv, log
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; OSError when there is no such program."""
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                *self.argv, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, preexec_fn=_tied_to_parent()
            )

    @property
    def alive(self) -> bool:
        """Started and not ended."""
        return self.process is not None and self.process.returncode is None

    def check(self) -> None:
        """Raise Died when it ended by itself."""
        if self.process is not None and self.process.returncode is not None:
            raise Died(f"{self.name} ended with code {self.process.returncode}; the end of {self.log}:\n{self.tail()}")

    async def stop(self, grace_s: float = 10) -> int:
        """SIGTERM, then SIGKILL after `grace_s` wall seconds. Returns its exit code (-9: it had to be killed)."""
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            return await asyncio.wait_for(self.process.wait(), grace_s)
        except (TimeoutError, asyncio.CancelledError):
            with suppress(ProcessLookupError):
                self.process.kill()
            return await self.process.wait()

    def tail(self, lines: int = 12) -> str:
        """The last lines of its log, indented."""
        text = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join("    " + line for line in text[-lines:]) or "    (it said nothing)"


def _tied_to_parent() -> Callable[[], None] | None:
    """On Linux the kernel ends a child whose parent was killed; elsewhere a killed demo may leave children behind."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie
