"""The draft of a meeting: begun, saved and deleted by the organisation that logs it, and by nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import User
from attachments.keeping import release
from meetings.models import Meeting, Organisation


class DraftChanged(Exception):
    """Somebody saved, published or deleted the draft after it was opened; `meeting` is as it is now."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__(str(meeting))
        self.meeting = meeting


def begin(organisation: Organisation, *, by: User, key: UUID | None = None) -> Meeting:
    """A new draft, not stored yet, or the one already begun under this key.

    Raises PermissionDenied when `by` does not log meetings for `organisation`.
    """
    if not by.has_perm("meetings.log_meeting", organisation):
        raise PermissionDenied
    begun = Meeting.objects.select_related("logged_by").filter(logged_by=organisation, begun_as=key).first()
    if key and begun:
        return begun
    return Meeting(logged_by=organisation, created_by=by, is_fictional=organisation.is_fictional, begun_as=key)


@contextmanager
def saving(meeting: Meeting, *, by: User, expected: int) -> Iterator[None]:
    """Save the draft in the block: all of it or nothing, with its version raised by one.

    The block saves `meeting` and its parts, the draft being locked until it ends. Raises PermissionDenied,
    and DraftChanged when the stored version is not `expected` (0 for a draft that was never stored).
    """
    with transaction.atomic():
        if meeting.pk:
            _check_unchanged(meeting, by=by, expected=expected)
        elif not by.has_perm("meetings.log_meeting", meeting.logged_by):
            raise PermissionDenied
        else:
            _check_not_begun(meeting)
        meeting.version = expected + 1
        yield


def delete(meeting: Meeting, *, by: User, expected: int, files: str | None = None) -> None:
    """Delete the draft with all of its parts; raises as `saving`, also when `files` is no longer its files' stamp."""
    with transaction.atomic():
        _check_unchanged(meeting, by=by, expected=expected)
        if files is not None and files != meeting.files.stamp():
            raise DraftChanged(meeting)
        held = [each.attachment for each in meeting.files.all()]
        meeting.delete()
        release(held)


def _check_not_begun(meeting: Meeting) -> None:
    """Let first savings of one association wait for each other: the same one sent twice stores one draft."""
    Organisation.objects.select_for_update(no_key=True).filter(pk__in=[meeting.logged_by_id]).first()
    begun = Meeting.objects.filter(logged_by=meeting.logged_by, begun_as=meeting.begun_as).first()
    if meeting.begun_as and begun:
        raise DraftChanged(begun)


def _check_unchanged(meeting: Meeting, *, by: User, expected: int) -> None:
    """Lock the draft as it is stored, once it is sure that `by` may edit it and that nobody else has."""
    stored = Meeting.objects.select_for_update().filter(pk=meeting.pk).first()
    if stored is None or not stored.is_draft:
        raise DraftChanged(stored or meeting)
    if not by.has_perm("meetings.edit_draft", stored):
        raise PermissionDenied
    if stored.version != expected:
        raise DraftChanged(stored)


def number_anew(parts: "QuerySet[Model]") -> None:
    """Number a draft's rows (participants, concerns …) 1, 2, 3 … in the order of their present numbers."""
    for number, (pk, old) in enumerate(parts.order_by("number").values_list("pk", "number"), start=1):
        if old != number:
            parts.filter(pk=pk).update(number=number)
