"""Days and hours promised: rules → expected occurrences → adherence (DESIGN section 5)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

_PART = r"(?:UNTIL|COUNT|INTERVAL|BYMONTH|BYMONTHDAY|BYDAY|BYYEARDAY|BYWEEKNO|BYSETPOS|WKST)=[A-Z0-9+,-]+"
_RULE = re.compile(rf"(?:{_PART};)*FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)(?:;{_PART})*")
_NONE = re.compile(r"(?:COUNT|INTERVAL)=(?:0*(?:;|$)|-)")  # by which nothing is ever reached
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as RFC 5545 writes them, in the order of the week
SCHOOL_DAYS = list(DAY_CODES[:6])  # decision 0018
EVENING, MORNING = "18:00", "08:00"  # only hours that begin in the one and end in the other may cross midnight
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


WITHIN, COUNTED = 800, 5000  # days: in which the nearest are looked for, and up to which all are counted


class Occurrence(NamedTuple):
    """One expected or reported time: a day, and the start of its window ("08:00") or "" for the whole day."""

    day: date
    window: str = ""


@dataclass(frozen=True)
class Schedule:
    """An RFC 5545 rule over days, with hours, a start, an optional end and pauses.

    Days are civil days: a change of the clock (Morocco's around Ramadan) moves no occurrence.
    Windows are pairs of "HH:MM"; a day has one occurrence for each window, or one if there is none.
    """

    rule: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    windows: tuple[tuple[str, str], ...] = ()
    pauses: tuple[tuple[date, date], ...] = ()

    @property
    def is_stated(self) -> bool:
        """Whether days were promised at all; without a rule nothing is expected (Azrou's case)."""
        return bool(self.rule) and self.starts_on is not None

    def days(self, first: date, last: date) -> list[date]:
        """The days promised between two days, both included, without the pauses."""
        if not self.is_stated or self.starts_on is None:
            return []
        last = min(last, self.ends_on) if self.ends_on else last
        rule = rrulestr(self.rule, dtstart=datetime.combine(self.starts_on, time()))
        found = rule.between(datetime.combine(first, time()), datetime.combine(last, time()), inc=True)
        return [moment.date() for moment in found if not self._is_paused(moment.date())]

    def near(self, on: date, count: int) -> tuple[list[date], list[date]]:
        """The last days before `on` and the next from it on, in order, at most `count` of each within two years."""
        if self.starts_on is None:
            return [], []
        past = self.days(max(_moved(on, -WITHIN), self.starts_on), _moved(on, -1))
        first = max(on, self.starts_on)
        return past[-count:], self.days(first, _moved(first, WITHIN))[:count]

    def total(self) -> int | None:
        """How many occurrences there are in all; None without an end, or with one too far away to count up to."""
        if self.starts_on is None or self.ends_on is None or self.ends_on > _moved(self.starts_on, COUNTED):
            return None
        return len(self.days(self.starts_on, self.ends_on)) * max(len(self.windows), 1)

    def _is_paused(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.pauses)

    def on(self, day: date) -> list[Occurrence]:
        """The occurrences of one day."""
        return list(self.between(day, day))

    def between(self, first: date, last: date) -> Iterator[Occurrence]:
        """The occurrences expected between two days, both included, in order."""
        starts = [start for start, _end in sorted(self.windows)] or [""]
        return (Occurrence(day, start) for day in self.days(first, last) for start in starts)


class Adherence(NamedTuple):
    """Occurrences carried out and confirmed out of those expected; `carried_out` counts expected ones only."""

    expected: int
    carried_out: int
    confirmed: int
    extra: int


def adherence(
    schedule: Schedule, *, carried_out: Mapping[Occurrence, bool], on: date, first: date | None = None
) -> Adherence:
    """What was carried out of what was expected before `on`, and on that day as far as it was carried out.

    `carried_out` maps what the agency says it carried out to whether an association confirmed it.
    Silence counts as no news: expected, and not carried out. Days before `first`, such as the
    day of publication here, do not count (decision 0011).
    """
    since = max(first or date.min, schedule.starts_on or on)
    promised = [each for each in schedule.between(since, on) if each.day < on or each in carried_out]
    kept = [each for each in promised if each in carried_out]
    reported = [each for each in carried_out if since <= each.day <= on]
    return Adherence(
        expected=len(promised),
        carried_out=len(kept),
        confirmed=sum(carried_out[each] for each in kept),
        extra=len(reported) - len(kept),
    )


def _moved(day: date, days: int) -> date:
    """Some days later or earlier, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def weekly_rule(weekdays: list[str]) -> str:
    """The rule for some days of each week, given as RFC 5545 day names ("MO", "TU" …)."""
    return f"FREQ=WEEKLY;BYDAY={','.join(weekdays)}" if weekdays else ""


def weekdays_of(rule: str) -> list[str]:
    """The day names of a weekly rule; none for any other."""
    found = re.fullmatch(r"FREQ=WEEKLY;BYDAY=((?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*)", rule)
    return found[1].split(",") if found else []


def hours_in_words(start: str, end: str) -> str:
    """A window as one reads it, from left to right in Arabic too."""
    return f"\u2066{start}–{end}\u2069"


def has_begun(occurrence: Occurrence, now: datetime) -> bool:
    """Whether the hours of an occurrence have begun: before that, nobody can say what became of it."""
    moment = localtime(now)
    return (occurrence.day.isoformat(), occurrence.window) <= (moment.date().isoformat(), f"{moment:%H:%M}")


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def validate_rule(rule: str) -> None:
    """Refuse what is no RFC 5545 rule by day, week, month or year, or names no day at all, as 30 February."""
    if not _RULE.fullmatch(rule) or _NONE.search(rule) or _misuses_weekdays(rule):
        raise ValidationError(_("This is not a rule by day, week, month or year."))
    try:
        days = rrulestr(rule, dtstart=datetime.combine(date(2019, 1, 9), time()))
        never_comes = next(iter(days), None) is None and "UNTIL" not in rule
    except (ValueError, TypeError, KeyError) as error:
        raise ValidationError(_("This recurrence rule cannot be read.")) from error
    if never_comes:
        raise ValidationError(_("This is not a rule by day, week, month or year."))


def _misuses_weekdays(rule: str) -> bool:
    """Whether weekdays are counted (the first Monday) by day or week, which RFC 5545 forbids, or beside plain ones.

    dateutil reads "MO,1MO" as the days that are both, where the RFC means every Monday.
    """
    named = re.search(r"\bBYDAY=([^;]*)", rule)
    is_counted = {each[0] in "+-0123456789" for each in named[1].split(",") if each} if named else set()
    by_month = "FREQ=MONTHLY" in rule or "FREQ=YEARLY" in rule
    return len(is_counted) > 1 or (True in is_counted and not by_month)


def validate_windows(windows: object) -> None:
    """Refuse what is no list of pairs of clock times, each ending after it starts, no two starting together.

    Hours of the night may end on the next morning.
    """
    if not isinstance(windows, list):
        raise ValidationError(_("Hours are a list of pairs such as 08:00 and 09:00."))
    for window in windows:
        if not (isinstance(window, list) and len(window) == 2 and all(_CLOCK.fullmatch(str(each)) for each in window)):
            raise ValidationError(_("Hours are a list of pairs such as 08:00 and 09:00."))
        if window[0] >= window[1] and not _spans_midnight(*window):
            raise ValidationError(_("These hours end before they start. Correct one of the two."))
    if len({window[0] for window in windows}) != len(windows):
        raise ValidationError(_("Two of the hours start at the same time."))


def overlap(windows: list[list[str]]) -> bool:
    """Whether two of the hours, pairs of clock times that are right in themselves, share a minute."""
    spans = sorted((opens, closes if closes > opens else f"~{closes}") for opens, closes in windows)
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans))


def _spans_midnight(start: str, end: str) -> bool:
    """Whether hours run from an evening into the next morning, as a night patrol's do; they belong to the evening."""
    return start >= EVENING and end <= MORNING


def validate_pauses(pauses: object) -> None:
    """Refuse what is no list of pairs of days, each ending no earlier than it starts."""
    try:
        pairs = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pauses]  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise ValidationError(_("Pauses are a list of pairs of days.")) from error
    if any(first > last for first, last in pairs):
        raise ValidationError(_("A pause ends before it starts."))
