"""A pledge that was forgotten when its meeting was published: added later, and said to be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from commitments import notices
from commitments.correcting import MOST_PARTS, check_may_correct, check_refers_to
from commitments.models import Pledge
from commitments.publishing import lock, pledge_problems, publish_pledge, speaker_of
from commitments.record import CORRECTABLE
from commitments.state import local_day
from ledger.history import append
from meetings.models import Meeting

SETS = ("neighbourhoods", "concerns")


def next_pledge_number(meeting: Meeting) -> int:
    """The number of a pledge that is added; published ones are never deleted, so none had it."""
    return int(meeting.pledges.aggregate(last=Max("number"))["last"] or 0) + 1


def add_pledge(
    meeting: Meeting, *, changes: Mapping[str, Any], reason: str, by: User, expected: int | None = None, now: datetime
) -> Pledge:
    """Publish one more pledge of a published meeting; its history and the meeting's both say when and why it came.

    `changes` maps names among `record.CORRECTABLE` to values. Its clock of silence starts now, and the agency is told.
    Raises PermissionDenied, ValidationError and Stale, as `correcting.correct_meeting` does for the meeting.
    """
    check_refers_to(meeting, changes)
    if unknown := set(changes) - set(CORRECTABLE):
        raise ValueError(f"no field of a pledge: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        lock(meeting)
        check_may_correct(by, meeting, reason)
        if meeting.pledges.count() >= MOST_PARTS:
            raise ValidationError(_("There are too many of them at one meeting already."))
        pledge = _stored(meeting, changes)
        _say_at_the_meeting(pledge, reason=reason, by=by, expected=expected, now=now)
        publish_pledge(pledge, by=by, now=now, reason=reason)
        notices.added(pledge, now=now)
        return pledge


def _stored(meeting: Meeting, changes: Mapping[str, Any]) -> Pledge:
    single = {name: value for name, value in changes.items() if name not in SETS}
    pledge = Pledge(meeting=meeting, number=next_pledge_number(meeting), **single)
    if sentences := pledge_problems(pledge, meeting):
        raise ValidationError(sentences)
    pledge.full_clean(exclude=["meeting"])
    pledge.save()
    pledge.neighbourhoods.set(changes.get("neighbourhoods") or ())
    pledge.concerns.set(changes.get("concerns") or ())
    return pledge


def _say_at_the_meeting(pledge: Pledge, *, reason: str, by: User, expected: int | None, now: datetime) -> None:
    meeting = pledge.meeting
    assert meeting.stream is not None  # noqa: S101 - what is corrected was published
    append(
        meeting.stream,
        kind="corrected",
        speaker=speaker_of(meeting),
        day=local_day(now),
        fields={f"old_pledge_{pledge.number}": None, f"new_pledge_{pledge.number}": pledge.pk, "reason": reason},
        author=by,
        now=now,
        expected=expected,
    )
