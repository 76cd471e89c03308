"""Neighbourhoods: finding one's own, and its page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from commitments.speaking import Status, Verdict, answer, assess
from meetings.models import Neighbourhood
from tests.cast import Cast
from tests.factories import NeighbourhoodFactory, TerritoryFactory, published_meeting
from tests.reading import links, words

LIST = "/en/neighbourhoods/"
A_YEAR_AGO = now() - timedelta(days=365)


def promised(cast: Cast, *pledges: dict[str, Any], **fields: Any) -> Any:
    """A meeting with these pledges, a year ago."""
    held_on = localdate(A_YEAR_AGO)
    return published_meeting(
        now=A_YEAR_AGO,
        held_on=held_on,
        host=cast.agency,
        neighbourhoods=[cast.neighbourhood],
        pledges=pledges,
        **fields,
    )


@pytest.mark.parametrize("typed", ["أزرو", "ازرو", "أَزْرُو", "azrou", "AZROU", "آيت ملول", "Aït Melloul azrou"])
def test_a_neighbourhood_is_found_however_its_name_is_spelt(client: Client, db: None, typed: str) -> None:
    commune = TerritoryFactory.create(name_ar="أيت ملول", name_fr="Ait Melloul")
    azrou = NeighbourhoodFactory.create(name_ar="حي أزرو", name_fr="Azrou", slug="azrou", name_en="", territory=commune)
    elsewhere = TerritoryFactory.create(name_ar="تيزنيت", name_fr="Tiznit")
    NeighbourhoodFactory.create(name_ar="المسيرة", name_fr="Al Massira", name_en="", territory=elsewhere)
    page = client.get(LIST, {"q": typed})
    assert [place for _commune, places in page.context["communes"] for place in places] == [azrou]
    assert links(page)["Azrou"] == "/en/neighbourhoods/azrou/"


def test_neighbourhoods_stand_under_their_communes_with_what_was_promised(cast: Cast, client: Client) -> None:
    promised(cast, {}, {})
    NeighbourhoodFactory.create(name_fr="Zaitoun", name_en="Zaitoun", territory=cast.neighbourhood.territory)
    page = client.get(LIST)
    assert f"Ait Melloul {cast.neighbourhood.name_en} 2 pledges Zaitoun no pledges" in words(page)
    assert len(client.get(links(page)["2 pledges"]).context["rows"]) == 2


def test_a_search_that_finds_nothing_says_what_to_try(client: Client, db: None) -> None:
    page = client.get(LIST, {"q": "xyz"})
    assert page.status_code == 200
    assert "No neighbourhood has this name here." in words(page)


@pytest.mark.parametrize("typed", ["x" * 201, "a\0b"])
def test_a_search_that_cannot_be_read_is_refused_in_words(client: Client, db: None, typed: str) -> None:
    page = client.get(LIST, {"q": typed})
    assert page.status_code == 400
    assert "A filter was not understood, so nothing is listed." in words(page)


def test_the_page_says_where_it_lies_and_that_nobody_answered(cast: Cast, client: Client) -> None:
    promised(cast, {}, {})
    page = words(client.get("/en" + cast.neighbourhood.get_absolute_url()))
    assert page.startswith("Souss-Massa Inezgane-Ait Melloul Ait Melloul " + cast.neighbourhood.name_en)
    assert "2 pledges in 1 meeting 2 no answer" in page
    held = localdate(A_YEAR_AGO)
    assert f"No agency has answered any of these pledges since {held.day} {held:%B} {held.year}." in page


def test_once_an_agency_answered_the_page_says_when(cast: Cast, client: Client) -> None:
    pledge = promised(cast, {}, {}).pledges.first()
    answer(pledge, status=Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=now())
    page = words(client.get("/en" + cast.neighbourhood.get_absolute_url()))
    assert "Last heard from an agency: today" in page
    assert "No agency has answered" not in page


def test_the_most_urgent_pledge_comes_first_and_says_why(cast: Cast, client: Client) -> None:
    yesterday = localdate() - timedelta(days=1)
    meeting = promised(
        cast,
        {"title": "kept"},
        {"title": "silent"},
        {"title": "disputed"},
        {"title": "late", "timing": "by_date", "due_on": yesterday},
    )
    by_title = {pledge.title: pledge for pledge in meeting.pledges.all()}
    for title in ("kept", "disputed"):
        answer(by_title[title], status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    disputed = by_title["disputed"]
    assess(
        disputed,
        verdict=Verdict.DISPUTED,
        text="x",
        by=cast.secretary,
        organisation=cast.association,
        day=localdate(),
        now=now(),
    )
    page = client.get("/en" + cast.neighbourhood.get_absolute_url())
    assert [row.title for row in page.context["rows"]] == ["late", "disputed", "silent", "kept"]
    assert "late Agency: no answer Associations: not checked past its date" in words(page)


def test_a_request_stays_until_a_published_pledge_answers_it(cast: Cast, client: Client) -> None:
    meeting = promised(cast, {}, concerns=[{"request": "دورية ليلية"}, {"request": "إنارة الشارع"}])
    meeting.pledges.get().concerns.set([meeting.concerns.get(number=1)])
    page = words(client.get("/en" + cast.neighbourhood.get_absolute_url()))
    assert "إنارة الشارع" in page
    assert "دورية ليلية" not in page


def test_a_neighbourhood_without_pledges_says_why(cast: Cast, client: Client) -> None:
    page = words(client.get("/en" + cast.neighbourhood.get_absolute_url()))
    assert "No pledge has been recorded for this neighbourhood yet." in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(cast: Cast, client: Client, count: int, django_assert_num_queries: Any) -> None:
    for _each in range(count):
        promised(cast, {}, concerns=[{}])
    Neighbourhood.objects.exclude(pk=cast.neighbourhood.pk).delete()
    with django_assert_num_queries(6):
        client.get(cast.neighbourhood.get_absolute_url())
    with django_assert_num_queries(1):
        client.get("/neighbourhoods/")
