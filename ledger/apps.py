"""The ledger's place in Django."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from ledger import guards
from ledger.checks import check_guards


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("ledger")

    def ready(self) -> None:
        """Set the guards again after each migrate: Django remakes SQLite tables, and a remade table has no triggers."""
        register(check_guards, Tags.database)
        post_migrate.connect(_set_guards, sender=self)


def _set_guards(*, using: str, **kwargs: Any) -> None:
    guards.install(connections[using])
