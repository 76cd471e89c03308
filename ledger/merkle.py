"""One tree over all entries, as RFC 9162 (Certificate Transparency 2.0), section 2.1, defines it.

A frontier holds the roots of the perfect subtrees that a tree of a given size consists of, largest first: one for each
set bit of the size. It is all that is needed to add leaves and to know the root.
"""

import hashlib
from collections.abc import Iterable


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
