"""The next meeting, prepared: a draft that follows up the last one, and what is on its agenda (decision 0017)."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from commitments import reviewing
from commitments.models import AgendaItem, Pledge, PledgeQuerySet
from commitments.models.agenda import Outcome
from commitments.progress import unanswered_requests
from commitments.state import local_day
from ledger.history import append
from ledger.models import Entry
from meetings import drafts
from meetings.models import Concern, Meeting, MeetingSeries, Neighbourhood, Organisation, Participant
from meetings.record import text_after

AGENDA_NAME = re.compile(r"agenda_\d+")
SETTLED = (Outcome.CARRIED_OUT, Outcome.GIVEN_UP)


def latest_meeting(organisation: Organisation) -> Meeting | None:
    """The latest published meeting that the organisation logged."""
    return Meeting.objects.published().filter(logged_by=organisation).order_by("-held_on", "-pk").first()


def earlier_pledges(meeting: Meeting) -> PledgeQuerySet:
    """Every pledge in force that was made to the meeting's neighbourhoods before it, the oldest first."""
    places = meeting.neighbourhoods.values("pk")
    found = Pledge.objects.published().filter(neighbourhoods__in=places, meeting__is_fictional=meeting.is_fictional)
    if meeting.held_on:
        found = found.filter(made_on__lt=meeting.held_on)
    return found.exclude(meeting=meeting).order_by("made_on", "pk").distinct()


def open_requests(meeting: Meeting) -> "Any":
    """What was asked for in these neighbourhoods and never promised."""
    places = meeting.neighbourhoods.values("pk")
    found = unanswered_requests().filter(meeting__neighbourhoods__in=places, is_redacted=False)
    return found.filter(meeting__is_fictional=meeting.is_fictional).order_by("meeting__held_on", "pk").distinct()


def missing(meeting: Meeting) -> tuple[list[Pledge], list[Concern]]:
    """What belongs on the agenda and is not on it yet."""
    listed = meeting.agenda.all()
    pledges = earlier_pledges(meeting).exclude(pk__in=listed.exclude(pledge=None).values("pledge"))
    concerns = open_requests(meeting).exclude(pk__in=listed.exclude(concern=None).values("concern"))
    return list(pledges), list(concerns)


def bring_up_to_date(meeting: Meeting) -> int:
    """Put on the agenda what is missing, and say how many; nothing is ever taken off.

    What both sides settled at an earlier meeting stays in the balance, but begins as dropped.
    """
    pledges, concerns = missing(meeting)
    last = meeting.agenda.order_by("-number").values_list("number", flat=True).first() or 0
    settled = _settled(pledges)
    rows = [AgendaItem(pledge=each, is_kept=each.stream_id not in settled) for each in pledges]
    rows += [AgendaItem(concern=each) for each in concerns]
    for number, row in enumerate(rows, start=last + 1):
        row.meeting, row.number = meeting, number
    AgendaItem.objects.bulk_create(rows)
    return len(rows)


def _settled(pledges: Sequence[Pledge]) -> set[int]:
    """The streams of those of which both sides stated last, at a meeting still published, that nothing is left to do.

    What one side alone calls done or given up stays on the agenda: the other has not said so.
    """
    return {
        stream
        for stream, review in last_stated(pledges).items()
        if review.fields["outcome"] in SETTLED and reviewing.voice_in(review.fields)[0] == reviewing.Voice.BOTH
    }


def last_stated(pledges: Sequence[Pledge], *, before: Meeting | None = None) -> dict[int, Entry]:
    """What the latest meeting still published, other than `before`, stated of each, by its stream; two queries."""
    streams = [each.stream_id for each in pledges]
    reviews = list(Entry.objects.filter(stream__in=streams, kind="review").order_by("day", "number"))
    meetings = {each.fields["meeting"] for each in reviews} - {before.pk if before else None}
    published = Meeting.objects.published().in_bulk(meetings)
    return {each.stream_id: each for each in reviews if each.fields["meeting"] in published}


