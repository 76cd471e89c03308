"""The files of a draft: added, described and removed by whoever writes it, several at once or not (decision 0020).

Each is a row of its own, written under the lock of the draft, so the draft's `version` stays: it guards what one
form overwrites, and that form shows no file. Publication and deletion are guarded by `meeting.files.stamp()` instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attachments import keeping
from attachments.models import Attachment
from meetings.drafts import number_anew
from meetings.models import Meeting, MeetingFile, Organisation

MAX_FILES = 12  # of one meeting


class NoDraft(Exception):
    """It was published or deleted meanwhile."""


class CaptionChanged(Exception):
    """A colleague has written another caption since the form was opened; `caption` is theirs."""

    def __init__(self, caption: str) -> None:
        super().__init__(caption)
        self.caption = caption


@contextmanager
def _locked(meeting: Meeting, by: User) -> Iterator[Meeting]:
    with transaction.atomic():
        stored = Meeting.objects.select_for_update().filter(pk=meeting.pk).first()
        if stored is None or not stored.is_draft:
            raise NoDraft
        if not by.has_perm("meetings.edit_draft", stored):
            raise PermissionDenied
        yield stored


def add(meeting: Meeting, attachment: Attachment, *, by: User) -> MeetingFile | None:
    """Let the draft hold a file that `by` has just uploaded; None when it holds the same one already.

    Raises ValidationError with a sentence when there is no room, NoDraft and PermissionDenied; then the file stays an
    unused upload of `by`, which the night takes.
    """
    with _locked(meeting, by) as draft:
        held = list(draft.files.all())
        if attachment.sha256 in {each.attachment.sha256 for each in held}:
            keeping.release([attachment])
            return None
        if len(held) >= MAX_FILES:
            raise ValidationError(too_many())
        assert draft.logged_by_id is not None  # noqa: S101 - nobody edits the draft of no organisation
        # What its drafts hold is counted: those who add to several of them come one after the other.
        Organisation.objects.select_for_update(no_key=True).get(pk=draft.logged_by_id)
        keeping.hold(attachment, by=by, organisation_id=draft.logged_by_id)
        attachment.refresh_from_db()
        return MeetingFile.objects.create(meeting=draft, number=len(held) + 1, attachment=attachment)


def too_many() -> str:
    """Why no other file is taken."""
    return _("Only %(count)s files can be added: the others are left out.") % {"count": MAX_FILES}


def describe(file: MeetingFile, caption: str, *, seen: str, by: User) -> bool:
    """Write the caption of a file of a draft; whether it changed.

    `seen` is the caption that the form was opened with: what was not touched overwrites nothing. Raises
    CaptionChanged, MeetingFile.DoesNotExist when a colleague has removed it, NoDraft and PermissionDenied.
    """
    if caption == seen:
        return False
    with _locked(file.meeting, by) as draft:
        stored = draft.files.get(pk=file.pk)
        if stored.caption not in {seen, caption}:
            raise CaptionChanged(stored.caption)
        stored.caption = caption
        stored.save(update_fields=["caption"])
        return True


def remove(file: MeetingFile, *, by: User) -> None:
    """Take a file out of its draft, bytes and all; nothing where a colleague has done so. Raises as `add`."""
    with _locked(file.meeting, by) as draft:
        stored = draft.files.filter(pk=file.pk).first()
        if stored is None:
            return
        stored.delete()
        keeping.release([stored.attachment])
        number_anew(draft.files.all())
