"""The ledger as anybody may download it: lines of JSON, as `docs/ledger.md` describes them."""

import json
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import QuerySet

from ledger.canonical import encode
from ledger.models import Checkpoint, Position, Stream, Waiting, names_sealed

BATCH = 1000
Row = tuple[int | None, str, str, str]  # position, hash, header, content


def all_lines(today: date) -> Iterator[str]:
    """Every entry that has a position, in that order, then those that still wait for one; in constant memory.

    What waits is read from one snapshot, opened after the last position was read: without the second look, an entry
    sealed in between would be in neither part, and its stream would have a gap.
    """
    size = 0
    while True:
        for row in _placed(size):
            yield line(row, today)
            size += 1
        waiting = _waiting()
        first = next(waiting, None)
        if not Position.objects.filter(position__gte=size).exists():
            break
    if first is not None:
        yield line(first, today)
    for row in waiting:
        yield line(row, today)


def stream_lines(stream: Stream, today: date) -> Iterator[str]:
    """Every entry of one stream."""
    rows = stream.entries.order_by("number").values_list("position__position", "hash", "header", "content")
    return (line(row, today) for row in rows.iterator(chunk_size=BATCH))


def checkpoint_texts() -> Iterator[str]:
    """Every checkpoint, the oldest first, each followed by an empty line."""
    return (f"{checkpoint.text}\n" for checkpoint in Checkpoint.objects.order_by("size").iterator(chunk_size=BATCH))


def line(row: Row, today: date) -> str:
    """One entry as canonical JSON and a line feed, without the fields that are not public today."""
    position, entry_hash, header, content = row
    if hidden := names_sealed(json.loads(header), today):
        content = encode({name: field for name, field in json.loads(content).items() if name not in hidden})
    place = "null" if position is None else position
    return f'{{"content":{content},"hash":"{entry_hash}","header":{encode(header)},"position":{place}}}\n'


def in_chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines by the hundred: a response sends each piece on its own."""
    chunk: list[str] = []
    for each in lines:
        chunk.append(each)
        if len(chunk) == 100:
            yield "".join(chunk).encode()
            chunk.clear()
    yield "".join(chunk).encode()


def _placed(start: int) -> Iterator[Row]:
    """Rows from a position on; each batch continues where the one before ended."""
    while batch := list(
        Position.objects.order_by("position")
        .filter(position__gte=start)
        .values_list("position", "entry__hash", "entry__header", "entry__content")[:BATCH]
    ):
        yield from batch
        start += len(batch)


def _waiting() -> Iterator[Row]:
    rows: QuerySet[Waiting, tuple[str, str, str]] = Waiting.objects.order_by("entry").values_list(
        "entry__hash", "entry__header", "entry__content"
    )
    return ((None, *row) for row in rows.iterator(chunk_size=BATCH))
