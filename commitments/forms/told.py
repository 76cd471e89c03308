"""What a pledge of a draft says so far, told back to whoever writes it: its days, and what it leaves open."""

from dataclasses import dataclass, replace
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from commitments.forms.schedule import ScheduleFields
from commitments.in_words import in_words
from commitments.kinds import signs_of
from commitments.models import Pledge, PledgeKind

SHOWN = 5
# What a pledge may leave open, as `Pledge.missing` calls it.
QUESTIONS = {
    "agency": _("which agency answers for it"),
    "speaker": _("who said it, by their post"),
    "what": _("what was promised"),
    "where": _("where"),
    "when": _("by when"),
    "sign": _("what would show it"),
}


@dataclass(frozen=True)
class Told:
    """A pledge as understood: clauses of when, days before and after the day of the page, and what is still open.

    `total` is None where the occurrences cannot be counted; `signs` are proposed in the language of the record.
    """

    clauses: list[str]
    past: list[date]
    coming: list[date]
    total: int | None
    missing: list[str]
    is_vague: bool
    signs: list[str]
    language: str


def told(pledge: Pledge, *, on: date) -> Told:
    """What a pledge says so far; signs are proposed only while it has none."""
    schedule = pledge.schedule
    past, coming = schedule.near(on, SHOWN)
    with override(pledge.language):
        signs = [] if pledge.sign else [str(each) for each in signs_of(pledge.kind.slug if pledge.kind else "")]
    return Told(
        clauses=in_words(schedule, starts_on=pledge.starts_on),
        past=past,
        coming=coming,
        total=schedule.total() if schedule.is_stated else None,
        missing=[str(QUESTIONS[each]) for each in pledge.missing()],
        is_vague=pledge.timing == Pledge.Timing.NOT_STATED and not pledge.sign,
        signs=signs,
        language=pledge.language,
    )


class PledgeToTell(ScheduleFields, forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameter at run time
    """A pledge as it stands in its row of the draft, read to be told back; it is never stored."""

    kind = forms.ModelChoiceField(PledgeKind.objects.all(), required=False)
    responsible = forms.CharField(required=False)
    said_by = forms.CharField(required=False)

    class Meta:
        model = Pledge
        fields = ["title", "kind", "timing", "due_on", "starts_on", "ends_on", "place", "sign"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        self.fields["title"].required = False
        self.fill_schedule()

    def clean(self) -> dict[str, object]:
        """As `PledgeForm.clean`; agency and speaker count as soon as they are chosen, whoever they are."""
        cleaned: dict[str, object] = super().clean() or {}
        self.settle_schedule(cleaned)
        return cleaned

    def told(self, *, on: date) -> Told:
        """What the row says; with faults in it, without days, since those would be of another rule."""
        is_right = self.is_valid()
        pledge = self.instance
        if not is_right:
            pledge.rule, pledge.windows, pledge.pauses = "", [], []
            pledge.starts_on = pledge.ends_on = None
        chosen = {"agency": self.cleaned_data.get("responsible"), "speaker": self.cleaned_data.get("said_by")}
        answers = pledge.answers() | chosen
        missing = [str(QUESTIONS[each]) for each, answer in answers.items() if not answer]
        return replace(told(pledge, on=on), missing=missing)

    def sentences(self) -> list[str]:
        """What is wrong with the row, in the order of its fields, each sentence once."""
        found = [str(sentence) for name in self.fields for sentence in self.errors.get(name, ())]
        return list(dict.fromkeys(found))
