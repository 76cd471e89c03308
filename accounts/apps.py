"""People who sign in and what they belong to."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from accounts.checks import limits_are_shared


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("people and memberships")

    def ready(self) -> None:
        """Look at the cache before a deployment."""
        register(limits_are_shared, Tags.security, deploy=True)
