"""What this is, who runs it, and what its words mean."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commitments.models import Pledge


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The page that explains every word the others use."""
    context = {
        "operator_contact": settings.OPERATOR_CONTACT,
        "statuses": Pledge.Status.choices,
        "wordings": Pledge.Wording.choices,
        "assessments": Pledge.Assessment.choices,
        "standings": Pledge.Standing.choices,
        "silent_after": settings.SILENT_AFTER_WORKING_DAYS,
        "long_silent_after": settings.LONG_SILENT_AFTER_WORKING_DAYS,
        "holding_days": settings.HOLDING_DAYS,
    }
    return render(request, "pages/about.html", context)
