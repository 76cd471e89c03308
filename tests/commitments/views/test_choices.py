"""The lists of the desk say in words what their first line means."""

import re
from typing import Any

import pytest

from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, PledgeFactory, published_pledge

_LABELS = re.compile(r"<option\b[^>]*>([^<]*)</option>")


@pytest.mark.parametrize("page", ["draft", "correction", "organisation"])
def test_no_list_of_the_desk_begins_with_a_line(cast: Cast, page: str) -> None:
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    if page == "draft":
        for factory in (PledgeFactory, ConcernFactory, ParticipantFactory):
            factory.create(meeting=meeting)
        address = f"/en/workspace/meetings/{meeting.pk}/"
    elif page == "correction":
        pledge = published_pledge(by=cast.manager, meeting=meeting)
        address = f"/en/workspace/pledges/{pledge.pk}/correct/what/"
    else:
        address = "/en/workspace/organisations/new/?for=hay"
    response: Any = signed_in(cast.manager).get(address)
    labels = [each.strip() for each in _LABELS.findall(response.content.decode())]
    assert "not chosen" in labels
    assert [each for each in labels if not re.search(r"\w", each)] == []
