"""Whatever a column says against the ledger is found, named and put right."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from pytest_django import DjangoAssertNumQueries

from commitments import rebuilding
from commitments.correcting import correct_meeting, correct_pledge, withdraw_pledge
from commitments.models import Pledge, PledgeKind
from commitments.moderation import redact
from commitments.publishing import publish
from commitments.rebuilding import rebuild
from commitments.speaking import answer, assess
from ledger.history import open_stream
from ledger.models import Entry
from meetings.models import Concern, Meeting, Neighbourhood, Participant, Source
from tests.cast import Cast
from tests.factories import (
    HELD_ON,
    PUBLISHED_AT,
    ConcernFactory,
    MeetingFactory,
    MeetingSeriesFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
    published_meeting,
)
from tests.remembering import remembered

QUERIES = 17  # for a chunk of meetings, a chunk of pledges, and the histories without a row
LATER = PUBLISHED_AT + timedelta(days=3)


@pytest.fixture
@remembered
def world(cast: Cast) -> Meeting:
    """A meeting with every part, whose three pledges have been answered, checked and corrected; a draft beside it."""
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        starts_at=time(10),
        ends_at=time(12),
        people=30,
        associations=2,
        women=9,
        summary="كلام",
        follows_up=published_meeting(),
        series=MeetingSeriesFactory.create(),
        translations={"fr": {"title": "Rencontre"}},
    )
    named = ParticipantFactory.create(
        meeting=meeting,
        naming="public_role",
        organisation=cast.agency,
        side="agency",
        translations={"fr": {"role": "chef"}},
    )
    ParticipantFactory.create(meeting=meeting)
    concern = ConcernFactory.create(meeting=meeting, place="السوق", translations={"fr": {"text": "Vols"}})
    SourceFactory.create(meeting=meeting)
    common = {"meeting": meeting, "said_by": named, "sign": "دورية تمرّ", "sign_from": "record", "place": "السوق"}
    PledgeFactory.create(
        **common,
        timing="recurring",
        rule="FREQ=WEEKLY;BYDAY=TU",
        windows=[["18:00", "20:00"]],
        starts_on=HELD_ON,
        ends_on=date(2026, 12, 1),
        pauses=[["2026-08-01", "2026-08-31"]],
        partners=[cast.other_agency],
        concerns=[concern],
        details="تفصيل",
        beneficiaries="الساكنة",
        provenance="ص 1",
        translations={"fr": {"title": "Patrouille"}},
    )
    PledgeFactory.create(**common, timing="by_date", due_on=date(2026, 6, 1), due_words="قبل الصيف")
    PledgeFactory.create(**common, timing="not_stated")
    publish(meeting, by=cast.manager, now=PUBLISHED_AT)
    recurring = meeting.pledges.get(number=1)
    answer(recurring, status=Pledge.Status.KEPT, text="تقرير", by=cast.official, organisation=cast.agency, now=LATER)
    assess(
        recurring,
        verdict=Pledge.Assessment.CONFIRMED,
        day=LATER.date(),
        by=cast.other_member,
        organisation=cast.other_association,
        now=LATER,
    )
    correct_pledge(recurring, changes={"title": "دوريتان"}, reason="سهو", by=cast.manager, now=LATER)
    correct_meeting(meeting, changes={"venue": "المقرّ"}, reason="سهو", by=cast.manager, now=LATER)
    MeetingFactory.create(title="")
    return meeting


def drifts() -> list[tuple[str, str]]:
    """What has drifted: subject and column."""
    return [(drift.subject, drift.column) for drift in rebuild(repair=False)]


def rows() -> list[Any]:
    """Everything that columns hold, but for when a draft was last saved."""
    ordered = [
        model._default_manager.order_by("pk").values() for model in (Meeting, Pledge, Participant, Concern, Source)
    ]
    held = [[{**row, "saved_at": None} for row in each] for each in ordered]
    sets = [(Meeting, "neighbourhoods"), (Pledge, "neighbourhoods"), (Pledge, "partners"), (Pledge, "concerns")]
    linked = [sorted(model._default_manager.values_list("pk", name), key=str) for model, name in sets]
    return [*held, *linked]


def put(row: models.Model, column: str, value: Any) -> None:
    """Write to a column behind the back of every domain function."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])  # noqa: S608 - names of ours


