"""Working days and public holidays: left out by the clocks of silence, and by the pledges that say so."""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.conf import settings

_SATURDAY = 5
# How far ahead holidays are left out of a pledge that has no end: the calendar of the moon is foreseen, not known.
YEARS_AHEAD = 2

Pauses = tuple[tuple[date, date], ...]


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


def holidays_until(starts_on: date, ends_on: date | None) -> date:
    """Until when public holidays are left out of a pledge: its end, or that of the second year after it starts."""
    foreseen = date(min(starts_on.year + YEARS_AHEAD, date.max.year), 12, 31)
    return min(ends_on, foreseen) if ends_on else foreseen


def public_holidays(starts_on: date, ends_on: date | None) -> list[date]:
    """The public holidays that a pledge leaves out, each in its order (decision 0018)."""
    last = holidays_until(starts_on, ends_on)
    years = range(starts_on.year, last.year + 1)
    days = {day for year in years for day in _holidays(settings.HOLIDAYS_COUNTRY, year)}
    return sorted(day for day in days if starts_on <= day <= last)


def left_out(pauses: Pauses, starts_on: date | None, ends_on: date | None) -> tuple[bool, Pauses]:
    """Whether pauses leave out every public holiday, and the pauses beside those."""
    days = public_holidays(starts_on, ends_on) if starts_on else []
    if not days or not {(day, day) for day in days} <= set(pauses):
        return False, pauses
    return True, tuple(pause for pause in pauses if pause[0] != pause[1] or pause[0] not in days)
