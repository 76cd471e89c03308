"""A way to empty the ledger's tables, which only tests need: production has none."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger import guards


@pytest.fixture
def flushable(transactional_db: None) -> Iterator[None]:
    """For tests that commit: lifts the ledger's guards before the flush that ends them, which then sets them again."""
    yield
    for connection in connections.all(initialized_only=True):
        lift_guards(connection)


def lift_guards(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger on the ledger's tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
        for name, table in cursor.fetchall():
            if table in guards.TABLES:
                cursor.execute(
                    f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP TRIGGER {name} ON {table}"
                )
