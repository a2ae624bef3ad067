"""Verifies a recorded market with nothing but docs/protocol.md: `python tests/independent_reader.py RECORD.jsonl [REGISTRAR_X]`.

Shares no code with market/ or gateway/ on purpose: standard library and PyNaCl. Prints one line a finding; exit 0 only without any.
"""

import base64
import hashlib
import itertools
import json
import sys
from collections import Counter, defaultdict

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

FIELDS = {
    "terms": "slot_seconds open_before gate_before mechanism service network penalty price_min price_max max_wh",
    "tariff": "rows",
    "keys": "members",
    "order": "device slot steps expires replaces",
    "cancel": "device slot replaces",
    "meter": "slot meter import_wh export_wh raw prev",
    "dispute": "bill reason",
    "sync": "last",
    "status": "online session",
    "receipt": "order index accepted reason",
    "award": "slot fills path",
    "bill": "slot awarded_wh metered_wh lines total rating",
    "list": "slot listings",
    "book": "slot root count pages",
    "open": "slot page leaves",
    "dso": "slot state constraint limits",
    "clear": "slot price wh",
}
TO_ONE = ("receipt", "award", "bill")
FROM_ONE = ("order", "cancel", "meter", "dispute", "sync", "status")
OF_SLOT = ("list", "book", "open", "dso", "clear")
SIGNS = {"tariff": "supplier", "keys": "registrar", "dso": "dso"}
PATIENCE = 12
MOST_LIVE = 16


def unb64(text):
    data = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    if b64(data) != text:
        raise ValueError("stray bits or padding in base64url")
    return data


def b64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sha(data):
    return hashlib.sha256(data).digest()


def thumbprint(x):
    return b64(sha(b'{"crv":"Ed25519","kty":"OKP","x":"' + x.encode() + b'"}'))


def canonical(value, depth=0):
    """The canonical text of a value, ValueError for what has none."""
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is int and abs(value) <= 2**53 - 1:
        return str(value)
    if type(value) is str and all(" " <= c <= "~" for c in value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if depth < 6 and type(value) is list:
        return "[" + ",".join(canonical(v, depth + 1) for v in value) + "]"
    if depth < 6 and type(value) is dict:
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k], depth + 1) for k in sorted(value)) + "}"
    raise ValueError(f"no canonical form: {value!r}")


class Message:
    """One distinct message: line of its first appearance, topic split below the market, payload, JWS bytes."""

    def __init__(self, line, topic, jws, payload):
        self.line, self.topic, self.jws, self.payload = line, topic, jws, payload
        self.kind, self.signer, self.seq, self.at = payload["type"], payload["from"], payload["seq"], payload["at"]
        self.digest = b64(sha(jws))
        self.rest = topic.split("/")[3:]

    @property
    def slot(self):
        return self.payload["slot"]

    @property
    def home(self):
        return self.rest[1]


