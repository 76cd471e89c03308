"""What the forms of a desk choose from: organisations, neighbourhoods, series and earlier meetings.

A page holds a bounded list of each, however long the register is; everything else of it is found by its name.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from meetings.finding import MOST_FOUND, MOST_NEAR_MATCHES, alike, is_called, matching, near_first
from meetings.models import Meeting, MeetingSeries, Neighbourhood, Organisation, Territory
from meetings.search import fold_text

Groups = list[tuple[Any, Any]]
Option = tuple[str, SafeString]
MOST_OFFERED = 60
EMPTY = ("", _("not chosen"))  # of every list that may be left as it is
ADDRESS = re.compile(r"[-.\w]+", re.ASCII)


class Catalogue:
    """One kind of thing to choose from, all of `allowed`; a page holds the near ones, those chosen, and some more.

    `note` says what tells two of the same name apart. What a form may choose is mentioned first, so that all of its
    fields together ask once for what they hold.
    """

    columns: tuple[str, ...] = ("folded",)
    address = "slug"

    def __init__(self, allowed: QuerySet[Any], *, near: Callable[[], set[int]], note: Callable[[Any], str]) -> None:
        self.allowed, self.near, self.note = allowed, near, note
        self._mentioned: set[int] = set()
        self._known: dict[int, Any] = {}
        self._drawn: tuple[set[int], Groups, list[tuple[str, list[Option]]]] | None = None

    @cached_property
    def offered(self) -> list[Any]:
        """What the forms hold by now, then the near ones, then others, as many as there is room for."""
        room = max(MOST_OFFERED, len(self._mentioned))
        return list(near_first(self.allowed, self.near(), before=self._mentioned)[:room])

    def mention(self, *keys: Any) -> None:
        """Let what a form holds be among the choices, if there is such a thing."""
        self._mentioned |= {int(str(key)) for key in keys if _is_key(key)}

    def find(self, key: Any) -> Any | None:
        """The thing with this key; None when there is none that may be chosen."""
        self.mention(key)
        return self._all().get(int(str(key))) if _is_key(key) else None

    def _all(self) -> dict[int, Any]:
        """Everything offered or mentioned that there is."""
        if not self._known:
            self._known = {each.pk: each for each in self.offered}
        if unknown := self._mentioned - self._known.keys():
            self._known |= {each.pk: each for each in self.allowed.filter(pk__in=unknown)}
            self._known |= dict.fromkeys(unknown - self._known.keys())
        return self._known

    def groups(self) -> Groups:
        """The choices of a list: what is offered and what the forms of the page hold."""
        return self._draw()[1]

    def options(self) -> list[tuple[str, list[Option]]]:
        """The same as HTML by key, each group with its label ("" for none)."""
        return self._draw()[2]

    def _draw(self) -> tuple[set[int], Groups, list[tuple[str, list[Option]]]]:
        mentioned = set(self._mentioned)
        if self._drawn is None or self._drawn[0] != mentioned:
            listed = [each for each in self._all().values() if each is not None]
            groups = grouped(listed, self.near(), _("Near you"), _("Others"), label=self.label)
            drawn = [("", _options([EMPTY])), *((str(label), _options(group)) for label, group in groups[1:])]
            self._drawn = (mentioned, groups, drawn)
        return self._drawn

    def label(self, thing: Any) -> str:
        """How a list calls a thing."""
        return str(thing)

    def hint(self, thing: Any) -> str:
        """What is said beside the label of one that was found."""
        return self.note(thing)

    def is_called(self, thing: Any, words: str) -> bool:
        """Whether these words name it, whole, as its names or a list do."""
        return is_called(thing, words) or getattr(thing, self.address) == words

    def search(self, query: str) -> list[Any]:
        """The first that hold every word, near ones on top, and one more than are shown when there are."""
        found = matching(self.allowed, query, columns=self.columns)
        return list(near_first(found, self.near())[: MOST_FOUND + 1])

    def called(self, words: str) -> list[Any]:
        """Those that the words name, whole; or else those that were perhaps meant."""
        if ADDRESS.fullmatch(words) and (addressed := list(self.allowed.filter(**{self.address: words}))):
            return addressed
        found = matching(self.allowed, words, columns=self.columns)
        named = [each for each in near_first(found, self.near())[:MOST_OFFERED] if self.is_called(each, words)]
        return named or list(near_first(alike(self.allowed, [words]), self.near())[:MOST_NEAR_MATCHES])


class Places(Catalogue):
    """Neighbourhoods or communes, which are told apart by what they lie in."""

    within = "territory"

    def label(self, thing: Any) -> str:
        """With what it lies in."""
        return f"{thing} · {self.note(thing)}"

    def hint(self, thing: Any) -> str:
        """The label says where it lies; left is whether nobody but an association has said so yet."""
        return "" if getattr(thing, "is_verified", True) else str(_("not verified yet"))

    def is_called(self, thing: Any, words: str) -> bool:
        """As `Catalogue`, or with the name of what it lies in."""
        within = getattr(thing, self.within).names().values()
        named = {fold_text(f"{name} {outer}") for name in thing.names().values() for outer in within}
        return super().is_called(thing, words) or fold_text(words) in named


class Neighbourhoods(Places):
    """Found by the name of their commune too."""

    columns = ("folded", "territory__folded")


class Communes(Places):
    """Communes and arrondissements, which have a code and no address."""

    columns = ("folded", "parent__folded")
    address, within = "code", "parent"


def _is_key(key: Any) -> bool:
    sent = str(key)
    return sent.isascii() and sent.isdigit() and len(sent) < 10


def _options(choices: Groups) -> list[Option]:
    return [(str(key), format_html('<option value="{}">{}</option>', key, label)) for key, label in choices]


class Register:
    """What the forms of one organisation choose from, its own first; each list is read once, however many the forms."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation

    @cached_property
    def covered(self) -> set[int]:
        """The neighbourhoods that the organisation covers."""
        return set(Neighbourhood.objects.covered_by(self.organisation).values_list("pk", flat=True))

    @cached_property
    def near(self) -> set[int]:
        """The organisations that are near to this one."""
        near = Q(pk=self.organisation.pk) | Q(hosted_meetings__logged_by=self.organisation)
        near |= Q(neighbourhoods__in=self.covered) | Q(territories__organisations=self.organisation)
        near |= Q(proposed_for=self.organisation)
        return set(Organisation.objects.filter(near).values_list("pk", flat=True))

    @cached_property
    def near_communes(self) -> set[int]:
        """The communes in which the organisation covers something."""
        near = Q(neighbourhoods__in=self.covered) | Q(organisations=self.organisation)
        return set(Territory.objects.filter(near).values_list("pk", flat=True))

    @cached_property
    def listed(self) -> list[Organisation]:
        """Every organisation; fictional ones only for a fictional organisation, and nothing else for it."""
        return list(self._organisations)

    @property
    def _organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(is_fictional=self.organisation.is_fictional)

    @cached_property
    def organisation_catalogue(self) -> Catalogue:
        """Every organisation of this organisation's world: fictional ones for a fictional one alone."""
        return Catalogue(self._organisations, near=lambda: self.near, note=kind_in_words)

    @cached_property
    def neighbourhood_catalogue(self) -> Catalogue:
        """Every neighbourhood of this organisation's world that it knows of."""
        known = Neighbourhood.objects.known_to(self.organisation).select_related("territory")
        known = known.filter(is_fictional=self.organisation.is_fictional)
        return Neighbourhoods(known, near=lambda: self.covered, note=lambda place: str(place.territory))

    @cached_property
    def commune_catalogue(self) -> Catalogue:
        """Every commune and arrondissement; those that were made up for the demo only for a fictional organisation."""
        levels = (Territory.Level.COMMUNE, Territory.Level.ARRONDISSEMENT)
        communes = Territory.objects.filter(level__in=levels).select_related("parent")
        if not self.organisation.is_fictional:
            made_up = Neighbourhood.objects.filter(is_fictional=True, proposed_for__isnull=True)
            communes = communes.exclude(pk__in=made_up.values("territory"))
        return Communes(communes, near=lambda: self.near_communes, note=lambda commune: str(commune.parent))

    @cached_property
    def series(self) -> Groups:
        """Every series of meetings."""
        return [EMPTY, *((each.pk, str(each)) for each in MeetingSeries.objects.all())]

    @cached_property
    def earlier_meetings(self) -> Groups:
        """The published meetings of the organisation, which a new one may follow up."""
        own = Meeting.objects.published().filter(logged_by=self.organisation)
        return [EMPTY, *((each.pk, f"{each} · {each.held_on:%d/%m/%Y}") for each in own)]


