"""The form in which a pledge is written down, and the rows of them in a draft."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms.schedule import ScheduleFields
from commitments.forms.told import Told, told
from commitments.models import Pledge, PledgeKind
from meetings.choosing import OrganisationField, let_find
from meetings.forms import Rows, has_any
from meetings.models import Meeting
from meetings.register import EMPTY, Groups, Register, name_the_empty, offer

NOT_BEFORE = gettext_lazy("Not shown in public before it has passed; the agency and associations concerned see it.")


def kinds() -> Groups:
    """Every kind of pledge to choose from."""
    return [EMPTY, *((each.pk, str(each)) for each in PledgeKind.objects.all())]


class PledgeForm(ScheduleFields, forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """A pledge of a draft; its concerns are named by their numbers in the same form."""

    concern_numbers = forms.CharField(
        label=capfirst(gettext_lazy("answers the concerns number")),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The numbers of section 3, such as 1 3."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

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
            "is_place_restricted": NOT_BEFORE,
            "is_time_restricted": NOT_BEFORE,
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
            said_by=[EMPTY, *((each.pk, each.name or str(each)) for each in _participants(meeting))],
            neighbourhoods=[(each.pk, str(each)) for each in _neighbourhoods(meeting)],
        )
        name_the_empty(self, "sign_from")
        let_find(self, register, responsible=register.organisation_catalogue)
        self.fill_schedule()
        if self.instance.pk:
            self.initial["concern_numbers"] = " ".join(str(each.number) for each in self.instance.concerns.all())

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
        self.settle_schedule(cleaned)
        return cleaned

    @property
    def has_more(self) -> bool:
        """Whether anything beyond the first few fields was filled in."""
        names = ("details", "due_words", "place", "is_place_restricted", "said_by")
        return has_any(self, *names, "neighbourhoods", "concern_numbers", "beneficiaries", "provenance")

    @property
    def told(self) -> Told | None:
        """What a stored pledge says in words, and what it leaves open."""
        return told(self.instance, on=timezone.localdate()) if self.instance.pk and not self.is_bound else None


def _participants(meeting: Meeting) -> Iterable[Any]:
    return meeting.participants.all() if meeting.pk else ()


def _neighbourhoods(meeting: Meeting) -> Iterable[Any]:
    return meeting.neighbourhoods.all() if meeting.pk else ()


class Pledges(Rows):
    """Section 4 of the form."""

    form = PledgeForm

    def rows_of(self, meeting: Meeting) -> Iterable[Any]:
        """The stored pledges with what their forms show, in four queries however many they are."""
        stored = (
            meeting.pledges.order_by("number").select_related("kind").prefetch_related("neighbourhoods", "concerns")
        )
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
