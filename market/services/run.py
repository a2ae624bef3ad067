"""`elecbay market market.toml`: the reference market over a real broker. Decisions live in the offices; here is what waits.

A message is committed within the call that reads it, before the broker gets its acknowledgement: what a kill takes, the broker gives
again. What an office sends is queued after the commit.
"""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from pathlib import Path

from gateway.acts import Note, Save, Send
from gateway.host import keys
from gateway.host.clock import Clock, clock_from
from gateway.host.config import BadConfig
from gateway.host.journal import Unusable
from gateway.host.link import Link, first_to_end
from gateway.host.store import Store
from market import envelope
from market.services import config
from market.services.desk import terms_kept
from market.services.letters import Act
from market.services.office import matches
from market.services.offices import ROLES, Founding

log = logging.getLogger("elecbay.market")
BEAT_S = 0.02, 0.5  # of the wall: how often the offices look at the clock, and at most
USAGE = "elecbay market MARKET.toml [--print-registrar]: run the market, or print the registrar's public key for home.toml\n"


class Desks:
    """The offices with their stores behind one connection."""

    def __init__(self, setup: config.MarketSetup, signers: "dict[str, keys.Signer]", clock: Clock) -> None:
        self.clock = clock
        public = {role: signers[role].public for role in ROLES}
        founding = Founding(setup.name, public, keys.verify, setup.terms, setup.daily, setup.gateways, setup.grid)
        self.stores = {role: Store(setup.state / role) for role in ROLES}
        self.offices = {role: founding.office(role, signers[role], self.stores[role].tables()) for role in ROLES}
        self.wanted = {role: office.topics() for role, office in self.offices.items()}
        topics = list(dict.fromkeys(topic for topics in self.wanted.values() for topic in topics))
        self.link = Link(setup.broker, signers["market"].kid, topics, self.heard, came=self.came)
        self.stop = asyncio.Event()
        self.failed: OSError | None = None

    async def run(self) -> None:
        """Until `stop`. Raises OSError when the disk took no more: what was not kept must not be believed."""
        await first_to_end(self.link.run(), self._beat(), _wait(self.stop))
        if self.failed:
            raise self.failed

    def close(self) -> None:
        """Let another process have the stores."""
        for store in self.stores.values():
            store.close()

    def came(self) -> None:
        """Connected: give the broker again what it may have forgotten."""
        for role, office in self.offices.items():
            self._do(role, office.start(self.clock.now()))

    def heard(self, topic: str, data: bytes) -> None:
        """A message: commit what follows from it now, so that only then it is acknowledged."""
        for role, office in self.offices.items():
            if any(matches(pattern, topic) for pattern in self.wanted[role]):
                self._do(role, office.told(topic, data, self.clock.now()))

    async def _beat(self) -> None:
        pause = min(BEAT_S[1], max(BEAT_S[0], 1 / self.clock.rate))
        while True:
            for role, office in self.offices.items():
                if self.link.connected and not self.link.waiting:
                    self._do(role, office.book.delivered())
                self._do(role, office.tick(self.clock.now()))
            await asyncio.sleep(pause)

    def _do(self, role: str, acts: "list[Act]") -> None:
        self._commit(role, [act for act in acts if isinstance(act, Save)])
        for act in acts:
            if isinstance(act, Send):
                self.link.publish(act.topic, act.data, act.retain)
            elif isinstance(act, Note):
                log.log(logging.WARNING if act.level == "warning" else logging.INFO, "%s: %s", role, act.text)

    def _commit(self, role: str, saves: "list[Save]") -> None:
        """Raises OSError, so that the message at hand is not acknowledged; nothing is done after that."""
        try:
            if self.failed:
                raise self.failed
            if saves:
                self.stores[role].commit(saves)
        except OSError as error:
            self.failed = error
            self.stop.set()
            raise


def main(argv: "list[str]") -> int:
    """The command; 2 for what its user can mend."""
    paths = [word for word in argv if not word.startswith("--")]
    if len(paths) != 1 or set(argv) - set(paths) - {"--print-registrar"}:
        sys.stderr.write(USAGE)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(levelname).1s %(name)s: %(message)s")
    try:
        setup = config.load(Path(paths[0]))
        signers = {role: keys.load_or_create(setup.state, f"{role}.key") for role in ROLES}
        if "--print-registrar" in argv:
            sys.stdout.write(envelope.b64url(signers["registrar"].public) + "\n")
            return 0
        return _run(setup, signers)
    except (BadConfig, keys.BadKey, Unusable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"the market stops: {error}: make room or mend the disk, then start it again; it resumes where it was\n")
        return 1


def _run(setup: config.MarketSetup, signers: "dict[str, keys.Signer]") -> int:
    desks = Desks(setup, signers, clock_from(setup.simulation))
    try:
        if not terms_kept(desks.offices["market"].book, setup.terms):
            sys.stderr.write("[terms] differ from those that this market published: give a market with new terms a new name and state\n")
            return 2
        with suppress(KeyboardInterrupt):
            asyncio.run(_until_stopped(desks))
    finally:
        desks.close()
    return 0


async def _until_stopped(desks: Desks) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, desks.stop.set)
    await desks.run()


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()