def prepare(
    organisation: Organisation,
    *,
    by: User,
    follows: Meeting | None,
    neighbourhoods: Sequence[Neighbourhood],
    series_names: tuple[str, str] | None = None,
    title: str,
    key: UUID | None = None,
    now: datetime,
) -> Meeting:
    """A draft of the next meeting with its agenda; `series_names` (Arabic, French) begin a series with the earlier one.

    What is asked for twice under one `key` is made once. Raises PermissionDenied, also where a series is begun by who
    may not publish for the earlier meeting.
    """
    with transaction.atomic():
        meeting = drafts.begin(organisation, by=by, key=key)
        if meeting.pk:
            return meeting
        if follows:
            _follow_up(meeting, follows, series_names=series_names, by=by, now=now)
        meeting.title = title
        with drafts.saving(meeting, by=by, expected=0):
            meeting.save()
            meeting.neighbourhoods.set(neighbourhoods)
            if follows:
                _take_over_participants(meeting, follows)
            bring_up_to_date(meeting)
        return meeting


def _follow_up(
    meeting: Meeting, earlier: Meeting, *, series_names: tuple[str, str] | None, by: User, now: datetime
) -> None:
    if series_names:
        link(earlier, series_names, by=by, now=now)
    meeting.follows_up, meeting.series, meeting.language = earlier, earlier.series, earlier.language
    meeting.host, meeting.venue, meeting.format = earlier.host, earlier.venue, earlier.format


def link(meeting: Meeting, names: tuple[str, str], *, by: User, now: datetime) -> None:
    """Begin a series with a published meeting; its history says so. Nothing, where it has one by now."""
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update(no_key=True))
    if not by.has_perm("meetings.correct_meeting", meeting) or meeting.is_withdrawn or meeting.stream is None:
        raise PermissionDenied
    if meeting.series_id:
        return
    series = MeetingSeries.objects.create(name_ar=names[0], name_fr=names[1])
    meeting.series = series
    meeting.save(update_fields=["series"])
    speaker = meeting.logged_by.slug if meeting.logged_by else "site"
    append(
        meeting.stream,
        kind="linked",
        speaker=speaker,
        day=local_day(now),
        fields={"series": series.pk, "names": dict[str, Any](series.names())},
        author=by,
        now=now,
    )


def _take_over_participants(meeting: Meeting, earlier: Meeting) -> None:
    """By role and organisation; by name only who acts in a public role. Whether they come is for the minutes to say."""
    for number, each in enumerate(earlier.participants.filter(is_redacted=False), start=1):
        is_named = each.naming == Participant.Naming.PUBLIC_ROLE
        if not (is_named or each.role or each.organisation_id):
            continue
        Participant.objects.create(
            meeting=meeting,
            number=number,
            name=each.name if is_named else "",
            role=each.role,
            organisation_id=each.organisation_id,
            side=each.side,
            naming=each.naming if is_named else Participant.Naming.UNNAMED,
            attendance=Participant.Attendance.UNSAID,
        )


def save(meeting: Meeting, *, kept: set[int], points: Sequence[str], by: User, expected: int) -> None:
    """Keep or drop items (by key), replace the new points, and bring the agenda up to date; raises as `saving`."""
    with drafts.saving(meeting, by=by, expected=expected):
        meeting.save()
        subjects = meeting.agenda.filter(text="")
        subjects.filter(pk__in=kept).update(is_kept=True)
        subjects.exclude(pk__in=kept).update(is_kept=False)
        meeting.agenda.exclude(text="").delete()
        bring_up_to_date(meeting)
        last = meeting.agenda.order_by("-number").values_list("number", flat=True).first() or 0
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, number=number, text=text) for number, text in enumerate(points, start=last + 1)
        )


def fields_of(meeting: Meeting) -> dict[str, Any]:
    """What the ledger keeps of the agenda: a field for each item that was kept, so that each can be redacted."""
    kept = meeting.agenda.filter(is_kept=True).select_related("concern")
    return {f"agenda_{number}": _said(item) for number, item in enumerate(kept, start=1)}


def _said(item: AgendaItem) -> dict[str, Any]:
    if item.concern:
        return {"meeting": item.concern.meeting_id, "concern": item.concern.number}
    return {"pledge": item.pledge_id} if item.pledge_id else {"text": item.text}


@dataclass(frozen=True)
class Discussed:
    """An item of a published agenda: a pledge and what the meeting stated of it, a request, or a new point.

    `stated_by` says who stated it; what was not discussed was stated by nobody. `not_listed` is the agency that is said
    to have stated it, where the record of the meeting lists nobody of it as present. `changed_on` is the day on which
    what the entry `earlier` of the pledge's history had stated was changed.
    """

    pledge: Pledge | None = None
    outcome: str = ""
    stated_by: str = ""
    not_listed: str = ""
    changed_on: date | None = None
    earlier: int = 0
    due_on: date | None = None
    remark: str = ""
    concern: Concern | None = None
    text: str = ""


