"""Meetings: the list, one meeting, and what was asked for in vain."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from commitments.correcting import correct_meeting, withdraw_meeting
from commitments.moderation import redact
from commitments.publishing import publish
from ledger.models import Entry
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import (
    PUBLISHED_AT,
    ConcernFactory,
    MeetingFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
    published_meeting,
)
from tests.reading import links, words
from tests.remembering import remembered

LIST, REQUESTS = "/en/meetings/", "/en/requests/"


@pytest.fixture
@remembered
def draft(cast: Cast) -> Meeting:
    """A draft of the association's, about to be published with more."""
    meeting: Meeting = MeetingFactory.create(
        title="لقاء تواصلي",
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        starts_at=time(10),
        ends_at=time(12, 30),
        summary="نوقش الأمن.",
        people=42,
        women=17,
        associations=6,
    )
    ConcernFactory.create(meeting=meeting, text="سرقات", request="دوريات")
    return meeting


def page_of(meeting: Meeting, client: Client, cast: Cast, language: str = "en") -> Any:
    """Its public page, once it is published."""
    if meeting.is_draft:
        publish(meeting, by=cast.manager, now=PUBLISHED_AT)
    prefix = "" if language == "ar" else f"/{language}"
    return client.get(prefix + meeting.get_absolute_url())


def test_the_page_tells_the_meeting_as_it_was_recorded(cast: Cast, client: Client, draft: Meeting) -> None:
    SourceFactory.create(meeting=draft, title="محضر", publisher="جريدة", published="2026-03")
    pledge = PledgeFactory.create(meeting=draft, title="زيادة الدوريات", concerns=[draft.concerns.get()])
    page = page_of(draft, client, cast)
    told = words(page)
    for sentence in (
        f"لقاء تواصلي 2 March 2026 10:00–12:30 Hosted by {cast.agency.name_en} in person",
        "Venue مقر منطقة الأمن Summary نوقش الأمن.",
        "42 people 17 women 6 associations",
        f"Logged by {cast.association.name_en}",
        "محضر · جريدة · March 2026",
        "theft سرقات Asked for: دوريات Answered by pledge 1: زيادة الدوريات",
        "The meeting was published",
    ):
        assert sentence in told
    assert links(page)["زيادة الدوريات"] == "/en" + pledge.get_absolute_url()


def test_names_are_shown_only_of_those_who_may_be_named(cast: Cast, client: Client, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="محمد اليازيدي", role="رئيس", naming="public_role")
    ParticipantFactory.create(meeting=draft, name="سعاد المخفية", role="ساكنة", translations={"en": {"name": "Souad"}})
    told = page_of(draft, client, cast).content.decode()
    assert "محمد اليازيدي" in told
    assert "ساكنة" in told
    assert "المخفية" not in told
    assert "Souad" not in told


def test_what_was_redacted_is_gone_and_that_it_went_is_told(cast: Cast, client: Client, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="اسم محجوب", naming="agreed")
    publish(draft, by=cast.manager, now=PUBLISHED_AT)
    entry = Entry.objects.get(stream=draft.stream)
    redact(entry, fields=["participant_1"], reason="طلب حذف اسمه", by=cast.moderator, now=PUBLISHED_AT)
    page = page_of(draft, client, cast)
    assert "محجوب" not in page.content.decode()
    assert "By the moderators, 3 March 2026: طلب حذف اسمه" in words(page)


def test_a_correction_shows_the_old_words_the_new_ones_and_why(cast: Cast, client: Client, draft: Meeting) -> None:
    publish(draft, by=cast.manager, now=PUBLISHED_AT)
    correct_meeting(draft, changes={"venue": "البلدية"}, reason="خطأ", by=cast.manager, now=PUBLISHED_AT)
    told = words(page_of(draft, client, cast))
    assert "The record was corrected خطأ venue before: مقر منطقة الأمن after: البلدية" in told
    assert "Venue البلدية" in told


