"""What the database itself holds: triggers that refuse to rewrite history, on SQLite and on PostgreSQL alike.

Refused, with a message that starts with "ledger:": every DELETE and TRUNCATE; every UPDATE but one that takes away
from an entry's content exactly the fields that later entries of its stream redact; every INSERT that repeats an id or
another unique key, skips a number or a position, does not follow the stream's head, or says other than its header.
`install` sets them after each migrate; `problems` compares what the database has with their text here.
"""

from collections.abc import Mapping
from typing import Protocol

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from ledger.guards import postgresql, sqlite

TABLES = ("ledger_stream", "ledger_entry", "ledger_position", "ledger_checkpoint")


class Engine(Protocol):
    """How one database writes the guards; each of its modules is one."""

    def texts(self, cursor: CursorWrapper) -> Mapping[str, str]:
        """The statement that makes each guard, by its name; it is also how the catalogue tells it."""

    def found(self, cursor: CursorWrapper) -> Mapping[str, str]:
        """The same, as the catalogue tells it, of every trigger on the ledger's tables."""

    def replacing(self, name: str, text: str) -> list[str]:
        """The statements that set a guard, whether or not one of this name is there."""


def install(connection: BaseDatabaseWrapper) -> None:
    """Set every guard that is missing or altered; does nothing while the ledger has no tables."""
    if not _has_tables(connection):
        return
    engine = _engine(connection)
    with connection.cursor() as cursor:
        found = engine.found(cursor)
        for name, text in engine.texts(cursor).items():
            if found.get(name) != text:
                for statement in engine.replacing(name, text):
                    cursor.execute(statement)


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """A sentence for each guard that is missing or altered, and for each trigger that is none of them."""
    if not _has_tables(connection):
        return []
    engine = _engine(connection)
    with connection.cursor() as cursor:
        found, texts = engine.found(cursor), engine.texts(cursor)
    return [
        *(f"The guard {name} is missing." for name in texts if name not in found),
        *(f"The guard {name} was altered." for name in texts if found.get(name, texts[name]) != texts[name]),
        *(f"The trigger {name} is none of the ledger's guards." for name in found if name not in texts),
    ]


def _engine(connection: BaseDatabaseWrapper) -> Engine:
    engines: dict[str, Engine] = {"sqlite": sqlite, "postgresql": postgresql}
    return engines[connection.vendor]


def _has_tables(connection: BaseDatabaseWrapper) -> bool:
    return set(TABLES) <= set(connection.introspection.table_names())
