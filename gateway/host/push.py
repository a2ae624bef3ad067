"""Meters that speak by themselves on a serial port: read as they come, for ever, also over an unplugged cable."""

import asyncio
import logging
from collections.abc import Callable

from drivers.nouns import Reading
from drivers.push import framer
from gateway.host.clock import Clock
from gateway.host.home_devices import DeviceSetup
from gateway.host.serial_port import open_port
from gateway.host.turns import Backoff

log = logging.getLogger("elecbay.push")
SILENT_S = 60  # longer than any meter's pause, seconds of the wall's clock


class PushMeter:
    """One meter on a port of its own; each good telegram is handed on, dated with its first byte."""

    def __init__(self, setup: DeviceSetup, clock: Clock, heard: "Callable[[list[Reading], bytes], None]") -> None:
        self.setup, self.clock, self._heard = setup, clock, heard
        self._framer = framer(setup.profile.protocol, setup.profile.quirks)
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
            while True:
                before = self._frames
                await asyncio.wait([lost], timeout=SILENT_S)
                if lost.done():
                    lost.result()
                if self._frames == before:
                    self._say(f"no telegram in {SILENT_S} s ({self._framer.bad} were damaged): check the cable, and baud and parity")
        finally:
            loop.remove_reader(port.fileno())
            port.close()

    def _take(self, data: bytes) -> None:
        self._framer.add(data, self.clock.now())
        while (telegram := self._framer.next()) is not None:
            self._frames += 1
            self._said = ""
            readings = [Reading(self.setup.name, quantity, value, telegram.at) for quantity, value in telegram.readings]
            if readings:
                self._heard(readings, telegram.raw)

    def _say(self, text: str) -> None:
        if text != self._said:
            log.warning("%s: %s; listening on for ever", self.setup.name, text)
            self._said = text
