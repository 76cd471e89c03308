"""The association's desk: what it drafts, what it published, what it should look at."""

from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.sending import sent_from
from commitments.agenda import draft_agenda
from commitments.cautioning import cautions
from commitments.forms.draft import BEGINS, DraftForms, caught_up, version_of
from commitments.forms.sent_again import (
    as_new,
    fingerprint,
    is_sent_again,
    key_of_draft,
    proof_of,
    proves,
    received,
    with_rows_found,
)
from commitments.forms.told import Told, told
from commitments.models import Pledge
from commitments.publishing import NotPublishable, problems, publish
from commitments.timeline import files_of
from commitments.views import autosaving
from commitments.views.autosaving import wants_json
from commitments.views.desk import CONFLICT, UNPROCESSABLE, done, in_desk, must, own_organisations, person
from commitments.views.rows import PledgeRow, pledge_row, public_clauses
from commitments.waiting import without_news
from commitments.watching import to_check
from meetings import drafts
from meetings.drafts import DraftChanged
from meetings.models import Concern, Meeting, Organisation
from meetings.rules import own_meetings, visible_drafts

ADD, PASTE = "add-", "paste-"
# A browser keeps the place on the page that the last address named, unless the next one names another.
TOP = "#content"
PUBLISHED_SHOWN = 50


def logging_organisations(user: User) -> list[Organisation]:
    """As whom this person logs meetings; 403 for who belongs to no association."""
    found = [each for each in own_organisations(user) if not each.is_agency]
    if not found:
        raise PermissionDenied(
            _("This page is for the members of associations. If you are one, ask its manager to add you.")
        )
    return found


