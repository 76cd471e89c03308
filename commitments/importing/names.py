"""The register by folded names, read once: which organisation, neighbourhood, kind or series a cell names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.importing.reading import Value
from commitments.importing.values import items, text
from commitments.models import PledgeKind
from commitments.suggesting import KindWords
from mail.writing import isolated
from meetings.models import Meeting, MeetingSeries, Neighbourhood, Organisation
from meetings.search import fold_text
from meetings.text import listed

MOST_GUESSES = 50
ORGANISATION, NEIGHBOURHOOD, KIND, SERIES = "organisation", "neighbourhood", "kind", "series"
Likeness = tuple[date | None, str]


class Names:
    """One list of the register; nothing is found that is not in it."""

    def __init__(self, listed_: Iterable[Any], sort: str) -> None:
        self.sort = sort
        self.by_key: dict[Any, Any] = {}
        self.by_name: dict[str, set[Any]] = defaultdict(set)
        self.slugs: dict[str, Any] = {}
        self.spelled: dict[str, str] = {}
        self.guesses: dict[str, str] = {}
        for each in listed_:
            self.by_key[each.pk] = each
            self.slugs[getattr(each, "slug", str(each.pk))] = each
            for name in each.names().values():
                self.by_name[fold_text(name)].add(each.pk)
                self.spelled[fold_text(name)] = name

    def find(self, name: str) -> Any:
        """The one that is called so; raises ValidationError when none is, or several are."""
        if name in self.slugs:
            return self.slugs[name]
        found = self.by_name.get(fold_text(name), set())
        if len(found) == 1:
            return self.by_key[next(iter(found))]
        if found:
            slugs = listed(sorted(getattr(self.by_key[each], "slug", str(each)) for each in found))
            sentence = _("Several are called “%(name)s”. Write one of these instead: %(slugs)s")
            raise ValidationError(sentence % {"name": name, "slugs": slugs})
        raise self._unknown(name)

    def _unknown(self, name: str) -> ValidationError:
        folded = fold_text(name)
        if folded not in self.guesses and len(self.guesses) < MOST_GUESSES:
            near = get_close_matches(folded[:100], self.by_name, n=2, cutoff=0.7)
            self.guesses[folded] = listed(_("“%(words)s”") % {"words": self.spelled[each]} for each in near)
        guess = self.guesses.get(folded, "")
        sentence = {
            ORGANISATION: (
                _("No organisation is called “%(name)s”. Did you mean %(near)s? Correct the name, or add it first.")
                if guess
                else _("No organisation is called “%(name)s”. Correct the name, or add it first.")
            ),
            NEIGHBOURHOOD: (
                _("No neighbourhood is called “%(name)s”. Did you mean %(near)s? Correct the name, or add it first.")
                if guess
                else _("No neighbourhood is called “%(name)s”. Correct the name, or add it first.")
            ),
            KIND: (
                _("No kind of pledge is called “%(name)s”. Did you mean %(near)s?")
                if guess
                else _("No kind of pledge is called “%(name)s”. Write one of those that the import page lists.")
            ),
            SERIES: (
                _("No series of meetings is called “%(name)s”. Did you mean %(near)s?")
                if guess
                else _("No series of meetings is called “%(name)s”. Leave this cell empty.")
            ),
        }[self.sort]
        return ValidationError(sentence, code=self.sort, params={"name": isolated(name), "near": guess, "typed": name})

    def one(self, value: Value) -> Any:
        """What the whole cell names."""
        return self.find(text(value))

    def several(self, value: Value) -> list[Any]:
        """What a cell names: with semicolons between, or commas where no name has one."""
        found = []
        for each in items(value):
            if fold_text(each) in self.by_name or each in self.slugs:
                found.append(self.find(each))
            else:
                found += [self.find(part.strip()) for part in re.split("[,،]", each) if part.strip()]
        return list(dict.fromkeys(found))

    def written(self, thing: Any, language: str) -> str:
        """As a table in this language names it: by its name where no other has it, or by its address."""
        if thing is None:
            return ""
        name: str = thing.name_in(language)
        is_known = self.by_name.get(fold_text(name)) == {thing.pk} and not set(name) & set(";؛\n")
        return name if is_known else str(getattr(thing, "slug", thing.pk))

    def all_written(self, things: Sequence[Any], language: str) -> str:
        """Several of them."""
        return "; ".join(self.written(each, language) for each in things)


class Register:
    """The lists from which the meetings of one organisation choose, as its forms do: five queries in all."""

    def __init__(self, organisation: Organisation) -> None:
        side = organisation.is_fictional
        self.organisations = Names(Organisation.objects.filter(is_fictional=side), ORGANISATION)
        places = Neighbourhood.objects.known_to(organisation).filter(is_fictional=side)
        self.neighbourhoods = Names(places, NEIGHBOURHOOD)
        self.kinds = Names(PledgeKind.objects.all(), KIND)
        self.kind_words = KindWords({slug: kind.names().values() for slug, kind in self.kinds.slugs.items()})
        self.series = Names(MeetingSeries.objects.all(), SERIES)
        own = Meeting.objects.filter(logged_by=organisation)
        published = Meeting.State.PUBLISHED
        self.published: set[int] = set()
        # Its meetings by day and subject, the first of several. One that was withdrawn may well come again.
        self.known: dict[Likeness, int] = {}
        there = own.exclude(state=Meeting.State.WITHDRAWN).order_by("pk")
        for pk, state, held_on, title in there.values_list("pk", "state", "held_on", "title"):
            if held_on or title:
                self.known.setdefault(likeness_of(held_on, title), pk)
            self.published |= {pk} if state == published else set()


def likeness_of(held_on: date | None, title: str) -> Likeness:
    """By what two meetings of one association are taken for the same: the day, and the subject, folded."""
    return held_on, fold_text(title)
