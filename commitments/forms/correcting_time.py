"""The form by which it is corrected when a pledge was to be kept: by a date, or on which days and at which hours."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from commitments.changes import Change, in_words
from commitments.forms.correcting import CorrectionForm
from commitments.forms.schedule import ScheduleFields
from commitments.models import Pledge
from commitments.record import pledge_fields

# What is corrected: columns of the pledge, some of which the form spells in several fields.
DATED = ("timing", "due_on", "due_words", "is_time_restricted")
SCHEDULED = ("rule", "windows", "starts_on", "ends_on", "pauses")


class TimeCorrectionForm(ScheduleFields, CorrectionForm):
    """Correct the days and hours of a published pledge, in the words in which a draft says them."""

    parts = {"when": (*DATED, *ScheduleFields.base_fields)}

    class Meta:
        model = Pledge
        fields = [*DATED, "starts_on", "ends_on"]
        help_texts = {
            "is_time_restricted": _("What everybody could read until now is not unsaid by it: the history keeps it."),
        }

    field_order = ["timing", "due_on", "due_words"]

    def __init__(self, subject: Pledge, part: str, data: QueryDict | None = None) -> None:
        super().__init__(subject, part, data)
        self.before = {name: getattr(subject, name) for name in (*DATED, *SCHEDULED)}
        self.as_published = pledge_fields(subject)
        self.fill_schedule()
        if subject.is_time_restricted:
            del self.fields["is_time_restricted"]

    def clean(self) -> dict[str, Any]:
        """Only what recurs has days, only what is due by a date has one."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("timing") != Pledge.Timing.RECURRING and self.before["timing"] == Pledge.Timing.RECURRING:
            self._leave_out_untouched(cleaned)
        self.settle_schedule(cleaned)
        return cleaned

    def _leave_out_untouched(self, cleaned: dict[str, Any]) -> None:
        """A pledge that is said to recur no longer loses its days, without being asked to empty each field of them."""
        for name in ScheduleFields.base_fields:
            if name != "due_on" and name not in self.changed_data:
                cleaned[name] = self.fields[name].clean(self.fields[name].widget.value_from_datadict({}, {}, name))

    @property
    def leaves_its_days(self) -> bool:
        """Whether the pledge is said to recur no longer, and `correct_pledge` takes its days and hours away."""
        timing = self.instance.timing
        return timing not in {self.before["timing"], Pledge.Timing.RECURRING}

    @property
    def tells_days(self) -> bool:
        """Whether the pledge keeps days, which are looked at before they are published."""
        return not self.leaves_its_days

    @property
    def changes(self) -> dict[str, Any]:
        """The columns that change, with their new values."""
        names = DATED if self.leaves_its_days else (*DATED, *SCHEDULED)
        return {name: value for name in names if (value := getattr(self.instance, name)) != self.before[name]}

    def in_words(self) -> list[Change]:
        """What changes, before and after, as everybody will read it."""
        said: dict[str, Any] = {}
        gone = {name: "" for name in SCHEDULED if self.before[name]} if self.leaves_its_days else {}
        for name, value in (self.changes | gone).items():
            said |= {f"old_{name}": self.as_published[name], f"new_{name}": value}
        return in_words(said | self.translations_said, self.instance)
