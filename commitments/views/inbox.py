"""The agency's inbox: what waits for its word, several taken note of at once, and the record of what it answered."""

import re
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import organisation_ids
from accounts.sending import sent_from
from commitments.forms.inbox import InboxForm, RecordForm, SearchForm
from commitments.models import Pledge, PledgeQuerySet
from commitments.schedules import has_begun
from commitments.speaking import answer
from commitments.views.desk import UNPROCESSABLE, in_desk, own_organisations, person
from commitments.waiting import AT_MOST, Row, heard, inbox, voice_of
from ledger.history import Stale
from meetings.models import Organisation

RECORD_SHOWN = 500
_CHOSEN = re.compile(r"(\d{1,10})-(\d{1,9})")


@login_required
@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """What waits for a word of this person's organisations, the most urgent first."""
    _agencies(person(request))
    today, search = timezone.localdate(), SearchForm({"q": request.GET.get("q", "")})
    form = InboxForm(request.GET, rows=inbox(person(request), today, search.query))
    rows = [_begun(row, timezone.now()) for row in form.narrowed()]
    context = {
        "search": search,
        "form": form,
        "choices": form.choices(),
        "rows": rows,
        "new": sum(row.is_new and row.voice is not None for row in rows),
        "today": today,
        "is_narrowed": bool(search.query or form.why_chosen or form.cleaned_data.get("agency")),
    }
    return in_desk(request, "inbox/inbox.html", context)


def _begun(row: Row, now: datetime) -> Row:
    """The row with those of today's occurrences of which something can be said by now."""
    return replace(row, occurrences=tuple(each for each in row.occurrences if has_begun(each, now)))


def _agencies(user: User) -> list[Organisation]:
    """The organisations for which this person answers; 403 for who belongs to none."""
    if organisations := own_organisations(user):
        return organisations
    raise PermissionDenied


@sent_from("inbox")
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Take note of several new pledges, each by an entry of its own; what somebody else spoke of meanwhile is left."""
    user, now = person(request), timezone.now()
    _agencies(user)
    chosen = [match for each in request.POST.getlist("chosen") if (match := _CHOSEN.fullmatch(each))][:AT_MOST]
    known = Pledge.objects.public().select_related("responsible__parent", "stream", "meeting")
    pledges = known.in_bulk([int(match[1]) for match in chosen])
    if pledges and not any(user.has_perm("commitments.answer_pledge", pledge) for pledge in pledges.values()):
        raise PermissionDenied
    done = sum(_take_note(pledges.get(int(match[1])), int(match[2]), user, now) for match in chosen)
    _tell(request, done, len(chosen) - done)
    return redirect("inbox")


def _take_note(pledge: Pledge | None, expected: int, user: User, now: datetime) -> bool:
    """Whether the pledge was new, and is now acknowledged."""
    voice = voice_of(pledge, organisation_ids(user)) if pledge else None
    if pledge is None or voice is None:
        return False
    try:
        answer(pledge, status=Pledge.Status.ACKNOWLEDGED, by=user, organisation=voice, expected=expected, now=now)
    except (Stale, ValidationError, PermissionDenied):  # spoken of, withdrawn or handed over meanwhile
        return False
    return True


def _tell(request: HttpRequest, done: int, left: int) -> None:
    if done:
        sentence = ngettext(
            "You have taken note of %(count)d pledge; it is published.",
            "You have taken note of %(count)d pledges; it is published.",
            done,
        )
        messages.success(request, sentence % {"count": done})
    if left:
        sentence = ngettext(
            "%(count)d pledge was left as it is: somebody spoke of it meanwhile. Look at it again.",
            "%(count)d pledges were left as they are: somebody spoke of them meanwhile. Look at them again.",
            left,
        )
        messages.warning(request, sentence % {"count": left})
    if not done and not left:
        messages.warning(request, _("Tick at least one pledge."))


@login_required
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What this person's agencies answered between two days, to be shown or printed."""
    organisations = _agencies(person(request))
    today = timezone.localdate()
    form = RecordForm(request.GET, on=today)
    found = Pledge.objects.none()
    if form.is_valid():
        found = heard(person(request), since=form.cleaned_data["since"], until=form.cleaned_data["until"])
    context = {
        "organisations": organisations,
        "form": form,
        "counts": _by_status(found),
        "pledges": found[:RECORD_SHOWN],
        "total": found.count(),
        "waiting": len(inbox(person(request), today)),
        "today": today,
    }
    return in_desk(request, "inbox/record.html", context, status=200 if form.is_valid() else UNPROCESSABLE)


def _by_status(found: PledgeQuerySet) -> list[tuple[str, str, int]]:
    """Each status that there is, in words, with its count; the order of the ladder."""
    counted = dict(found.order_by().values_list("status").annotate(Count("pk")))
    return [(value, str(label), counted[value]) for value, label in Pledge.Status.choices if value in counted]
