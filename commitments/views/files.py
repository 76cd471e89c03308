"""The files of a draft: minutes and photos, seen by nobody outside the association before they are published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from attachments.forms import ACCEPTED
from commitments.forms.files import DraftFilesForm, Saved
from commitments.views.desk import UNPROCESSABLE, in_desk, must, person
from meetings.files import MAX_FILES, NoDraft
from meetings.models import Meeting
from meetings.rules import own_meetings
from meetings.text import listed

TOP = "#content"
# Where a button leads on to once all is saved.
THEN = {"review": "workspace_review", "draft": "workspace_meeting"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a draft, say what they show, remove them."""
    user = person(request)
    meeting = get_object_or_404(own_meetings(user).select_related("logged_by"), pk=pk)
    if not meeting.is_draft:
        return _overtaken(request, pk)
    must(user, "meetings.edit_draft", meeting)
    if request.method != "POST":
        return _page(request, meeting, DraftFilesForm(meeting))
    form = DraftFilesForm(meeting, request.POST.dict())
    try:
        saved = form.save(request.FILES.getlist("files"), by=user, now=timezone.now())
    except NoDraft:
        return _overtaken(request, pk)
    _tell(request, saved)
    if saved.refusals:
        return _page(request, meeting, form.again(saved), status=UNPROCESSABLE)
    then = THEN.get(request.POST.get("then", ""))
    if then is None:
        return redirect(reverse("workspace_files", args=[pk]) + _anchor(saved))
    return redirect(then, pk)


def _page(request: HttpRequest, meeting: Meeting, form: DraftFilesForm, status: int = 200) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": form,
        "room": MAX_FILES - len(form.held),
        "most": MAX_FILES,
        "accepted": ACCEPTED,
    }
    return in_desk(request, "workspace/files.html", context, status=status)


def _anchor(saved: Saved) -> str:
    return f"#id_caption-{saved.added[0].attachment.name}" if saved.added else TOP


def _tell(request: HttpRequest, saved: Saved) -> None:
    """Say what was done; beside files that were refused, by name which ones were not."""
    count, names = len(saved.added), {"names": listed(saved.names)}
    if count and saved.refusals:
        sentence = ngettext(
            "This file was added: %(names)s. Say in a few words what it shows.",
            "These files were added: %(names)s. Say in a few words what each shows.",
            count,
        )
        messages.success(request, sentence % names)
    elif count:
        sentence = ngettext(
            "%(count)d file was added. Say in a few words what it shows.",
            "%(count)d files were added. Say in a few words what each shows.",
            count,
        )
        messages.success(request, sentence % {"count": count})
    elif not saved.refusals and (saved.changed or "then" not in request.POST):
        messages.success(request, _("The files are saved. Only your association sees them."))
    if saved.twice:
        sentence = ngettext(
            "This file is here already, and was not added again: %(names)s.",
            "These files are here already, and were not added again: %(names)s.",
            len(saved.twice),
        )
        messages.info(request, sentence % {"names": listed(saved.twice)})


def _overtaken(request: HttpRequest, pk: int) -> HttpResponse:
    """Where to go when there is no draft any more: what was not saved is said, where something was sent."""
    is_published = own_meetings(person(request)).public().filter(pk=pk).exists()
    if request.method == "POST":
        sentence = (
            _("The meeting was published meanwhile. Add a file that is missing by “Correct the meeting”.")
            if is_published
            else _("The draft was deleted meanwhile, and its files with it.")
        )
        messages.warning(request, sentence)
    return redirect("workspace_published", pk=pk) if is_published else redirect("workspace")
