"""Adding what is missing in the register from within the association's desk, without leaving what is half typed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments.views.association import logging_organisations
from commitments.views.desk import UNPROCESSABLE, in_desk, person
from commitments.views.finding import association_of
from meetings.forms import refuse
from meetings.models import Neighbourhood, Organisation
from meetings.proposing import PerhapsKnown
from meetings.proposing_forms import NewNeighbourhoodForm, NewOrganisationForm
from meetings.register import Catalogue, Register

Form = NewOrganisationForm | NewNeighbourhoodForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation that is missing; everybody sees that nobody has verified it yet."""
    return _propose(request, NewOrganisationForm, "organisation")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_neighbourhood(request: HttpRequest) -> HttpResponse:
    """Propose a neighbourhood that is missing."""
    return _propose(request, NewNeighbourhoodForm, "neighbourhood")


def _propose(request: HttpRequest, kind: type[Form], what: str) -> HttpResponse:
    association = association_of(person(request), request.POST.get("for") or request.GET.get("for", ""))
    register = Register(association)
    if request.method != "POST":
        return _page(request, kind(register=register, name=request.GET.get("name", "")), what)
    form = kind(request.POST, register=register)
    if form.is_valid():
        try:
            added = form.store(by=person(request), now=timezone.now())
        except PerhapsKnown as known:
            form.near = known.near
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect(f"workspace_{what}_added", slug=added.slug)
    return _page(request, form, what, status=UNPROCESSABLE)


def _page(request: HttpRequest, form: Form, what: str, status: int = 200) -> HttpResponse:
    register = form.register
    catalogue = register.organisation_catalogue if what == "organisation" else register.neighbourhood_catalogue
    context = {
        "form": form,
        "association": register.organisation,
        "near": [_described(catalogue, each) for each in form.near],
    }
    return in_desk(request, f"workspace/new_{what}.html", context, status=status)


def _described(catalogue: Catalogue, each: Organisation | Neighbourhood) -> dict[str, Any]:
    return {"value": each.pk, "label": catalogue.label(each), "name": each.name, "note": catalogue.note(each)}


@login_required
@require_safe
def organisation_added(request: HttpRequest, slug: str) -> HttpResponse:
    """What was added, and what happens next."""
    own = logging_organisations(person(request))
    added = get_object_or_404(Organisation, slug=slug, proposed_for__in=own)
    return in_desk(request, "workspace/added.html", {"added": added, "label": added.name})


@login_required
@require_safe
def neighbourhood_added(request: HttpRequest, slug: str) -> HttpResponse:
    """What was proposed, and what happens next."""
    own = logging_organisations(person(request))
    added = get_object_or_404(Neighbourhood.objects.with_territory(), slug=slug, proposed_for__in=own)
    label = f"{added} · {added.territory}"
    return in_desk(request, "workspace/added.html", {"added": added, "label": label, "is_place": True})
