"""The files of a draft on their own page: several are added at once, described and removed.

What can be done is done, and the rest comes back with a sentence: a browser cannot fill in a file a second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from attachments.keeping import Upload, keep, shown_name
from mail.writing import isolated
from meetings import files
from meetings.models import Meeting, MeetingFile
from meetings.text import validate_text


def caption_field(caption: str = "") -> forms.CharField:
    """What a file shows, in a line."""
    return forms.CharField(
        label=capfirst(gettext_lazy("caption")),
        initial=caption,
        max_length=200,
        required=False,
        validators=[validate_text],
    )


class Row(NamedTuple):
    """A file with its fields."""

    file: MeetingFile
    caption: Any
    seen: Any
    remove: Any


@dataclass
class Saved:
    """What was done: how many were removed or described, the files that were added; and sentences about the rest.

    `names` are the sender's own names of those that were added, `twice` of those that the draft held already.
    """

    changed: int = 0
    added: list[MeetingFile] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    refusals: dict[str | None, list[str]] = field(default_factory=dict)

    def refuse(self, name: str | None, sentences: Iterable[str]) -> None:
        """Say why not, beside a field or for the whole form."""
        self.refusals.setdefault(name, []).extend(sentences)


class DraftFilesForm(forms.Form):
    """A caption and a tick for each file that the draft holds; the new ones come beside it."""

    use_required_attribute = False

    def __init__(self, meeting: Meeting, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.meeting = meeting
        self.held = {each.attachment.name: each for each in meeting.files.all()}
        for name, file in self.held.items():
            self.fields[f"caption-{name}"] = caption_field(file.caption)
            seen = forms.CharField(initial=file.caption, required=False, strip=False, widget=forms.HiddenInput)
            self.fields[f"seen-{name}"] = seen
            self.fields[f"remove-{name}"] = forms.BooleanField(label=_("Remove it"), required=False)

    @property
    def rows(self) -> list[Row]:
        """Each file with its fields, in order."""
        return [
            Row(file, self[f"caption-{name}"], self[f"seen-{name}"], self[f"remove-{name}"])
            for name, file in self.held.items()
        ]

    def save(self, uploads: Iterable[Upload], *, by: User, now: datetime) -> Saved:
        """Remove, describe, add, in this order; raises NoDraft when it is published or deleted meanwhile."""
        saved = Saved()
        for name, sentences in self.errors.items():
            saved.refuse(name, [str(each) for each in sentences])
        for name, file in self.held.items():
            if f"remove-{name}" in self.data:
                files.remove(file, by=by)
                saved.changed += 1
            elif f"caption-{name}" in self.data and f"caption-{name}" in self.cleaned_data:
                self._describe(name, file, saved, by)
        self._tell_of_removed(saved)
        _add(self.meeting, uploads, saved, by=by, now=now)
        return saved

    def _describe(self, name: str, file: MeetingFile, saved: Saved, by: User) -> None:
        caption, seen = self.cleaned_data[f"caption-{name}"], self.cleaned_data[f"seen-{name}"]
        try:
            saved.changed += files.describe(file, caption, seen=seen, by=by)
        except files.CaptionChanged as changed:
            sentence = _("A colleague has written meanwhile: %(caption)s. Save again to put yours in its place.")
            saved.refuse(f"caption-{name}", [sentence % {"caption": isolated(changed.caption or "—")}])
        except MeetingFile.DoesNotExist:
            saved.refuse(None, [_gone(caption)])

    def _tell_of_removed(self, saved: Saved) -> None:
        """A caption that was typed for a file which a colleague has removed is at least shown once more."""
        for key in self.data:
            name = key.removeprefix("caption-")
            caption = self.data[key]
            if key != name and name not in self.held and caption and caption != self.data.get(f"seen-{name}", ""):
                saved.refuse(None, [_gone(caption[:200])])

    def again(self, saved: Saved) -> "DraftFilesForm":
        """The form with all files that there are now, what could not be saved of it, and why."""
        fresh = DraftFilesForm(self.meeting)
        data = {name: str(each.initial) for name, each in fresh.fields.items() if not name.startswith("remove-")}
        data |= {name: self.data[name] for name in saved.refusals if name in data and name in self.data}
        form = DraftFilesForm(self.meeting, data)
        form.full_clean()
        for name, sentences in saved.refusals.items():
            known = name if name in form.fields else None
            if known is None or not form.errors.get(known):
                form.add_error(known, [ValidationError(each) for each in sentences])
        return form


def _gone(caption: str) -> str:
    sentence = _("A colleague has removed a file meanwhile. You had written of it: %(caption)s")
    return sentence % {"caption": isolated(caption)}


def _add(meeting: Meeting, uploads: Iterable[Upload], saved: Saved, *, by: User, now: datetime) -> None:
    room = files.MAX_FILES - meeting.files.count()
    for upload in uploads:
        if room <= 0:  # before it is decoded: hundreds may have been sent
            saved.refuse(None, [files.too_many()])
            return
        try:
            added = files.add(meeting, keep(upload, by=by, now=now), by=by)
        except ValidationError as refusal:
            saved.refuse(None, refusal.messages)
        else:
            if added:
                saved.added.append(added)
                room -= 1
            (saved.names if added else saved.twice).append(shown_name(upload.name or ""))
