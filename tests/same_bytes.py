"""A portable script: seals payloads made from a seed and prints one SHA-256 over all that came out. `test_same_bytes.py` compares.

Over its way go canonical JSON, base64url, Ed25519 signing and verifying, Merkle roots and paths, clearing, feeder and settlement,
then all that a whole home says in some slots: forecasts, curves, netting, orders, meter chain.
"""

import hashlib
import sys
from binascii import hexlify

sys.path.insert(0, sys.argv[1])
sys.path.insert(0, sys.argv[1] + "/tests/portable")

from small_street import SmallStreet

from market import ed25519, envelope, feeder, merkle, messages, settlement
from market.clearing import clear

TERMS = {"service": 2000, "network": 8000, "penalty": 100000}
NODES = [("a", "", 40, 20, 9000), ("b", "a", 90, 30, 6000), ("c", "a", 120, 40, 4000)]


class Lcg:
    """Knuth's MMIX generator: the same numbers everywhere."""

    def __init__(self, seed):
        self.state = seed

    def below(self, most):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        return (self.state >> 33) % most


def steps(chance):
    """Up to 8 steps that keep the rule of docs/protocol.md: buys below sells."""
    middle = 150000 + chance.below(150000)
    buys = [[middle - chance.below(100000), 1 + chance.below(2000)] for _ in range(chance.below(5))]
    sells = [[middle + 1 + chance.below(100000), -1 - chance.below(2000)] for _ in range(chance.below(5))]
    return buys + sells


def text(chance):
    return "".join([chr(32 + chance.below(95)) for _ in range(1 + chance.below(30))])


def payload(chance, signer, seq):
    return {
        "v": 1,
        "type": "order",
        "market": "street",
        "from": signer.kid,
        "seq": seq,
        "at": 1750000000 + chance.below(100000),
        "device": text(chance),
        "slot": 300 * chance.below(10000000),
        "steps": steps(chance),
        "expires": chance.below(1 << 31) * chance.below(1 << 21),
        "replaces": chance.below(9),
    }


def market_of(chance, count, out):
    """A slot with `count` orders of three homes, from the sealing to the bills."""
    signers = [envelope.SeedSigner(hashlib.sha256(b"%d" % home).digest()) for home in range(3)]
    keys = {signer.kid: signer.public for signer in signers}
    leaves, orders, node_of = [], [], {}
    for index in range(count):
        jws = envelope.seal(payload(chance, signers[index % 3], index + 1), signers[index % 3])
        order = envelope.unseal(jws, keys.get, ed25519.verify)
        messages.check(order)
        out.update(jws + messages.topic_of(order).encode())
        leaves.append(merkle.leaf_bytes(index, envelope.digest(jws), order["steps"]))
        orders.append((index, order["steps"]))
        node_of[index] = NODES[index % 3][0]
    out.update(merkle.root(leaves) + b"".join(merkle.path(leaves, count // 2)))
    found = feeder.limits(orders, node_of, feeder.Feeder(NODES), 1800, (("a", chance.below(4000)),))
    price, wh, fills = clear(orders, found[2])
    out.update(repr((found, price, wh, fills)).encode())
    for _, filled in fills:
        out.update(repr(settlement.bill([(filled, price)], chance.below(4000) - 2000, 300000, 80000, TERMS, chance.below(1001))).encode())


def main():
    chance = Lcg(int(sys.argv[2]))
    out = hashlib.sha256()
    for _ in range(int(sys.argv[3])):
        market_of(chance, 2 + chance.below(14), out)
    street = SmallStreet()
    street.run(600 + 300 * chance.below(4))
    for topic, jws in street.sent:  # orders, meter messages, sync and status of a whole home
        out.update(topic.encode() + jws)
    print(hexlify(out.digest()).decode())


main()
