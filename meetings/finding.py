"""Found as one types: by any words of a name, in any of its spellings, what is near first."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from meetings.search import fold_text, folded_terms, without_article

MOST_FOUND = 12
MOST_NEAR_MATCHES = 5


def _terms(query: str) -> list[str]:
    """The words of a query, without the Arabic article: a name may stand with it or without."""
    return [without_article(term) for term in folded_terms(query)]


def matching(candidates: QuerySet[Any], query: str, *, columns: Iterable[str] = ("folded",)) -> QuerySet[Any]:
    """Those that hold every word of the query in one of the folded columns; none for a query without words."""
    terms = _terms(query)
    found = candidates if terms else candidates.none()
    for term in terms:
        holds = Q()
        for column in columns:
            holds |= Q(**{f"{column}__contains": term})
        found = found.filter(holds)
    return found


def near_first(candidates: QuerySet[Any], near: Iterable[int], *, before: Iterable[int] = ()) -> QuerySet[Any]:
    """The same, those whose key is among the near ones on top, and some before them."""
    cases = (When(pk__in=list(keys), then=Value(place)) for place, keys in enumerate((before, near)))
    distance = Case(*cases, default=Value(2), output_field=IntegerField())
    found: QuerySet[Any] = candidates.annotate(distance=distance)
    return found.order_by("distance", *candidates.model._meta.ordering)


def best_first(found: QuerySet[Any], query: str, near: Iterable[int]) -> QuerySet[Any]:
    """What `matching` found: where its words are words of the name, then where they begin one, then the rest.

    Of those that match equally well the near ones come first.
    """
    spaced: QuerySet[Any] = near_first(
        found.annotate(spaced=Concat(Value(" "), "folded", Value(" "), output_field=TextField())), near
    )
    whole = begun = Q(pk__isnull=False)  # a query without words finds nothing anyway
    for term in _terms(query):
        whole &= Q(spaced__contains=f" {term} ") | Q(spaced__contains=f" ال{term} ")
        begun &= Q(spaced__contains=f" {term}") | Q(spaced__contains=f" ال{term}")
    match = Case(When(whole, then=Value(0)), When(begun, then=Value(1)), default=Value(2), output_field=IntegerField())
    ranked: QuerySet[Any] = spaced.annotate(match=match)
    return ranked.order_by("match", "distance", *found.model._meta.ordering)


def is_called(thing: Any, words: str) -> bool:
    """Whether these words are one of its names, whole, in whatever spelling."""
    folded = fold_text(words)
    return bool(folded) and folded in {fold_text(name) for name in thing.names().values()}


def alike(candidates: QuerySet[Any], names: Iterable[str]) -> QuerySet[Any]:
    """Those of which a name was perhaps meant: they hold all of its words, or all but one of three or more."""
    meant = Q()
    for name in names:
        terms = folded_terms(name)
        for left_out in (None, *(terms if len(terms) > 2 else ())):
            kept = Q(*(Q(folded__contains=term) for term in terms if term != left_out))
            meant |= kept if terms else Q()
    return candidates.filter(meant) if meant else candidates.none()
