"""The form by which a table of past meetings is chosen."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.importing.bounds import MAX_BYTES


class TableForm(forms.Form):
    """One file; what it holds is judged by `commitments.importing`, not by its name."""

    file = forms.FileField(
        label=capfirst(_("table of meetings (CSV or XLSX)")),
        allow_empty_file=True,  # of which the reading says what it is
        max_length=200,
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )

    def clean_file(self) -> Any:
        """Refuse by its size before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it into several."))
        return upload
