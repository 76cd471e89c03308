"""What a public page says on its top of how its record changed: corrected or withdrawn, and where to read more."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from commitments.changes import Change
from commitments.state import local_day
from commitments.timeline import Item
from ledger.models import Entry


class Corrected(NamedTuple):
    """How often a record was corrected; of the last time the entry's number and the day; and what was, each once."""

    times: int
    number: int
    day: date
    fields: list[str]


class Withdrawn(NamedTuple):
    """The entry that took a record out of the count, and why, unless that was redacted."""

    number: int
    reason: str


def corrected(entries: Sequence[Entry], told: Iterable[Item]) -> Corrected | None:
    """The corrections of a record, from its history in entries and in words; none where nothing was corrected."""
    said = [entry for entry in entries if entry.kind == "corrected"]
    if not said:
        return None
    changes: dict[int, tuple[Change, ...]] = {item.number: item.changes for item in told}
    named = (change.named for entry in reversed(said) for change in changes[entry.number])
    last = said[-1]
    return Corrected(len(said), last.number, local_day(last.recorded_at), [*dict.fromkeys(filter(None, named))])


def withdrawn(entries: Iterable[Entry]) -> Withdrawn | None:
    """The withdrawal of a record; none while it counts."""
    found = (entry for entry in entries if entry.kind == "withdrawn")
    return next((Withdrawn(each.number, str(each.public_fields.get("reason", ""))) for each in found), None)
