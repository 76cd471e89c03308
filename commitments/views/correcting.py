"""Correcting and withdrawing what is published: by those who logged it, with a reason that everybody reads."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from commitments.adding import add_pledge
from commitments.cautioning import cautions_of
from commitments.changes import Change
from commitments.correcting import (
    correct_file,
    correct_meeting,
    correct_part,
    correct_pledge,
    next_number,
    withdraw_meeting,
    withdraw_pledge,
)
from commitments.forms.adding import AddedPledgeForm
from commitments.forms.correcting import (
    PART_FORMS,
    CorrectionForm,
    MeetingCorrectionForm,
    PledgeCorrectionForm,
    ReasonForm,
    last_number_of,
)
from commitments.forms.correcting_files import FileCorrectionForm
from commitments.forms.correcting_time import TimeCorrectionForm
from commitments.forms.told import told
from commitments.models import Pledge
from commitments.record import restricted_fields
from commitments.views.desk import CONFLICT, OK, UNPROCESSABLE, done, in_desk, missed, must, person
from commitments.views.warned import still_to_read
from ledger.history import Stale
from meetings.forms import put, refuse
from meetings.models import Meeting, MeetingFile
from meetings.record import PARTS

Subject = Meeting | Pledge
MOST_DIGITS = 4


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


NEW_PLEDGE = "pledge-new"
MEETING_PARTS = {
    "subject": gettext_lazy("Subject, summary, language"),
    "when": gettext_lazy("Date, hours, venue"),
    "where": gettext_lazy("Host and neighbourhoods"),
    "present": gettext_lazy("How many were present"),
}
PLEDGE_PARTS = {
    "what": gettext_lazy("What was promised, its kind, its sign"),
    "who": gettext_lazy("Who answers for it, who said it, which concerns it answers"),
    "where": gettext_lazy("Where"),
    "when": gettext_lazy("By when, days and hours"),
}
PLEDGE_FORMS: dict[str, type[CorrectionForm]] = {"when": TimeCorrectionForm}


@login_required
@require_safe
def correct_published_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what of a published meeting is to be corrected: a part of it alone, so that the form stays small."""
    meeting = _meeting(request, pk)
    context = {
        "subject": meeting,
        "meeting": meeting,
        "parts": MEETING_PARTS.items(),
        "participants": _listed("participant", meeting.participants.select_related("organisation")),
        "concerns": _listed("concern", meeting.concerns.all()),
        "sources": _listed("source", meeting.sources.all()),
        "files": [Listed(each.number, str(each), f"file-{each.number}") for each in meeting.files.all()],
        "pledges": meeting.pledges.published(),
        "back_url": _address(_after(meeting, "workspace_published")),
    }
    return in_desk(request, "workspace/correct_parts.html", context)


class Listed(NamedTuple):
    """A participant, concern, source or file that can be corrected: its number, its words, and where."""

    number: int
    words: str
    part: str


def _listed(part: str, rows: Any) -> list[Listed]:
    return [Listed(each.number, str(each), f"{part}-{each.number}") for each in rows if not each.is_redacted]


