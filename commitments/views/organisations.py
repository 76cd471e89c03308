"""Organisations: who promised what, who looked, and who has not been heard from."""

from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import progress
from commitments.accountable import account
from commitments.filters import OrganisationFilter, assessed_streams, meetings_of
from commitments.models import Pledge
from commitments.views.lists import filtered, status_of
from commitments.views.rows import fiction_among, pledge_rows
from ledger.models import Entry
from meetings.models import Meeting, Organisation

SHOWN = 200
ROWS = 25
ASSESSMENTS = 10


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Those that promised something, then those that speak for residents, then the others."""
    promised = Count("pledges", filter=Q(pledges__state=Meeting.State.PUBLISHED), distinct=True)
    logged = Count("logged_meetings", filter=Q(logged_meetings__state=Meeting.State.PUBLISHED), distinct=True)
    known = Organisation.objects.annotate(promised=promised, logged=logged).order_by("-promised", "name_fr", "pk")
    found = OrganisationFilter(request.GET, queryset=known, on=timezone.localdate())
    shown = list(found.qs[: SHOWN + 1])
    listed = shown[:SHOWN]
    context = filtered(found) | {
        "agencies": [each for each in listed if each.is_agency],
        "associations": [each for each in listed if each.is_association],
        "others": [each for each in listed if not each.is_agency and not each.is_association],
        "has_more": len(shown) > SHOWN,
        "shown": SHOWN,
        "fiction": fiction_among(each.is_fictional for each in listed),
    }
    return render(request, "organisations/organisations.html", context, status=status_of(found))


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The record of one organisation: what it and those that belong to it promised, and how they answer for that."""
    on = timezone.localdate()
    subject = get_object_or_404(Organisation.objects.select_related("parent", "proposed_for"), slug=slug)
    children = list(subject.with_children().exclude(pk=subject.pk))
    promised = Pledge.objects.published().answered_by(subject.with_children())
    urgent = list(progress.most_urgent_first(promised.select_related("meeting", "responsible"), on)[:ROWS])
    meetings = meetings_of(subject).select_related("host")
    context: dict[str, Any] = {
        "on": on,
        "organisation": subject,
        "children": children,
        "account": account(promised, on=on, **{"under" if children else "agency": subject.slug}),
        "parts": progress.by_agency(promised, on) if children else [],
        "clocks": progress.clocks(promised, on),
        "rows": pledge_rows(urgent, on=on),
        "meetings": meetings[:ROWS],
        "meetings_count": meetings.count(),
    }
    passed = Pledge.objects.published().filter(promised_by=subject).select_related("meeting", "responsible")
    context["passed"] = passed.order_by("-heard_on", "-pk")[:ROWS]
    if subject.is_association:
        context |= _looked_at(subject)
    return render(request, "organisations/organisation.html", context)


def _looked_at(association: Organisation) -> dict[str, Any]:
    """What the association logged, and what it last found of which pledges."""
    published = Pledge.objects.published()
    assessed = published.filter(stream__in=assessed_streams(association))
    said = Entry.objects.filter(kind="assessment", speaker=association.slug, stream__pledge__in=published)
    last_words = said.order_by().values("stream").annotate(last=Max("pk")).values("last")
    latest = Entry.objects.filter(pk__in=last_words).select_related("stream__pledge__meeting").order_by("-pk")
    return {
        "logged": association.logged_meetings.published().count(),
        "assessed": assessed.count(),
        "assessments": [
            {"pledge": entry.stream.pledge, "entry": entry, "verdict": Pledge.Assessment(str(entry.fields["verdict"]))}
            for entry in latest[:ASSESSMENTS]
        ],
    }
