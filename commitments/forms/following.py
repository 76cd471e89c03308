"""The forms of the next meeting: which neighbourhoods, which new points, and what was stated of a pledge."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from commitments.models import AgendaItem
from commitments.models.agenda import Outcome
from commitments.reviewing import Stated
from mail.writing import isolated
from meetings.forms import DayField
from meetings.models import Neighbourhood, Organisation
from meetings.pasting import lines
from meetings.text import TEXT_LIMIT, validate_text

MOST_POINTS = 30
LONGEST_POINT = 300


def points_of(text: str) -> list[str]:
    """The new points, one on each line, without bullets and numbers; raises ValidationError with a sentence."""
    points = lines(text)
    for point in points:
        validate_text(point)
    if len(points) > MOST_POINTS or any(len(point) > LONGEST_POINT for point in points):
        raise ValidationError(_("Write at most 30 points of at most 300 characters each."))
    return points


class PrepareForm(forms.Form):
    """The neighbourhoods of the next meeting, and the names of a series, where one may be begun."""

    use_required_attribute = False
    neighbourhoods = forms.ModelMultipleChoiceField(
        Neighbourhood.objects.none(),
        label=capfirst(_("neighbourhoods concerned")),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one neighbourhood.")},
    )
    series_ar = forms.CharField(
        label=_("Name of the series in Arabic"), required=False, max_length=200, validators=[validate_text]
    )
    series_fr = forms.CharField(
        label=_("Name of the series in French"), required=False, max_length=200, validators=[validate_text]
    )

    def __init__(self, *args: Any, places: QuerySet[Neighbourhood], may_link: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["neighbourhoods"]
        field.queryset = places
        if not may_link:
            del self.fields["series_ar"], self.fields["series_fr"]

    def clean(self) -> dict[str, Any]:
        """A series has both names or none."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("series_ar")) != bool(cleaned.get("series_fr")):
            name = "series_fr" if cleaned.get("series_ar") else "series_ar"
            self.add_error(name, _("A series has a name in Arabic and in French."))
        return cleaned

    def series_names(self) -> tuple[str, str] | None:
        """The names of the series to begin, or None."""
        arabic, french = self.cleaned_data.get("series_ar"), self.cleaned_data.get("series_fr")
        return (arabic, french) if arabic and french else None


class OutcomeForm(forms.Form):
    """What was stated of one pledge, and by whom: the association, `side` where somebody of it was present, or both."""

    ALONE = "alone"

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("What was stated"), required=False, choices=[("", _("nothing yet")), *Outcome.choices]
    )
    stated_by = forms.ChoiceField(label=_("Who stated it"), required=False, widget=forms.RadioSelect)
    due_on = DayField(label=_("New date, if still to be done"), required=False)
    remark = forms.CharField(
        label=_("In the words of the minutes"),
        required=False,
        max_length=TEXT_LIMIT,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, side: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        alone: tuple[str, Any] = (self.ALONE, capfirst(_("the association alone")))
        together = _("The two sides together: the association and %(agency)s")
        field: Any = self.fields["stated_by"]
        theirs = _("%(agency)s alone: the association only writes it down")
        field.choices = [alone]
        if side:
            agency = {"agency": isolated(side.name)}
            field.choices = [alone, (_by(side), theirs % agency), (_with(side), together % agency)]
        field.help_text = _("What was not discussed was stated by nobody.") if side else ""
        field.error_messages["invalid_choice"] = (
            _("Who could have stated it besides you is another one by now. Choose again.")
            if side
            else _("Nobody of the agency is listed as present by now: the association alone can have stated it.")
        )

    @classmethod
    def of(cls, item: AgendaItem, data: QueryDict | None, side: Organisation | None) -> "OutcomeForm":
        """The form of one item of the agenda; `side` was there and may have stated it too."""
        initial = {
            "outcome": item.outcome,
            "stated_by": _chosen(item, side),
            "due_on": item.due_on,
            "remark": item.remark,
        }
        return cls(data, prefix=f"item-{item.pk}", initial=initial, side=side)

    def stated(self) -> Stated:
        """What was typed."""
        said = self.cleaned_data
        side = self.side if said["stated_by"] not in {"", self.ALONE} else None
        is_theirs_alone = side is not None and said["stated_by"] == _by(side)
        return Stated(said["outcome"], said["due_on"], said["remark"].strip(), side, is_theirs_alone)


def _chosen(item: AgendaItem, side: Organisation | None) -> str:
    if side is None or item.agreed_with != side:
        return OutcomeForm.ALONE
    return _by(side) if item.is_theirs_alone else _with(side)


def _by(side: Organisation) -> str:
    """The choice that names who stated it alone, as `_with`."""
    return f"by-{side.pk}"


def _with(side: Organisation) -> str:
    """The choice that names who stated it too: another one's, sent from a page that is out of date, is none."""
    return f"together-{side.pk}"
