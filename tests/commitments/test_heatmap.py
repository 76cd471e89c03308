"""The calendar of a recurring pledge."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from commitments.heatmap import WEEKS, Heatmap, heatmap
from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Verdict, history
from commitments.state import Reported, fold
from tests.cast import Cast
from tests.factories import published_meeting

MONDAY = date(2026, 3, 2)  # the day of the meeting, and of the first occurrence


def promised(cast: Cast, **fields: Any) -> Pledge:
    """A pledge for every working day, unless told otherwise."""
    stated: dict[str, Any] = {"timing": "recurring", "rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", **fields}
    pledge: Pledge = published_meeting(
        host=cast.agency, neighbourhoods=[cast.neighbourhood], pledges=[stated]
    ).pledges.get()
    return pledge


def logged(cast: Cast, pledge: Pledge, day: date, *, done: bool = True, window: str = "") -> Occurrence:
    """What the agency reports of one day, on the evening of the next."""
    occurrence = Occurrence(day, window)
    log_occurrence(
        pledge, occurrence=occurrence, was_carried_out=done, text="x", by=cast.official, organisation=cast.agency,
        now=datetime.combine(day + timedelta(days=1), time(20), tzinfo=UTC),
    )  # fmt: skip
    return occurrence


def drawn(pledge: Pledge, on: date) -> Heatmap:
    """Its calendar on a day."""
    found = heatmap(pledge, fold(history(pledge)), on=on)
    assert found is not None
    return found


def states(calendar: Heatmap) -> dict[int, str]:
    """The state of each day of March."""
    return {cell.day.day: cell.state for week in calendar.weeks for cell in week if cell.day.month == 3}


def test_each_day_shows_what_is_known_of_it(cast: Cast) -> None:
    pledge = promised(cast)
    confirmed, disputed = logged(cast, pledge, date(2026, 3, 3)), logged(cast, pledge, date(2026, 3, 4))
    logged(cast, pledge, date(2026, 3, 5))
    logged(cast, pledge, date(2026, 3, 6), done=False)
    logged(cast, pledge, date(2026, 3, 7))
    for occurrence, verdict in ((confirmed, Verdict.CONFIRMED), (disputed, Verdict.DISPUTED)):
        check_occurrence(
            pledge, occurrence=occurrence, verdict=verdict, text="x", by=cast.secretary,
            organisation=cast.association, now=datetime(2026, 3, 9, tzinfo=UTC),
        )  # fmt: skip
    calendar = drawn(pledge, date(2026, 3, 10))
    assert states(calendar) == {
        2: "not_expected", 3: "confirmed", 4: "disputed", 5: "reported", 6: "not_carried_out", 7: "extra",
        8: "not_expected", 9: "no_news", 10: "future", 11: "future", 12: "future", 13: "future", 14: "not_expected",
        15: "not_expected",
    }  # fmt: skip
    assert calendar.adherence is not None
    assert (calendar.adherence.carried_out, calendar.adherence.expected, calendar.adherence.extra) == (3, 5, 1)
    assert (calendar.confirmed, calendar.disputed) == (1, 1)
    assert [name for name, _words in calendar.key] == [
        "confirmed", "disputed", "reported", "not_carried_out", "no_news", "extra", "future",
    ]  # fmt: skip


def labels(calendar: Heatmap) -> dict[int, str]:
    """The words for each day of March."""
    return {cell.day.day: cell.label for week in calendar.weeks for cell in week if cell.day.month == 3}


def test_of_several_hours_in_a_day_both_those_kept_and_those_missed_are_shown(cast: Cast, english: None) -> None:
    pledge = promised(cast, windows=[["08:00", "09:00"], ["17:00", "18:00"]])
    logged(cast, pledge, date(2026, 3, 3), window="08:00")
    logged(cast, pledge, date(2026, 3, 4), window="08:00")
    logged(cast, pledge, date(2026, 3, 4), window="17:00", done=False)
    logged(cast, pledge, date(2026, 3, 5), window="08:00", done=False)
    calendar = drawn(pledge, date(2026, 3, 6))
    assert {day: state for day, state in states(calendar).items() if 3 <= day <= 6} == {
        3: "part_known",
        4: "mixed",
        5: "not_carried_out",
        6: "future",
    }
    assert labels(calendar)[4] == "1 of 2 carried out · 08:00 reported as carried out · 17:00 not carried out"
    assert labels(calendar)[3] == "1 of 2 carried out · 08:00 reported as carried out · 17:00 no news"
    assert [name for name, _words in calendar.key] == ["mixed", "part_known", "not_carried_out", "future"]


def test_what_was_not_promised_is_not_drawn_as_missed(cast: Cast) -> None:
    pledge = promised(cast)
    sunday, tuesday = date(2026, 3, 8), date(2026, 3, 10)
    extra = fold(history(pledge))
    report = Reported(9, cast.agency.slug, sunday, sunday, was_carried_out=False)
    told = replace(extra, occurrences={Occurrence(sunday): report, Occurrence(tuesday): report})
    calendar = heatmap(pledge, told, on=date(2026, 3, 11))
    assert calendar is not None
    assert (states(calendar)[8], states(calendar)[10]) == ("not_expected", "not_carried_out")
    assert labels(calendar)[8] == labels(calendar)[7]


def test_days_before_the_publication_are_shown_as_far_as_they_are_known_and_not_counted(cast: Cast) -> None:
    pledge = promised(cast, starts_on=date(2026, 2, 23))
    logged(cast, pledge, date(2026, 3, 2))
    calendar = drawn(pledge, date(2026, 3, 5))
    found = {cell.day: cell.state for week in calendar.weeks for cell in week}
    assert (found[date(2026, 2, 24)], found[date(2026, 3, 2)], found[date(2026, 3, 3)]) == (
        "not_expected",
        "reported",
        "no_news",
    )
    assert calendar.adherence is not None
    assert (calendar.adherence.carried_out, calendar.adherence.expected) == (0, 2)
    assert calendar.counted_since == date(2026, 3, 3)


def test_a_promise_that_begins_after_its_publication_is_counted_from_its_start(cast: Cast) -> None:
    calendar = drawn(promised(cast, starts_on=date(2026, 3, 9)), date(2026, 3, 11))
    assert calendar.counted_since is None
    assert calendar.adherence is not None
    assert calendar.adherence.expected == 2


@pytest.mark.parametrize("timing", ["ongoing", "recurring"])
def test_where_no_days_were_stated_and_none_is_known_there_is_no_calendar(cast: Cast, timing: str) -> None:
    pledge = promised(cast, rule="", timing=timing)
    assert heatmap(pledge, fold(history(pledge)), on=date(2026, 3, 5)) is None


def test_weeks_run_from_monday_and_end_with_the_week_of_today(cast: Cast) -> None:
    calendar = drawn(promised(cast), date(2026, 3, 11))
    assert [[cell.day for cell in week][::6] for week in calendar.weeks] == [
        [MONDAY, date(2026, 3, 8)],
        [date(2026, 3, 9), date(2026, 3, 15)],
    ]


def test_no_more_than_half_a_year_is_drawn(cast: Cast) -> None:
    calendar = drawn(promised(cast), MONDAY + timedelta(days=1000))
    assert len(calendar.weeks) == WEEKS
    assert calendar.weeks[0][0].day == MONDAY + timedelta(days=1000 - 7 * (WEEKS - 1) - 6)


def test_days_to_come_and_today_are_not_given_away_where_hours_are_restricted(cast: Cast) -> None:
    pledge = promised(cast, is_time_restricted=True)
    on = date(2026, 3, 4)
    assert states(drawn(pledge, on)) == {
        2: "not_expected", 3: "no_news", 4: "not_expected", 5: "not_expected", 6: "not_expected", 7: "not_expected",
        8: "not_expected",
    }  # fmt: skip


def test_todays_report_is_in_turn_though_the_hours_are_restricted(cast: Cast) -> None:
    pledge = promised(cast, is_time_restricted=True)
    logged(cast, pledge, date(2026, 3, 4))
    assert states(drawn(pledge, date(2026, 3, 4)))[4] == "reported"


def test_without_a_rule_what_was_done_is_counted_and_no_share_shown(cast: Cast) -> None:
    pledge = promised(cast, rule="")
    logged(cast, pledge, date(2026, 3, 3))
    calendar = drawn(pledge, date(2026, 3, 5))
    assert calendar.adherence is None
    assert calendar.carried_out == 1
    assert states(calendar)[3] == "reported"
    assert "no_news" not in states(calendar).values()


@pytest.mark.parametrize("timing", [{"timing": "not_stated"}, {"timing": "by_date", "due_on": date(2026, 4, 1)}])
def test_what_one_word_finishes_has_no_calendar(cast: Cast, timing: dict[str, Any]) -> None:
    pledge = promised(cast, rule="", **timing)
    assert heatmap(pledge, fold(history(pledge)), on=date(2026, 3, 5)) is None
