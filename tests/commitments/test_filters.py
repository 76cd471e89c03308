"""What filters say of themselves; what they find is tested with the pages that list it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from commitments.filters import PledgeFilter
from commitments.models import Pledge
from tests.factories import MeetingFactory, PledgeFactory, published_pledge

ON = date(2026, 6, 10)


def filtering(query: str) -> PledgeFilter:
    """The pledges of an address."""
    return PledgeFilter(QueryDict(query), queryset=Pledge.objects.published(), on=ON)


@pytest.fixture(autouse=True)
def _in_english(db: None) -> Iterator[None]:
    with translation.override("en"):
        yield


def test_each_filter_in_force_is_a_sentence_and_a_way_without_it() -> None:
    applied = filtering("q=light&standing=kept_confirmed&standing=not_kept&since=9+1+2019&page=2026-01-01.3").applied()
    assert [(each.sentence, each.remove_url) for each in applied] == [
        ("Words: light", "?standing=kept_confirmed&standing=not_kept&since=9+1+2019"),
        ("Standing: kept and confirmed", "?q=light&standing=not_kept&since=9+1+2019"),
        ("Standing: not kept", "?q=light&standing=kept_confirmed&since=9+1+2019"),
        ("Promised from: 9 January 2019", "?q=light&standing=kept_confirmed&standing=not_kept"),
    ]


def test_of_a_filter_given_twice_the_last_one_counts_and_is_said_once() -> None:
    published_pledge(timing="ongoing")
    found = filtering("timing=recurring&timing=ongoing")
    assert [each.sentence for each in found.applied()] == ["When: ongoing"]
    assert found.qs.count() == 1


def test_an_empty_field_of_the_form_is_no_filter() -> None:
    published_pledge()
    found = filtering("q=&kind=&since=&standing=&moved=")
    assert found.applied() == []


@pytest.mark.parametrize(
    ("query", "unknown"),
    [("q=x&page=1", []), ("fbclid=1&utm_medium=x&gclid=2", []), ("colour=red&sort=asc&q=x", ["colour", "sort"])],
)
def test_names_that_are_no_filter_are_known(query: str, unknown: list[str]) -> None:
    assert filtering(query).unknown() == unknown


@pytest.mark.parametrize(
    "typed",
    [
        "9/1/2019",
        "09/01/2019",
        "9 1 2019",
        "9-1-2019",
        "9.1.2019",
        "2019-01-09",
        "9 يناير 2019",
        "٩ يناير ٢٠١٩",
        "9 janvier 2019",
    ],
)
def test_a_day_is_read_as_morocco_writes_it(typed: str) -> None:
    form = filtering(QueryDict(mutable=True).urlencode() + f"since={typed}").form
    assert form.is_valid()
    assert form.cleaned_data["since"] == date(2019, 1, 9)


@pytest.mark.parametrize("query", ["since=1/13/2019", "standing=x", "moved=x", "agency=x", "clock=x", "timing=x"])
def test_nothing_is_found_and_nothing_in_force_while_a_filter_is_not_understood(query: str) -> None:
    published_pledge()
    found = filtering(query)
    assert not found.is_valid()
    assert list(found.qs) == []
    assert found.applied() == []


def test_drafts_leave_no_trace_in_the_choices() -> None:
    shown = published_pledge()
    PledgeFactory.create(meeting=MeetingFactory.create())
    form = filtering("").form
    for name, expected in (("neighbourhood", shown.neighbourhoods.get()), ("agency", shown.responsible)):
        assert list(form.fields[name].queryset) == [expected]
