"""A market and small homes around a broker that is a list: everything that happens is a function of the seed and the crash plan.

The broker keeps retained messages and hands each publication to who subscribed. An office is killed by its plan at one of its batches:
before the commit, after it, or half way through its sends; then it starts again from what was committed, hears the retained ones, and
again the message it died with: a broker has no acknowledgement of it.
"""

import hashlib
import json
from collections import deque
from functools import cache

from gateway.acts import Save, Send
from gateway.host.keys import Signer, verify
from market import envelope, messages
from market.feeder import Feeder
from market.post import Post
from market.services.office import matches
from market.services.offices import ROLES, Founding

NAME = "street"
SLOT = 300
START = 1782052200 - 1782052200 % SLOT
TERMS = {
    "slot_seconds": SLOT, "open_before": 1500, "gate_before": 120, "mechanism": "auction", "service": 2000, "network": 8000,
    "penalty": 100000, "price_min": 0, "price_max": 1000000, "max_wh": 10000,
}  # fmt: skip
WAYS = ("before the commit", "after the commit", "half way through the sends")


def signer(name):
    return Signer(hashlib.sha256(name.encode()).digest())


def t(*parts):
    return messages.topic(NAME, *parts)


class Broker:
    """Retained messages, subscribers, and the record of all that crossed."""

    def __init__(self):
        self.retained, self.queue, self.record = {}, deque(), []

    def publish(self, topic, data, retain, now):
        self.record.append({"topic": topic, "payload": data.decode(), "retained": False, "at": now})
        if retain:
            self.retained[topic] = data
            if not data:
                del self.retained[topic]
        self.queue.append((topic, data))

    def lines(self):
        return [json.dumps(row) for row in self.record]


