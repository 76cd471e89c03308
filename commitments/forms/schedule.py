"""When: the fields in which days and hours are spelled, and the recurrence rule that they stand for.

`ScheduleFields` is mixed into a model form of a pledge; its `clean` hands rule, hours and pauses to the instance.
A rule that the fields cannot spell, as an import may bring one, is one more choice, and is kept as it is.
"""

import re
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Pledge
from commitments.schedules import DAY_CODES, SCHOOL_DAYS, overlap, validate_windows
from commitments.workdays import left_out, public_holidays
from meetings.days import last_of_month, month_numbers
from meetings.forms import ClockField, DayField, has_any
from meetings.register import EMPTY
from meetings.search import fold_text

DAY_NAMES = [(code, WEEKDAYS[number]) for number, code in enumerate(DAY_CODES)]
WINDOWS = (1, 2)
LAST_DAY_OF_ALL_MONTHS = 28
MOST_PAUSES = 100
# The fields that belong to one way of recurring alone.
BELONGS = {
    "weekdays": ("weekly", "school"),
    "interval": ("weekly", "school"),
    "nth": ("monthly_weekday",),
    "nth_weekday": ("monthly_weekday",),
    "month_day": ("monthly_day",),
}
REPEATS = [
    ("", gettext_lazy("not stated")),
    ("daily", gettext_lazy("every day")),
    ("school", gettext_lazy("school days: Monday to Saturday, or those ticked below")),
    ("weekly", gettext_lazy("the days of the week ticked below")),
    ("monthly_weekday", gettext_lazy("once a month, on a weekday such as the first Monday")),
    ("monthly_day", gettext_lazy("once a month, on a day such as the 15th")),
    ("monthly_last", gettext_lazy("on the last day of each month")),
]
KEPT = "kept"
ORDINALS = [
    EMPTY,
    ("1", gettext_lazy("the first")),
    ("2", gettext_lazy("the second")),
    ("3", gettext_lazy("the third")),
    ("4", gettext_lazy("the fourth")),
    ("-1", gettext_lazy("the last")),
]


class Spelling(NamedTuple):
    """A rule as the fields spell it."""

    repeats: str = ""
    weekdays: tuple[str, ...] = ()
    interval: str = "1"
    nth: str = ""
    nth_weekday: str = ""
    month_day: int | None = None

    @property
    def rule(self) -> str:
        """The recurrence rule for it."""
        if self.repeats in {"weekly", "school"}:
            every = ";INTERVAL=2" if self.interval == "2" else ""
            days = self.weekdays or (SCHOOL_DAYS if self.repeats == "school" else ())
            return f"FREQ=WEEKLY{every};BYDAY={','.join(days)}"
        return {
            "daily": "FREQ=DAILY",
            "monthly_weekday": f"FREQ=MONTHLY;BYDAY={self.nth}{self.nth_weekday}",
            "monthly_day": f"FREQ=MONTHLY;BYMONTHDAY={self.month_day}",
            "monthly_last": "FREQ=MONTHLY;BYMONTHDAY=-1",
        }.get(self.repeats, "")


def spelled(rule: str) -> Spelling | None:
    """How the fields spell a rule; None for one that they would not give back as it is."""
    weekly = re.fullmatch(r"FREQ=WEEKLY(;INTERVAL=2)?;BYDAY=([A-Z,]+)", rule)
    weekday = re.fullmatch(r"FREQ=MONTHLY;BYDAY=([1-4]|-1)([A-Z]{2})", rule)
    day = re.fullmatch(r"FREQ=MONTHLY;BYMONTHDAY=(\d{1,2})", rule)
    found = Spelling({"FREQ=DAILY": "daily", "FREQ=MONTHLY;BYMONTHDAY=-1": "monthly_last"}.get(rule, ""))
    if weekly:
        days = weekly[2].split(",")
        repeats = "school" if days == SCHOOL_DAYS else "weekly"
        found = Spelling(repeats, tuple(days), "2" if weekly[1] else "1")
    elif weekday:
        found = Spelling("monthly_weekday", nth=weekday[1], nth_weekday=weekday[2])
    elif day and 1 <= int(day[1]) <= LAST_DAY_OF_ALL_MONTHS:
        found = Spelling("monthly_day", month_day=int(day[1]))
    return found if found.rule == rule and set(found.weekdays) <= set(DAY_CODES) else None


