"""A week of occurrences, filled in after the fact in one form."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.forms.speaking import SpeakingForm, reported_in_words
from commitments.models import Pledge
from commitments.occurrences import Report, check_report
from commitments.schedules import Occurrence, has_begun, hours_in_words
from commitments.state import CARRIED_OUT, NOT_CARRIED_OUT, PledgeState, Reported

DAYS = 7


@dataclass(frozen=True)
class Slot:
    """One occurrence of the week: its hours in words, whether it was promised, what the agency said of it before."""

    occurrence: Occurrence
    hours: str
    is_expected: bool
    told: Reported | None
    outcome: Any = None
    why: Any = None

    @property
    def key(self) -> str:
        """How its fields are named in the form."""
        return f"{self.occurrence.day:%Y%m%d}-{self.occurrence.window.replace(':', '')}"


class WeekForm(SpeakingForm):
    """What became of each occurrence of the week that begins on `monday`; a day that has not come has no fields.

    Without a rule each day may be filled in, and so may a day that was not promised: what is carried out on it
    counts as extra.
    """

    def __init__(
        self,
        pledge: Pledge,
        data: QueryDict | None = None,
        *,
        monday: date,
        state: PledgeState,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(pledge, data, **kwargs)
        del self.fields["text"]
        self.now = now
        self._slots = [slot for slot in _slots(pledge, monday, state) if has_begun(slot.occurrence, now)]
        for slot in self._slots:
            self._add_fields(slot)

    def _add_fields(self, slot: Slot) -> None:
        outcomes = [("", _("no news")), (CARRIED_OUT, _("carried out"))]
        if slot.is_expected:
            outcomes.append((NOT_CARRIED_OUT, _("not carried out")))
        told = "" if slot.told is None else CARRIED_OUT if slot.told.was_carried_out else NOT_CARRIED_OUT
        self.fields[f"outcome-{slot.key}"] = forms.ChoiceField(
            label=_("What became of it?"), choices=outcomes, initial=told, required=False, widget=forms.RadioSelect
        )
        if slot.is_expected:
            self.fields[f"why-{slot.key}"] = forms.CharField(label=_("Why not?"), required=False, max_length=500)

    def slots(self) -> list[Slot]:
        """Each occurrence with its fields."""
        return [
            replace(
                slot,
                outcome=self[f"outcome-{slot.key}"],
                why=self[f"why-{slot.key}"] if slot.is_expected else None,
            )
            for slot in self._slots
        ]

    def clean(self) -> dict[str, Any]:
        """Each report is checked at its own place."""
        found: dict[str, Any] = super().clean() or {}
        for slot, report in self._reports(found):
            if slot.told is None or slot.told.was_carried_out != report.was_carried_out:
                self._check(slot, report)
        return found

    def _check(self, slot: Slot, report: Report) -> None:
        try:
            check_report(self.pledge, report, self.now)
        except ValidationError as error:
            field = "outcome" if report.was_carried_out else "why"
            self.add_error(f"{field}-{slot.key}", error.messages)

    def _reports(self, found: dict[str, Any]) -> Iterator[tuple[Slot, Report]]:
        for slot in self._slots:
            if outcome := found.get(f"outcome-{slot.key}"):
                is_done = outcome == CARRIED_OUT
                text = "" if is_done else found.get(f"why-{slot.key}", "")
                yield slot, Report(slot.occurrence, is_done, text)

    def words(self) -> dict[str, str]:
        """Why each occurrence was not carried out, by its day and hour."""
        return {
            reported_in_words(report.occurrence, was_carried_out=False): report.text
            for _slot, report in self._reports(self.cleaned_data)
            if report.text
        }

    def said(self) -> dict[str, Any]:
        """As `occurrences.log_week` takes it."""
        return {"reports": [report for _slot, report in self._reports(self.cleaned_data)]}


def _slots(pledge: Pledge, monday: date, state: PledgeState) -> Iterator[Slot]:
    """The occurrences of seven days: the promised ones; on other days each hour, or the day, that might be extra."""
    ends = dict(pledge.windows)
    for day in (monday + timedelta(days=count) for count in range(DAYS)):
        if pledge.made_on and day < pledge.made_on:
            continue
        promised = pledge.schedule.on(day)
        starts = [start for start, _end in sorted(pledge.windows)] or [""]
        for occurrence in promised or [Occurrence(day, start) for start in starts]:
            hours = hours_in_words(occurrence.window, ends[occurrence.window]) if occurrence.window else ""
            is_expected = occurrence in promised or not pledge.rule
            yield Slot(occurrence, hours, is_expected, state.occurrences.get(occurrence))
