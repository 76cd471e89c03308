"""The form in which a pledge is written down, and the rows of them in a draft."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.models import Pledge, PledgeKind
from commitments.schedules import DAY_CODES, validate_windows, weekdays_of, weekly_rule
from meetings.choosing import OrganisationField, let_find
from meetings.forms import ClockField, DayField, Rows, has_any
from meetings.models import Meeting
from meetings.register import Groups, Register, offer

DAY_NAMES = [(code, WEEKDAYS[number]) for number, code in enumerate(DAY_CODES)]
WINDOWS = (1, 2)
# What a pledge may leave open, as `Pledge.missing` calls it.
QUESTIONS = {
    "who": gettext_lazy("who answers for it"),
    "what": gettext_lazy("what was promised"),
    "where": gettext_lazy("where"),
    "when": gettext_lazy("by when"),
    "sign": gettext_lazy("what would show it"),
}


def kinds() -> Groups:
    """Every kind of pledge to choose from."""
    return [("", "—"), *((each.pk, str(each)) for each in PledgeKind.objects.all())]


class PledgeForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """A pledge of a draft; its concerns are named by their numbers in the same form."""

    due_on = DayField(label=capfirst(gettext_lazy("due date")), required=False)
    concern_numbers = forms.CharField(
        label=capfirst(gettext_lazy("answers the concerns number")),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The numbers of section 3, such as 1 3."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    weekdays = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("on which days")),
        choices=DAY_NAMES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only if days were promised; leave them empty otherwise."),
    )
    opens_1 = ClockField(label=capfirst(gettext_lazy("from (hour)")), required=False)
    closes_1 = ClockField(label=capfirst(gettext_lazy("until (hour)")), required=False)
    opens_2 = ClockField(label=capfirst(gettext_lazy("and from (hour)")), required=False)
    closes_2 = ClockField(label=capfirst(gettext_lazy("until (hour)")), required=False)
    starts_on = DayField(label=capfirst(gettext_lazy("first day")), required=False)
    ends_on = DayField(label=capfirst(gettext_lazy("last day")), required=False)

    class Meta:
        model = Pledge
        fields = [
            "title", "kind", "responsible", "timing", "due_on", "due_words", "starts_on", "ends_on", "details",
            "neighbourhoods", "place", "said_by", "beneficiaries", "provenance", "sign", "sign_from",
            "is_place_restricted", "is_time_restricted",
        ]  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "details": forms.Textarea(attrs={"rows": 2}),
            "sign": forms.Textarea(attrs={"rows": 2}),
            "neighbourhoods": forms.CheckboxSelectMultiple,
        }
        field_classes = {"responsible": OrganisationField}
        help_texts = {
            "due_words": gettext_lazy("As they were said: “before the end of September”."),
            "neighbourhoods": gettext_lazy("None ticked: those of the meeting."),
            "provenance": gettext_lazy("The page, paragraph or minute of the source."),
            "sign": gettext_lazy("By what anybody could tell that it was done."),
        }

    def __init__(
        self, *args: Any, register: Register, kinds: Groups, concerns: Collection[int] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.concerns = concerns
        self.fields["title"].required = False
        meeting = self.instance.meeting
        offer(
            self,
            kind=kinds,
            said_by=[("", "—"), *((each.pk, each.name or str(each)) for each in _participants(meeting))],
            neighbourhoods=[(each.pk, str(each)) for each in _neighbourhoods(meeting)],
        )
        let_find(self, register, responsible=register.organisation_catalogue)
        self._fill_schedule()

    def _fill_schedule(self) -> None:
        """Show the stored rule as days, the stored windows as hours, the concerns as numbers."""
        pledge: Pledge = self.instance
        self.initial["weekdays"] = weekdays_of(pledge.rule)
        for number, (opens, closes) in zip(WINDOWS, pledge.windows, strict=False):
            self.initial.update({f"opens_{number}": opens, f"closes_{number}": closes})
        if pledge.pk:
            self.initial["concern_numbers"] = " ".join(str(each.number) for each in pledge.concerns.all())

    def clean_concern_numbers(self) -> list[int]:
        """The numbers typed, each of which is one of the concerns of this form."""
        numbers = sorted({int(each) for each in re.findall(r"\d{1,4}", self.cleaned_data["concern_numbers"])})
        for number in numbers:
            if self.concerns is not None and number not in self.concerns:
                raise ValidationError(_("There is no concern number %(number)s.") % {"number": number})
        return numbers

    def clean(self) -> dict[str, Any]:
        """Take days and hours over into the pledge; what contradicts itself is said beside its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._settle_timing(cleaned)
        windows = self._windows(cleaned)
        self.instance.windows = windows
        if cleaned.get("timing") != Pledge.Timing.RECURRING:
            self.instance.rule = ""
        elif cleaned.get("weekdays") or weekdays_of(self.instance.rule):
            self.instance.rule = weekly_rule(cleaned.get("weekdays") or [])
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and starts > ends:
            self.add_error("ends_on", _("The pledge ends before it starts. Correct one of the two dates."))
        return cleaned

    def _settle_timing(self, cleaned: dict[str, Any]) -> None:
        """A date or days without a choice of timing make the choice; against the choice they are an error."""
        timing = cleaned.get("timing")
        if timing == Pledge.Timing.NOT_STATED and cleaned.get("due_on"):
            timing = Pledge.Timing.BY_DATE
        elif timing == Pledge.Timing.NOT_STATED and cleaned.get("weekdays"):
            timing = Pledge.Timing.RECURRING
        if timing != Pledge.Timing.BY_DATE and cleaned.get("due_on"):
            self.add_error("due_on", _("Only a pledge “by a date” has a due date. Choose that, or take the date away."))
        if timing != Pledge.Timing.RECURRING and cleaned.get("weekdays"):
            self.add_error("weekdays", _("Only a recurring pledge has days. Choose that, or take the days away."))
        cleaned["timing"] = timing

    def _windows(self, cleaned: dict[str, Any]) -> list[list[str]]:
        """The hours typed, as pairs of clock times."""
        windows: list[list[str]] = []
        for number in WINDOWS:
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if bool(opens) != bool(closes):
                name = f"closes_{number}" if opens else f"opens_{number}"
                if name not in self.errors:
                    self.add_error(name, _("Hours have a beginning and an end: give both, or none."))
            elif opens and closes:
                windows.append([f"{opens:%H:%M}", f"{closes:%H:%M}"])
                try:
                    validate_windows(windows)
                except ValidationError as error:
                    self.add_error(f"closes_{number}", error)
        return windows

    @property
    def has_schedule(self) -> bool:
        """Whether days or hours were filled in."""
        hours = (f"{side}_{number}" for number in WINDOWS for side in ("opens", "closes"))
        return has_any(self, "weekdays", *hours, "starts_on", "ends_on", "is_time_restricted")

    @property
    def has_more(self) -> bool:
        """Whether anything beyond the first few fields was filled in."""
        names = ("details", "due_words", "sign_from", "place", "is_place_restricted", "said_by")
        return has_any(self, *names, "neighbourhoods", "concern_numbers", "beneficiaries", "provenance")

    @property
    def missing(self) -> list[Any]:
        """In words, what a stored pledge leaves open."""
        return [QUESTIONS[each] for each in self.instance.missing()] if self.instance.pk else []

    @property
    def is_vague(self) -> bool:
        """Whether it will be published as too vague to measure."""
        pledge: Pledge = self.instance
        return bool(pledge.pk and pledge.timing == Pledge.Timing.NOT_STATED and not pledge.sign)


def _participants(meeting: Meeting) -> Iterable[Any]:
    return meeting.participants.all() if meeting.pk else ()


def _neighbourhoods(meeting: Meeting) -> Iterable[Any]:
    return meeting.neighbourhoods.all() if meeting.pk else ()


class Pledges(Rows):
    """Section 4 of the form."""

    form = PledgeForm

    def rows_of(self, meeting: Meeting) -> Iterable[Any]:
        """The stored pledges with what their forms show, in four queries however many they are."""
        stored = meeting.pledges.order_by("number").prefetch_related("neighbourhoods", "concerns")
        for pledge in stored:
            pledge.meeting = meeting
        return list(stored)

    def save_with(self, concerns: Rows) -> None:
        """Store the pledges, once participants and concerns are, and tie each to the concerns that it names."""
        by_number = {number: form.instance for number, form in concerns.kept()}
        present = set(self.meeting.participants.values_list("pk", flat=True))
        for _number, form in self.kept():
            if form.instance.said_by_id not in present:
                form.instance.said_by = None
        self.save()
        for _number, form in self.kept():
            numbers = form.cleaned_data["concern_numbers"]
            form.instance.concerns.set([by_number[each] for each in numbers if each in by_number])