# Columns of the second and third pledge are those that the first one's constraints do not let drift alone.
PLEDGE: dict[str, tuple[int, Any]] = {
    "number": (1, 99),
    "title": (1, "غيره"),
    "details": (1, ""),
    "place": (1, "غيره"),
    "beneficiaries": (1, "غيرهم"),
    "provenance": (1, "ص 2"),
    "sign": (1, "غيرها"),
    "sign_from": (1, "site"),
    "timing": (3, "ongoing"),
    "due_on": (2, "2026-07-01"),
    "due_words": (2, "قبل الشتاء"),
    "rule": (1, "FREQ=DAILY"),
    "windows": (1, "[]"),
    "starts_on": (1, "2026-03-05"),
    "ends_on": (1, None),
    "pauses": (1, "[]"),
    "is_place_restricted": (1, True),
    "is_time_restricted": (1, True),
    "translations": (1, '{"fr": {"title": "autre"}}'),
    "state": (1, "withdrawn"),
    "last_number": (1, 99),
    "status": (1, "not_kept"),
    "wording": (1, "agreed"),
    "reworded_on": (1, "2026-03-01"),
    "assessment": (1, "disputed"),
    "standing": (1, "not_kept"),
    "made_on": (1, "2026-03-01"),
    "heard_on": (1, None),
    "clock_from": (1, "2026-01-01"),
    "silent_on": (1, None),
    "long_silent_on": (1, "2030-01-01"),
    "holds_until": (1, "2030-01-01"),
    "is_vague": (1, True),
    "folded": (1, ""),
}
PLEDGE_REFERENCES = {"meeting_id", "kind_id", "responsible_id", "said_by_id", "stream_id"}
PLEDGE_HANDOVER = {"handover", "offered_to_id", "promised_by_id"}
MEETING: dict[str, Any] = {
    "state": "withdrawn",
    "language": "fr",
    "title": "غيره",
    "held_on": "2026-03-01",
    "starts_at": "09:00:00",
    "ends_at": None,
    "venue": "",
    "format": "online",
    "summary": "غيره",
    "people": 31,
    "associations": None,
    "women": 8,
    "translations": "{}",
    "is_fictional": True,
    "published_at": "2026-01-01 00:00:00+00:00",
}
MEETING_REFERENCES = {"host_id", "logged_by_id", "follows_up_id", "series_id", "stream_id"}
# Not said in the ledger: ids of files and of accounts, and what only drafts need.
MEETING_UNSAID = {"id", "reference", "created_by_id", "saved_at", "version", "begun_as", "saved_from"}
PARTS: list[tuple[type[models.Model], str, Any]] = [
    *((Participant, "name", "غيره"), (Participant, "role", "غيره"), (Participant, "side", "other")),
    *((Participant, "naming", "agreed"), (Participant, "translations", "{}"), (Participant, "organisation_id", None)),
    (Participant, "attendance", "excused"),
    *((Concern, "theme", "drugs"), (Concern, "text", "غيره"), (Concern, "place", ""), (Concern, "request", "غيره")),
    *((Concern, "translations", "{}"), (Source, "title", "غيره"), (Source, "publisher", "")),
    *((Source, "published", "2019"), (Source, "url", "https://example.org/2")),
    *((model, "is_redacted", True) for model in (Participant, Concern, Source)),
]


def test_every_column_is_tried_below() -> None:
    def columns(model: type[models.Model]) -> set[str]:
        return {field.attname for field in model._meta.concrete_fields}

    assert columns(Pledge) == PLEDGE.keys() | PLEDGE_REFERENCES | PLEDGE_HANDOVER | {"id"}
    assert columns(Meeting) == MEETING.keys() | MEETING_REFERENCES | MEETING_UNSAID
    for part in (Participant, Concern, Source):
        tried = {column for model, column, _value in PARTS if model is part}
        assert columns(part) == tried | {"id", "meeting_id", "number"}


@pytest.fixture
def restored(world: Meeting) -> Iterator[list[tuple[str, str]]]:
    """To be filled with the only drifts that a test puts in: they are found, and repair leaves every row as it was."""
    before, expected = rows(), list[tuple[str, str]]()
    yield expected
    drifted = rows()
    assert expected
    assert drifts() == expected
    assert rows() == drifted
    assert drifted != before
    assert [(drift.subject, drift.column) for drift in rebuild(repair=True)] == expected
    assert rows() == before


