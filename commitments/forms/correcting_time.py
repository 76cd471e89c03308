"""The form by which it is corrected when a pledge was to be kept: by a date, or on which days and at which hours."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.changes import Change, in_words
from commitments.forms.correcting import CorrectionForm
from commitments.forms.pledge import DAY_NAMES
from commitments.models import Pledge
from commitments.record import pledge_fields
from commitments.schedules import validate_pauses, validate_windows, weekdays_of, weekly_rule
from meetings.forms import DayField

HOURS = re.compile(r"(\d{1,2})[:hH.](\d{2})?\s*\D{0,3}?\s*(\d{1,2})[:hH.](\d{2})?")
TYPED = ("timing", "due_on", "due_words", "weekdays", "hours", "starts_on", "ends_on", "breaks", "is_time_restricted")


class TimeCorrectionForm(CorrectionForm):
    """Correct the days and hours of a published pledge."""

    due_on = DayField(label=capfirst(_("due date")), required=False)
    weekdays = forms.MultipleChoiceField(
        label=capfirst(_("on which days")), choices=DAY_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.CharField(
        label=capfirst(_("hours")),
        required=False,
        max_length=200,
        help_text=_("One line for each, such as 08:00–09:00."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
    )
    starts_on = DayField(label=capfirst(_("first day")), required=False)
    ends_on = DayField(label=capfirst(_("last day")), required=False)
    breaks = forms.CharField(
        label=capfirst(_("pauses")),
        required=False,
        max_length=1000,
        help_text=_("One line for each, its first and its last day: 1/7/2026 – 31/8/2026."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
    )
    parts = {"when": TYPED}

    class Meta:
        model = Pledge
        fields = ["timing", "due_on", "due_words", "starts_on", "ends_on", "is_time_restricted"]
        help_texts = {
            "is_time_restricted": _("What everybody could read until now is not unsaid by it: the history keeps it."),
        }

    field_order = [*TYPED, "reason"]

    def __init__(self, subject: Pledge, part: str, data: QueryDict | None = None) -> None:
        super().__init__(subject, part, data)
        self.before = pledge_fields(subject)
        self.initial["weekdays"] = weekdays_of(subject.rule)
        self.initial["hours"] = "\n".join(f"{opens}–{closes}" for opens, closes in subject.windows)
        self.initial["breaks"] = "\n".join(f"{_typed(first)} – {_typed(last)}" for first, last in subject.pauses)
        if subject.is_time_restricted:
            del self.fields["is_time_restricted"]

    def clean_hours(self) -> list[list[str]]:
        """The lines typed, as pairs of clock times."""
        windows = []
        for line in self.cleaned_data["hours"].splitlines():
            if line.strip():
                found = HOURS.fullmatch(line.strip())
                if found is None:
                    raise ValidationError(_("We cannot read these hours. Write them as 08:00–09:00."))
                opens, begins, closes, ends = (int(each or 0) for each in found.groups())
                windows.append([f"{opens:02}:{begins:02}", f"{closes:02}:{ends:02}"])
        validate_windows(windows)
        return windows

    def clean_breaks(self) -> list[list[str]]:
        """The lines typed, as pairs of days."""
        pauses = []
        for line in self.cleaned_data["breaks"].splitlines():
            if line.strip():
                numbers = re.findall(r"\d+", line)
                if len(numbers) != 6:
                    raise ValidationError(_("Each pause has a first and a last day: 1/7/2026 – 31/8/2026."))
                days = (DayField().clean("/".join(numbers[at : at + 3])) for at in (0, 3))
                pauses.append([day.isoformat() for day in days if day])
        validate_pauses(pauses)
        return pauses

    def clean(self) -> dict[str, Any]:
        """Only what recurs has days, only what is due by a date has one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("timing") != Pledge.Timing.BY_DATE and cleaned.get("due_on"):
            self.add_error("due_on", _("Only a pledge “by a date” has a due date. Choose that, or take the date away."))
        if cleaned.get("timing") != Pledge.Timing.RECURRING and cleaned.get("weekdays"):
            if "weekdays" in self.changed_data:
                sentence = _("Only a recurring pledge has days. Choose that, or take the days away.")
                self.add_error("weekdays", sentence)
            cleaned["weekdays"] = []
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and starts > ends:
            self.add_error("ends_on", _("The pledge ends before it starts. Correct one of the two dates."))
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that change, with days as a rule and lines as pairs."""
        changes = dict(super().changes)
        if "hours" in changes:
            changes["windows"] = changes.pop("hours")
        if "breaks" in changes:
            changes["pauses"] = changes.pop("breaks")
        if "weekdays" in changes:
            changes["rule"] = weekly_rule(changes.pop("weekdays"))
        if self.cleaned_data["timing"] != Pledge.Timing.RECURRING and "timing" in changes:
            for name in ("rule", "windows", "pauses", "starts_on", "ends_on"):
                changes.pop(name, None)
        return {name: value for name, value in changes.items() if self.before[name] != value}

    def in_words(self) -> list[Change]:
        """What changes, before and after, as everybody will read it."""
        said: dict[str, Any] = {}
        for name, value in self.changes.items():
            said |= {f"old_{name}": self.before[name], f"new_{name}": value}
        return in_words(said, self.instance)


def _typed(day: str) -> str:
    year, month, last = day.split("-")
    return f"{int(last)}/{int(month)}/{year}"
