"""What an official chooses from at the inbox: which of what waits to see, and which days of the record."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.waiting import WHY, Row
from meetings.forms import DayField
from meetings.text import validate_text

RECORD_DAYS = 90


class Choice(NamedTuple):
    """One reason why pledges wait: how many, and whether the list is narrowed to it."""

    why: str
    label: Any
    pledges: int
    is_chosen: bool


class SearchForm(forms.Form):
    """The words to search for among what waits."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        validators=[validate_text],
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    @property
    def query(self) -> str:
        """The words; none while they cannot be read."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class InboxForm(forms.Form):
    """To which reason, and to which of several agencies, the list is narrowed; what is unknown narrows nothing."""

    why = forms.ChoiceField(choices=WHY.items(), required=False, widget=forms.HiddenInput)
    agency = forms.ChoiceField(label=_("Agency"), required=False)

    def __init__(self, data: QueryDict, *, rows: Sequence[Row]) -> None:
        super().__init__(data)
        self.rows = rows
        agencies = {row.pledge.responsible.slug: row.pledge.responsible.name for row in rows if row.pledge.responsible}
        agency: Any = self.fields["agency"]
        agency.choices = [("", _("All agencies")), *agencies.items()]
        self.has_several_agencies = len(agencies) > 1
        self.full_clean()

    @property
    def why_chosen(self) -> str:
        """The reason to which the list is narrowed, or nothing."""
        return str(self.cleaned_data.get("why", ""))

    def narrowed(self) -> list[Row]:
        """The rows that are asked for, in their order."""
        return [row for row in self._of_agency() if self.why_chosen in {"", row.why}]

    def choices(self) -> list[Choice]:
        """Each reason that there is, with its count."""
        counts = Counter(row.why for row in self._of_agency())
        return [Choice(why, label, counts[why], why == self.why_chosen) for why, label in WHY.items() if counts[why]]

    def _of_agency(self) -> list[Row]:
        slug = self.cleaned_data.get("agency")
        return [row for row in self.rows if not slug or _slug_of(row) == slug]


def _slug_of(row: Row) -> str:
    return row.pledge.responsible.slug if row.pledge.responsible else ""


class RecordForm(forms.Form):
    """The days of which the record shows what was answered."""

    since = DayField(label=_("Answered from"), required=False)
    until = DayField(label=_("Answered until"), required=False)

    def __init__(self, data: QueryDict, *, on: date) -> None:
        first, last = on - timedelta(days=RECORD_DAYS), on
        given = {name: data.get(name) or f"{day:%d/%m/%Y}" for name, day in (("since", first), ("until", last))}
        super().__init__(given)

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return found
