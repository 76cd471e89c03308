"""The site's staff gets nowhere without a second factor."""

from collections.abc import Callable
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import User

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Beside the pages that set a second factor up: proving that it is you, and leaving.
OPEN = frozenset({"account_login", "account_logout", "account_reauthenticate"})


class SecondFactorMissing(PermissionDenied):
    """Somebody of the staff asked for more than the page that sets a second factor up."""


class SecondFactorForStaff:
    """Lets staff without a second factor be nobody, on every address but those that set one up.

    It guards the moment in which anything asks who the request comes from, so no address can be forgotten, and public
    pages, which never ask, stay as they are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not sets_up_a_second_factor(request.path_info):
            user = request.user
            request.user = cast("User", SimpleLazyObject(lambda: admitted(user)))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to where a second factor is set up."""
        if not isinstance(exception, SecondFactorMissing):
            return None
        messages.warning(request, _("Whoever works for the site needs a second factor. Set one up to go on."))
        return redirect("mfa_index")


def sets_up_a_second_factor(path: str) -> bool:
    """Whether the address is one of those by which a second factor is set up."""
    try:
        name = resolve(path).url_name or ""
    except Resolver404:
        return False
    return name.startswith("mfa_") or name in OPEN


def admitted(user: User | AnonymousUser) -> User | AnonymousUser:
    """The user, unless they work for the site and have no second factor."""
    if user.is_authenticated and user.site_role and not is_mfa_enabled(user, SECOND_FACTORS):
        raise SecondFactorMissing
    return user
