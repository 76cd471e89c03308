"""Loading the fictional history, once: every record and everything said of it, in the order in which it was said."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from commitments.demo import days, people
from commitments.demo.telling import Event, Telling
from commitments.models import Pledge
from commitments.publishing import publish
from commitments.record_schema import BadRecord, parsed
from commitments.records import draft
from commitments.state import local_day
from mail import outbox
from meetings.models import Meeting, Organisation

HISTORY = Path(__file__).parent / "history"
# The demo's first meeting; where it is, everything is.
FIRST = "demo-palms-1"


def load(*, now: datetime) -> bool:
    """Add the people who can sign in and, the first time, the whole history; says whether it did.

    The history ends on the day before `now` and reaches eighteen months back. Everything in it
    goes through the functions that a real record goes through, at the time at which it was said;
    only, nobody is written to about it.
    """
    with transaction.atomic(), outbox.closed():
        people.ensure_places_and_organisations()
        people.ensure_sign_ins()
        if Meeting.objects.filter(reference=FIRST).exists():
            return False
        anchor, voices = local_day(now), people.voices()
        told = [event for path in sorted(HISTORY.glob("[0-9]-*.json")) for event in _events(path, anchor, voices)]
        for event in sorted(told, key=lambda event: event.at):
            event.say(event.at)
        _write_drafts(anchor, now)
    return True


def _events(path: Path, anchor: date, voices: Mapping[str, dict[str, Any]]) -> list[Event]:
    """What one file tells: the publication of a record, and what was said afterwards."""
    file = json.loads(path.read_text(encoding="utf-8"))
    record = _parsed(file["record"], anchor)
    published_at = _published_at(file, record, anchor)
    return [
        Event(published_at, lambda now: _publish(record, voices[file["logged_by"]], now)),
        *Telling(record, anchor, published_at, voices).events(file["events"]),
    ]


def _published_at(file: dict[str, Any], record: dict[str, Any], anchor: date) -> datetime:
    """In the morning of the day that the file says; where that is still the meeting's, in the evening."""
    day = days.day_of(anchor, file["published_on"], is_working=True)
    return days.moment(day, 21 if day == record["held_on"] else 9, 0)


def _parsed(raw: dict[str, Any], anchor: date) -> dict[str, Any]:
    errors: list[str] = []
    record = parsed(days.dated(raw, anchor), errors)
    if errors:
        raise BadRecord(errors)
    return record


def _publish(record: dict[str, Any], voice: dict[str, Any], now: datetime) -> None:
    meeting = draft(record, [], now=now, by=voice["by"], logged_by=voice["organisation"], is_fictional=True)
    publish(meeting, by=voice["by"], now=now)
    Meeting.objects.filter(pk=meeting.pk).update(saved_at=now - timedelta(minutes=5))


def _write_drafts(anchor: date, now: datetime) -> None:
    """Two for the demo's secretary: one ready to be published, one just begun."""
    secretary = User.objects.get(email=people.SECRETARY)
    file = json.loads((HISTORY / "draft.json").read_text(encoding="utf-8"))
    organisation = Organisation.objects.get(slug=file["logged_by"])
    draft(_parsed(file["record"], anchor), [], now=now, by=secretary, logged_by=organisation, is_fictional=True)
    begun = Meeting.objects.create(
        title="لقاء مع الجماعة حول ملعب الحي", created_by=secretary, logged_by=organisation, is_fictional=True
    )
    Pledge.objects.create(meeting=begun, number=1, title="تسييج ملعب الحي")
