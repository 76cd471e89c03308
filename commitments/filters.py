"""How the public lists are filtered; pages use it now, and whatever reads the record later uses the same."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, NamedTuple

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.models import Pledge, PledgeKind, PledgeQuerySet
from commitments.progress import moved
from ledger.models import Entry
from meetings.forms import DayField
from meetings.models import Concern, Meeting, Neighbourhood, Organisation
from meetings.models.place import NeighbourhoodQuerySet
from meetings.search import folded_terms
from meetings.text import validate_text

CLOCKS = {
    "overdue": _("overdue"),
    "silent": _("no news for a while"),
    "long_silent": _("no news for a long while"),
    "disputed": _("disputed by an association"),
    "lapsed": _("lapsed"),
    "vague": _("too vague to measure"),
}
MOVEMENTS = {
    "up": _("moved up lately"),
    "down": _("moved down lately"),
    "same": _("did not move lately"),
}
HEARD = {
    "yes": _("answered at least once"),
    "no": _("never answered"),
}
# What everybody may read: published ones, and withdrawn ones with their reason; of a draft there is no trace.
PUBLIC = (Meeting.State.PUBLISHED, Meeting.State.WITHDRAWN)


class Applied(NamedTuple):
    """A filter in force, as a sentence, and the address of the list without it."""

    sentence: str
    remove_url: str


class DayFilter(django_filters.DateFilter):
    """A day, typed as Morocco writes it."""

    field_class = DayField

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "9/1/2019"})
        super().__init__(widget=widget, **kwargs)


class WordsFilter(django_filters.CharFilter):
    """Words to search for, folded; the method `matching` of the set says where."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            method="matching",
            max_length=200,
            validators=[validate_text],
            widget=forms.TextInput(attrs={"type": "search"}),
            **kwargs,
        )


class NamedFilter(django_filters.ModelChoiceFilter):
    """One of a table, by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            to_field_name="slug",
            error_messages={"invalid_choice": _("There is nothing by this name here. Choose one from the list.")},
            **kwargs,
        )


class SeveralFilter(django_filters.MultipleChoiceFilter):
    """Any of several values, to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.CheckboxSelectMultiple,
            distinct=False,
            error_messages={"invalid_choice": _("“%(value)s” is not one of these. Choose among those below.")},
            **kwargs,
        )


class ListFilter(django_filters.FilterSet):
    """What every filtered list does; what depends on the day is told which day it is (`on`)."""

    # What other sites hang onto a shared link, and the list's own cursor: neither is a filter.
    NOT_FILTERS: ClassVar[tuple[str, ...]] = ("page", "fbclid", "gclid", "utm_")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    @property
    def qs(self) -> QuerySet[Any]:
        """What was found; nothing while a filter is not understood."""
        found: QuerySet[Any] = super().qs if self.is_valid() else self.queryset.none()
        return found

    def unknown(self) -> list[str]:
        """Names in the address that are no filter of this list, so that the page can say that they did nothing."""
        return sorted(name for name in self.data if name not in self.filters and not name.startswith(self.NOT_FILTERS))

    def applied(self) -> list[Applied]:
        """Each filter in force, to be taken away one by one; none while one of them is not understood."""
        if not self.is_valid():
            return []
        return [
            Applied(
                gettext("%(filter)s: %(value)s") % {"filter": self.filters[name].label, "value": words},
                self._without(name, value),
            )
            for name in self.data
            if name in self.filters
            for value, words in self._in_words(name)
        ]

    def _in_words(self, name: str) -> Iterator[tuple[str, str]]:
        """Each value in force of one filter, as the address has it and in words."""
        field, chosen = self.form.fields[name], self.form.cleaned_data[name]
        if isinstance(chosen, list):
            yield from ((value, _label(field, value)) for value in chosen)
        elif isinstance(field, forms.ChoiceField) and isinstance(chosen, str) and chosen:
            yield chosen, _label(field, chosen)
        elif isinstance(chosen, date):
            yield self.data[name], date_format(chosen, "DATE_FORMAT")
        elif chosen:
            yield self.data[name], str(chosen)

    def _without(self, name: str, value: str) -> str:
        """The address of the list without one value of a filter, from its first page."""
        query = self.data.copy()
        query.setlist(name, [each for each in query.getlist(name) if each != value])
        query.pop("page", None)
        return f"?{query.urlencode()}"


def _label(field: Any, value: str) -> str:
    """The words for a value that was ticked or chosen."""
    return str(dict(field.choices)[value])


