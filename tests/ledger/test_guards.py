"""What the database refuses, said to it in plain SQL, whatever the engine."""

# ruff: noqa: S608 - the statements name our own tables and columns

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from ledger import history
from ledger.hashing import entry_hash
from ledger.models import Checkpoint, Entry, Position, Stream, Waiting
from ledger.sealing import seal
from tests.ledger.saying import DAY, NOW, say, stored

AnyField: TypeAlias = "models.Field[Any, Any]"
GUARDED: tuple[type[models.Model], ...] = (Stream, Entry, Position, Checkpoint)
TABLES = [model._meta.db_table for model in GUARDED]
COLUMNS = [(model._meta.db_table, field) for model in GUARDED for field in model._meta.concrete_fields]
IS_SQLITE = connection.vendor == "sqlite"
INSERTS = (
    ["INSERT INTO", "INSERT OR REPLACE INTO", "INSERT OR IGNORE INTO", "REPLACE INTO"] if IS_SQLITE else ["INSERT INTO"]
)
UPSERTS = ["", " ON CONFLICT DO NOTHING", " ON CONFLICT ({key}) DO UPDATE SET id = excluded.id"]
WAYS = [(verb, tail) for verb in INSERTS for tail in UPSERTS if not tail or verb == "INSERT INTO"]

pytestmark = pytest.mark.usefixtures("without_recursive_triggers")


@pytest.fixture
def without_recursive_triggers(db: None) -> Iterator[None]:
    """As in any shell: SQLite then replaces rows without running their DELETE triggers."""
    if IS_SQLITE:
        run("PRAGMA recursive_triggers = OFF")
    yield
    if IS_SQLITE:
        run("PRAGMA recursive_triggers = ON")


