"""The guards in SQLite's words.

BEFORE triggers run ahead of `OR REPLACE`, `OR IGNORE` and `ON CONFLICT`, so what they refuse stays refused. A new row
without an id has the id -1 in them, which no row may have.
"""

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

# Each guard: its name, the event and table, and what it refuses: (message, condition).
Refusals = tuple[tuple[str, str], ...]

NEVER: Refusals = (("streams, positions and checkpoints are never changed, and nothing is ever deleted", "true"),)
GUARDS: tuple[tuple[str, str, Refusals], ...] = (
    ("ledger_stream_delete", "DELETE ON ledger_stream", NEVER),
    ("ledger_entry_delete", "DELETE ON ledger_entry", NEVER),
    ("ledger_position_delete", "DELETE ON ledger_position", NEVER),
    ("ledger_checkpoint_delete", "DELETE ON ledger_checkpoint", NEVER),
    ("ledger_stream_update", "UPDATE ON ledger_stream", NEVER),
    ("ledger_position_update", "UPDATE ON ledger_position", NEVER),
    ("ledger_checkpoint_update", "UPDATE ON ledger_checkpoint", NEVER),
    (
        "ledger_entry_update",
        "UPDATE ON ledger_entry",
        (
            (
                "an entry is never changed",
                """
                OLD.id IS NOT NEW.id OR OLD.stream_id IS NOT NEW.stream_id OR OLD.number IS NOT NEW.number
                OR OLD.kind IS NOT NEW.kind OR OLD.speaker IS NOT NEW.speaker OR OLD.day IS NOT NEW.day
                OR OLD.recorded_at IS NOT NEW.recorded_at OR OLD.header IS NOT NEW.header
                OR OLD.previous IS NOT NEW.previous OR OLD.hash IS NOT NEW.hash OR OLD.author_id IS NOT NEW.author_id
                """,
            ),
            (
                "content loses what a later entry redacts, and nothing else",
                """
                NEW.content IS OLD.content OR NEW.content IS NOT (
                    SELECT '{' || coalesce(group_concat(json_quote(key) || ':' || value, ','), '') || '}'
                    FROM (
                        SELECT key, value FROM json_each(OLD.content)
                        WHERE key NOT IN (
                            SELECT field.value
                            FROM ledger_entry AS later, json_each(later.header, '$.redacts.fields') AS field
                            WHERE later.stream_id = OLD.stream_id AND later.number > OLD.number
                            AND later.kind = 'redacted'
                            AND json_extract(later.header, '$.redacts.number') = OLD.number
                        )
                        ORDER BY key
                    )
                )
                """,
            ),
        ),
    ),
    (
        "ledger_stream_insert",
        "INSERT ON ledger_stream",
        (
            (
                "a stream is made once",
                "EXISTS (SELECT 1 FROM ledger_stream WHERE id = NEW.id OR name = NEW.name)",
            ),
        ),
    ),
    (
        "ledger_entry_insert",
        "INSERT ON ledger_entry",
        (
            (
                "header and content are JSON",
                """
                typeof(NEW.header) IS NOT 'text' OR typeof(NEW.content) IS NOT 'text'
                OR NOT json_valid(NEW.header) OR NOT json_valid(NEW.content)
                """,
            ),
            (
                "an entry is written once",
                "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id OR hash = NEW.hash)",
            ),
            (
                "an entry takes the next number of its stream",
                """
                NEW.number IS NOT (
                    SELECT coalesce(max(number), 0) + 1 FROM ledger_entry WHERE stream_id = NEW.stream_id
                )
                """,
            ),
            (
                "an entry names the hash of the entry before",
                """
                NEW.previous IS NOT coalesce(
                    (SELECT hash FROM ledger_entry WHERE stream_id = NEW.stream_id ORDER BY number DESC LIMIT 1),
                    '0000000000000000000000000000000000000000000000000000000000000000'
                )
                """,
            ),
            (
                "the columns say what the header says",
                """
                json_extract(NEW.header, '$.stream') IS NOT (SELECT name FROM ledger_stream WHERE id = NEW.stream_id)
                OR json_extract(NEW.header, '$.number') IS NOT NEW.number
                OR json_extract(NEW.header, '$.kind') IS NOT NEW.kind
                OR json_extract(NEW.header, '$.speaker') IS NOT NEW.speaker
                OR json_extract(NEW.header, '$.day') IS NOT NEW.day
                OR json_extract(NEW.header, '$.previous') IS NOT NEW.previous
                OR json_extract(NEW.header, '$.recorded_at') IS NOT replace(
                    CASE length(NEW.recorded_at) WHEN 19 THEN NEW.recorded_at || '.000000' ELSE NEW.recorded_at END,
                    ' ', 'T'
                ) || 'Z'
                """,
            ),
            (
                "content has fields that the header commits to",
                """
                EXISTS (
                    SELECT 1 FROM json_each(NEW.content)
                    WHERE key NOT IN (SELECT key FROM json_each(NEW.header, '$.commitments'))
                )
                """,
            ),
            (
                "a redaction, and nothing else, names an earlier entry",
                """
                (NEW.kind = 'redacted') IS NOT (json_type(NEW.header, '$.redacts') IS NOT NULL)
                OR NEW.kind = 'redacted' AND (
                    json_type(NEW.header, '$.redacts.number') IS NOT 'integer'
                    OR json_extract(NEW.header, '$.redacts.number') NOT BETWEEN 1 AND NEW.number - 1
                )
                """,
            ),
        ),
    ),
    (
        "ledger_position_insert",
        "INSERT ON ledger_position",
        (
            (
                "an entry takes a position once",
                "EXISTS (SELECT 1 FROM ledger_position WHERE id = NEW.id OR entry_id = NEW.entry_id)",
            ),
            (
                "positions follow each other",
                "NEW.position IS NOT (SELECT coalesce(max(position), -1) + 1 FROM ledger_position)",
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
        "INSERT ON ledger_checkpoint",
        (
            ("a checkpoint is made once", "EXISTS (SELECT 1 FROM ledger_checkpoint WHERE id = NEW.id)"),
            (
                "a checkpoint seals every position, and more than the one before",
                """
                NEW.size IS NOT (SELECT max(position) + 1 FROM ledger_position)
                OR NEW.size <= (SELECT coalesce(max(size), 0) FROM ledger_checkpoint)
                """,
            ),
        ),
    ),
)


def texts(cursor: CursorWrapper) -> Mapping[str, str]:
    """The statement that makes each guard, by its name; SQLite keeps it as it is written."""
    return {name: _text(name, event, refusals) for name, event, refusals in GUARDS}


def found(cursor: CursorWrapper) -> Mapping[str, str]:
    """The statement that made each trigger on the ledger's tables."""
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        " AND tbl_name IN ('ledger_stream', 'ledger_entry', 'ledger_position', 'ledger_checkpoint')"
    )
    return dict(cursor.fetchall())


def replacing(name: str, text: str) -> list[str]:
    """The statements that set a guard, whether or not one of this name is there."""
    return [f"DROP TRIGGER IF EXISTS {name}", text]


def _text(name: str, event: str, refusals: Refusals) -> str:
    checks = "".join(
        f"\nSELECT RAISE(ABORT, 'ledger: {message}') WHERE {condition};" for message, condition in refusals
    )
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN{checks}\nEND"
