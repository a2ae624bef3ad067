"""A street of real homes and the real market around a broker that is a list: no sockets, no waiting, everything a function of the seed.

A home is killed by its plan at one of its batches, before or after the commit; it starts again from what was committed.
"""

import json

from sans_io_street import NAME, START, TERMS, Broker, Hosted, heard, signer

from drivers.nouns import Command, Reading
from gateway.acts import Listen, Note, Save, Send
from gateway.home import Home
from gateway.host.keys import verify
from market.envelope import b64url
from market.feeder import Feeder
from market.nouns import Entry
from market.services.offices import ROLES, Founding
from sim_devices.physics import METER
from sim_devices.street import plans
from sim_devices.weather import Sky

READS = ("power_w", "energy_import_wh", "energy_export_wh", "soc_permille", "capacity_wh", "power_max_w", "temperature_mc", "plugged")


class HostedHome:
    """A home on a machine that can be killed. plan: {batch number: "before the commit" | "after the commit"}."""

    def __init__(self, plan, sky, registrar, broker, kills=()):
        self.plan, self.broker, self.kills = plan, broker, dict(kills)
        self.signer = signer(plan.name)
        self.house = plan.house(sky, START)
        self.setup = {
            "name": plan.name, "market": NAME, "registrar": b64url(registrar), "meter": METER, "limit_w": 17_000,
            "devices": [{"name": d.name, "kind": d.kind, "policy": d.kind, "wishes": dict(d.wishes), "stale_s": 60} for d in plan.devices],
        }  # fmt: skip
        self.tables, self.ledger, self.notes = {}, [], []
        self.batches = self.killed = 0
        self.home = self.built()
        self.topics = tuple(self.home.topics())

    def built(self):
        home = Home(self.setup, self.signer, verify)
        home.recall(json.loads(json.dumps(self.tables)))
        return home

    def live(self, now):
        self.house.step(now)
        for device in [*self.house.devices, METER]:
            values = self.house.values(device)
            self.home.heard([Reading(device, q, values[q], now) for q in READS if q in values], repr(values).encode())
            self.house.heard(device)
        self.tick(now)

    def tick(self, now):
        acts = self.home.tick(now)
        if not acts:
            return
        self.batches += 1
        way = self.kills.pop(self.batches, None)
        if way != "before the commit":
            self.commit(acts)
        if way:
            self.killed += 1
            self.home = self.built()
            self.connect(now)
            return
        for act in acts:
            self.do(act, now)

    def commit(self, acts):
        for act in acts:
            if isinstance(act, Save):
                table = self.tables.setdefault(act.table, {})
                table.pop(act.key, None)
                if act.doc is not None:
                    table[act.key] = json.loads(json.dumps(act.doc))

    def do(self, act, now):
        if isinstance(act, Send):
            self.broker.publish(act.topic, act.data, act.retain, now)
        elif isinstance(act, Command):
            self.house.write(act.device, act.quantity, act.value)
        elif isinstance(act, Entry):
            self.ledger.append(act)
        elif isinstance(act, Note):
            self.notes.append(act.text)
        elif isinstance(act, Listen):
            self.listen(act.topics, now)

    def listen(self, topics, now):
        """Subscribe to new topics: the broker gives what it retains of them."""
        fresh = tuple(t for t in topics if t not in self.topics)
        self.topics = tuple(self.home.topics()) + tuple(topics)
        for topic, data in list(self.broker.retained.items()):
            if heard(fresh, topic):
                self.home.told(topic, data, now)

    def connect(self, now):
        self.topics = tuple(self.home.topics())
        for topic, data in list(self.broker.retained.items()):
            if heard(self.topics, topic):
                self.home.told(topic, data, now)
        self.home.online(now)

    def of(self, kind):
        return {entry.slot: entry.detail for entry in self.ledger if entry.kind == kind}


class MemoryStreet:
    """kills: {home index: {batch: way}}; spoil(topic, data) -> data: what a dishonest market does to its messages."""

    def __init__(self, homes=3, seed=1, kills=None, plans_of_offices=None, spoil=None):
        self.broker, self.now, self.spoil = Broker(), START, spoil
        public = {role: signer(role).public for role in ROLES}
        sky = Sky(str(seed))
        root, deaths = public["registrar"], kills or {}
        self.homes = [HostedHome(plan, sky, root, self.broker, deaths.get(i, ())) for i, plan in enumerate(plans(homes, seed))]
        gateways = [(h.signer.kid, b64url(h.signer.public), "gateway", METER, "n0") for h in self.homes]
        founding = Founding(NAME, public, verify, TERMS, [(0, 300_000, 80_000)], gateways, Feeder([("n0", "", 10, 5, 100_000)]))
        self.offices = [Hosted(founding, role, self.broker, (plans_of_offices or {}).get(role, ())) for role in ROLES]
        for office in self.offices:
            office.call(self.now, "start")
        for home in self.homes:
            home.home.online(self.now)

    def run(self, seconds, beat=10):
        for _ in range(seconds // beat):
            for home in self.homes:
                home.live(self.now)
            self.deliver()
            for _ in range(3):
                for office in self.offices:
                    office.call(self.now, "tick")
                self.deliver()
            for home in self.homes:
                home.tick(self.now)
            self.deliver()
            self.now += beat
        return self

    def deliver(self):
        while self.broker.queue:
            topic, data = self.broker.queue.popleft()
            if self.spoil:
                data = self.spoil(topic, data)
            for office in self.offices:
                if heard(office.topics, topic):
                    office.call(self.now, "told", topic, data)
            for home in self.homes:
                if heard(home.topics, topic):
                    home.home.told(topic, data, self.now)
