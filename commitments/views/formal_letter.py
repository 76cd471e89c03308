"""A letter about a pledge without news, for an association to print, sign and hand in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from commitments.formal_letter import LANGUAGES, compose
from commitments.forms.formal_letter import FormalLetterForm
from commitments.models import Pledge
from commitments.rules import association_voices
from commitments.views.desk import OK, UNPROCESSABLE, in_desk, must, person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as the form asks for it, or one to fill in by hand; without a silence there is no letter.

    Nothing is stored or sent: who signs is posted, so that no address, history or log of a server holds it, and neither
    does a cache.
    """
    user, on = person(request), timezone.localdate()
    known = Pledge.objects.public().select_related("meeting__host", "responsible__parent", "promised_by", "stream")
    pledge = get_object_or_404(known, pk=pk)
    must(user, "commitments.assess_pledge", pledge)
    context: dict[str, Any] = {"pledge": pledge}
    if not pledge.awaits_word(on):
        return in_desk(request, "workspace/letter.html", context)
    form = FormalLetterForm(pledge, request.POST, voices=association_voices(user, pledge), language=_language())
    if form.is_valid():
        context["letter"] = compose(
            pledge, kind=form.kind(), language=form.cleaned_data["language"], sender=form.sender(), on=on
        )
    status = OK if form.is_valid() else UNPROCESSABLE
    response = in_desk(request, "workspace/letter.html", context | {"form": form}, status=status)
    patch_cache_control(response, no_store=request.method == "POST")
    return response


def _language() -> str:
    """The language of the page, where letters are written in it; else Arabic."""
    language = get_language() or ""
    return language if language in dict(LANGUAGES) else "ar"