@login_required
@require_safe
def correct_published_pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what of a published pledge is to be corrected, as a meeting's."""
    pledge = _pledge(request, pk)
    back = _address(_after(pledge, "workspace_pledge"))
    context = {"subject": pledge, "pledge": pledge, "parts": PLEDGE_PARTS.items(), "back_url": back}
    return in_desk(request, "workspace/correct_pledge.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_part_of_meeting(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Change a part of a published meeting ("when", "source-1", "pledge-new"), once old and new were seen."""
    meeting = _meeting(request, pk)
    back = _after(meeting, "workspace_published")
    if part == NEW_PLEDGE:
        heading = _("A pledge that was forgotten")
        return _correct(
            request, meeting, AddedPledgeForm(meeting, request.POST or None), add_pledge, back=back, heading=heading
        )
    if part in MEETING_PARTS:
        form = MeetingCorrectionForm(meeting, part, request.POST or None)
        return _correct(request, meeting, form, correct_meeting, back=back, heading=MEETING_PARTS[part])
    name, _dash, number = part.partition("-")
    if name == "file":
        return _correct_file(request, meeting, _file(meeting, number), back)
    row = _row(meeting, name, number)
    form = PART_FORMS[name](meeting, row, request.POST or None)
    correct = partial(correct_part, part=name, number=row.number if row.pk else None)
    return _correct(request, meeting, form, correct, back=back, heading=_headings(row)[name])


def _row(meeting: Meeting, name: str, number: str) -> Any:
    """The participant, concern or source of this number, a new one, or 404."""
    if name not in PART_FORMS:
        raise Http404
    if number == "new":
        return PARTS[name](meeting=meeting, number=next_number(meeting, name))
    row: Any = get_object_or_404(PARTS[name], meeting=meeting, number=_number(number), is_redacted=False)
    row.meeting = meeting
    return row


def _correct_file(request: HttpRequest, meeting: Meeting, file: MeetingFile, back: tuple[str, int]) -> HttpResponse:
    # Opened, the form has been sent nothing: an empty set of files would make it one that was sent empty.
    form = FileCorrectionForm(meeting, file, request.POST or None, request.FILES or None, by=person(request))
    correct = partial(correct_file, number=file.number if file.pk else None)
    heading = _("File %(number)s") % {"number": file.number} if file.pk else _("A file that was forgotten")
    return _correct(request, meeting, form, correct, back=back, heading=heading)


def _file(meeting: Meeting, number: str) -> MeetingFile:
    """The file of this number, a new one, or 404."""
    if number == "new":
        return MeetingFile(meeting=meeting, number=next_number(meeting, "file"))
    return get_object_or_404(meeting.files, number=_number(number))


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit()) or len(typed) > MOST_DIGITS:
        raise Http404
    return int(typed)


