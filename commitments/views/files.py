"""The files of a draft: minutes and photos, seen by nobody outside the association before they are published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from attachments.forms import ACCEPTED
from commitments.forms.files import DraftFilesForm, Saved
from commitments.views.desk import UNPROCESSABLE, done, in_desk, must, person
from meetings.files import MAX_FILES, NoDraft
from meetings.models import Meeting
from meetings.rules import own_meetings

TOP = "#content"


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
    if saved.refusals:
        return _page(request, meeting, form.again(saved), status=UNPROCESSABLE)
    anchor = f"#id_caption-{saved.added[0].attachment.name}" if saved.added else TOP
    return done(request, _told(saved), "workspace_files", pk, anchor=anchor)


def _page(request: HttpRequest, meeting: Meeting, form: DraftFilesForm, status: int = 200) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": form,
        "room": MAX_FILES - len(form.held),
        "most": MAX_FILES,
        "accepted": ACCEPTED,
    }
    return in_desk(request, "workspace/files.html", context, status=status)


def _told(saved: Saved) -> str:
    count = len(saved.added)
    if not count:
        return _("The files are saved. Only your association sees them.")
    sentence = ngettext(
        "%(count)d file was added. Say in a few words what it shows.",
        "%(count)d files were added. Say in a few words what each shows.",
        count,
    )
    return sentence % {"count": count}


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
