"""Correcting and withdrawing what is published: by those who logged it, with a reason that everybody reads."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.forms.correcting import (
    CorrectionForm,
    MeetingCorrectionForm,
    PledgeCorrectionForm,
    ReasonForm,
    last_number_of,
)
from commitments.models import Pledge
from commitments.publishing import correct_meeting, correct_pledge, withdraw_meeting, withdraw_pledge
from commitments.views.desk import CONFLICT, UNPROCESSABLE, done, in_desk, missed, must, person
from ledger.history import Stale
from meetings.forms import refuse
from meetings.models import Meeting

Subject = Meeting | Pledge


def _meeting(request: HttpRequest, pk: int) -> Meeting:
    """A published meeting that this person may correct."""
    meeting = get_object_or_404(Meeting.objects.published().select_related("logged_by", "host", "stream"), pk=pk)
    must(person(request), "meetings.correct_meeting", meeting)
    return meeting


def _pledge(request: HttpRequest, pk: int) -> Pledge:
    """A published pledge that this person may correct."""
    known = Pledge.objects.published().select_related("meeting__logged_by", "kind", "responsible", "stream")
    pledge = get_object_or_404(known, pk=pk)
    must(person(request), "meetings.correct_meeting", pledge.meeting)
    return pledge


def _after(subject: Subject, own_page: str) -> tuple[str, int]:
    """The page that comes next: its own one at the desk, or the public one where no association logged it."""
    meeting = subject if isinstance(subject, Meeting) else subject.meeting
    if meeting.logged_by is None:
        return ("meeting" if isinstance(subject, Meeting) else "pledge"), subject.pk
    return own_page, subject.pk


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_published_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Change fields of a published meeting, once old and new were seen side by side."""
    meeting = _meeting(request, pk)
    form = MeetingCorrectionForm(meeting, request.POST or None)
    return _correct(request, meeting, form, correct_meeting, back=_after(meeting, "workspace_published"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_published_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Change fields of a published pledge, as a meeting's."""
    pledge = _pledge(request, pk)
    form = PledgeCorrectionForm(pledge, request.POST or None)
    return _correct(request, pledge, form, correct_pledge, back=_after(pledge, "workspace_pledge"))


def _correct(
    request: HttpRequest, subject: Subject, form: CorrectionForm, correct: Callable[..., Any], back: tuple[str, int]
) -> HttpResponse:
    context: dict[str, Any] = {"subject": subject, "form": form, "back_url": reverse(back[0], args=[back[1]])}
    if request.method != "POST":
        return in_desk(request, "workspace/correct.html", context)
    status = _checked(form)
    if status == 200 and "change" in request.POST:
        return in_desk(request, "workspace/correct.html", context)
    if status == 200 and "confirm" not in request.POST:
        return in_desk(request, "workspace/correct_check.html", context | {"changes": form.in_words()})
    if status == 200:
        status, context["between"] = _corrected(request, subject, form, correct)
    if status == 200:
        return done(request, _("The correction is published; the earlier text stays readable."), back[0], back[1])
    return in_desk(request, "workspace/correct.html", context, status=status)


def _checked(form: CorrectionForm) -> int:
    """200 when the form can be sent on; a correction that changes nothing is none."""
    if form.is_valid() and not form.changes:
        form.add_error(None, _("Nothing has been changed."))
    return 200 if form.is_valid() else UNPROCESSABLE


def _corrected(
    request: HttpRequest, subject: Subject, form: CorrectionForm, correct: Callable[..., Any]
) -> tuple[int, list[Any]]:
    try:
        correct(
            subject,
            changes=form.changes,
            reason=form.cleaned_data["reason"],
            by=person(request),
            expected=form.cleaned_data["expected"],
            now=timezone.now(),
        )
    except ValidationError as error:
        refuse(form, error)
        return UNPROCESSABLE, []
    except Stale as stale:
        form.data = dict(form.data.items()) | {"expected": str(last_number_of(subject))}
        return CONFLICT, missed(stale, subject)
    return 200, []


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_published_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a meeting and its pledges out of the count."""
    meeting = _meeting(request, pk)
    return _withdraw(request, meeting, withdraw_meeting, back=_after(meeting, "workspace_published"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_published_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one pledge out of the count."""
    pledge = _pledge(request, pk)
    back = _after(pledge.meeting if pledge.meeting.logged_by else pledge, "workspace_published")
    return _withdraw(request, pledge, withdraw_pledge, back=back)


def _withdraw(
    request: HttpRequest, subject: Subject, withdraw: Callable[..., Any], back: tuple[str, int]
) -> HttpResponse:
    form = ReasonForm(subject, request.POST or None)
    context: dict[str, Any] = {"subject": subject, "form": form, "back_url": reverse(back[0], args=[back[1]])}
    context["is_meeting"] = isinstance(subject, Meeting)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                told = {"reason": form.cleaned_data["reason"], "expected": form.cleaned_data["expected"]}
                withdraw(subject, **told, by=person(request), now=timezone.now())
                return done(request, _("Withdrawn; it stays readable, with your reason."), back[0], back[1])
            except ValidationError as error:
                refuse(form, error)
            except Stale as stale:
                form.data = dict(form.data.items()) | {"expected": str(last_number_of(subject))}
                context["between"], status = missed(stale, subject), CONFLICT
    if isinstance(subject, Meeting):
        context["pledge_count"] = subject.pledges.published().count()
    return in_desk(request, "workspace/withdraw.html", context, status=status)