@login_required
@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    """What waits at the association's desk."""
    user, on = person(request), timezone.localdate()
    organisations = logging_organisations(user)
    counted = Count("pledges", filter=Q(pledges__state=Meeting.State.PUBLISHED))
    own = own_meetings(user)
    published = own.public().select_related("host").annotate(pledge_count=counted)
    context = {
        "organisations": organisations,
        "drafts": visible_drafts(user).select_related("logged_by").order_by("-saved_at"),
        "published": published[:PUBLISHED_SHOWN],
        "received": received(own),
        "to_check": to_check(user, on),
        "without_news": without_news(user, on),
    }
    return in_desk(request, "workspace/workspace.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Log a meeting: nothing is stored until it is saved for the first time."""
    user = person(request)
    organisations = logging_organisations(user)
    slug = request.POST.get("for") or request.GET.get("for") or organisations[0].slug
    organisation = next((each for each in organisations if each.slug == slug), None)
    if organisation is None:
        raise Http404
    key = key_of_draft(request.POST.get("begun_as", ""))
    return _write(request, drafts.begin(organisation, by=user, key=key))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on writing a draft; once it is published, what was still being typed is shown but no longer saved."""
    meeting = own_meetings(person(request)).select_related("logged_by").filter(pk=pk).first()
    if meeting is None:
        return _was_deleted(request, pk)
    if meeting.is_draft:
        return _write(request, meeting)
    if request.method != "POST":
        return redirect("workspace_published", pk=meeting.pk)
    if wants_json(request):
        return autosaving.overtaken("published")
    return _form_page(request, DraftForms(meeting, request.POST), status=CONFLICT, is_published=True)


def _was_deleted(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed into a draft that somebody deleted meanwhile, ready to be kept as a new one; else 404."""
    slug, user = request.POST.get("for", ""), person(request)
    organisation = next((each for each in own_organisations(user) if each.slug == slug), None)
    if organisation is None or organisation.is_agency or not proves(request.POST.get("proof", ""), pk):
        raise Http404
    if wants_json(request):
        return autosaving.overtaken("deleted")
    data = as_new(request.POST)
    forms = DraftForms(drafts.begin(organisation, by=user, key=key_of_draft(str(data["begun_as"]))), data)
    return _form_page(request, forms, status=CONFLICT, is_deleted=True)


def _write(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    if wants_json(request) and request.headers.get("X-Typed-By") != str(person(request).pk):
        return autosaving.signed_out()
    pasted = _pasted(request)
    if request.method != "POST":
        return _form_page(request, DraftForms(meeting, add=request.GET.get("add", ""), pasted=pasted))
    typed = DraftForms(meeting, request.POST, pasted=pasted)
    if is_sent_again(typed):
        return autosaving.saved(typed) if wants_json(request) else _after_saving(request, meeting)
    if typed.is_behind:
        return _overtaken(request, typed)
    return _save(request, typed)


def _save(request: HttpRequest, typed: DraftForms) -> HttpResponse:
    if not typed.is_valid():
        if wants_json(request):
            return autosaving.invalid(typed)
        return _form_page(request, typed, status=UNPROCESSABLE)
    try:
        saved = typed.save(by=person(request), saved_from=fingerprint(request.POST))
    except DraftChanged as changed:
        if not typed.version and changed.meeting.is_draft:  # the same first saving, a moment ago
            return _write(request, changed.meeting)
        return _overtaken(request, typed)
    if wants_json(request):
        return autosaving.saved(typed)
    return _after_pasting(request, typed) or _after_saving(request, saved)


def _pasted(request: HttpRequest) -> dict[str, int]:
    """From which number on the rows of each section were pasted, as the address says: "pledges-4"."""
    parted = (each.rpartition("-") for each in request.GET.getlist("pasted"))
    return {section: version_of(number) for section, _dash, number in parted if version_of(number) > 0}


def _overtaken(request: HttpRequest, typed: DraftForms) -> HttpResponse:
    """Somebody saved the draft in between: show what they changed, and keep what was typed."""
    if not visible_drafts(person(request)).filter(pk=typed.meeting.instance.pk).exists():
        return edit_meeting(request, pk=typed.meeting.instance.pk)
    if wants_json(request):
        return autosaving.overtaken("overtaken")
    typed = with_rows_found(typed)
    forms, differences = caught_up(typed)
    return _form_page(request, forms, status=CONFLICT, differences=differences, is_overtaken=True)


def _form_page(request: HttpRequest, forms: DraftForms, status: int = 200, **more: Any) -> HttpResponse:
    is_wrong = status == UNPROCESSABLE
    context = {
        "forms": forms,
        "meeting": forms.meeting.instance,
        "logged_by": forms.meeting.instance.logged_by,
        "faults": list(forms.faults()) if is_wrong else [],
        "begun_as": forms.meeting.instance.begun_as or "",
        "proof": proof_of(forms.meeting.instance.pk),
        "is_bound": forms.data is not None,
        "said_of_saving": autosaving.sentences(),
        "file_count": forms.meeting.instance.files.count() if forms.meeting.instance.pk else 0,
    }
    return in_desk(request, "workspace/edit.html", context | more, status=status)


def _after_pasting(request: HttpRequest, saved: DraftForms) -> HttpResponse | None:
    """To the first new row of the section whose button was pressed, or else of any; nowhere when there is none."""
    first = {paste.section: paste.first for paste in saved.pastes if paste.first}
    if not first:
        return None
    pressed = request.POST.get("then", "").removeprefix(PASTE)
    section = pressed if pressed in first else next(iter(first))
    query = urlencode([("pasted", f"{name}-{number}") for name, number in first.items()])
    messages.success(request, _("The draft is saved, with a row for each line. Look over what was suggested."))
    field = f"id_{section}-{first[section] - 1}-{BEGINS[section]}"
    return redirect(f"{reverse('workspace_meeting', args=[saved.meeting.instance.pk])}?{query}#{field}")


def _after_saving(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Where the pressed button leads: a new row of the form, the page to review, or the draft as saved."""
    then = request.POST.get("then", "")
    if then == "review":
        return redirect(reverse("workspace_review", args=[meeting.pk]) + TOP)
    if then == "files":
        return redirect(reverse("workspace_files", args=[meeting.pk]) + TOP)
    section = then.removeprefix(ADD)
    if then.startswith(ADD) and section in BEGINS:
        field = f"id_{section}-{getattr(meeting, section).count()}-{BEGINS[section]}"  # takes the focus by its address
        return redirect(f"{reverse('workspace_meeting', args=[meeting.pk])}?add={section}#{field}")
    sentence = _("The draft is saved. Only your association sees it.")
    return done(request, sentence, "workspace_meeting", meeting.pk, anchor=TOP)


@login_required
@require_safe
def review_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as the public will see it, with what keeps it from being published."""
    meeting = _own(request, pk)
    return _review(request, meeting) if meeting.is_draft else redirect("workspace_published", pk=pk)


def _own(request: HttpRequest, pk: int) -> Meeting:
    """A meeting of this person's organisations, or 404: a draft, or one that somebody has published since."""
    return get_object_or_404(own_meetings(person(request)).select_related("logged_by", "host"), pk=pk)


class Previewed(NamedTuple):
    """A pledge of a draft, as it will be shown, and what its author is told of it besides."""

    pledge: Pledge
    told: Told
    clauses: list[str]
    concerns: list[Concern]


class Answered(NamedTuple):
    """A concern of a draft, and the rows of the pledges that answer it."""

    concern: Concern
    answers: list[PledgeRow]


def _previewed(pledge: Pledge) -> Previewed:
    said = told(pledge, on=timezone.localdate())
    return Previewed(pledge, said, public_clauses(pledge), list(pledge.concerns.all()))


def _answered(meeting: Meeting, pledges: list[Pledge]) -> list[Answered]:
    """Each concern with what answers it, leading to the place of each pledge on the same page."""
    on = timezone.localdate()
    rows = {
        pledge.pk: replace(pledge_row(pledge, on=on), get_absolute_url=f"#pledge-{pledge.number}") for pledge in pledges
    }
    return [
        Answered(concern, [rows[pledge.pk] for pledge in pledges if concern in pledge.concerns.all()])
        for concern in meeting.concerns.all()
    ]


def _review(request: HttpRequest, meeting: Meeting, status: int = 200, **more: Any) -> HttpResponse:
    known = meeting.pledges.select_related("meeting", "kind", "responsible", "said_by")
    pledges = list(known.prefetch_related("concerns"))
    context = {
        "meeting": meeting,
        "previewed": [_previewed(pledge) for pledge in pledges],
        "concerns": _answered(meeting, pledges),
        "agenda": draft_agenda(meeting),
        "problems": problems(meeting, now=timezone.now()),
        "cautions": cautions(meeting),
        "neighbourhoods": meeting.neighbourhoods.all(),
        "participants": meeting.participants.select_related("organisation"),
        "sources": meeting.sources.all(),
        "files": files_of(meeting),
        "stamp": meeting.files.stamp(),
        "may_publish": person(request).has_perm("meetings.publish_meeting", meeting),
    }
    return in_desk(request, "workspace/review.html", context | more, status=status)


@sent_from("workspace_review", "pk")
def publish_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the draft as it was reviewed, once somebody said that they read what it warns of."""
    user, meeting = person(request), _own(request, pk)
    if not meeting.is_draft:
        return redirect("workspace_published", pk=pk)
    must(user, "meetings.publish_meeting", meeting)
    files = request.POST.get("files", "")
    is_as_reviewed = meeting.version == _version(request) and meeting.files.stamp() == files
    if is_as_reviewed and "has_read" not in request.POST and cautions(meeting):
        return _review(request, meeting, status=UNPROCESSABLE, is_unread=True)
    try:
        pledges = publish(meeting, by=user, expected=_version(request), files=files, now=timezone.now())
    except NotPublishable:
        return _review(request, meeting, status=UNPROCESSABLE)
    except DraftChanged as changed:
        if not changed.meeting.is_draft:
            return redirect("workspace_published", pk=meeting.pk)
        return _review(request, changed.meeting, status=CONFLICT, has_changed=True)
    count = len(pledges)
    sentence = ngettext("%(count)d pledge is published.", "%(count)d pledges are published.", count)
    return done(request, sentence % {"count": count}, "workspace_published", meeting.pk)


def _version(request: HttpRequest) -> int:
    """The version of the draft that the page showed; one that no draft has when the form was tampered with."""
    return version_of(request.POST.get("version", ""))


@login_required
@require_safe
def published_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, who sees it, and what comes next."""
    user = person(request)
    meeting = get_object_or_404(own_meetings(user).public().select_related("logged_by", "host"), pk=pk)
    context = {
        "meeting": meeting,
        "pledges": meeting.pledges.public().select_related("responsible"),
        "may_correct": user.has_perm("meetings.correct_meeting", meeting),
        "has_agenda": meeting.agenda.exclude(pledge=None).exists(),
    }
    return in_desk(request, "workspace/published.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft, once that was confirmed."""
    user = person(request)
    meeting = get_object_or_404(visible_drafts(user), pk=pk)
    must(user, "meetings.edit_draft", meeting)
    has_changed = False
    if request.method == "POST":
        try:
            drafts.delete(meeting, by=user, expected=_version(request), files=request.POST.get("files", ""))
            return done(request, _("The draft is deleted."), "workspace")
        except DraftChanged as changed:
            meeting, has_changed = changed.meeting, True
    context = {
        "meeting": meeting,
        "has_changed": has_changed,
        "pledge_count": meeting.pledges.count(),
        "file_count": meeting.files.count(),
        "stamp": meeting.files.stamp(),
    }
    return in_desk(request, "workspace/delete.html", context, status=CONFLICT if has_changed else 200)
