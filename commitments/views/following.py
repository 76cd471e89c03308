"""The next meeting: prepared, its agenda kept or dropped, printed, and what it stated of earlier pledges."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from commitments import agenda, balance, reviewing
from commitments.cautioning import cautions_of
from commitments.formal_letter import LANGUAGES
from commitments.forms.draft import faults_of, version_of
from commitments.forms.following import OutcomeForm, PrepareForm, points_of
from commitments.forms.sent_again import key_of_draft
from commitments.models import AgendaItem, Pledge
from commitments.models.agenda import Outcome
from commitments.models.observation import Observed, observed_of
from commitments.views.association import logging_organisations
from commitments.views.desk import CONFLICT, OK, UNPROCESSABLE, done, in_desk, must, person
from commitments.views.warned import still_to_read
from ledger.models import Entry
from mail.writing import isolated
from meetings.drafts import DraftChanged
from meetings.forms import refuse
from meetings.models import Meeting, Neighbourhood, Organisation
from meetings.rules import own_meetings, visible_drafts


@dataclass(frozen=True)
class Listed:
    """An item of the agenda as a page shows it: in which part of the balance, and the form of its outcome, if any.

    `number` is the same on the agenda, its sheet and the form of the outcomes: what is dropped keeps its own.
    `observed` is how often residents saw its pledge lately, and did not; `side` may have stated its outcome too;
    `days_late` counts from the pledge's date, where it has passed; `stated` is what an earlier meeting stated last
    of it, in words, with its day and the new date that it named, if any.
    """

    item: AgendaItem
    number: int = 0
    part: str = ""
    form: forms.Form | None = None
    observed: Observed | None = None
    days_late: int = 0
    has_lapsed: bool = False
    stated: str = ""
    stated_on: date | None = None
    new_date: date | None = None
    side: Organisation | None = None
    pledge: Pledge | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pledge", self.item.pledge)

    @property
    def is_kept(self) -> bool:
        """Whether it is on the agenda."""
        return self.item.is_kept

    @property
    def is_of_association(self) -> bool:
        """Whether an association promised it, which is no agency."""
        answers = self.pledge.responsible if self.pledge else None
        return answers is not None and answers.kind in Organisation.ASSOCIATION_KINDS

    @property
    def keeps_minutes(self) -> bool:
        """Whether who answers for the pledge keeps the minutes of the meeting too."""
        answers = self.pledge.responsible if self.pledge else None
        return answers is not None and self.item.meeting.logged_by_id in {answers.pk, answers.parent_id}

    @property
    def name(self) -> str:
        """Its number and what was promised."""
        return f"{self.number}. {isolated(self.pledge.said('title').text)}" if self.pledge else str(self.number)


def _rows(meeting: Meeting) -> list[Listed]:
    """The items in their order with all that their rows show, each sort numbered by itself; two queries."""
    known = meeting.agenda.select_related("pledge__meeting", "pledge__responsible__parent", "concern__meeting")
    counted: Counter[str] = Counter()
    rows = []
    for item in known.select_related("meeting", "agreed_with").order_by("number"):
        sort = "pledge" if item.pledge_id else "request" if item.concern_id else "point"
        counted[sort] += 1
        rows.append(Listed(item, counted[sort]))
    return rows


def _listed(meeting: Meeting, on: date) -> dict[str, Any]:
    since = meeting.follows_up.held_on if meeting.follows_up else None
    known = _rows(meeting)
    observed = observed_of([row.pledge.pk for row in known if row.pledge], on)
    stated = agenda.last_stated([row.pledge for row in known if row.pledge], before=meeting)
    rows = [
        _stated_before(_weighed(row, row.pledge, on, since, observed), stated.get(row.pledge.stream_id or 0))
        if row.pledge
        else row
        for row in known
    ]
    pledges = [row for row in rows if row.pledge and not row.pledge.is_withdrawn]
    return {
        "parts": balance.balance(pledges),
        "among": balance.among(pledges, on=on),
        "pledges": pledges,
        "withdrawn": [row for row in rows if row.pledge and row.pledge.is_withdrawn],
        "requests": [row for row in rows if row.item.concern],
        "points": [row.item.text for row in rows if row.item.text],
        "missing_count": sum(len(each) for each in agenda.missing(meeting)) if meeting.is_draft else 0,
    }


def _weighed(row: Listed, pledge: Pledge, on: date, since: date | None, observed: Mapping[int, Observed]) -> Listed:
    """The row of a pledge with where it stands on a day."""
    part = balance.part_of(pledge, on=on, since=since)
    days_late = (on - pledge.due_on).days if pledge.due_on and pledge.is_overdue(on) else 0
    return replace(row, part=part, observed=observed[pledge.pk], days_late=days_late, has_lapsed=pledge.has_lapsed(on))


def _stated_before(row: Listed, review: Entry | None) -> Listed:
    """The row with what an earlier meeting stated of its pledge; what was not discussed is left out."""
    if review is None or review.fields["outcome"] == Outcome.NOT_DISCUSSED:
        return row
    said = reviewing.in_words(str(review.fields["outcome"]), review.day, reviewing.voice_in(review.fields)[0])
    due_on = str(review.fields.get("due_on", ""))
    return replace(row, stated=said, stated_on=review.day, new_date=date.fromisoformat(due_on) if due_on else None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Ask which neighbourhoods the next meeting is about, then make its draft with its agenda."""
    user = person(request)
    follows, organisation = _followed(request, user)
    may_link = bool(follows and not follows.series_id and user.has_perm("meetings.correct_meeting", follows))
    form = PrepareForm(
        request.POST if request.method == "POST" else None,
        places=_places(organisation, follows),
        may_link=may_link,
        initial={"neighbourhoods": list(follows.neighbourhoods.values_list("pk", flat=True)) if follows else []},
    )
    key = key_of_draft(request.POST.get("begun_as", ""))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = agenda.prepare(
                organisation,
                by=user,
                follows=follows,
                neighbourhoods=list(form.cleaned_data["neighbourhoods"]),
                series_names=form.series_names(),
                title=follows.title if follows else "",
                key=key,
                now=timezone.now(),
            )
        except DraftChanged as changed:  # pressed twice, and the first press was stored in between
            meeting = changed.meeting
        return done(request, _("The next meeting is a draft; this is its agenda."), "workspace_agenda", meeting.pk)
    context = {"form": form, "follows": follows, "logged_by": organisation, "may_link": may_link, "begun_as": key}
    return in_desk(request, "workspace/prepare.html", context, status=UNPROCESSABLE if form.is_bound else OK)


