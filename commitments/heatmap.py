"""The calendar of a recurring pledge: which of its days were carried out, as cells to be drawn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commitments.models import Pledge
from commitments.schedules import Adherence, Occurrence, Schedule, adherence, week_of
from commitments.state import PledgeState, Reported, Verdict

WEEKS = 26
STEP = 18  # the side of a cell with the space after it, in the units of the drawing
MARGIN_X, MARGIN_Y = 68, 20  # room for the names of days and months

STATES = {
    "confirmed": _("carried out, and an association confirmed it"),
    "disputed": _("reported as carried out, and an association disputes it"),
    "reported": _("reported as carried out"),
    "mixed": _("carried out at some of the hours, not at others"),
    "part_known": _("carried out at some of the hours, no news of others"),
    "not_carried_out": _("not carried out"),
    "no_news": _("no news"),
    "extra": _("carried out on a day that was not expected"),
    "future": _("not yet"),
    "not_expected": _("not expected"),
}
_CARRIED_OUT = frozenset({"confirmed", "disputed", "reported", "extra"})
# Of several occurrences in a day, unless they are mixed, the cell shows the first of these that applies.
_WORST_FIRST = ("not_carried_out", "disputed", "no_news", "reported", "extra", "confirmed", "future", "not_expected")


class Cell(NamedTuple):
    """One day: its place in the drawing, its state and that state in words."""

    x: int
    y: int
    day: date
    state: str
    label: str


class _Told(NamedTuple):
    """The state of one occurrence of a day, and the start of its hours."""

    window: str
    state: str

    def in_words(self, *, alone: bool) -> str:
        """The state in words, after the hour where a day has several."""
        words = str(STATES[self.state])
        return words if alone or not self.window else f"{self.window} {words}"


class Label(NamedTuple):
    """A word in the drawing."""

    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Heatmap:
    """Days in columns of weeks from Monday, the oldest week first; see partials/heatmap.html for its parts."""

    weeks: tuple[tuple[Cell, ...], ...]
    months: tuple[Label, ...]
    days: tuple[Label, ...]
    adherence: Adherence | None
    carried_out: int
    confirmed: int  # of those carried out, of the expected ones where days were stated
    disputed: int
    counted_since: date | None  # the day of publication here, where the promise began before it
    of_earlier_days: int  # carried out on days or at hours that the record named before it was corrected
    corrected_on: date | None
    label: str

    @property
    def width(self) -> int:
        """Of the drawing, in its units."""
        return MARGIN_X + len(self.weeks) * STEP

    @property
    def height(self) -> int:
        """Of the drawing: a line for the months and seven days."""
        return MARGIN_Y + 7 * STEP

    @property
    def key(self) -> list[tuple[str, str]]:
        """The states that occur, each with its words, but for days on which nothing was expected."""
        shown = {cell.state for week in self.weeks for cell in week} - {"not_expected"}
        return [(name, str(words)) for name, words in STATES.items() if name in shown]


def heatmap(pledge: Pledge, state: PledgeState, *, on: date) -> Heatmap | None:
    """The calendar of the last half year; None for a pledge that is finished by one word, or of which no day is known.

    Where the hours are restricted, days to come and today are left out until something was said of them: what will
    be is not announced (DESIGN section 5). Days before the pledge was published here are drawn only where somebody
    spoke of them, and not counted (decision 0011).
    """
    schedule = pledge.schedule
    if not pledge.is_never_finished or not (schedule.is_stated or state.occurrences):
        return None
    oldest = on - timedelta(weeks=WEEKS - 1)
    first = week_of(min([max(schedule.starts_on or on, oldest), *(each.day for each in state.occurrences)]))
    first = max(first, week_of(oldest))
    last = week_of(on) + timedelta(days=6)
    carried_out = state.carried_out()
    counted = adherence(schedule, carried_out=carried_out, on=on, first=state.recorded_on)
    disputed = {each: True for each in carried_out if state.occurrences[each].verdict == Verdict.DISPUTED}
    return Heatmap(
        weeks=_weeks(first, last, _told_by_day(pledge, state, (first, last), on)),
        months=tuple(_months(first, last)),
        days=tuple(Label(0, MARGIN_Y + row * STEP + 12, str(WEEKDAYS[row])) for row in range(7)),
        adherence=counted if schedule.is_stated else None,
        carried_out=len(carried_out),
        confirmed=counted.confirmed if schedule.is_stated else sum(carried_out.values()),
        disputed=adherence(schedule, carried_out=disputed, on=on, first=state.recorded_on).carried_out
        if schedule.is_stated
        else len(disputed),
        counted_since=_counted_since(schedule, state),
        of_earlier_days=_of_earlier_days(pledge, state, carried_out),
        corrected_on=state.rescheduled.recorded_on if state.rescheduled else None,
        label=_sentence(counted if schedule.is_stated else None, len(carried_out)),
    )


def _counted_since(schedule: Schedule, state: PledgeState) -> date | None:
    is_later = schedule.starts_on and state.recorded_on and state.recorded_on > schedule.starts_on
    return state.recorded_on if schedule.is_stated and is_later else None


def _of_earlier_days(pledge: Pledge, state: PledgeState, carried_out: Iterable[Occurrence]) -> int:
    """How many were reported of days or hours that were promised, as the record then said, and are not any more."""
    corrected, schedule = state.rescheduled, pledge.schedule
    earlier = {each for each in carried_out if corrected and state.occurrences[each].number < corrected.number}
    if not earlier or not schedule.is_stated:
        return 0
    span = min(earlier).day, max(earlier).day
    return len(earlier & set(_schedule_before(pledge, state.days_before).between(*span)) - set(schedule.between(*span)))


def _schedule_before(pledge: Pledge, said: Mapping[str, Any]) -> Schedule:
    """When the pledge recurred, as the record said before it was corrected."""

    def day(name: str) -> date | None:
        return date.fromisoformat(str(said[name])) if said[name] else None

    return Schedule(
        rule=str(said["rule"] or ""),
        starts_on=day("starts_on") or pledge.made_on,
        ends_on=day("ends_on"),
        windows=tuple((start, end) for start, end in said["windows"] or ()),
        pauses=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in said["pauses"] or ()),
    )


def _sentence(counted: Adherence | None, carried_out: int) -> str:
    if counted is None:
        return ngettext("%(count)d occurrence reported", "%(count)d occurrences reported", carried_out) % {
            "count": carried_out
        }
    return gettext("%(kept)d of %(expected)d expected occurrences reported as carried out") % {
        "kept": counted.carried_out,
        "expected": counted.expected,
    }


def _told_by_day(pledge: Pledge, state: PledgeState, span: tuple[date, date], on: date) -> dict[date, list[_Told]]:
    """What is known of each occurrence, day by day in the order of the hours; restricted hours are left out."""
    schedule, published_on = pledge.schedule, state.recorded_on or span[0]
    promised = set(schedule.between(*span))
    ends_on = on - timedelta(days=1) if pledge.is_time_restricted else span[1]
    awaited = {each for each in promised if published_on <= each.day <= ends_on}
    by_day: dict[date, list[_Told]] = defaultdict(list)
    for each in sorted({*awaited, *state.occurrences}):
        window = "" if pledge.is_time_restricted else each.window
        in_turn = each in promised or not schedule.is_stated
        by_day[each.day].append(_Told(window, _state(state.occurrences.get(each), each.day, on, in_turn=in_turn)))
    return by_day


def _weeks(first: date, last: date, told: Mapping[date, list[_Told]]) -> tuple[tuple[Cell, ...], ...]:
    mondays = [first + timedelta(weeks=week) for week in range((last - first).days // 7 + 1)]
    return tuple(
        tuple(_cell(column, monday + timedelta(days=row), told) for row in range(7))
        for column, monday in enumerate(mondays)
    )


def _cell(column: int, day: date, told: Mapping[date, list[_Told]]) -> Cell:
    of_day = told.get(day, [_Told("", "not_expected")])
    state = _state_of_day({each.state for each in of_day})
    label = " · ".join(each.in_words(alone=len(of_day) == 1) for each in of_day)
    if state in {"mixed", "part_known"}:
        label = _part_in_words(of_day) + " · " + label
    return Cell(MARGIN_X + column * STEP, MARGIN_Y + day.weekday() * STEP, day, state, label)


def _state_of_day(states: set[str]) -> str:
    """Of several occurrences in a day: mixed where some were carried out and some missed, else the worst.

    Silence is no miss: a day of which a part is without news is told apart from both.
    """
    if states & _CARRIED_OUT and "not_carried_out" in states:
        return "mixed"
    if states & _CARRIED_OUT and "no_news" in states:
        return "part_known"
    return next(each for each in _WORST_FIRST if each in states)


def _part_in_words(of_day: list[_Told]) -> str:
    kept = sum(each.state in _CARRIED_OUT for each in of_day)
    return gettext("%(kept)d of %(all)d carried out") % {"kept": kept, "all": len(of_day)}


def _state(told: Reported | None, day: date, on: date, *, in_turn: bool) -> str:
    """What is known of an occurrence; of a day on which nothing was promised nothing can be missed."""
    if told is None:
        return "no_news" if day < on else "future"
    if not told.was_carried_out:
        return "not_carried_out" if in_turn else "not_expected"
    if told.verdict == Verdict.DISPUTED:
        return "disputed"
    if told.verdict == Verdict.CONFIRMED:
        return "confirmed"
    return "reported" if in_turn else "extra"


def _months(first: date, last: date) -> Iterable[Label]:
    """The name of each month above the first week that holds its first day."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.day == 1:
            yield Label(MARGIN_X + offset // 7 * STEP, MARGIN_Y - 8, date_format(day, "F"))
