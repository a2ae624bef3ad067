"""One home and a market that is a few lines: portable, so that a whole evening can be compared between the two Pythons.

The market here is not the reference market: it opens, receipts, clears against a seller at a fixed price, and bills.
"""

from drivers.nouns import Command, Reading
from gateway.acts import Save, Send
from gateway.home import Home
from market import ed25519, merkle, settlement
from market.clearing import clear
from market.envelope import SeedSigner, b64url, digest, unseal
from market.messages import check, topic_of
from market.post import Post

SLOT = 300
START = 1_782_052_200
TERMS = {
    "slot_seconds": SLOT, "open_before": 3600, "gate_before": 120, "mechanism": "auction", "service": 2000, "network": 8000,
    "penalty": 100_000, "price_min": 0, "price_max": 1_000_000, "max_wh": 10_000,
}  # fmt: skip
DEVICES = [
    {"name": "grid", "kind": "meter", "policy": "", "wishes": {}, "stale_s": 60},
    {"name": "roof", "kind": "pv", "policy": "pv", "wishes": {}, "stale_s": 60},
    {"name": "battery", "kind": "battery", "policy": "battery", "wishes": {}, "stale_s": 60},
    {"name": "car", "kind": "ev", "policy": "ev", "wishes": {"need_wh": 5000, "phases": 1}, "stale_s": 60},
    {"name": "tank", "kind": "heater", "policy": "heater", "wishes": {}, "stale_s": 60},
]


