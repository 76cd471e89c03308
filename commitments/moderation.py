"""Taking away what should never have been published: words and files go, that they went stays (DESIGN section 4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attachments import keeping
from attachments.models import Attachment
from commitments import record
from commitments.models import AgendaItem, Pledge
from commitments.publishing import SITE, folded, lock
from commitments.speaking import check_text, locked_state, refresh
from commitments.state import fold, local_day, named_files
from ledger.canonical import normalise
from ledger.history import append
from ledger.history import redact as redact_entry
from ledger.models import Entry, Stream
from meetings import record as meeting_record
from meetings.models import Meeting
from meetings.record import text_after

TYPED_COLUMNS = {*record.REDACTABLE, *meeting_record.REDACTABLE_PREFIXES}
# What a redacted participant, concern or source still holds: nothing that was typed.
EMPTIED_PARTS: dict[str, dict[str, Any]] = {
    "participant": {"name": "", "role": "", "translations": {}},
    "concern": {"text": "", "place": "", "request": "", "translations": {}},
    "source": {"title": "", "publisher": "", "url": ""},
}


def redactable_fields(entry: Entry) -> list[str]:
    """The fields of an entry that a moderator may take away: typed text, never what the state is folded from."""
    plain = {name: name.removeprefix("old_").removeprefix("new_") for name in entry.fields}
    return [name for name, field in plain.items() if _is_typed_text(field) and entry.fields[name]]


def _is_typed_text(field: str) -> bool:
    return field in record.REDACTABLE or field.startswith(meeting_record.REDACTABLE_PREFIXES)


def redact(entry: Entry, *, fields: Sequence[str], reason: str, by: User, now: datetime) -> Entry:
    """Take fields of an entry away, with a public reason; raises PermissionDenied or ValidationError.

    Where the field is also shown from a column, the column is emptied in the same transaction.
    """
    _must_moderate(by, reason, _("Give the reason: it is shown in place of the text."))
    with transaction.atomic():
        subject = _locked_subject(entry.stream)
        entry.refresh_from_db()
        if not fields or not set(fields) <= set(redactable_fields(entry)):
            raise ValidationError({"fields": _("Choose what is to be taken away.")})
        redaction = redact_entry(entry, fields=fields, reason=reason, speaker=SITE, author=by, now=now)
        _empty_columns(subject, entry.stream)
        return redaction


def withhold(subject: Pledge | Meeting, file: Attachment, *, reason: str, by: User, now: datetime) -> Entry:
    """Keep a file of a pledge's or a meeting's history from the public, with a public reason; raises as `redact`.

    Its hash stays in the entry that named it, so that whoever holds a copy can still show that it was there.
    """
    _must_moderate(by, reason, _("Give the reason: it is shown in place of the file."))
    with transaction.atomic():
        stream = subject.stream
        assert stream is not None  # noqa: S101 - a file is named by an entry, so there is a history
        lock(subject) if isinstance(subject, Meeting) else locked_state(subject)
        if file.name not in {each["name"] for entry in stream.entries.all() for each in named_files(entry)}:
            raise ValueError(f"no entry of {stream.name} names the file {file.name}")
        keeping.withhold(file, reason=reason, now=now)
        fields = {"name": file.name, "sha256": file.sha256, "reason": reason}
        entry = append(stream, kind="withheld", speaker=SITE, day=local_day(now), fields=fields, author=by, now=now)
        if isinstance(subject, Pledge):
            refresh(subject)
        return entry


def _must_moderate(by: User, reason: str, without_reason: str) -> None:
    if not by.has_perm("commitments.redact"):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": without_reason})
    check_text("reason", reason)


def _locked_subject(stream: Stream) -> Pledge | Meeting:
    """The pledge or meeting of a stream, locked as who speaks of it locks it: before the stream."""
    pledge = Pledge.objects.select_for_update().filter(stream=stream).first()
    return pledge or Meeting.objects.select_for_update(no_key=True).get(stream=stream)


def _empty_columns(subject: Pledge | Meeting, stream: Stream) -> None:
    """Show from the columns what the history still says, and nothing in place of what it no longer says."""
    if isinstance(subject, Pledge):
        state = fold(stream.entries.all())
        _take_over(subject, state.text)
        for key, review in state.reviews.items():  # or the next saving of that meeting's outcomes would say it anew
            AgendaItem.objects.filter(meeting=key, pledge=subject).update(remark=review.text)
        Pledge.objects.filter(pk=subject.pk).update(folded=folded(subject))
        refresh(subject)
    else:
        meeting, text = subject, text_after(stream.entries.all())
        _take_over(meeting, text)
        for part, emptied in EMPTIED_PARTS.items():
            gone = [each.pk for each in getattr(meeting, f"{part}s").all() if not text.get(f"{part}_{each.number}")]
            getattr(meeting, f"{part}s").filter(pk__in=gone).update(is_redacted=True, **emptied)
        for file in meeting.files.exclude(caption=""):
            meeting.files.filter(pk=file.pk).update(caption=text.get(f"caption_{file.number}", ""))
        _take_points_away(meeting, text)
    for entry in stream.entries.filter(kind="withheld"):
        keeping.restate(str(entry.fields["name"]), reason=str(entry.fields.get("reason", "")))


def _take_points_away(meeting: Meeting, text: Mapping[str, Any]) -> None:
    """Keep on the sheet of the agenda those new points alone that the history still says."""
    said = {each["text"] for name, each in text.items() if name.startswith("agenda_") and "text" in each}
    for item in meeting.agenda.exclude(text=""):
        if normalise(item.text) not in said:
            item.delete()


def _take_over(subject: Pledge | Meeting, text: Mapping[str, Any]) -> None:
    names = {field.name for field in subject._meta.fields} & TYPED_COLUMNS
    for name in names:
        setattr(subject, name, text.get(name) or ({} if name == "translations" else ""))
    subject.save(update_fields=names)
