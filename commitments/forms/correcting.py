"""The forms by which a published record is corrected or withdrawn, and words of it are redacted; each asks why."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments import record
from commitments.models import Pledge
from commitments.timeline import Change
from ledger.history import last_number
from meetings import record as meeting_record
from meetings.forms import ClockField, DayField
from meetings.models import Meeting
from meetings.text import TEXT_LIMIT, validate_text


def reason_field() -> forms.CharField:
    """Why something is changed or taken away."""
    return forms.CharField(
        label=capfirst(_("why")),
        max_length=TEXT_LIMIT,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody reads it beside the change."),
        error_messages={"required": _("Give the reason: it is shown beside the change.")},
    )


def expected_field() -> forms.IntegerField:
    """The number of the last entry that was seen."""
    return forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why; shown beside the change for good."""

    use_required_attribute = False

    reason = reason_field()
    expected = expected_field()

    def __init__(self, subject: Meeting | Pledge, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"expected": last_number_of(subject)})


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """Fields of a published record, and why they change."""

    use_required_attribute = False

    reason = reason_field()
    expected = expected_field()
    correctable: tuple[str, ...] = ()

    def __init__(self, subject: Meeting | Pledge, data: QueryDict | None = None) -> None:
        super().__init__(data, instance=subject, initial={"expected": last_number_of(subject)})
        self.fields["title"].required = True

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that change, with their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.correctable}

    def in_words(self) -> list[Change]:
        """What changes, before and after, as a person reads it."""
        return [Change(str(self[name].label), self._words(name, self.initial.get(name)), self._typed(name))
                for name in self.changes]  # fmt: skip

    def _typed(self, name: str) -> str:
        value = self.cleaned_data[name]
        return self._words(name, value.pk if hasattr(value, "pk") else value)

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if choices := getattr(field, "choices", None):
            labels = {str(getattr(key, "value", key)): str(label) for key, label in choices}
            return labels.get(str(value), str(value or "—"))
        shown = field.widget.format_value(value)
        return str(shown) if shown not in (None, "") else "—"


class MeetingCorrectionForm(CorrectionForm):
    """Correct a published meeting."""

    held_on = DayField(label=capfirst(_("date")))
    starts_at = ClockField(label=capfirst(_("from")), required=False)
    ends_at = ClockField(label=capfirst(_("until")), required=False)
    correctable = meeting_record.CORRECTABLE

    class Meta:
        model = Meeting
        fields = meeting_record.CORRECTABLE
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}


class PledgeCorrectionForm(CorrectionForm):
    """Correct a published pledge."""

    due_on = DayField(label=capfirst(_("due date")), required=False)
    correctable = record.CORRECTABLE

    class Meta:
        model = Pledge
        fields = record.CORRECTABLE
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "details": forms.Textarea(attrs={"rows": 2}),
            "sign": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, subject: Pledge, data: QueryDict | None = None) -> None:
        super().__init__(subject, data)
        self.fields["kind"].required = True


def last_number_of(subject: Meeting | Pledge) -> int:
    """The number of the last entry of the subject's history."""
    return last_number(subject.stream) if subject.stream else 0
