#!/usr/bin/env python3
"""Check a download of the ledger without asking the site for anything.

    python3 verify.py entries.ndjson --checkpoint checkpoints.txt

Needs Python 3.9 or newer and its standard library alone. docs/ledger.md describes the format; this is written from that
description and shares no code with the site. Give every checkpoint that you trust: one that you kept, one printed on a
sheet, today's. Exit status: 0 when all is as it was written, 1 when something is not (each is named), 2 for bad usage.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

VERSION = "iltizam-ledger/1"
FIRST_PREVIOUS = "0" * 64
HASH = re.compile(r"[0-9a-f]{64}")
SALT = re.compile(r"[0-9a-f]{32}")
ALWAYS = {
    "version",
    "stream",
    "number",
    "kind",
    "speaker",
    "day",
    "recorded_at",
    "checkpoint",
    "commitments",
    "previous",
}
SOMETIMES = {"sealed", "redacts"}
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Entry(NamedTuple):
    """One line of a download."""

    header: dict[str, Any]
    content: dict[str, dict[str, str]]
    claimed: str
    hash: str
    position: int | None


class Checkpoint(NamedTuple):
    """A seal that the reader trusts: the root of the tree over the first `size` entries."""

    origin: str
    size: int
    root: str


# The text of values: a profile of RFC 8785


def read(text: str) -> Any:
    """The value that has exactly this canonical text; raises ValueError for any other."""
    value = json.loads(text, parse_float=refuse_number, parse_constant=refuse_number)
    check_value(value, 0)
    if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != text:
        raise ValueError("not the canonical text of its value")
    return value


def refuse_number(text: str) -> NoReturn:
    """Raise: the ledger knows integers alone."""
    raise ValueError(f"{text} is not an integer")


def check_value(value: Any, depth: int) -> None:
    """Raise ValueError for a value that the profile has no text for."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if isinstance(value, str) and re.search("[\\0\ud800-\udfff]", value):
        raise ValueError("a text contains NUL or half a surrogate pair")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ValueError(f"{value} is beyond 2^53 - 1")
    if isinstance(value, dict):
        if not all(key.isascii() and key.isprintable() for key in value):
            raise ValueError("a key is not printable ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            check_value(item, depth + 1)


# The tree of RFC 9162


def sha256(data: bytes) -> bytes:
    """The hash that everything here is made of."""
    return hashlib.sha256(data).digest()


class Tree:
    """A Merkle tree that grows by leaves; it keeps the roots of its perfect subtrees, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add one leaf."""
        node, size = sha256(b"\x00" + leaf), self.size
        while size & 1:
            node, size = sha256(b"\x01" + self.subtrees.pop() + node), size >> 1
        self.subtrees.append(node)
        self.size += 1

    def root(self) -> str:
        """The root of the tree as it is now, in hex."""
        if not self.subtrees:
            return sha256(b"").hex()
        node = self.subtrees[-1]
        for subtree in self.subtrees[-2::-1]:
            node = sha256(b"\x01" + subtree + node)
        return node.hex()


# Reading files


def read_entry(line: str) -> Entry:
    """The entry on a line; raises one of BROKEN when it is not in the ledger's format."""
    whole = read(line.rstrip("\n"))
    if set(whole) != {"content", "hash", "header", "position"}:
        raise ValueError("a line has content, hash, header and position")
    header = read(whole["header"])
    names = set(header)
    if not names >= ALWAYS or not names <= ALWAYS | SOMETIMES or header["version"] != VERSION:
        raise ValueError("not a header of this version")
    found = sha256(f"{VERSION}\n{whole['header']}".encode()).hex()
    position = whole["position"]
    if position is not None and (type(position) is not int or position < 0):
        raise ValueError("a position is a number from 0 on, or null")
    if type(header["number"]) is not int or not isinstance(header["stream"], str):
        raise ValueError("an entry has a stream and a number")
    return Entry(header, whole["content"], whole["hash"], found, position)


def read_checkpoints(path: Path) -> Iterator[Checkpoint]:
    """The checkpoints in a file, one after the other as the site gives them; signatures are passed over."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = [line.strip() for line in block.strip().splitlines()]
        if not lines or lines[0].startswith("\u2014 "):
            continue
        if len(lines) < 3 or not lines[1].isdecimal():
            raise ValueError("a checkpoint has three lines: origin, size, root")
        root = base64.b64decode(lines[2], validate=True).hex()
        if not HASH.fullmatch(root):
            raise ValueError("the root of a checkpoint has 32 bytes, in base64")
        yield Checkpoint(lines[0], int(lines[1]), root)


class Survey:
    """What has to be known before the check: what later entries redact, and which checkpoints entries name."""

    def __init__(self, path: Path) -> None:
        self.redacted: set[tuple[str, int, str]] = set()
        self.sizes: set[int] = set()
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for line in lines:
                try:
                    self._note(read_entry(line).header)
                except BROKEN:
                    continue  # the check names it

    def _note(self, header: dict[str, Any]) -> None:
        if header["checkpoint"]:
            self.sizes.add(header["checkpoint"]["size"])
        for name in header.get("redacts", {}).get("fields", []):
            self.redacted.add((header["stream"], header["redacts"]["number"], name))


# Checking


class Check:
    """One reading of a download, line after line."""

    def __init__(self, survey: Survey, trusted: list[Checkpoint], *, is_whole: bool) -> None:
        self.survey = survey
        self.trusted = sorted(trusted, key=lambda each: each.size)
        self.is_whole = is_whole
        self.wanted = survey.sizes | {each.size for each in trusted}
        self.roots = {0: Tree().root()}
        self.tree = Tree()
        self.is_tree_sound = True
        self.has_unsealed = False
        self.streams: dict[str, tuple[int, str]] = {}
        self.entries = self.redacted = self.sealed = 0

    def line(self, number: int, line: str) -> Iterator[str]:
        """What is wrong on the next line of the download."""
        try:
            entry = read_entry(line)
        except BROKEN as error:
            yield f"line {number}: not an entry in the ledger's format ({error})"
            return
        self.entries += 1
        place = f"{entry.header['stream']} {entry.header['number']}"
        for part in (self._chain, self._position, self._header, self._content):
            try:
                yield from (f"{place}: {problem}" for problem in part(entry))
            except BROKEN as error:
                yield f"{place}: not in the ledger's format ({error})"

    def end(self) -> Iterator[str]:
        """What the whole is found to lack when all lines are read."""
        before = 0
        for size, root in sorted({(each.size, each.root) for each in self.trusted}):
            if size > self.tree.size and self.is_tree_sound:
                yield f"checkpoint of size {size}: the download has {self.tree.size} positions only"
            elif self.roots.get(size, root) != root:
                yield (
                    f"checkpoint of size {size}: it sealed other entries than these; "
                    f"look at positions {before} to {size - 1}, or the checkpoint is not this site's"
                )
            else:
                before = size

    def _chain(self, entry: Entry) -> Iterator[str]:
        """The entry has the hash that it claims, and follows the one before in its stream."""
        stream, number = entry.header["stream"], entry.header["number"]
        last, last_hash = self.streams.get(stream, (0, FIRST_PREVIOUS))
        if entry.claimed != entry.hash:
            yield "the header is not the one that was hashed"
        if number != last + 1:
            yield f"follows number {last}"
        elif entry.header["previous"] != last_hash:
            yield f"does not follow from number {last}: one of the two was changed"
        self.streams[stream] = (number, entry.hash)

    def _position(self, entry: Entry) -> Iterator[str]:
        """Positions count from 0 without a gap; entries that have none yet come last."""
        if entry.position is None:
            self.has_unsealed = True
        elif not self.is_whole or not self.is_tree_sound:
            return
        elif self.has_unsealed or entry.position != self.tree.size:
            self.is_tree_sound = False
            yield f"stands at position {entry.position} where {self.tree.size} is due; no root can be checked after it"
        else:
            self.tree.add(bytes.fromhex(entry.hash))
            if self.tree.size in self.wanted:
                self.roots[self.tree.size] = self.tree.root()

    def _header(self, entry: Entry) -> Iterator[str]:
        """The checkpoint that the entry names was there before it; what it redacts is an earlier entry."""
        seal, redacts = entry.header["checkpoint"], entry.header.get("redacts")
        if seal and self.is_whole and self.is_tree_sound and self._root_before(entry, seal["size"]) != seal["root"]:
            yield f"names a checkpoint of size {seal['size']} that these entries never had"
        if (entry.header["kind"] == "redacted") != (redacts is not None):
            yield "only a redaction redacts, and it has to"
        if redacts and not 0 < redacts["number"] < entry.header["number"]:
            yield "redacts an entry that is not before it"

    def _root_before(self, entry: Entry, size: int) -> str | None:
        return self.roots.get(size) if entry.position is None or size <= entry.position else None

    def _content(self, entry: Entry) -> Iterator[str]:
        """Each field is there as it was committed to, or its absence is declared."""
        commitments, sealed = entry.header["commitments"], entry.header.get("sealed", {})
        for name in sorted({*entry.content, *sealed} - set(commitments)):
            yield f"field {name}: the header does not commit to it"
        for name, committed in commitments.items():
            if name in entry.content:
                if commitment(entry.content[name]) != committed:
                    yield f"field {name}: not what the header commits to"
            elif (entry.header["stream"], entry.header["number"], name) in self.survey.redacted:
                self.redacted += 1
            elif name in sealed:
                self.sealed += 1
            else:
                yield f"field {name}: missing, and no later entry redacts it"


def commitment(field: dict[str, str]) -> str:
    """The hex HMAC-SHA-256, keyed by the salt, of the value's canonical text."""
    if set(field) != {"salt", "value"} or not SALT.fullmatch(field["salt"]):
        raise ValueError("a field has a salt of 16 bytes in hex, and a value")
    read(field["value"])
    return hmac.new(bytes.fromhex(field["salt"]), field["value"].encode(), hashlib.sha256).hexdigest()


def contradictions(trusted: list[Checkpoint]) -> Iterator[str]:
    """Checkpoints that cannot both be of one log."""
    roots: dict[int, str] = {}
    for each in trusted:
        if roots.setdefault(each.size, each.root) != each.root:
            yield f"checkpoint of size {each.size}: two different ones are given; the site has shown two histories"


def findings(path: Path, check: Check) -> Iterator[str]:
    """Everything that is wrong with a download."""
    yield from contradictions(check.trusted)
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            yield from check.line(number, line)
    yield from check.end()


def summary(check: Check) -> Iterator[str]:
    """What a check that found nothing has shown, and what it has not."""
    yield f"All is as it was written: {check.entries} entries in {len(check.streams)} streams."
    yield f"Fields redacted in public: {check.redacted}. Fields sealed from the public: {check.sealed}."
    if not check.is_whole:
        yield "This is a part of the ledger: positions and roots were not checked."
    elif not check.trusted:
        yield "No checkpoint was given: entries missing at the end, or another history altogether, would go unnoticed."
    else:
        last = check.trusted[-1]
        yield f"Checkpoints borne out: {len(set(check.trusted))}, the last over {last.size} entries ({last.origin})."
        yield f"Newer entries, which no checkpoint given vouches for: {check.entries - last.size}."


def main() -> int:
    """Run the check that the command line asks for; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check a download of the ledger.")
    parser.add_argument("download", type=Path, help="entries.ndjson, or one stream's file with --part")
    parser.add_argument(
        "--checkpoint", metavar="FILE", type=Path, action="append", default=[], help="checkpoints that you trust"
    )
    parser.add_argument("--part", action="store_true", help="the download holds some streams only")
    options = parser.parse_args()
    try:
        trusted = [each for path in options.checkpoint for each in read_checkpoints(path)]
        check = Check(Survey(options.download), trusted, is_whole=not options.part)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if options.part and trusted:
        parser.error("a part of the ledger cannot be checked against a checkpoint")
    found = 0
    for found, finding in enumerate(findings(options.download, check), start=1):  # noqa: B007 - counts
        sys.stdout.write(f"{finding}\n")
    if found:
        sys.stdout.write(f"The ledger is not as it was written: {found} findings.\n")
        return 1
    sys.stdout.writelines(f"{sentence}\n" for sentence in summary(check))
    return 0


if __name__ == "__main__":
    sys.exit(main())
