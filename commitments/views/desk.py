"""Where those who sign in belong, and what the pages of the desks have in common.

A form that has to be put right comes back with 422, one that somebody else overtook with 409; both keep what was typed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.rules import organisation_ids
from commitments.forms.speaking import SpeakingForm
from commitments.models import Pledge
from commitments.timeline import Item, timeline
from ledger.history import Stale
from meetings.forms import refuse
from meetings.models import Meeting, Organisation

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422


def person(request: HttpRequest) -> User:
    """Who has signed in; every page of a desk asks for that first."""
    return cast("User", request.user)


def own_organisations(user: User) -> list[Organisation]:
    """The organisations to which this person belongs."""
    return list(Organisation.objects.filter(pk__in=organisation_ids(user)))


def in_desk(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page of a desk: beside its own context, whose desk it is and which desks there are to go to."""
    user = person(request)
    organisations = own_organisations(user)
    desks = {
        "organisation": organisations[0] if len(organisations) == 1 else None,
        "has_workspace": any(not each.is_agency for each in organisations),
        "has_inbox": bool(organisations),
        "has_moderation": user.has_perm("commitments.redact"),
        "has_admin": user.is_staff,
    }
    response = render(request, template, {**desks, **context}, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Lead to the desk where one belongs; who belongs to several, or to none, reads which."""
    user = person(request)
    organisations = own_organisations(user)
    places = {
        "workspace": any(not each.is_agency for each in organisations),
        "inbox": any(each.is_agency for each in organisations),
        "moderation": user.has_perm("commitments.redact"),
        "admin:index": user.is_staff and not user.has_perm("commitments.redact"),
    }
    open_to = [name for name, is_open in places.items() if is_open]
    if len(open_to) == 1:
        return redirect(open_to[0])
    return in_desk(request, "desk/desk.html", {"organisations": organisations})


def hear(form: SpeakingForm, say: Callable[..., object], *, by: User, now: datetime) -> tuple[int, list[Item]]:
    """Say what a form holds. The status, 200 when it was said, and the entries that somebody else said before."""
    if not form.is_valid():
        return UNPROCESSABLE, []
    try:
        say(
            form.pledge,
            by=by,
            organisation=form.organisation,
            expected=form.cleaned_data["expected"],
            now=now,
            **form.said(),
        )
    except ValidationError as error:
        refuse(form, error)
        return UNPROCESSABLE, []
    except Stale as stale:
        form.pledge.refresh_from_db()
        form.catch_up()
        return CONFLICT, missed(stale, form.pledge)
    return OK, []


def missed(stale: Stale, subject: Meeting | Pledge) -> list[Item]:
    """What was said in between, in words, the first one first; a redaction among it blots what it took away."""
    numbers = {entry.number for entry in stale.missed}
    history = subject.stream.entries.all() if subject.stream else []
    return [item for item in reversed(timeline(history, subject=subject)) if item.number in numbers]


def must(user: User, permission: str, subject: Meeting | Pledge | Organisation) -> None:
    """Refuse, 403, whoever may not do this."""
    if not user.has_perm(permission, subject):
        raise PermissionDenied


def done(request: HttpRequest, sentence: str, to: str, *args: Any, anchor: str = "") -> HttpResponse:
    """Say what happened, on the page that comes next."""
    messages.success(request, sentence)
    return redirect(reverse(to, args=args) + anchor)
