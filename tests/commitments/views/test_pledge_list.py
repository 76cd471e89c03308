"""The list of pledges, as its filters narrow it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from commitments.speaking import Status, Verdict, Wording, answer, assess, reply_to_wording
from tests.cast import Cast
from tests.commitments.views.test_pledges import LIST, promised, titles
from tests.factories import PledgeKindFactory, published_pledge
from tests.reading import links, words


def test_each_filter_finds_what_it_says(cast: Cast, client: Client) -> None:
    late = promised(cast, title="late", timing="by_date", due_on=localdate() - timedelta(days=1))
    kept = promised(cast, title="kept", kind=PledgeKindFactory.create(slug="lighting"))
    answer(kept, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    reply_to_wording(kept, wording=Wording.AGREED, by=cast.official, organisation=cast.agency, now=now())
    elsewhere = published_pledge(now=now(), title="elsewhere", sign="يُرى")
    for query, expected in {
        "standing=kept_unchecked": ["kept"],
        "standing=kept_unchecked&standing=no_answer&agency=district": ["kept", "late"],
        "status=kept": ["kept"],
        "wording=agreed": ["kept"],
        "kind=lighting": ["kept"],
        f"neighbourhood={elsewhere.neighbourhoods.get().slug}": ["elsewhere"],
        "agency=district": ["kept", "late"],
        "under=headquarters": ["kept", "late"],
        "under=headquarters&heard=no": ["late"],
        "heard=yes": ["kept"],
        "clock=overdue": ["late"],
        "clock=silent": ["late"],
        "clock=overdue&clock=silent": ["late"],
        "clock=vague": ["kept"],
        "timing=by_date": ["late"],
        "moved=up": ["kept"],
        f"since={late.made_on:%d/%m/%Y}&until={late.made_on:%d+%m+%Y}": ["kept", "late"],
    }.items():
        assert titles(client, query) == expected, query


def test_what_associations_say_can_be_filtered(cast: Cast, client: Client) -> None:
    promised(cast, title="untouched")
    pledge = promised(cast, title="contested")
    answer(pledge, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    assess(
        pledge,
        verdict=Verdict.DISPUTED,
        text="x",
        by=cast.secretary,
        organisation=cast.association,
        day=localdate(),
        now=now(),
    )
    for query in ("clock=disputed", "standing=kept_disputed", "assessed_by=hay"):
        assert titles(client, query) == ["contested"], query
    assert titles(client, "assessed_by=jar") == []


@pytest.mark.parametrize("typed", ["الإنارة", "انارة", "إِنَارَة", "الاناره"])
def test_words_are_found_however_they_are_spelt(cast: Cast, client: Client, typed: str) -> None:
    promised(cast, title="إصلاح الإنارة العمومية")
    promised(cast, title="دوريات")
    assert titles(client, f"q={typed}") == ["إصلاح الإنارة العمومية"]


def test_filters_in_force_are_said_and_taken_away_one_by_one(cast: Cast, client: Client) -> None:
    promised(cast)
    page = client.get(f"{LIST}?agency=district&standing=kept_confirmed&standing=no_answer&since=9/1/2019")
    found = links(page)
    assert (
        found[f"Remove: Agency: {cast.agency.name_en}"]
        == "?standing=kept_confirmed&standing=no_answer&since=9%2F1%2F2019"
    )
    assert found["Remove: Standing: no answer"] == "?agency=district&standing=kept_confirmed&since=9%2F1%2F2019"
    assert (
        found["Remove: Promised from: 9 January 2019"] == "?agency=district&standing=kept_confirmed&standing=no_answer"
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("standing=best", "“best” is not one of these."),
        ("kind=nothing", "There is nothing by this name here."),
        ("since=31/2/2020", "We cannot read this date."),
        ("q=" + "x" * 500, "at most 200 characters"),
        ("q=a%00b", "Null characters are not allowed."),
        ("agency=%00", "Null characters are not allowed."),
    ],
)
def test_a_filter_that_is_not_understood_lists_nothing_and_keeps_what_was_typed(
    cast: Cast, client: Client, query: str, sentence: str
) -> None:
    promised(cast, title="تعهّد")
    page = client.get(f"{LIST}?{query}&until=1+2+2030")
    assert page.status_code == 400
    assert sentence in words(page)
    assert "A filter was not understood, so nothing is listed." in words(page)
    assert "تعهّد" not in words(page)
    assert 'value="1 2 2030"' in page.content.decode()


def test_a_name_that_is_no_filter_is_said_to_have_done_nothing(cast: Cast, client: Client) -> None:
    promised(cast)
    page = client.get(f"{LIST}?colour=red&fbclid=abc&utm_source=whatsapp")
    assert page.status_code == 200
    assert "had no effect: colour" in words(page)
    assert "fbclid" not in words(page)
    assert len(page.context["rows"]) == 1


def test_a_list_that_is_empty_says_what_to_do(cast: Cast, client: Client) -> None:
    promised(cast)
    page = client.get(f"{LIST}?q=nothing")
    assert "No published pledge matches. Take a filter away, or try other words." in words(page)
