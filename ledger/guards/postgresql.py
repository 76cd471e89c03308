"""The guards in PostgreSQL's words: functions, and triggers that call them.

Every statement is written the way the catalogue gives it back (`pg_get_functiondef`, `pg_get_triggerdef`), so that
comparing is comparing texts. The triggers are ENABLE ALWAYS: `session_replication_role = replica` does not switch them
off. The functions name their schema, so that no temporary table can stand in for one of the ledger's.
"""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

# Each function: its name, what it does first, and what it refuses: (message, condition).
Refusals = tuple[tuple[str, str], ...]

READ_JSON = """
    BEGIN
        head := NEW.header::jsonb;
        fields := NEW.content::jsonb;
    EXCEPTION WHEN data_exception THEN
        refusal := 'header and content are JSON';
    END;"""
FUNCTIONS: tuple[tuple[str, str, Refusals], ...] = (
    (
        "ledger_refuse",
        "",
        (("streams, positions and checkpoints are never changed, and nothing is ever deleted", "true"),),
    ),
    (
        "ledger_stream_insert",
        "",
        (("a stream is made once", "EXISTS (SELECT 1 FROM ledger_stream WHERE id = NEW.id OR name = NEW.name)"),),
    ),
    (
        "ledger_entry_insert",
        READ_JSON,
        (
            (
                "an entry is written once",
                "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id OR hash = NEW.hash)",
            ),
            (
                "an entry takes the next number of its stream",
                """
                NEW.number IS DISTINCT FROM (
                    SELECT coalesce(max(number), 0) + 1 FROM ledger_entry WHERE stream_id = NEW.stream_id
                )
                """,
            ),
            (
                "an entry names the hash of the entry before",
                """
                NEW.previous IS DISTINCT FROM coalesce(
                    (SELECT hash FROM ledger_entry WHERE stream_id = NEW.stream_id ORDER BY number DESC LIMIT 1),
                    repeat('0', 64)
                )
                """,
            ),
            (
                "the columns say what the header says",
                """
                (head @> jsonb_build_object(
                    'stream', (SELECT name FROM ledger_stream WHERE id = NEW.stream_id),
                    'number', NEW.number,
                    'kind', NEW.kind,
                    'speaker', NEW.speaker,
                    'day', to_char(NEW.day, 'YYYY-MM-DD'),
                    'previous', NEW.previous,
                    'recorded_at', to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                )) IS NOT TRUE
                """,
            ),
            (
                "content has fields that the header commits to",
                "(head -> 'commitments' ?& ARRAY(SELECT jsonb_object_keys(fields))) IS NOT TRUE",
            ),
            (
                "a redaction, and nothing else, names an earlier entry",
                """
                (NEW.kind = 'redacted') IS DISTINCT FROM (head ? 'redacts')
                OR head ? 'redacts'
                AND (head #> '{redacts,number}' BETWEEN '1' AND to_jsonb(NEW.number - 1)) IS NOT TRUE
                """,
            ),
        ),
    ),
    (
        "ledger_entry_update",
        "",
        (
            (
                "an entry is never changed",
                "to_jsonb(NEW) - 'content' IS DISTINCT FROM to_jsonb(OLD) - 'content'",
            ),
            (
                "content loses what a later entry redacts, and nothing else",
                """
                NEW.content IS NOT DISTINCT FROM OLD.content OR NEW.content IS DISTINCT FROM (
                    SELECT '{' || coalesce(
                        string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C"), ''
                    ) || '}'
                    FROM json_each(OLD.content::json)
                    WHERE key NOT IN (
                        SELECT jsonb_array_elements_text(later.header::jsonb #> '{redacts,fields}')
                        FROM ledger_entry AS later
                        WHERE later.stream_id = OLD.stream_id AND later.number > OLD.number
                        AND later.kind = 'redacted'
                        AND later.header::jsonb #> '{redacts,number}' = to_jsonb(OLD.number)
                    )
                )
                """,
            ),
        ),
    ),
    (
        "ledger_position_insert",
        "",
        (
            (
                "an entry takes a position once",
                "EXISTS (SELECT 1 FROM ledger_position WHERE id = NEW.id OR entry_id = NEW.entry_id)",
            ),
            (
                "positions follow each other",
                "NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), -1) + 1 FROM ledger_position)",
            ),
            (
                "a position follows that of the entry before",
                """
                NOT EXISTS (
                    SELECT 1 FROM ledger_entry AS entry
                    LEFT JOIN ledger_entry AS prior
                        ON prior.stream_id = entry.stream_id AND prior.number = entry.number - 1
                    LEFT JOIN ledger_position AS position ON position.entry_id = prior.id
                    WHERE entry.id = NEW.entry_id AND (entry.number = 1 OR position.id IS NOT NULL)
                )
                """,
            ),
        ),
    ),
    (
        "ledger_checkpoint_insert",
        "",
        (
            ("a checkpoint is made once", "EXISTS (SELECT 1 FROM ledger_checkpoint WHERE id = NEW.id)"),
            (
                "a checkpoint seals every position, and more than the one before",
                """
                NEW.size IS DISTINCT FROM (SELECT max(position) + 1 FROM ledger_position)
                OR NEW.size <= (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)
                """,
            ),
        ),
    ),
)
TABLES = ("ledger_stream", "ledger_entry", "ledger_position", "ledger_checkpoint")
EVENTS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


def texts(cursor: CursorWrapper) -> Mapping[str, str]:
    """The statement that makes each guard, by its name, as the catalogue gives it back."""
    cursor.execute("SELECT current_schema()")
    schema = cursor.fetchone()[0]
    functions = {f"{name}()": _function(schema, name, first, refusals) for name, first, refusals in FUNCTIONS}
    checked = {name for name, _first, _refusals in FUNCTIONS}
    triggers = {}
    for table in TABLES:
        for event in EVENTS:
            name = f"{table}_{event.lower()}"
            triggers[name] = _trigger(name, table, event, name if name in checked else "ledger_refuse")
    return functions | triggers


def found(cursor: CursorWrapper) -> Mapping[str, str]:
    """The same, of every trigger on the ledger's tables and every function of the guards' names."""
    cursor.execute(
        "SELECT proname || '()', pg_get_functiondef(oid) FROM pg_proc"
        " WHERE pronamespace = current_schema()::regnamespace AND proname = ANY(%s)",
        [[name for name, _first, _refusals in FUNCTIONS]],
    )
    functions = dict(cursor.fetchall())
    cursor.execute(
        "SELECT tgname, pg_get_triggerdef(oid, true) || CASE tgenabled WHEN 'A' THEN '' ELSE ' -- not always' END"
        " FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    return functions | dict(cursor.fetchall())


def replacing(name: str, text: str) -> list[str]:
    """The statements that set a guard, whether or not one of this name is there."""
    if name.endswith("()"):
        return [text]
    table, _event = name.rsplit("_", 1)
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        text,
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


def _trigger(name: str, table: str, event: str, function: str) -> str:
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def _function(schema: str, name: str, first: str, refusals: Refusals) -> str:
    cases = "".join(f"\n        WHEN {condition.strip()} THEN '{message}'" for message, condition in refusals)
    return f"""CREATE OR REPLACE FUNCTION {schema}.{name}()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO '{schema}', 'pg_temp'
AS $function$
DECLARE
    head jsonb;
    fields jsonb;
    refusal text;
BEGIN{first}
    refusal := coalesce(refusal, CASE{cases}
    END);
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'ledger: %', refusal USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$function$
"""
