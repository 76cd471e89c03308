"""What was changed behind the ledger's back is found and named."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.canonical import encode
from ledger.hashing import entry_hash
from ledger.history import open_stream
from ledger.models import Checkpoint, Entry, Position, Stream, Waiting
from ledger.verifying import verify
from tests.flushing import lift_guards
from tests.ledger.saying import say, stored


@pytest.fixture
def unguarded(log: Stream) -> Stream:
    """The small ledger of `log` without the guards of the database."""
    connection.check_constraints()
    lift_guards(connection)
    return log


def found() -> list[str]:
    return [str(finding) for finding in verify()]


def change(number: int, stream: str = "pledge/12", **columns: Any) -> Entry:
    """Write over columns of an entry, as one who owns the database could."""
    entries = Entry.objects.filter(stream__name=stream, number=number)
    entries.update(**columns)
    return entries.get()


def rewrite(number: int, **words: Any) -> None:
    """Write over words of an entry's header, with a hash to match and a column where there is one."""
    entry = Entry.objects.get(stream__name="pledge/12", number=number)
    header = encode(entry.head | words)
    columns = {name: value for name, value in words.items() if name in {"kind", "speaker", "previous"}}
    change(number, header=header, hash=entry_hash(header), **columns)


def test_an_untouched_ledger_is_found_sound(log: Stream) -> None:
    assert found() == []


def test_an_empty_ledger_is_sound(db: None) -> None:
    assert found() == []


def test_a_changed_header_is_found(unguarded: Stream) -> None:
    entry = unguarded.entries.get(number=2)
    change(2, header=entry.header.replace('"district"', '"somebody"'), speaker="somebody")
    assert found() == ["pledge/12 2: the hash is not that of the header"]


def test_a_changed_header_with_a_hash_to_match_is_found(unguarded: Stream) -> None:
    rewrite(2, speaker="somebody")
    assert found() == [
        "pledge/12 3: does not name the hash of the entry before",
        "checkpoint of size 2: the root is not that of the entries",
        "checkpoint of size 2: the frontier is not that of the entries",
        "checkpoint of size 4: the root is not that of the entries",
        "checkpoint of size 4: the frontier is not that of the entries",
        "checkpoint of size 5: the root is not that of the entries",
        "checkpoint of size 5: the frontier is not that of the entries",
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "other"), ("speaker", "other"), ("day", "2001-01-01"), ("recorded_at", "2001-01-01 00:00:00+00:00")],
)
def test_a_column_that_says_other_than_the_header_is_found(unguarded: Stream, column: str, value: str) -> None:
    change(2, **{column: value})
    [problem] = found()
    assert problem.startswith("pledge/12 2: the header says")
    assert f"for {column}, the column" in problem


def test_changed_words_are_found(unguarded: Stream) -> None:
    change(2, content=unguarded.entries.get(number=2).content.replace("Mondays", "Tuesdays"))
    assert found() == ["pledge/12 2: the field text is not what the header commits to"]


def test_words_that_are_gone_without_a_redaction_are_found(unguarded: Stream) -> None:
    change(2, content="{}")
    assert found() == [
        "pledge/12 2: the field place is gone, and no later entry redacts it",
        "pledge/12 2: the field text is gone, and no later entry redacts it",
    ]