class Reader:
    def __init__(self, lines, registrar=None):
        self.findings = []
        self.messages = []
        self.roles = {}
        self.meters = {}
        self.x = {}
        self.root = registrar
        self.load(lines)

    def find(self, where, text):
        self.findings.append(f"line {where.line if isinstance(where, Message) else where}: {text}")

    # -- envelopes ---------------------------------------------------------------------------------------------------------------

    def load(self, lines):
        seen, parsed = {}, []
        for number, text in enumerate(lines, 1):
            if not text.strip():
                continue
            row = row_of(text)
            if row is None:
                self.find(number, 'not a line of a record: JSON with at least {"topic": "...", "payload": "..."}')
                continue
            if row["payload"] == "":
                continue
            if row["payload"] in seen:
                if seen[row["payload"]] != row["topic"]:
                    self.find(number, f"the bytes of {seen[row['payload']]} came again under {row['topic']}")
                continue
            seen[row["payload"]] = row["topic"]
            parsed.append((number, row["topic"], row["payload"]))
        self.learn(parsed)
        if not self.x:  # nobody's signature can be checked
            return
        for number, topic, text in parsed:
            try:
                self.messages.append(self.open(number, topic, text))
            except (ValueError, KeyError, TypeError, CryptoError) as error:
                self.find(number, f"{topic}: {type(error).__name__}: {error}")

    def learn(self, parsed):
        """All members of all `keys` messages; without a given trust root, the registrar that the first one names."""
        before = len(self.findings)
        for number, topic, text in parsed:
            if topic.split("/")[3:] != ["keys"]:
                continue
            try:
                members = json.loads(unb64(text.split(".")[1]))["members"]
                root = self.root or next(x for _, x, role, _, _ in members if role == "registrar")
                VerifyKey(unb64(root)).verify(text.rsplit(".", 1)[0].encode(), unb64(text.rsplit(".", 1)[1]))
            except Exception as error:
                self.find(number, f"keys not signed by the registrar{' ' + self.root if self.root else ''}: {error}")
                continue
            self.root = root
            for kid, x, role, meter, _ in members:
                if thumbprint(x) != kid:
                    self.find(number, f"{kid} is not the thumbprint of its key")
                self.x[kid], self.roles[kid], self.meters[kid] = x, role, meter
        if not self.x:
            self.findings[before:] = self.findings[before:][:1] or ["line 0: no keys: without them no signature can be checked"]

    def open(self, number, topic, text):
        if len(text) > 16384:
            raise ValueError("more than 16 KiB")
        head, body, signature = text.split(".")
        kid = json.loads(unb64(head))["kid"]
        if unb64(head) != b'{"alg":"EdDSA","kid":"' + kid.encode() + b'"}':
            raise ValueError("another header")
        if kid not in self.x:
            raise ValueError(f"{kid} is no member")
        VerifyKey(unb64(self.x[kid])).verify(f"{head}.{body}".encode(), unb64(signature))
        payload = json.loads(unb64(body))
        if canonical(payload).encode() != unb64(body):
            raise ValueError("not canonical")
        message = Message(number, topic, text.encode(), payload)
        self.place(message, kid, len(text))
        return message

    def place(self, m, kid, size):
        """Fields, signer, role and topic of a message belong together."""
        want = set(f"v type market from seq at {FIELDS[m.kind]}".split())
        if set(m.payload) - ({"item"} if m.kind == "order" else set()) != want:
            raise ValueError(f"fields {sorted(set(m.payload) ^ want)}")
        if m.payload["v"] != 1 or m.signer != kid or (m.kind in ("order", "cancel") and size > 2048):
            raise ValueError("version, signer or size")
        role = SIGNS.get(m.kind, "gateway" if m.kind in FROM_ONE else "market")
        if self.roles[kid] != role and (self.roles[kid], m.kind) != ("dso", "sync"):
            raise ValueError(f"a {m.kind} signed by a {self.roles[kid]}")
        rest = [m.kind]
        if m.kind in FROM_ONE:
            rest = ["gw", kid, "order" if m.kind == "cancel" else m.kind]
        elif m.kind in TO_ONE:
            rest = ["gw", m.home, m.kind]
        elif m.kind in OF_SLOT:
            rest = ["slot", str(m.slot), m.kind] + ([str(m.payload["page"])] if m.kind == "open" else [])
        if m.topic != "/".join(["elecbay", "1", m.payload["market"], *rest]):
            raise ValueError(f"a {m.kind} does not belong under this topic")

    # -- all checks --------------------------------------------------------------------------------------------------------------

    def check(self):
        if not self.x:
            return self.findings
        self.check_seqs()
        terms = self.kind("terms")
        if not terms:
            self.find(0, "no terms: nothing else can be checked")
            return self.findings
        self.terms = terms[0].payload
        for other in terms[1:]:
            if any(other.payload[name] != self.terms[name] for name in FIELDS["terms"].split()):
                self.find(other, "terms changed")
        self.check_tariff()
        self.check_receipts()
        self.books = {}
        for book in self.once_a_slot("book"):
            self.check_book(book)
        self.check_grid()
        self.check_clearings()
        self.check_awards()
        self.check_chains()
        self.check_bills()
        return self.findings

    def kind(self, *kinds):
        return [m for m in self.messages if m.kind in kinds]

    def once_a_slot(self, kind):
        """One message a slot; two different ones are a finding."""
        found = {}
        for m in self.kind(kind):
            if m.slot in found:
                self.find(m, f"a second {kind} for slot {m.slot}")
            found.setdefault(m.slot, m)
        return list(found.values())

    def check_seqs(self):
        last, used = {}, {}
        for m in self.messages:
            if (m.signer, m.seq) in used:
                self.find(m, f"seq {m.seq} of {m.signer} was used in line {used[(m.signer, m.seq)]}")
            used[(m.signer, m.seq)] = m.line
            if m.seq < m.at:
                self.find(m, f"seq {m.seq} is below its time {m.at}")
            if m.kind == "status" and m.payload["online"] is False:
                continue
            if m.seq <= last.get(m.signer, 0):
                self.find(m, f"seq {m.seq} of {m.signer} comes after {last[m.signer]}")
            last[m.signer] = max(m.seq, last.get(m.signer, 0))

    def check_tariff(self):
        self.prices = {}
        for m in self.kind("tariff"):
            for slot, bought, sold in m.payload["rows"]:
                if self.prices.setdefault(slot, (bought, sold)) != (bought, sold):
                    self.find(m, f"the price of slot {slot} was changed")

    # -- orders and the book -----------------------------------------------------------------------------------------------------

    def check_receipts(self):
        """One receipt an order; what was accepted was in time, in bounds, and gets the slot's next index."""
        orders = {m.digest: m for m in self.kind("order", "cancel")}
        self.accepted, self.index = {}, {}
        arrivals, answered = defaultdict(int), {}
        for m in self.kind("receipt"):
            order = orders.get(m.payload["order"])
            if m.payload["order"] in answered:
                self.find(m, "a second, different receipt for one order")
                continue
            answered[m.payload["order"]] = m
            if m.payload["accepted"] != (m.payload["reason"] == ""):
                self.find(m, "accepted goes without a reason, refused with one")
            if not m.payload["accepted"]:
                continue
            if order is None or order.signer != m.home:
                self.find(m, "accepted what this gateway did not send")
                continue
            for why in self.wrong_to_accept(order, m):
                self.find(m, f"accepted an order that {why}")
            if order.kind == "cancel":
                self.end(order, m)
                continue
            if order.payload["replaces"]:
                self.end(order, m)
            elif any(o.slot == order.slot and self.same_device(o, order) for o in self.accepted.values()):
                self.find(m, "a second live order for one device and slot")
            if m.payload["index"] != arrivals[order.slot]:
                self.find(m, f"index {m.payload['index']} for arrival {arrivals[order.slot]}")
            arrivals[order.slot] += 1
            if sum(o.slot == order.slot and o.signer == order.signer for o in self.accepted.values()) == MOST_LIVE:
                self.find(m, "a gateway with more than 16 orders in a slot")
            self.accepted[order.digest] = order
            self.index[order.digest] = m.payload["index"]
            self.end_of_gate(order, m)

    def end_of_gate(self, order, receipt):
        if any(book.slot == order.slot and book.seq < receipt.seq for book in self.kind("book")):
            self.find(receipt, "accepted after the book was out")

    def same_device(self, a, b):
        return a.signer == b.signer and a.payload["device"] == b.payload["device"]

    def end(self, order, receipt):
        """`order` replaces or cancels a live one."""
        for digest, old in list(self.accepted.items()):
            if old.seq == order.payload["replaces"] and old.slot == order.slot and self.same_device(old, order):
                if order.kind == "cancel" and receipt.payload["index"] != self.index[digest]:
                    self.find(receipt, "a cancel's receipt with another index")
                del self.accepted[digest]
                return
        self.find(receipt, f"accepted although no live order has seq {order.payload['replaces']}")

    def wrong_to_accept(self, order, receipt):
        t, slot = self.terms, order.slot
        if slot % t["slot_seconds"]:
            yield "is for no slot"
        if receipt.at < slot - t["open_before"]:
            yield "was early"
        if receipt.at >= slot - t["gate_before"]:
            yield "was late"
        if order.kind == "cancel":
            return
        if order.payload["expires"] < receipt.at:
            yield "had expired"
        steps = order.payload["steps"]
        buys, sells = [s for s in steps if s[1] > 0], [s for s in steps if s[1] < 0]
        if len(steps) > 16 or len(buys) + len(sells) < len(steps):
            yield "has too many steps or an empty one"
        if buys and sells and max(buys)[0] >= min(sells)[0]:
            yield "buys above where it sells"
        if any(not t["price_min"] <= price <= t["price_max"] for price, _ in steps):
            yield "has a price out of bounds"
        if max(sum(wh for _, wh in buys), -sum(wh for _, wh in sells)) > t["max_wh"]:
            yield "is too large"

    def check_book(self, book):
        gate = book.slot - self.terms["gate_before"]
        if book.at < gate:
            self.find(book, "a book before its gate")
        pages = {m.payload["page"]: m for m in self.kind("open") if m.slot == book.slot}
        if sorted(pages) != list(range(book.payload["pages"])) or any(len(p.payload["leaves"]) > 100 for p in pages.values()):
            self.find(book, f"pages {sorted(pages)} of {book.payload['pages']}")
            return
        leaves = [leaf for page in sorted(pages) for leaf in pages[page].payload["leaves"]]
        if len(leaves) != book.payload["count"] or b64(root_of([canonical(leaf).encode() for leaf in leaves])) != book.payload["root"]:
            self.find(book, "the pages do not hash to the root")
        live = [o for o in self.accepted.values() if o.slot == book.slot and o.payload["expires"] >= gate]
        want = sorted([self.index[o.digest], o.digest, o.payload["steps"]] for o in live)
        if leaves != want:
            self.find(book, f"the book has {len(leaves)} leaves that are not the {len(want)} live orders in index order")
        self.books[book.slot] = leaves

    # -- grid, clearing, award ---------------------------------------------------------------------------------------------------

    def check_grid(self):
        self.limits = {}
        for m in self.once_a_slot("dso"):
            limits = m.payload["limits"]
            indexes = [index for index, _ in limits]
            inside = set(indexes) <= {leaf[0] for leaf in self.books.get(m.slot, [])}
            if indexes != sorted(set(indexes)) or not inside or any(most < 0 for _, most in limits):
                self.find(m, "limits that do not fit the book")
            if m.payload["state"] not in ("ok", "congested") or (m.payload["state"] == "ok") != (not limits):
                self.find(m, f"{m.payload['state']} with {len(limits)} limits")
            self.limits[m.slot] = m

    def check_clearings(self):
        self.cleared = {}
        for m in self.once_a_slot("clear"):
            if m.slot not in self.books:
                self.find(m, "cleared without a good book")
                continue
            price, wh, fills = 0, 0, {}
            if m.at < m.slot:
                dso = self.limits.get(m.slot)
                if dso is None:
                    self.find(m, "cleared in time without the DSO")
                    continue
                price, wh, fills = clearing(self.books[m.slot], dict(map(tuple, dso.payload["limits"])))
            if (price, wh) != (m.payload["price"], m.payload["wh"]):
                self.find(m, f"slot {m.slot} clears {wh} Wh at {price}, not {m.payload['wh']} at {m.payload['price']}")
            self.cleared[m.slot] = (price, fills)

    def check_awards(self):
        self.awards = {}
        owner = {o.digest: o.signer for o in self.kind("order")}
        for m in self.kind("award"):
            if (m.home, m.slot) in self.awards:
                self.find(m, "a second award for one slot")
            self.awards[(m.home, m.slot)] = m
            if m.slot not in self.cleared:
                self.find(m, "an award without a good clear")
                continue
            price, fills = self.cleared[m.slot]
            leaves = self.books[m.slot]
            places = [i for i, leaf in enumerate(leaves) if owner.get(leaf[1]) == m.home]
            want = [[leaves[i][1], leaves[i][0], fills.get(leaves[i][0], 0), price] for i in places]
            if m.payload["fills"] != want:
                self.find(m, f"the award should be {want}")
                continue
            data = [canonical(leaf).encode() for leaf in leaves]
            if m.payload["path"] != [[i, [b64(h) for h in path_of(data, i)]] for i in places]:
                self.find(m, "a path that does not prove the order's place")
        for slot in self.cleared:
            missing = {owner.get(leaf[1]) for leaf in self.books[slot]} - {home for home, s in self.awards if s == slot}
            if missing:
                self.find(0, f"slot {slot} was cleared, {len(missing)} gateways got no award")

    # -- meters and bills --------------------------------------------------------------------------------------------------------

    def check_chains(self):
        """Meter messages by home, those that continue its chain."""
        self.chain = defaultdict(list)
        for m in self.kind("meter"):
            links = self.chain[m.signer]
            before = links[-1] if links else None
            p = m.payload
            if p["prev"] != (before.digest if before else ""):
                self.find(m, f"prev is not the JWS of the meter message before in line {before.line if before else 0}")
                continue
            if self.meters[m.signer] not in ("", p["meter"]):
                self.find(m, f"meter {p['meter']} is not the registered one")
            if before and m.slot <= before.slot:
                self.find(m, "slots run backwards")
            if m.slot % self.terms["slot_seconds"] or m.at < m.slot:
                self.find(m, "no slot that can have ended")
            links.append(m)

    def check_bills(self):
        bills = defaultdict(dict)
        for m in sorted(self.kind("bill"), key=lambda m: m.seq):
            if m.home in bills[m.slot]:
                self.find(m, "a second bill for one slot")
                continue
            bills[m.slot][m.home] = m
        order = [m.slot for m in self.kind("bill")]
        if order != sorted(order):
            self.find(0, "slots were not billed in order")
        state = {}
        for slot in sorted(s for s in bills if bills[s]):
            self.check_slot(slot, bills[slot], state)

    def check_slot(self, slot, bills, state):
        homes = [bills[kid] for kid in sorted(bills) if self.roles.get(kid) == "gateway"]
        for bill in homes:
            self.check_bill(bill, state)
        due = {home for home, s in self.awards if s == slot} - set(bills)
        first, seconds = min(bills.values(), key=lambda bill: bill.line), self.terms["slot_seconds"]
        for home, links in self.chain.items():
            for before, link in itertools.pairwise(links):
                waited = link.slot - before.slot <= PATIENCE * seconds and first.at < slot + (1 + PATIENCE) * seconds
                if link.slot == slot and link.line < first.line and waited:
                    due |= {home} - set(bills)
        if due:
            self.find(0, f"slot {slot}: no bill for {sorted(due)}")
        self.check_mirrors(slot, bills, [line for bill in homes for line in bill.payload["lines"]])
        if sum(bill.payload["total"] for bill in bills.values()):
            self.find(0, f"slot {slot}: the bills sum to {sum(bill.payload['total'] for bill in bills.values())}, not to zero")

    def check_mirrors(self, slot, bills, lines):
        for role, kinds in (("supplier", ["supply"]), ("dso", ["network"]), ("market", ["trade", "penalty", "service"])):
            mine = [bill for kid, bill in bills.items() if self.roles.get(kid) == role]
            sums = defaultdict(int)
            for kind, wh, price, _ in lines:
                sums[(kind, price)] -= wh
            want = [[k, sums[(k, p)], p, sums[(k, p)] * p] for kind in kinds for k, p in sorted(sums) if k == kind and sums[(k, p)]]
            if len(mine) != 1:
                self.find(0, f"slot {slot}: {len(mine)} bills for the {role}")
                continue
            got = mine[0].payload
            if got["lines"] != want or got["total"] != sum(line[3] for line in want) or got["awarded_wh"] or got["metered_wh"]:
                self.find(mine[0], f"the {role}'s bill does not mirror the homes'")

    def metered(self, bill, since):
        """(Wh, the message that the next bill starts from) as the bill must have it."""
        links = self.chain[bill.home]
        end = bill.slot + self.terms["slot_seconds"]
        mine = [link for link in links[1:] if link.slot == bill.slot]
        known = [link for link in mine if link.line < bill.line]
        if known:
            start = since or links[0]
            for link in links:
                if start.slot < link.slot <= bill.slot and fell(link, start):
                    start = link
            late = bill.at >= end + PATIENCE * self.terms["slot_seconds"]
            if not (late and bill.payload["metered_wh"] == 0):
                return net(known[0]) - net(start), known[0]
        elif (bill.home, bill.slot) not in self.awards:
            self.find(bill, "a bill without a meter message and without an award")
        elif bill.at < end + PATIENCE * self.terms["slot_seconds"] and not any(x.slot >= bill.slot for x in links):
            self.find(bill, "a bill without a meter message before its time")
        return 0, since

    def check_bill(self, bill, state):
        since, rating = state.get(bill.home, (None, 1000))
        metered, since = self.metered(bill, since)
        award = self.awards.get((bill.home, bill.slot))
        rows = award.payload["fills"] if award else []
        a = sum(wh for _, _, wh, _ in rows)
        kept = min(max(metered, 0), a) if a > 0 else min(max(-metered, 0), -a) if a < 0 else 0
        if bill.slot not in self.prices:
            self.find(bill, "no price was published for its slot")
            return
        rest, t = metered - a, self.terms
        priced = [["trade", wh, price] for _, _, wh, price in rows]
        priced.append(["supply", rest, self.prices[bill.slot][0 if rest > 0 else 1]])
        priced.append(["penalty", abs(a) - kept, t["penalty"]])
        priced.append(["service", abs(a), t["service"] * (1000 + max(0, 950 - rating)) // 1000])
        priced.append(["network", abs(a), t["network"]])
        lines = [[kind, wh, price, wh * price] for kind, wh, price in priced]
        rating = (7 * rating + 1000 * kept // abs(a)) // 8 if a else rating
        state[bill.home] = (since, rating)
        want = {"awarded_wh": a, "metered_wh": metered, "lines": lines, "total": sum(x[3] for x in lines), "rating": rating}
        for name, value in want.items():
            if bill.payload[name] != value:
                self.find(bill, f"{name} of the bill should be {value}, is {bill.payload[name]}")


def row_of(text):
    """A line of a record, None for anything else."""
    try:
        row = json.loads(text)
    except ValueError:
        return None
    return row if isinstance(row, dict) and all(isinstance(row.get(key), str) for key in ("topic", "payload")) else None


def net(m):
    return m.payload["import_wh"] - m.payload["export_wh"]


def fell(m, before):
    return any(m.payload[name] < before.payload[name] for name in ("import_wh", "export_wh"))


def root_of(leaves):
    """RFC 9162 section 2.1.1, by its definition."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return sha(b"\0" + leaves[0])
    k = split(len(leaves))
    return sha(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:]))


def path_of(leaves, i):
    """RFC 9162 section 2.1.3.1, by its definition."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    return path_of(leaves[:k], i) + [root_of(leaves[k:])] if i < k else path_of(leaves[k:], i - k) + [root_of(leaves[:k])]


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def clearing(leaves, limits):
    """(price, wh, {index: wh}): the volume is the most that min(demand, supply) reaches at any step's price."""
    buys, sells = [], []  # (price, index, wh)
    for index, _, steps in leaves:
        for side, out in ((1, buys), (-1, sells)):
            left = limits.get(index, 10**18)
            for price, wh in sorted((s for s in steps if s[1] * side > 0), key=lambda s: -s[0] * side):
                take = min(abs(wh), left)
                left -= take
                if take:
                    out.append((price, index, take))
    buys.sort(key=lambda s: (-s[0], s[1]))
    sells.sort(key=lambda s: (s[0], s[1]))
    volume = max(
        (min(sum(w for q, _, w in buys if q >= p), sum(w for q, _, w in sells if q <= p)) for p, _, _ in buys + sells), default=0
    )
    if not volume:
        return 0, 0, {}
    bought, unbought = taken(buys, volume)
    sold, unsold = taken(sells, volume)
    low = max([p for p, _, _ in sold] + [p for p, _, _ in unbought])
    high = min([p for p, _, _ in bought] + [p for p, _, _ in unsold])
    fills = defaultdict(int)
    for steps, sign in ((bought, 1), (sold, -1)):
        for _, index, wh in steps:
            fills[index] += sign * wh
    return (low + high) // 2, volume, dict(fills)


def taken(steps, volume):
    """(parts filled, parts unfilled) of sorted steps; one step may have both."""
    filled, rest = [], []
    for price, index, wh in steps:
        part = min(wh, volume)
        volume -= part
        if part:
            filled.append((price, index, part))
        if wh > part:
            rest.append((price, index, wh - part))
    return filled, rest


def read(lines, registrar=None):
    """The findings of a record; [] when all holds."""
    reader = Reader(lines, registrar)
    return reader.check()


def main(argv):
    if not 1 <= len(argv) <= 2:
        print("independent_reader.py RECORD.jsonl [REGISTRAR_X]", file=sys.stderr)
        return 2
    try:
        with open(argv[0], encoding="utf-8", errors="replace") as file:
            reader = Reader(file.read().splitlines(), *argv[1:])
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
        return 2
    findings = reader.check()
    for finding in findings:
        print(finding)
    count = Counter(m.kind for m in reader.messages)
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(count.items()))
    print(f"{len(reader.messages)} messages ({kinds}), {len(findings)} findings", file=sys.stderr)
    return 1 if findings or not reader.messages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
