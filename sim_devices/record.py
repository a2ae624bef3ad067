"""All that crosses the broker, from its first message on: a line {topic, payload, retained, at} each, and shown to whoever asks."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import aiomqtt
from paho.mqtt.subscribeoptions import SubscribeOptions

from gateway.host.clock import Clock


class Heard(NamedTuple):
    """A message. retained: its publisher's retain flag; at: market time, UTC s."""

    topic: str
    payload: bytes
    retained: bool
    at: int


def is_retained(topic: str) -> bool:
    """Whether protocol.md has this topic (elecbay/1/<market>/...) published with the retain flag."""
    rest = topic.split("/")[3:]
    return rest in (["terms"], ["tariff"], ["keys"]) or rest[:1] == ["slot"] or (rest[:1] == ["gw"] and rest[2:] == ["status"])


class Recorder:
    """Subscribes to everything. mqtt5: ask for the publishers' own retain flags.

    A broker without MQTT 5 (amqtt) hides them from a subscriber that is there already, then they are those of protocol.md.
    """

    def __init__(self, port: int, clock: Clock, told: Callable[[Heard], None], path: Path | None, mqtt5: bool) -> None:
        self.port, self.clock, self.told, self.path, self.mqtt5 = port, clock, told, path, mqtt5
        self.count = 0
        self._file: IO[str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when it is subscribed: nothing published from now on is missed."""
        if self.path:
            self._file = self.path.open("w", encoding="utf-8")
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._listen(ready))
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Let go of the broker and close the file."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError, aiomqtt.MqttError):
                await self._task
        if self._file:
            self._file.close()

    async def _listen(self, ready: "asyncio.Future[None]") -> None:
        version = aiomqtt.ProtocolVersion.V5 if self.mqtt5 else aiomqtt.ProtocolVersion.V311
        how = {"options": SubscribeOptions(qos=1, retainAsPublished=True)} if self.mqtt5 else {"qos": 1}
        async with aiomqtt.Client("127.0.0.1", self.port, identifier="recorder", protocol=version) as client:
            await client.subscribe("elecbay/#", **how)
            ready.set_result(None)
            async for message in client.messages:
                self._take(message)

    def _take(self, message: aiomqtt.Message) -> None:
        topic = str(message.topic)
        retained = bool(message.retain) if self.mqtt5 else is_retained(topic)
        payload = message.payload if isinstance(message.payload, bytes) else b""
        heard = Heard(topic, payload, retained, self.clock.now())
        self.count += 1
        if self._file:
            line = {"topic": topic, "payload": payload.decode("utf-8", "replace"), "retained": retained, "at": heard.at}
            self._file.write(json.dumps(line) + "\n")
        self.told(heard)
