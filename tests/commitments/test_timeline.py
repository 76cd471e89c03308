"""A history in words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from commitments.changes import Change
from commitments.correcting import correct_pledge
from commitments.models import Pledge
from commitments.moderation import redact
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import (
    Status,
    Verdict,
    Wording,
    answer,
    assess,
    history,
    reply_to_wording,
)
from commitments.timeline import timeline
from tests.cast import Cast
from tests.factories import PledgeKindFactory, published_meeting

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        neighbourhoods=[cast.neighbourhood],
        pledges=[{"timing": "ongoing", "place": "المدخل"}],
    )
    found: Pledge = meeting.pledges.get()
    return found


def test_a_history_reads_from_the_latest_to_the_first_with_who_said_what(cast: Cast, pledge: Pledge) -> None:
    reply_to_wording(pledge, wording=Wording.AGREED, by=cast.official, organisation=cast.agency, now=NOW)
    answer(pledge, status=Status.KEPT, text="تمّ", by=cast.official, organisation=cast.agency, now=NOW)
    log_occurrence(
        pledge, occurrence=Occurrence(date(2026, 3, 5)), was_carried_out=True, by=cast.official,
        organisation=cast.agency, now=NOW,
    )  # fmt: skip
    assess(
        pledge, verdict=Verdict.DISPUTED, text="لم نرها", by=cast.secretary, organisation=cast.association,
        day=date(2026, 3, 9), now=NOW,
    )  # fmt: skip
    items = timeline(history(pledge), subject=pledge)
    assert [(item.number, item.heading, item.speaker, item.text, item.tone) for item in items] == [
        (5, "An association disputes it", cast.association.name_en, "لم نرها", "not_kept"),
        (4, "An occurrence was carried out", cast.agency.name_en, "", "kept"),
        (3, "kept", cast.agency.name_en, "تمّ", "kept"),
        (2, "wording agreed", cast.agency.name_en, "", "acknowledged"),
        (1, "The pledge was recorded", cast.association.name_en, "", "no_answer"),
    ]
    assert [item.speaks_of for item in items[:2]] == [
        "speaks of the same day",
        "speaks of 5 March 2026, made on 9 March 2026",
    ]
    assert [item.number for item in items if item.is_of_occurrence] == [4]


def test_a_correction_shows_old_and_new(cast: Cast, pledge: Pledge) -> None:
    correct_pledge(pledge, changes={"place": "", "title": "دورية"}, reason="خطأ", by=cast.manager, now=NOW)
    correction = timeline(history(pledge), subject=pledge)[0]
    assert correction.text == "خطأ"
    assert {change.field: change.new for change in correction.changes} == {"what was promised": "دورية", "where": "—"}
    assert Change("where", "المدخل", "—") in correction.changes


def test_a_correction_says_choices_kinds_and_days_in_words(cast: Cast, pledge: Pledge) -> None:
    kind = PledgeKindFactory.create(slug="checkpoint", name_en="checkpoint")
    changes = {"timing": Pledge.Timing.BY_DATE, "due_on": date(2026, 9, 30), "kind": kind}
    correct_pledge(pledge, changes=changes, reason="خطأ", by=cast.manager, now=NOW)
    assert set(timeline(history(pledge), subject=pledge)[0].changes) == {
        Change("when", "ongoing", "by a date"),
        Change("due date", "—", "30 September 2026"),
        Change("kind", "patrol", "checkpoint"),
    }


def test_what_a_correction_says_of_a_restricted_place_is_not_shown(cast: Cast) -> None:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{"place": "زنقة سرّية", "is_place_restricted": True}],
    )
    pledge = meeting.pledges.get()
    correct_pledge(pledge, changes={"place": "زنقة أخرى"}, reason="خطأ", by=cast.manager, now=NOW)
    assert timeline(history(pledge), subject=pledge)[0].changes == ()


def test_a_redaction_says_by_whom_when_and_why(cast: Cast, pledge: Pledge) -> None:
    entry = answer(pledge, status=Status.KEPT, text="اسم", by=cast.official, organisation=cast.agency, now=NOW)
    redact(entry, fields=["text"], reason="اسم شخص", by=cast.moderator, now=NOW)
    redaction, redacted, _recorded = timeline(history(pledge), subject=pledge)
    assert (redaction.heading, redaction.speaker) == ("Words were redacted by the moderators", "the site")
    assert (redacted.is_redacted, redacted.text) == (True, "")
    assert redacted.redactions == ("By the moderators, 9 March 2026: اسم شخص",)


def test_each_of_several_redactions_of_an_entry_says_why(cast: Cast, pledge: Pledge) -> None:
    changes = {"title": "اسم", "place": "بيت"}
    entry = correct_pledge(pledge, changes=changes, reason="خطأ", by=cast.manager, now=NOW)
    redact(entry, fields=["new_title"], reason="اسم شخص", by=cast.moderator, now=NOW)
    redact(entry, fields=["new_place"], reason="عنوان شخص", by=cast.moderator, now=NOW)
    items = {item.number: item for item in timeline(history(pledge), subject=pledge)}
    assert items[entry.number].redactions == (
        "By the moderators, 9 March 2026: اسم شخص",
        "By the moderators, 9 March 2026: عنوان شخص",
    )


@pytest.mark.parametrize(("is_restricted", "hours"), [(False, "\u206608:00–09:00\u2069"), (True, "")])
def test_an_occurrence_says_its_hours_unless_they_are_restricted(cast: Cast, is_restricted: bool, hours: str) -> None:
    stated = {"timing": "recurring", "rule": "FREQ=DAILY", "windows": [["08:00", "09:00"]]}
    meeting = published_meeting(
        host=cast.agency,
        neighbourhoods=[cast.neighbourhood],
        pledges=[stated | {"is_time_restricted": is_restricted}],
    )
    pledge, occurrence = meeting.pledges.get(), Occurrence(date(2026, 3, 5), "08:00")
    log_occurrence(
        pledge, occurrence=occurrence, was_carried_out=True, by=cast.official, organisation=cast.agency, now=NOW
    )
    check_occurrence(
        pledge, occurrence=occurrence, verdict=Verdict.CONFIRMED, by=cast.secretary, organisation=cast.association,
        now=NOW,
    )  # fmt: skip
    assert [item.hours for item in timeline(history(pledge), subject=pledge)] == [hours, hours, ""]


def test_speakers_that_are_given_cost_no_query(cast: Cast, pledge: Pledge, django_assert_num_queries: object) -> None:
    entries = list(history(pledge))
    with django_assert_num_queries(0):  # type: ignore[operator]
        items = timeline(entries, subject=pledge, names={"hay": "جمعية"})
    assert [item.speaker for item in items] == ["جمعية"]
