"""What stands on a pseudo terminal as on a serial port: a wire carries whole frames or none; a push meter talks on it by itself."""

import array
import fcntl
import os
import termios
import tty
from collections.abc import Callable
from contextlib import suppress

from sim_devices.faults import Faults


class Wire:
    """A pty: `path` is the end for the gateway. It is kept open here too, so that a gateway may come and go."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        for end in (self._master, self._slave):
            tty.setraw(end)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._rest = b""

    def waiting(self) -> int:
        """Bytes that the gateway has not read yet."""
        count = array.array("i", [0])
        fcntl.ioctl(self._slave, termios.FIONREAD, count)
        return count[0]

    def write(self, frame: bytes) -> bool:
        """Send a whole frame; False when nobody reads and it was dropped. A frame that the pty took in part is finished first."""
        if not self._finish() or self.waiting() > len(frame):
            return False
        self._rest = frame
        self._finish()
        return True

    def _finish(self) -> bool:
        with suppress(BlockingIOError):
            self._rest = self._rest[os.write(self._master, self._rest) :] if self._rest else b""
        return not self._rest

    def read(self) -> bytes:
        """What the gateway sent since."""
        try:
            return os.read(self._master, 4096)
        except BlockingIOError:
            return b""

    def fileno(self) -> int:
        """For the loop's reader."""
        return self._master

    def close(self) -> None:
        """Both ends."""
        os.close(self._master)
        os.close(self._slave)


class PushMeter:
    """A meter that talks by itself. frame(at): the bytes of the telegram of UTC s `at`; every: market seconds between two.

    Of faults it knows those of a line: dead, night, torn, noise, and late, which comes together with the next."""

    def __init__(self, frame: Callable[[int], bytes], every: int, faults: Faults | None = None) -> None:
        self.frame, self.every, self.faults = frame, every, faults or Faults()
        self.wire = Wire()
        self.due = 0
        self.dropped = 0
        self._late = b""

    def tick(self, now: int) -> None:
        """Send when the next multiple of `every` has come; what was missed is not sent late."""
        if now < self.due:
            return
        self.due = now - now % self.every + self.every
        if self.faults.silent():
            return
        sent, self._late = self._late + self.faults.frame(self.frame(now)), b""
        if self.faults.strikes("late"):
            self._late = sent
        else:
            self.dropped += not self.wire.write(sent)

    async def start(self) -> None:
        """Nothing to listen to."""

    async def stop(self) -> None:
        """Unplug."""
        self.wire.close()
