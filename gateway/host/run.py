"""`elecbay run`: wires only. What is heard goes into the home, what it answers is done after the commit; nothing is decided here."""

import asyncio
import logging
import signal
import sys
from collections import deque
from collections.abc import Callable
from typing import Protocol

from drivers.nouns import Command, Reading
from gateway.acts import Note, Save, Send
from gateway.host import home_toml, keys
from gateway.host.bus import Bus
from gateway.host.bus_view import SOCKET, serve
from gateway.host.clock import Clock, clock_from
from gateway.host.home_toml import HomeSetup
from gateway.host.link import Link, end, first_to_end
from gateway.host.store import Store
from market.nouns import Entry

log = logging.getLogger("elecbay.run")
LEVELS = {"info": logging.INFO, "warning": logging.WARNING}
AT_ONCE = 64  # messages taken in before the home is asked again what to do
BEAT_S = 10  # market seconds between two ticks when nothing is heard
RELEASE_S, FAREWELL_S, GOODBYE_S = 3.0, 2.0, 3.0  # seconds of the wall's clock a stop may take: devices, last messages, disconnect


class Core(Protocol):
    """What a host needs of gateway.home.Home; see there."""

    def recall(self, tables: "dict[str, dict[str, dict[str, object]]]") -> None: ...
    def topics(self) -> "list[str]": ...
    def heard(self, readings: "list[Reading]", raw: bytes) -> None: ...
    def told(self, where: str, data: bytes, now: int) -> None: ...
    def will(self, now: int) -> "tuple[str, bytes, list[Save]] | None": ...
    def online(self, now: int) -> None: ...
    def offline(self) -> None: ...
    def tick(self, now: int) -> "list[object]": ...
    def farewell(self, now: int) -> "list[object]": ...


class Runner:
    """One home in one process: its devices, its link, its store, and the loop that carries between them."""

    def __init__(self, setup: HomeSetup, home: Core, store: Store, clock: Clock) -> None:
        self.setup, self.home, self.store, self.clock = setup, home, store, clock
        tables = store.tables()
        home.recall(tables)
        self.bus = Bus(setup.devices, clock, self._heard, store.commit, tables, setup.home.get("limit_w"))
        self.link = Link(setup.broker, setup.signer.kid, home.topics(), self._told, will=self._will, came=self._came, went=home.offline)
        self.stop = asyncio.Event()
        self._inbox: deque[Callable[[], None]] = deque()
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Trade until `stop` is set, then leave everything safe. Raises what made a part of it fail, also after leaving all safe."""
        link = asyncio.ensure_future(self.link.run())
        try:
            view = serve(self.setup.state / SOCKET, self.bus)
            await first_to_end(self._stopped(), self._beat(), _end_of(link), view, *self.bus.jobs(self.setup.poll_s))
        finally:
            await self._leave(link)

    async def _stopped(self) -> None:
        await self.stop.wait()

    async def _beat(self) -> None:
        """The loop: take in, ask the home, do."""
        while True:
            await self._wait()
            for _ in range(min(len(self._inbox), AT_ONCE)):
                self._inbox.popleft()()
            self.do(self.home.tick(self.clock.now()))
            await asyncio.sleep(0)

    async def _wait(self) -> None:
        """Until something was heard, at most a beat."""
        if self._inbox:
            return
        self._news.clear()
        await self.clock.wait(self._news, self.clock.time() + BEAT_S)

    def do(self, acts: "list[object]") -> "list[Command]":
        """Commit first, then the rest in order. Returns the commands that were among them."""
        saves = [act for act in acts if isinstance(act, Save)]
        entries = [act for act in acts if isinstance(act, Entry)]
        if saves or entries:
            self.store.commit(saves, entries, self.clock.now())
        for act in acts:
            if isinstance(act, Send):
                self.link.publish(act.topic, act.data, act.retain)
            elif isinstance(act, Command) and not self.stop.is_set():
                self.bus.command(act)
            elif isinstance(act, Note):
                log.log(LEVELS[act.level], "%s", act.text)
        return [act for act in acts if isinstance(act, Command)]

    # -- what comes in waits here: a slow tick or commit loses nothing

    def _heard(self, readings: "list[Reading]", raw: bytes) -> None:
        self._inbox.append(lambda: self.home.heard(readings, raw))
        self._news.set()

    def _told(self, topic: str, data: bytes) -> None:
        self._inbox.append(lambda: self.home.told(topic, data, self.clock.now()))
        self._news.set()

    def _came(self) -> None:
        self.home.online(self.clock.now())
        self._news.set()

    def _will(self) -> "tuple[str, bytes] | None":
        told = self.home.will(self.clock.now())
        if told is None:
            return None
        topic, data, saves = told
        self.store.commit(saves)
        return topic, data

    async def _leave(self, link: "asyncio.Future[None]") -> None:
        """Devices safe, the market told, disconnected: what cannot be reached does not hold up the rest."""
        self.stop.set()
        commands: list[Command] = []
        try:
            commands = self.do(self.home.farewell(self.clock.now()))
        except OSError as error:
            log.error("the farewell could not be kept (%s)", error)
        sent = self.link.drain(FAREWELL_S) if self.link.connected else asyncio.sleep(0)
        await asyncio.gather(self.bus.stop(commands, RELEASE_S), sent)
        await end(link, patience_s=GOODBYE_S)


async def _end_of(task: "asyncio.Future[None]") -> None:
    """Fail when the task fails, but leave it running when this is cancelled."""
    await asyncio.shield(task)


async def run(setup: HomeSetup, home: Core) -> None:
    """Run a home until SIGTERM or SIGINT. journal.Unusable when another process has its store, OSError when nothing can be kept."""
    store = Store(setup.state)
    try:
        runner = Runner(setup, home, store, clock_from(setup.simulation))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, runner.stop.set)
        log.info("%s trades on %s as %s", setup.home["name"], setup.home["market"], setup.signer.kid)
        await runner.run()
        log.info("%s stopped, its devices are released", setup.home["name"])
    finally:
        store.close()


def main(argv: "list[str]") -> int:
    """`elecbay run home.toml`; `--once` reads every device once, prints what they say, and trades nothing."""
    from gateway.home import Home

    files = [a for a in argv if a != "--once"]
    if len(files) != 1 or files[0].startswith("-"):
        sys.stderr.write("elecbay run HOME.toml [--once]: run a home; --once reads every device once, prints what they say, and ends\n")
        return 2
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    setup = home_toml.load(files[0])
    if "--once" in argv:
        from gateway.host.look import once

        return asyncio.run(once(setup))
    asyncio.run(run(setup, Home(setup.home, setup.signer, keys.verify)))
    return 0
