"""The forms by which a published record is corrected or withdrawn, and words of it are redacted; each asks why.

A correction opens one part of the record alone, so that its form stays small on a phone.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.changes import Change, in_words
from commitments.correcting import needed_by, translations_left, why_needed
from commitments.models import Pledge
from ledger.history import last_number
from meetings import record as meeting_record
from meetings.choosing import OrganisationField, let_find
from meetings.forms import ClockField, ConcernForm, DayField, ParticipantForm, SourceForm
from meetings.models import Meeting, Participant
from meetings.record import part_fields
from meetings.register import EMPTY, Register, name_the_empty, offer
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
    """Some fields of a published record, and why they change."""

    use_required_attribute = False

    reason = reason_field()
    expected = expected_field()
    # The fields of each part that is opened alone.
    parts: Mapping[str, tuple[str, ...]] = {}

    def __init__(self, subject: Meeting | Pledge, part: str, data: QueryDict | None = None) -> None:
        super().__init__(data, instance=subject, initial={"expected": last_number_of(subject)})
        for name in set(self.fields) - {*self.parts[part], "reason", "expected"}:
            del self.fields[name]
        if "title" in self.fields:
            self.fields["title"].required = True

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that change, with their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name not in {"reason", "expected"}}

    def in_words(self) -> list[Change]:
        """What changes, before and after, as a person reads it; the translations that go with it among that."""
        changed = [Change(str(self[name].label), self._words(name, self.initial.get(name)), self._typed(name))
                   for name in self.changes if name in self.fields]  # fmt: skip
        old = {f"old_{name}": self.initial.get(name) for name in self.changes}
        return changed + in_words(old | self.translations_said, self.instance)

    @property
    def translations_said(self) -> dict[str, Any]:
        """What the entry would say of the translations."""
        before, left = self.instance.translations, translations_left(self.instance, self.changes)
        return {} if left == before else {"old_translations": before, "new_translations": left}

    def _typed(self, name: str) -> str:
        value = self.cleaned_data[name]
        return self._words(name, value.pk if hasattr(value, "pk") else value)

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if value else _("no"))
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            return " · ".join(self._choice(name, getattr(each, "pk", each)) for each in value or ()) or "—"
        if getattr(field, "choices", None):
            return self._choice(name, value)
        shown = field.widget.format_value(value)
        return str(shown) if shown not in (None, "") else "—"

    def _choice(self, name: str, value: Any) -> str:
        choices: Any = self.fields[name]
        labels: dict[str, str] = {}
        for key, label in choices.choices:
            pairs = label if isinstance(label, list | tuple) else [(key, label)]
            labels |= {str(getattr(each, "value", each)): str(words) for each, words in pairs}
        return str(labels.get(str(value), value or "—"))


class MeetingCorrectionForm(CorrectionForm):
    """Correct a published meeting."""

    held_on = DayField(label=capfirst(_("date")))
    starts_at = ClockField(label=capfirst(_("from")), required=False)
    ends_at = ClockField(label=capfirst(_("until")), required=False)
    parts = {
        "subject": ("title", "summary", "language"),
        "when": ("held_on", "starts_at", "ends_at", "venue", "format"),
        "where": ("host", "neighbourhoods"),
        "present": ("people", "associations", "women"),
    }

    class Meta:
        model = Meeting
        fields = meeting_record.CORRECTABLE
        widgets = {"summary": forms.Textarea(attrs={"rows": 3}), "neighbourhoods": forms.CheckboxSelectMultiple}
        field_classes = {"host": OrganisationField}
        help_texts = {"neighbourhoods": _("Each pledge keeps its own: correct them there.")}

    def __init__(self, subject: Meeting, part: str, data: QueryDict | None = None) -> None:
        super().__init__(subject, part, data)
        if part == "where":
            register = register_of(subject)
            places = register.neighbourhood_catalogue
            places.mention(*(each.pk for each in subject.neighbourhoods.all()))
            offer(self, neighbourhoods=[(each.pk, places.label(each)) for each in places.offered])
            let_find(self, register, host=register.organisation_catalogue)
            self.fields["host"].required = self.fields["neighbourhoods"].required = True


class PledgeCorrectionForm(CorrectionForm):
    """Correct a published pledge, but for its days and hours."""

    parts = {
        "what": ("title", "details", "kind", "beneficiaries", "sign", "sign_from", "provenance"),
        "who": ("responsible", "said_by", "concerns"),
        "where": ("place", "neighbourhoods", "is_place_restricted"),
    }

    class Meta:
        model = Pledge
        fields = [
            "title", "details", "kind", "beneficiaries", "sign", "sign_from", "provenance", "responsible", "said_by",
            "concerns", "place", "neighbourhoods", "is_place_restricted",
        ]  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "details": forms.Textarea(attrs={"rows": 2}),
            "sign": forms.Textarea(attrs={"rows": 2}),
            "neighbourhoods": forms.CheckboxSelectMultiple,
            "concerns": forms.CheckboxSelectMultiple,
        }
        field_classes = {"responsible": OrganisationField}
        help_texts = {
            "responsible": _("Only while nobody has answered for it; later the agency itself hands it over."),
            "is_place_restricted": _("What everybody could read until now is not unsaid by it: the history keeps it."),
        }

    def __init__(self, subject: Pledge, part: str, data: QueryDict | None = None) -> None:
        super().__init__(subject, part, data)
        if part == "what":
            kind: Any = self.fields["kind"]
            kind.required, kind.empty_label = True, None
            name_the_empty(self, "sign_from")
        meeting = subject.meeting
        if part == "who":
            offer(
                self,
                said_by=[EMPTY, *((each.pk, f"{each.number}. {each}") for each in meeting.participants.all())],
                concerns=[(each.pk, f"{each.number}. {each}") for each in meeting.concerns.all()],
            )
            register = register_of(meeting)
            let_find(self, register, responsible=register.organisation_catalogue)
            self.fields["responsible"].required = True
        if part == "where":
            places = {each.pk: str(each) for each in (*subject.neighbourhoods.all(), *meeting.neighbourhoods.all())}
            offer(self, neighbourhoods=list(places.items()))
            self.fields["neighbourhoods"].required = True
            if subject.is_place_restricted:
                del self.fields["is_place_restricted"]


class PartCorrection:
    """What the forms of a participant, a concern and a source have in common: why, and taking it away."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    needing: Sequence[Pledge] = ()
    use_required_attribute = False

    def __init__(self, meeting: Meeting, row: Any, data: QueryDict | None = None) -> None:
        self.subject, self.number = meeting, row.number
        self.before = part_fields(row) if row.pk else None
        self.names = [*self._meta.fields]  # type: ignore[attr-defined]
        super().__init__(  # type: ignore[call-arg]
            data, instance=row, initial={"expected": last_number_of(meeting)}, register=register_of(meeting)
        )
        if row.pk:
            label = _("Take it out of the record")
            self.fields["take_away"] = forms.BooleanField(label=label, required=False)
        self.fields["reason"], self.fields["expected"] = reason_field(), expected_field()

    def clean(self) -> dict[str, Any]:
        """Refuse at once to take away what a pledge refers to; `needing` are those that can be corrected first."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        row: Any = self.instance  # type: ignore[attr-defined]
        needing = needed_by(row) if cleaned.get("take_away") else []
        self.needing = [pledge for pledge in needing if not pledge.is_withdrawn]
        if needing:
            self.add_error("take_away", [why_needed(row, pledge) for pledge in needing])  # type: ignore[attr-defined]
        return cleaned

    @property
    def changes(self) -> dict[str, Any] | None:
        """The new values; none when it is to be taken away."""
        return None if self.is_taken_away else {name: self.cleaned_data[name] for name in self.names}

    @property
    def is_taken_away(self) -> bool:
        """Whether it is to be taken out of the record."""
        return bool(self.cleaned_data.get("take_away"))

    @property
    def said(self) -> dict[str, Any]:
        """The entry's fields, as they would be."""
        row: Any = copy(self.instance)  # type: ignore[attr-defined]
        if hasattr(row, "translations"):
            row.translations = translations_left(row, self.changed_data)  # type: ignore[attr-defined]
        after = None if self.is_taken_away else part_fields(row)
        name = f"{row._meta.model_name}_{self.number}"
        return {} if after == self.before else {f"old_{name}": self.before, f"new_{name}": after}

    def in_words(self) -> list[Change]:
        """What changes, before and after, as everybody will read it."""
        return in_words(self.said, self.subject)


