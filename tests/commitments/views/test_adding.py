"""A pledge that was forgotten when its meeting was published: added with a reason, and shown as added later."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from commitments.adding import add_pledge
from commitments.models import Pledge, PledgeKind
from commitments.rebuilding import rebuild
from ledger.history import Stale
from mail.models import Letter
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, published_pledge
from tests.reading import words


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    """The only pledge of a meeting with a participant and a concern."""
    meeting = MeetingFactory.create(
        title="Security", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        held_on=date(2026, 1, 9), language="en",
    )  # fmt: skip
    ParticipantFactory.create(meeting=meeting, name="Said Chief", role="chief", naming="public_role", side="agency")
    ConcernFactory.create(meeting=meeting, text="dark streets")
    return published_pledge(by=cast.manager, meeting=meeting, title="a patrol")


def at(pledge: Pledge) -> str:
    return f"/en/workspace/meetings/{pledge.meeting_id}/correct/pledge-new/"


def typed(client: Client, cast: Cast, pledge: Pledge, **changes: Any) -> dict[str, Any]:
    return {
        **form_in(client.get(at(pledge))),
        "title": "lamps at the gate",
        "kind": PledgeKind.objects.get(slug="lighting").pk,
        "responsible": cast.other_agency.pk,
        "timing": "recurring",
        "weekdays": ["MO"],
        "concern_numbers": "1",
        "said_by": pledge.meeting.participants.get().pk,
        "reason": "it stands on page 2",
        **changes,
    }


def test_a_forgotten_pledge_is_looked_at_and_then_published(cast: Cast, manager: Client, pledge: Pledge) -> None:
    sent = typed(manager, cast, pledge)
    checked = words(manager.post(at(pledge), sent))
    assert "what was promised before: — after: lamps at the gate" in checked
    assert f"before: — after: {cast.other_agency.name_en}" in checked
    assert "after: Every week: Monday" in checked
    assert Pledge.objects.count() == 1
    response: Any = manager.post(at(pledge), sent | {"confirm": "1"})
    assert response.url == f"/en/workspace/meetings/{pledge.meeting_id}/published/"
    added = Pledge.objects.get(number=2)
    assert (added.title, added.responsible, added.rule) == (
        "lamps at the gate",
        cast.other_agency,
        "FREQ=WEEKLY;BYDAY=MO",
    )
    assert (added.made_on, added.clock_from) == (date(2026, 1, 9), timezone.localdate())
    assert list(added.neighbourhoods.all()) == [cast.neighbourhood]
    assert [each.text for each in added.concerns.all()] == ["dark streets"]
    assert added.said_by == pledge.meeting.participants.get()
    assert list(rebuild(repair=False)) == []


def test_everybody_reads_that_it_came_later_and_why(cast: Cast, manager: Client, pledge: Pledge) -> None:
    manager.post(at(pledge), typed(manager, cast, pledge) | {"confirm": "1"})
    meeting = words(Client().get(f"/en/meetings/{pledge.meeting_id}/"))
    assert meeting.count("added to the record on") == 1
    assert "Pledge 2 before: not in the record after: added later" in meeting
    assert "it stands on page 2" in meeting
    own = words(Client().get(f"/en/pledges/{Pledge.objects.get(number=2).pk}/"))
    assert "The pledge was added to a record that was already published" in own
    assert "it stands on page 2" in own


def test_the_agency_is_told_of_it_alone(cast: Cast, manager: Client, pledge: Pledge) -> None:
    Letter.objects.all().delete()
    manager.post(at(pledge), typed(manager, cast, pledge, responsible=cast.agency.pk) | {"confirm": "1"})
    letters = Letter.objects.filter(to=cast.official.email)
    assert ["lamps at the gate" in each.text and "a patrol" not in each.text for each in letters] == [True]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"kind": ""}, "This field is required."),
        ({"reason": " "}, "Give the reason: it is shown beside the change."),
        ({"weekdays": [], "timing": "by_date", "due_on": "8/1/2026"}, "Pledge 2: its due date is before the meeting."),
        ({"concern_numbers": "7"}, "There is no concern number 7."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    cast: Cast, manager: Client, pledge: Pledge, changes: dict[str, Any], sentence: str
) -> None:
    response = manager.post(at(pledge), typed(manager, cast, pledge, place="the gate", **changes) | {"confirm": "1"})
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_in(response)["place"] == "the gate"
    assert Pledge.objects.count() == 1


def test_a_name_in_it_is_warned_of_before_it_is_published(cast: Cast, manager: Client, pledge: Pledge) -> None:
    sent = typed(manager, cast, pledge, details="call 0612345678") | {"confirm": "1"}
    response = manager.post(at(pledge), sent)
    assert response.status_code == 422
    assert "0612345678" in words(response)
    assert Pledge.objects.count() == 1
    assert manager.post(at(pledge), sent | {"has_read": "on"}).status_code == 302


def test_what_is_kept_from_the_public_is_not_told_as_what_everybody_will_read(
    cast: Cast, manager: Client, pledge: Pledge
) -> None:
    restricted = {"place": "behind the mill", "is_place_restricted": "on", "is_time_restricted": "on"}
    sent = typed(manager, cast, pledge, **restricted)
    checked = words(manager.post(at(pledge), sent))
    assert "the place is not shown in public" in checked
    assert "behind the mill" not in checked
    assert "Every week: Monday" not in checked
    manager.post(at(pledge), sent | {"confirm": "1"})
    added = Pledge.objects.get(number=2)
    assert (added.place, added.rule) == ("behind the mill", "FREQ=WEEKLY;BYDAY=MO")
    assert "behind the mill" not in words(Client().get(f"/en/pledges/{added.pk}/"))
    assert list(rebuild(repair=False)) == []


def test_who_corrects_the_record_meanwhile_is_shown(cast: Cast, manager: Client, pledge: Pledge) -> None:
    first, second = typed(manager, cast, pledge), typed(manager, cast, pledge, title="another", weekdays=["MO", "TH"])
    assert manager.post(at(pledge), first | {"confirm": "1"}).status_code == 302
    response = manager.post(at(pledge), second | {"confirm": "1"})
    again = form_in(response)
    assert (response.status_code, again["title"], again["weekdays"]) == (409, "another", ["MO", "TH"])
    assert Pledge.objects.count() == 2


@pytest.mark.parametrize("part", ["official", "other_member", "moderator", "administrator", "stranger"])
def test_nobody_else_adds_a_pledge(cast: Cast, pledge: Pledge, part: str) -> None:
    user = getattr(cast, part)
    assert signed_in(user).post(at(pledge), {"title": "x"}).status_code in {403, 404}
    told: dict[str, Any] = {"changes": {"title": "x"}, "reason": "because", "now": timezone.now()}
    with pytest.raises(PermissionDenied):
        add_pledge(pledge.meeting, by=user, **told)
    assert Pledge.objects.count() == 1


def test_what_belongs_to_another_meeting_is_out_of_reach(cast: Cast, pledge: Pledge) -> None:
    meeting: Meeting = pledge.meeting
    stranger, foreign = ParticipantFactory.create(), ConcernFactory.create()
    changes = {"title": "x", "kind": pledge.kind, "responsible": cast.agency}
    told: dict[str, Any] = {"reason": "because", "by": cast.manager, "now": timezone.now()}
    for foreign_part in ({"said_by": stranger}, {"concerns": [foreign]}):
        with pytest.raises(ValueError, match="its own meeting"):
            add_pledge(meeting, changes=changes | foreign_part, **told)
    with pytest.raises(ValidationError):
        add_pledge(meeting, changes={"title": "x"}, **told)
    with pytest.raises(Stale):
        add_pledge(meeting, changes=changes, expected=0, **told)
    assert Pledge.objects.count() == 1
