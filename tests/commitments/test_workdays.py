"""Working days: weekends and Morocco's holidays left out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commitments.workdays import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 1))


def test_throne_day_and_weekends_are_no_working_days() -> None:
    assert not is_working_day(date(2026, 7, 30))
    assert not is_working_day(date(2026, 11, 22))
    assert is_working_day(date(2026, 11, 24))


def test_the_lunar_holidays_count_too() -> None:
    assert not is_working_day(date(2026, 5, 27))  # Eid al-Adha 1447


@given(DAYS, st.integers(0, 70))
def test_adding_working_days_and_counting_them_agree(start: date, count: int) -> None:
    end = add_working_days(start, count)

    assert working_days_between(start, end) == count
    assert count == 0 or is_working_day(end)
    assert count == 0 or working_days_between(start, end - timedelta(days=1)) == count - 1
