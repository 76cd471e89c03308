"""Rules → expected occurrences → adherence, against a slow reference that counts day by day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from commitments.schedules import (
    Occurrence,
    Schedule,
    adherence,
    validate_pauses,
    validate_rule,
    validate_windows,
    weekdays_of,
    weekly_rule,
)

NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEKDAYS = st.lists(st.sampled_from(NAMES), min_size=1, unique=True).map(lambda days: sorted(days, key=NAMES.index))
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(WEEKDAYS, DAYS, st.integers(0, 90), st.integers(0, 400))
def test_a_weekly_rule_gives_the_days_that_counting_gives(days: list[str], start: date, lag: int, span: int) -> None:
    schedule = Schedule(rule=weekly_rule(days), starts_on=start)
    first = start + timedelta(days=lag - 30)
    last = first + timedelta(days=span)
    each_day = [first + timedelta(days=offset) for offset in range(span + 1)]

    assert schedule.days(first, last) == [day for day in each_day if day >= start and NAMES[day.weekday()] in days]


@given(DAYS, st.integers(0, 60), st.integers(0, 30))
def test_pauses_and_the_end_take_days_away(start: date, offset: int, length: int) -> None:
    pause = (start + timedelta(days=offset), start + timedelta(days=offset + length))
    end = start + timedelta(days=70)
    schedule = Schedule(rule="FREQ=DAILY", starts_on=start, ends_on=end, pauses=(pause,))
    found = schedule.days(start, start + timedelta(days=200))

    assert all(not pause[0] <= day <= pause[1] for day in found)
    assert len(found) == 71 - len([day for day in range(length + 1) if offset + day <= 70])


def test_the_change_of_the_clock_moves_no_occurrence() -> None:
    """Morocco sets its clocks back for Ramadan, in 2026 from 15 February to 22 March."""
    schedule = Schedule(rule="FREQ=DAILY", starts_on=date(2026, 2, 10), windows=(("02:00", "03:00"),))

    assert len(list(schedule.between(date(2026, 2, 10), date(2026, 3, 31)))) == 50


def test_a_leap_day_is_a_day() -> None:
    assert Schedule(rule="FREQ=DAILY", starts_on=date(2028, 2, 28)).days(date(2028, 2, 28), date(2028, 3, 1)) == [
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]


def test_without_a_rule_nothing_is_expected() -> None:
    schedule = Schedule(starts_on=date(2019, 1, 9))

    assert not schedule.is_stated
    assert schedule.days(date(2019, 1, 9), date(2026, 1, 1)) == []


def test_each_window_of_a_day_is_an_occurrence() -> None:
    schedule = Schedule("FREQ=DAILY", date(2026, 3, 2), windows=(("17:00", "18:00"), ("08:00", "09:00")))

    assert schedule.on(date(2026, 3, 2)) == [
        Occurrence(date(2026, 3, 2), "08:00"),
        Occurrence(date(2026, 3, 2), "17:00"),
    ]


@given(st.dictionaries(st.integers(-5, 40), st.booleans(), max_size=20), st.integers(0, 30))
def test_adherence_counts_what_a_slow_count_counts(told: dict[int, bool], today: int) -> None:
    start = date(2026, 1, 5)
    on = start + timedelta(days=today)
    carried_out = {Occurrence(start + timedelta(days=offset)): confirmed for offset, confirmed in told.items()}
    schedule = Schedule(rule=weekly_rule(["MO", "WE"]), starts_on=start)
    expected = [
        day
        for day in (start + timedelta(days=offset) for offset in range(today + 1))
        if day.weekday() in {0, 2} and (day < on or Occurrence(day) in carried_out)
    ]
    counted = adherence(schedule, carried_out=carried_out, on=on)

    assert counted.expected == len(expected)
    assert counted.carried_out == sum(Occurrence(day) in carried_out for day in expected)
    assert counted.confirmed == sum(carried_out.get(Occurrence(day), False) for day in expected)
    assert counted.extra == sum(start <= each.day <= on and each.day not in expected for each in carried_out)
    assert 0 <= counted.confirmed <= counted.carried_out <= counted.expected


@given(WEEKDAYS)
def test_weekdays_go_into_a_rule_and_come_back(days: list[str]) -> None:
    assert weekdays_of(weekly_rule(days)) == days
    validate_rule(weekly_rule(days))


@pytest.mark.parametrize(
    "rule",
    [
        *("", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=8", "every day", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;COUNT=many"),
        *("FREQ=DAILY;FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=00;COUNT=2", "FREQ=DAILY;COUNT=-1"),
        *(
            "FREQ=DAILY\nRDATE:20260101",
            "FREQ=DAILY;UNTIL=20270101T000000Z",
            "FREQ=DAILY;UNTIL=X",
            "FREQ=WEEKLY;WKST=X",
        ),
        *(
            "FREQ=WEEKLY;BYDAY=,",
            "FREQ=WEEKLY;BYDAY=5",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        ),
        *("FREQ=MONTHLY;BYDAY=MO,1MO", "FREQ=WEEKLY;BYDAY=1MO", "BYDAY=-1FR;FREQ=DAILY"),
        *("FREQ=MONTHLY;BYMONTHDAY=-", "FREQ=DAILY;INTERVAL=1-1", "FREQ=DAILY;UNTIL=99999999"),
    ],
)
def test_what_is_no_rule_by_the_day_is_refused(rule: str) -> None:
    with pytest.raises(ValidationError):
        validate_rule(rule)


@pytest.mark.parametrize(
    "windows",
    ["08:00", [["08:00"]], [["8", "9"]], [["09:00", "08:00"]], [["25:00", "26:00"]], [["08:00", "09:00"]] * 2],
)
def test_what_are_no_hours_is_refused(windows: object) -> None:
    with pytest.raises(ValidationError):
        validate_windows(windows)


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=DAILY", "INTERVAL=2;FREQ=WEEKLY;WKST=MO;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=10"),
        *("FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=10", "FREQ=YEARLY;BYMONTH=3;UNTIL=20300101"),
    ],
)
def test_what_is_a_rule_by_the_day_is_none_too_many(rule: str) -> None:
    validate_rule(rule)


def test_a_night_patrol_may_end_on_the_next_morning() -> None:
    validate_windows([["22:00", "02:00"]])


@pytest.mark.parametrize("pauses", ["2026-01-01", [["2026-01-01"]], [["2026-02-01", "2026-01-01"]], [["x", "y"]], None])
def test_what_are_no_pauses_is_refused(pauses: object) -> None:
    with pytest.raises(ValidationError):
        validate_pauses(pauses)
