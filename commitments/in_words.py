"""A schedule as one reads it, in the language of the page: each clause a whole message (DESIGN section 5)."""

import re
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.schedules import DAY_CODES, Schedule, hours_in_words
from commitments.workdays import left_out
from meetings.text import listed

_SIMPLE = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY)(?:;INTERVAL=(\d{1,3}))?(?:;(BYDAY|BYMONTHDAY)=([-0-9A-Z,]+))?")


def in_words(schedule: Schedule, *, starts_on: date | None = None) -> list[str]:
    """What was promised about days and hours, a clause each; `starts_on` only where the record states it."""
    clauses = [rule_in_words(schedule.rule), _hours(schedule.windows), _period(starts_on, schedule.ends_on)]
    return [clause for clause in [*clauses, *_exceptions(schedule)] if clause]


def rule_in_words(rule: str) -> str:
    """The days of a rule; one that has no words here is told as it is written, so that nothing is hidden."""
    if not rule:
        return ""
    found = _SIMPLE.fullmatch(rule)
    said = _said(found[1], int(found[2] or 1), found[3] or "", (found[4] or "").split(",")) if found else ""
    return said or _("By a rule of its own: %(rule)s") % {"rule": f"\u2066{rule}\u2069"}


def _said(frequency: str, interval: int, part: str, values: list[str]) -> str:
    if frequency == "DAILY" and not part:
        return _("Every day") if interval == 1 else _every(interval)
    if frequency == "WEEKLY" and part == "BYDAY" and set(values) <= set(DAY_CODES):
        return _weekly(interval, values)
    if frequency == "MONTHLY" and interval == 1 and len(values) == 1:
        return _monthly(part, values[0])
    return ""


def _every(interval: int) -> str:
    return ngettext("Every %(count)d day", "Every %(count)d days", interval) % {"count": interval}


def _weekly(interval: int, codes: list[str]) -> str:
    days = _days(sorted(codes, key=DAY_CODES.index))
    if interval == 1:
        return _("Every week: %(days)s") % {"days": days}
    if interval == 2:
        return _("Every second week: %(days)s") % {"days": days}
    sentence = ngettext("Every %(count)d week: %(days)s", "Every %(count)d weeks: %(days)s", interval)
    return sentence % {"count": interval, "days": days}


def _days(codes: list[str]) -> str:
    """Weekdays one after the other; more than two in a row by the first and the last."""
    first, last = DAY_CODES.index(codes[0]), DAY_CODES.index(codes[-1])
    if len(codes) > 2 and last - first == len(codes) - 1:
        return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
    return listed(WEEKDAYS[DAY_CODES.index(code)] for code in codes)


def _monthly(part: str, value: str) -> str:
    if part == "BYMONTHDAY" and value == "-1":
        return _("The last day of each month")
    if part == "BYMONTHDAY" and value.isdigit():
        return _("On day %(number)s of each month") % {"number": value}
    sentence = {
        "1": _("The first %(day)s of each month"),
        "2": _("The second %(day)s of each month"),
        "3": _("The third %(day)s of each month"),
        "4": _("The fourth %(day)s of each month"),
        "-1": _("The last %(day)s of each month"),
    }.get(value[:-2])
    if part != "BYDAY" or sentence is None or value[-2:] not in DAY_CODES:
        return ""
    return sentence % {"day": WEEKDAYS[DAY_CODES.index(value[-2:])]}


def _hours(windows: tuple[tuple[str, str], ...]) -> str:
    if len(windows) == 1:
        return _("from %(opens)s to %(closes)s") % {"opens": windows[0][0], "closes": windows[0][1]}
    if len(windows) == 2:
        (opens, closes), (opens_again, closes_again) = sorted(windows)
        return _("from %(opens)s to %(closes)s and from %(opens_again)s to %(closes_again)s") % {
            "opens": opens,
            "closes": closes,
            "opens_again": opens_again,
            "closes_again": closes_again,
        }
    return listed(hours_in_words(opens, closes) for opens, closes in sorted(windows))


def _period(starts_on: date | None, ends_on: date | None) -> str:
    first = date_format(starts_on, "DATE_FORMAT") if starts_on else ""
    last = date_format(ends_on, "DATE_FORMAT") if ends_on else ""
    if first and last:
        return _("from %(first)s until %(last)s") % {"first": first, "last": last}
    if last:
        return _("until %(last)s") % {"last": last}
    return _("from %(first)s on") % {"first": first} if first else ""


def _exceptions(schedule: Schedule) -> list[str]:
    """Public holidays by their name where all of them are left out, other pauses by their days."""
    has_holidays, others = left_out(schedule.pauses, schedule.starts_on, schedule.ends_on)
    clauses = [_("except public holidays, those of the moon as foreseen")] if has_holidays else []
    for first, last in others:
        days = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
        clauses.append(_("except %(first)s") % days if first == last else _("except from %(first)s to %(last)s") % days)
    return clauses
