"""A form sent after the session ended: it did not arrive, which is said, and sign-in leads to the page that held it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import PASSWORD, MeetingFactory, published_pledge
from tests.reading import words

DID_NOT_ARRIVE = "You were signed out, so what you just sent did not reach us."
NOTHING_WAS_SENT = "Nothing was sent to us. Look it over on this page, then send it again."


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    meeting: Meeting = MeetingFactory.create(logged_by=cast.association)
    return meeting


def test_publishing_after_the_session_ended_leads_over_sign_in_to_the_review(cast: Cast, draft: Meeting) -> None:
    client, address = Client(), f"/en/workspace/meetings/{draft.pk}/publish/"
    entrance: Any = client.post(address, {"version": "1"}, follow=True)
    assert DID_NOT_ARRIVE in words(entrance)
    sent = form_in(entrance, "/en/accounts/login/")
    landed: Any = client.post(
        "/en/accounts/login/", sent | {"login": cast.manager.email, "password": PASSWORD}, follow=True
    )
    assert landed.redirect_chain[-1][0] == f"/en/workspace/meetings/{draft.pk}/review/"
    assert NOTHING_WAS_SENT in words(landed)
    assert Meeting.objects.get().is_draft


@pytest.mark.parametrize("part", ["other_member", "official", "stranger"])
def test_a_stranger_to_the_draft_finds_nothing_there_either(cast: Cast, draft: Meeting, part: str) -> None:
    client = signed_in(getattr(cast, part))
    assert client.get(f"/en/workspace/meetings/{draft.pk}/publish/").status_code == 404


def test_each_address_that_only_takes_what_is_sent_leads_to_the_page_of_its_form(cast: Cast) -> None:
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    pledge = published_pledge(by=cast.manager, meeting=meeting, responsible=cast.agency)
    of = {"pk": pledge.pk}
    member = {"slug": "hay", "pk": cast.secretary.memberships.get().pk}
    expected: list[tuple[str, str, dict[str, Any], str]] = [
        ("manager", "workspace_assess", of, reverse("workspace_pledge", kwargs=of)),
        ("official", "inbox_status", of, reverse("inbox_pledge", kwargs=of)),
        ("official", "inbox_acknowledge", {}, reverse("inbox")),
        ("manager", "member_remove", member, reverse("members", kwargs={"slug": "hay"})),
        ("manager", "account_end_session", {"pk": 1}, reverse("usersessions_list")),
    ]
    for part, name, kwargs, page in expected:
        response: Any = signed_in(getattr(cast, part)).get(reverse(name, kwargs=kwargs))
        assert (name, response.status_code, response.get("Location")) == (name, 302, page)


def test_what_a_script_sends_leaves_no_sentence_for_later(cast: Cast, draft: Meeting) -> None:
    client, address = Client(), f"/en/workspace/meetings/{draft.pk}/"
    client.post(address, {}, HTTP_ACCEPT="application/json")
    assert DID_NOT_ARRIVE not in words(client.get("/en/accounts/login/"))
    assert DID_NOT_ARRIVE in words(client.post(address, {}, follow=True))
