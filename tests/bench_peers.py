"""Modbus TCP clients to measure the gateway beside: asyncio with nothing on top, and libmodbus, which is C."""

import asyncio
import ctypes
import ctypes.util
import time
from statistics import median

from drivers import frames

READ = (4, 0, 76)  # function, address, count: a whole SDM630
UNIT = 1


async def bare_asyncio(ports: "list[int]", rounds: int) -> float:
    """Milliseconds of CPU a request, all ports asked side by side: write the frame, read the reply, look at nothing."""
    links = [await asyncio.open_connection("127.0.0.1", port) for port in ports]
    request, length = frames.tcp(1, UNIT, frames.read(*READ)), 9 + 2 * READ[2]

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(request)
        assert len(await reader.readexactly(length)) == length

    spent = []
    for _ in range(rounds):
        began = time.process_time()
        await asyncio.gather(*[ask(*link) for link in links])
        spent.append(time.process_time() - began)
    for _, writer in links:
        writer.close()
    return median(spent) * 1000 / len(ports)


def libmodbus(ports: "list[int]", rounds: int) -> "float | None":
    """The same, one after the other, with registers unpacked to C integers; None where the library is not installed."""
    name = ctypes.util.find_library("modbus")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.modbus_new_tcp.restype = ctypes.c_void_p
    library.modbus_new_tcp.argtypes = [ctypes.c_char_p, ctypes.c_int]
    for function in (library.modbus_connect, library.modbus_close, library.modbus_free):
        function.argtypes = [ctypes.c_void_p]
    library.modbus_set_slave.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.modbus_read_input_registers.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_uint16)]
    links = [library.modbus_new_tcp(b"127.0.0.1", port) for port in ports]
    assert all(library.modbus_connect(link) == 0 and library.modbus_set_slave(link, UNIT) == 0 for link in links)
    registers = (ctypes.c_uint16 * READ[2])()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        for link in links:
            assert library.modbus_read_input_registers(link, READ[1], READ[2], registers) == READ[2]
        spent.append(time.process_time() - began)
    for link in links:
        library.modbus_close(link)
        library.modbus_free(link)
    return median(spent) * 1000 / len(ports)
