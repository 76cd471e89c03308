"""The forms by which an agency answers and an association says what it found.

Each carries the number of the last entry that was seen (`expected`) and the voice in which it speaks.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attachments.forms import WithEvidence
from commitments.handover import may_be_offered
from commitments.models import Pledge
from commitments.schedules import Occurrence, hours_in_words
from commitments.state import CARRIED_OUT, NOT_CARRIED_OUT
from meetings.forms import DayField, put
from meetings.models import Organisation
from meetings.register import EMPTY
from meetings.text import TEXT_LIMIT


class SpeakingForm(forms.Form):
    """What every word on a pledge carries; `voices` are the organisations as which the person may speak."""

    use_required_attribute = False
    text_hint: Any = ""  # for which answers the text is needed

    text = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    voice = forms.ChoiceField(label=gettext_lazy("You speak as"), widget=forms.RadioSelect)
    expected = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, pledge: Pledge, data: QueryDict | None = None, *, voices: Sequence[Organisation], **kwargs: Any
    ) -> None:
        initial = {"expected": pledge.last_number, "voice": voices[0].slug if voices else ""}
        super().__init__(data, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.pledge = pledge
        self.voices = {each.slug: each for each in voices}
        if "text" in self.fields:
            self.fields["text"].help_text = self.text_hint
        voice: Any = self.fields["voice"]
        voice.choices = [(each.slug, each.name) for each in voices]
        if len(voices) == 1:
            voice.widget = forms.HiddenInput()

    @property
    def organisation(self) -> Organisation:
        """As whom the person speaks."""
        return self.voices[self.cleaned_data["voice"]]

    def said(self) -> dict[str, Any]:
        """What the domain's function is told beside who speaks."""
        return {"text": self.cleaned_data["text"]}

    def words(self) -> dict[str, str]:
        """What everybody would read of what was typed, by the name of its field."""
        return {str(self["text"].label): self.cleaned_data["text"]}

    def catch_up(self) -> None:
        """Let what was typed be sent again, in the knowledge of what was said meanwhile."""
        put(self, "expected", str(self.pledge.last_number))


class WordingForm(SpeakingForm):
    """Whether this is what the agency said."""

    text_hint = gettext_lazy("Needed with a remark, and when it is not what was said.")
    wording = forms.ChoiceField(
        label=gettext_lazy("Is this what was said?"),
        choices=[each for each in Pledge.Wording.choices if each[0] != Pledge.Wording.NOT_ANSWERED],
        widget=forms.RadioSelect,
    )
    field_order = ("wording", "text")

    def said(self) -> dict[str, Any]:
        """As `speaking.reply_to_wording` takes it."""
        return super().said() | {"wording": Pledge.Wording(self.cleaned_data["wording"])}


class StatusForm(WithEvidence, SpeakingForm):
    """What the agency says of its progress."""

    text_hint = gettext_lazy(
        "Needed when you say that it was kept, in whole or in part, not kept or withdrawn, and when you go back: what "
        "shows it, or why."
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Where does it stand?"),
        choices=[each for each in Pledge.Status.choices if each[0] != Pledge.Status.NO_ANSWER],
        widget=forms.RadioSelect,
    )
    field_order = ("status", "text", "evidence")

    def said(self) -> dict[str, Any]:
        """As `speaking.answer` takes it."""
        return super().said() | {
            "status": Pledge.Status(self.cleaned_data["status"]),
            "evidence": self.cleaned_data["evidence"],
        }


