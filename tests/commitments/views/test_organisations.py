"""Organisations: the list, and the record of one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Status, Verdict, Wording, answer, assess, reply_to_wording
from tests.cast import Cast
from tests.factories import OrganisationFactory, ParticipantFactory, published_meeting, published_pledge
from tests.reading import links, words

LIST = "/en/organisations/"
A_YEAR_AGO = now() - timedelta(days=365)


def promised(cast: Cast, *pledges: dict[str, Any]) -> Any:
    """A meeting with these pledges of the cast's agency, a year ago, logged by the association."""
    return published_meeting(
        now=A_YEAR_AGO,
        held_on=localdate(A_YEAR_AGO),
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        neighbourhoods=[cast.neighbourhood],
        pledges=pledges,
    )


def test_the_list_tells_agencies_associations_and_others_apart(cast: Cast, client: Client) -> None:
    OrganisationFactory.create(kind="other", name_en="Library", slug="library")
    promised(cast, {}, {})
    page = client.get(LIST)
    assert f"Agencies {cast.agency.name_en} police 2 pledges" in words(page)
    assert f"{cast.association.name_en} association 1 meeting logged" in words(page)
    assert "Others Library other" in words(page)
    assert len(client.get(links(page)["2 pledges"]).context["rows"]) == 2
    assert len(client.get(links(page)["1 meeting logged"]).context["page"].items) == 1


@pytest.mark.parametrize("typed", ["الأمن الوطني", "الامن", "SÛRETÉ", "surete"])
def test_an_organisation_is_found_however_its_name_is_spelt(client: Client, db: None, typed: str) -> None:
    OrganisationFactory.create(name_ar="الأمن الوطني", name_fr="Sûreté", name_en="", slug="found")
    OrganisationFactory.create(name_ar="الدرك", name_fr="Gendarmerie", name_en="", slug="other")
    assert [each.slug for each in client.get(LIST, {"q": typed}).context["agencies"]] == ["found"]


def test_a_search_that_cannot_be_read_is_refused_in_words(client: Client, db: None) -> None:
    page = client.get(LIST, {"q": "a\0"})
    assert page.status_code == 400
    assert "A filter was not understood" in words(page)


def test_an_agency_shows_what_it_promised_and_how_it_replied(cast: Cast, client: Client) -> None:
    meeting = promised(cast, {"title": "first"}, {"title": "second"})
    first = meeting.pledges.get(number=1)
    speak: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    reply_to_wording(first, wording=Wording.NOT_SAID, text="x", **speak)
    answer(first, status=Status.KEPT, text="x", **speak)
    page = client.get("/en" + cast.agency.get_absolute_url())
    for sentence in (
        f"{cast.agency.name_en} police Belongs to {cast.headquarters.name_en}",
        "2 pledges 1 reported kept, not checked 1 no answer",
        "Last heard from this organisation: today",
        "wording: no reply from the agency yet 1 of 2",
        "not what was said 1 of 2",
        "answered at least once 1 of 2",
        "never answered 1 of 2",
        "1 meeting in which it took part",
    ):
        assert sentence in words(page)
    assert [row.title for row in page.context["rows"]] == ["second", "first"]
    found = links(page)
    assert len(client.get(found["1 meeting in which it took part"]).context["page"].items) == 1


def test_each_number_of_an_agency_leads_to_the_list_that_it_counts(cast: Cast, client: Client) -> None:
    meeting = promised(cast, *[{"title": str(number)} for number in range(4)])
    kept, contested, *_others = meeting.pledges.order_by("number")
    speak: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    for pledge in (kept, contested):
        answer(pledge, status=Status.KEPT, text="x", **speak)
    reply_to_wording(kept, wording=Wording.AGREED_WITH_REMARK, text="x", **speak)
    look: dict[str, Any] = {"by": cast.secretary, "organisation": cast.association, "day": localdate(), "now": now()}
    assess(kept, verdict=Verdict.CONFIRMED, **look)
    assess(contested, verdict=Verdict.DISPUTED, text="x", **look)
    shares = client.get("/en" + cast.agency.get_absolute_url()).context["account"].shares
    assert [(str(each.label), each.count, each.total) for each in shares] == [
        ("wording: no reply from the agency yet", 3, 4),
        ("wording agreed", 0, 4),
        ("wording agreed with a remark", 1, 4),
        ("not what was said", 0, 4),
        ("answered at least once", 2, 4),
        ("never answered", 2, 4),
        ("kept and confirmed", 1, 4),
        ("disputed by an association", 1, 4),
        ("reopened by the agency", 0, 4),
    ]
    for share in shares:
        if share.url:
            assert len(client.get(share.url).context["rows"]) == share.count, share.label


