"""A draft that saves itself: what its script is answered."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import Meeting, Participant
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MeetingFactory, ParticipantFactory

NEW = "/en/workspace/meetings/new/"


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    made: Meeting = MeetingFactory.create(title="before", host=cast.agency, logged_by=cast.association)
    return made


def at(meeting: Meeting) -> str:
    return f"/en/workspace/meetings/{meeting.pk}/"


def opened(client: Client, address: str) -> Sent:
    return form_in(client.get(address))


def sends(client: Client, cast: Cast, address: str, sent: Sent, **changes: Any) -> Any:
    """Send as the script does."""
    typed_by = changes.pop("typed_by", cast.secretary.pk)
    headers = {"Accept": "application/json", "X-Typed-By": str(typed_by)}
    return client.post(address, sent | changes, headers=headers)


def test_a_saving_answers_the_version_and_the_key_of_each_row(cast: Cast, secretary: Client, draft: Meeting) -> None:
    form = opened(secretary, at(draft))
    rows = {"participants-TOTAL_FORMS": "3", "participants-0-name": "", "participants-2-name": "Fatima"}
    sides = {
        f"participants-{n}-{name}": value
        for n in (1, 2)
        for name, value in (("side", "civil_society"), ("naming", "unnamed"), ("attendance", "present"))
    }
    answer = sends(secretary, cast, at(draft), form, title="after", **rows, **sides).json()
    stored = Participant.objects.get()
    assert answer["rows"]["participants"] == ["", "", str(stored.pk)]
    draft.refresh_from_db()
    assert (draft.title, answer["state"], answer["hidden"]["version"]) == ("after", "saved", str(draft.version))
    assert answer["hidden"]["opened"] == opened(secretary, at(draft))["opened"]
    again = form | {"title": "after", **rows, **sides, **answer["hidden"], "participants-2-row": str(stored.pk)}
    assert sends(secretary, cast, at(draft), again, **{"participants-2-name": "Zahra"}).status_code == 200
    assert [each.name for each in Participant.objects.all()] == ["Zahra"]


def test_a_first_saving_sent_again_finds_the_draft_it_made(cast: Cast, secretary: Client) -> None:
    form = opened(secretary, NEW) | {"title": "once", "participants-0-name": "Fatima"}
    first, second = (sends(secretary, cast, NEW, form).json() for _time in range(2))
    assert first == second
    assert secretary.post(NEW, form).status_code == 302
    assert (Meeting.objects.count(), Participant.objects.count()) == (1, 1)


def test_a_first_saving_sent_again_with_more_shows_the_difference(cast: Cast, secretary: Client) -> None:
    form = opened(secretary, NEW) | {"title": "once", "participants-0-name": "Fatima"}
    assert secretary.post(NEW, form).status_code == 302
    response = secretary.post(NEW, form | {"title": "twice"})
    assert response.status_code == 409
    assert secretary.post(NEW, form_in(response)).status_code == 302
    assert (Meeting.objects.get().title, Participant.objects.count()) == ("twice", 1)


def test_what_cannot_be_kept_is_said_by_field(cast: Cast, secretary: Client, draft: Meeting) -> None:
    form = opened(secretary, at(draft))
    response = sends(secretary, cast, at(draft), form, held_on="yesterday", title="x" * 301)
    answer = response.json()
    assert (response.status_code, answer["says"]) == (422, "Not saved: 2 fields need a look")
    assert set(answer["faults"]) == {"id_held_on", "id_title"}
    draft.refresh_from_db()
    assert draft.title == "before"


def test_a_draft_saved_meanwhile_is_not_overwritten(cast: Cast, secretary: Client, draft: Meeting) -> None:
    form = opened(secretary, at(draft))
    sends(secretary, cast, at(draft), form, title="first")
    response = sends(secretary, cast, at(draft), form, title="second")
    assert (response.status_code, response.json()) == (409, {"state": "overtaken"})
    draft.refresh_from_db()
    assert draft.title == "first"


def test_what_was_typed_into_a_deleted_draft_is_kept_as_a_new_one(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    ParticipantFactory.create(meeting=draft, name="Fatima")
    form = opened(secretary, at(draft)) | {"title": "typed"}
    address = at(draft)
    draft.delete()
    assert sends(secretary, cast, address, form).json() == {"state": "deleted"}
    response = secretary.post(address, form)
    assert response.status_code == 409
    assert secretary.post(NEW, form_in(response, NEW)).status_code == 302
    assert [(each.title, each.participants.get().name) for each in Meeting.objects.all()] == [("typed", "Fatima")]
    assert secretary.post(address, form | {"proof": "1:forged"}).status_code == 404


def test_nothing_is_saved_for_somebody_else(cast: Cast, secretary: Client, draft: Meeting) -> None:
    form = opened(secretary, at(draft))
    assert sends(secretary, cast, at(draft), form, typed_by=cast.manager.pk, title="x").status_code == 403
    assert sends(Client(), cast, at(draft), form, title="x").status_code == 302
    assert sends(signed_in(cast.other_member), cast, at(draft), form, title="x").status_code == 404
    draft.refresh_from_db()
    assert draft.title == "before"


@pytest.mark.parametrize("count", [1, 3])
def test_a_saving_asks_the_database_as_often_for_three_rows_as_for_one(
    cast: Cast, secretary: Client, draft: Meeting, count: int, django_assert_max_num_queries: Any
) -> None:
    form = opened(secretary, at(draft))
    with django_assert_max_num_queries(60):
        assert sends(secretary, cast, at(draft), form, title=f"after {count}").status_code == 200