class Hosted:
    """An office on a machine that can be killed. plan: {batch number: way}."""

    def __init__(self, founding, role, broker, plan=()):
        self.founding, self.role, self.broker, self.plan = founding, role, broker, dict(plan)
        self.tables, self.batches, self.kills = {}, 0, 0
        self.office = self.built()
        self.topics = tuple(self.office.topics())

    def built(self):
        return self.founding.office(self.role, signer(self.role), json.loads(json.dumps(self.tables)))

    def call(self, now, what, *args):
        if not self.do(getattr(self.office, what)(*args, now), now) and what == "told":
            self.call(now, "told", *args)

    def do(self, acts, now):
        """False when it was killed meanwhile."""
        if not acts:
            return True
        self.batches += 1
        way = self.plan.pop(self.batches, None)
        if way == WAYS[0]:
            self.restart(now)
            return False
        self.commit(acts)
        sends = [act for act in acts if isinstance(act, Send)]
        for act in sends[: {WAYS[1]: 0, WAYS[2]: len(sends) // 2}.get(way)]:
            self.broker.publish(act.topic, act.data, act.retain, now)
        if way:
            self.restart(now)
        return not way

    def commit(self, acts):
        for act in acts:
            if isinstance(act, Save):
                table = self.tables.setdefault(act.table, {})
                table.pop(act.key, None)
                if act.doc is not None:
                    table[act.key] = json.loads(json.dumps(act.doc))

    def restart(self, now):
        self.kills += 1
        self.office = self.built()
        self.call(now, "start")
        for topic, data in list(self.broker.retained.items()):
            if heard(self.topics, topic):
                self.call(now, "told", topic, data)


@cache
def heard(patterns, topic):
    return any(topic.startswith(p[:-1]) if p.endswith("/#") else matches(p, topic) for p in patterns)


class Home:
    """Bids the same step each slot, delivers what `deliver(promised)` says, and sends again what has no answer."""

    def __init__(self, number, price, wh, deliver=lambda wh: wh, terms=TERMS):
        self.terms, self.seconds = terms, terms["slot_seconds"]
        self.signer = signer(f"home {number}")
        self.kid, self.meter_name = self.signer.kid, f"meter {number}"
        self.price, self.wh, self.deliver = price, wh, deliver
        self.post = Post(self.signer, NAME)
        self.hears = [self.topic(name) for name in ("receipt", "award", "bill")]
        self.orders, self.receipts, self.awards, self.bills, self.meters = {}, {}, {}, {}, {}
        self.registers, self.prev, self.off = [5000, 700], "", ()
        self.sent_at = {}

    def topic(self, name):
        return t("gw", self.kid, name)

    def say(self, kind, fields, now):
        return self.post.seal(kind, fields, now)[1]

    def told(self, topic, data):
        payload = json.loads(envelope.unb64url(data.decode().split(".")[1]))
        if payload["type"] == "receipt":
            same = self.receipts.setdefault(payload["order"], data)
            assert same == data, "two receipts for one order"
        elif payload["type"] in ("award", "bill"):
            kept = (self.awards if payload["type"] == "award" else self.bills).setdefault(payload["slot"], data)
            assert kept == data, f"two of {payload['type']}"

    def tick(self, now, broker):
        """Orders for all open slots, a meter message at a slot's end, what is overdue again."""
        seconds, terms = self.seconds, self.terms
        first = now - now % seconds
        if now % seconds == 0 and (now - seconds) not in self.off:
            self.measure(now - seconds, now, broker)
        for slot in range(first + seconds, first + 6 * seconds, seconds):
            if slot - terms["open_before"] <= now < slot - terms["gate_before"] and slot not in self.orders:
                fields = {"device": "home", "slot": slot, "steps": [[self.price, self.wh]], "expires": slot, "replaces": 0}
                self.orders[slot] = self.say("order", fields, now)
                self.send("order", self.orders[slot], now, broker)
        if now % 60 == 0:
            self.again(now, broker)

    def again(self, now, broker):
        for slot, jws in self.orders.items():
            if envelope.digest(jws) not in self.receipts and now < slot - self.terms["gate_before"]:
                self.send("order", jws, now, broker)
        overdue = [slot for slot in sorted(self.meters) if slot + self.seconds + 60 < now and slot not in self.bills]
        for slot in overdue:
            self.send("meter", self.meters[slot], now, broker)
        if overdue or now % self.seconds == 240:
            self.send("sync", self.say("sync", {"last": 0}, now), now, broker)

    def measure(self, slot, now, broker):
        promised = 0
        if slot in self.awards:
            fills = json.loads(envelope.unb64url(self.awards[slot].decode().split(".")[1]))["fills"]
            promised = sum(row[2] for row in fills)
        wh = self.deliver(promised)
        self.registers = [self.registers[0] + max(wh, 0), self.registers[1] + max(-wh, 0)]
        raw = envelope.b64url(hashlib.sha256(repr(self.registers).encode()).digest())
        fields = {"slot": slot, "meter": self.meter_name, "import_wh": self.registers[0], "export_wh": self.registers[1]}
        self.meters[slot] = self.say("meter", {**fields, "raw": raw, "prev": self.prev}, now)
        self.prev = envelope.digest(self.meters[slot])
        self.send("meter", self.meters[slot], now, broker)

    def send(self, name, jws, now, broker):
        broker.publish(self.topic(name), jws, False, now)


class Street:
    """Homes, offices and time. plans: {role: {batch: way}}."""

    def __init__(self, homes, plans=None, lines=None, terms=TERMS):
        self.homes, self.broker = homes, Broker()
        gateways = [(h.kid, envelope.b64url(h.signer.public), "gateway", h.meter_name, f"n{i}") for i, h in enumerate(homes)]
        grid = Feeder(lines or [(f"n{i}", f"n{i - 1}" if i else "", 20, 5, 50000) for i in range(len(homes))])
        public = {role: signer(role).public for role in ROLES}
        self.founding = Founding(NAME, public, verify, terms, [(0, 300000, 80000)], gateways, grid)
        self.offices = [Hosted(self.founding, role, self.broker, (plans or {}).get(role, ())) for role in ROLES]
        self.now = START
        self.down = {}

    def run(self, seconds, beat=10):
        for _ in range(seconds // beat):
            self.beat()
            self.now += beat
        return self

    def beat(self):
        for office in self.offices:
            if not self.down.get(office.role, lambda now: False)(self.now):
                office.commit(office.office.book.delivered())
                office.call(self.now, "tick")
                self.settle()
        for home in self.homes:
            home.tick(self.now, self.broker)
            self.settle()

    def settle(self):
        """Hand on what was published until it is quiet."""
        while self.broker.queue:
            topic, data = self.broker.queue.popleft()
            for home in self.homes:
                if topic in home.hears:
                    home.told(topic, data)
            for office in self.offices:
                if heard(office.topics, topic) and not self.down.get(office.role, lambda now: False)(self.now):
                    office.call(self.now, "told", topic, data)

    def office(self, role):
        return next(office for office in self.offices if office.role == role)
