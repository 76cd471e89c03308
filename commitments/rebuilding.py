"""The columns of what is published, compared with the ledger and brought back to what it says.

A pledge's columns cache the fold of its entries, a meeting's the record that its entries add up to. Should they ever
differ, by a fault or by a hand in the database, the ledger is right. Names are not compared, since organisations and
places may be renamed; `record` keeps those of the day beside their public ids.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any, NamedTuple

from django.db import models, transaction

from attachments.models import Attachment
from commitments.models import Pledge
from commitments.moderation import EMPTIED_PARTS
from commitments.publishing import folded
from commitments.record import pledge_fields
from commitments.speaking import cached_columns
from commitments.state import fold, named_files
from ledger.canonical import normalise
from ledger.models import Entry, Stream
from meetings.models import Concern, Meeting, MeetingFile, Participant, Source
from meetings.record import FILE_NAME, PARTS, meeting_fields, text_after

# What a part of a record means where it does not say so.
UNSAID: dict[str, dict[str, str]] = {"participant": {"attendance": Participant.Attendance.PRESENT}}
CHUNK = 100  # subjects in memory at a time, with their histories


class Drift(NamedTuple):
    """One column that holds something else than the ledger says, and whether it has been, or can be, put right."""

    subject: str
    column: str
    holds: object
    says: object
    is_repairable: bool = True

    def __str__(self) -> str:
        holds, says = ("nothing" if each is None else f"“{each}”" for each in (self.holds, self.says))
        return f"{self.subject}, {self.column}: holds {holds}, the ledger says {says}"


def rebuild(*, repair: bool) -> Iterator[Drift]:
    """Every drift, meetings first; with `repair` each that can be is put right before it is told.

    Holds `CHUNK` subjects in memory, whatever their number. A subject that seems to have
    drifted is looked at again under lock, so that one who speaks meanwhile causes no alarm.
    """
    yield from _all(WHOLE_MEETINGS, _examine_meeting, repair=repair)
    yield from _all(WHOLE_PLEDGES, _examine_pledge, repair=repair)
    yield from _without_row("meeting", Meeting.objects.public())
    yield from _without_row("pledge", Pledge.objects.public())


# Each with all that is compared, in a few queries for each chunk.
WHOLE_MEETINGS = Meeting.objects.select_related("stream", "host", "logged_by").prefetch_related(
    "stream__entries", "neighbourhoods", "participants__organisation", "concerns", "sources", "files"
)
WHOLE_PLEDGES = Pledge.objects.select_related(
    "stream", "kind", "responsible", "offered_to", "promised_by", "said_by", "meeting__stream"
).prefetch_related("stream__entries", "meeting__stream__entries", "partners", "neighbourhoods", "concerns")


def _all(whole: Any, examine: Any, *, repair: bool) -> Iterator[Drift]:
    published, last = whole.public().order_by("pk"), 0
    while chunk := list(published.filter(pk__gt=last)[:CHUNK]):
        for subject in chunk:
            if examine(subject, repair=False):
                yield from _under_lock(whole.model, subject.pk, examine, repair=repair)
        last = chunk[-1].pk


def _under_lock(model: Any, pk: int, examine: Any, *, repair: bool) -> list[Drift]:
    """What is still so once nobody else can write; repaired in any case, and undone where that is not asked for."""
    with transaction.atomic():
        found: list[Drift] = examine(model.objects.select_for_update().get(pk=pk), repair=True)
        transaction.set_rollback(not repair)
    return found


def _without_row(prefix: str, published: "models.QuerySet[Any]") -> Iterator[Drift]:
    """Histories of meetings or pledges that are not there, or not published."""
    orphans = Stream.objects.filter(name__startswith=f"{prefix}/").exclude(pk__in=published.values("stream"))
    for stream in orphans.order_by("pk").iterator(chunk_size=CHUNK):
        subject = stream.name.replace("/", " ")
        yield Drift(subject, "stream", None, f"it was published (history “{stream.name}”)", is_repairable=False)


def _history(subject: Meeting | Pledge) -> list[Entry]:
    return list(subject.stream.entries.all()) if subject.stream else []


def _wrong_stream(subject: Meeting | Pledge) -> list[Drift]:
    """A column that leads to another history, or to an empty one: then there is nothing to compare with."""
    name = f"{subject._meta.model_name}/{subject.pk}"
    if subject.stream and subject.stream.name == name and _history(subject):
        return []
    return [Drift(_named(subject), "stream", str(subject.stream), name, is_repairable=False)]


def _named(subject: Meeting | Pledge) -> str:
    return f"{subject._meta.model_name} {subject.pk}"


def _said(entries: Sequence[Entry], text: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says, with an empty value for what was redacted of it."""
    emptied = {name: {} if name == "translations" else "" for name in entries[0].redacted}
    return {**emptied, **text}


