"""The agents of one house under one connection: what was heard and told goes in, acts come out of `tick`; nothing here waits.

    home.heard(readings, raw)            # a device spoke: one frame, and the bytes it was read from
    home.told(topic, data, now)          # the market spoke
    for act in home.tick(now): ...       # every Save first, then Send, Command, Entry, Note: see gateway/acts.py

Who wins when wishes disagree: the connection's limit, then the promise, then price. What is unknown is not bid.
"""

from drivers.nouns import Reading
from gateway.acts import Save
from gateway.agent import Agent
from gateway.balance import Balance, target_w
from gateway.bidding import Bidding
from gateway.member import Member
from gateway.metering import Metering
from gateway.plausible import Jury
from gateway.tariff import Tariff
from market.lent import Payload, Signer, Verify
from market.nouns import Slot

ALONE = {"slot_seconds": 300, "penalty": 0}  # the rhythm of a home without a market


class Home:
    """setup: {"name", "market", "registrar", "meter", "limit_w", "devices": [...]}; without "market": "tariff": (import, export).

    devices: {"name", "kind", "policy", "wishes", "stale_s"} each; signer, verify: see market/lent.py.
    """

    def __init__(self, setup: Payload, signer: Signer, verify: Verify) -> None:
        self.name, self.meter_name = str(setup["name"]), str(setup["meter"])
        devices = setup["devices"]
        self.agents = [Agent(d) for d in devices if d["kind"] != "meter"]
        self.meter_stale_s: int = max([d.get("stale_s", 60) for d in devices if d["name"] == self.meter_name])
        limit_w = setup.get("limit_w", 17_000)
        self.metering = Metering()
        self.jury = Jury(devices, limit_w)
        self.balance = Balance(self.agents, limit_w)
        self.bidding = Bidding(self.agents, self.balance, signer.kid, limit_w)
        self.member: "Member | None" = None
        self.alone = Tariff(setup.get("tariff"))
        if setup.get("market"):
            self.member = Member(str(setup["market"]), str(setup["registrar"]), self.meter_name, signer, verify)
        self.waiting: "list[object]" = []  # acts that came of hearing, for the next tick

    def recall(self, tables: "dict[str, dict[str, Payload]]") -> None:
        """Take up where the last process stopped, at whatever instant that was."""
        self.metering.recall(tables.get("home", {}).get("meter", {}))
        self.jury.recall(tables)
        for agent in self.agents:
            start = tables.get("sessions", {}).get(agent.name, {}).get("start_wh")
            agent.session_start = None if start is None else start
        if self.member:
            self.member.recall(tables)

    @property
    def terms(self) -> "dict[str, int]":
        """The market's terms; empty while they are unknown."""
        return self.member.terms if self.member else ALONE

    @property
    def tariff(self) -> Tariff:
        """The utility's prices."""
        return self.member.tariff if self.member else self.alone

    # -- what the devices say --------------------------------------------------------------------------------------------------

    def heard(self, readings: "list[Reading]", raw: bytes) -> None:
        """The readings of one frame or poll of one device; raw: the bytes they were read from. What cannot be is not taken in."""
        if not self.jury.believes(readings):
            self._doubt()
            return
        for agent in self.agents:
            for reading in readings:
                if reading.device == agent.name:
                    kept = agent.heard(reading)
                    if kept is not None:
                        self.waiting.append(Save("sessions", agent.name, kept or None))
        mine = {r.quantity: r.value for r in readings if r.device == self.meter_name}
        if mine and self.metering.heard(mine, max([r.at for r in readings])):
            self._metered(raw)
        self.bidding.learn(self.terms.get("slot_seconds", 0))

    def _doubt(self) -> None:
        """What a device said before it was found out is unknown as well."""
        wrong = self.jury.wrong()
        for agent in self.agents:
            if agent.name in wrong:
                agent.forget()
        if self.meter_name in wrong:
            self.metering.at = 0

    def _metered(self, raw: bytes) -> None:
        """A frame of the grid meter: the first one after a slot's end proves that slot."""
        seconds = self.terms.get("slot_seconds", 0)
        self.balance.observe(self.metering.power_w, self.metering.at)
        edge = self.metering.edge(seconds) if seconds else None
        if edge is not None:
            body = self.metering.mark(edge, raw)
            if self.member:
                self.member.measured(edge - seconds, body, self.metering, self.metering.at)

    # -- what the market says --------------------------------------------------------------------------------------------------

    def topics(self) -> "list[str]":
        """What to subscribe to."""
        return self.member.topics() if self.member else []

    def told(self, where: str, data: bytes, now: int) -> None:
        """A message from the broker."""
        if self.member:
            self.member.told(where, data)

    def will(self, now: int) -> "tuple[str, bytes, list[Save]] | None":
        """(topic, JWS, what to commit first) of the last will, to be asked before each connect."""
        return self.member.will(now) if self.member else None

    def online(self, now: int) -> None:
        """The link came."""
        if self.member:
            self.member.came(now)

    def offline(self) -> None:
        """The link went."""
        if self.member:
            self.member.went()

    # -- the beat --------------------------------------------------------------------------------------------------------------

    def tick(self, now: int) -> "list[object]":
        """All that is to be done at `now` (UTC s). Call it often: after each poll and each message."""
        commands: "list[object]" = []
        if self.terms:
            if self.member:
                self.member.tick(now, self.metering)
                self._bid(self.member, now)
            commands = self._follow(now, self.terms["slot_seconds"])
        return self._gathered() + commands

    def farewell(self, now: int) -> "list[object]":
        """Acts for an orderly stop: the market is told, and each device that its policy wants left otherwise than released."""
        if self.member:
            self.member.say("status", {"online": False, "session": now}, now)
        told = [a.safe(now) for a in self.agents]
        return self._gathered() + [c for c in told if c is not None]

    def _gathered(self) -> "list[object]":
        acts, self.waiting, self.jury.acts = self.waiting + self.jury.acts, [], []
        if self.member:
            acts, self.member.acts = acts + self.member.acts, []
        return acts

    def _bid(self, member: Member, now: int) -> None:
        """One order for the next slot whose gate is open, when its time has come and all is known."""
        seconds, gate = self.terms["slot_seconds"], self.terms["gate_before"]
        start = (now + gate) // seconds * seconds + seconds
        if start in member.trade.slots or not member.may_bid() or now - self.metering.at > self.meter_stale_s:
            return
        if self.bidding.due(now, start, gate, seconds):
            order = self.bidding.order(now, Slot(start, seconds), self.meter_name, self.terms, self.tariff, member.rating)
            if order is not None:
                member.acts += member.trade.place(order, now)

    def _follow(self, now: int, seconds: int) -> "list[object]":
        """Commands that keep the promise of the slot that runs."""
        start = now - now % seconds
        rates = self.tariff.rates(start, seconds)
        if not rates or now - self.metering.at > self.meter_stale_s or self.metering.at < start:
            return []
        promised = self.member.trade.promised_wh(start) if self.member else 0
        since = self.metering.since(start)
        if since is None:  # the slot began without us: as if all had gone as promised so far
            since = promised * (self.metering.at - start) // seconds
        wanted = target_w(promised, since, self.metering.power_w, self.metering.at, now, start + seconds)
        penalty = self.terms["penalty"]
        bounds = (rates[0].sell - (penalty if promised > 0 else 0), rates[0].buy + (penalty if promised < 0 else 0))
        commands = self.balance.commands(now, seconds, wanted, rates, self.bidding.load_w(), bounds)
        return [c for c in commands if c.device not in self.jury.wrong()]

    def status(self) -> Payload:
        """A few facts for the terminal and the page."""
        status: Payload = {"name": self.name, "power_w": self.metering.power_w, "wrong": self.jury.wrong()}
        status["why"] = {a.name: a.policy.why for a in self.agents}
        if self.member:
            status.update({"online": self.member.online, "trusted": self.member.trusted, "rating": self.member.rating})
        return status
