"""Days as people write them: in numbers, or with the month in words as Morocco, France or England names it."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import cache

from meetings.search import fold_text

# Each month by all of its names, the Moroccan Arabic one first.
MONTHS = (
    "يناير janvier january janv jan", "فبراير fevrier february fevr fev feb", "مارس mars march mar",
    "أبريل ابريل avril april avr apr", "ماي مايو mai may", "يونيو juin june jun", "يوليوز يوليو juillet july juil jul",
    "غشت أغسطس aout august aug", "شتنبر سبتمبر septembre september sept sep", "أكتوبر octobre october oct",
    "نونبر نوفمبر novembre november nov", "دجنبر ديسمبر decembre december dec",
)  # fmt: skip


@cache
def month_numbers() -> dict[str, int]:
    """The number of each month by its folded names."""
    return {fold_text(name): number for number, names in enumerate(MONTHS, start=1) for name in names.split()}


def read_day(text: str) -> date:
    """The day that a text says, with anything between its parts; raises ValueError."""
    words = re.findall(r"\d+|[^\W\d]+", fold_text(text))
    if any(each.isdigit() and len(each) > 4 for each in words):
        raise ValueError(text)
    numbers = [int(each) for each in words if each.isdigit()]
    return day_of(numbers, [month_numbers()[each] for each in words if each in month_numbers()])


def last_of_month(year: int, month: int) -> date:
    """The last day of a month; raises ValueError beyond the calendar."""
    return date(year, month, monthrange(year, month)[1])


def day_of(numbers: Sequence[int], months: Sequence[int]) -> date:
    """The day that these numbers and the months named beside them say, its year first or last; raises ValueError."""
    if len(months) == 1 and len(numbers) == 2:
        first, last = numbers
        month = months[0]
    elif len(numbers) == 3 and not months:
        first, month, last = numbers
    else:
        raise ValueError(numbers)
    return date(first, month, last) if first > 31 else date(last, month, first)