class House:
    """Devices that do at once what they are told, in whole watts."""

    def __init__(self):
        self.load_w, self.roof_w, self.battery_w, self.car_w, self.tank_w = 400, -2500, 0, 0, 0
        self.stored_mws, self.tank_mc = 6000 * 3_600_000, 50_000
        self.import_mws, self.export_mws, self.car_mws = 4_000_000 * 3_600_000, 2_000_000 * 3_600_000, 0

    def step(self, seconds, now):
        minute = (now - START) // 60
        self.load_w = 300 + 37 * (minute % 7) + (1200 if minute % 45 < 4 else 0)
        self.roof_w = -max(2500 - 9 * minute - 90 * (minute % 5), 0)
        self.stored_mws += self.battery_w * seconds * (950 if self.battery_w > 0 else 1053)
        self.car_mws += self.car_w * seconds * 1000
        self.tank_mc += self.tank_w * seconds // 837
        net = self.net_w()
        self.import_mws += max(net, 0) * seconds * 1000
        self.export_mws += max(-net, 0) * seconds * 1000

    def net_w(self):
        return self.load_w + self.roof_w + self.battery_w + self.car_w + self.tank_w

    def obey(self, command):
        if command.device == "battery":
            self.battery_w = min(max(command.value, -5000), 5000)
        elif command.device == "car":
            self.car_w = command.value * 230 // 1000
        elif command.device == "tank":
            self.tank_w = command.value

    def values(self):
        return {
            "grid": {
                "power_w": self.net_w(),
                "energy_import_wh": self.import_mws // 3_600_000,
                "energy_export_wh": self.export_mws // 3_600_000,
            },
            "roof": {"power_w": self.roof_w},
            "battery": {
                "power_w": self.battery_w, "capacity_wh": 10_000, "power_max_w": 5000,
                "soc_permille": self.stored_mws * 1000 // 36_000_000_000,
            },
            "car": {"power_w": self.car_w, "plugged": 1, "session_wh": self.car_mws // 3_600_000},
            "tank": {"power_w": self.tank_w, "temperature_mc": self.tank_mc},
        }  # fmt: skip


class SmallStreet:
    """sent: all that the home published, in order, as (topic, bytes)."""

    def __init__(self):
        self.keys = {role: SeedSigner(bytes([i + 1]) * 32) for i, role in enumerate(("registrar", "supplier", "dso", "market"))}
        self.me = SeedSigner(bytes([77]) * 32)
        self.posts = {role: Post(key, "m") for role, key in self.keys.items()}
        registrar = b64url(self.keys["registrar"].public)
        setup = {"name": "h", "market": "m", "registrar": registrar, "meter": "grid", "limit_w": 17_000, "devices": DEVICES}
        self.home = Home(setup, self.me, ed25519.verify)
        self.house, self.now, self.sent, self.tables, self.notes = House(), START, [], {}, []
        self.live, self.meters, self.rating, self.bills = {}, [], 1000, 0
        self.publish()
        self.home.online(self.now)

    def publish(self):
        members = [(k.kid, b64url(k.public), role, "", "") for role, k in self.keys.items()]
        members.append((self.me.kid, b64url(self.me.public), "gateway", "grid", "n0"))
        self.say("registrar", "keys", {"members": [list(m) for m in sorted(members)]})
        self.say("market", "terms", TERMS)
        self.say("supplier", "tariff", {"rows": [[START + i * SLOT, 300_000, 80_000] for i in range(100)]})

    def say(self, role, kind, fields):
        payload, jws = self.posts[role].seal(kind, fields, self.now)
        check(payload)
        self.home.told(topic_of(payload, self.me.kid), jws, self.now)

    def run(self, seconds, beat=20):
        for _ in range(seconds // beat):
            self.now += beat
            self.house.step(beat, self.now)
            all_values = self.house.values()
            for device in sorted(all_values):
                values = all_values[device]
                rows = [Reading(device, quantity, values[quantity], self.now) for quantity in sorted(values)]
                self.home.heard(rows, b"%d" % self.now)
            self.beat()

    def beat(self):
        for act in self.home.tick(self.now):
            if isinstance(act, Command):
                self.house.obey(act)
            elif isinstance(act, Save):
                self.tables.setdefault(act.table, {})[act.key] = act.doc
            elif isinstance(act, Send):
                self.sent.append((act.topic, act.data))
                self.heard(act.data)
            else:
                self.notes.append(act)
        if self.now % SLOT == (SLOT - TERMS["gate_before"]) // 20 * 20:
            self.gate(self.now - self.now % SLOT + SLOT)

    def heard(self, jws):
        payload = unseal(jws, {self.me.kid: self.me.public}.get, ed25519.verify)
        check(payload)
        if payload["type"] == "order":
            self.live[payload["slot"]] = (digest(jws), payload["steps"])
            self.say("market", "receipt", {"order": digest(jws), "index": 1, "accepted": True, "reason": ""})
        elif payload["type"] == "meter":
            self.meters.append((payload["slot"], payload["import_wh"] - payload["export_wh"]))
            self.bill(payload["slot"])

    def gate(self, slot):
        """A stranger buys 150 Wh at 0.10 and sells 150 Wh at 0.15."""
        rows = [[0, b64url(bytes(32)), [[100_000, 150], [150_000, -150]]]]
        if slot in self.live:
            rows.append([1, self.live[slot][0], self.live[slot][1]])
        leaves = [merkle.leaf_bytes(row[0], row[1], row[2]) for row in rows]
        self.say("market", "book", {"slot": slot, "root": b64url(merkle.root(leaves)), "count": len(rows), "pages": 1})
        self.say("market", "open", {"slot": slot, "page": 0, "leaves": rows})
        self.say("dso", "dso", {"slot": slot, "state": "ok", "constraint": "", "limits": []})
        price, wh, fills = clear([(row[0], [(p, e) for p, e in row[2]]) for row in rows], [])
        self.say("market", "clear", {"slot": slot, "price": price, "wh": wh})
        if slot in self.live:
            path = [[1, [b64url(item) for item in merkle.path(leaves, 1)]]]
            self.live[slot] = (self.live[slot][0], [[self.live[slot][0], 1, dict(fills).get(1, 0), price]])
            self.say("market", "award", {"slot": slot, "fills": self.live[slot][1], "path": path})

    def bill(self, slot):
        if len(self.meters) < 2:
            return
        fills = [(row[2], row[3]) for row in self.live[slot][1]] if slot in self.live else []
        metered = self.meters[-1][1] - self.meters[-2][1]
        lines, total, self.rating = settlement.bill(fills, metered, 300_000, 80_000, TERMS, self.rating)
        fields = {"slot": slot, "awarded_wh": sum([wh for wh, _ in fills]), "metered_wh": metered, "lines": lines, "total": total}
        fields["rating"] = self.rating
        self.bills += 1
        self.say("market", "bill", fields)

