"""The meeting as the ledger keeps it: which fields of the record are said, and how they are written."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Protocol

from attachments.keeping import in_an_entry
from meetings.models import Concern, Meeting, Organisation, Participant, Source

# What may be corrected after publication, by its field on the model.
CORRECTABLE = (
    "title", "language", "held_on", "starts_at", "ends_at", "venue", "format", "host", "neighbourhoods", "summary",
    "people", "associations", "women",
)  # fmt: skip
# What a meeting consists of, by the name under which the ledger numbers it: "participant_2".
PARTS: dict[str, type[Participant | Concern | Source]] = {
    "participant": Participant,
    "concern": Concern,
    "source": Source,
}
# A pledge that was added to a published record; what it says stands in its own history.
PLEDGE_NAME = re.compile(r"pledge_(\d+)")
# A file and what is said of it: two fields, so that its caption can be redacted and its hash stays.
FILE_NAME, CAPTION_NAME = re.compile(r"file_(\d+)"), re.compile(r"caption_(\d+)")
PART_NAME = re.compile(rf"({'|'.join(PARTS)})_(\d+)")
# What a moderator may take away: text that people typed, never the facts that the state is folded from.
REDACTABLE_PREFIXES = (
    "title",
    "venue",
    "summary",
    "translations",
    "participant_",
    "concern_",
    "source_",
    "agenda_",
    "caption_",
    "reason",
)


class Fact(Protocol):
    """One thing that happened to a record; the ledger's entries are such facts."""

    number: int
    kind: str
    speaker: str
    day: date
    recorded_at: datetime

    @property
    def fields(self) -> Mapping[str, Any]:
        """What was said, field by field, without what was redacted."""

    @property
    def redacted(self) -> Collection[str]:
        """The names of the fields that were redacted."""


def meeting_fields(meeting: Meeting) -> dict[str, Any]:
    """Every field of a meeting's record; one for each participant, concern and source, so that each can be redacted."""
    fields: dict[str, Any] = {
        "language": meeting.language,
        "title": meeting.title,
        "held_on": text_of(meeting.held_on),
        "starts_at": text_of(meeting.starts_at),
        "ends_at": text_of(meeting.ends_at),
        "venue": meeting.venue,
        "format": meeting.format,
        "host": slug_of(meeting.host),
        "logged_by": slug_of(meeting.logged_by),
        "neighbourhoods": sorted(each.slug for each in meeting.neighbourhoods.all()),
        "summary": meeting.summary,
        "people": meeting.people,
        "associations": meeting.associations,
        "women": meeting.women,
        "follows_up": meeting.follows_up_id,
        "series": meeting.series_id,
        "translations": meeting.translations,
        "is_fictional": meeting.is_fictional,
    }
    for part in PARTS:
        fields |= {f"{part}_{each.number}": part_fields(each) for each in getattr(meeting, f"{part}s").all()}
    for file in meeting.files.all():
        fields |= {f"file_{file.number}": in_an_entry(file.attachment), f"caption_{file.number}": file.caption}
    return fields


def part_fields(row: Participant | Concern | Source) -> dict[str, Any]:
    """What is said of a participant, a concern or a source."""
    if isinstance(row, Participant):
        return _participant(row)
    return _concern(row) if isinstance(row, Concern) else _source(row)


def meeting_names(meeting: Meeting) -> dict[str, Any]:
    """The names, on the day of publication, of what the record names by its public id."""
    named: Mapping[str, Any] = {
        each.slug: each.names() for each in (meeting.host, meeting.logged_by) if each is not None
    }
    return dict(named) | {each.slug: each.names() for each in meeting.neighbourhoods.all()}


def corrected(text: Mapping[str, Any], fact: Fact) -> dict[str, Any]:
    """The record's text after one correction; a new value that was redacted leaves nothing in its place.

    A participant, concern or source that was taken away is no part of it any more.
    """
    changed = dict(text)
    for name in (*fact.fields, *fact.redacted):
        if name.startswith("new_"):
            plain = name.removeprefix("new_")
            changed[plain] = fact.fields.get(name, {} if plain == "translations" else "")
            if changed[plain] is None and PART_NAME.fullmatch(plain):
                del changed[plain]
    return changed


def text_after(facts: Iterable[Fact]) -> dict[str, Any]:
    """What a meeting's record says after these facts; what was redacted is not in it."""
    text: dict[str, Any] = {}
    for fact in facts:
        if fact.kind == "published":
            text = dict(fact.fields)
        elif fact.kind == "corrected":
            text = corrected(text, fact)
        elif fact.kind == "linked":
            text = text | {"series": fact.fields["series"]}
    return text


def text_of(value: date | time | None) -> str:
    """A date or a time as text; nothing as an empty one."""
    return "" if value is None else value.isoformat()


def slug_of(organisation: Organisation | None) -> str:
    """The public id, or nothing."""
    return organisation.slug if organisation else ""


def _participant(participant: Participant) -> dict[str, Any]:
    """A participant as everyone may see them: the name only where it may be shown.

    Whoever is listed was present, as in every record before absences were noted; only another attendance is said.
    """
    is_present = participant.attendance == Participant.Attendance.PRESENT
    return ({} if is_present else {"attendance": participant.attendance}) | {
        "name": participant.public_name,
        "role": participant.role,
        "organisation": slug_of(participant.organisation),
        "side": participant.side,
        "naming": participant.naming,
        "translations": _without_name(participant) if not participant.public_name else participant.translations,
    }


def _without_name(participant: Participant) -> dict[str, Any]:
    """The translations of somebody who is not named."""
    return {
        language: {field: text for field, text in texts.items() if field != "name"}
        for language, texts in participant.translations.items()
    }


def _concern(concern: Concern) -> dict[str, Any]:
    return {
        "theme": concern.theme,
        "text": concern.text,
        "place": concern.place,
        "request": concern.request,
        "translations": concern.translations,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
    }