def run(sql: str, values: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def assert_refused(sql: str, values: list[Any] | None = None, *, because: str = "") -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        run(sql, values)
    assert str(caught.value).startswith(f"ledger: {because}")


def row_of(row: models.Model) -> dict[str, Any]:
    """A row as the database has it, without its id."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        assert cursor.description is not None
        names = [column[0] for column in cursor.description]
        return {name: value for name, value in zip(names, cursor.fetchone(), strict=True) if name != "id"}


def insert(table: str, row: dict[str, Any], verb: str = "INSERT INTO", tail: str = "") -> tuple[str, list[Any]]:
    marks = ", ".join(["%s"] * len(row))
    return f"{verb} {table} ({', '.join(row)}) VALUES ({marks}){tail}", list(row.values())


def next_entry(stream: Stream) -> dict[str, Any]:
    """The row that `append` would write next."""
    with transaction.atomic():
        row = row_of(say(stream))
        transaction.set_rollback(True)
    return row


def with_header(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The row with other words in its header, and a hash to match; None takes a word away."""
    header = json.loads(row["header"]) | changes
    text = json.dumps({name: value for name, value in header.items() if value is not None})
    return row | {"header": text, "hash": entry_hash(text)}


def changed(field: AnyField) -> str:
    """An SQL expression that gives the column another value."""
    if field.null:
        return "NULL"
    if isinstance(field, models.DateField):
        return "'2001-01-01 00:00:00'" if isinstance(field, models.DateTimeField) else "'2001-01-01'"
    if isinstance(field, models.CharField | models.TextField):
        return "'other'"
    return f"{field.column} + 1000"


@pytest.mark.parametrize(("table", "field"), COLUMNS, ids=[f"{table}.{field.column}" for table, field in COLUMNS])
def test_no_column_is_ever_updated(log: Stream, table: str, field: AnyField) -> None:
    for value in (changed(field), field.column):
        assert_refused(f"UPDATE {table} SET {field.column} = {value}")
        assert_refused(f"UPDATE {table} SET {field.column} = {value} WHERE id = (SELECT max(id) FROM {table})")
        if IS_SQLITE:
            assert_refused(f"UPDATE OR REPLACE {table} SET {field.column} = {value}")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_ever_deleted(log: Stream, table: str) -> None:
    assert_refused(f"DELETE FROM {table}")
    assert_refused(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")


@pytest.mark.only_on("postgresql", because="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_ever_truncated(log: Stream, table: str) -> None:
    connection.check_constraints()
    assert_refused(f"TRUNCATE {table} CASCADE")


def test_what_append_would_write_is_taken(log: Stream) -> None:
    run(*insert("ledger_entry", next_entry(log)))
    assert Entry.objects.filter(stream=log).count() == 5


@pytest.mark.parametrize(("verb", "tail"), WAYS)
@pytest.mark.parametrize("key", ["id", "hash", "stream_id, number"])
def test_no_entry_takes_the_place_of_another(log: Stream, verb: str, tail: str, key: str) -> None:
    last = log.entries.latest("number")
    row = {
        "id": next_entry(log) | {"id": last.pk},
        "hash": next_entry(log) | {"hash": last.hash},
        "stream_id, number": with_header(row_of(last), note="x"),
    }[key]
    assert_refused(*insert("ledger_entry", row, verb, tail.format(key=key)))
    assert stored(last).header == last.header


@pytest.mark.parametrize(("verb", "tail"), WAYS)
@pytest.mark.parametrize("key", ["id", "name"])
def test_no_stream_takes_the_place_of_another(log: Stream, verb: str, tail: str, key: str) -> None:
    row = {"id": 1000, "name": "pledge/99"} | {key: getattr(log, key)}
    assert_refused(*insert("ledger_stream", row, verb, tail.format(key=key)), because="a stream is made once")


@pytest.mark.parametrize(("verb", "tail"), WAYS)
@pytest.mark.parametrize("key", ["id", "entry_id", "position"])
def test_no_position_is_given_twice(log: Stream, verb: str, tail: str, key: str) -> None:
    taken = Position.objects.latest("position")
    row = {"id": 1000, "entry_id": Waiting.objects.get().pk, "position": 5} | {key: getattr(taken, key)}
    assert_refused(*insert("ledger_position", row, verb, tail.format(key=key)))


@pytest.mark.parametrize(("verb", "tail"), WAYS)
@pytest.mark.parametrize("key", ["id", "size"])
def test_no_checkpoint_takes_the_place_of_another(log: Stream, verb: str, tail: str, key: str) -> None:
    run(*insert("ledger_position", {"entry_id": Waiting.objects.get().pk, "position": 5}))
    last = Checkpoint.objects.latest()
    row = row_of(last) | {"id": 1000, "size": 6} | {key: getattr(last, key)}
    assert_refused(*insert("ledger_checkpoint", row, verb, tail.format(key=key)))


@pytest.mark.parametrize("number", [-1, 0, 1, 4, 6, 1000])
def test_an_entry_takes_the_next_number(log: Stream, number: int) -> None:
    row = with_header(next_entry(log), number=number) | {"number": number}
    assert_refused(*insert("ledger_entry", row), because="an entry takes the next number")


@pytest.mark.parametrize("previous", ["0" * 64, "f" * 64, ""])
def test_an_entry_follows_the_head_of_its_stream(log: Stream, previous: str) -> None:
    row = with_header(next_entry(log), previous=previous) | {"previous": previous}
    assert_refused(*insert("ledger_entry", row), because="an entry names the hash")


def test_the_first_entry_follows_nothing(db: None) -> None:
    stream = history.open_stream("pledge/1")
    row = with_header(next_entry(stream), previous="f" * 64) | {"previous": "f" * 64}
    assert_refused(*insert("ledger_entry", row), because="an entry names the hash")


@pytest.mark.parametrize(
    "word",
    [
        {"stream": "pledge/13"},
        {"number": 6},
        {"kind": "other"},
        {"speaker": "other"},
        {"day": "2026-05-29"},
        {"recorded_at": "2026-05-31T08:00:00.000251Z"},
        {"previous": "f" * 64},
        *({name: None} for name in ("stream", "number", "kind", "speaker", "day", "recorded_at", "previous")),
    ],
    ids=str,
)
def test_the_columns_say_what_the_header_says(log: Stream, word: dict[str, Any]) -> None:
    row = with_header(next_entry(log), **word)
    assert_refused(*insert("ledger_entry", row), because="the columns say what the header says")


@pytest.mark.parametrize("broken", ["", "{", "text", '{"a":'])
@pytest.mark.parametrize("column", ["header", "content"])
def test_header_and_content_are_json(log: Stream, column: str, broken: str) -> None:
    row = next_entry(log) | {column: broken}
    assert_refused(*insert("ledger_entry", row), because="header and content are JSON")


def test_content_holds_nothing_that_the_header_does_not_commit_to(log: Stream) -> None:
    row = next_entry(log)
    content = json.loads(row["content"]) | {"other": {"salt": "00" * 16, "value": "1"}}
    row["content"] = json.dumps(content, separators=(",", ":"))
    assert_refused(*insert("ledger_entry", row), because="content has fields that the header commits to")


@pytest.mark.parametrize(
    ("kind", "redacts"),
    [
        ("redacted", None),
        ("status", {"number": 1, "fields": ["text"]}),
        ("redacted", {"number": 5, "fields": ["text"]}),
        ("redacted", {"number": 0, "fields": ["text"]}),
        ("redacted", {"number": "1", "fields": ["text"]}),
        ("redacted", {"fields": ["text"]}),
        ("redacted", "everything"),
    ],
)
def test_only_a_redaction_redacts_and_only_what_is_before_it(log: Stream, kind: str, redacts: Any) -> None:
    row = with_header(next_entry(log), kind=kind, redacts=redacts) | {"kind": kind}
    assert_refused(*insert("ledger_entry", row), because="a redaction, and nothing else")


def test_positions_have_no_gap(log: Stream) -> None:
    waiting = Waiting.objects.get().pk
    for position in (0, 4, 6, 1000):
        assert_refused(*insert("ledger_position", {"entry_id": waiting, "position": position}))
    run(*insert("ledger_position", {"entry_id": waiting, "position": 5}))


def test_an_entry_gets_its_position_after_the_one_before(log: Stream) -> None:
    later = say(log), say(log)
    row = {"entry_id": later[1].pk, "position": 5}
    assert_refused(*insert("ledger_position", row), because="a position follows that of the entry before")
    row = {"entry_id": 10_000, "position": 5}
    assert_refused(*insert("ledger_position", row), because="a position follows that of the entry before")


@pytest.mark.parametrize("size", [0, 1, 4, 5, 7])
def test_a_checkpoint_seals_everything_and_more_than_before(log: Stream, size: int) -> None:
    run(*insert("ledger_position", {"entry_id": Waiting.objects.get().pk, "position": 5}))
    row = row_of(Checkpoint.objects.latest()) | {"size": size}
    assert_refused(*insert("ledger_checkpoint", row), because="a checkpoint seals every position")
    run(*insert("ledger_checkpoint", row | {"size": 6}))


def test_no_row_has_an_id_below_one(log: Stream) -> None:
    rows: dict[str, dict[str, Any]] = {
        "ledger_stream": {"name": "pledge/99"},
        "ledger_entry": next_entry(log),
        "ledger_position": {"entry_id": Waiting.objects.get().pk, "position": 5},
    }
    for table, row in rows.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            run(*insert(table, row | {"id": -1}))


@pytest.fixture
def redactable(stream: Stream) -> Entry:
    """An entry of which a later one redacts the text, which is still there; another one is redacted elsewhere."""
    entry = say(stream, {"text": 'a "name"\n\u0001', "status": "kept", "note": "ملاحظة"})
    say(stream)
    redacts: dict[str, Any] = {"number": 1, "fields": ["text"]}
    said: dict[str, Any] = {"kind": "redacted", "speaker": "site", "day": DAY, "author": None, "now": NOW}
    history._add(stream, fields={"reason": "x"}, extra={"redacts": redacts}, **said)
    history._add(stream, fields={"reason": "x"}, extra={"redacts": {"number": 2, "fields": ["text"]}}, **said)
    other = history.open_stream("pledge/13")
    say(other), say(other)
    history._add(other, fields={"reason": "x"}, extra={"redacts": {"number": 1, "fields": ["note"]}}, **said)
    return entry


def set_content(entry: Entry, content: Any, separators: tuple[str, str] = (",", ":")) -> tuple[str, list[Any]]:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, separators=separators)
    return "UPDATE ledger_entry SET content = %s WHERE id = %s", [text, entry.pk]


def without(entry: Entry, *names: str) -> dict[str, Any]:
    return {name: field for name, field in json.loads(entry.content).items() if name not in names}


def test_content_loses_what_a_later_entry_redacts(redactable: Entry) -> None:
    run(*set_content(redactable, without(redactable, "text")))
    assert stored(redactable).fields == {"status": "kept", "note": "ملاحظة"}


def test_content_loses_nothing_else(redactable: Entry) -> None:
    kept = without(redactable, "text")
    salt = {"salt": "00" * 16, "value": kept["status"]["value"]}
    attempts: list[Any] = [
        without(redactable, "note"),
        without(redactable, "status"),
        without(redactable, "text", "note"),
        {},
        kept | {"other": kept["note"]},
        kept | {"status": {"salt": kept["status"]["salt"], "value": '"not_kept"'}},
        kept | {"status": salt},
        kept | {"status": None},
        dict(reversed(kept.items())),
        without(redactable),
        "",
        "null",
        "not JSON",
    ]
    for content in attempts:
        assert_refused(*set_content(redactable, content), because="content loses what a later entry redacts")
    assert_refused(*set_content(redactable, kept, (", ", ": ")), because="content loses what a later entry redacts")
    assert_refused("UPDATE ledger_entry SET content = '{}'")


def test_what_is_gone_does_not_come_back(redactable: Entry) -> None:
    before = without(redactable)
    run(*set_content(redactable, without(redactable, "text")))
    assert_refused(*set_content(redactable, before), because="content loses what a later entry redacts")


def test_a_redaction_excuses_no_other_change(redactable: Entry) -> None:
    sql, values = set_content(redactable, without(redactable, "text"))
    for column in ("kind = 'other'", "number = 9", "author_id = NULL, speaker = 'x'"):
        assert_refused(sql.replace("SET ", f"SET {column}, "), values, because="an entry is never changed")


@pytest.mark.only_on("postgresql", because="a switch of PostgreSQL")
def test_a_replica_session_is_held_too(log: Stream) -> None:
    run("SET LOCAL session_replication_role = replica")
    assert_refused("DELETE FROM ledger_checkpoint")
    assert_refused("UPDATE ledger_entry SET kind = 'other'")


@pytest.mark.only_on("postgresql", because="SQLite resolves the names in a trigger when it is made")
def test_a_temporary_table_deceives_no_guard(log: Stream) -> None:
    entry = log.entries.get(number=4)
    header = json.dumps({"redacts": {"number": 4, "fields": ["text"]}})
    row = row_of(entry) | {"id": 1000, "number": 9, "kind": "redacted", "header": header}
    run("CREATE TEMPORARY TABLE ledger_entry (LIKE public.ledger_entry)")
    run(*insert("pg_temp.ledger_entry", row))
    assert_refused(f"UPDATE public.ledger_entry SET content = '{{}}' WHERE id = {entry.pk}", because="content loses")


@pytest.mark.only_on("postgresql", because="SQLite has no roles")
def test_a_role_that_owns_nothing_writes_history_and_switches_off_no_guard(log: Stream) -> None:
    """The rights that docs/ledger.md asks for are enough, and give no way round the guards."""
    connection.check_constraints()
    run("CREATE ROLE ledger_writer")
    run(f"GRANT SELECT, INSERT ON {', '.join(TABLES)}, ledger_waiting TO ledger_writer")
    run("GRANT UPDATE ON ledger_stream, ledger_entry TO ledger_writer")
    run("GRANT DELETE ON ledger_waiting TO ledger_writer")
    run("SET LOCAL ROLE ledger_writer")
    entry = say(history.open_stream("pledge/13"))
    history.redact(entry, fields=["text"], reason="x", now=NOW)
    assert seal(NOW) is not None
    connection.check_constraints()
    for way_round in (
        "DROP TRIGGER ledger_entry_update ON ledger_entry",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_update",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "SET LOCAL session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "TRUNCATE ledger_position",
        "DELETE FROM ledger_entry",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            run(way_round)
    assert_refused("UPDATE ledger_entry SET kind = 'other'")
