"""Checking again everything that the ledger's tables say, from the bytes up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ledger.canonical import Value, decode
from ledger.hashing import FIRST_PREVIOUS, VERSION, commitment, entry_hash
from ledger.history import REDACTED, utc_text
from ledger.merkle import Frontier
from ledger.models import Checkpoint, Entry, Position

BATCH = 2000


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written, and where."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


def verify() -> Iterator[Finding]:
    """Check every entry, stream, position and checkpoint; yields what is wrong, in constant memory.

    Others may go on writing: each pass reads one snapshot, and checkpoints are read after the entries that name them.
    """
    entries = Entry.objects.select_related("stream", "position", "waiting").order_by("stream", "number")
    named: set[tuple[int, str]] = set()
    for _stream, history in groupby(entries.iterator(chunk_size=BATCH), key=lambda entry: entry.stream_id):
        story = Story(named)
        for entry in history:
            yield from story.check(entry)
        yield from story.end()
    yield from _check_log(named)


@dataclass
class Story:
    """One stream, read from its first entry on."""

    named: set[tuple[int, str]]  # checkpoints that headers name: size, root
    number: int = 0
    hash: str = FIRST_PREVIOUS
    position: int | None = -1
    stream: str = ""
    missing: set[tuple[int, str]] = field(default_factory=set)  # number, field
    redacted: set[tuple[int, str]] = field(default_factory=set)

    def check(self, entry: Entry) -> Iterator[Finding]:
        """What is wrong with the next entry."""
        place = f"{entry.stream.name} {entry.number}"
        for problem in self._problems(entry):
            yield Finding(place, problem)
        self.stream, self.number, self.hash = entry.stream.name, entry.number, entry.hash

    def end(self) -> Iterator[Finding]:
        """What was taken away without being redacted, or redacted without being taken away."""
        for number, name in sorted(self.missing - self.redacted):
            yield Finding(f"{self.stream} {number}", f"the field {name} is gone, and no later entry redacts it")
        for number, name in sorted(self.redacted - self.missing):
            yield Finding(f"{self.stream} {number}", f"the field {name} is redacted but still there")

    def _problems(self, entry: Entry) -> Iterator[str]:
        if entry.number != self.number + 1:
            yield f"follows number {self.number}"
        if entry.previous != self.hash:
            yield "does not name the hash of the entry before"
        if entry.hash != entry_hash(entry.header):
            yield "the hash is not that of the header"
        yield from self._position_problems(entry)
        try:
            header, content = _read(entry.header), _read(entry.content)
            yield from _column_problems(entry, header)
            yield from _content_problems(header, content)
            yield from self._note(entry.number, header, content)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            yield f"header or content is not in the ledger's format ({error})"

    def _position_problems(self, entry: Entry) -> Iterator[str]:
        position = entry.position.position if hasattr(entry, "position") else None
        if (position is None) != hasattr(entry, "waiting"):
            yield (
                "has a position and waits for one"
                if position is not None
                else "neither has a position nor waits for one"
            )
        if position is not None and (self.position is None or position <= self.position):
            yield "stands before an earlier entry of its stream"
        self.position = position

    def _note(self, number: int, header: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
        """Remember what later entries and the log have to bear out."""
        if seal := header["checkpoint"]:
            self.named.add((seal["size"], seal["root"]))
        self.missing |= {(number, name) for name in header["commitments"] if name not in content}
        if (header["kind"] == REDACTED) != ("redacts" in header):
            yield "only a redaction redacts, and it has to"
        if redacts := header.get("redacts"):
            self.redacted |= {(redacts["number"], name) for name in redacts["fields"]}
            if redacts["number"] >= number:
                yield "redacts an entry that is not before it"


def _read(text: str) -> dict[str, Any]:
    value = decode(text)
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _column_problems(entry: Entry, header: dict[str, Any]) -> Iterator[str]:
    columns: dict[str, Value] = {
        "version": VERSION,
        "stream": entry.stream.name,
        "number": entry.number,
        "kind": entry.kind,
        "speaker": entry.speaker,
        "day": entry.day.isoformat(),
        "recorded_at": utc_text(entry.recorded_at),
        "previous": entry.previous,
    }
    for name, value in columns.items():
        if header[name] != value:
            yield f"the header says {header[name]!r} for {name}, the column {value!r}"


def _content_problems(header: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
    for name, said in content.items():
        decode(said["value"])
        if header["commitments"].get(name) != commitment(said["salt"], said["value"]):
            yield f"the field {name} is not what the header commits to"
    for name in header.get("sealed", {}):
        if name not in header["commitments"]:
            yield f"the field {name} is sealed but was never there"


def _check_log(named: set[tuple[int, str]]) -> Iterator[Finding]:
    """Check that positions have no gap, and each checkpoint against the tree that they make."""
    seals = Checkpoint.objects.order_by("size").iterator(chunk_size=BATCH)
    seal, tree = next(seals, None), Frontier()
    hashes = Position.objects.order_by("position").values_list("position", "entry__hash")
    for position, leaf in hashes.iterator(chunk_size=BATCH):
        if position != tree.size:
            yield Finding(f"position {position}", f"follows position {tree.size - 1}")
            return
        tree.add(bytes.fromhex(leaf))
        if seal and seal.size == tree.size:
            yield from _check_seal(seal, tree)
            named.discard((seal.size, seal.root))
            seal = next(seals, None)
    while seal:
        yield Finding(f"checkpoint of size {seal.size}", f"there are {tree.size} positions")
        seal = next(seals, None)
    if tree.size > (Checkpoint.objects.order_by("size").values_list("size", flat=True).last() or 0):
        yield Finding(f"position {tree.size - 1}", "no checkpoint seals it")
    for size, root in sorted(named):
        yield Finding(f"checkpoint of size {size}", f"an entry names the root {root}, which no checkpoint has")


def _check_seal(seal: Checkpoint, tree: Frontier) -> Iterator[Finding]:
    if seal.root != tree.root().hex():
        yield Finding(f"checkpoint of size {seal.size}", "the root is not that of the entries")
    if seal.tree.subtrees != tree.subtrees:
        yield Finding(f"checkpoint of size {seal.size}", "the frontier is not that of the entries")