class Month(NamedTuple):
    """A month as it was typed, such as "June" or "June 2027"."""

    month: int
    year: int | None

    def last_day(self, after: date) -> date:
        """Its last day; without a year, of the first such month that ends after a day."""
        year = self.year or after.year + (self.month < after.month)
        return last_of_month(year, self.month)


class LastDayField(DayField):
    """A day, or a month by its name in any of our languages, which stands for its last day."""

    def to_python(self, value: Any) -> Any:
        """The day, or a Month whose year the form may have to find."""
        if isinstance(value, str) and (found := re.fullmatch(r"\s*([^\W\d]+)\s*(\d{4})?\s*", value)):
            number, year = month_numbers().get(fold_text(found[1])), int(found[2]) if found[2] else None
            if number and (year is None or 1950 <= year < date.max.year):
                return Month(number, year)
        return super().to_python(value)


class PausesField(forms.CharField):
    """Pauses typed one to a line: a day, or the first and the last."""

    widget = forms.Textarea(attrs={"rows": 2, "dir": "auto", "placeholder": "20/1/2027 – 3/2/2027"})

    def clean(self, value: Any) -> list[tuple[date, date]]:
        """Each pause as its first and last day, in order."""
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_PAUSES:
            raise ValidationError(_("These are more pauses than a pledge can have."))
        return sorted({_pause(line) for line in lines})


def _pause(line: str) -> tuple[date, date]:
    numbers = re.findall(r"\d+", line)
    if len(numbers) not in {3, 6}:
        raise ValidationError(
            _("We cannot read “%(line)s”. Write the first and the last day: 20/1/2027 – 3/2/2027.") % {"line": line}
        )
    days = [DayField().to_python("/".join(numbers[at : at + 3])) for at in range(0, len(numbers), 3)]
    first, last = days[0], days[-1]
    assert first is not None  # noqa: S101 - three numbers are a day or an error
    assert last is not None  # noqa: S101 - as above
    if first > last:
        raise ValidationError(_("A pause ends before it starts."))
    return first, last


def _pauses_as_typed(pauses: Any) -> str:
    return "\n".join(f"{a:%d/%m/%Y}" if a == b else f"{a:%d/%m/%Y} – {b:%d/%m/%Y}" for a, b in pauses)


