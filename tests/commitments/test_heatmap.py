"""The calendar of a recurring pledge."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from commitments.heatmap import WEEKS, Heatmap, heatmap
from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Verdict, history
from commitments.state import fold
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
        2: "no_news", 3: "confirmed", 4: "disputed", 5: "reported", 6: "not_carried_out", 7: "extra",
        8: "not_expected", 9: "no_news", 10: "future", 11: "future", 12: "future", 13: "future", 14: "not_expected",
        15: "not_expected",
    }  # fmt: skip
    assert calendar.adherence is not None
    assert (calendar.adherence.carried_out, calendar.adherence.expected, calendar.adherence.extra) == (3, 6, 1)
    assert [name for name, _words in calendar.key] == [
        "confirmed", "disputed", "reported", "not_carried_out", "no_news", "extra", "future",
    ]  # fmt: skip


def test_of_several_hours_in_a_day_the_worst_is_shown(cast: Cast) -> None:
    pledge = promised(cast, windows=[["08:00", "09:00"], ["17:00", "18:00"]])
    logged(cast, pledge, date(2026, 3, 3), window="08:00")
    logged(cast, pledge, date(2026, 3, 4), window="08:00")
    logged(cast, pledge, date(2026, 3, 4), window="17:00", done=False)
    assert {day: state for day, state in states(drawn(pledge, date(2026, 3, 5))).items() if day in {3, 4}} == {
        3: "no_news",
        4: "not_carried_out",
    }


def test_weeks_run_from_monday_and_end_with_the_week_of_today(cast: Cast) -> None:
    calendar = drawn(promised(cast), date(2026, 3, 11))
    assert [[cell.day for cell in week][::6] for week in calendar.weeks] == [
        [MONDAY, date(2026, 3, 8)],
        [date(2026, 3, 9), date(2026, 3, 15)],
    ]


def test_no_more_than_half_a_year_is_drawn(cast: Cast) -> None:
    calendar = drawn(promised(cast), MONDAY + timedelta(days=1000))
    assert len(calendar.weeks) == WEEKS
    assert calendar.since == MONDAY


def test_days_to_come_and_today_are_not_given_away_where_hours_are_restricted(cast: Cast) -> None:
    pledge = promised(cast, is_time_restricted=True)
    on = date(2026, 3, 4)
    assert states(drawn(pledge, on)) == {
        2: "no_news", 3: "no_news", 4: "not_expected", 5: "not_expected", 6: "not_expected", 7: "not_expected",
        8: "not_expected",
    }  # fmt: skip


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
