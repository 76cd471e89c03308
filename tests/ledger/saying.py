"""Saying something of no importance, for tests that care about something else."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from ledger.canonical import Value
from ledger.history import append
from ledger.merkle import Frontier
from ledger.models import Entry, Stream

NOW = datetime(2026, 5, 31, 8, 0, 0, 250, tzinfo=UTC)
DAY = date(2026, 5, 30)


def say(stream: Stream, fields: dict[str, Value] | None = None, **given: Any) -> Entry:
    """Append an entry that is of no importance but for what a test gives."""
    said: dict[str, Any] = {"kind": "status", "speaker": "district", "day": DAY, "now": NOW}
    return append(stream, fields={"text": "done"} if fields is None else fields, **said | given)


def stored(entry: Entry) -> Entry:
    """The entry as the database has it."""
    return Entry.objects.get(pk=entry.pk)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree that has grown by these leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()
