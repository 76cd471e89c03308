"""The form for a file that was forgotten when its meeting was published, or for the caption of one that is there."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from attachments.forms import ACCEPTED
from attachments.keeping import in_an_entry, keep, unused_of
from attachments.models import Attachment
from commitments.changes import Change, in_words
from commitments.forms.correcting import expected_field, last_number_of, reason_field
from commitments.forms.files import caption_field
from meetings.forms import put
from meetings.models import Meeting, MeetingFile


class FileCorrectionForm(forms.Form):
    """A file, its caption, and why; of one that is in the record the caption alone: it can only be withheld."""

    use_required_attribute = False

    upload = forms.FileField(
        label=capfirst(_("photo or PDF")),
        allow_empty_file=True,  # of which `keep` says what it is
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("At most 10 MB. Where and with what a photo was taken is removed; a PDF is published as it is."),
        error_messages={"required": _("Choose a file first.")},
    )
    kept = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        meeting: Meeting,
        row: MeetingFile,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        by: User,
    ) -> None:
        super().__init__(data, files, initial={"expected": last_number_of(meeting)})
        self.subject, self.instance, self.by = meeting, row, by
        self.attachment: Attachment | None = None
        if row.pk:
            del self.fields["upload"], self.fields["kept"]
        else:
            self.attachment = unused_of(by).filter(name=self.data.get("kept", "")).first()
            self.fields["upload"].required = self.attachment is None
        self.fields["caption"] = caption_field(row.caption)
        self.fields["reason"], self.fields["expected"] = reason_field(), expected_field()

    def clean(self) -> dict[str, Any]:
        """Keep a file that was sent as an unused one of this person, so that the form need not ask for it again."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("upload"):
            try:
                self.attachment = keep(cleaned["upload"], by=self.by, now=timezone.now())
            except ValidationError as refusal:
                self.add_error("upload", refusal)
            else:
                put(self, "kept", self.attachment.name)
                self.fields["upload"].required = False
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """What is said anew, as `correcting.correct_file` takes it."""
        return {"caption": self.cleaned_data["caption"]} | ({"attachment": self.attachment} if self.attachment else {})

    def in_words(self) -> list[Change]:
        """What changes, before and after, as everybody will read it."""
        number, caption = self.instance.number, self.cleaned_data["caption"]
        said: dict[str, Any] = {f"new_file_{number}": in_an_entry(self.attachment)} if self.attachment else {}
        if caption != self.instance.caption:
            said |= {f"old_caption_{number}": self.instance.caption, f"new_caption_{number}": caption}
        return in_words(said, self.subject)
