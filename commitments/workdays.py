"""Working days: weekends and the country's holidays left out, for the clocks of silence."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

_SATURDAY = 5


@lru_cache(maxsize=128)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_working_day(day: date) -> bool:
    """Whether offices are open: no Saturday, no Sunday, no public holiday (the lunar ones as foreseen)."""
    return day.weekday() < _SATURDAY and day not in _holidays(settings.HOLIDAYS_COUNTRY, day.year)


def add_working_days(start: date, count: int) -> date:
    """The working day on which `count` working days have passed since `start`, which does not count itself."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`."""
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))