def test_a_withdrawn_meeting_stays_readable_and_counts_nowhere(cast: Cast, client: Client, draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft, title="تعهّد قديم")
    publish(draft, by=cast.manager, now=PUBLISHED_AT)
    withdraw_meeting(draft, reason="سُجّل مرتين", by=cast.manager, now=PUBLISHED_AT)
    told = words(page_of(draft, client, cast))
    assert "This record was withdrawn and counts nowhere. سُجّل مرتين" in told
    assert "withdrawn from the record" in told
    for address in (LIST, REQUESTS, "/en/pledges/", "/en/"):
        assert "تعهّد قديم" not in client.get(address).content.decode()
        assert "لقاء تواصلي" not in client.get(address).content.decode()


def test_a_translation_says_that_it_is_one_and_leads_to_the_original(
    cast: Cast, client: Client, draft: Meeting
) -> None:
    draft.translations = {"fr": {"title": "Rencontre", "summary": "On parla de sécurité."}}
    draft.save()
    translated = page_of(draft, client, cast, "fr")
    assert '<bdi lang="fr" dir="auto">On parla de sécurité.</bdi>' in translated.content.decode()
    with translation.override("fr"):
        promised, to_original = gettext("What was promised"), gettext("Read the original")
    assert "الأمن" not in words(translated).split(promised, maxsplit=1)[0].replace("مقر منطقة الأمن", "")
    original = client.get(links(translated)[to_original])
    assert '<bdi lang="ar" dir="auto">نوقش الأمن.</bdi>' in original.content.decode()
    assert "Translation;" not in words(original)


def test_meetings_are_filtered_by_place_people_and_day(cast: Cast, client: Client) -> None:
    here = published_meeting(host=cast.agency, neighbourhoods=[cast.neighbourhood], held_on=date(2019, 1, 9))
    there = published_meeting(held_on=date(2020, 1, 9))
    for query, expected in {
        "neighbourhood=tamersit": [here],
        "organisation=district": [here],
        "since=9+1+2020": [there],
        "until=9/1/2019": [here],
        "": [there, here],
    }.items():
        assert list(client.get(f"{LIST}?{query}").context["page"].items) == expected, query


def test_requests_are_filtered_by_theme_and_place(cast: Cast, client: Client) -> None:
    meeting = published_meeting(
        neighbourhoods=[cast.neighbourhood], concerns=[{"theme": "theft"}, {"theme": "lighting"}, {"request": ""}]
    )
    published_meeting()
    theft, lighting, _unasked = meeting.concerns.all()
    found = client.get(f"{REQUESTS}?neighbourhood=tamersit").context["page"].items
    assert set(found) == {theft, lighting}
    assert list(client.get(f"{REQUESTS}?theme=lighting").context["page"].items) == [lighting]


@pytest.mark.parametrize("address", [LIST, REQUESTS, "/en/pledges/"])
def test_every_row_of_a_long_list_stands_on_exactly_one_page(client: Client, db: None, address: str) -> None:
    for day in range(27):
        published_meeting(held_on=date(2026, 1, 1) + timedelta(days=day // 2), pledges=[{}], concerns=[{}])
    first = client.get(address)
    second = client.get(address + links(first)["Next page"])
    rows = [row.pk for page in (first, second) for row in page.context["page"].items]
    assert len(rows) == len(set(rows)) == 27
    assert "Next page" not in links(second)
    assert client.get(links(second)["Back to the first page"]).content == first.content


@pytest.mark.parametrize("address", [LIST, REQUESTS, "/en/pledges/"])
@pytest.mark.parametrize("page", ["1", "-1", "2", "x", "2026-13-45.1", "2026-01-01.1.1", "\0"])
def test_a_page_that_a_list_does_not_have_is_its_first(cast: Cast, client: Client, address: str, page: str) -> None:
    published_meeting(neighbourhoods=[cast.neighbourhood], pledges=[{}], concerns=[{}])
    response = client.get(address, {"page": page, "neighbourhood": "tamersit"})
    assert response.status_code == 200
    assert len(response.context["page"].items) == 1
    assert "Back to the first page" not in links(response)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(cast: Cast, client: Client, count: int, django_assert_num_queries: Any) -> None:
    meeting = published_meeting(
        pledges=[{}] * count, concerns=[{}] * count, logged_by=cast.association, by=cast.manager
    )
    for _each in range(count - 1):
        published_meeting()
    with django_assert_num_queries(11):
        client.get(meeting.get_absolute_url())
    with django_assert_num_queries(6):
        client.get("/meetings/")
    with django_assert_num_queries(3):
        client.get("/requests/")
