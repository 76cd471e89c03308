"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import guessing
from accounts.models import User
from accounts.sessions import forget_ended_sessions


class ClosedSignup(DefaultAccountAdapter):
    """There is no open sign-up: an account comes from an administrator or an invitation."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many attempts with a wrong password. Wait five minutes, or let a code be mailed to you."
        )
    }
    _attempt: "list[Any] | None" = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt as `guessing` does, where allauth would count by account alone."""
        self._attempt = guessing.consume(request, credentials["email"])
        if self._attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in self._attempt or []:
            usage.rollback()

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of who has signed in; here everybody has one address, the user's own."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """Know the browser again, and forget sessions that are over, with the addresses they came from."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        guessing.remember_browser(response, user.email)
        forget_ended_sessions()
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to people in the language of their mail, whatever the page they asked from."""
        user = User.objects.filter(email=email.lower()).first()
        with translation.override(user.language if user else translation.get_language()):
            super().send_mail(template_prefix, email, context)
