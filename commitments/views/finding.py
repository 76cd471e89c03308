"""What is found as one types at the association's desk."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import User
from commitments.views.association import logging_organisations
from commitments.views.desk import person
from meetings.finding import MOST_FOUND
from meetings.models import Organisation
from meetings.register import Catalogue, Register

LONGEST_QUERY = 200


def association_of(user: User, slug: str) -> Organisation:
    """As whom this person writes: the association with this address, or their first; 404 for another's."""
    organisations = logging_organisations(user)
    chosen = next((each for each in organisations if each.slug == (slug or organisations[0].slug)), None)
    if chosen is None:
        raise Http404
    return chosen


def _register(request: HttpRequest) -> Register:
    return Register(association_of(person(request), request.GET.get("for", "")))


@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations whose name holds every word."""
    return _found(request, _register(request).organisation_catalogue)


@login_required
@require_safe
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """The neighbourhoods whose name, or whose commune's, holds every word."""
    return _found(request, _register(request).neighbourhood_catalogue)


@login_required
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """The communes and arrondissements whose name, or whose province's, holds every word."""
    return _found(request, _register(request).commune_catalogue)


def _found(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    found = catalogue.search(request.GET.get("q", "")[:LONGEST_QUERY])
    shown, has_more = found[:MOST_FOUND], len(found) > MOST_FOUND
    count = len(shown)
    if has_more:
        said = _("More than %(count)d found: type more letters.") % {"count": count}
    else:
        said = ngettext("%(count)d found", "%(count)d found", count) % {"count": count}
    results = [{"value": str(each.pk), "label": catalogue.label(each), "note": catalogue.hint(each)} for each in shown]
    response = JsonResponse({"results": results, "said": said})
    patch_cache_control(response, private=True, no_cache=True)
    return response
