"""The way to the broker, for ever: a message that was given to `publish` is sent with the same bytes until the broker has acknowledged it.

Connection time-outs and pauses are seconds of the wall's clock: the network does not run faster because the street is simulated.
"""

import asyncio
import ipaddress
import logging
import random
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import aiomqtt

log = logging.getLogger("elecbay.link")
PORTS = {"mqtt": 1883, "mqtts": 8883}
PAUSE_S, PAUSE_MAX_S, STEADY_S = 0.2, 30.0, 10.0
WINDOW = 10  # messages on their way at once; paho keeps their order
Publication = tuple[str, bytes, bool]  # topic, data, retain


@dataclass(frozen=True)
class Broker:
    """Where the broker is. ca, cert, key: PEM files, all three or none."""

    host: str
    port: int
    ca: "Path | None" = None
    cert: "Path | None" = None
    key: "Path | None" = None

    @property
    def on_loopback(self) -> bool:
        """True when the bytes never leave this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def context(self) -> "ssl.SSLContext | None":
        """TLS that proves both ends, or None. ssl.SSLError, OSError when a file is not what it should be."""
        if not (self.ca and self.cert and self.key):
            return None
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(self.ca))
        context.load_cert_chain(str(self.cert), str(self.key))
        return context


def broker_of(url: str) -> Broker:
    """`mqtt://host[:port]` or `mqtts://host[:port]` -> Broker without files. ValueError says what is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("write mqtt://127.0.0.1:1883 (loopback only) or mqtts://host:8883")
    if parts.username or parts.password or parts.path.strip("/") or parts.query:
        raise ValueError("only host and port belong here: a gateway shows who it is by its certificate")
    return Broker(parts.hostname, parts.port or PORTS[parts.scheme])


