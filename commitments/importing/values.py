"""What stands in a cell, as a day, a time, a number, a choice: in any digits, with the months as Morocco names them."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from commitments.importing.reading import Value
from commitments.schedules import DAY_CODES, weekly_rule
from mail.writing import isolated, one_line
from meetings.days import day_of, month_numbers
from meetings.models.named import LANGUAGES
from meetings.search import fold_text
from meetings.text import listed

EARLIEST, LATEST = date(1950, 1, 1), date(2200, 1, 1)
SERIALS_FROM = date(1899, 12, 30)  # day 0 of a spreadsheet program's calendar
MOST_WORDS = 3  # of a date
MOST_SHOWN = 40  # characters of a cell that is spoken of
YES, NO = {"نعم", "oui", "yes", "true", "1", "x", "vrai"}, {"لا", "non", "no", "false", "0", "faux"}
# No spaces around it: where there are thousands of them, each would be looked at from each. What is split is stripped.
_BETWEEN = re.compile(r"[;؛\n]")


class NoSuchDay(ValueError):
    """What is written as a day is none: the 31st of February."""


def text(value: Value) -> str:
    """The cell as text; a whole number has no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value).strip()


def day(value: Value) -> date:
    """A day: the spreadsheet's own, its serial number, 9/1/2019, 2019-01-09 or 9 يناير 2019; raises ValidationError."""
    try:
        found = _day(value)
    except NoSuchDay as error:
        sentence = _("“%(written)s”: there is no such day. Write day, month and year: 9/1/2019.")
        raise ValidationError(sentence % {"written": shown(value)}) from error
    except (ValueError, OverflowError, TypeError):
        found = None
    if found is None or not EARLIEST <= found < LATEST:
        sentence = _("We cannot read “%(written)s” as a date. Write day, month and year: 9/1/2019.")
        raise ValidationError(sentence % {"written": shown(value)})
    return found


def shown(value: Value) -> str:
    """The beginning of a cell, for the middle of a sentence."""
    return isolated(one_line(text(value), limit=MOST_SHOWN))


def _day(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        return SERIALS_FROM + timedelta(days=int(value))
    return _day_in(fold_text(re.sub(r"\s00:00(:00)?$", "", str(value).strip())).split())


def _day_in(words: list[str]) -> date:
    if len(words) == 1 and re.fullmatch(r"\d{5}", words[0]):
        return SERIALS_FROM + timedelta(days=int(words[0]))
    numbers = [int(found[1]) for each in words if (found := re.fullmatch(r"(\d{1,4})(?:er)?", each))]
    months = [month_numbers()[each] for each in words if each in month_numbers()]
    try:
        return day_of(numbers, months)
    except ValueError as error:
        is_day = len(numbers) + len(months) == len(words) == MOST_WORDS
        raise NoSuchDay if is_day and len(months) < 2 else error from error


def clock(value: Value) -> time:
    """A time of day: the spreadsheet's own, a part of a day, 8:30 or 8h30; raises ValidationError."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 1440)
        return time(minutes // 60 % 24, minutes % 60)
    found = re.fullmatch(r"(\d{1,2})(?:[ h](\d{2})?(?: 00)?)?", fold_text(str(value)))
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return time(int(found[1]), int(found[2] or 0))
    raise ValidationError(_("We cannot read this time. Write hours and minutes: 08:30."))


def number(value: Value) -> int:
    """A whole number, in any digits; raises ValidationError."""
    found = re.fullmatch(r"\d{1,9}", fold_text(text(value)))
    if found is None:
        raise ValidationError(_("Write a whole number here."))
    return int(found[0])


def numbers(value: Value) -> list[int]:
    """Several of them, with anything between."""
    return sorted({int(each) for each in re.findall(r"\d{1,4}", fold_text(text(value)))})


def yes(value: Value) -> bool:
    """Yes or no, in any of the three languages; raises ValidationError."""
    folded = fold_text(text(value))
    if folded in YES or folded in NO:
        return folded in YES
    raise ValidationError(_("Write yes or no here."))


@cache
def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    """The values by their labels in every language, folded."""
    found = {fold_text(each.value): each.value for each in choices}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold_text(str(each.label)): each.value for each in choices}
    return found


def choice_of(choices: type[models.TextChoices]) -> Callable[[Value], str]:
    """A reader of one of these choices, by its label in any language or by its code."""

    def read(value: Value) -> str:
        found = _labels(choices).get(fold_text(text(value)))
        if found is None:
            known = listed(_("“%(words)s”") % {"words": each.label} for each in choices)
            raise ValidationError(_("This is none of the words that can stand here: %(words)s") % {"words": known})
        return found

    return read


@cache
def _weekdays() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold_text(str(WEEKDAYS[place])): code for place, code in enumerate(DAY_CODES)}
    return found


def rule(value: Value) -> str:
    """Days of the week by their names, or a rule as RFC 5545 writes it."""
    written = text(value)
    if written.upper().startswith(("FREQ=", "RRULE:")) or "=" in written:
        return written.upper().removeprefix("RRULE:")
    named = {_weekdays().get(fold_text(each)) for each in re.split(r"[\s,،;؛]+", written) if each}
    if None in named:
        raise ValidationError(_("Write days of the week here, such as: Monday, Thursday."))
    return weekly_rule([code for code in DAY_CODES if code in named])


def windows(value: Value) -> list[list[str]]:
    """Hours as pairs: "08:00-10:00; 14:00-18:00"."""
    return [[f"{clock(first):%H:%M}", f"{clock(last):%H:%M}"] for first, last in _pairs(value, r"[-–—]")]


def pauses(value: Value) -> list[list[str]]:
    """Days as pairs: "18/2/2026 - 19/3/2026"."""
    return [[day(first).isoformat(), day(last).isoformat()] for first, last in _pairs(value, r"\s[-–—]\s")]


def _pairs(value: Value, between: str) -> Iterable[tuple[str, str]]:
    for each in items(value):
        first, *rest = re.split(between, each)
        if len(rest) != 1:
            raise ValidationError(_("Write a beginning and an end with “ - ” between them."))
        yield first.strip(), rest[0].strip()


def translations(value: Value) -> Any:
    """Translations as an export writes them."""
    try:
        found = json.loads(text(value))
        json.dumps(found, ensure_ascii=False).encode()  # JSON can spell what no text holds: halves of surrogate pairs
        return found
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("Translations are given by language: ar, fr or en.")) from error


def items(value: Value) -> list[str]:
    """The parts of a cell that lists several, a semicolon or a line end between them."""
    return [each.strip() for each in _BETWEEN.split(text(value)) if each.strip()]
