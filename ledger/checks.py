"""The system check that the database still guards history."""

from collections.abc import Collection
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ledger import guards


def check_guards(*, databases: Collection[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Compare the triggers in each database with their text, once all migrations are in.

    Before that there is nothing to compare: `migrate` runs this check first, and sets the guards when it is done.
    """
    return [
        Error(
            f"{problem} Until it is set again, history in the database “{alias}” can be rewritten.",
            hint="Find out who did this and what else they changed (manage.py verify_ledger), "
            "then set the guards again: manage.py migrate --skip-checks",
            id="ledger.E001",
        )
        for alias in databases or ()
        if not _has_migrations_to_come(alias)
        for problem in guards.problems(connections[alias])
    ]


def _has_migrations_to_come(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
