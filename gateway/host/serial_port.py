"""A serial port has one owner: it is opened exclusively, and what goes wrong with it is an OSError with a sentence."""

import os
import termios
from pathlib import Path

import serial

STOPS = {"1": serial.STOPBITS_ONE, "2": serial.STOPBITS_TWO}


def open_port(path: str, baud: int, framing: str) -> serial.Serial:
    """The port, non-blocking, for this process alone. framing: data bits, parity, stop bits, as "8N1" or "7E1"."""
    settle(path)
    try:
        return serial.Serial(
            path, baud, bytesize=int(framing[0]), parity=framing[1], stopbits=STOPS[framing[2]], timeout=0, write_timeout=0, exclusive=True
        )
    except termios.error as error:
        raise OSError(f"{path} does not take {baud} baud {framing}: {error}") from None


def settle(path: str) -> None:
    """Make a pseudo terminal (a simulated meter) take any framing.

    Linux keeps parity off on a pty, and glibc calls a tcsetattr that changed nothing EINVAL: so leave it something to change.
    """
    if not str(Path(path).resolve()).startswith("/dev/pts/"):
        return
    handle = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        state = termios.tcgetattr(handle)
        state[4] = state[5] = termios.B50
        termios.tcsetattr(handle, termios.TCSANOW, state)
    finally:
        os.close(handle)
