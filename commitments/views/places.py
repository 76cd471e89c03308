"""Neighbourhoods: find one's own, and what was promised to it."""

from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments import progress
from commitments.filters import NeighbourhoodFilter
from commitments.models import Pledge
from commitments.views.lists import filtered, status_of
from commitments.views.rows import fiction_among, pledge_rows
from meetings.models import Meeting, Neighbourhood

SHOWN = 200
ROWS = 25


@require_safe
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """Every neighbourhood by commune, or those that match some words."""
    promised = Count("pledges", filter=Q(pledges__state=Meeting.State.PUBLISHED), distinct=True)
    all_of_them = Neighbourhood.objects.public().with_territory().annotate(promised=promised).order_by(
        "territory__name_fr", "territory", "name_fr", "pk"
    )  # fmt: skip
    found = NeighbourhoodFilter(request.GET, queryset=all_of_them, on=timezone.localdate())
    shown = list(found.qs[: SHOWN + 1])
    context = filtered(found) | {
        "communes": [(territory, list(each)) for territory, each in groupby(shown[:SHOWN], lambda one: one.territory)],
        "has_more": len(shown) > SHOWN,
        "shown": SHOWN,
        "fiction": fiction_among(each.is_fictional for each in shown),
    }
    return render(request, "places/neighbourhoods.html", context, status=status_of(found))


@require_safe
def neighbourhood(request: HttpRequest, slug: str) -> HttpResponse:
    """What was promised to one neighbourhood, the most urgent first, and what was asked for in vain."""
    on = timezone.localdate()
    place = get_object_or_404(Neighbourhood.objects.public().with_territory().select_related("proposed_for"), slug=slug)
    pledges = Pledge.objects.published().filter(neighbourhoods=place)
    urgent = list(progress.most_urgent_first(pledges.select_related("meeting", "responsible"), on)[:ROWS])
    context: dict[str, Any] = {
        "on": on,
        "place": place,
        "crumbs": [{"label": territory.name} for territory in place.territory.ancestry],
        "bar": progress.standings(pledges, neighbourhood=place.slug),
        "clocks": progress.clocks(pledges, on),
        "rows": pledge_rows(urgent, on=on),
        "requests": progress.unanswered_requests().filter(meeting__neighbourhoods=place),
        "meetings": Meeting.objects.published().filter(neighbourhoods=place).select_related("host"),
    }
    return render(request, "places/neighbourhood.html", context)
