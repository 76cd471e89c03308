"""Rules of every sort against dateutil and against a slow count, day by day, over the changes of Morocco's clock."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from commitments.schedules import Occurrence, Schedule, adherence, validate_rule
from commitments.state import local_day

NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ONE_DAY = timedelta(days=1)
# Morocco keeps UTC+1, and UTC during Ramadan: the days on which the clock goes back at three and forward at two.
RAMADANS = (
    (date(2025, 2, 23), date(2025, 4, 6)),
    (date(2026, 2, 15), date(2026, 3, 22)),
    (date(2027, 2, 7), date(2027, 3, 14)),
    (date(2028, 1, 23), date(2028, 3, 5)),
)


@dataclass(frozen=True)
class Rule:
    """The parts of a recurrence rule that the slow count understands."""

    freq: str
    interval: int = 1
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None

    @property
    def text(self) -> str:
        """As RFC 5545 writes it."""
        parts = {
            "FREQ": self.freq,
            "INTERVAL": self.interval if self.interval > 1 else "",
            "BYDAY": ",".join(self.days),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYMONTH": ",".join(map(str, self.months)),
            "COUNT": self.count or "",
            "UNTIL": f"{self.until:%Y%m%d}" if self.until else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def names(self, day: date, start: date) -> bool:
        """Whether the rule, begun on `start`, names this day, its count and end apart."""
        return self._is_in_step(day, start) and self._is_chosen(day, start)

    def _is_in_step(self, day: date, start: date) -> bool:
        monday, first_monday = day - ONE_DAY * day.weekday(), start - ONE_DAY * start.weekday()
        steps = {
            "DAILY": (day - start).days,
            "WEEKLY": (monday - first_monday).days // 7,
            "MONTHLY": (day.year - start.year) * 12 + day.month - start.month,
            "YEARLY": day.year - start.year,
        }
        return steps[self.freq] % self.interval == 0

    def _is_chosen(self, day: date, start: date) -> bool:
        is_bare = not (self.days or self.month_days)
        if self.months and day.month not in self.months:
            return False
        if is_bare and self.freq == "WEEKLY":
            return day.weekday() == start.weekday()
        if is_bare and self.freq in {"MONTHLY", "YEARLY"}:
            return day.day == start.day and (self.freq == "MONTHLY" or bool(self.months) or day.month == start.month)
        last = monthrange(day.year, day.month)[1]
        in_month = not self.month_days or day.day in {each if each > 0 else last + 1 + each for each in self.month_days}
        return in_month and (not self.days or any(_is_weekday(day, name, last) for name in self.days))


def _is_weekday(day: date, name: str, last: int) -> bool:
    """Whether a day is "MO", or the first ("1MO") or the last ("-1MO") of its month."""
    if NAMES[day.weekday()] != name[-2:]:
        return False
    nth, from_end = (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)
    return name[:-2] in {"", str(nth), str(from_end)}


def slowly(schedule: Schedule, rule: Rule, first: date, last: date) -> list[date]:
    """The days promised between two, found by asking each day since the start."""
    assert schedule.starts_on is not None
    found, named, day = [], 0, schedule.starts_on
    while day <= last:
        if rule.names(day, schedule.starts_on) and not (rule.until and day > rule.until):
            named += 1
            is_over = bool(rule.count and named > rule.count) or bool(schedule.ends_on and day > schedule.ends_on)
            if day >= first and not is_over and not any(start <= day <= end for start, end in schedule.pauses):
                found.append(day)
        day += ONE_DAY
    return found


STARTS = st.one_of(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.just(date(2024, 2, 29)))
WEEKDAYS = st.lists(st.sampled_from(NAMES), unique=True, max_size=4).map(tuple)
COUNTED_WEEKDAYS = st.lists(
    st.builds("{}{}".format, st.sampled_from([1, 2, 5, -1]), st.sampled_from(NAMES)), unique=True, max_size=2
).map(tuple)
MONTH_DAYS = st.lists(st.sampled_from([1, 15, 28, 29, 30, 31, -1, -2]), unique=True, max_size=3).map(tuple)
DAYS_OF_ANY_MONTH = st.lists(st.sampled_from([1, 15, 28, -1, -2]), unique=True, min_size=1, max_size=3).map(tuple)
MONTHS = st.lists(st.integers(1, 12), unique=True, max_size=4).map(tuple)
INTERVALS = st.integers(1, 4)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule by day, week, month or year that names some day, with an end by number, by day, or none."""
    parts = draw(
        st.one_of(
            st.builds(Rule, st.just("DAILY"), INTERVALS, WEEKDAYS, months=MONTHS),
            st.builds(Rule, st.just("WEEKLY"), INTERVALS, WEEKDAYS, months=MONTHS),
            st.builds(Rule, st.just("MONTHLY"), INTERVALS, st.one_of(WEEKDAYS, COUNTED_WEEKDAYS)),
            st.builds(Rule, st.just("MONTHLY"), INTERVALS, month_days=MONTH_DAYS),
            st.builds(Rule, st.just("MONTHLY"), month_days=DAYS_OF_ANY_MONTH, months=MONTHS),
            st.builds(Rule, st.just("YEARLY"), INTERVALS),
            st.builds(Rule, st.just("YEARLY"), INTERVALS, month_days=DAYS_OF_ANY_MONTH, months=MONTHS.filter(bool)),
            st.just(Rule("YEARLY", months=(2,), month_days=(29,))),
        )
    )
    ends = draw(st.sampled_from(["count", "until", ""]))
    return Rule(
        **{name: getattr(parts, name) for name in ("freq", "interval", "days", "month_days", "months")},
        count=draw(st.integers(1, 20)) if ends == "count" else None,
        until=draw(st.dates(date(2025, 1, 1), date(2029, 12, 31))) if ends == "until" else None,
    )