def _followed(request: HttpRequest, user: User) -> tuple[Meeting | None, Organisation]:
    """The published meeting to follow up, and for whom; 404 for another association's."""
    organisations = logging_organisations(user)
    sent = request.POST if request.method == "POST" else request.GET
    if (pk := version_of(sent.get("follows", ""))) > 0:
        follows = get_object_or_404(own_meetings(user).published().select_related("logged_by", "host"), pk=pk)
        if follows.logged_by not in organisations:
            raise Http404
        return follows, follows.logged_by
    slug = sent.get("for") or organisations[0].slug
    organisation = next((each for each in organisations if each.slug == slug), None)
    if organisation is None:
        raise Http404
    return (None if "for" in request.POST else agenda.latest_meeting(organisation)), organisation


def _places(organisation: Organisation, follows: Meeting | None) -> Any:
    places = Neighbourhood.objects.covered_by(organisation)
    if follows:
        places = places | follows.neighbourhoods.distinct()
    return places.distinct()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda of a draft: the balance first, then what was never answered, then new points."""
    user = person(request)
    meeting = get_object_or_404(visible_drafts(user).select_related("logged_by", "follows_up", "host"), pk=pk)
    if request.method != "POST":
        return _agenda(request, meeting)
    kept = {version_of(each) for each in request.POST.getlist("kept")}
    try:
        points = points_of(request.POST.get("points", ""))
        agenda.save(meeting, kept=kept, points=points, by=user, expected=version_of(request.POST.get("version", "")))
    except ValidationError as error:
        return _agenda(request, meeting, status=UNPROCESSABLE, kept=kept, error=" ".join(error.messages))
    except DraftChanged as changed:
        if not visible_drafts(user).filter(pk=pk).exists():
            raise Http404 from changed
        meeting.refresh_from_db()
        return _agenda(request, meeting, status=CONFLICT, kept=kept)
    return done(request, _("The agenda is saved. Only your association sees it."), "workspace_agenda", meeting.pk)


def _agenda(
    request: HttpRequest, meeting: Meeting, status: int = OK, kept: set[int] | None = None, error: str = ""
) -> HttpResponse:
    """The page; with `kept`, as it was typed, beside what is stored where that differs."""
    shown = _listed(meeting, timezone.localdate())
    context = shown | {
        "meeting": meeting,
        "stored_points": shown["points"],
        "typed_points": request.POST.get("points") if kept is not None else "\n".join(shown["points"]),
        "kept": kept if kept is not None else {each.pk for each in meeting.agenda.filter(is_kept=True)},
        "has_changed": status == CONFLICT,
        "error": error,
    }
    return in_desk(request, "workspace/agenda.html", context, status=status)


@login_required
@require_safe
def print_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda as a sheet, in Arabic or French, whatever the language of the page around it."""
    own = own_meetings(person(request)).select_related("logged_by", "host", "follows_up", "series")
    meeting = get_object_or_404(own, pk=pk)
    chosen = request.GET.get("language") or get_language() or ""
    language = chosen if chosen in dict(LANGUAGES) else "ar"
    with override(language):
        context = _listed(meeting, timezone.localdate()) | {
            "meeting": meeting,
            "neighbourhoods": list(meeting.neighbourhoods.all()),
            "participants": list(meeting.participants.select_related("organisation").filter(is_redacted=False)),
            "sheet": language,
            "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
            "languages": LANGUAGES,
        }
    return in_desk(request, "workspace/agenda_print.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the meeting states became of each pledge of its agenda, in one form."""
    user = person(request)
    meeting = get_object_or_404(own_meetings(user).select_related("logged_by"), pk=pk)
    if meeting.is_withdrawn:
        return redirect("workspace_published", pk=pk)
    if not meeting.is_draft:
        must(user, "meetings.correct_meeting", meeting)
    rows = _asked(meeting, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _outcomes(request, meeting, rows)
    stated = _stated(rows, meeting)
    if stated is None:
        return _outcomes(request, meeting, rows, status=UNPROCESSABLE)
    if asked := _unread_of(request, meeting, rows, stated):
        return _outcomes(request, meeting, rows, status=UNPROCESSABLE if asked["is_unread"] else OK, **asked)
    try:
        expected = version_of(request.POST.get("version", ""))
        reviewing.note(meeting, stated, by=user, expected=expected, now=timezone.now())
    except DraftChanged as changed:
        return _outcomes(request, changed.meeting, rows, status=CONFLICT)
    page, anchor = ("workspace_meeting", "#participants") if "then" in request.POST else ("workspace_outcomes", "")
    return done(request, _said(meeting), page, meeting.pk, anchor=anchor)


def _asked(meeting: Meeting, data: QueryDict | None) -> list[Listed]:
    """A form for each pledge of the agenda, in its order; who was there decides who can have stated something."""
    present = reviewing.present_at(meeting)
    rows = [row for row in _rows(meeting) if row.item.is_kept and row.pledge and not row.pledge.is_withdrawn]
    sides = [reviewing.other_side(row.item, meeting, present) for row in rows]
    return [
        replace(row, side=side, form=OutcomeForm.of(row.item, data, side))
        for row, side in zip(rows, sides, strict=True)
    ]


def _stated(rows: list[Listed], meeting: Meeting) -> dict[int, reviewing.Stated] | None:
    """What was typed of each item; nothing, with a sentence beside the field, where it cannot stand."""
    if not all([row.form.is_valid() for row in rows if row.form]):  # noqa: C419 - a generator would stop at a fault
        return None
    stated = {row.item.pk: row.form.stated() for row in rows if isinstance(row.form, OutcomeForm)}
    for row in rows:
        _check(row, stated, meeting)
    return None if any(row.form and row.form.errors for row in rows) else stated


def _unread_of(
    request: HttpRequest, meeting: Meeting, rows: list[Listed], stated: dict[int, reviewing.Stated]
) -> dict[str, Any] | None:
    """What of the new words is to be looked at once more before they are published; of a draft its review warns."""
    if meeting.is_draft:
        return None
    said: dict[str, str] = {}
    for row in rows:
        remark = stated[row.item.pk].remark
        if row.form and row.pledge and remark != row.item.remark:
            said[f"{row.number}. {row.pledge.title} · {row.form['remark'].label}"] = remark
    return still_to_read(request, cautions_of(meeting, said))


def _said(meeting: Meeting) -> str:
    if meeting.is_draft:
        return _("The outcomes are saved. They are published with the meeting.")
    return _("The outcomes are published; each pledge shows its own.")


def _check(row: Listed, stated: dict[int, reviewing.Stated], meeting: Meeting) -> None:
    try:
        reviewing.check(stated[row.item.pk], meeting, published="" if meeting.is_draft else row.item.outcome)
    except ValidationError as error:
        if row.form:
            refuse(row.form, error)


def _outcomes(
    request: HttpRequest, meeting: Meeting, rows: list[Listed], status: int = OK, **asked: Any
) -> HttpResponse:
    is_wrong = status == UNPROCESSABLE and not asked
    context = {
        "meeting": meeting,
        "rows": rows,
        "has_changed": status == CONFLICT,
        "faults": [
            fault
            for row in rows
            if is_wrong and row.form
            for fault in faults_of(row.form, row.name, f"item-{row.item.pk}")
        ],
    }
    return in_desk(request, "workspace/outcomes.html", context | asked, status=status)
