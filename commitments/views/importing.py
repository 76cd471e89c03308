"""Past meetings as a table: templates and exports to download; a table to upload, look at and make into drafts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import organisation_ids
from attachments.keeping import shown_name
from attachments.models import WaitingTable
from commitments.forms.importing import TableForm
from commitments.importing import writing
from commitments.importing.examples import example
from commitments.importing.headings import COLUMNS
from commitments.importing.making import AllThere, Faulty, Preview, keep, make_drafts, preview_of
from commitments.importing.reading import Unreadable
from commitments.models import PledgeKind
from commitments.views.association import logging_organisations
from commitments.views.desk import UNPROCESSABLE, done, in_desk, person
from meetings.forms import refuse
from meetings.models import Organisation
from meetings.models.named import LANGUAGES


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: HttpRequest) -> HttpResponse:
    """Choose a table. One without faults waits for a look and a word; of one with faults nothing is kept."""
    organisations = logging_organisations(person(request))
    organisation = _chosen(organisations, request.POST.get("for", organisations[0].slug))
    if request.method != "POST":
        return _choosing(request, TableForm(), organisations)
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _choosing(request, form, organisations, status=UNPROCESSABLE)
    upload = form.cleaned_data["file"]
    content = upload.read()
    try:
        preview = preview_of(content, organisation)
    except Unreadable as error:
        refuse(form, error)
        return _choosing(request, form, organisations, status=UNPROCESSABLE)
    if preview.fault_count or not preview.meeting_count + preview.there_count:
        more = {"preview": preview, "name": shown_name(upload.name)}
        return _choosing(request, form, organisations, status=UNPROCESSABLE, **more)
    told: dict[str, Any] = {"by": person(request), "now": timezone.now()}
    table = keep(content, name=shown_name(upload.name), organisation=organisation, **told)
    return redirect("workspace_import_table", pk=table.pk)


def _chosen(organisations: list[Organisation], slug: str) -> Organisation:
    found = next((each for each in organisations if each.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _choosing(
    request: HttpRequest, form: TableForm, organisations: list[Organisation], status: int = 200, **more: Any
) -> HttpResponse:
    language, kinds = get_language() or "ar", list(PledgeKind.objects.all())
    context = {
        "form": form,
        "organisations": organisations,
        "adding_for": _chosen(organisations, request.POST.get("for", organisations[0].slug)),
        "chosen": request.POST.get("for", ""),
        "languages": LANGUAGES,
        "columns": [(each.heading(language), each.is_simple) for each in COLUMNS],
        "example": example(organisations[0], kinds, on=timezone.localdate()),
        "kinds": kinds,
    }
    return in_desk(request, "workspace/import.html", context | more, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_table(request: HttpRequest, pk: int) -> HttpResponse:
    """What a table would make; make it, or let it go. A second press makes nothing."""
    user = person(request)
    own = WaitingTable.objects.filter(uploaded_by=user, organisation__in=organisation_ids(user))
    table = get_object_or_404(own.select_related("organisation"), pk=pk)
    if table.is_made:
        return done(request, _("The drafts of this table are made."), "workspace")
    if "cancel" in request.POST:
        table.delete()
        return done(request, _("The table was let go. Nothing was made of it."), "workspace_import")
    try:
        if request.method == "POST":
            return _make(request, table)
        return _looking(request, table, preview_of(bytes(table.content), table.organisation))
    except AllThere as error:
        return _looking(request, table, error.preview, is_nothing_made=True)
    except Faulty as error:
        return _looking(request, table, error.preview)


def _make(request: HttpRequest, table: WaitingTable) -> HttpResponse:
    count, left_out = make_drafts(table, by=person(request), again="again" in request.POST)
    if not count:
        return done(request, _("The drafts of this table are made."), "workspace")
    sentence = ngettext(
        "%(count)s draft was made. Review it before you publish it.",
        "%(count)s drafts were made. Review each before you publish it.",
        count,
    )
    response = done(request, sentence % {"count": count}, "workspace")
    if left_out:
        sentence = ngettext(
            "%(count)s meeting was left out: your association has it already.",
            "%(count)s meetings were left out: your association has them already.",
            left_out,
        )
        messages.info(request, sentence % {"count": left_out})
    return response


def _looking(
    request: HttpRequest, table: WaitingTable, preview: Preview, *, is_nothing_made: bool = False
) -> HttpResponse:
    status = UNPROCESSABLE if preview.fault_count or is_nothing_made else 200
    context = {
        "table": table,
        "adding_for": table.organisation,
        "preview": preview,
        "name": table.name,
        "again": "again" in request.POST,
        "is_nothing_made": is_nothing_made,
    }
    return in_desk(request, "workspace/import_check.html", context, status=status)


@login_required
@require_safe
def template(request: HttpRequest, size: str, kind: str) -> HttpResponse:
    """A table to fill in, in the language that the address names after it, or the page's."""
    organisations = logging_organisations(person(request))
    language = request.GET.get("in", get_language() or "ar")
    if size not in {"simple", "full"} or kind not in writing.TYPES or language not in LANGUAGES:
        raise Http404
    content = writing.template(organisations[0], language, kind, is_simple=size == "simple")
    return _file(content, kind, f"iltizam-{size}-{language}")


@login_required
@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The meetings that an association of this person logged, in the format of the import."""
    user = person(request)
    organisation = get_object_or_404(Organisation.objects.filter(pk__in=organisation_ids(user)), slug=slug)
    if kind not in writing.TYPES or organisation.is_agency:
        raise Http404
    return _file(writing.export(organisation, get_language() or "ar", kind), kind, f"iltizam-{organisation.slug}")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=writing.TYPES[kind], headers=headers)