@pytest.mark.parametrize("column", PLEDGE)
def test_a_pledges_column_is_put_right(world: Meeting, restored: list[tuple[str, str]], column: str) -> None:
    number, value = PLEDGE[column]
    pledge = world.pledges.get(number=number)
    put(pledge, column, value)
    restored.append((f"pledge {pledge.pk}", column))


@pytest.mark.parametrize("column", MEETING)
def test_a_meetings_column_is_put_right(world: Meeting, restored: list[tuple[str, str]], column: str) -> None:
    put(world, column, MEETING[column])
    restored.append((f"meeting {world.pk}", column))


@pytest.mark.parametrize(("model", "column", "value"), PARTS)
def test_a_column_of_a_part_is_put_right(
    world: Meeting, restored: list[tuple[str, str]], model: type[models.Model], column: str, value: Any
) -> None:
    part = model._default_manager.get(meeting=world, number=1)
    put(part, column, value)
    restored.append((f"meeting {world.pk}, {model._meta.model_name} 1", column.removesuffix("_id")))


def test_what_a_pledge_refers_to_is_put_right(world: Meeting, cast: Cast, restored: list[tuple[str, str]]) -> None:
    pledge = world.pledges.get(number=1)
    put(pledge, "kind_id", PledgeKind.objects.get(slug="other").pk)
    put(pledge, "responsible_id", cast.other_agency.pk)
    put(pledge, "said_by_id", None)
    put(pledge, "meeting_id", Meeting.objects.drafts().get().pk)
    pledge.neighbourhoods.clear()
    pledge.partners.set([cast.headquarters])
    pledge.concerns.clear()
    columns = [drift.column for drift in rebuild(repair=False)]
    assert set(columns) == {"kind", "responsible", "said_by", "meeting", "neighbourhoods", "partners", "concerns"}
    restored += [(f"pledge {pledge.pk}", column) for column in columns]


def test_who_is_to_answer_instead_is_put_right(world: Meeting, cast: Cast, restored: list[tuple[str, str]]) -> None:
    pledge = world.pledges.get(number=3)
    Pledge.objects.filter(pk=pledge.pk).update(handover="offered", offered_to=cast.other_agency)
    put(pledge, "promised_by_id", cast.headquarters.pk)
    restored += [(f"pledge {pledge.pk}", column) for column in ("handover", "offered_to", "promised_by")]


def test_what_a_meeting_refers_to_is_put_right(world: Meeting, cast: Cast, restored: list[tuple[str, str]]) -> None:
    put(world, "host_id", cast.headquarters.pk)
    put(world, "logged_by_id", None)
    put(world, "follows_up_id", None)
    put(world, "series_id", None)
    world.neighbourhoods.set(Neighbourhood.objects.exclude(pk=cast.neighbourhood.pk))
    columns = [drift.column for drift in rebuild(repair=False)]
    assert set(columns) == {"host", "logged_by", "follows_up", "series", "neighbourhoods"}
    restored += [(f"meeting {world.pk}", column) for column in columns]


def test_a_part_that_was_taken_away_is_put_back(world: Meeting) -> None:
    Source.objects.filter(meeting=world).delete()
    assert drifts() == [(f"meeting {world.pk}", "source_1")]
    assert len(list(rebuild(repair=True))) == 1
    assert (Source.objects.get(meeting=world).publisher, drifts()) == ("جمعية الحي", [])


def test_the_name_of_somebody_who_is_not_named_stays_where_it_is(world: Meeting) -> None:
    unnamed = world.participants.get(number=2)
    put(unnamed, "role", "غيره")
    list(rebuild(repair=True))
    unnamed_again = world.participants.get(number=2)
    assert (unnamed_again.name, unnamed_again.role) == (unnamed.name, "ساكن")


def test_a_part_of_which_the_ledger_knows_nothing_is_told_and_left(world: Meeting) -> None:
    ParticipantFactory.create(meeting=world, number=9)
    (drift,) = rebuild(repair=True)
    assert (drift.column, drift.is_repairable) == ("participant_9", False)
    assert world.participants.count() == 3


def test_a_history_without_its_row_is_told(world: Meeting) -> None:
    draft = Meeting.objects.drafts().get()
    for name in (f"meeting/{draft.pk}", "pledge/999999"):
        open_stream(name)
    found = list(rebuild(repair=True))
    assert [(drift.subject, drift.column) for drift in found] == [
        (f"meeting {draft.pk}", "stream"),
        ("pledge 999999", "stream"),
    ]
    assert not any(drift.is_repairable for drift in found)


