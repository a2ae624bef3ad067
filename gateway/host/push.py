"""Meters that speak by themselves on a serial port, or when asked: read as they come, for ever, also over an unplugged cable.

What to say to one that speaks when asked, and at which baud rate, its framer knows (`drivers/sign_on.py`); here it is only carried out.
"""

import asyncio
import logging
import termios
from collections.abc import Callable

import serial

from drivers.nouns import Reading
from drivers.push import framer
from drivers.stream import Say
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup
from gateway.host.serial_port import open_port
from gateway.host.turns import Backoff

log = logging.getLogger("elecbay.push")
SILENT_S = 60  # longer than any meter's pause, seconds of the wall's clock
BEAT_S = 0.05  # how often it is looked whether there is something to say: a meter waits 1.5 s for it


class PushMeter:
    """One meter on a port of its own; each good telegram is handed on, dated with its first byte."""

    def __init__(self, setup: DeviceSetup, clock: Clock, heard: "Callable[[list[Reading], bytes], None]") -> None:
        self.setup, self.clock, self._heard = setup, clock, heard
        quirks = setup.profile.quirks | {"start": setup.place.baud}
        self._framer = framer(setup.profile.protocol, quirks, setup.decrypt)
        self._frames, self._said = 0, ""

    async def run(self) -> None:
        """Listen until cancelled."""
        back = Backoff(0.5, 30.0)
        while True:
            before = self._frames
            try:
                await self._listen()
            except OSError as error:
                self._say(f"{self.setup.place.serial} cannot be read ({error})")
            if self._frames > before:
                back.worked()
            back.failed()
            await asyncio.sleep(back.left_s)

    async def _listen(self) -> None:
        """Read the port until it fails; OSError says how."""
        place, loop = self.setup.place, asyncio.get_running_loop()
        port = open_port(place.serial, place.baud, place.framing)
        lost: asyncio.Future[None] = loop.create_future()

        def ready() -> None:
            try:
                self._take(port.read(4096))
            except OSError as error:
                loop.remove_reader(port.fileno())
                if not lost.done():
                    lost.set_exception(error)

        loop.add_reader(port.fileno(), ready)
        try:
            await self._converse(port, lost)
        finally:
            loop.remove_reader(port.fileno())
            port.close()

    async def _converse(self, port: serial.Serial, lost: "asyncio.Future[None]") -> None:
        """Say what there is to say, and say in the log when nothing comes back, until `lost` fails."""
        loop, talks = asyncio.get_running_loop(), self._framer.talks
        patience = SILENT_S + (int(str(self.setup.profile.quirks.get("every_s", 0))) if talks else 0)
        heard, frames = loop.time(), self._frames
        while True:
            say = self._framer.say(int(loop.time() * 1000))
            if say is not None:
                await _send(port, say)
            await asyncio.wait([lost], timeout=BEAT_S if talks else patience)
            if lost.done():
                lost.result()
            if self._frames != frames:
                heard, frames = loop.time(), self._frames
            elif loop.time() - heard >= patience:
                heard = loop.time()
                self._say(f"no telegram in {patience} s ({self._framer.bad} were damaged): check the cable, and baud and parity")

    def _take(self, data: bytes) -> None:
        locked = self._framer.locked
        self._framer.add(data, self.clock.now())
        while (telegram := self._framer.next()) is not None:
            self._frames += 1
            self._said = ""
            readings = [Reading(self.setup.name, quantity, value, telegram.at) for quantity, value in telegram.readings]
            if readings:
                self._heard(readings, telegram.raw)
        if self._framer.locked > locked:
            self._say("its telegrams are encrypted: name the file with both of its keys as key_file")

    def _say(self, text: str) -> None:
        if text != self._said:
            log.warning("%s: %s; listening on for ever", self.setup.name, text)
            self._said = text


async def _send(port: serial.Serial, say: Say) -> None:
    """Send at one baud rate, and be at the next when the last bit has left; OSError when the port cannot."""
    try:
        port.baudrate = say.baud
        port.write(say.data)
        await asyncio.sleep(len(say.data) * 10 / say.baud)
        port.baudrate = say.then
    except termios.error as error:
        raise OSError(f"{port.port} does not take {say.baud} or {say.then} baud: {error}") from None
