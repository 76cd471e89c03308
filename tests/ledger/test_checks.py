"""The guards are set after each migrate, and a check tells when one is not as it should be."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from ledger import guards
from ledger.checks import check_guards
from ledger.models import Checkpoint, Entry, Position, Stream
from tests.flushing import lift_guards
from tests.ledger.saying import say

IS_SQLITE = connection.vendor == "sqlite"
GUARDS = 12 if IS_SQLITE else 16 + 6  # on PostgreSQL also TRUNCATE, and the functions that the triggers call


def told() -> list[str]:
    """What the check says, each without what follows from it."""
    found = check_guards(databases=["default"])
    assert all(each.id == "ledger.E001" and each.hint and "migrate" in each.hint for each in found)
    return [each.msg.split(" Until")[0] for each in found]


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_migrated_database_has_every_guard(db: None) -> None:
    assert told() == []
    engine = guards._engine(connection)
    with connection.cursor() as cursor:
        assert len(engine.texts(cursor)) == GUARDS
        assert engine.texts(cursor) == engine.found(cursor)


def test_a_missing_guard_is_told(db: None) -> None:
    run("DROP TRIGGER ledger_entry_delete" + ("" if IS_SQLITE else " ON ledger_entry"))
    assert told() == ["The guard ledger_entry_delete is missing."]


def test_an_altered_guard_is_told(db: None) -> None:
    if IS_SQLITE:
        run(
            "DROP TRIGGER ledger_entry_delete",
            "CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry BEGIN SELECT 1; END",
        )
        assert told() == ["The guard ledger_entry_delete was altered."]
    else:
        run(
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
            "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_insert",
            "ALTER TABLE ledger_stream ENABLE TRIGGER ledger_stream_insert",
        )
        assert told() == [
            "The guard ledger_refuse() was altered.",
            "The guard ledger_stream_insert was altered.",
            "The guard ledger_entry_insert was altered.",
        ]


def test_a_strange_trigger_is_told(db: None) -> None:
    run(
        "CREATE TRIGGER aaa AFTER INSERT ON ledger_entry BEGIN SELECT 1; END"
        if IS_SQLITE
        else "CREATE TRIGGER aaa AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
    )
    assert told() == ["The trigger aaa is none of the ledger's guards."]


def test_nothing_is_told_while_migrations_are_to_come(db: None) -> None:
    lift_guards(connection)
    assert len(told()) == (GUARDS if IS_SQLITE else 16)
    MigrationRecorder.Migration.objects.filter(app="ledger").delete()
    assert told() == []


def test_nothing_is_told_of_databases_that_are_not_asked_about(db: None) -> None:
    lift_guards(connection)
    assert check_guards() == []


def test_migrate_sets_what_is_missing(db: None) -> None:
    lift_guards(connection)
    run("DROP FUNCTION ledger_entry_update()") if not IS_SQLITE else None
    call_command("migrate", verbosity=0)
    assert told() == []


def test_a_trigger_that_is_none_of_ours_is_left_to_people(db: None) -> None:
    test_a_strange_trigger_is_told(db)
    call_command("migrate", verbosity=0)
    assert told() == ["The trigger aaa is none of the ledger's guards."]


@pytest.mark.only_on("sqlite3", because="Django remakes tables on SQLite alone")
@pytest.mark.parametrize(
    ("model", "readers"),
    [
        (Stream, ["ledger_entry_insert"]),
        (Entry, ["ledger_position_insert"]),
        (Position, ["ledger_checkpoint_insert"]),
        (Checkpoint, []),
    ],
)
def test_the_guards_of_a_remade_table_are_set_again(flushable: None, model: type[Model], readers: list[str]) -> None:
    """A migration that remakes a table first drops the triggers of other tables that read it (docs/ledger.md)."""
    run(*(f"DROP TRIGGER {name}" for name in readers))
    with connection.schema_editor() as editor:
        editor._remake_table(model)  # type: ignore[attr-defined]
    assert f"The guard {model._meta.db_table}_insert is missing." in told()
    call_command("migrate", verbosity=0)
    assert told() == []
    say(Stream.objects.create(name="pledge/1"))


def test_the_check_runs_with_djangos_database_checks(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", databases=["default"])
    assert "no issues" in capsys.readouterr().out
