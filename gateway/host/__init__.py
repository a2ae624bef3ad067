"""The Pi: everything that waits, asyncio over pymodbus, pyserial, aiomqtt and TinyDB."""
