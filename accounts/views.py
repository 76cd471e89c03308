"""The pages of one's own account that allauth has none for: an overview, ending a session, accepting an invitation."""

from http import HTTPStatus
from typing import cast

from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import inviting
from accounts.forms import JoiningForm, ProfileForm
from accounts.middleware import SECOND_FACTORS
from accounts.models import Invitation, User
from accounts.sending import sent_from

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@read_or_send
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: the name, and the ways to what protects it."""
    user = cast("User", request.user)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if form.is_valid():
        form.instance.save(update_fields=form.changed_data)  # nothing else: the account may be closed meanwhile
        messages.success(request, _("Your details are saved."))
        return redirect("account")
    context = {"form": form, "has_second_factor": is_mfa_enabled(user, SECOND_FACTORS)}
    return render(
        request, "account/account.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else 200
    )


@sent_from("usersessions_list")
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out where one is signed in; where it is here, this is signing out."""
    end_sessions(request, [get_object_or_404(UserSession, pk=pk, user_id=cast("User", request.user).pk)])
    messages.success(request, _("That session is signed out."))
    return redirect("usersessions_list")


@require_safe
def not_here(request: HttpRequest, key: str = "") -> HttpResponse:
    """Stand where allauth would let people change addresses: here an address is settled with the account."""
    raise Http404


@never_cache
@read_or_send
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to; only sending the form accepts it, since programs open links too."""
    found = inviting.open_invitation(token, timezone.now())
    if found is None:
        return render(request, "account/invitation_closed.html", status=404)
    if request.user.is_authenticated:
        return _accept(request, found)
    if User.objects.filter(email=found.email).exists():
        return render(request, "account/invitation.html", {"invitation": found, "must_sign_in": True})
    return _join(request, found)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    """For somebody who has signed in."""
    user = cast("User", request.user)
    if user.email != found.email:
        return render(request, "account/invitation.html", {"invitation": found, "is_for_another": True}, status=403)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            inviting.accept(found, user=user, now=timezone.now())
        except ValidationError as error:
            refusal = error.messages
        else:
            _welcome(request, found)
            return redirect("desk")
    context = {"invitation": found, "refusal": refusal}
    return render(
        request, "account/invitation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if refusal else 200
    )


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    """For somebody who has no account yet."""
    form = JoiningForm(found.email, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = inviting.join(found, **form.cleaned_data, now=timezone.now())
        except ValidationError:
            return render(request, "account/invitation_closed.html", status=404)
        response: HttpResponse = perform_login(request, user, email=user.email)
        _welcome(request, found)
        return response
    context = {"invitation": found, "form": form}
    return render(
        request, "account/invitation.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else 200
    )


def _welcome(request: HttpRequest, found: Invitation) -> None:
    messages.success(request, _("You now belong to %(organisation)s.") % {"organisation": found.organisation.name})
