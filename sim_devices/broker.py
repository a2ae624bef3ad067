"""A broker for the demo and the tests, on loopback only: mosquitto where it is installed, else amqtt, each in a child process."""

import asyncio
import logging
import os
import shutil
import socket
import sys
from pathlib import Path

from sim_devices.children import Child, Died

KINDS = ("mosquitto", "amqtt")
SAYS = {"mosquitto": " running", "amqtt": "amqtt listens"}
TRIES, READY_S = 3, 10.0
PLACES = os.pathsep.join(("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"))  # not on every user's PATH


def mosquitto() -> str | None:
    """The program, None when it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=PLACES)


def choose(wanted: str | None) -> str:
    """The kind to start; ValueError when the one that was asked for cannot be."""
    if wanted == "mosquitto" and not mosquitto():
        raise ValueError("mosquitto is not installed: install it, or leave --broker away to use amqtt")
    return wanted or ("mosquitto" if mosquitto() else "amqtt")


class Broker:
    """kind: one of KINDS; folder: where its config and log go. Anonymous and without TLS, therefore on 127.0.0.1 alone."""

    def __init__(self, kind: str, folder: Path, port: int = 0) -> None:
        self.kind, self.folder, self.port = kind, folder, port
        self.child = Child(self.kind, [], folder / f"{kind}.log")

    @property
    def url(self) -> str:
        """For `broker =` in a config."""
        return f"mqtt://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start and wait until it answers. Died when it cannot. A port that somebody takes meanwhile is tried anew."""
        fixed = self.port
        for attempt in range(TRIES):
            self.port = fixed or free_port()
            self.child.log.unlink(missing_ok=True)
            self.child = Child(self.kind, self._argv(), self.child.log)
            await self.child.start()
            if await self._ready():
                return
            if self.child.alive or attempt == TRIES - 1:
                break
        await self.child.stop(1)
        raise Died(f"{self.kind} did not come up; the end of {self.child.log}:\n{self.child.tail()}")

    async def stop(self) -> None:
        """End it."""
        await self.child.stop(3)

    def _argv(self) -> list[str]:
        if self.kind == "amqtt":
            return [sys.executable, "-m", "sim_devices.broker", str(self.port)]
        config = self.folder / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "persistence false",
            "set_tcp_nodelay true",
            "max_queued_messages 0",
        ]
        config.write_text("\n".join(lines) + "\n")
        return [mosquitto() or "mosquitto", "-c", str(config)]

    async def _ready(self) -> bool:
        """It says itself that it listens: on a port that somebody else took, somebody else would answer."""
        until = asyncio.get_running_loop().time() + READY_S
        while self.child.alive and asyncio.get_running_loop().time() < until:
            if SAYS[self.kind] in self.child.tail():
                return True
            await asyncio.sleep(0.02)
        return False


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def _amqtt(port: int) -> None:
    """Run amqtt until the process is ended. Its default would listen on all addresses."""
    import amqtt.broker

    anonymous = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    config = {"listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}, "plugins": anonymous}
    broker = amqtt.broker.Broker(config)
    await broker.start()
    sys.stdout.write("amqtt listens\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_amqtt(int(sys.argv[1])))
