"""What the site itself entered from a public source is corrected by its administrators, as the site (decision 0006)."""

import pytest
from django.urls import reverse

from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import published_meeting

REASON = "The article names another room."


@pytest.fixture
def entered_by_the_site(db: None) -> Meeting:
    return published_meeting(pledges=[{"title": "Open office"}])


def test_an_administrator_corrects_it_as_the_site(cast: Cast, entered_by_the_site: Meeting) -> None:
    client = signed_in(cast.administrator)
    address = reverse("workspace_correct_part", args=[entered_by_the_site.pk, "when"])
    sent = form_in(client.get(address)) | {"venue": "Room 2", "reason": REASON}
    checked = send(client, address, sent)
    response = send(client, address, form_in(checked) | {"confirm": "1"})

    assert response.headers["Location"] == entered_by_the_site.get_absolute_url()
    entered_by_the_site.refresh_from_db()
    assert entered_by_the_site.venue == "Room 2"
    assert entered_by_the_site.stream is not None
    correction = entered_by_the_site.stream.entries.get(kind="corrected")
    assert (correction.speaker, correction.fields["reason"]) == ("site", REASON)


@pytest.mark.parametrize("part", ["manager", "official", "moderator", "auditor", "stranger"])
def test_nobody_else_corrects_or_withdraws_it(cast: Cast, entered_by_the_site: Meeting, part: str) -> None:
    client = signed_in(getattr(cast, part))
    pledge = entered_by_the_site.pledges.get()
    for name, *args in (
        ("workspace_correct_part", entered_by_the_site.pk, "subject"),
        ("workspace_withdraw", entered_by_the_site.pk),
        ("workspace_pledge_correct_part", pledge.pk, "what"),
        ("workspace_pledge_withdraw", pledge.pk),
    ):
        assert client.post(reverse(name, args=args), {"reason": REASON}).status_code == 403
    assert entered_by_the_site.stream is not None
    assert entered_by_the_site.stream.entries.count() == 1


def test_an_administrator_corrects_no_association_s_record(cast: Cast) -> None:
    meeting = published_meeting(by=cast.manager, logged_by=cast.association)

    address = reverse("workspace_correct_part", args=[meeting.pk, "subject"])
    response = signed_in(cast.administrator).post(address, {"reason": REASON})

    assert response.status_code == 403


def test_the_administration_leads_to_the_correction(cast: Cast, entered_by_the_site: Meeting) -> None:
    client = signed_in(cast.administrator)
    page = client.get(reverse("admin:meetings_meeting_change", args=[entered_by_the_site.pk])).content.decode()

    assert reverse("workspace_correct", args=[entered_by_the_site.pk]) in page
