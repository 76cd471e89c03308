"""The tree is that of RFC 9162, however it is grown."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.merkle import Frontier
from tests.ledger.saying import root_of

LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=40)

# Leaves and roots that Certificate Transparency's implementations test themselves with.
KNOWN_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + definition(leaves[:k]) + definition(leaves[k:])).digest()


def test_roots_are_those_that_others_compute() -> None:
    assert [root_of(KNOWN_LEAVES[:size]).hex() for size in range(1, 9)] == KNOWN_ROOTS


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == hashlib.sha256(b"").digest()


@given(LEAVES)
def test_roots_are_those_of_the_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == definition(leaves)


@given(LEAVES, LEAVES)
def test_a_tree_grows_on_from_its_frontier(first: list[bytes], more: list[bytes]) -> None:
    tree = Frontier()
    for leaf in first:
        tree.add(leaf)
    resumed = Frontier(tree.size, tree.subtrees)
    for leaf in more:
        resumed.add(leaf)
    assert resumed.root() == definition(first + more)
    assert tree.root() == definition(first)


@pytest.mark.parametrize(("size", "subtrees"), [(0, 1), (1, 0), (3, 1), (4, 2)])
def test_a_frontier_has_a_subtree_for_each_bit_of_its_size(size: int, subtrees: int) -> None:
    with pytest.raises(ValueError, match="perfect subtrees"):
        Frontier(size, [b""] * subtrees)
