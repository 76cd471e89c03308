"""One tree over all entries, as RFC 9162 (Certificate Transparency 2.0), section 2.1, defines it.

A frontier holds the roots of the perfect subtrees that a tree of a given size consists of, largest first: one for each
set bit of the size. It is all that is needed to add leaves and to know the root.
"""

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows by leaves, kept as its perfect subtrees; adding n leaves costs 2n hashes at most."""

    def __init__(self, size: int = 0, subtrees: Iterable[bytes] = ()) -> None:
        self.size = size
        self.subtrees = list(subtrees)
        if len(self.subtrees) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect subtrees")

    def add(self, data: bytes) -> None:
        """Add one leaf; it completes as many subtrees as the size has trailing one bits."""
        node, size = leaf_hash(data), self.size
        while size & 1:
            node, size = node_hash(self.subtrees.pop(), node), size >> 1
        self.subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        if not self.subtrees:
            return hashlib.sha256().digest()
        *larger, node = self.subtrees
        for subtree in reversed(larger):
            node = node_hash(subtree, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


def consistency_proof(size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The nodes that show that the tree over `leaves` extends its own first `size` leaves (RFC 9162, 2.1.4.1)."""
    if not 0 < size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves has no part of {size} to start from")
    return _subproof(size, leaves, is_known=True)


def _subproof(size: int, leaves: Sequence[bytes], *, is_known: bool) -> list[bytes]:
    """SUBPROOF(m, D_n, b) of the RFC; `is_known`: the verifier holds the root of the first `size` leaves."""
    if size == len(leaves):
        return [] if is_known else [root_of(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= split:
        return [*_subproof(size, leaves[:split], is_known=is_known), root_of(leaves[split:])]
    return [*_subproof(size - split, leaves[split:], is_known=False), root_of(leaves[:split])]


def extends(size: int, root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree (new_size, new_root) extends the tree (size, root) (RFC 9162, 2.1.4.2)."""
    if not 0 < size <= new_size:
        return False
    if size == new_size:
        return not proof and root == new_root
    nodes = list(proof) if size & (size - 1) else [root, *proof]
    if not nodes:
        return False
    last, new_last = size - 1, new_size - 1
    while last & 1:
        last, new_last = last >> 1, new_last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if new_last == 0:
            return False
        if last & 1 or last == new_last:
            old, new = node_hash(node, old), node_hash(node, new)
            while last and not last & 1:
                last, new_last = last >> 1, new_last >> 1
        else:
            new = node_hash(new, node)
        last, new_last = last >> 1, new_last >> 1
    return new_last == 0 and old == root and new == new_root
