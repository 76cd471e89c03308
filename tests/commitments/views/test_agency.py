"""The agency's desk: what waits, and answering it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Pledge
from commitments.speaking import answer
from ledger.models import Entry
from meetings.models import Meeting
from meetings.text import TEXT_LIMIT
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MembershipFactory, OrganisationFactory, published_meeting
from tests.reading import links, words
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")
INBOX = "/en/inbox/"


@pytest.fixture
def official(cast: Cast) -> Client:
    return signed_in(cast.official)


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    return promised(cast)


def promised(cast: Cast, **fields: Any) -> Pledge:
    """A pledge of the agency to the neighbourhood, published yesterday."""
    meeting: Meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=2),
        now=timezone.now() - timedelta(days=1),
        by=cast.manager,
        pledges=[{"title": "a patrol"} | fields],
    )
    return meeting.pledges.get()


def at(pledge: Pledge, page: str = "") -> str:
    return f"{INBOX}pledges/{pledge.pk}/{page}"


def opened(client: Client, pledge: Pledge, page: str) -> Sent:
    """One of the forms of the pledge's page, as the browser holds it."""
    return form_in(client.get(at(pledge)), at(pledge, page))


def said(pledge: Pledge) -> list[tuple[str, str]]:
    """Kind and speaker of everything said since the pledge was recorded."""
    return list(Entry.objects.filter(stream=pledge.stream, number__gt=1).values_list("kind", "speaker"))


def test_an_answer_leads_back_with_a_link_to_the_public_page(official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge, "status/")
    answered = sent | {"status-status": "in_progress", "status-text": "from Monday on"}
    response: Any = official.post(at(pledge, "status/"), answered, follow=True)
    assert response.redirect_chain == [(at(pledge), 302)]
    assert "from Monday on" in words(response)
    assert links(response)["See its public page"] == f"/en/pledges/{pledge.pk}/"


def test_the_wording_is_answered_apart_from_the_progress(official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge, "wording/")
    official.post(at(pledge, "wording/"), sent | {"wording-wording": "not_said", "wording-text": "only at night"})
    pledge.refresh_from_db()
    assert (pledge.wording, pledge.status) == ("not_said", "no_answer")


def test_an_occurrence_of_another_day_is_logged(cast: Cast, official: Client) -> None:
    pledge = promised(cast, timing="ongoing")
    sent = opened(official, pledge, "occurrence/")
    yesterday = timezone.localdate() - timedelta(days=1)
    told = {
        "occurrence-day": f"{yesterday:%d %m %Y}",
        "occurrence-outcome": "not_carried_out",
        "occurrence-text": "storm",
    }
    official.post(at(pledge, "occurrence/"), sent | told)
    (entry,) = Entry.objects.filter(stream=pledge.stream, kind="occurrence")
    assert (entry.day, entry.fields) == (
        yesterday,
        {"outcome": "not_carried_out", "window": "", "text": "storm"},
    )


def test_who_has_two_voices_chooses_one(cast: Cast, official: Client, pledge: Pledge) -> None:
    MembershipFactory.create(user=cast.official, organisation=cast.headquarters)
    page = official.get(at(pledge))
    assert "You speak as" in words(page)
    sent = form_in(page, at(pledge, "status/"))
    assert sent["status-voice"] == ["district"]
    official.post(at(pledge, "status/"), sent | {"status-voice": "headquarters", "status-status": "acknowledged"})
    assert said(pledge) == [("status", "headquarters")]


BAD: list[tuple[str, dict[str, str], str]] = [
    ("status", {}, "This field is required."),
    ("status", {"status-status": "no_answer"}, "Select a valid choice."),
    ("status", {"status-status": "kept"}, "Say what shows it, or why: residents will read it beside your answer."),
    ("status", {"status-status": "kept", "status-text": "x" * (TEXT_LIMIT + 1)}, f"at most {TEXT_LIMIT} characters"),
    ("status", {"status-status": "kept", "status-text": "turned \u202e round"}, "invisible characters"),
    ("status", {"status-status": "kept", "status-text": "a \x07 b"}, "characters that cannot be shown"),
    ("status", {"status-status": "acknowledged", "status-expected": ""}, "This field is required."),
    ("status", {"status-status": "acknowledged", "status-expected": "9" * 30}, "less than or equal to"),
    ("wording", {"wording-wording": "agreed_with_remark"}, "Write your remark."),
    ("wording", {"wording-wording": "not_said"}, "Write what was said instead."),
    ("occurrence", {"occurrence-outcome": "not_carried_out"}, "Say why it was not carried out."),
    ("occurrence", {"occurrence-outcome": "carried_out", "occurrence-day": "1/1/2999"}, "This day has not come yet."),
    ("occurrence", {"occurrence-outcome": "carried_out", "occurrence-day": "1/1/2019"}, "This day is before the"),
    ("occurrence", {"occurrence-outcome": "carried_out", "occurrence-window": "12:00"}, "Select a valid choice."),
]


