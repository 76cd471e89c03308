"""How lists of pledges are filtered; pages use it now, and whatever reads pledges later uses the same."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Pledge, PledgeKind, PledgeQuerySet
from commitments.progress import moved
from meetings.models import Neighbourhood, Organisation
from meetings.text import validate_text

CLOCKS = {
    "overdue": _("overdue"),
    "silent": _("no news for a while"),
    "long_silent": _("no news for a long while"),
    "disputed": _("disputed by an association"),
    "lapsed": _("lapsed"),
    "vague": _("too vague to measure"),
}
MOVEMENTS = {"up": _("moved up lately"), "down": _("moved down lately")}
DAY_FORMATS = ["%d/%m/%Y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]


class DayFilter(django_filters.DateFilter):
    """A day, typed as Morocco writes it or picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)


class PledgeFilter(django_filters.FilterSet):
    """The filters of a list of pledges; what depends on the day is told which day it is (`on`)."""

    q = django_filters.CharFilter(label=_("words"), method="matching", max_length=200, validators=[validate_text])
    standing = django_filters.MultipleChoiceFilter(
        label=_("standing"), choices=Pledge.Standing.choices, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("what the agency says"), choices=Pledge.Status.choices, widget=forms.CheckboxSelectMultiple
    )
    clock = django_filters.MultipleChoiceFilter(
        label=_("what is late or contested"),
        choices=CLOCKS.items(),
        method="on_clock",
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("kind"), queryset=PledgeKind.objects.all(), to_field_name="slug", empty_label=_("all kinds")
    )
    timing = django_filters.ChoiceFilter(label=_("when"), choices=Pledge.Timing.choices, empty_label=_("any time"))
    neighbourhood = django_filters.ModelChoiceFilter(
        label=_("neighbourhood"),
        field_name="neighbourhoods",
        queryset=Neighbourhood.objects.filter(pledges__isnull=False).distinct(),
        to_field_name="slug",
        empty_label=_("all neighbourhoods"),
    )
    agency = django_filters.ModelChoiceFilter(
        label=_("agency"),
        field_name="responsible",
        queryset=Organisation.objects.filter(pledges__isnull=False).distinct(),
        to_field_name="slug",
        empty_label=_("all agencies"),
    )
    since = DayFilter(label=_("promised from"), field_name="made_on", lookup_expr="gte")
    until = DayFilter(label=_("promised until"), field_name="made_on", lookup_expr="lte")
    moved = django_filters.ChoiceFilter(
        label=_("what moved"), choices=MOVEMENTS.items(), method="by_movement", empty_label=_("moved or not")
    )

    # What other sites hang onto a shared link, and the list's own cursor: neither is a filter.
    NOT_FILTERS: ClassVar[tuple[str, ...]] = ("page", "fbclid", "gclid", "utm_")

    class Meta:
        model = Pledge
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def matching(self, pledges: PledgeQuerySet, _name: str, value: str) -> PledgeQuerySet:
        """Those that hold every word."""
        return pledges.matching(value)

    def on_clock(self, pledges: PledgeQuerySet, _name: str, values: Iterable[str]) -> PledgeQuerySet:
        """Those to which all of the chosen clocks apply."""
        for value in values:
            pledges = self._on_one_clock(pledges, value)
        return pledges

    def _on_one_clock(self, pledges: PledgeQuerySet, value: str) -> PledgeQuerySet:
        if value == "disputed":
            return pledges.disputed()
        if value == "vague":
            return pledges.filter(is_vague=True)
        by_day = {
            "overdue": PledgeQuerySet.overdue,
            "silent": PledgeQuerySet.silent,
            "long_silent": PledgeQuerySet.long_silent,
            "lapsed": PledgeQuerySet.lapsed,
        }
        return by_day[value](pledges, self.on)

    def by_movement(self, pledges: PledgeQuerySet, _name: str, value: str) -> PledgeQuerySet:
        """Those that went up, or down, within the last month."""
        found = moved(Pledge.objects.published(), self.on)
        return pledges.filter(pk__in=found.up if value == "up" else found.down)

    @property
    def qs(self) -> QuerySet[Pledge]:
        """The pledges found, each once; none while a filter is not understood."""
        found: QuerySet[Pledge] = super().qs.distinct() if self.is_valid() else self.queryset.none()
        return found

    def unknown(self) -> list[str]:
        """Names in the address that are no filter of this list, so that the page can say that they did nothing."""
        return sorted(name for name in self.data if name not in self.filters and not name.startswith(self.NOT_FILTERS))

    def applied(self) -> list[tuple[str, str, str]]:
        """Each filter in force: its label, the chosen value in words, and the query of the list without it."""
        found = []
        for name, values in self.data.lists():
            if name in self.filters:
                found += [
                    (str(self.filters[name].label), self._in_words(name, value), self._without(name, value))
                    for value in values
                    if value
                ]
        return found

    def _in_words(self, name: str, value: str) -> str:
        field = self.form.fields[name]
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            return str(field.queryset.filter(slug=value).first() or value)
        return str(dict(getattr(field, "choices", ())).get(value, value))

    def _without(self, name: str, value: str) -> str:
        query = self.data.copy()
        query.setlist(name, [each for each in query.getlist(name) if each != value])
        query.pop("page", None)
        return str(query.urlencode())