def test_an_agency_shows_what_it_did_on_the_days_it_stated(cast: Cast, client: Client) -> None:
    daily = {"timing": "recurring", "rule": "FREQ=DAILY", "starts_on": localdate() - timedelta(days=4)}
    stated, unstated = promised(cast, daily, {"timing": "ongoing"}).pledges.order_by("number")
    log: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now(), "was_carried_out": True}
    yesterday = Occurrence(localdate() - timedelta(days=1))
    log_occurrence(stated, occurrence=yesterday, **log)
    log_occurrence(unstated, occurrence=yesterday, **log)
    page = words(client.get("/en" + cast.agency.get_absolute_url()))
    for sentence in (
        "On 1 pledge whose days were stated",
        "occurrences carried out, of those expected so far 1 of 4",
        "of these, confirmed by an association 0 of 1",
        "1 occurrence was carried out on pledges whose days were never stated",
    ):
        assert sentence in page


def test_an_agency_that_never_answered_is_not_told_in_the_words_of_a_neighbourhood(cast: Cast, client: Client) -> None:
    promised(cast, {})
    page = words(client.get("/en" + cast.agency.get_absolute_url()))
    assert "This organisation has not answered in this record; it promised first on" in page
    assert "No agency has answered" not in page
    assert "Nothing was answered yet, so there is no time to the first answer." in page


def test_a_parent_shows_what_it_and_its_parts_promised_together_with_a_way_to_each(cast: Cast, client: Client) -> None:
    promised(cast, {"title": "of the district"})
    published_pledge(title="its own", responsible=cast.headquarters)
    published_pledge(title="of nobody under it")
    page = client.get("/en" + cast.headquarters.get_absolute_url())
    found = links(page)
    assert found[cast.agency.name_en] == "/en" + cast.agency.get_absolute_url()
    assert "2 pledges Its own pledges and those of the organisations that belong to it, together" in words(page)
    titles = {"of the district", "its own"}
    assert {row.title for row in page.context["rows"]} == titles
    assert {row.title for row in client.get(found["2 pledges"]).context["rows"]} == titles
    assert len(client.get(page.context["account"].shares[0].url).context["rows"]) == 2


def test_an_association_shows_what_it_logged_and_last_found(cast: Cast, client: Client) -> None:
    pledge = promised(cast, {"title": "دوريات"}).pledges.get()
    look: dict[str, Any] = {
        "by": cast.secretary,
        "organisation": cast.association,
        "day": localdate() - timedelta(days=2),
    }
    assess(pledge, verdict=Verdict.DISPUTED, text="x", now=now() - timedelta(days=1), **look)
    assess(pledge, verdict=Verdict.CONFIRMED, now=now(), **look)
    page = client.get("/en" + cast.association.get_absolute_url())
    assert "Verified by the site: its findings count" in words(page)
    assert "1 meeting logged 1 pledge looked at" in words(page)
    assert "What it found lately دوريات confirmed 2 days ago" in words(page)
    assert "disputed" not in words(page)
    assert [row.title for row in client.get(links(page)["1 pledge looked at"]).context["rows"]] == ["دوريات"]


def test_one_who_only_took_part_is_shown_with_the_meeting(cast: Cast, client: Client) -> None:
    pledge = published_pledge()
    ParticipantFactory.create(meeting=pledge.meeting, organisation=cast.other_association)
    ParticipantFactory.create(meeting=pledge.meeting, organisation=cast.other_association)
    page = words(client.get("/en" + cast.other_association.get_absolute_url()))
    assert "1 meeting in which it took part " + pledge.meeting.title in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(cast: Cast, client: Client, count: int, django_assert_num_queries: Any) -> None:
    for _each in range(count):
        pledge = promised(cast, {}).pledges.get()
        assess(
            pledge,
            verdict=Verdict.CONFIRMED,
            by=cast.secretary,
            organisation=cast.association,
            day=localdate(),
            now=now(),
        )
    with django_assert_num_queries(9):
        client.get(cast.agency.get_absolute_url())
    with django_assert_num_queries(11):
        client.get(cast.headquarters.get_absolute_url())
    with django_assert_num_queries(11):
        client.get(cast.association.get_absolute_url())
    with django_assert_num_queries(1):
        client.get("/organisations/")
