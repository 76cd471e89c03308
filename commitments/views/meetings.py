"""Meetings, and what was asked for at them and not promised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.agenda import published_agenda
from commitments.filters import MeetingFilter, RequestFilter
from commitments.marks import corrected, withdrawn
from commitments.models import Pledge
from commitments.progress import unanswered_requests
from commitments.state import local_day
from commitments.timeline import files_of, timeline
from commitments.views.lists import listed, status_of
from commitments.views.rows import PledgeRow, fiction_among, pledge_row
from ledger.models import Entry
from meetings.models import Concern, Meeting
from meetings.record import PLEDGE_NAME


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Every published meeting, the newest first."""
    published = Meeting.objects.published().select_related("host").prefetch_related("neighbourhoods")
    found = MeetingFilter(request.GET, queryset=published, on=timezone.localdate())
    context = listed(request, found, day_field="held_on")
    context["fiction"] = fiction_among(meeting.is_fictional for meeting in context["page"].items)
    return render(request, "meetings/meetings.html", context, status=status_of(found))


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What was asked for and not promised, the newest first."""
    found = RequestFilter(request.GET, queryset=unanswered_requests(), on=timezone.localdate())
    context = listed(request, found, day_field="held_on")
    context["fiction"] = fiction_among(concern.meeting.is_fictional for concern in context["page"].items)
    return render(request, "meetings/requests.html", context, status=status_of(found))


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One published or withdrawn meeting, as it was recorded and corrected."""
    on = timezone.localdate()
    known = Meeting.objects.public().select_related("host", "logged_by", "series", "stream", "follows_up")
    record = get_object_or_404(known, pk=pk)
    pledges = list(record.pledges.public().select_related("responsible").prefetch_related("concerns"))
    entries = list(record.stream.entries.all()) if record.stream else []
    added, told = added_later(entries), timeline(entries, subject=record)
    rows = {pledge.pk: replace(pledge_row(pledge, on=on), added_on=added.get(pledge.number)) for pledge in pledges}
    context: dict[str, Any] = {
        "meeting": record,
        "title": record.said("title"),
        "neighbourhoods": record.neighbourhoods.with_territory(),
        "participants": record.participants.select_related("organisation").filter(is_redacted=False),
        "concerns": _answered(record.concerns.filter(is_redacted=False), pledges, rows),
        "rows": rows.values(),
        "sources": record.sources.filter(is_redacted=False),
        "files": files_of(record),
        "agenda": published_agenda(record, entries),
        "followed_by": record.followed_by.published(),
        "withdrawal": withdrawn(entries),
        "correction": corrected(entries, told),
        "timeline": told,
        "last_entry": entries[-1],
    }
    return render(request, "meetings/meeting.html", context)


class Answered(NamedTuple):
    """A concern, and the published pledges that answer it."""

    concern: Concern
    answers: list[PledgeRow]


def _answered(concerns: Iterable[Concern], pledges: Iterable[Pledge], rows: Mapping[int, PledgeRow]) -> list[Answered]:
    answers: dict[int, list[PledgeRow]] = defaultdict(list)
    for pledge in pledges:
        for concern in pledge.concerns.all():
            if not pledge.is_withdrawn:
                answers[concern.pk].append(rows[pledge.pk])
    return [Answered(concern, answers[concern.pk]) for concern in concerns]


def added_later(entries: Iterable[Entry]) -> dict[int, date]:
    """On which day pledges were added to the record after its publication, by their numbers."""
    return {
        int(found[1]): local_day(entry.recorded_at)
        for entry in entries
        for name in entry.fields
        if (found := PLEDGE_NAME.fullmatch(name.removeprefix("new_")))
    }
