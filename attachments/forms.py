"""Adding evidence to a form: files from a camera or a disk, kept at once, so that a form that comes back loses none."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from attachments.keeping import Upload, keep, unused_of
from attachments.models import Attachment

MAX_FILES = 6
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class Sent(NamedTuple):
    """What came with a form: new files, and the names of those that were kept when it was sent before."""

    uploads: Sequence[Upload]
    names: Sequence[str]


class EvidenceInput(forms.FileInput):
    """Chooses several files, and lists those that are kept already, each with a tick that keeps or removes it."""

    template_name = "partials/evidence_field.html"
    allow_multiple_selected = True
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ACCEPTED})
        self.kept: list[Attachment] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        """The files and the names, from a form that was sent or from nothing."""
        uploads = files.getlist(name) if hasattr(files, "getlist") else []
        names = data.getlist(f"{name}-kept") if hasattr(data, "getlist") else []
        return Sent(uploads, names)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Neither a file nor a name."""
        return not any(self.value_from_datadict(data, files, name))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Beside Django's own, the files that are kept."""
        context = super().get_context(name, None, attrs)
        context["widget"] |= {"kept": self.kept, "kept_name": f"{name}-kept"}
        if identity := context["widget"]["attrs"].get("id"):
            context["widget"]["attrs"]["id"] = f"{identity}_0"  # as in every set: errors lead to its first control
        return context


class EvidenceField(forms.FileField):
    """Any number of files; `WithEvidence` checks and keeps them."""

    widget = EvidenceInput

    def clean(self, data: Sent, initial: Any = None) -> Sent:
        """As it was sent: each file gets its own sentence later."""
        return data


NAME = re.compile(r"[0-9a-f]{40}")  # as `attachments.models` makes them


class WithEvidence(forms.Form):
    """A form to which files may be added; `by` is who fills it in.

    Files that pass are kept as unused attachments of this person before anything else of the form is judged, and
    stand in the form when it comes back: a browser cannot fill in a file a second time.
    """

    evidence = EvidenceField(
        label=gettext_lazy("Photos or PDF that show it"),
        required=False,
        help_text=gettext_lazy(
            "At most 6 files of 10 MB each. Where and with what a photo was taken is removed; "
            "a PDF is published as it is, with all that it holds."
        ),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_evidence(self) -> list[Attachment]:
        """The files to be named; ValidationError with a sentence for each that is not."""
        sent: Sent = self.cleaned_data["evidence"]
        names = [name for name in sent.names[:MAX_FILES] if NAME.fullmatch(name)]
        known = unused_of(self.by).filter(name__in=names)
        kept, refusals = _kept(sent.uploads, list(known.order_by("pk")), by=self.by)
        widget: Any = self.fields["evidence"].widget
        widget.kept = kept
        if refusals:
            raise ValidationError(refusals)
        return kept


def _kept(
    uploads: Iterable[Upload], kept: list[Attachment], *, by: User
) -> tuple[list[Attachment], list[ValidationError]]:
    """Those that are kept by now, each picture once, and why others are not."""
    refusals = []
    for upload in uploads:
        if len(kept) == MAX_FILES:
            refusals.append(ValidationError(_("Only 6 files can be added: the others are left out.")))
            break
        try:
            attachment = keep(upload, by=by, now=timezone.now())
        except ValidationError as refusal:
            refusals.append(refusal)
        else:
            if attachment.sha256 not in {each.sha256 for each in kept}:
                kept.append(attachment)
    return kept, refusals