def kind_in_words(organisation: Organisation) -> str:
    """Its kind, and whether nobody but an association has said so yet."""
    kind = organisation.get_kind_display()
    if organisation.is_verified:
        return kind
    return f"{kind} · {_('not verified yet')}"


def grouped(
    listed: Iterable[Model], first: set[int], first_label: Any, other_label: Any, *, label: Callable[[Any], str] = str
) -> Groups:
    """Choices in two groups, those whose key is in `first` on top; a group without any is left out."""
    top: Groups = []
    rest: Groups = []
    for each in listed:
        (top if each.pk in first else rest).append((each.pk, label(each)))
    return [EMPTY, *((label, group) for label, group in ((first_label, top), (other_label, rest)) if group)]


def name_the_empty(form: forms.BaseForm, *names: str) -> None:
    """Let the empty choice of these fields be words, where Django draws a line."""
    for name in names:
        field: Any = form.fields[name]
        field.choices = [EMPTY, *((key, label) for key, label in field.choices if key)]


def offer(form: forms.BaseForm, **choices: Groups) -> None:
    """Let fields of the form choose from lists that were read before: nothing else is shown, nor accepted."""
    for name, groups in choices.items():
        field: Any = form.fields[name]
        field.choices = groups
        field.validators.append(OneOf(groups, field.error_messages["invalid_choice"]))


class OneOf:
    """Refuses what was not among the choices."""

    def __init__(self, groups: Groups, sentence: Any) -> None:
        flat = [pair for value, label in groups for pair in (label if isinstance(label, list) else [(value, label)])]
        self.allowed, self.sentence = {str(key) for key, _label in flat}, sentence

    def __call__(self, value: Any) -> None:
        """Raise ValidationError unless the object, or each of the keys, is among them."""
        keys = value if isinstance(value, list | tuple) else [value.pk]
        for key in keys:
            if str(key) not in self.allowed:
                raise ValidationError(self.sentence, code="invalid_choice", params={"value": key})
