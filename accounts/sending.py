"""What somebody sends who has to sign in first: nothing of it arrives, and that is said, with a way on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponse]


def sent_from(page: str, *named: str, **fixed: Any) -> Callable[[View], View]:
    """Let an address take what the forms of another page send, from those who have signed in.

    Whoever merely opens it, as sign-in does that came between a form and its address, is led to that page. `named`
    are the arguments that both addresses share, `fixed` those that the page has besides.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **arguments)
            return _led_back(request, reverse(page, kwargs={each: arguments[each] for each in named} | fixed))

        decorated: View = login_required(require_http_methods(["GET", "HEAD", "POST"])(answer))
        return decorated

    return decorate


def _led_back(request: HttpRequest, address: str) -> HttpResponse:
    """To the page, unless it is not open to this person: then what the page itself answers."""
    found = resolve(address)
    shown: HttpResponse = found.func(request, *found.args, **found.kwargs)
    waiting: Any = messages.get_messages(request)
    waiting.used = False  # the page just made is not the one that is read
    if shown.status_code >= 400:
        return shown
    messages.warning(request, _("Nothing was sent to us. Look it over on this page, then send it again."))
    return redirect(address)


class SentBeforeSigningIn:
    """Tells who sent a form after their session had ended that it did not arrive, on the page where they sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _leads_to_sign_in(response) and not _is_from_a_script(request):
            messages.warning(
                request,
                _(
                    "You were signed out, so what you just sent did not reach us. Sign in, then send it again: going "
                    "back in your browser may still show what you typed."
                ),
            )
        return response


def _leads_to_sign_in(response: HttpResponse) -> bool:
    location = response.headers.get("Location", "")
    return response.status_code == 302 and location.startswith(f"{resolve_url('account_login')}?next=")


def _is_from_a_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json" or "HX-Request" in request.headers
