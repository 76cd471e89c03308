"""The form above a letter to be printed: which one, in which language, who signs. Nothing keeps it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from commitments.formal_letter import LANGUAGES, Kind, Sender, kinds_for
from commitments.models import Pledge
from meetings.models import Organisation
from meetings.text import validate_text

_AT_MOST = 120


def _line(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=_AT_MOST, validators=[validate_text])


class FormalLetterForm(forms.Form):
    """What is not chosen is a reminder in the language given; `voices` are the associations that may write it."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    voice = forms.ChoiceField(label=gettext_lazy("You write as"), widget=forms.RadioSelect)
    name = _line(gettext_lazy("Who signs"))
    role = _line(gettext_lazy("In which role"))
    address = _line(gettext_lazy("Address of the association"))
    place = _line(gettext_lazy("Where it is signed"))

    def __init__(self, pledge: Pledge, data: QueryDict, *, voices: Sequence[Organisation], language: str) -> None:
        chosen = {"as": Kind.REMINDER.value, "language": language, "voice": voices[0].slug}
        super().__init__(chosen | data.dict())
        # "as" cannot be the name of an attribute in Python.
        kind = forms.ChoiceField(
            label=gettext_lazy("What to ask for"), choices=kinds_for(pledge), widget=forms.RadioSelect
        )
        self.fields = {"as": kind, **self.fields}
        self.voices = {each.slug: each for each in voices}
        voice: Any = self.fields["voice"]
        voice.choices = [(each.slug, each.name) for each in voices]
        if len(voices) == 1:
            voice.widget = forms.HiddenInput()

    def kind(self) -> Kind:
        """What the letter asks for."""
        return Kind(self.cleaned_data["as"])

    def sender(self) -> Sender:
        """Who signs."""
        typed = {name: self.cleaned_data[name] for name in ("name", "role", "address", "place")}
        return Sender(self.voices[self.cleaned_data["voice"]], **typed)
