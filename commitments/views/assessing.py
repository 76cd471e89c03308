"""What an association finds when it looks at a pledge, and at what the agency reported of single occurrences."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.sending import sent_from
from commitments.forms.speaking import AssessmentForm, CheckForm, SpeakingForm, to_check_in_words
from commitments.models import Pledge, PledgeQuerySet
from commitments.occurrences import check_occurrence
from commitments.rules import association_voices
from commitments.schedules import Occurrence
from commitments.speaking import assess, history
from commitments.state import fold
from commitments.timeline import Item, days_apart, timeline
from commitments.views.desk import done, hear, in_desk, must, person
from commitments.views.warned import word_to_read
from ledger.models import Entry
from meetings.models import Organisation

OCCURRENCES_SHOWN = 60


def _known() -> PledgeQuerySet:
    return Pledge.objects.public().select_related("meeting__logged_by", "kind", "responsible", "stream")


@login_required
@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """A pledge at the association's desk: to look at, or, where it logged the meeting, to correct."""
    user = person(request)
    subject = get_object_or_404(_known(), pk=pk)
    may_correct = user.has_perm("meetings.correct_meeting", subject.meeting)
    if subject.is_withdrawn and not may_correct:
        return redirect(subject)  # nobody looks at it any more; its public page says who withdrew it and why
    if not (user.has_perm("commitments.assess_pledge", subject) or may_correct):
        raise PermissionDenied
    return _page(request, subject)


@sent_from("workspace_pledge", "pk")
def assess_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found."""
    subject = get_object_or_404(_known(), pk=pk)
    must(person(request), "commitments.assess_pledge", subject)
    return _speak(request, subject, "assessment", assess)


@sent_from("workspace_pledge", "pk")
def check_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was found of one occurrence that the agency reported."""
    subject = get_object_or_404(_known(), pk=pk)
    must(person(request), "commitments.assess_pledge", subject)
    return _speak(request, subject, "check", check_occurrence)


def _forms(request: HttpRequest, subject: Pledge, sent: str = "") -> dict[str, SpeakingForm]:
    """The forms by name; the one that was `sent` holds what was typed."""
    voices = association_voices(person(request), subject)
    shared: dict[str, Any] = {"voices": voices}
    reported = _reported(subject, voices)

    def data(name: str) -> Any:
        return request.POST if name == sent else None

    forms: dict[str, SpeakingForm] = {
        "assessment": AssessmentForm(
            subject,
            data("assessment"),
            on=timezone.localdate(),
            prefix="assessment",
            **shared,
            by=person(request),
            files=request.FILES if sent == "assessment" else None,
        )
    }
    if reported or sent == "check":
        forms["check"] = CheckForm(
            subject,
            data("check"),
            reported=reported,
            prefix="check",
            **shared,
            by=person(request),
            files=request.FILES if sent == "check" else None,
        )
    return forms


def _reported(subject: Pledge, voices: Sequence[Organisation]) -> list[tuple[Occurrence, str]]:
    """What the agency reported, the latest first, to choose from; with what these associations found of it already."""
    told = sorted(fold(history(subject)).occurrences.items(), reverse=True)[:OCCURRENCES_SHOWN]
    return [(each, to_check_in_words(each, said, voices)) for each, said in told]


def _speak(request: HttpRequest, subject: Pledge, name: str, say: Callable[..., Entry]) -> HttpResponse:
    forms = _forms(request, subject, sent=name)
    if asked := word_to_read(request, forms[name]):
        return _page(request, subject, forms=forms, asked={name: asked})
    status, between = hear(forms[name], say, by=person(request), now=timezone.now())
    if status == 200:
        return done(request, _("What you found is published beside the pledge."), "workspace_pledge", subject.pk)
    return _page(request, subject, forms=forms, status=status, between=between)


def _page(
    request: HttpRequest,
    subject: Pledge,
    *,
    forms: dict[str, SpeakingForm] | None = None,
    status: int = 200,
    between: list[Item] | None = None,
    asked: dict[str, Any] | None = None,
) -> HttpResponse:
    user = person(request)
    may_assess = user.has_perm("commitments.assess_pledge", subject)
    context = {
        "pledge": subject,
        "forms": (forms or _forms(request, subject)) if may_assess else {},
        "between": between or [],
        "asked": asked or {},
        "may_assess": may_assess,
        "awaits_word": subject.awaits_word(timezone.localdate()),
        "may_correct": user.has_perm("meetings.correct_meeting", subject.meeting) and not subject.is_withdrawn,
        **days_apart(timeline(history(subject), subject=subject)),
    }
    return in_desk(request, "workspace/pledge.html", context, status=status)