class Inbox(asyncio.Queue[aiomqtt.Message]):
    """Hands each message on as it is read: the broker believes we have it, so it must not wait in a queue that dies with the session."""

    def __init__(self, heard: "Callable[[str, bytes], None]", maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._hand_on = heard

    def put_nowait(self, message: aiomqtt.Message) -> None:
        """Called by aiomqtt for each message."""
        self._hand_on(str(message.topic), bytes(message.payload))


class Link:
    """One client's connection, re-made for ever.

    name: the client id (the kid), its session persists. topics: subscribed anew at each connect, QoS 1.
    heard(topic, data): each incoming message, in order, on the loop.
    will(): the last will (topic, data), asked before each connect; retained, QoS 1. None: no will.
    came(), went(): the connection came (and is subscribed), or went.
    """

    def __init__(
        self,
        broker: Broker,
        name: str,
        topics: "list[str]",
        heard: "Callable[[str, bytes], None]",
        *,
        will: "Callable[[], tuple[str, bytes] | None]" = lambda: None,
        came: "Callable[[], None]" = lambda: None,
        went: "Callable[[], None]" = lambda: None,
        timeout_s: float = 10,
    ) -> None:
        self.broker, self.name, self.topics, self.timeout_s = broker, name, list(topics), timeout_s
        self._heard, self._will, self._came, self._went = heard, will, came, went
        self._waiting: dict[Publication, None] = {}  # in order; a dict because the same act may come again
        self._news = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._also: tuple[str, ...] = ()
        self._turned = asyncio.Event()
        self.connected = False

    def listen(self, topics: "tuple[str, ...]") -> None:
        """Be subscribed to exactly these besides the topics of the beginning, as soon as there is a connection."""
        self._also = tuple(topics)
        self._turned.set()

    def publish(self, topic: str, data: bytes, retain: bool = False) -> None:
        """Send at QoS 1, in the order of the calls. What is waiting already is not queued twice."""
        self._waiting.setdefault((topic, data, retain))
        self._empty.clear()
        self._news.set()

    @property
    def waiting(self) -> int:
        """How many messages the broker has not acknowledged."""
        return len(self._waiting)

    async def drain(self, timeout_s: float) -> bool:
        """Wait until all is acknowledged; False when that took longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._empty.wait()
        return not self._waiting

    async def run(self) -> None:
        """Stay connected until cancelled; a cancel disconnects in order, so that the will is not sent."""
        pause, last = PAUSE_S, ""
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._session()
            except (aiomqtt.MqttError, OSError, ssl.SSLError) as error:
                if asyncio.get_running_loop().time() - began > STEADY_S:
                    pause = PAUSE_S
                if str(error) != last:
                    log.warning("no broker at %s port %d: %s; trying again for ever", self.broker.host, self.broker.port, error)
                last = str(error)
            else:
                last = ""
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 jitter: a street must not come back in one instant
            pause = min(2 * pause, PAUSE_MAX_S)

    async def _session(self) -> None:
        """One connection, from its will to its end."""
        will = self._will()
        client = aiomqtt.Client(
            self.broker.host,
            self.broker.port,
            identifier=self.name,
            clean_session=False,
            protocol=aiomqtt.ProtocolVersion.V311,
            will=aiomqtt.Will(will[0], will[1], qos=1, retain=True) if will else None,
            tls_context=self.broker.context(),
            timeout=self.timeout_s,
            queue_type=cast("type[asyncio.Queue[aiomqtt.Message]]", partial(Inbox, self._heard)),
        )
        client.pending_calls_threshold = WINDOW + 1
        async with client:
            also = self._also
            await self._subscribe(client, [*self.topics, *also])
            self.connected = True
            log.info("connected to the broker at %s port %d", self.broker.host, self.broker.port)
            self._came()
            try:
                await first_to_end(_until_lost(client), self._send(client), self._turn(client, set(also)))
            finally:
                self.connected = False
                self._went()

    async def _turn(self, client: aiomqtt.Client, heard: "set[str]") -> None:
        """Follow what `listen` says. `heard`: what it said when the session began."""
        while True:
            self._turned.clear()
            wanted = set(self._also)
            await self._subscribe(client, sorted(wanted - heard))
            if heard - wanted:
                await client.unsubscribe(sorted(heard - wanted))
            heard = wanted
            await self._turned.wait()

    async def _subscribe(self, client: aiomqtt.Client, topics: "list[str]") -> None:
        if not topics:
            return
        granted = await client.subscribe([(topic, 1) for topic in topics])
        for topic, code in zip(topics, cast("list[Any]", granted), strict=False):
            if getattr(code, "value", code) >= 0x80:
                log.warning("the broker refuses the subscription to %s: check its access list", topic)

    async def _send(self, client: aiomqtt.Client) -> None:
        """Keep at most WINDOW messages on their way; one that fails ends the session and stays first in the queue."""
        while True:
            self._news.clear()
            batch = list(self._waiting)[:WINDOW]
            if not batch:
                self._empty.set()
                await self._news.wait()
                continue
            ends = await asyncio.gather(*(self._send_one(client, item) for item in batch), return_exceptions=True)
            for error in ends:
                if isinstance(error, BaseException):
                    raise error

    async def _send_one(self, client: aiomqtt.Client, item: Publication) -> None:
        topic, data, retain = item
        await client.publish(topic, data, qos=1, retain=retain)
        self._waiting.pop(item, None)


async def _until_lost(client: aiomqtt.Client) -> None:
    """Raise MqttError when the connection is lost; the messages themselves go through `Inbox`."""
    async for _ in client.messages:
        pass


async def first_to_end(*jobs: "Coroutine[Any, Any, None]") -> None:
    """Run jobs together until one ends or fails, cancel the others, then raise what it raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end(*tasks)
    for task in done:
        task.result()


async def end(*tasks: "asyncio.Future[None]", patience_s: float = 0.2) -> None:
    """Cancel tasks until they have ended, again after `patience_s`: asyncio.wait_for, which libraries use, can swallow a cancel
    before Python 3.12."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=patience_s)
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not complain
