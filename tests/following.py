"""What tests of the next meeting begin with: a published meeting, and the one that follows it."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from commitments.publishing import publish
from meetings.models import Meeting, Organisation
from tests.cast import Cast
from tests.desk import form_in
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, PledgeFactory


def published_earlier(cast: Cast) -> Meeting:
    """A meeting of two months ago with two pledges of the agency, a request and a participant."""
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=60),
    )
    for title in ("patrols", "lamps"):
        PledgeFactory.create(meeting=meeting, title=title)
    ConcernFactory.create(meeting=meeting, request="more light")
    ParticipantFactory.create(meeting=meeting, name="Private", role="resident")
    publish(meeting, by=cast.manager, now=timezone.now() - timedelta(days=59))
    return meeting


def prepared(client: Client, earlier: Meeting, **more: Any) -> Meeting:
    """The draft of the meeting that follows."""
    address = f"/en/workspace/meetings/prepare/?follows={earlier.pk}"
    response: Any = client.post(address, form_in(client.get(address)) | more)
    assert response.status_code == 302
    return Meeting.objects.drafts().get()


def outcome(client: Client, meeting: Meeting, number: int = 0, **typed: str) -> Any:
    """Fill in what was stated of one pledge of the agenda."""
    address = f"/en/workspace/meetings/{meeting.pk}/outcomes/"
    item = meeting.agenda.exclude(pledge=None)[number]
    return client.post(address, form_in(client.get(address)) | {f"item-{item.pk}-{k}": v for k, v in typed.items()})


def together_with(agency: Organisation) -> str:
    """How the form of an outcome says that an agency stated it too."""
    return f"together-{agency.pk}"


def by_alone(agency: Organisation) -> str:
    """How it says that an agency alone stated it."""
    return f"by-{agency.pk}"


def held(cast: Cast, meeting: Meeting) -> Meeting:
    """The meeting took place today, and is published."""
    meeting.refresh_from_db()
    meeting.held_on = timezone.localdate()
    meeting.save()
    meeting.participants.filter(attendance="").update(attendance="present")
    ConcernFactory.create(meeting=meeting)
    publish(meeting, by=cast.manager, now=timezone.now())
    return meeting


def attended(meeting: Meeting, cast: Cast, attendance: str = "present") -> Meeting:
    """Somebody of the agency is listed, as present or not."""
    ParticipantFactory.create(
        meeting=meeting, role="chief", organisation=cast.agency, side="agency", attendance=attendance
    )
    return meeting