class Group(NamedTuple):
    """The items of one sort, under one heading."""

    heading: str
    listed: list[Discussed]


def _grouped(items: Sequence[Discussed]) -> list[Group]:
    """The items by their sort, each in their order, as on the sheet."""
    sorts = {
        _("Earlier pledges"): [each for each in items if each.pledge],
        _("Requests never answered"): [each for each in items if each.concern],
        _("New points"): [each for each in items if each.text],
    }
    return [Group(str(heading), listed) for heading, listed in sorts.items() if listed]


def draft_agenda(meeting: Meeting) -> list[Group]:
    """What is on the agenda of a draft, as publishing will say it; two queries."""
    kept = list(
        meeting.agenda.filter(is_kept=True).select_related("pledge__meeting", "concern__meeting", "agreed_with")
    )
    present = reviewing.present_at(meeting) if kept else set()
    return _grouped([_as_typed(each, present) for each in kept])


def _as_typed(item: AgendaItem, present: Collection[int]) -> Discussed:
    voice = reviewing.voice_of(item, present)
    return Discussed(
        pledge=item.pledge,
        outcome=item.get_outcome_display() if item.outcome else "",
        stated_by=reviewing.attribution(item.outcome, voice) if item.outcome else "",
        due_on=item.due_on,
        remark=item.remark,
        concern=item.concern,
        text=item.text,
    )


def published_agenda(meeting: Meeting, entries: Iterable[Entry]) -> list[Group]:
    """What was on the agenda, as the meeting's history says, but for what was redacted; at most five queries."""
    text = {name: value for name, value in text_after(entries).items() if AGENDA_NAME.fullmatch(name) and value}
    said = [text[name] for name in sorted(text, key=lambda name: int(name.rpartition("_")[2]))]
    if not said:
        return []
    pledges = Pledge.objects.public().for_rows().in_bulk([each["pledge"] for each in said if "pledge" in each])
    asked = Concern.objects.filter(meeting__in={each["meeting"] for each in said if "concern" in each})
    concerns = {
        (each.meeting_id, each.number): each for each in asked.filter(is_redacted=False).select_related("meeting")
    }
    reviews = Entry.objects.filter(stream__in=[each.stream_id for each in pledges.values()], kind="review")
    stated: dict[int, list[Entry]] = defaultdict(list)
    for review in reviews.order_by("number"):
        if review.fields["meeting"] == meeting.pk:
            stated[review.stream_id].append(review)
    absent = _not_listed(meeting, (each[-1].fields for each in stated.values()))
    items = []
    for each in said:
        if pledge := pledges.get(each.get("pledge", 0)):
            items.append(_as_stated(pledge, stated.get(pledge.stream_id or 0, []), absent))
        elif concern := concerns.get((each.get("meeting"), each.get("concern"))):
            items.append(Discussed(concern=concern))
        elif "text" in each:
            items.append(Discussed(text=str(each["text"])))
    return _grouped(items)


def _not_listed(meeting: Meeting, stated: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names of those who are said to have stated something, and of whom nobody is listed as present."""
    slugs = [slug for each in stated if (slug := reviewing.voice_in(each)[1])]
    absent = [slug for _pk, slug in reviewing.unlisted((meeting.pk, slug) for slug in slugs)]
    return {each.slug: each.name for each in Organisation.objects.filter(slug__in=absent)} if absent else {}


def _as_stated(pledge: Pledge, reviews: Sequence[Entry], absent: Mapping[str, str]) -> Discussed:
    """A pledge of the agenda with what the last of its reviews says; nothing of what was redacted."""
    review = reviews[-1].fields if reviews else {}
    outcome, due_on = str(review.get("outcome", "")), str(review.get("due_on", ""))
    voice, side = reviewing.voice_in(review)
    return Discussed(
        pledge=pledge,
        outcome=str(Outcome(outcome).label) if outcome else "",
        stated_by=reviewing.attribution(outcome, voice) if outcome else "",
        not_listed=absent.get(side, "") if outcome != Outcome.NOT_DISCUSSED else "",
        changed_on=local_day(reviews[-1].recorded_at) if len(reviews) > 1 else None,
        earlier=reviews[-2].number if len(reviews) > 1 else 0,
        due_on=date.fromisoformat(due_on) if due_on else None,
        remark=str(review.get("text", "")),
    )
