"""Counts over pledges: standings, clocks, what moved, adherence. Every count names the list that it counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, Max, Min, PositiveSmallIntegerField, Q, QuerySet, When
from django.urls import reverse
from django.utils.http import urlencode

from commitments.models import Pledge, PledgeQuerySet
from commitments.schedules import adherence
from commitments.state import fold, local_day, movement
from ledger.models import Entry
from meetings.models import Concern, Meeting, Neighbourhood, Organisation

MOVED_WITHIN_DAYS = 30
Standing = Pledge.Standing
IS_OPEN = ~Q(status__in=Pledge.CLOSED)


@dataclass(frozen=True)
class Segment:
    """One stretch of a bar: its place and width are percentages of the whole."""

    standing: str
    label: str
    count: int
    url: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """Pledges by standing, in the order from kept to not kept; empty standings are left out."""

    total: int
    segments: tuple[Segment, ...]
    url: str


def pledges_url(**filters: Any) -> str:
    """The address of the list of pledges that these filters give."""
    query = urlencode({name: value for name, value in filters.items() if value}, doseq=True)
    return reverse("pledges") + (f"?{query}" if query else "")


def bar_of(counts: Mapping[str, int], **filters: Any) -> Bar:
    """The bar of `counts` by standing; each segment links to the pledges it counts among `filters`."""
    total = sum(counts.values())
    segments, x = [], 0.0
    for standing in Standing:
        if count := counts.get(standing, 0):
            width = 100 * count / total
            url = pledges_url(**filters, standing=standing.value)
            segments.append(Segment(standing.value, str(standing.label), count, url, round(x, 3), round(width, 3)))
            x += width
    return Bar(total, tuple(segments), pledges_url(**filters))


def standings(pledges: PledgeQuerySet, **filters: Any) -> Bar:
    """The bar of some pledges; one query."""
    return bar_of(dict(pledges.order_by().values_list("standing").annotate(Count("pk", distinct=True))), **filters)


class Clocks(NamedTuple):
    """How many pledges are late or without news, when an agency was last heard, and when the first was made."""

    overdue: int
    silent: int
    long_silent: int
    disputed: int
    lapsed: int
    heard_on: date | None
    made_on: date | None


def clocks(pledges: PledgeQuerySet, on: date) -> Clocks:
    """All clocks in one query."""
    counted = {
        "overdue": IS_OPEN & Q(timing=Pledge.Timing.BY_DATE, due_on__lt=on),
        "silent": IS_OPEN & Q(silent_on__lte=on),
        "long_silent": IS_OPEN & Q(long_silent_on__lte=on),
        "disputed": Q(assessment=Pledge.Assessment.DISPUTED),
        "lapsed": Q(holds_until__lt=on),
    }
    counts = {name: Count("pk", filter=condition, distinct=True) for name, condition in counted.items()}
    return Clocks(**pledges.order_by().aggregate(**counts, heard_on=Max("heard_on"), made_on=Min("made_on")))


class Row(NamedTuple):
    """One neighbourhood or organisation in a table: its bar and how many are overdue."""

    subject: Any
    bar: Bar
    overdue: int
    overdue_url: str


def by_neighbourhood(pledges: PledgeQuerySet, on: date) -> list[Row]:
    """A row for each neighbourhood to which something was promised, the most pledges first; two queries."""
    subjects = Neighbourhood.objects.with_territory()
    return _rows(pledges, "neighbourhoods", "neighbourhood", subjects, on)


def by_agency(pledges: PledgeQuerySet, on: date) -> list[Row]:
    """A row for each organisation that promised something, the most pledges first; two queries."""
    return _rows(pledges, "responsible", "agency", Organisation.objects.all(), on)


def _rows(pledges: PledgeQuerySet, field: str, filter_name: str, subjects: QuerySet[Any], on: date) -> list[Row]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    overdue: Counter[int] = Counter()
    late = Count("pk", filter=IS_OPEN & Q(timing=Pledge.Timing.BY_DATE, due_on__lt=on), distinct=True)
    counted = pledges.order_by().values_list(field, "standing").annotate(all=Count("pk", distinct=True), late=late)
    for pk, standing, count, late_count in counted:
        counts[pk][standing] = count
        overdue[pk] += late_count
    rows = [
        Row(
            subject=subject,
            bar=bar_of(counts[subject.pk], **{filter_name: subject.slug}),
            overdue=overdue[subject.pk],
            overdue_url=pledges_url(**{filter_name: subject.slug, "clock": "overdue"}),
        )
        for subject in subjects.filter(pk__in=list(counts))
    ]
    return sorted(rows, key=lambda row: -row.bar.total)


def most_urgent_first(pledges: PledgeQuerySet, on: date) -> PledgeQuerySet:
    """Past their date, then disputed, then lapsed, then without news; then from not kept to kept, the oldest first."""
    stages = [
        When(IS_OPEN & Q(timing=Pledge.Timing.BY_DATE, due_on__lt=on), then=0),
        When(assessment=Pledge.Assessment.DISPUTED, then=1),
        When(holds_until__lt=on, then=2),
        When(IS_OPEN & Q(long_silent_on__lte=on), then=3),
        When(IS_OPEN & Q(silent_on__lte=on), then=4),
        *(When(standing=standing, then=20 - place) for place, standing in enumerate(Standing)),
    ]
    urgency = Case(*stages, output_field=PositiveSmallIntegerField())
    return pledges.annotate(urgency=urgency).order_by("urgency", "made_on", "number", "pk")


class Moved(NamedTuple):
    """Which pledges changed standing lately; all others did not."""

    up: frozenset[int]
    down: frozenset[int]


def moved(pledges: PledgeQuerySet, on: date, *, days: int = MOVED_WITHIN_DAYS) -> Moved:
    """What went up and down the ladder of standings within `days` before `on`.

    Two queries; only pledges of which somebody spoke lately are folded. A pledge recorded
    within the time is new, and moved only by what was said after it was recorded.
    """
    since = on - timedelta(days=days)
    spoken = Entry.objects.filter(kind__in=["status", "assessment", "handover"], recorded_at__date__gt=since)
    ids: dict[int | None, int] = dict(pledges.filter(stream__in=spoken.values("stream")).values_list("stream", "pk"))
    directions: dict[int, int] = {}
    for stream, entries in _by_stream(Entry.objects.filter(stream__in=ids)).items():
        before = fold(entry for entry in entries if local_day(entry.recorded_at) <= since)
        after = fold((entry for entry in entries if local_day(entry.recorded_at) > since), before)
        directions[ids[stream]] = movement(before, after)
    up = frozenset(pk for pk, direction in directions.items() if direction > 0)
    down = frozenset(pk for pk, direction in directions.items() if direction < 0)
    return Moved(up, down)


def _by_stream(entries: Iterable[Entry]) -> dict[int | None, list[Entry]]:
    found: dict[int | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.stream_id].append(entry)
    return {stream: sorted(each, key=lambda entry: entry.number) for stream, each in found.items()}


class Month(NamedTuple):
    """Occurrences of the current month so far, carried out of expected; and how many pledges recur in all."""

    carried_out: int
    expected: int
    pledges: int


def this_month(pledges: PledgeQuerySet, on: date) -> Month:
    """What was carried out of what was expected this month, over all pledges whose days were stated; two queries."""
    first = on.replace(day=1)
    recurring = list(pledges.filter(timing=Pledge.Timing.RECURRING).select_related("meeting").distinct())
    scheduled = {each.stream_id: each for each in recurring if each.rule}
    of_month = Q(kind="occurrence", day__gte=first, day__lte=on)
    entries = _by_stream(Entry.objects.filter(Q(kind="recorded") | of_month, stream__in=scheduled))
    counted = []
    for stream, pledge in scheduled.items():
        said = fold(entries[stream])
        since = max(first, said.recorded_on or first)
        counted.append(adherence(pledge.schedule, carried_out=said.carried_out(), on=on, first=since))
    return Month(sum(each.carried_out for each in counted), sum(each.expected for each in counted), len(recurring))


def unanswered_requests() -> QuerySet[Concern]:
    """What was asked for at a published meeting and not promised; a pledge taken out of the record promises nothing."""
    return (
        Concern.objects.filter(meeting__state=Meeting.State.PUBLISHED)
        .exclude(request="")
        .exclude(pledges__state=Meeting.State.PUBLISHED)
        .select_related("meeting")
        .order_by("-meeting__held_on", "number")
    )


class Spoken(NamedTuple):
    """A pledge, and when somebody last spoke of it."""

    pledge: Pledge
    at: datetime


def latest_entries(pledges: PledgeQuerySet, limit: int = 8) -> list[Spoken]:
    """The pledges of which somebody spoke last, the newest first."""
    spoken = pledges.for_rows().annotate(spoken_at=Max("stream__entries__recorded_at"))
    return [Spoken(pledge, vars(pledge)["spoken_at"]) for pledge in spoken.order_by("-spoken_at", "-pk")[:limit]]
