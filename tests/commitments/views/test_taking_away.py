"""What a correction asks for before old and new are shown: what a pledge needs stays, and a file is chosen."""

import pytest
from django.test import Client

from commitments.correcting import correct_pledge, withdraw_pledge
from commitments.models import Pledge
from meetings.models import Concern, Participant
from tests.cast import Cast
from tests.commitments.views.test_corrected import NOW
from tests.desk import form_in, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    ParticipantFactory,
    PledgeFactory,
    published_meeting,
    published_pledge,
)
from tests.reading import links, words

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    """The first of two pledges that a participant said, in answer to a concern."""
    meeting = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood], language="en"
    )
    chief = ParticipantFactory.create(meeting=meeting, role="chief", side="agency")
    PledgeFactory.create(meeting=meeting, title="lamps", number=2, said_by=chief)
    first: Pledge = PledgeFactory.create(meeting=meeting, title="a patrol", number=1, said_by=chief)
    first.concerns.add(ConcernFactory.create(meeting=meeting, text="thefts"))
    published_pledge(by=cast.manager, meeting=meeting, title="another", number=3)
    first.refresh_from_db()
    return first


def at(pledge: Pledge, part: str) -> str:
    return f"/en/workspace/meetings/{pledge.meeting_id}/correct/{part}/"


def test_whom_a_pledge_needs_is_refused_before_the_comparison_with_the_way_on(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "participant-1")
    sent = {**form_in(manager.get(address)), "take_away": "on", "reason": "was not there"}
    response = manager.post(address, sent)
    page, way_on = words(response), links(response)
    assert response.status_code == 422
    assert "Check the correction" not in page
    for each in pledge.meeting.pledges.filter(said_by__isnull=False):
        assert f"Pledge {each.number} was said by this participant: \u2068{each.title}\u2069." in page
        correct = way_on[f"Correct pledge {each.number}: {each.title}"]
        assert correct == f"/en/workspace/pledges/{each.pk}/correct/who/"
    assert form_in(response)["reason"] == "was not there"


def test_once_the_pledges_are_corrected_it_goes(manager: Client, cast: Cast, pledge: Pledge) -> None:
    for each in pledge.meeting.pledges.all():
        if each.said_by:
            correct_pledge(each, changes={"said_by": None}, reason="r", by=cast.manager, now=NOW)
    address = at(pledge, "participant-1")
    sent = {**form_in(manager.get(address)), "take_away": "on", "reason": "r", "confirm": "1"}
    assert manager.post(address, sent).status_code == 302
    assert not Participant.objects.exists()


def test_a_concern_that_a_withdrawn_pledge_answers_stays_and_nobody_is_sent_to_correct_that_pledge(
    manager: Client, cast: Cast, pledge: Pledge
) -> None:
    address = at(pledge, "concern-1")
    sent = {**form_in(manager.get(address)), "take_away": "on", "reason": "r"}
    asked = manager.post(address, sent)
    assert "Pledge 1 answers this concern: \u2068a patrol\u2069. Correct the pledge first." in words(asked)
    withdraw_pledge(pledge, reason="r", by=cast.manager, now=NOW)
    response = manager.post(address, sent)
    assert "Pledge 1 refers to it: \u2068a patrol\u2069. It was withdrawn" in words(response)
    assert not [each for each in links(response) if each.startswith("Correct pledge")]
    assert Concern.objects.count() == 1


def test_the_form_of_a_forgotten_file_opens_without_a_fault_and_with_its_warning(
    manager: Client, pledge: Pledge
) -> None:
    address = at(pledge, "file-new")
    page = words(manager.get(address))
    assert "Something needs your attention" not in page
    assert "Photo or PDF (optional)" not in page
    assert "Faces, names and number plates" in page
    refused = manager.post(address, {"caption": "", "reason": ""})
    assert (refused.status_code, "Choose a file first." in words(refused)) == (422, True)


def test_a_meeting_without_pledges_is_not_said_to_have_any(manager: Client, cast: Cast, pledge: Pledge) -> None:
    empty = published_meeting(
        by=cast.manager, host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    page = words(manager.get(f"/en/workspace/meetings/{empty.pk}/published/"))
    assert "Everybody can read the meeting now, without an account." in page
    assert "and its pledges" not in page
    published = f"/en/workspace/meetings/{pledge.meeting_id}/published/"
    assert "Everybody can read the meeting and its pledges now" in words(manager.get(published))
