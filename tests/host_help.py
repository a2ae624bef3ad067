"""Real peers for the tests of the host: brokers in processes of their own, pseudo terminals, Modbus servers of pymodbus."""

import asyncio
import contextlib
import os
import pty
import shutil
import socket
import subprocess
import sys
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def broken_pipe() -> "Iterator[int]":
    """A pipe's end to write to, whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        assert process.poll() is None, "the broker ended"
        time.sleep(0.02)
    raise AssertionError(f"no broker on port {port}")


async def until(what: "Callable[[], Any]", seconds: float = 10) -> Any:
    """Wait until `what()` is true."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.01)
    return found


class Mosquitto:
    """A mosquitto on a free port that can be stopped and started again with its state."""

    def __init__(self, folder: Path, lines: "tuple[str, ...]" = ("allow_anonymous true",)) -> None:
        command = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
        if command is None:
            pytest.skip("install mosquitto: apt install mosquitto (or brew install mosquitto)")
        self.command, self.port = command, free_port()
        self.config = folder / "mosquitto.conf"
        keep = ("persistence true", f"persistence_location {folder}/", "autosave_interval 1", "user root", "log_dest stderr")
        self.config.write_text("\n".join((f"listener {self.port} 127.0.0.1", *lines, *keep)) + "\n")
        self.process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = subprocess.Popen([self.command, "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None


AMQTT = """
import asyncio, sys
from amqtt.broker import Broker
async def main():
    broker = Broker({"listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:" + sys.argv[1]}},
                     "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}})
    await broker.start()
    await asyncio.Event().wait()
asyncio.run(main())
"""


class Amqtt:
    """amqtt in a child process."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", AMQTT, str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for_port(self.port, self.process)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None


@contextlib.contextmanager
def pty_pair() -> "Iterator[tuple[int, str]]":
    """(master, path of the slave), raw."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    try:
        yield master, path
    finally:
        os.close(slave)
        os.close(master)


def joined(loop: asyncio.AbstractEventLoop, one: int, other: int) -> "Callable[[], None]":
    """A null modem between two masters; returns how to take it away."""

    def copy(source: int, sink: int) -> None:
        with contextlib.suppress(OSError):
            os.write(sink, os.read(source, 4096))

    loop.add_reader(one, copy, one, other)
    loop.add_reader(other, copy, other, one)

    def part() -> None:
        loop.remove_reader(one)
        loop.remove_reader(other)

    return part
