"""Appending and redacting: what the ledger takes, what it refuses, and what it then tells."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from ledger.canonical import Value
from ledger.hashing import commitment, entry_hash
from ledger.history import Stale, last_number, open_stream, redact
from ledger.models import Stream
from ledger.sealing import seal
from tests.at_once import at_once
from tests.ledger.saying import NOW, say, stored


def test_a_stream_is_made_once(db: None) -> None:
    assert open_stream("pledge/12") == open_stream("pledge/12")
    assert Stream.objects.count() == 1


@pytest.mark.parametrize("name", ["", "pledge 12", "تعهّد/12", "a" * 201, "pledge/12\n"])
def test_a_stream_has_a_plain_name(db: None, name: str) -> None:
    with pytest.raises(ValueError, match="no name for a stream"):
        open_stream(name)


def test_entries_are_numbered_and_chained(stream: Stream) -> None:
    assert last_number(stream) == 0
    first, second, third = (say(stream) for _ in range(3))
    assert [entry.number for entry in stream.entries.all()] == [1, 2, 3]
    assert (first.previous, second.previous, third.previous) == ("0" * 64, first.hash, second.hash)
    assert last_number(stream) == 3


def test_streams_count_for_themselves(stream: Stream) -> None:
    say(stream)
    assert say(open_stream("pledge/13")).number == 1


def test_the_header_says_everything_that_is_hashed(stream: Stream) -> None:
    say(stream)
    checkpoint = seal(NOW)
    assert checkpoint is not None
    entry = stored(say(stream, {"text": "بدأت"}, sealed={"text": "2026-06-30"}))
    assert entry.head == {
        "version": "iltizam-ledger/1",
        "stream": "pledge/12",
        "number": 2,
        "kind": "status",
        "speaker": "district",
        "day": "2026-05-30",
        "recorded_at": "2026-05-31T08:00:00.000250Z",
        "checkpoint": {"size": 1, "root": checkpoint.root},
        "commitments": {"text": entry.head["commitments"]["text"]},
        "previous": entry.previous,
        "sealed": {"text": "2026-06-30"},
    }
    assert entry.hash == entry_hash(entry.header)


def test_each_field_has_its_own_salt_and_commitment(stream: Stream) -> None:
    entry = say(stream, {"text": "same", "note": "same"})
    commitments = entry.head["commitments"]
    assert commitments["text"] != commitments["note"]
    assert len(set(commitments.values())) == 2
    assert commitment("00" * 16, '"same"') == commitment("00" * 16, '"same"')


def test_the_author_is_kept_and_is_in_nothing_that_is_hashed(stream: Stream) -> None:
    author = get_user_model().objects.create(email="someone@example.org")
    entry = stored(say(stream, author=author))
    assert entry.author == author
    assert "example.org" not in entry.header + entry.content


def test_values_come_back_as_they_went_in(stream: Stream) -> None:
    fields: dict[str, Value] = {
        "text": 'سطر أول\n\t«قال» \\ "ثم" \u0001 \u202bx\u202c 🙂',
        "number": -(2**53) + 1,
        "flag": True,
        "nothing": None,
        "list": [1, "two", [False]],
        "names": {"fr": "Éclairage", "ar": "الإنارة", "": ""},
    }
    assert stored(say(stream, fields)).fields == fields


def test_text_is_stored_in_nfc(stream: Stream) -> None:
    entry = stored(say(stream, {"text": "e\u0301", "list": ["e\u0301"], "map": {"fr": "e\u0301"}}, speaker="e\u0301"))
    assert entry.fields == {"text": "é", "list": ["é"], "map": {"fr": "é"}}
    assert entry.speaker == "é"


@pytest.mark.parametrize(
    "value",
    [
        "a\0b",
        "\ud800",
        1.5,
        2**53,
        float("nan"),
        {"clé": 1},
        {"a\n": 1},
        {1: 2},
        {"a": b""},
        ("tuple",),
        date(2026, 1, 1),
    ],
)
def test_what_the_format_has_no_place_for_is_refused(stream: Stream, value: Any) -> None:
    with pytest.raises(ValueError, match=r"NUL|surrogate|place|beyond|ASCII"):
        say(stream, {"text": value})
    assert last_number(stream) == 0


@pytest.mark.parametrize(
    "given",
    [
        {"kind": ""},
        {"kind": "Status"},
        {"kind": "redacted"},
        {"speaker": ""},
        {"speaker": "x" * 201},
        {"now": datetime(2026, 5, 31)},  # noqa: DTZ001 - that it has no time zone is the point
        {"fields": {"": "x"}},
        {"fields": {"naïve": "x"}},
        {"sealed": {"other": None}},
        {"sealed": {"text": "tomorrow"}},
        {"sealed": {"text": "20260630"}},
    ],
)
def test_words_that_the_format_has_no_place_for_are_refused(stream: Stream, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has a sentence of its own
        say(stream, **given)
    assert last_number(stream) == 0


def test_a_writer_who_missed_something_is_told_what(stream: Stream) -> None:
    say(stream)
    missed = [say(stream), say(stream)]
    with pytest.raises(Stale) as caught:
        say(stream, expected=1)
    assert caught.value.missed == missed
    assert say(stream, expected=3).number == 4


def test_a_writer_ahead_of_the_stream_is_told_too(stream: Stream) -> None:
    with pytest.raises(Stale) as caught:
        say(stream, expected=1)
    assert caught.value.missed == []


def test_a_redaction_takes_words_away_and_says_so(stream: Stream) -> None:
    author = get_user_model().objects.create(email="moderator@example.org")
    entry = say(stream, {"text": "names a suspect", "note": "also", "status": "kept"})
    header, entry_hash_before = entry.header, entry.hash
    redaction = redact(entry, fields=["text", "note"], reason="Names a person.", author=author, now=NOW)
    for each in (entry, stored(entry)):
        assert each.fields == {"status": "kept"}
        assert each.redacted == {"text", "note"}
        assert (each.header, each.hash) == (header, entry_hash_before)
        assert "suspect" not in each.content
    redaction = stored(redaction)
    assert redaction.number == 2
    assert (redaction.kind, redaction.speaker, redaction.author) == ("redacted", "site", author)
    assert redaction.redacts == (1, ["note", "text"])
    assert redaction.fields == {"reason": "Names a person."}
    assert entry.redacts is None


def test_fields_can_be_redacted_one_after_the_other(stream: Stream) -> None:
    entry = say(stream, {"text": "x", "status": "kept"})
    redact(entry, fields=["text"], reason="one", now=NOW)
    redact(entry, fields=["status"], reason="two", now=NOW)
    assert stored(entry).fields == {}
    assert stored(entry).redacted == {"text", "status"}


def test_a_redaction_of_what_is_not_there_is_refused(stream: Stream) -> None:
    entry = say(stream)
    redact(entry, fields=["text"], reason="once", now=NOW)
    for fields in ([], ["text"], ["other"]):
        with pytest.raises(ValueError, match="still there"):
            redact(entry, fields=fields, reason="again", now=NOW)
    assert last_number(stream) == 2


def test_a_stale_copy_of_an_entry_brings_nothing_back(stream: Stream) -> None:
    entry = say(stream, {"text": "x", "note": "y", "status": "kept"})
    copy = stored(entry)
    redact(entry, fields=["text"], reason="one", now=NOW)
    redact(copy, fields=["note"], reason="two", now=NOW)
    assert stored(entry).fields == {"status": "kept"}


def test_a_sealed_field_is_public_from_its_day_on(stream: Stream) -> None:
    entry = say(stream, {"text": "x", "place": "y", "status": "kept"}, sealed={"text": "2026-06-30", "place": None})
    assert entry.sealed_on(date(2026, 6, 29)) == {"text", "place"}
    assert entry.sealed_on(date(2026, 6, 30)) == {"place"}
    assert entry.fields == {"text": "x", "place": "y", "status": "kept"}


def test_public_fields_leave_out_what_is_sealed_today(stream: Stream) -> None:
    opens = (date.today() + timedelta(days=40)).isoformat()  # noqa: DTZ011 - any day that is far enough
    entry = say(stream, {"text": "x", "open": "y", "status": "kept"}, sealed={"text": opens, "open": "2020-01-01"})
    assert entry.sealed == {"text"}
    assert entry.public_fields == {"open": "y", "status": "kept"}


@pytest.mark.usefixtures("flushable")
def test_twenty_writers_at_once_get_twenty_numbers() -> None:
    stream = open_stream("pledge/12")
    assert sorted(at_once(20, lambda _index: say(stream).number)) == list(range(1, 21))
    assert list(stream.entries.values_list("number", flat=True)) == list(range(1, 21))


@pytest.mark.usefixtures("flushable")
def test_those_who_open_a_stream_at_once_open_the_same() -> None:
    opened = at_once(10, lambda _index: open_stream("pledge/12").pk)
    assert opened == [Stream.objects.get().pk] * 10


@pytest.mark.usefixtures("flushable")
def test_one_of_those_who_expect_the_same_number_gets_it() -> None:
    stream = open_stream("pledge/12")

    def write(_index: int) -> str:
        try:
            say(stream, expected=0)
        except Stale:
            return "stale"
        return "written"

    assert sorted(at_once(5, write)) == ["stale"] * 4 + ["written"]


@pytest.mark.usefixtures("flushable")
def test_nothing_is_left_of_an_append_that_is_rolled_back() -> None:
    stream = open_stream("pledge/12")
    with transaction.atomic():
        say(stream)
        transaction.set_rollback(True)
    assert last_number(stream) == 0
    assert say(stream).number == 1
