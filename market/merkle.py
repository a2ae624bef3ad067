"""The book under one hash: RFC 9162 section 2.1 Merkle trees, so that one root stands for every order and a short path proves one.

Pairing the nodes of a level from the left and lifting a node without a partner gives the same tree as RFC 9162's split at the
largest power of two. A place is the rank of a leaf in its tree, from 0; it is not the order's index once orders were replaced.
"""

import hashlib

from market import canonical


def leaf_bytes(index: int, order: str, steps: "list[list[int]]") -> bytes:
    """One order's leaf: canonical `[index,order,steps]`."""
    return canonical.encode([index, order, steps])


def root(leaves: "list[bytes]") -> bytes:
    """The tree hash over `leaves` (their bytes, in order): 32 bytes; of no leaves, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return levels(leaves)[-1][0]


def path(leaves: "list[bytes]", i: int) -> "list[bytes]":
    """The inclusion proof of leaf `i` (RFC 9162 section 2.1.3.1): the hashes beside its way to the root, lowest first."""
    return path_in(levels(leaves), i)


def holds(leaf: bytes, i: int, count: int, path: "list[bytes]", root: bytes) -> bool:
    """Whether `path` proves that `leaf` is leaf `i` of the `count` leaves under `root` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= i < count:
        return False
    here = _leaf(leaf)
    last = count - 1
    steps = list(path)
    while last:
        if i != last or i & 1:  # a node at an even place at the right edge has no partner and is lifted
            if not steps:
                return False
            beside = steps.pop(0)
            here = _node(beside, here) if i & 1 else _node(here, beside)
        i >>= 1
        last >>= 1
    return not steps and here == root


def levels(leaves: "list[bytes]") -> "list[list[bytes]]":
    """All hashes of the tree over at least one leaf, from the leaves' level up to the root's: for many paths out of one tree."""
    level = [_leaf(leaf) for leaf in leaves]
    tree = [level]
    while len(level) > 1:
        above = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) & 1:
            above.append(level[-1])
        level = above
        tree.append(level)
    return tree


def path_in(tree: "list[list[bytes]]", i: int) -> "list[bytes]":
    """`path` of leaf `i` out of the `levels` of its tree."""
    found = []
    for level in tree[:-1]:
        if i ^ 1 < len(level):
            found.append(level[i ^ 1])
        i >>= 1
    return found


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