class ScheduleFields(forms.Form):
    """When, in the words of a form; to be mixed into a model form that has `timing`, `starts_on` and `ends_on`."""

    due_on = DayField(label=capfirst(gettext_lazy("due date")), required=False)
    repeats = forms.ChoiceField(label=capfirst(gettext_lazy("how often")), choices=REPEATS, required=False)
    interval = forms.ChoiceField(
        label=capfirst(gettext_lazy("in which weeks")),
        choices=[("1", gettext_lazy("every week")), ("2", gettext_lazy("every second week"))],
        required=False,
        initial="1",
    )
    weekdays = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("on which days")),
        choices=DAY_NAMES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only if days were promised; leave them empty otherwise."),
    )
    nth = forms.ChoiceField(label=capfirst(gettext_lazy("which one")), choices=ORDINALS, required=False)
    nth_weekday = forms.ChoiceField(
        label=capfirst(gettext_lazy("day of the week")), choices=[EMPTY, *DAY_NAMES], required=False
    )
    month_day = forms.IntegerField(
        label=capfirst(gettext_lazy("day of the month")),
        required=False,
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    opens_1 = ClockField(label=capfirst(gettext_lazy("from (hour)")), required=False)
    closes_1 = ClockField(label=capfirst(gettext_lazy("until (hour)")), required=False)
    opens_2 = ClockField(label=capfirst(gettext_lazy("and from (hour)")), required=False)
    closes_2 = ClockField(label=capfirst(gettext_lazy("until (hour)")), required=False)
    starts_on = DayField(
        label=capfirst(gettext_lazy("first day")),
        required=False,
        help_text=gettext_lazy("Left empty: from the day of the meeting."),
    )
    ends_on = LastDayField(
        label=capfirst(gettext_lazy("last day")),
        required=False,
        help_text=gettext_lazy("A day, or a month such as June: then its last day."),
    )
    except_holidays = forms.BooleanField(
        label=gettext_lazy("except public holidays"),
        required=False,
        help_text=gettext_lazy(
            "Those of the moon are estimated and may come a day earlier or later. Without a last day, or with a "
            "distant one, they are left out until the end of the second year after the first day."
        ),
    )
    except_days = PausesField(
        label=capfirst(gettext_lazy("except these days")),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("School holidays and the like, one line for each: 20/1/2027 – 3/2/2027."),
    )

    instance: Pledge

    class Meta:  # for the model form to replace; without one the type checker does not come to an end
        pass

    def fill_schedule(self) -> None:
        """Show the stored rule, hours and pauses in the fields; to be called once the form is made."""
        pledge = self.instance
        self.kept_rule, self.more_windows = "", pledge.windows[len(WINDOWS) :]
        spelling = spelled(pledge.rule)
        if spelling is None:
            self.kept_rule, spelling = pledge.rule, Spelling(KEPT)
            repeats: Any = self.fields["repeats"]
            repeats.choices = [*REPEATS, (KEPT, _("as it is stored, by a rule that these fields cannot spell"))]
        self.initial.update(spelling._asdict() | {"weekdays": list(spelling.weekdays)})
        for number, (opens, closes) in zip(WINDOWS, pledge.windows, strict=False):
            self.initial.update({f"opens_{number}": opens, f"closes_{number}": closes})
        schedule = pledge.schedule
        has_holidays, others = left_out(schedule.pauses, schedule.starts_on, schedule.ends_on)
        self.initial.update({"except_holidays": has_holidays, "except_days": _pauses_as_typed(others)})

    def clean_month_day(self) -> int | None:
        """A day that each month has."""
        day: int | None = self.cleaned_data["month_day"]
        if day and day > LAST_DAY_OF_ALL_MONTHS:
            raise ValidationError(
                _("Not every month has a day %(number)s. Give one up to 28, or choose the last day of each month.")
                % {"number": day}
            )
        return day

    def clean_ends_on(self) -> date | None:
        """The last day; a month named without its year is the next after the first day, or after the meeting."""
        last: Any = self.cleaned_data["ends_on"]
        if not isinstance(last, Month):
            return last  # type: ignore[no-any-return]  # what is no month is a day or nothing
        after = self.cleaned_data.get("starts_on") or self.instance.meeting.held_on
        if last.year is None and after is None:
            raise ValidationError(_("Give the year too, such as June 2027."))
        return last.last_day(after or date.min)

    def settle_schedule(self, cleaned: dict[str, Any]) -> None:
        """Take rule, hours and pauses over into the pledge; what contradicts itself is said beside its field."""
        self._settle_repeats(cleaned)
        self._settle_timing(cleaned)
        self.instance.windows = self._windows(cleaned)
        self.instance.rule = self._rule(cleaned) if cleaned.get("timing") == Pledge.Timing.RECURRING else ""
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and starts > ends:
            self.add_error("ends_on", _("The pledge ends before it starts. Correct one of the two dates."))
        if "except_days" in cleaned and "starts_on" in cleaned and "ends_on" in cleaned:
            self.instance.pauses = self._pauses(cleaned)
        if not self.errors:
            self._refuse_what_never_comes(cleaned)

    def _settle_repeats(self, cleaned: dict[str, Any]) -> None:
        """Details without a way of recurring make the choice; details of another way are an error."""
        repeats = cleaned.get("repeats", "")
        filled = [
            name for name in BELONGS if name in self.errors or cleaned.get(name) not in (None, "", [], "1")
            or (name == "interval" and cleaned.get(name) == "2")
        ]  # fmt: skip
        if not repeats and filled and "repeats" not in self.errors:
            repeats = BELONGS[filled[0]][0]
        for name in filled:
            if repeats not in BELONGS[name] and name not in self.errors:
                self.add_error(name, _("This belongs to another way of recurring. Choose that one, or empty this."))
        cleaned["repeats"] = repeats

    def _settle_timing(self, cleaned: dict[str, Any]) -> None:
        """A date or days without a choice of timing make the choice; against the choice they are an error."""
        timing, repeats = cleaned.get("timing"), cleaned.get("repeats")
        if timing == Pledge.Timing.NOT_STATED and cleaned.get("due_on"):
            timing = Pledge.Timing.BY_DATE
        elif timing == Pledge.Timing.NOT_STATED and repeats:
            timing = Pledge.Timing.RECURRING
        if timing != Pledge.Timing.BY_DATE and cleaned.get("due_on"):
            self.add_error("due_on", _("Only a pledge “by a date” has a due date. Choose that, or take the date away."))
        if timing != Pledge.Timing.RECURRING and repeats:
            name = "weekdays" if cleaned.get("weekdays") else "repeats"
            self.add_error(name, _("Only a recurring pledge has days. Choose that, or take the days away."))
        cleaned["timing"] = timing

    def _rule(self, cleaned: dict[str, Any]) -> str:
        repeats = cleaned.get("repeats", "")
        if repeats == KEPT:
            return self.kept_rule
        needed = {
            "weekly": ("weekdays", _("Tick at least one day.")),
            "monthly_day": ("month_day", _("Say which day of the month.")),
        }
        wanted = [needed[repeats]] if repeats in needed else []
        if repeats == "monthly_weekday":
            sentence = _("Say which weekday of the month, such as the first Monday.")
            wanted = [("nth", sentence), ("nth_weekday", sentence)]
        absent = [(name, sentence) for name, sentence in wanted if not cleaned.get(name)]
        for name, sentence in absent:
            if name not in self.errors:
                self.add_error(name, sentence)
        if absent:
            return self.instance.rule
        values = {name: cleaned.get(name) or "" for name in Spelling._fields}
        return Spelling(**values | {"weekdays": tuple(values["weekdays"])}).rule

    def _windows(self, cleaned: dict[str, Any]) -> list[list[str]]:
        """The hours typed, as pairs of clock times, and those stored beyond what the form shows."""
        windows: list[list[str]] = []
        for number in WINDOWS:
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if bool(opens) != bool(closes):
                name = f"closes_{number}" if opens else f"opens_{number}"
                if name not in self.errors:
                    self.add_error(name, _("Hours have a beginning and an end: give both, or none."))
            elif opens and closes:
                self._add_window(windows, number, [f"{opens:%H:%M}", f"{closes:%H:%M}"])
        return [*windows, *self.more_windows]

    def _add_window(self, windows: list[list[str]], number: int, window: list[str]) -> None:
        windows.append(window)
        try:
            validate_windows(windows)
            if overlap(windows):
                raise ValidationError(_("These hours overlap with the others. Correct one of the two."))
        except ValidationError as error:
            self.add_error(f"closes_{number}", error)

    def _pauses(self, cleaned: dict[str, Any]) -> list[list[str]]:
        """The pauses typed, and each public holiday where those are left out."""
        pauses = set(cleaned["except_days"])
        starts = cleaned["starts_on"] or self.instance.made_on or self.instance.meeting.held_on
        if cleaned.get("except_holidays") and starts:
            pauses |= {(day, day) for day in public_holidays(starts, cleaned["ends_on"])}
        elif cleaned.get("except_holidays"):
            sentence = _("Give the first day, or the date of the meeting: holidays are counted from it.")
            self.add_error("except_holidays", sentence)
        return [[first.isoformat(), last.isoformat()] for first, last in sorted(pauses)]

    def _refuse_what_never_comes(self, cleaned: dict[str, Any]) -> None:
        pledge = self.instance
        pledge.starts_on, pledge.ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if pledge.rule and pledge.schedule.total() == 0:
            self.add_error("repeats", _("Between the first and the last day none of these days comes. Correct them."))

    def has_schedule(self) -> bool:
        """Whether days or hours were filled in."""
        hours = (f"{side}_{number}" for number in WINDOWS for side in ("opens", "closes"))
        more = ("starts_on", "ends_on", "except_holidays", "except_days", "is_time_restricted")
        return has_any(self, "repeats", *BELONGS, *hours, *more)
