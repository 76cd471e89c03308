"""The agency's desk: one pledge, and what the agency says of it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import organisation_ids
from accounts.sending import sent_from
from commitments.forms.speaking import OccurrenceForm, OfferedForm, OfferForm, SpeakingForm, StatusForm, WordingForm
from commitments.forms.week import WeekForm
from commitments.handover import answer_offer, offer
from commitments.in_words import in_words
from commitments.models import Pledge, PledgeQuerySet
from commitments.occurrences import log_occurrence, log_week
from commitments.rules import agency_voices, offer_voices
from commitments.schedules import week_of
from commitments.speaking import answer, history, reply_to_wording
from commitments.state import fold
from commitments.timeline import Item, days_apart, last_reviewed, timeline
from commitments.views.desk import OK, done, hear, in_desk, must, person
from commitments.views.warned import word_to_read
from ledger.models import Entry
from meetings.models import Organisation


def _known() -> PledgeQuerySet:
    return Pledge.objects.public().select_related(
        "meeting", "kind", "responsible", "offered_to", "promised_by", "stream"
    )


@login_required
@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """A pledge at the agency's desk, with what can be said of it."""
    subject = get_object_or_404(_known(), pk=pk)
    user = person(request)
    if subject.is_withdrawn:
        return redirect(subject)
    if user.has_perm("commitments.answer_pledge", subject) or user.has_perm("commitments.answer_offer", subject):
        return _page(request, subject)
    if subject.promised_by_id in organisation_ids(user):  # handed over: it is read where everybody reads it
        return redirect(subject)
    raise PermissionDenied


@sent_from("inbox_pledge", "pk")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether this is what was said."""
    return _speak(request, pk, "wording", reply_to_wording, _("Your word on the wording is published."))


@sent_from("inbox_pledge", "pk")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where it stands; from the list, that it is acknowledged."""
    return _speak(request, pk, "status", answer, _("Your answer is published."))


@sent_from("inbox_pledge", "pk")
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of one occurrence."""
    return _speak(request, pk, "occurrence", log_occurrence, _("What became of this occurrence is published."))


@sent_from("inbox_pledge", "pk")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is not ours, and whose it is."""
    return _speak(request, pk, "offer", offer, _("Your offer is published; the pledge moves when they accept."))


@sent_from("inbox_pledge", "pk")
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what another agency offers, or decline."""
    return _speak(request, pk, "offered", answer_offer, _("Your answer to the offer is published."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, pk: int) -> HttpResponse:
    """A week of occurrences in one form; another week by `?of=` one of its days."""
    subject = get_object_or_404(_known(), pk=pk)
    must(person(request), "commitments.answer_pledge", subject)
    if not subject.is_never_finished:
        raise Http404
    now, monday = timezone.now(), week_of(_day_asked(request, subject))
    form = WeekForm(
        subject,
        request.POST if request.method == "POST" else None,
        voices=_voices(request, subject),
        monday=monday,
        state=fold(history(subject)),
        now=now,
    )
    asked = word_to_read(request, form) if form.is_bound else None
    is_said = form.is_bound and not asked
    status, between = hear(form, log_week, by=person(request), now=now) if is_said else (0, [])
    if status == OK:
        return done(request, _("What became of these occurrences is published."), "inbox_pledge", subject.pk)
    context = {"pledge": subject, "form": form, "between": between, "asked": asked, **_weeks(monday)}
    return in_desk(request, "inbox/week.html", context, status=status or OK)


def _day_asked(request: HttpRequest, subject: Pledge) -> date:
    """The day in the address, between the promise and today; today where there is none."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.GET.get("of", ""))
    except ValueError:
        return today
    return min(max(asked, subject.made_on or asked), today)


def _weeks(monday: date) -> dict[str, date | None]:
    """The week's first and last day, the week before it, and the one after it where that has begun."""
    after = monday + timedelta(days=7)
    return {
        "monday": monday,
        "sunday": after - timedelta(days=1),
        "before": monday - timedelta(days=7),
        "after": after if after <= timezone.localdate() else None,
    }


def _speak(request: HttpRequest, pk: int, name: str, say: Callable[..., Entry], sentence: str) -> HttpResponse:
    subject = get_object_or_404(_known(), pk=pk)
    must(person(request), "commitments.answer_offer" if name == "offered" else "commitments.answer_pledge", subject)
    forms = _forms(request, subject, sent=name)
    if asked := word_to_read(request, forms[name]):
        return _page(request, subject, forms=forms, asked={name: asked})
    status, between = hear(forms[name], say, by=person(request), now=timezone.now())
    if status == OK and (request.POST.get("back") == "inbox" or not _still_answers(request, subject)):
        return done(request, sentence, "inbox")
    if status == OK:
        return done(request, sentence, "inbox_pledge", subject.pk)
    return _page(request, subject, forms=forms, status=status, between=between)


def _still_answers(request: HttpRequest, subject: Pledge) -> bool:
    """Whether the page of the pledge is still theirs; who declines an offer has no more to do with it."""
    return person(request).has_perm("commitments.answer_pledge", subject)


def _voices(request: HttpRequest, subject: Pledge) -> list[Organisation]:
    """As whom this person may answer, the responsible one first."""
    return sorted(agency_voices(person(request), subject), key=lambda each: each.pk != subject.responsible_id)


def _forms(request: HttpRequest, subject: Pledge, sent: str = "") -> dict[str, SpeakingForm]:
    """The forms by name that this person needs; the one that was `sent` holds what was typed."""
    forms: dict[str, SpeakingForm] = {}

    def add(name: str, kind: type[SpeakingForm], voices: Sequence[Organisation], **more: Any) -> None:
        data = request.POST if name == sent else None
        forms[name] = kind(subject, data, voices=voices, prefix=name, **more)

    if asked := list(offer_voices(person(request), subject)):
        add("offered", OfferedForm, asked)
    if voices := _voices(request, subject):
        if subject.promised_by is None or sent == "wording":
            add("wording", WordingForm, voices)
        files = request.FILES if sent == "status" else None
        add("status", StatusForm, voices, by=person(request), files=files)
        if subject.is_never_finished or sent == "occurrence":
            add("occurrence", OccurrenceForm, voices, on=timezone.localdate())
        if not subject.is_closed or sent == "offer":
            add("offer", OfferForm, voices)
    return forms


def _page(
    request: HttpRequest,
    subject: Pledge,
    *,
    forms: dict[str, SpeakingForm] | None = None,
    status: int = 200,
    between: list[Item] | None = None,
    asked: dict[str, Any] | None = None,
) -> HttpResponse:
    entries = list(history(subject))
    told = timeline(entries, subject=subject)
    context = {
        "pledge": subject,
        "forms": forms or _forms(request, subject),
        "between": between or [],
        "asked": asked or {},
        "clauses": in_words(subject.schedule, starts_on=subject.starts_on),
        "reviewed": last_reviewed(fold(entries), told),
        **days_apart(told),
    }
    return in_desk(request, "inbox/pledge.html", context, status=status)