class PledgeFilter(ListFilter):
    """The filters of a list of pledges."""

    q = WordsFilter(label=_("Words"))
    standing = SeveralFilter(label=_("Standing"), choices=Pledge.Standing.choices)
    status = SeveralFilter(label=_("What the agency says"), choices=Pledge.Status.choices)
    wording = SeveralFilter(label=_("Wording"), choices=Pledge.Wording.choices)
    clock = SeveralFilter(label=_("What is late or contested"), choices=list(CLOCKS.items()), method="on_clock")
    kind = NamedFilter(label=_("Kind"), queryset=PledgeKind.objects.all(), empty_label=_("All kinds"))
    timing = django_filters.ChoiceFilter(label=_("When"), choices=Pledge.Timing.choices, empty_label=_("Any time"))
    neighbourhood = NamedFilter(
        label=_("Neighbourhood"),
        field_name="neighbourhoods",
        queryset=Neighbourhood.objects.filter(pledges__state__in=PUBLIC).distinct(),
        empty_label=_("All neighbourhoods"),
    )
    agency = NamedFilter(
        label=_("Agency"),
        field_name="responsible",
        queryset=Organisation.objects.filter(pledges__state__in=PUBLIC).distinct(),
        empty_label=_("All agencies"),
    )
    under = NamedFilter(
        label=_("Agency and those that belong to it"),
        method="answered_under",
        queryset=Organisation.objects.filter(children__isnull=False).distinct(),
        empty_label=_("All agencies"),
    )
    heard = django_filters.ChoiceFilter(
        label=_("Answered"), choices=list(HEARD.items()), method="by_answer", empty_label=_("Answered or not")
    )
    assessed_by = NamedFilter(
        label=_("Looked at by"),
        method="looked_at_by",
        queryset=Organisation.objects.associations(),
        empty_label=_("Anybody or nobody"),
    )
    since = DayFilter(label=_("Promised from"), field_name="made_on", lookup_expr="gte")
    until = DayFilter(label=_("Promised until"), field_name="made_on", lookup_expr="lte")
    moved = django_filters.ChoiceFilter(
        label=_("What moved"), choices=list(MOVEMENTS.items()), method="by_movement", empty_label=_("Moved or not")
    )

    class Meta:
        model = Pledge
        fields: ClassVar[list[str]] = []

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

    def answered_under(self, pledges: PledgeQuerySet, _name: str, parent: Organisation) -> PledgeQuerySet:
        """Those for which an agency answers, or one that belongs to it."""
        return pledges.answered_by(parent.with_children())

    def by_answer(self, pledges: PledgeQuerySet, _name: str, value: str) -> PledgeQuerySet:
        """Those of which the agency has spoken at all, or never."""
        return pledges.filter(heard_on__isnull=value == "no")

    def looked_at_by(self, pledges: PledgeQuerySet, _name: str, association: Organisation) -> PledgeQuerySet:
        """Those of which the association said what it found."""
        return pledges.filter(stream__in=assessed_streams(association))

    def by_movement(self, pledges: PledgeQuerySet, _name: str, value: str) -> PledgeQuerySet:
        """Those that went up, or down, or neither within the last month."""
        found = moved(Pledge.objects.published(), self.on)
        if value == "same":
            return pledges.exclude(pk__in=found.up | found.down)
        return pledges.filter(pk__in=found.up if value == "up" else found.down)


def assessed_streams(association: Organisation) -> QuerySet[Entry, int | None]:
    """The histories in which the association said what it found."""
    return Entry.objects.filter(kind="assessment", speaker=association.slug).order_by().values_list("stream", flat=True)


class MeetingFilter(ListFilter):
    """The filters of the list of meetings."""

    neighbourhood = NamedFilter(
        label=_("Neighbourhood"),
        field_name="neighbourhoods",
        queryset=Neighbourhood.objects.filter(meetings__state__in=PUBLIC).distinct(),
        empty_label=_("All neighbourhoods"),
    )
    organisation = NamedFilter(
        label=_("Organisation"),
        method="with_organisation",
        queryset=Organisation.objects.all(),
        empty_label=_("All organisations"),
    )
    logged_by = NamedFilter(
        label=_("Logged by"),
        queryset=Organisation.objects.filter(logged_meetings__state__in=PUBLIC).distinct(),
        empty_label=_("Anybody"),
    )
    since = DayFilter(label=_("Held from"), field_name="held_on", lookup_expr="gte")
    until = DayFilter(label=_("Held until"), field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = []

    def with_organisation(self, meetings: QuerySet[Meeting], _name: str, value: Organisation) -> QuerySet[Meeting]:
        """Those that it hosted, logged or took part in."""
        return meetings.filter(pk__in=meetings_of(value))


def meetings_of(organisation: Organisation) -> QuerySet[Meeting]:
    """The published meetings that an organisation hosted, logged or took part in, each once."""
    there = Q(host=organisation) | Q(logged_by=organisation) | Q(participants__organisation=organisation)
    return Meeting.objects.published().filter(there).distinct()


class RequestFilter(ListFilter):
    """The filters of the list of what was asked for and not promised; its rows know the day of their meeting."""

    theme = SeveralFilter(label=_("Theme"), choices=Concern.Theme.choices)
    neighbourhood = NamedFilter(
        label=_("Neighbourhood"),
        field_name="meeting__neighbourhoods",
        queryset=Neighbourhood.objects.filter(meetings__state__in=PUBLIC).distinct(),
        empty_label=_("All neighbourhoods"),
    )

    class Meta:
        model = Concern
        fields: ClassVar[list[str]] = []

    @property
    def qs(self) -> QuerySet[Any]:
        """What was found, each with the day of its meeting, by which the list is paged."""
        found: QuerySet[Any] = super().qs.annotate(held_on=F("meeting__held_on"))
        return found


class NeighbourhoodFilter(ListFilter):
    """The search for one's neighbourhood, by its name or its commune's."""

    q = WordsFilter(label=_("Neighbourhood or commune"))

    class Meta:
        model = Neighbourhood
        fields: ClassVar[list[str]] = []

    def matching(self, found: NeighbourhoodQuerySet, _name: str, value: str) -> NeighbourhoodQuerySet:
        """Those whose own name or whose commune's holds every word."""
        return found.matching(value)


class OrganisationFilter(ListFilter):
    """The search for an organisation."""

    q = WordsFilter(label=_("Name"))

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []

    def matching(self, found: QuerySet[Organisation], _name: str, value: str) -> QuerySet[Organisation]:
        """Those whose name holds every word."""
        for term in folded_terms(value):
            found = found.filter(folded__contains=term)
        return found
