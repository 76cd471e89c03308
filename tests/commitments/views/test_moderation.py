"""The moderators' desk: finding a record, and taking words away in two steps."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Pledge
from commitments.speaking import answer
from ledger.models import Entry
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import ObservationFactory, PledgeFactory, published_meeting
from tests.reading import links, words
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")
DESK = "/en/moderation/"


@pytest.fixture
def moderator(cast: Cast) -> Client:
    return signed_in(cast.moderator)


@pytest.fixture
@remembered
def meeting(cast: Cast) -> Meeting:
    told = {"title": "the name of a suspect", "details": "more of it", "sign": "a car"}
    return published_meeting(title="Security", host=cast.agency, pledges=[told])


@pytest.fixture
def pledge(meeting: Meeting) -> Pledge:
    return meeting.pledges.get()


def of(pledge: Pledge, page: str = "") -> str:
    return f"{DESK}pledges/{pledge.pk}/{page}"


def test_a_record_is_found_by_number_or_words(moderator: Client, meeting: Meeting, pledge: Pledge) -> None:
    PledgeFactory.create(title="a suspect in a draft")
    for query in (str(pledge.pk), "suspect"):
        found = links(moderator.get(DESK, {"q": query}))
        assert found["the name of a suspect"] == of(pledge)
        assert "a suspect in a draft" not in found
    assert links(moderator.get(DESK, {"q": "secur"}))["Security"] == f"{DESK}meetings/{meeting.pk}/"


@pytest.mark.parametrize("query", ["nowhere", "9999999", "9" * 40, "\x00", "٪_%"])
def test_what_is_not_found_is_said(moderator: Client, pledge: Pledge, query: str) -> None:
    response = moderator.get(DESK, {"q": query})
    assert response.status_code == 200
    assert "suspect" not in words(response)


def test_words_that_somebody_said_later_are_found(cast: Cast, moderator: Client, pledge: Pledge) -> None:
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    answer(pledge, status=Pledge.Status.IN_PROGRESS, text="ask for Karim at the gate", **told)
    assert f"/en/moderation/pledges/{pledge.pk}/" in moderator.get(DESK, {"q": "karim at"}).content.decode()
    assert "Nothing published holds these words." in words(moderator.get(DESK, {"q": "karim was"}))


def test_the_desk_says_how_many_observations_wait(moderator: Client) -> None:
    ObservationFactory.create(state="waiting")
    assert "1 observation waits to be looked at" in words(moderator.get(DESK))


def test_exactly_what_goes_is_shown_before_it_goes(moderator: Client, pledge: Pledge) -> None:
    address = of(pledge, "1/")
    sent = form_in(moderator.get(of(pledge)), address)
    chosen = sent | {"entry-1-fields": ["title", "details"], "entry-1-reason": "names a suspect"}
    shown = moderator.post(address, chosen)
    assert "Title the name of a suspect" in words(shown).replace("what was promised", "Title")
    assert ("more of it" in words(shown), "a car" in words(shown)) == (True, False)
    assert Entry.objects.filter(kind="redacted").count() == 0
    response: Any = moderator.post(address, form_in(shown, address) | chosen | {"confirm": "1"}, follow=True)
    assert "The words are taken away; your reason stands in their place." in words(response)
    pledge.refresh_from_db()
    assert (pledge.title, pledge.details, pledge.sign) == ("", "", "a car")
    assert "names a suspect" in words(moderator.get(f"/en/pledges/{pledge.pk}/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Choose what is to be taken away."),
        ({"entry-1-fields": ["responsible"], "entry-1-reason": "why"}, "Select a valid choice."),
        ({"entry-1-fields": ["title"]}, "Give the reason: it is shown in place of the text."),
        ({"entry-1-fields": ["title"], "entry-1-reason": "turned \u202e"}, "invisible characters"),
    ],
)
def test_a_redaction_names_words_and_a_reason(
    moderator: Client, pledge: Pledge, changes: dict[str, Any], sentence: str
) -> None:
    response = moderator.post(of(pledge, "1/"), changes | {"confirm": "1"})
    assert response.status_code == 422
    assert sentence in words(response)
    assert Entry.objects.filter(kind="redacted").count() == 0


def test_words_that_are_gone_cannot_be_chosen_again(moderator: Client, pledge: Pledge) -> None:
    chosen = {"entry-1-fields": ["title"], "entry-1-reason": "why", "confirm": "1"}
    moderator.post(of(pledge, "1/"), chosen)
    assert moderator.post(of(pledge, "1/"), chosen).status_code == 422
    assert Entry.objects.filter(kind="redacted").count() == 1
    assert "Some of its words were redacted." in words(moderator.get(of(pledge)))


@pytest.mark.parametrize("address", ["pledges/999999/", "people/1/"])
def test_a_record_that_does_not_exist_is_not_found(moderator: Client, pledge: Pledge, address: str) -> None:
    assert moderator.get(DESK + address).status_code == 404
    assert moderator.post(f"{DESK}{address}1/").status_code == 404


def test_an_entry_that_does_not_exist_is_not_found(moderator: Client, pledge: Pledge) -> None:
    assert moderator.post(of(pledge, "7/")).status_code == 404