def test_words_that_came_back_are_found(unguarded: Stream) -> None:
    entry = unguarded.entries.get(number=1)
    content = entry.content.replace("{", '{"note":{"salt":"00000000000000000000000000000000","value":"1"},', 1)
    change(1, content=content)
    assert found() == [
        "pledge/12 1: the field note is not what the header commits to",
        "pledge/12 1: the field note is redacted but still there",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{ }", '{"text":1}', '{"text":{"salt":"x","value":"1"}}', '{"a":1.5}'])
def test_content_in_another_form_is_found(unguarded: Stream, text: str) -> None:
    change(2, content=text)
    assert found()[0].startswith("pledge/12 2: header or content is not in the ledger's format")


def test_a_redaction_of_a_later_entry_is_found(unguarded: Stream) -> None:
    rewrite(3, redacts={"number": 4, "fields": ["note"]})
    assert "pledge/12 3: redacts an entry that is not before it" in found()


def test_a_redaction_under_another_name_is_found(unguarded: Stream) -> None:
    rewrite(3, kind="status")
    assert "pledge/12 3: only a redaction redacts, and it has to" in found()


def test_a_seal_on_nothing_is_found(unguarded: Stream) -> None:
    rewrite(4, sealed={"other": None})
    assert "pledge/12 4: the field other is sealed but was never there" in found()


def test_a_checkpoint_that_never_was_is_found(unguarded: Stream) -> None:
    rewrite(4, checkpoint={"size": 4, "root": "f" * 64})
    assert f"checkpoint of size 4: an entry names the root {'f' * 64}, which no checkpoint has" in found()


def test_a_missing_entry_is_found(unguarded: Stream) -> None:
    entry = unguarded.entries.get(number=2)
    entry.position.delete()
    entry.delete()
    assert found() == [
        "pledge/12 3: follows number 1",
        "pledge/12 3: does not name the hash of the entry before",
        "position 2: follows position 0",
    ]


def test_a_missing_stream_is_found(unguarded: Stream) -> None:
    stream = open_stream("meeting/3")
    Position.objects.filter(entry__stream=stream).delete()
    Waiting.objects.all().delete()
    stream.entries.all().delete()
    stream.delete()
    assert found() == ["position 3: follows position 1"]


def test_swapped_positions_are_found(unguarded: Stream) -> None:
    first, second = Position.objects.order_by("position")[:2]
    for place, position in ((first, 100), (second, 0), (first, 1)):
        Position.objects.filter(pk=place.pk).update(position=position)
    assert "pledge/12 2: stands before an earlier entry of its stream" in found()
    assert "checkpoint of size 2: the root is not that of the entries" in found()


def test_an_entry_that_will_never_be_sealed_is_found(unguarded: Stream) -> None:
    Waiting.objects.all().delete()
    assert found() == ["meeting/3 2: neither has a position nor waits for one"]


def test_an_entry_that_would_be_sealed_twice_is_found(unguarded: Stream) -> None:
    Waiting.objects.create(entry=unguarded.entries.get(number=4))
    assert found() == ["pledge/12 4: has a position and waits for one"]


def test_a_position_that_nothing_seals_is_found(unguarded: Stream) -> None:
    waiting = Waiting.objects.get()
    Position.objects.create(entry=waiting.entry, position=5)
    waiting.delete()
    assert found() == ["position 5: no checkpoint seals it"]


def test_a_changed_root_is_found(unguarded: Stream) -> None:
    root = Checkpoint.objects.get(size=5).root
    Checkpoint.objects.filter(size=5).update(root="f" * 64)
    assert found() == [
        "checkpoint of size 5: the root is not that of the entries",
        f"checkpoint of size 5: an entry names the root {root}, which no checkpoint has",
    ]


def test_a_changed_frontier_is_found(unguarded: Stream) -> None:
    Checkpoint.objects.filter(size=4).update(frontier="f" * 64)
    assert found() == ["checkpoint of size 4: the frontier is not that of the entries"]


def test_a_checkpoint_over_more_than_there_is_is_found(unguarded: Stream) -> None:
    Checkpoint.objects.filter(size=5).update(size=9)
    assert "checkpoint of size 9: there are 5 positions" in found()


def test_a_missing_checkpoint_is_found(unguarded: Stream) -> None:
    root = Checkpoint.objects.get(size=4).root
    Checkpoint.objects.filter(size=4).delete()
    assert found() == [f"checkpoint of size 4: an entry names the root {root}, which no checkpoint has"]


def test_the_command_says_that_all_is_well(log: Stream, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_ledger")
    last = Checkpoint.objects.latest()
    assert capsys.readouterr().out == f"The ledger is as it was written. Last checkpoint: 5 {last.root}.\n"


def test_the_command_fails_and_names_the_place(unguarded: Stream, capsys: pytest.CaptureFixture[str]) -> None:
    change(2, content="{}")
    with pytest.raises(CommandError, match="2 findings") as caught:
        call_command("verify_ledger")
    assert caught.value.returncode == 1
    assert "pledge/12 2: the field text is gone" in capsys.readouterr().err


def test_verifying_changes_nothing(log: Stream) -> None:
    entry = say(log)
    before = stored(entry).content
    assert found() == []
    assert stored(entry).content == before
