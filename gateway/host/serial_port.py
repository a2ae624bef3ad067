"""A serial port has one owner: it is opened exclusively, and what goes wrong with it is an OSError with a sentence."""

import termios
from pathlib import Path

import serial

STOPS = {"1": serial.STOPBITS_ONE, "2": serial.STOPBITS_TWO}


def open_port(path: str, baud: int, framing: str) -> serial.Serial:
    """The port, non-blocking, for this process alone. framing: data bits, parity, stop bits, as "8N1" or "7E1"."""
    bits, parity, stops = possible(path, framing)
    try:
        return serial.Serial(path, baud, int(bits), parity, STOPS[stops], timeout=0, write_timeout=0, exclusive=True)
    except termios.error as error:
        raise OSError(f"{path} does not take {baud} baud {framing}: {error}") from None


def possible(path: str, framing: str) -> "tuple[str, str, str]":
    """(data bits, parity, stop bits) that a port can have: a pseudo terminal (a simulated device) carries whole bytes and no parity.

    Linux ignores a pty's wish for it, and glibc answers EINVAL to a tcsetattr that changed nothing.
    """
    bits, parity, stops = tuple("8N1" if str(Path(path).resolve()).startswith("/dev/pts/") else framing)
    return bits, parity, stops
