"""One root for a book: published hashes, every place of small trees, and no proof for what is not there."""

from binascii import hexlify, unhexlify

from market import merkle

# The eight leaves and the roots over the first 0..8 of them that Certificate Transparency's own implementations test with.
LEAVES = [unhexlify(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = (
    b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    b"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    b"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    b"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    b"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    b"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    b"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    b"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    b"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_known_roots():
    for count in range(9):
        assert hexlify(merkle.root(LEAVES[:count])) == ROOTS[count], count


def test_the_paths_of_rfc_9162():
    # Section 2.1.5 draws the tree over d0..d6: the paths of d0, d3, d4 and d6 are [b, h, l], [c, g, l], [f, j, k] and [i, k].
    tree = merkle.levels(LEAVES[:7])
    _, b, c, _, _, f, _ = tree[0]
    g, h, i, j = tree[1]
    k, last = tree[2]
    for place, path in ((0, [b, h, last]), (3, [c, g, last]), (4, [f, j, k]), (6, [i, k])):
        assert merkle.path(LEAVES[:7], place) == path


def test_every_place_of_every_small_tree():
    for count in range(1, 34):
        leaves = [b"leaf %d" % i for i in range(count)]
        root = merkle.root(leaves)
        tree = merkle.levels(leaves)
        for i in range(count):
            path = merkle.path(leaves, i)
            assert path == merkle.path_in(tree, i)
            assert merkle.holds(leaves[i], i, count, path, root), (i, count)


def test_a_proof_holds_for_nothing_else():
    leaves = [b"leaf %d" % i for i in range(13)]
    root = merkle.root(leaves)
    for i in range(13):
        path = merkle.path(leaves, i)
        for other in range(-1, 15):
            assert merkle.holds(leaves[i], other, 13, path, root) == (other == i)
            assert not merkle.holds(leaves[i] + b"x", i, 13, path, root)
        assert not merkle.holds(leaves[i], i, 13, path[:-1], root)
        assert not merkle.holds(leaves[i], i, 13, path + [root], root)
        assert not merkle.holds(leaves[i], i, 13, path[1:], root)
        assert not merkle.holds(leaves[i], i, 0, path, root)
        assert not merkle.holds(leaves[i], i, i, path, root)
        assert not merkle.holds(leaves[i], i, 13, path, bytes(32))


def test_a_node_is_no_leaf():
    tree = merkle.levels([b"a", b"b"])
    assert not merkle.holds(tree[0][0] + tree[0][1], 0, 1, [], tree[1][0])


def test_a_leaf_is_canonical():
    assert merkle.leaf_bytes(3, "AA", [[300000, 500], [310000, -20]]) == b'[3,"AA",[[300000,500],[310000,-20]]]'
    assert merkle.leaf_bytes(0, "AA", [(1, 2)]) == b'[0,"AA",[[1,2]]]'
