"""The forms by which a moderator takes words of an entry away, or a file from the public."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attachments.models import Attachment
from commitments.forms.correcting import reason_field
from commitments.models import Pledge
from ledger.models import Entry
from meetings.models import Meeting


class Words(NamedTuple):
    """A field of an entry: its key, its name, and what it says."""

    key: str
    label: str
    text: str


class RedactionForm(forms.Form):
    """Which fields go, and why; `words` are those that can go."""

    use_required_attribute = False

    def __init__(
        self, entry: Entry, redactable: Sequence[str], subject: Meeting | Pledge, data: QueryDict | None = None
    ) -> None:
        super().__init__(data, prefix=f"entry-{entry.number}")
        self.entry = entry
        self.words = [Words(name, label_of(name, subject), shown(entry.fields[name])) for name in redactable]
        self.fields["fields"] = forms.MultipleChoiceField(
            label=capfirst(gettext_lazy("what is to be taken away")),
            choices=[
                (each.key, _("%(label)s: %(text)s") % {"label": each.label, "text": each.text}) for each in self.words
            ],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Choose what is to be taken away.")},
        )
        reason = self.fields["reason"] = reason_field()
        reason.help_text = gettext_lazy("Everybody reads it in place of the words.")
        reason.error_messages["required"] = gettext_lazy("Give the reason: it is shown in place of the text.")

    @property
    def going(self) -> list[Words]:
        """Exactly what goes."""
        chosen = self.cleaned_data["fields"]
        return [each for each in self.words if each.key in chosen]


class WithholdingForm(forms.Form):
    """Why a file is kept from the public."""

    use_required_attribute = False

    def __init__(self, file: Attachment, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=f"file-{file.name}")
        self.file = file
        reason = self.fields["reason"] = reason_field()
        reason.help_text = gettext_lazy("Everybody reads it in place of the file.")
        reason.error_messages["required"] = gettext_lazy("Give the reason: it is shown in place of the file.")


def label_of(name: str, subject: Meeting | Pledge) -> str:
    """The name of an entry's field in words."""
    for prefix, sentence in (("old_", _("before: %(field)s")), ("new_", _("after: %(field)s"))):
        if name.startswith(prefix):
            return sentence % {"field": label_of(name.removeprefix(prefix), subject)}
    part, _underscore, number = name.rpartition("_")
    parts = {
        "participant": _("Participant %(number)s"),
        "concern": _("Concern %(number)s"),
        "source": _("Source %(number)s"),
        "caption": _("Caption of file %(number)s"),
    }
    if part in parts:
        return parts[part] % {"number": number}
    plain = {"text": _("what was said"), "reason": _("reason")}
    try:
        return plain.get(name) or str(subject._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column
    except FieldDoesNotExist:
        return name


def shown(value: Any) -> str:
    """What a field says, as one line: its texts, one after the other."""
    if isinstance(value, Mapping):
        return " · ".join(text for each in value.values() if (text := shown(each)))
    return "" if value is None else str(value)
