"""The forms in which a meeting is written down: itself, who took part, what was raised, where it is written.

A draft may be incomplete: only what could not be kept as it was typed is an error.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from meetings.choosing import NeighbourhoodField, OrganisationField, let_find
from meetings.days import read_day
from meetings.drafts import number_anew
from meetings.models import Concern, Meeting, Neighbourhood, Participant, Source
from meetings.register import Register, offer

MOST_ROWS = 60
EARLIEST_YEAR = 1950  # no record is older; "9/1/19" is no day of the year 19


class DayField(forms.DateField):
    """A day as Morocco writes it: 9/1/2019, 2019-01-09 or 9 يناير 2019, in any digits, with anything between them."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("We cannot read this date. Write day, month and year: 9/1/2019.")
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "placeholder": "9/1/2019", "dir": "auto", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs=attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or an error that says how to write one."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            return _in_our_time(read_day(str(value)))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


def _in_our_time(day: date) -> date:
    """The day, unless its year was cut short ("19") or mistyped; raises ValueError."""
    if day.year < EARLIEST_YEAR:
        raise ValueError(day)
    return day


class ClockField(forms.TimeField):
    """A time of day, picked or typed as 8:30."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("We cannot read this time. Write hours and minutes: 08:30.")
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh"], **kwargs)


def has_any(form: forms.BaseForm, *names: str) -> bool:
    """Whether any of these fields was filled in, or holds an error; then they are not folded away."""
    for name in names:
        value, initial = form[name].value(), form.fields[name].initial
        if form[name].errors or (value not in (None, "", [], False) and value != initial):
            return True
    return False


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Put the domain's sentences beside the fields they speak of, or above all fields."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, sentences in by_field.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def put(form: forms.BaseForm, name: str, value: str) -> None:
    """Let a form that comes back hold another value, and all else as it was sent: of several ticks, each."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # what a page has sent is a QueryDict
    data[form.add_prefix(name)] = value
    form.data = data


class MeetingForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """The meeting itself."""

    use_required_attribute = False
    held_on = DayField(label=capfirst(_("date")), required=False, help_text=_("Day, month, year."))
    starts_at = ClockField(label=capfirst(_("from")), required=False)
    ends_at = ClockField(label=capfirst(_("until")), required=False)
    neighbourhoods = forms.ModelMultipleChoiceField(
        Neighbourhood.objects.all(),
        label=capfirst(_("neighbourhoods concerned")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    another_neighbourhood = NeighbourhoodField(
        Neighbourhood.objects.all(), label=capfirst(_("another neighbourhood")), required=False
    )

    class Meta:
        model = Meeting
        fields = [
            "title", "held_on", "venue", "host", "neighbourhoods", "starts_at", "ends_at", "format", "language",
            "people", "associations", "women", "summary", "follows_up", "series",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}
        field_classes = {"host": OrganisationField}

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # a browser would cut what is pasted, and say nothing
            field.widget.attrs.pop("maxlength", None)
        offer(self, series=register.series, follows_up=register.earlier_meetings)
        let_find(self, register, host=register.organisation_catalogue)
        self._offer_neighbourhoods(register)

    def _offer_neighbourhoods(self, register: Register) -> None:
        """To tick: those the organisation covers, up to a bound, and those chosen before; to add: any other."""
        catalogue = register.neighbourhood_catalogue
        chosen = [
            *(self["neighbourhoods"].value() or ()),
            *(each.pk for each in self.initial.get("neighbourhoods", ())),
        ]
        catalogue.mention(*chosen)
        ticks = {each.pk: each for each in catalogue.offered if each.pk in register.covered}
        ticks |= {each.pk: each for key in chosen if (each := catalogue.find(key))}
        offer(self, neighbourhoods=[(key, catalogue.label(each)) for key, each in ticks.items()])
        let_find(self, register, another_neighbourhood=catalogue)
        another: Any = self.fields["another_neighbourhood"].widget
        another.ticks = "neighbourhoods"
        another.leave_out(ticks)

    @property
    def has_more(self) -> bool:
        """Whether anything beyond the first few fields was filled in."""
        names = ("starts_at", "ends_at", "people", "associations", "women", "summary", "follows_up", "series")
        return has_any(self, *names)

    def clean(self) -> dict[str, Any]:
        """What contradicts itself is said beside the field that can be put right."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and starts >= ends:
            self.add_error("ends_at", _("The meeting ends before it starts. Correct one of the two times."))
        people, women = cleaned.get("people"), cleaned.get("women")
        if people is not None and women is not None and women > people:
            sentence = _("There are more women than people present. Correct one of the two numbers.")
            self.add_error("women", sentence)
        if another := cleaned.get("another_neighbourhood"):
            cleaned["neighbourhoods"] = [*(cleaned.get("neighbourhoods") or ()), another]
        return cleaned


class ParticipantForm(forms.ModelForm):  # type: ignore[type-arg]  # as MeetingForm
    """Somebody who took part."""

    class Meta:
        model = Participant
        fields = ["name", "role", "organisation", "side", "naming", "attendance"]
        field_classes = {"organisation": OrganisationField}
        help_texts = {
            "name": _("Shown in public only for a public role, or where the person agreed."),
            "role": _("Such as: head of the district, president, resident."),
        }

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_find(self, register, organisation=register.organisation_catalogue)

    def clean(self) -> dict[str, Any]:
        """Somebody, in whatever way."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) or name in self.errors for name in ("name", "role", "organisation")):
            raise ValidationError(_("Say who took part: a name, a role or an organisation."))
        return cleaned


class ConcernForm(forms.ModelForm):  # type: ignore[type-arg]  # as MeetingForm
    """Something that was raised, and what was asked for."""

    class Meta:
        model = Concern
        fields = ["theme", "text", "request", "place"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "request": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Something, raised or asked for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) or name in self.errors for name in ("text", "request")):
            raise ValidationError(_("Say what was raised or what was asked for."))
        return cleaned


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # as MeetingForm
    """Where the record is written."""

    url = forms.URLField(label=capfirst(_("link")), max_length=500, required=False, assume_scheme="https")

    class Meta:
        model = Source
        fields = ["title", "publisher", "published", "url"]
        help_texts = {"published": _("A year, a month or a day: 2019, 2019-01 or 2019-01-12.")}

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # as MeetingForm
    """The rows of one kind in a draft: participants, concerns, pledges or sources.

    A row knows by a hidden key which stored one it is, among those of its own meeting only. One that was removed
    by somebody else comes back as a new one, so that nothing typed is lost.
    """

    form: type[forms.ModelForm]  # type: ignore[type-arg]  # as MeetingForm
    can_delete = True
    can_delete_extra = True
    can_order = False
    edit_only = False
    min_num = 0
    max_num = MOST_ROWS
    absolute_max = MOST_ROWS + 10
    validate_max = True
    validate_min = False
    renderer = None
    blank: Any  # an empty form, from which the browser makes new rows

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        prefix: str,
        meeting: Meeting,
        with_new: bool,
        **for_each: Any,
    ) -> None:
        self.meeting, self.for_each = meeting, for_each
        self.stored = list(self.rows_of(meeting)) if meeting.pk else []
        self.by_key = {str(each.pk): each for each in self.stored}
        self.extra = 1 if with_new or not self.stored else 0
        super().__init__(data, prefix=prefix)

    def rows_of(self, meeting: Meeting) -> Iterable[Any]:
        """The stored rows, in order."""
        return list(getattr(meeting, self.prefix_name()).order_by("number"))

    def prefix_name(self) -> str:
        """How the meeting calls its rows, such as "participants"."""
        return str(self.form._meta.model._meta.get_field("meeting").remote_field.related_name)

    def initial_form_count(self) -> int:
        """How many rows were stored when the form was opened."""
        return super().initial_form_count() if self.is_bound else len(self.stored)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """The stored row that the form at `index` edits, and what every form chooses from."""
        stored = None
        if self.is_bound and self.data is not None and index is not None:
            stored = self.by_key.get(self.data.get(f"{self.add_prefix(index)}-row", ""))
        elif index is not None and index < len(self.stored):
            stored = self.stored[index]
        if stored:  # also one that was stored after the form was opened: never passed over as an unused row
            return {"instance": stored, "empty_permitted": False, **self.for_each}
        return {"instance": self.form._meta.model(meeting=self.meeting), **self.for_each}

    def add_fields(self, form: Any, index: int | None) -> None:
        """Beside Django's box to tick for removal, the key of the stored row."""
        super().add_fields(form, index)
        for field in form.fields.values():  # a browser would cut what is pasted, and say nothing
            field.widget.attrs.pop("maxlength", None)
        form.fields["row"] = forms.CharField(
            required=False, initial=str(form.instance.pk or ""), widget=forms.HiddenInput
        )
        form.fields["DELETE"].label = _("Remove this when saving")

    def is_blank(self, form: Any) -> bool:
        """Whether nothing was typed into a row that is not stored."""
        return form.instance.pk is None and not set(form.changed_data) - {"row", "DELETE"}

    def kept(self) -> list[tuple[int, Any]]:
        """The forms that hold something and stay, with their numbers on the page."""
        gone = self.deleted_forms
        return [
            (number, form)
            for number, form in enumerate(self.forms, start=1)
            if form not in gone and not self.is_blank(form)
        ]

    def save(self) -> None:
        """Store what was typed, remove what was ticked, and number what stays 1, 2, 3 …; needs a stored meeting."""
        for form in self.deleted_forms:
            if form.instance.pk:
                form.instance.delete()
        free = max((each.number for each in self.stored), default=0) + 1
        for _number, form in self.kept():
            if form.instance.pk is None:
                form.instance.number, free = free, free + 1
            form.instance.meeting = self.meeting
            form.save()
        number_anew(getattr(self.meeting, self.prefix_name()).all())


class Participants(Rows):
    """Section 2 of the form."""

    form = ParticipantForm


class Concerns(Rows):
    """Section 3 of the form."""

    form = ConcernForm


class Sources(Rows):
    """Section 5 of the form."""

    form = SourceForm
