"""Publishing a draft, and what can still be done with it afterwards."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from commitments.correcting import correct_meeting, correct_pledge, withdraw_meeting, withdraw_pledge
from commitments.models import Pledge
from commitments.publishing import NotPublishable, problems, publish
from commitments.speaking import answer
from ledger.history import Stale
from ledger.models import Entry
from meetings.drafts import DraftChanged
from meetings.models import Meeting
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import (
    HELD_ON,
    ConcernFactory,
    MeetingFactory,
    ParticipantFactory,
    PledgeFactory,
    PledgeKindFactory,
    published_meeting,
)
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
@remembered
def draft(cast: Cast) -> Meeting:
    return drafted(cast)


def drafted(cast: Cast, **fields: Any) -> Meeting:
    """A draft of the association with one pledge of the agency."""
    told = {"host": cast.agency, "logged_by": cast.association, "neighbourhoods": [cast.neighbourhood]} | fields
    meeting: Meeting = MeetingFactory.create(**told)
    PledgeFactory.create(meeting=meeting, title="a patrol")
    return meeting


def sentences(meeting: Meeting) -> list[tuple[str, str]]:
    return [(each.place, each.sentence) for each in problems(meeting, now=NOW)]


def kinds(subject: Meeting | Pledge) -> list[str]:
    return list(Entry.objects.filter(stream=subject.stream).values_list("kind", flat=True))


# Who publishes


def test_a_manager_publishes_the_meeting_and_each_pledge_with_its_first_entry(cast: Cast, draft: Meeting) -> None:
    (pledge,) = publish(draft, by=cast.manager, expected=1, now=NOW)
    draft.refresh_from_db()
    assert (draft.state, draft.published_at, kinds(draft)) == (Meeting.State.PUBLISHED, NOW, ["published"])
    assert (pledge.state, pledge.made_on, kinds(pledge)) == (Meeting.State.PUBLISHED, HELD_ON, ["recorded"])
    assert list(pledge.neighbourhoods.all()) == [cast.neighbourhood]
    assert set(Entry.objects.values_list("speaker", "author")) == {("hay", cast.manager.pk)}


def test_a_member_publishes_only_where_the_association_allows_it(cast: Cast, draft: Meeting) -> None:
    with pytest.raises(PermissionDenied):
        publish(draft, by=cast.secretary, now=NOW)
    cast.association.members_may_publish = True
    cast.association.save()
    publish(draft, by=cast.secretary, now=NOW)
    assert Meeting.objects.published().count() == 1


def test_nobody_else_publishes(cast: Cast, draft: Meeting) -> None:
    for stranger in (cast.other_member, cast.official, cast.administrator, cast.moderator, cast.stranger):
        with pytest.raises(PermissionDenied):
            publish(draft, by=stranger, now=NOW)
    assert Entry.objects.count() == 0


# What keeps a draft from being published


def test_an_empty_draft_says_everything_that_is_missing(cast: Cast) -> None:
    empty = MeetingFactory.create(title="", held_on=None, host=None, neighbourhoods=[], logged_by=cast.association)
    assert sentences(empty) == [
        ("title", "Give the meeting a subject."),
        ("held_on", "Give the date of the meeting."),
        ("host", "Say which organisation hosted the meeting."),
        ("neighbourhoods", "Choose at least one neighbourhood."),
        ("pledges", "Write down at least one pledge or one concern."),
    ]


def test_a_meeting_that_lies_ahead_waits(cast: Cast) -> None:
    ahead = drafted(cast, held_on=NOW.date() + timedelta(days=1))
    sentence = "The date of the meeting is in the future. Correct it, or keep the meeting as a draft until it is held."
    assert sentences(ahead) == [("held_on", sentence)]


def test_a_pledge_says_what_by_whom_and_when_not_before_it_was_made(cast: Cast, draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft, title="", kind=None, responsible=None)
    PledgeFactory.create(meeting=draft, timing="by_date", due_on=None)
    PledgeFactory.create(meeting=draft, timing="by_date", due_on=HELD_ON - timedelta(days=1))
    assert sentences(draft) == [
        ("pledge-2", "Pledge 2: write what was promised."),
        ("pledge-2", "Pledge 2: choose its kind."),
        ("pledge-2", "Pledge 2: say which agency answers for it."),
        ("pledge-3", "Pledge 3: give its due date."),
        ("pledge-4", "Pledge 4: its due date is before the meeting."),
    ]


def test_a_meeting_with_a_concern_and_no_pledge_can_be_published(cast: Cast) -> None:
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association)
    ConcernFactory.create(meeting=meeting)
    assert (sentences(meeting), publish(meeting, by=cast.manager, now=NOW)) == ([], [])


def test_what_is_refused_leaves_nothing(cast: Cast, draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft, kind=None)
    with pytest.raises(NotPublishable):
        publish(draft, by=cast.manager, now=NOW)
    assert (Meeting.objects.get().state, Entry.objects.count()) == (Meeting.State.DRAFT, 0)


def test_a_draft_saved_since_it_was_reviewed_is_not_published(cast: Cast, draft: Meeting) -> None:
    Meeting.objects.update(version=2)
    with pytest.raises(DraftChanged):
        publish(draft, by=cast.manager, expected=1, now=NOW)
    assert Meeting.objects.get().is_draft


def test_publishing_twice_changes_nothing(cast: Cast, draft: Meeting) -> None:
    publish(draft, by=cast.manager, expected=1, now=NOW)
    with pytest.raises(DraftChanged):
        publish(draft, by=cast.manager, expected=1, now=NOW)
    assert Entry.objects.count() == 2


@pytest.mark.usefixtures("flushable")
def test_of_two_who_publish_at_once_one_succeeds(cast: Cast, draft: Meeting) -> None:
    def publish_it(_index: int) -> str:
        try:
            publish(Meeting.objects.get(pk=draft.pk), by=cast.manager, expected=1, now=NOW)
        except DraftChanged:
            return "changed"
        return "published"

    assert sorted(at_once(2, publish_it)) == ["changed", "published"]
    assert sorted(Entry.objects.values_list("kind", flat=True)) == ["published", "recorded"]


def test_a_name_that_may_not_be_shown_is_not_in_the_ledger(cast: Cast, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="Hidden Name", role="resident")
    ParticipantFactory.create(meeting=draft, name="Known Name", naming="public_role")
    publish(draft, by=cast.manager, now=NOW)
    written = "".join(Entry.objects.values_list("content", flat=True))
    assert ("Hidden Name" in written, "Known Name" in written) == (False, True)


def test_restricted_place_and_hours_are_sealed(cast: Cast, draft: Meeting) -> None:
    PledgeFactory.create(
        meeting=draft,
        timing="recurring",
        place="behind the school",
        windows=[["08:00", "09:00"]],
        is_place_restricted=True,
        is_time_restricted=True,
    )
    pledge = publish(draft, by=cast.manager, now=NOW)[1]
    recorded = Entry.objects.get(stream=pledge.stream)
    assert recorded.sealed == {"place", "rule", "windows", "pauses", "due_words"}
    assert "school" not in pledge.folded


# Afterwards


@pytest.fixture
@remembered
def published(cast: Cast) -> Meeting:
    pledge = {"title": "a patrol", "responsible": cast.agency}
    return published_meeting(
        host=cast.agency, logged_by=cast.association, by=cast.manager, title="Security", pledges=[pledge]
    )


def fix(meeting: Meeting, by: User, reason: str = "a slip", **changes: Any) -> Entry:
    return correct_meeting(meeting, changes=changes, reason=reason, by=by, now=NOW)


def test_a_correction_keeps_old_new_and_why(cast: Cast, published: Meeting) -> None:
    entry = fix(published, cast.manager, held_on=date(2026, 3, 1), venue="the town hall")
    assert entry.fields == {
        "old_held_on": "2026-03-02",
        "new_held_on": "2026-03-01",
        "old_venue": "مقر منطقة الأمن",
        "new_venue": "the town hall",
        "reason": "a slip",
    }
    assert published.pledges.get().made_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changes", "reason", "field", "sentence"),
    [
        ({"title": "New"}, "  ", "reason", "Give the reason: it is shown beside the change."),
        ({"title": "Security"}, "why", "__all__", "Nothing has been changed."),
        (
            {"title": " "},
            "why",
            "title",
            "What is published has a title: correct it instead of taking it away.",
        ),
        ({"held_on": date(2026, 5, 1)}, "why", "held_on", "The date of the meeting is in the future."),
        (
            {"people": 3, "women": 4},
            "why",
            "__all__",
            "There are more women than people present. Correct one of the two numbers.",
        ),
        (
            {"starts_at": time(10), "ends_at": time(9)},
            "why",
            "__all__",
            "The meeting ends before it starts. Correct one of the two times.",
        ),
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(
    cast: Cast, published: Meeting, changes: dict[str, Any], reason: str, field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        fix(published, cast.manager, reason, **changes)
    found = caught.value.message_dict if hasattr(caught.value, "error_dict") else {"__all__": caught.value.messages}
    assert found == {field: [sentence]}
    assert kinds(published) == ["published"]


def test_only_who_logged_it_corrects_or_withdraws(cast: Cast, published: Meeting) -> None:
    for stranger in (cast.secretary, cast.other_member, cast.official, cast.administrator, cast.moderator):
        with pytest.raises(PermissionDenied):
            fix(published, stranger, title="New")
        with pytest.raises(PermissionDenied):
            withdraw_meeting(published, reason="why", by=stranger, now=NOW)
    assert kinds(published) == ["published"]


def test_a_correction_made_unaware_of_another_is_stale(cast: Cast, published: Meeting) -> None:
    fix(published, cast.manager, title="First")
    with pytest.raises(Stale):
        correct_meeting(published, changes={"title": "Second"}, reason="why", by=cast.manager, expected=1, now=NOW)
    published.refresh_from_db()
    assert published.title == "First"


def test_a_corrected_pledge_is_found_by_its_new_words(cast: Cast, published: Meeting) -> None:
    pledge = published.pledges.get()
    lighting = PledgeKindFactory.create(slug="lighting", name_fr="éclairage")
    correct_pledge(
        pledge,
        changes={"title": "seven lamps", "kind": lighting},
        reason="misheard",
        by=cast.manager,
        now=NOW,
    )
    assert [Pledge.objects.matching(words).count() for words in ("patrol", "lamps", "eclairage")] == [0, 1, 1]


def test_a_pledge_is_not_corrected_to_be_due_before_it_was_made(cast: Cast, published: Meeting) -> None:
    with pytest.raises(ValidationError) as caught:
        correct_pledge(
            published.pledges.get(),
            changes={"timing": Pledge.Timing.BY_DATE, "due_on": date(2026, 3, 1)},
            reason="why",
            by=cast.manager,
            now=NOW,
        )
    assert caught.value.messages == ["This due date is before the meeting."]


def test_a_meeting_is_not_corrected_to_be_later_than_what_was_due(cast: Cast, published: Meeting) -> None:
    changes = {"timing": Pledge.Timing.BY_DATE, "due_on": date(2026, 3, 10)}
    correct_pledge(published.pledges.get(), changes=changes, reason="why", by=cast.manager, now=NOW)
    with pytest.raises(ValidationError) as caught:
        fix(published, cast.manager, held_on=date(2026, 3, 11))
    assert caught.value.messages == ["A pledge of this meeting is due before that day. Correct it first."]


def test_what_changes_is_held_against_what_stays(cast: Cast, published: Meeting) -> None:
    fix(published, cast.manager, people=3)
    with pytest.raises(ValidationError):
        fix(published, cast.manager, women=4)


def test_withdrawing_a_meeting_takes_its_pledges_along_and_leaves_them_readable(cast: Cast, published: Meeting) -> None:
    withdraw_meeting(published, reason="held elsewhere", by=cast.manager, now=NOW)
    pledge = Pledge.objects.get()
    assert (Pledge.objects.published().count(), Pledge.objects.public().count()) == (0, 1)
    assert (kinds(published), kinds(pledge)) == (["published", "withdrawn"], ["recorded", "withdrawn"])
    with pytest.raises(PermissionDenied):
        answer(pledge, status=Pledge.Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=NOW)


def test_nothing_is_withdrawn_twice(cast: Cast, published: Meeting) -> None:
    pledge = published.pledges.get()
    withdraw_pledge(pledge, reason="not said", by=cast.manager, now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_pledge(pledge, reason="not said", by=cast.manager, now=NOW)
    withdraw_meeting(published, reason="why", by=cast.manager, now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_meeting(published, reason="why", by=cast.manager, now=NOW)
    assert kinds(pledge) == ["recorded", "withdrawn"]
