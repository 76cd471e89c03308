"""A row of the draft told back while it is written; nothing is stored."""

import re
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from commitments.forms.told import PledgeToTell
from commitments.models import Pledge
from commitments.views.association import logging_organisations
from commitments.views.desk import person
from meetings.forms import DayField
from meetings.models import Meeting
from meetings.rules import visible_drafts

_ROW = re.compile(r"pledges-\d{1,4}")


@login_required
@require_POST
def pledge_in_words(request: HttpRequest) -> HttpResponse:
    """What the row says that asks, in words, with its days and what is still open."""
    user = person(request)
    logging_organisations(user)
    found = _ROW.match(request.headers.get("HX-Trigger", "")) or next(filter(None, map(_ROW.match, request.POST)), None)
    prefix = found[0] if found else "pledges-0"
    form = PledgeToTell(request.POST, prefix=prefix, instance=_pledge(request, user, prefix))
    context = {"told": form.told(on=timezone.localdate()), "sentences": form.sentences()}
    return render(request, "workspace/pledge_in_words.html", context)


def _pledge(request: HttpRequest, user: User, prefix: str) -> Pledge:
    """The stored pledge of the row, of a draft that this person may see, or a new one; the meeting as it was typed."""
    key = request.POST.get(f"{prefix}-row", "")
    drafted = Pledge.objects.filter(meeting__in=visible_drafts(user)).select_related("meeting", "kind")
    stored = drafted.filter(pk=int(key)).first() if re.fullmatch(r"[0-9]{1,9}", key) else None
    pledge = stored or Pledge(meeting=Meeting())
    pledge.meeting.held_on = _day(request.POST.get("held_on", "")) or pledge.meeting.held_on
    if request.POST.get("language") in Meeting.Language.values:
        pledge.meeting.language = request.POST["language"]
    return pledge


def _day(typed: str) -> date | None:
    try:
        return DayField(required=False).to_python(typed)
    except ValidationError:
        return None