@st.composite
def promises(draw: st.DrawFn) -> tuple[Schedule, Rule]:
    """Days and hours with pauses and perhaps an end, and the rule behind them."""
    rule, start = draw(rules()), draw(STARTS)
    pauses = draw(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 60)), max_size=3))
    lasts = draw(st.one_of(st.none(), st.integers(0, 900)))
    hours = draw(st.lists(st.sampled_from([("08:00", "09:00"), ("02:00", "03:00"), ("22:00", "02:00")]), unique=True))
    schedule = Schedule(
        rule=rule.text,
        starts_on=start,
        ends_on=None if lasts is None else start + ONE_DAY * lasts,
        windows=tuple(hours),
        pauses=tuple((start + ONE_DAY * lag, start + ONE_DAY * (lag + length)) for lag, length in pauses),
    )
    return schedule, rule


@given(promises(), st.integers(-30, 900), st.integers(0, 500))
def test_every_rule_gives_the_days_that_counting_gives(promise: tuple[Schedule, Rule], lag: int, span: int) -> None:
    schedule, rule = promise
    assert schedule.starts_on is not None
    first = schedule.starts_on + ONE_DAY * lag
    last = first + ONE_DAY * span
    assert schedule.days(first, last) == slowly(schedule, rule, first, last)


@given(promises(), st.integers(0, 900))
def test_without_pauses_and_end_they_are_the_days_of_dateutil(promise: tuple[Schedule, Rule], span: int) -> None:
    schedule, rule = promise
    assert schedule.starts_on is not None
    last = schedule.starts_on + ONE_DAY * span
    whole = Schedule(rule=rule.text, starts_on=schedule.starts_on)
    found = rrulestr(rule.text, dtstart=datetime.combine(schedule.starts_on, time()))
    until_last = takewhile(lambda moment: moment.date() <= last, found)
    assert whole.days(schedule.starts_on, last) == [moment.date() for moment in until_last]


@given(rules())
def test_every_rule_that_names_a_day_is_one_that_the_form_takes(rule: Rule) -> None:
    begun = datetime(2019, 1, 9, tzinfo=UTC).replace(tzinfo=None)
    assume(next(iter(rrulestr(rule.text, dtstart=begun)), None) is not None)
    validate_rule(rule.text)


def hour_by_hour(start: date, end: date) -> list[datetime]:
    """Every half hour from the day before to the day after these days."""
    first = datetime.combine(start - ONE_DAY, time(), tzinfo=UTC)
    return [first + timedelta(minutes=30 * step) for step in range(48 * ((end - start).days + 3))]


def slow_day(moment: datetime) -> date:
    """The day in Casablanca by the calendar of Ramadan, without a database of time zones."""
    at_two = time(2, tzinfo=UTC)
    back = any(datetime.combine(a, at_two) <= moment < datetime.combine(b, at_two) for a, b in RAMADANS)
    return (moment + timedelta(hours=0 if back else 1)).date()


@pytest.mark.parametrize("ramadan", RAMADANS)
def test_so_far_is_told_by_the_clock_of_casablanca(ramadan: tuple[date, date]) -> None:
    """An evening occurrence is expected from midnight there on, whether that is 23:00 or 00:00 of Greenwich."""
    schedule = Schedule("FREQ=DAILY", ramadan[0] - ONE_DAY * 3, windows=(("22:00", "23:30"),))
    for moment in hour_by_hour(*ramadan):
        counted = adherence(schedule, carried_out={}, on=local_day(moment))
        assert counted.expected == (slow_day(moment) - ramadan[0]).days + 3, moment


@st.composite
def told(draw: st.DrawFn) -> tuple[Schedule, Rule, dict[Occurrence, bool], datetime]:
    """A promise, what was carried out of it and beside it, and a moment, often one in which the clock changes."""
    schedule, rule = draw(promises())
    assert schedule.starts_on is not None
    near_changes = st.sampled_from([day for ramadan in RAMADANS for day in ramadan])
    day = draw(st.one_of(near_changes, st.dates(date(2025, 1, 1), date(2028, 12, 31))))
    moment = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=30 * draw(st.integers(-6, 54)))
    promised = list(schedule.between(schedule.starts_on, day + ONE_DAY))[-40:]
    others = st.builds(Occurrence, st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.sampled_from(["", "08:00"]))
    said = st.one_of(st.sampled_from(promised), others) if promised else others
    return schedule, rule, draw(st.dictionaries(said, st.booleans(), max_size=12)), moment


@given(told(), st.one_of(st.none(), st.integers(-100, 400)))
def test_adherence_is_what_counting_each_hour_of_each_day_gives(
    said: tuple[Schedule, Rule, dict[Occurrence, bool], datetime], lag: int | None
) -> None:
    schedule, rule, carried_out, moment = said
    assert schedule.starts_on is not None
    today = slow_day(moment)
    first = None if lag is None else schedule.starts_on + ONE_DAY * lag
    since = max(schedule.starts_on, first) if first else schedule.starts_on
    hours = [start for start, _end in schedule.windows] or [""]
    expected = [Occurrence(day, hour) for day in slowly(schedule, rule, since, today) for hour in hours]
    expected = [each for each in expected if each.day < today or each in carried_out]
    counted = adherence(schedule, carried_out=carried_out, on=local_day(moment), first=first)

    assert counted.expected == len(expected)
    assert counted.carried_out == sum(each in carried_out for each in expected)
    assert counted.confirmed == sum(carried_out.get(each, False) for each in expected)
    assert counted.extra == sum(since <= each.day <= today and each not in expected for each in carried_out)
    assert 0 <= counted.confirmed <= counted.carried_out <= counted.expected