@pytest.mark.parametrize(("form", "changes", "sentence"), BAD)
def test_an_answer_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    cast: Cast, official: Client, form: str, changes: dict[str, str], sentence: str
) -> None:
    pledge = promised(cast, timing="recurring")
    sent = opened(official, pledge, f"{form}/") | changes
    response = official.post(at(pledge, f"{form}/"), sent)
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_in(response, at(pledge, f"{form}/"))[f"{form}-text"] == sent[f"{form}-text"]
    assert said(pledge) == []


def test_an_answer_overtaken_by_the_parent_is_shown_what_it_said(cast: Cast, official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge, "status/") | {"status-status": "kept", "status-text": "my words"}
    kept = Pledge.Status.NOT_KEPT
    by = cast.headquarters_official
    answer(pledge, status=kept, by=by, organisation=cast.headquarters, text="no cars left", now=timezone.now())
    response = official.post(at(pledge, "status/"), sent)
    page = words(response)
    assert response.status_code == 409
    assert "Somebody spoke while you were writing. Nothing of yours is lost." in page
    assert "no cars left" in page
    assert said(pledge) == [("status", "headquarters")]
    again = form_in(response, at(pledge, "status/"))
    assert (again["status-text"], again["status-status"]) == ("my words", ["kept"])
    assert official.post(at(pledge, "status/"), again).status_code == 302
    assert said(pledge) == [("status", "headquarters"), ("status", "district")]


def test_a_pledge_that_does_not_recur_has_no_occurrences(official: Client, pledge: Pledge) -> None:
    assert "One occurrence" not in words(official.get(at(pledge)))
    told = {
        "occurrence-day": f"{timezone.localdate():%d/%m/%Y}",
        "occurrence-outcome": "carried_out",
        "occurrence-voice": "district",
        "occurrence-expected": "1",
    }
    response = official.post(at(pledge, "occurrence/"), told)
    assert response.status_code == 422
    assert "This pledge does not recur: answer with its status instead." in words(response)


def test_the_desk_of_a_withdrawn_pledge_leads_to_its_public_page(official: Client, pledge: Pledge) -> None:
    Pledge.objects.update(state="withdrawn")
    response: Any = official.get(at(pledge))
    assert response.url == f"/en/pledges/{pledge.pk}/"


def test_an_association_answers_for_what_it_promised_itself(cast: Cast) -> None:
    own = promised(cast, responsible=cast.association)
    secretary = signed_in(cast.secretary)
    secretary.post(at(own, "status/"), form_in(secretary.get(INBOX), at(own, "status/")))
    assert said(own) == [("status", "hay")]


def test_the_agency_sees_the_hours_that_the_public_does_not(cast: Cast, official: Client) -> None:
    hidden = promised(
        cast,
        timing="recurring",
        windows=[["04:10", "05:20"], ["06:30", "07:40"]],
        place="behind the school",
        is_place_restricted=True,
        is_time_restricted=True,
    )
    page = official.get(at(hidden)).content.decode()
    assert ("04:10" in page, "behind the school" in page) == (True, True)
    desk = signed_in(cast.manager).get(f"/en/workspace/pledges/{hidden.pk}/").content.decode()
    assert ("04:10" in desk, "behind the school" in desk) == (True, True)


def test_an_agency_without_a_child_sees_nothing_of_its_sisters(cast: Cast, pledge: Pledge) -> None:
    sister = OrganisationFactory.create(parent=cast.headquarters)
    client = signed_in(MembershipFactory.create(organisation=sister).user)
    assert "Nothing waits for you." in words(client.get(INBOX))
    assert client.get(at(pledge)).status_code == 403
