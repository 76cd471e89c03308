"""The overview: what was promised to the neighbourhoods, and what came of it."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from commitments import progress
from commitments.models import Pledge
from commitments.progress import pledges_url
from commitments.views.rows import fiction_among, pledge_row
from meetings.models import Meeting


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The whole site's standings, clocks, movements and latest entries."""
    on = timezone.localdate()
    pledges = Pledge.objects.published()
    bar = progress.standings(pledges)
    meetings = dict(Meeting.objects.published().order_by().values_list("is_fictional").annotate(Count("pk")))
    context = {
        "on": on,
        "bar": bar,
        "clocks": progress.clocks(pledges, on),
        "meetings": sum(meetings.values()),
        "fiction": fiction_among(meetings),
        "requests": progress.unanswered_requests().count(),
        "month": progress.this_month(pledges, on),
        "moves": moves(progress.moved(pledges, on), bar.total),
        "neighbourhoods": progress.by_neighbourhood(pledges, on),
        "agencies": progress.by_agency(pledges, on),
        "latest": [(pledge_row(each.pledge, on=on), each.at) for each in progress.latest_entries(pledges)],
    }
    return render(request, "overview/overview.html", context)


def moves(moved: progress.Moved, total: int) -> list[dict[str, object]]:
    """What went up, down and nowhere, as partials/moves.html shows it; a count of none is no link."""
    counts = {"up": len(moved.up), "down": len(moved.down)}
    counts["same"] = total - sum(counts.values())
    labels = {
        "up": ngettext("moved up", "moved up", counts["up"]),
        "down": ngettext("moved down", "moved down", counts["down"]),
        "same": _("unchanged"),
    }
    return [
        {"direction": way, "count": count, "label": labels[way], "url": pledges_url(moved=way) if count else ""}
        for way, count in counts.items()
    ]
