"""The tree by levels beside RFC 9162's own recursive definitions (section 2.1), written out here."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from market import merkle

LEAVES = st.lists(st.binary(max_size=6), max_size=70)


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    return 1 << (n - 1).bit_length() - 1


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:k]) + tree_hash(leaves[k:])).digest()


def audit_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*audit_path(m, leaves[:k]), tree_hash(leaves[k:])]
    return [*audit_path(m - k, leaves[k:]), tree_hash(leaves[:k])]


@settings(deadline=None)
@given(LEAVES)
def test_the_root_is_the_tree_hash(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == tree_hash(leaves)


@settings(deadline=None)
@given(LEAVES.filter(bool), st.data())
def test_paths_and_proofs(leaves: list[bytes], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(leaves) - 1))
    path = audit_path(i, leaves)
    assert merkle.path(leaves, i) == path
    assert merkle.holds(leaves[i], i, len(leaves), path, tree_hash(leaves))


@settings(deadline=None)
@given(LEAVES.filter(bool), st.data())
def test_a_damaged_proof_proves_nothing(leaves: list[bytes], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(leaves) - 1))
    path, root = merkle.path(leaves, i), merkle.root(leaves)
    other = data.draw(st.binary(max_size=6).filter(lambda leaf: leaf != leaves[i]))
    assert not merkle.holds(other, i, len(leaves), path, root)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not merkle.holds(leaves[i], i, len(leaves), path[:at] + path[at + 1 :], root)
        assert not merkle.holds(leaves[i], i, len(leaves), path[:at] + [bytes(32)] + path[at + 1 :], root)
