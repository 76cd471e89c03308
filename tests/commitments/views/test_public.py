"""What holds for every public page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, PledgeFactory, published_meeting
from tests.remembering import remembered

LISTS = ("overview", "neighbourhoods", "meetings", "requests", "pledges", "organisations", "about")


@pytest.fixture
@remembered
def meeting(cast: Cast) -> Meeting:
    """A meeting at which something was promised, and something asked for in vain."""
    return published_meeting(
        neighbourhoods=[cast.neighbourhood],
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{}],
        concerns=[{}],
    )


def addresses(cast: Cast, meeting: Meeting) -> list[str]:
    """Every public page of what there is."""
    subjects = (cast.neighbourhood, meeting, meeting.pledges.get(), cast.agency, cast.association)
    return [reverse(name) for name in LISTS] + [subject.get_absolute_url() for subject in subjects]


@pytest.mark.parametrize("language", ["", "/fr", "/en"])
def test_a_public_page_is_the_same_for_everybody_and_asks_for_no_session(
    cast: Cast, meeting: Meeting, client: Client, language: str
) -> None:
    stranger, member = Client(), client
    member.force_login(cast.manager)
    for address in addresses(cast, meeting):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = member.get(language + address)
        assert page.status_code == 200, address
        assert page.content == stranger.get(language + address).content
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")
        assert not [query["sql"] for query in queries if "session" in query["sql"] or "accounts_user" in query["sql"]]


def test_a_public_page_can_be_read_and_nothing_else(cast: Cast, meeting: Meeting, client: Client) -> None:
    for address in addresses(cast, meeting):
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405


def test_a_draft_leaves_no_trace_on_any_public_page(cast: Cast, meeting: Meeting, client: Client) -> None:
    draft: Meeting = MeetingFactory.create(
        title="لقاء سرّي", neighbourhoods=[cast.neighbourhood], host=cast.agency, logged_by=cast.association
    )
    ConcernFactory.create(meeting=draft, text="إشكال سرّي", request="مطلب سرّي")
    ParticipantFactory.create(meeting=draft, role="مشارك سرّي", organisation=cast.association)
    secret = PledgeFactory.create(
        meeting=draft, title="تعهّد سرّي", responsible=cast.other_agency, neighbourhoods=[cast.neighbourhood]
    )
    for address in addresses(cast, meeting):
        assert "سرّي" not in client.get(address).content.decode(), address
    assert client.get(reverse("meeting", args=[draft.pk])).status_code == 404
    assert client.get(reverse("pledge", args=[secret.pk])).status_code == 404
    assert cast.other_agency.name_ar not in client.get(reverse("pledges")).content.decode()


def test_no_account_shows_on_any_public_page(cast: Cast, meeting: Meeting, client: Client) -> None:
    for address in addresses(cast, meeting):
        assert "@example.org" not in client.get(address).content.decode(), address


def test_an_address_that_leads_nowhere_is_a_404(client: Client, db: None) -> None:
    for address in (
        "/pledges/1/",
        "/meetings/1/",
        "/pledges/" + "9" * 30 + "/",
        "/neighbourhoods/x/",
        "/organisations/x/",
    ):
        assert client.get(address).status_code == 404, address


def test_what_is_made_up_says_so_on_every_page_that_it_touches(cast: Cast, client: Client) -> None:
    meeting = published_meeting(
        neighbourhoods=[cast.neighbourhood], host=cast.agency, pledges=[{}], concerns=[{}], is_fictional=True
    )
    pages = [reverse(name) for name in ("overview", "meetings", "requests", "pledges")]
    for address in [*pages, meeting.get_absolute_url(), meeting.pledges.get().get_absolute_url()]:
        assert "None of this happened." in client.get("/en" + address).content.decode(), address
    published_meeting(pledges=[{}], concerns=[{}])
    for address in pages:
        assert "Some of this is fictional data" in client.get("/en" + address).content.decode(), address


def test_a_shared_link_carries_title_place_and_standing(cast: Cast, meeting: Meeting, client: Client) -> None:
    pledge = meeting.pledges.get()
    page = client.get("/en" + pledge.get_absolute_url()).content.decode()
    assert f'<meta property="og:title" content="{pledge.title}">' in page
    expected = f"no answer · {cast.agency.name_en} · {cast.neighbourhood.name_en}"
    assert f'<meta property="og:description" content="{expected}">' in page
