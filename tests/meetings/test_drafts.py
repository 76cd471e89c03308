"""Drafts: whose they are, and what happens when two people write one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError

from meetings import drafts
from meetings.drafts import DraftChanged
from meetings.models import Meeting, Participant
from tests.cast import Cast
from tests.factories import MeetingFactory, ParticipantFactory, published_meeting


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    made: Meeting = MeetingFactory.create(logged_by=cast.association, host=cast.agency, title="before")
    return made


def test_a_member_begins_a_draft_for_their_own_association(cast: Cast) -> None:
    draft = drafts.begin(cast.association, by=cast.secretary)
    assert (draft.logged_by, draft.created_by) == (cast.association, cast.secretary)
    assert not Meeting.objects.exists()


def test_nobody_begins_a_draft_for_an_association_that_is_not_theirs(cast: Cast) -> None:
    for stranger in (cast.other_member, cast.administrator, cast.stranger, cast.official):
        with pytest.raises(PermissionDenied):
            drafts.begin(cast.association, by=stranger)


def test_a_fictional_association_makes_fictional_drafts(cast: Cast) -> None:
    cast.association.is_fictional = True
    assert drafts.begin(cast.association, by=cast.secretary).is_fictional


def test_a_new_draft_is_stored_with_its_first_version(cast: Cast) -> None:
    draft = drafts.begin(cast.association, by=cast.secretary)
    with drafts.saving(draft, by=cast.secretary, expected=0):
        draft.save()
    assert Meeting.objects.get().version == 1


def test_saving_raises_the_version(cast: Cast, draft: Meeting) -> None:
    draft.title = "after"
    with drafts.saving(draft, by=cast.secretary, expected=1):
        draft.save()
    assert Meeting.objects.values_list("title", "version").get() == ("after", 2)


def test_a_draft_that_somebody_else_saved_is_not_overwritten(cast: Cast, draft: Meeting) -> None:
    first, second = Meeting.objects.get(), Meeting.objects.get()
    with drafts.saving(first, by=cast.secretary, expected=1):
        first.title = "of the first"
        first.save()
    with pytest.raises(DraftChanged) as caught, drafts.saving(second, by=cast.manager, expected=1):
        pytest.fail("the block must not run")
    assert caught.value.meeting.title == "of the first"


def test_a_block_that_fails_leaves_nothing(cast: Cast, draft: Meeting) -> None:
    with pytest.raises(RuntimeError), drafts.saving(draft, by=cast.secretary, expected=1):  # noqa: PT012  # all of it
        draft.title = "half"
        draft.save()
        raise RuntimeError
    assert Meeting.objects.values_list("title", "version").get() == ("before", 1)


def test_nobody_else_saves_a_draft(cast: Cast, draft: Meeting) -> None:
    for stranger in (cast.other_member, cast.administrator, cast.official, cast.stranger):
        with pytest.raises(PermissionDenied), drafts.saving(draft, by=stranger, expected=1):
            pytest.fail("the block must not run")


def test_what_is_published_is_no_draft_any_more(cast: Cast) -> None:
    published = published_meeting(logged_by=cast.association, host=cast.agency)
    with pytest.raises(DraftChanged), drafts.saving(published, by=cast.manager, expected=published.version):
        pytest.fail("the block must not run")
    with pytest.raises(DraftChanged):
        drafts.delete(published, by=cast.manager, expected=published.version)
    with pytest.raises(ProtectedError):
        published.delete()


def test_deleting_a_draft_takes_its_rows_along(cast: Cast, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft)
    drafts.delete(draft, by=cast.secretary, expected=1)
    assert (Meeting.objects.count(), Participant.objects.count()) == (0, 0)


def test_a_draft_that_was_saved_meanwhile_is_not_deleted(cast: Cast, draft: Meeting) -> None:
    with pytest.raises(DraftChanged):
        drafts.delete(draft, by=cast.secretary, expected=0)
    assert Meeting.objects.count() == 1


def test_nobody_else_deletes_a_draft(cast: Cast, draft: Meeting) -> None:
    for stranger in (cast.other_member, cast.administrator, cast.moderator):
        with pytest.raises(PermissionDenied):
            drafts.delete(draft, by=stranger, expected=1)


def test_rows_are_numbered_anew_without_gaps(draft: Meeting) -> None:
    for number in (2, 5, 9):
        ParticipantFactory.create(meeting=draft, number=number, name=str(number))
    drafts.number_anew(draft.participants.all())
    assert list(draft.participants.values_list("number", "name")) == [(1, "2"), (2, "5"), (3, "9")]
