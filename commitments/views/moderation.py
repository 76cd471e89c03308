"""The moderators' desk: finding a record and taking away words that should never have been published."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.sending import sent_from
from attachments.models import Attachment
from commitments.forms.redacting import RedactionForm, WithholdingForm
from commitments.models import Observation, Pledge
from commitments.moderation import redact, redactable_fields, withhold
from commitments.timeline import Evidence, Item, evidence_of, timeline
from commitments.views.desk import UNPROCESSABLE, done, in_desk, person
from ledger.models import Entry
from meetings.forms import refuse
from meetings.models import Meeting
from meetings.search import fold_text

FOUND_SHOWN = 25
SUBJECTS: dict[str, type[Meeting] | type[Pledge]] = {"meetings": Meeting, "pledges": Pledge}


class Withholdable(NamedTuple):
    """A file in words, and the form that keeps it from the public; None when that is done."""

    evidence: Evidence
    form: WithholdingForm | None


class Redactable(NamedTuple):
    """An entry in words, the form that takes words of it away (None when it holds none), and its files."""

    item: Item
    form: RedactionForm | None
    files: list[Withholdable]


def _must_moderate(request: HttpRequest) -> None:
    if not person(request).has_perm("commitments.redact"):
        raise PermissionDenied


@login_required
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """Find a pledge or a meeting, by its number or by words."""
    _must_moderate(request)
    query = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    context = {
        "query": query,
        "pledges": _pledges(query),
        "meetings": _meetings(query),
        "waiting": Observation.objects.filter(state=Observation.State.WAITING).count(),
    }
    return in_desk(request, "moderation/moderation.html", context)


def _number(query: str) -> int:
    """The id that the query is, in any digits; 0 for words."""
    folded = fold_text(query)
    return int(folded) if folded.isascii() and folded.isdigit() and len(folded) < 10 else 0


def _pledges(query: str) -> list[Pledge]:
    if not fold_text(query):
        return []
    known = Pledge.objects.public().select_related("meeting", "responsible")
    if number := _number(query):
        return list(known.filter(pk=number))
    found = known.filter(Q(pk__in=known.matching(query).values("pk")) | Q(stream__in=_saying(query)))
    return list(found.order_by("-pk")[:FOUND_SHOWN])


def _saying(query: str) -> QuerySet[Entry, int]:
    """The histories in which somebody said these words, just as they are typed."""
    return Entry.objects.filter(content__icontains=query).order_by().values_list("stream", flat=True)


def _meetings(query: str) -> list[Meeting]:
    if not fold_text(query):
        return []
    found = Meeting.objects.public()
    if number := _number(query):
        return list(found.filter(pk=number))
    titled = Q()
    for word in query.split()[:8]:
        titled &= Q(title__icontains=word)
    return list(found.filter(titled | Q(stream__in=_saying(query)))[:FOUND_SHOWN])


def _subject(kind: str, pk: int) -> Meeting | Pledge:
    if kind not in SUBJECTS:
        raise Http404
    if kind == "pledges":
        return get_object_or_404(Pledge.objects.public().select_related("meeting", "stream"), pk=pk)
    return get_object_or_404(Meeting.objects.public().select_related("stream"), pk=pk)


@login_required
@require_safe
def record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The entries of one record, with the words that can be taken away."""
    _must_moderate(request)
    return _record_page(request, _subject(kind, pk), kind)


@sent_from("moderate", "kind", "pk")
def redact_entry(request: HttpRequest, kind: str, pk: int, number: int) -> HttpResponse:
    """Take words of one entry away, once exactly what goes was shown."""
    _must_moderate(request)
    subject = _subject(kind, pk)
    entry = get_object_or_404(Entry, stream=subject.stream, number=number)
    form = RedactionForm(entry, redactable_fields(entry), subject, request.POST)
    if not form.is_valid():
        return _record_page(request, subject, kind, sent=form)
    if "confirm" not in request.POST:
        context = {"subject": subject, "kind": kind, "entry": entry, "form": form}
        return in_desk(request, "moderation/confirm.html", context)
    try:
        redact(entry, **form.cleaned_data, by=person(request), now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
        return _record_page(request, subject, kind, sent=form)
    return done(request, _("The words are taken away; your reason stands in their place."), "moderate", kind, pk)


@sent_from("moderate", "kind", "pk")
def withhold_file(request: HttpRequest, kind: str, pk: int, name: str) -> HttpResponse:
    """Keep a file of a pledge's or a meeting's history from the public."""
    _must_moderate(request)
    subject = _subject(kind, pk)
    form = WithholdingForm(_file_of(subject, name), request.POST)
    if not form.is_valid():
        return _record_page(request, subject, kind, sent=form)
    try:
        withhold(subject, form.file, **form.cleaned_data, by=person(request), now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
        return _record_page(request, subject, kind, sent=form)
    return done(request, _("The file is withheld; your reason stands in its place."), "moderate", kind, pk)


def _file_of(subject: Meeting | Pledge, name: str) -> Attachment:
    entries = subject.stream.entries.all() if subject.stream else []
    for files in evidence_of(entries).values():
        for file in files:
            if file.name == name:
                return file
    raise Http404


def _record_page(
    request: HttpRequest,
    subject: Meeting | Pledge,
    kind: str,
    *,
    sent: RedactionForm | WithholdingForm | None = None,
) -> HttpResponse:
    entries = list(subject.stream.entries.all()) if subject.stream else []
    items = {item.number: item for item in timeline(entries, subject=subject)}
    context: dict[str, Any] = {
        "subject": subject,
        "kind": kind,
        "sent": sent,
        "entries": [_redactable(entry, items[entry.number], subject, sent) for entry in reversed(entries)],
    }
    return in_desk(request, "moderation/record.html", context, status=UNPROCESSABLE if sent else 200)


def _redactable(
    entry: Entry, item: Item, subject: Meeting | Pledge, sent: RedactionForm | WithholdingForm | None
) -> Redactable:
    """An entry with its forms; the one that was `sent` holds what was typed."""
    fields = redactable_fields(entry)
    form = RedactionForm(entry, fields, subject) if fields else None
    if isinstance(sent, RedactionForm) and sent.entry == entry:
        form = sent
    return Redactable(item, form, [_withholdable(each, sent) for each in item.evidence])


def _withholdable(evidence: Evidence, sent: RedactionForm | WithholdingForm | None) -> Withholdable:
    if isinstance(sent, WithholdingForm) and sent.file == evidence.file:
        return Withholdable(evidence, sent)
    return Withholdable(evidence, None if evidence.file.is_withheld else WithholdingForm(evidence.file))