def test_a_row_that_leads_to_another_history_is_told(world: Meeting) -> None:
    pledge = world.pledges.get(number=1)
    own = f"pledge/{pledge.pk}"
    put(pledge, "stream_id", open_stream("somewhere/1").pk)
    assert [(drift.subject, drift.holds, drift.says, drift.is_repairable) for drift in rebuild(repair=True)] == [
        (f"pledge {pledge.pk}", "somewhere/1", own, False),
        (f"pledge {pledge.pk}", None, f"it was published (history “{own}”)", False),
    ]


def test_a_pledge_of_which_the_record_was_withdrawn_stays_withdrawn(world: Meeting, cast: Cast) -> None:
    pledge = world.pledges.get(number=2)
    withdraw_pledge(pledge, reason="مكرّر", by=cast.manager, now=LATER)
    assert drifts() == []
    put(pledge, "state", "published")
    assert drifts() == [(f"pledge {pledge.pk}", "state")]
    list(rebuild(repair=True))
    assert world.pledges.get(number=2).state == "withdrawn"


def test_what_was_redacted_is_no_drift_and_does_not_come_back(world: Meeting, cast: Cast) -> None:
    pledge = world.pledges.get(number=2)
    recorded = Entry.objects.get(stream__pledge=pledge, number=1)
    published = Entry.objects.get(stream__meeting=world, number=1)
    redact(recorded, fields=["place"], reason="خاصّ", by=cast.moderator, now=LATER)
    redact(published, fields=["participant_2", "summary"], reason="خاصّ", by=cast.moderator, now=LATER)
    assert drifts() == []
    put(pledge, "place", "السوق")
    put(world, "summary", "كلام")
    put(world.participants.get(number=2), "role", "ساكن")
    assert drifts() == [
        (f"meeting {world.pk}", "summary"),
        (f"meeting {world.pk}, participant 2", "role"),
        (f"pledge {pledge.pk}", "place"),
    ]
    list(rebuild(repair=True))
    assert (world.pledges.get(number=2).place, Meeting.objects.get(pk=world.pk).summary) == ("", "")
    assert world.participants.get(number=2).role == ""
    assert drifts() == []


def test_a_text_typed_in_another_unicode_form_is_no_drift(cast: Cast) -> None:
    published_meeting(title="e\u0301le\u0300ve", pledges=[{"title": "a\u0300 faire"}])
    assert drifts() == []


def test_a_renamed_organisation_changes_what_search_finds_and_nothing_else(world: Meeting, cast: Cast) -> None:
    cast.agency.name_fr = "Nouveau nom"
    cast.agency.save()
    assert {column for _subject, column in drifts()} == {"folded"}
    list(rebuild(repair=True))
    assert Pledge.objects.matching("nouveau nom").count() == 3


def test_every_subject_is_looked_at_however_few_fit_in_memory(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 2)
    for _each in range(3):
        published_meeting(pledges=[{}, {}])
    Pledge.objects.update(status="kept")
    assert drifts() == [(f"pledge {pledge.pk}", "status") for pledge in Pledge.objects.order_by("pk")]


def test_looking_takes_as_many_queries_for_three_meetings_as_for_one(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(2):
        published_meeting(pledges=[{}, {}])
        with django_assert_num_queries(QUERIES):
            assert drifts() == []


def said(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("rebuild", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_checks_repairs_and_says_what_it_found(world: Meeting) -> None:
    pledge = world.pledges.get(number=1)
    assert said("--check") == said() == "Every column holds what the ledger says.\n"
    put(pledge, "status", "not_kept")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of the columns above"):
        call_command("rebuild", "--check", stdout=out)
    assert out.getvalue() == f"pledge {pledge.pk}, status: holds “not_kept”, the ledger says “kept”\n"
    assert world.pledges.get(number=1).status == "not_kept"
    assert said().endswith("1 columns repaired.\n")
    assert said("--check") == "Every column holds what the ledger says.\n"


def test_the_command_fails_when_something_could_not_be_repaired(world: Meeting) -> None:
    open_stream("pledge/999999")
    with pytest.raises(CommandError, match="1 of the columns above"):
        said()