def _headings(row: Any) -> dict[str, str]:
    if row.pk is None:
        return {
            "participant": _("A participant who was forgotten"),
            "concern": _("A concern or request that was forgotten"),
            "source": _("A source that was forgotten"),
        }
    number = {"number": row.number}
    return {
        "participant": _("Participant %(number)s") % number,
        "concern": _("Concern %(number)s") % number,
        "source": _("Source %(number)s") % number,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct_part_of_pledge(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Change a part of a published pledge, as a meeting's."""
    pledge = _pledge(request, pk)
    if part not in PLEDGE_PARTS:
        raise Http404
    form = PLEDGE_FORMS.get(part, PledgeCorrectionForm)(pledge, part, request.POST or None)
    back = _after(pledge, "workspace_pledge")
    return _correct(request, pledge, form, correct_pledge, back=back, heading=PLEDGE_PARTS[part])


def _address(page: tuple[str, int]) -> str:
    return reverse(page[0], args=[page[1]])


def _correct(
    request: HttpRequest,
    subject: Subject,
    form: Any,
    correct: Callable[..., Any],
    *,
    back: tuple[str, int],
    heading: object,
) -> HttpResponse:
    chooser = "workspace_correct" if isinstance(subject, Meeting) else "workspace_pledge_correct"
    context: dict[str, Any] = {
        "subject": subject,
        "form": form,
        "heading": heading,
        "back_url": reverse(chooser, args=[subject.pk]),
        "is_new": form.instance.pk is None,
    }
    if request.method != "POST":
        return in_desk(request, "workspace/correct.html", context)
    status = _checked(form)
    if status == 200 and "change" in request.POST:
        return in_desk(request, "workspace/correct.html", context)
    asked = _to_check(request, subject, form) if status == 200 else None
    if status == 200:
        say = partial(correct, changes=form.changes)
        status, context["between"] = _said(request, subject, form, _tried(say) if asked else say)
    if asked and status == 200:
        return in_desk(request, "workspace/correct_check.html", context | asked[1], status=asked[0])
    if status == 200:
        return done(request, _("The correction is published; the earlier text stays readable."), back[0], back[1])
    return in_desk(request, "workspace/correct.html", context, status=status)


def _to_check(request: HttpRequest, subject: Subject, form: Any) -> tuple[int, dict[str, Any]] | None:
    """What is to be looked at before the correction is published; nothing once it was confirmed, warnings and all."""
    changes: list[Change] = form.in_words()
    said = {each.field: each.new for each in changes} | {str(form["reason"].label): form.cleaned_data["reason"]}
    meeting = subject if isinstance(subject, Meeting) else subject.meeting
    found = cautions_of(meeting, said, named=[getattr(form.instance, "public_name", "")])
    is_confirmed = "confirm" in request.POST
    if is_confirmed and ("has_read" in request.POST or not found):
        return None
    context = {"changes": changes, "cautions": found, "is_unread": is_confirmed}
    if isinstance(subject, Pledge):
        context["is_kept_back"] = bool(set(form.changes) & set(restricted_fields(subject)))
    if getattr(form, "tells_days", False):
        context["told"] = told(form.instance, on=timezone.localdate())
    return (UNPROCESSABLE if is_confirmed else OK), context


def _checked(form: Any) -> int:
    """200 when the form can be sent on; a correction that changes nothing is none."""
    if form.is_valid() and not form.in_words():
        form.add_error(None, getattr(form, "nothing_changed", _("Nothing has been changed.")))
    return 200 if form.is_valid() else UNPROCESSABLE


def _said(request: HttpRequest, subject: Subject, form: Any, say: Callable[..., Any]) -> tuple[int, list[Any]]:
    """Correct or withdraw, with the reason of the form: the status, and what somebody else said in between."""
    said = {"reason": form.cleaned_data["reason"], "expected": form.cleaned_data["expected"]}
    try:
        say(subject, **said, by=person(request), now=timezone.now())
    except ValidationError as error:
        refuse(form, error)
        return UNPROCESSABLE, []
    except Stale as stale:
        put(form, "expected", str(last_number_of(subject)))
        return CONFLICT, missed(stale, subject)
    return OK, []


def _tried(say: Callable[..., Any]) -> Callable[..., None]:
    """Say it and take it back at once: what refuses a correction is told before old and new are compared."""

    def try_to(subject: Subject, **said: Any) -> None:
        with transaction.atomic():
            say(type(subject).objects.get(pk=subject.pk), **said)
            transaction.set_rollback(True)

    return try_to


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
    status = OK
    if request.method == "POST":
        status = OK if form.is_valid() else UNPROCESSABLE
        if form.is_valid() and (asked := _unread_of(request, subject, form)):
            context |= asked
            status = UNPROCESSABLE if asked["is_unread"] else OK
        elif form.is_valid():
            status, context["between"] = _said(request, subject, form, withdraw)
            if status == OK:
                return done(request, _("Withdrawn; it stays readable, with your reason."), back[0], back[1])
    pledges = subject.pledges.published() if isinstance(subject, Meeting) else Pledge.objects.filter(pk=subject.pk)
    context |= pledges.aggregate(
        pledge_count=Count("pk"),
        answered=Count("pk", filter=Q(heard_on__isnull=False)),
        assessed=Count("pk", filter=~Q(assessment=Pledge.Assessment.NOT_CHECKED)),
    )
    return in_desk(request, "workspace/withdraw.html", context, status=status)


def _unread_of(request: HttpRequest, subject: Subject, form: ReasonForm) -> dict[str, Any] | None:
    """What of the reason, which everybody will read, is to be looked at once more."""
    meeting = subject if isinstance(subject, Meeting) else subject.meeting
    said = {str(form["reason"].label): form.cleaned_data["reason"]}
    return still_to_read(request, cautions_of(meeting, said))