def _differences(
    subject: str, holds: Mapping[str, Any], says: Mapping[str, Any], *, is_repairable: bool = True
) -> list[Drift]:
    return [
        Drift(subject, name, holds[name], says[name], is_repairable=is_repairable)
        for name in holds
        if name in says and holds[name] != says[name]
    ]


# Pledges


def _examine_pledge(pledge: Pledge, *, repair: bool) -> list[Drift]:
    if wrong := _wrong_stream(pledge):
        return wrong
    entries, subject = _history(pledge), _named(pledge)
    state = fold(entries)
    says = _said(entries, state.text)
    drifts = _differences(subject, _normalised(pledge_fields(pledge)), says)
    for drift in drifts:  # the meeting, to whose parts others refer, is the first of the fields
        _restore(pledge, drift.column, says[drift.column], pledge.meeting, repair=repair)
    _as_the_ledger_says(pledge.meeting)
    cached = cached_columns(pledge, state) | {"made_on": pledge.meeting.held_on, "folded": folded(pledge)}
    drifts += _differences(subject, {name: getattr(pledge, name) for name in cached}, cached)
    if repair and drifts:
        for name, value in cached.items():
            setattr(pledge, name, value)
        pledge.save()
    return drifts + _examine_attachments(pledge, repair=repair)


def _examine_attachments(subject: Meeting | Pledge, *, repair: bool) -> list[Drift]:
    """The rows of the files that its entries name or withhold; one that is not there cannot be made again."""
    says = _said_of_files(_history(subject))
    files = Attachment.objects.in_bulk(list(says), field_name="name") if says else {}
    found = []
    for name, said in says.items():
        place, file = f"{_named(subject)}, file {name}", files.get(name)
        if file is None:
            found.append(Drift(place, "name", None, name, is_repairable=False))
            continue
        drifts = _differences(place, {column: getattr(file, column) for column in said}, said)
        if repair and drifts:
            Attachment.objects.filter(pk=file.pk).update(**said)
        found += drifts
    return found


def _said_of_files(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """What the columns of each file must hold, by its name."""
    says: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for each in named_files(entry):
            says[each["name"]] = {
                "sha256": each["sha256"], "size": each["size"], "media_type": each["type"], "is_used": True,
                "organisation_id": None, "withheld_at": None, "withheld_reason": "",
            }  # fmt: skip
        if entry.kind == "withheld":
            said = entry.fields
            reason = said.get("reason", "")
            says[str(said["name"])] |= {"withheld_at": entry.recorded_at, "withheld_reason": reason}
    return says


def _as_the_ledger_says(meeting: Meeting) -> None:
    """The day and the state of a pledge's meeting, in memory: a drift of the meeting's is no drift of its pledges."""
    entries = _history(meeting)
    meeting.held_on = date.fromisoformat(text_after(entries)["held_on"])
    meeting.state = _state_of(entries)


def _state_of(entries: Iterable[Entry]) -> str:
    is_withdrawn = any(entry.kind == "withdrawn" for entry in entries)
    return Meeting.State.WITHDRAWN if is_withdrawn else Meeting.State.PUBLISHED


# Meetings


def _examine_meeting(meeting: Meeting, *, repair: bool) -> list[Drift]:
    if wrong := _wrong_stream(meeting):
        return wrong
    entries, subject = _history(meeting), _named(meeting)
    says = _said(entries, text_after(entries))
    drifts = _differences(subject, _normalised(_without_parts(meeting_fields(meeting))), _without_parts(says))
    for drift in drifts:
        _restore(meeting, drift.column, says[drift.column], meeting, repair=repair)
    cached = {"state": _state_of(entries), "published_at": entries[0].recorded_at}
    drifts += _differences(subject, {name: getattr(meeting, name) for name in cached}, cached)
    if repair and drifts:
        for name, value in cached.items():
            setattr(meeting, name, value)
        meeting.save()
    for part in PARTS:
        drifts += _examine_parts(meeting, part, says, repair=repair)
    return drifts + _examine_attachments(meeting, repair=repair) + _examine_files(meeting, says, repair=repair)


def _without_parts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name.split("_")[0] not in {*PARTS, "file", "caption"}}


