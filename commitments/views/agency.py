"""The agency's desk: what waits for its word, and saying it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments.forms.speaking import OccurrenceForm, SpeakingForm, StatusForm, WordingForm
from commitments.models import Pledge, PledgeQuerySet
from commitments.rules import agency_voices
from commitments.speaking import answer, history, log_occurrence, reply_to_wording
from commitments.timeline import Item, days_apart, timeline
from commitments.views.desk import done, hear, in_desk, must, own_organisations, person
from commitments.waiting import answered, inbox
from ledger.models import Entry

ANSWERED_SHOWN = 50


@login_required
@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """What waits for a word of this person's organisations, the most urgent first."""
    user = person(request)
    organisations = own_organisations(user)
    if not organisations:
        raise PermissionDenied
    rows = inbox(user, timezone.localdate())
    context = {
        "organisations": organisations,
        "rows": rows,
        "today": timezone.localdate(),
        "answered": answered(user, rows)[:ANSWERED_SHOWN],
    }
    return in_desk(request, "inbox/inbox.html", context)


def _known() -> PledgeQuerySet:
    return Pledge.objects.public().select_related("meeting", "kind", "responsible", "stream")


@login_required
@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """A pledge at the agency's desk, with what can be said of it."""
    subject = get_object_or_404(_known(), pk=pk)
    if subject.is_withdrawn:
        return redirect(subject)
    must(person(request), "commitments.answer_pledge", subject)
    return _page(request, subject)


@login_required
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether this is what was said."""
    return _speak(request, pk, "wording", reply_to_wording, _("Your word on the wording is published."))


@login_required
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where it stands; from the list, that it is acknowledged."""
    return _speak(request, pk, "status", answer, _("Your answer is published."))


@login_required
@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of one occurrence."""
    return _speak(request, pk, "occurrence", log_occurrence, _("What became of this occurrence is published."))


def _speak(request: HttpRequest, pk: int, name: str, say: Callable[..., Entry], sentence: str) -> HttpResponse:
    subject = get_object_or_404(_known(), pk=pk)
    must(person(request), "commitments.answer_pledge", subject)
    forms = _forms(request, subject, sent=name)
    status, between = hear(forms[name], say, by=person(request), now=timezone.now())
    if status == 200 and request.POST.get("back") == "inbox":
        return done(request, sentence, "inbox")
    if status == 200:
        return done(request, sentence, "inbox_pledge", subject.pk)
    return _page(request, subject, forms=forms, status=status, between=between)


def _forms(request: HttpRequest, subject: Pledge, sent: str = "") -> dict[str, SpeakingForm]:
    """The forms by name; the one that was `sent` holds what was typed."""
    voices = sorted(agency_voices(person(request), subject), key=lambda each: each.pk != subject.responsible_id)

    def data(name: str) -> Any:
        return request.POST if name == sent else None

    forms: dict[str, SpeakingForm] = {
        "wording": WordingForm(subject, data("wording"), voices=voices, prefix="wording"),
        "status": StatusForm(
            subject,
            data("status"),
            voices=voices,
            prefix="status",
            by=person(request),
            files=request.FILES if sent == "status" else None,
        ),
    }
    if subject.is_never_finished or sent == "occurrence":
        forms["occurrence"] = OccurrenceForm(
            subject, data("occurrence"), voices=voices, on=timezone.localdate(), prefix="occurrence"
        )
    return forms


def _page(
    request: HttpRequest,
    subject: Pledge,
    *,
    forms: dict[str, SpeakingForm] | None = None,
    status: int = 200,
    between: list[Item] | None = None,
) -> HttpResponse:
    context = {
        "pledge": subject,
        "forms": forms or _forms(request, subject),
        "between": between or [],
        **days_apart(timeline(history(subject), subject=subject)),
    }
    return in_desk(request, "inbox/pledge.html", context, status=status)