class OfferForm(SpeakingForm):
    """That the pledge is not the agency's, and whose it is."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Who should answer for it?"),
        queryset=Organisation.objects.none(),
        to_field_name="slug",
        empty_label=EMPTY[1],
        error_messages={
            "invalid_choice": gettext_lazy("There is nothing by this name here. Choose one from the list.")
        },
    )
    field_order = ("to", "text")

    def __init__(self, pledge: Pledge, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(pledge, data, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = may_be_offered(pledge)
        to.widget.attrs["data-find"] = ""  # found among the names in the page

    def said(self) -> dict[str, Any]:
        """As `handover.offer` takes it."""
        return super().said() | {"to": self.cleaned_data["to"]}


class OfferedForm(SpeakingForm):
    """Whether the agency that was named takes the pledge over."""

    text_hint = gettext_lazy("Needed when you decline: why it is not yours.")
    ANSWERS = (
        ("accepted", gettext_lazy("We answer for it from now on")),
        ("declined", gettext_lazy("It is not ours")),
    )

    answer = forms.ChoiceField(label=gettext_lazy("Do you take it over?"), choices=ANSWERS, widget=forms.RadioSelect)
    field_order = ("answer", "text")

    def said(self) -> dict[str, Any]:
        """As `handover.answer_offer` takes it."""
        return super().said() | {"is_accepted": self.cleaned_data["answer"] == "accepted"}


class OccurrenceForm(SpeakingForm):
    """What became of one occurrence of a pledge that recurs."""

    text_hint = gettext_lazy("Needed when it was not carried out: why not.")
    OUTCOMES = (
        (CARRIED_OUT, gettext_lazy("carried out")),
        (NOT_CARRIED_OUT, gettext_lazy("not carried out")),
    )

    day = DayField(label=gettext_lazy("Day"))
    window = forms.ChoiceField(label=gettext_lazy("Hours"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("What became of it?"), choices=OUTCOMES, widget=forms.RadioSelect)
    field_order = ("day", "window", "outcome", "text")

    def __init__(self, pledge: Pledge, data: QueryDict | None = None, *, on: date, **kwargs: Any) -> None:
        initial = {"day": on} | kwargs.pop("initial", {})
        super().__init__(pledge, data, initial=initial, **kwargs)
        window: Any = self.fields["window"]
        window.choices = [(start, hours_in_words(start, end)) for start, end in pledge.windows] or [("", "—")]
        window.required = bool(pledge.windows)
        if len(pledge.windows) < 2:
            window.widget = forms.HiddenInput()
            self.initial["window"] = pledge.windows[0][0] if pledge.windows else ""

    def said(self) -> dict[str, Any]:
        """As `speaking.log_occurrence` takes it."""
        return super().said() | {
            "occurrence": Occurrence(self.cleaned_data["day"], self.cleaned_data["window"]),
            "was_carried_out": self.cleaned_data["outcome"] == CARRIED_OUT,
        }


VERDICTS = [each for each in Pledge.Assessment.choices if each[0] != Pledge.Assessment.NOT_CHECKED]


class AssessmentForm(WithEvidence, SpeakingForm):
    """What an association found when it looked."""

    text_hint = gettext_lazy("Needed when you dispute: what you found.")
    verdict = forms.ChoiceField(label=gettext_lazy("What did you find?"), choices=VERDICTS, widget=forms.RadioSelect)
    day = DayField(label=gettext_lazy("On which day did you look?"))
    field_order = ("verdict", "day", "text", "evidence")

    def __init__(self, pledge: Pledge, data: QueryDict | None = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(pledge, data, initial={"day": on}, **kwargs)

    def said(self) -> dict[str, Any]:
        """As `speaking.assess` takes it."""
        return super().said() | {
            "verdict": Pledge.Assessment(self.cleaned_data["verdict"]),
            "day": self.cleaned_data["day"],
            "evidence": self.cleaned_data["evidence"],
        }


class CheckForm(WithEvidence, SpeakingForm):
    """What an association found of one occurrence that the agency reported."""

    text_hint = gettext_lazy("Needed when you dispute: what you found.")
    occurrence = forms.ChoiceField(label=gettext_lazy("Which occurrence?"))
    verdict = forms.ChoiceField(label=gettext_lazy("What did you find?"), choices=VERDICTS, widget=forms.RadioSelect)
    field_order = ("occurrence", "verdict", "text", "evidence")

    def __init__(
        self,
        pledge: Pledge,
        data: QueryDict | None = None,
        *,
        reported: Iterable[tuple[Occurrence, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(pledge, data, **kwargs)
        occurrence: Any = self.fields["occurrence"]
        occurrence.choices = [(_key(each), words) for each, words in reported]

    def said(self) -> dict[str, Any]:
        """As `speaking.check_occurrence` takes it."""
        day, _bar, window = self.cleaned_data["occurrence"].partition("/")
        return super().said() | {
            "occurrence": Occurrence(date.fromisoformat(day), window),
            "verdict": Pledge.Assessment(self.cleaned_data["verdict"]),
            "evidence": self.cleaned_data["evidence"],
        }


def _key(occurrence: Occurrence) -> str:
    return f"{occurrence.day.isoformat()}/{occurrence.window}"


def reported_in_words(occurrence: Occurrence, *, was_carried_out: bool) -> str:
    """An occurrence and what the agency says of it, as one chooses it from a list."""
    told = {"day": date_format(occurrence.day, "DATE_FORMAT"), "hour": occurrence.window}
    if was_carried_out:
        sentence = _("%(day)s, %(hour)s: carried out") if occurrence.window else _("%(day)s: carried out")
    else:
        sentence = _("%(day)s, %(hour)s: not carried out") if occurrence.window else _("%(day)s: not carried out")
    return sentence % told