def _examine_files(meeting: Meeting, says: Mapping[str, Any], *, repair: bool) -> list[Drift]:
    """Which files the meeting shows, in which order, and their captions."""
    rows = {row.number: row for row in meeting.files.all()}
    recorded = {int(named[1]): said for name, said in says.items() if (named := FILE_NAME.fullmatch(name))}
    subject = _named(meeting)
    found = [
        Drift(subject, f"file_{each}", rows[each].attachment.name, None, False) for each in rows if each not in recorded
    ]
    for number, file in recorded.items():
        row = rows.get(number)
        holds = {"name": row and row.attachment.name, "caption": row and normalise(row.caption)}
        said = {"name": file["name"], "caption": says.get(f"caption_{number}") or ""}
        drifts = _differences(f"{subject}, file {number}", holds, said)
        attachment = Attachment.objects.filter(name=file["name"]).first() if drifts else None
        if repair and attachment:  # another row that shows it is none that the ledger knows
            MeetingFile.objects.filter(attachment=attachment).exclude(meeting=meeting, number=number).delete()
            told = {"attachment": attachment, "caption": said["caption"]}
            MeetingFile.objects.update_or_create(meeting=meeting, number=number, defaults=told)
        found += drifts if attachment else [each._replace(is_repairable=False) for each in drifts]
    return found


def _examine_parts(meeting: Meeting, part: str, says: Mapping[str, Any], *, repair: bool) -> list[Drift]:
    """The participants, concerns or sources: those that differ, are missing, or that the ledger knows nothing of."""
    rows = {row.number: row for row in getattr(meeting, f"{part}s").all()}
    holds = _normalised(meeting_fields(meeting))
    recorded = {int(name.rsplit("_", 1)[1]): name for name in says if name.startswith(f"{part}_")}
    unknown = rows.keys() - recorded.keys()
    found = [Drift(_named(meeting), f"{part}_{each}", holds[f"{part}_{each}"], None, False) for each in unknown]
    for number, name in recorded.items():
        # A part that was redacted is empty, and its row may be gone altogether.
        silent = UNSAID.get(part, {}) if says[name] else {}
        said = {**silent, **(says[name] or EMPTIED_PARTS[part]), "is_redacted": not says[name]}
        row = rows.get(number)
        if row:
            held = {**silent, **holds[name], "is_redacted": row.is_redacted}
            drifts = _differences(f"{_named(meeting)}, {part} {number}", held, said)
        else:
            drifts = [Drift(_named(meeting), name, None, says[name])] if says[name] else []
        if repair and drifts:
            _restore_part(row or PARTS[part](meeting=meeting, number=number), said)
        found += drifts
    return found


def _restore_part(row: Participant | Concern | Source, said: Mapping[str, Any]) -> None:
    """The ledger knows no name of somebody who is not named, so that column is left alone."""
    for name, value in said.items():
        if name != "name" or said.get("naming") != Participant.Naming.UNNAMED:
            _restore(row, name, value, row.meeting, repair=True)
    row.save()


# Values


def _normalised(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: normalise(value) for name, value in fields.items()}


def _restore(instance: models.Model, column: str, value: Any, meeting: Meeting, *, repair: bool) -> None:
    """Set a column to what the ledger says, in memory; a set of others is changed at once, and only with `repair`."""
    field = instance._meta.get_field(column)
    if isinstance(field, models.ManyToManyField):
        if repair:  # a set is saved at once
            getattr(instance, column).set(_referred(field.related_model, value, meeting))
    elif isinstance(field, models.ForeignKey):
        setattr(instance, column, _referred(field.related_model, [value], meeting).first())
    elif isinstance(field, models.DateField):
        setattr(instance, column, date.fromisoformat(value) if value else None)
    elif isinstance(field, models.TimeField):
        setattr(instance, column, time.fromisoformat(value) if value else None)
    else:
        setattr(instance, column, value)


def _referred(model: Any, keys: Sequence[Any], meeting: Meeting) -> "models.QuerySet[Any]":
    """What the ledger refers to: parts of the meeting by number, the rest by public id or, without one, by id."""
    everything: models.QuerySet[Any] = model.objects.all()
    known = [key for key in keys if key not in {None, ""}]
    if model in PARTS.values():
        return everything.filter(meeting=meeting, number__in=known)
    has_public_id = any(field.name == "slug" for field in model._meta.fields)
    return everything.filter(slug__in=known) if has_public_id else everything.filter(pk__in=known)
