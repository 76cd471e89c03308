"""The overview: every number, and the list that it counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Status, Verdict, answer, assess
from tests.cast import Cast
from tests.factories import published_meeting
from tests.reading import links, words

HERE = "/en/"


def months_ago(cast: Cast, **fields: Any) -> Any:
    """A meeting of the cast's agency, a hundred days ago."""
    held = now() - timedelta(days=100)
    defaults: dict[str, Any] = {
        "host": cast.agency,
        "neighbourhoods": [cast.neighbourhood],
        "held_on": localdate(held),
    }
    return published_meeting(**(defaults | {"now": held} | fields))


def test_an_empty_site_says_why_and_what_it_is(client: Client, db: None) -> None:
    page = client.get(HERE)
    assert "No pledge has been published here yet." in words(page)
    assert links(page)["What this is"] == "/en/about/"


def test_every_number_leads_to_the_list_that_it_counts(cast: Cast, client: Client) -> None:
    meeting = months_ago(
        cast,
        pledges=[{"timing": "by_date", "due_on": localdate() - timedelta(days=9)}, {}, {}],
        concerns=[{}, {}],
    )
    _late, kept, _silent = meeting.pledges.order_by("number")
    answer(kept, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    found = links(client.get(HERE))
    for sentence, rows in {
        "3 pledges": 3,
        "1 reported kept, not checked": 1,
        "2 no answer": 2,
        "1 past its date and not closed": 1,
        "2 without news for too long": 2,
        "1 moved up": 1,
        "2 unchanged": 2,
    }.items():
        listed = client.get(found[sentence])
        assert len(listed.context["rows"]) == rows, sentence
    assert len(client.get(found["in 1 meeting"]).context["page"].items) == 1
    assert len(client.get(found["2 things asked for and not promised"]).context["page"].items) == 2


def test_a_dispute_moves_a_pledge_down(cast: Cast, client: Client) -> None:
    pledge = months_ago(cast, pledges=[{}]).pledges.get()
    then = now() - timedelta(days=60)
    answer(pledge, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=then)
    dispute = Verdict.DISPUTED
    assess(
        pledge, verdict=dispute, text="x", by=cast.secretary, organisation=cast.association, day=localdate(), now=now()
    )
    page = client.get(HERE)
    assert "0 moved up 1 moved down 0 unchanged" in words(page)
    assert [row.title for row in client.get(links(page)["1 moved down"]).context["rows"]] == [pledge.title]


def test_the_occurrences_of_this_month_are_counted_out_of_those_expected(cast: Cast, client: Client) -> None:
    months_ago(cast, pledges=[{"timing": "recurring"}])
    pledge = months_ago(cast, pledges=[{"timing": "recurring", "rule": "FREQ=DAILY"}]).pledges.get()
    log_occurrence(
        pledge,
        occurrence=Occurrence(localdate()),
        was_carried_out=True,
        by=cast.official,
        organisation=cast.agency,
        now=now(),
    )
    page = client.get(HERE)
    assert f"1 of {localdate().day} occurrence carried out this month" in words(page)
    assert len(client.get(links(page)["2 recurring pledges"]).context["rows"]) == 2


def test_the_tables_say_which_neighbourhood_and_agency_is_late(cast: Cast, client: Client) -> None:
    months_ago(cast, pledges=[{"timing": "by_date", "due_on": localdate() - timedelta(days=9)}, {}])
    found = words(client.get(HERE))
    assert f"{cast.neighbourhood.name_en} Ait Melloul 2 1" in found
    assert f"{cast.agency.name_en} 2 1" in found


def test_the_latest_word_comes_first_and_says_when_an_agency_was_heard(cast: Cast, client: Client) -> None:
    meeting = months_ago(cast, pledges=[{"title": "أول"}, {"title": "ثان"}])
    assert "No agency has answered yet." in words(client.get(HERE))
    first = meeting.pledges.get(number=1)
    answer(first, status=Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=now())
    page = client.get(HERE)
    assert [row.title for row, _spoken in page.context["latest"]] == ["أول", "ثان"]
    assert "Last heard from an agency: today" in words(page)


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_overview_takes_as_many_queries_for_much_as_for_little(
    cast: Cast, client: Client, meetings: int, django_assert_num_queries: Any
) -> None:
    for _each in range(meetings):
        pledge = months_ago(cast, pledges=[{"timing": "recurring", "rule": "FREQ=DAILY"}]).pledges.get()
        answer(pledge, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    with django_assert_num_queries(14):
        client.get(HERE)