class ParticipantCorrectionForm(PartCorrection, ParticipantForm):
    """Correct a participant, or add one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attendance: Any = self.fields["attendance"]
        attendance.required = True
        attendance.choices = [(key, label) for key, label in attendance.choices if key]

    def clean(self) -> dict[str, Any]:
        """What is published says something: who is not named is shown by a role or an organisation."""
        cleaned = super().clean()
        is_named = cleaned.get("name") and cleaned.get("naming") != Participant.Naming.UNNAMED
        is_shown = is_named or cleaned.get("role") or cleaned.get("organisation") or cleaned.get("take_away")
        if not is_shown and not {"name", "role", "organisation"} & self.errors.keys():
            self.add_error("role", _("Nobody would see anything of this person: give a role or an organisation."))
        return cleaned

    @property
    def nothing_changed(self) -> str:
        """Why a new name alone is no correction, where the name is not shown."""
        if "name" in self.changed_data:
            return str(_("The name is not shown, so it is no part of the record, and there is nothing to correct."))
        return str(_("Nothing has been changed."))


class ConcernCorrectionForm(PartCorrection, ConcernForm):
    """Correct a concern, or add one."""


class SourceCorrectionForm(PartCorrection, SourceForm):
    """Correct a source, or add one."""


PART_FORMS: dict[str, Any] = {
    "participant": ParticipantCorrectionForm,
    "concern": ConcernCorrectionForm,
    "source": SourceCorrectionForm,
}


def register_of(meeting: Meeting) -> Register:
    """What may be chosen from: as whoever logged it chooses, or, where the site did, as its host would."""
    organisation = meeting.logged_by or meeting.host
    assert organisation is not None  # noqa: S101 - a published meeting has a host
    return Register(organisation)


def last_number_of(subject: Meeting | Pledge) -> int:
    """The number of the last entry of the subject's history."""
    return last_number(subject.stream) if subject.stream else 0
