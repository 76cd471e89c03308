"""The files of one draft, and of one association, written and published by several at the same moment."""

from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from attachments import keeping
from attachments.models import Attachment
from commitments.correcting import correct_file
from commitments.publishing import publish
from commitments.state import named_files
from ledger.history import Stale
from ledger.models import Entry
from meetings.drafts import DraftChanged
from meetings.files import NoDraft, add, remove
from meetings.models import Meeting
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import MeetingFactory, PledgeFactory
from tests.uploads import kept, pdf

pytestmark = pytest.mark.usefixtures("flushable")


def papers(cast: Cast, count: int) -> list[Attachment]:
    """As many uploads of the secretary's, no two alike."""
    return [kept(cast.secretary, pdf(f"%{each}\n".encode())) for each in range(count)]


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    """Ready to be published, with one file."""
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=2),
    )
    PledgeFactory.create(meeting=meeting)
    add(meeting, kept(cast.secretary, pdf(b"%first\n")), by=cast.secretary)
    return meeting


def named_by(meeting: Meeting) -> set[str]:
    """The files that the first entry of the meeting names."""
    entry = Entry.objects.get(stream=Meeting.objects.get(pk=meeting.pk).stream, number=1)
    return {str(said["name"]) for said in named_files(entry)}


def test_a_draft_is_published_once_with_its_files(draft: Meeting, cast: Cast) -> None:
    stamp = draft.files.stamp()

    def publishes(_index: int) -> str:
        try:
            read = Meeting.objects.get(pk=draft.pk)
            publish(read, by=cast.manager, expected=draft.version, files=stamp, now=timezone.now())
        except DraftChanged:
            return "refused"
        return "published"

    assert sorted(at_once(5, publishes)) == ["published"] + ["refused"] * 4
    assert Entry.objects.filter(kind="published").count() == 1
    assert named_by(draft) == {draft.files.get().attachment.name}


def test_what_is_added_while_another_publishes_is_in_the_entry_or_in_no_record(draft: Meeting, cast: Cast) -> None:
    uploads = papers(cast, 4)

    def writes(index: int) -> str:
        meeting = Meeting.objects.get(pk=draft.pk)
        try:
            if index == len(uploads):
                publish(meeting, by=cast.manager, now=timezone.now())
            else:
                add(meeting, uploads[index], by=cast.secretary)
        except NoDraft:
            return "too late"
        return "done"

    assert "done" in at_once(len(uploads) + 1, writes)
    held = set(draft.files.values_list("attachment__name", flat=True))
    assert named_by(draft) == held
    assert set(Attachment.objects.filter(is_used=True).values_list("name", flat=True)) == held
    assert not Attachment.objects.exclude(organisation=None).exists()


def test_what_is_removed_while_another_publishes_is_published_or_gone(draft: Meeting, cast: Cast) -> None:
    file = draft.files.get()

    def writes(index: int) -> None:
        try:
            if index:
                remove(file, by=cast.secretary)
            else:
                publish(Meeting.objects.get(pk=draft.pk), by=cast.manager, now=timezone.now())
        except NoDraft:
            pass

    at_once(2, writes)
    assert named_by(draft) == set(draft.files.values_list("attachment__name", flat=True))
    assert Attachment.objects.count() == draft.files.count()


def test_several_at_once_add_no_more_to_a_draft_than_it_may_hold(draft: Meeting, cast: Cast) -> None:
    uploads = papers(cast, 14)

    def adds(index: int) -> bool:
        try:
            return add(Meeting.objects.get(pk=draft.pk), uploads[index], by=cast.secretary) is not None
        except ValidationError:
            return False

    assert sum(at_once(len(uploads), adds)) == 11
    assert list(draft.files.values_list("number", flat=True)) == list(range(1, 13))


def test_several_at_once_add_no_more_to_the_drafts_of_an_association_than_it_may_hold(
    draft: Meeting, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MAX_HELD", 3)
    uploads = papers(cast, 8)
    drafts = [draft, *MeetingFactory.create_batch(3, logged_by=cast.association)]
    into = [meeting for meeting, _upload in zip(cycle(drafts), uploads, strict=False)]

    def adds(index: int) -> bool:
        try:
            return add(Meeting.objects.get(pk=into[index].pk), uploads[index], by=cast.secretary) is not None
        except ValidationError:
            return False

    assert sum(at_once(len(uploads), adds)) == 2
    assert Attachment.objects.filter(organisation=cast.association).count() == 3


def test_of_two_who_add_a_forgotten_file_at_once_one_is_shown_the_other(draft: Meeting, cast: Cast) -> None:
    publish(draft, by=cast.manager, now=timezone.now())
    uploads = [kept(cast.manager, pdf(f"%{each}\n".encode())) for each in range(3)]

    def adds(index: int) -> str:
        changes = {"attachment": uploads[index], "caption": ""}
        told: dict[str, Any] = {"reason": "forgotten", "by": cast.manager, "expected": 1, "now": timezone.now()}
        try:
            correct_file(Meeting.objects.get(pk=draft.pk), None, changes=changes, **told)
        except Stale:
            return "stale"
        return "added"

    assert sorted(at_once(3, adds)) == ["added", "stale", "stale"]
    assert Attachment.objects.filter(is_used=True).count() == draft.files.count() == 2
