"""Limits on guessing that slow a stranger down and lock nobody out (decision 0010).

Failures count by client, and by account *and* client. Those of clients that never signed in to an account also count
together, against a guess from many addresses; a browser that has signed in to it before carries a mark, is counted by
itself, and so is never locked out by what others do.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import get_random_string

COOKIE = "known_browser"
COOKIE_AGE = 365 * 24 * 3600
FAILURES = {
    "known_browser": "5/5m/key",
    "client": "10/m/ip,60/h/ip",
    "account_and_client": "5/5m/key",
    "account": "100/h/key",
}


def consume(request: HttpRequest, login: str) -> list[RateLimitUsage] | None:
    """Count one attempt to sign in as `login`, to be rolled back when it succeeds; None when there were too many."""
    login = login.lower()
    if mark := known_browser(request, login):
        counted = [("known_browser", f"{login} {mark}")]
    else:
        counted = [("client", login), ("account_and_client", f"{login} {get_ip(request)}"), ("account", login)]
    used = []
    for action, key in counted:
        usage = ratelimit.consume(request, app="accounts", action=action, config=FAILURES, key=key)
        if usage is None:
            return None
        used.append(usage)
    return used


def known_browser(request: HttpRequest, login: str) -> str:
    """The mark of a browser in which this account has signed in before; nothing for any other."""
    try:
        return _signer(login).unsign(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return ""


def remember_browser(response: HttpResponseBase, login: str) -> None:
    """Mark a browser in which somebody has just signed in; the mark says nothing of who it was."""
    response.set_cookie(
        COOKIE,
        _signer(login).sign(get_random_string(22)),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _signer(login: str) -> Signer:
    return Signer(salt=f"accounts.known_browser:{login.lower()}")
