"""A record and its pledges, published in one transaction (DESIGN section 4)."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attachments.keeping import use_held
from commitments import agenda, notices, record, reviewing
from commitments.models import Pledge
from commitments.speaking import refresh
from commitments.state import local_day
from ledger.history import append, open_stream
from meetings.drafts import DraftChanged
from meetings.models import Meeting, Participant
from meetings.record import meeting_fields, meeting_names, slug_of
from meetings.rules import may_publish_for_logging_organisation

SITE = "site"


class Problem(NamedTuple):
    """What keeps a draft from being published: the part of the form where it is, and a sentence."""

    place: str
    sentence: str


class NotPublishable(Exception):
    """The draft is not ready; `problems` says each reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


def problems(meeting: Meeting, *, now: datetime) -> list[Problem]:
    """Everything that keeps the draft from being published, in the order of the form."""
    found = _meeting_problems(meeting, now)
    for participant in meeting.participants.filter(attendance=Participant.Attendance.UNSAID):
        sentence = _("Participant %(number)s: say whether they were present.") % {"number": participant.number}
        found.append(Problem(f"participant-{participant.number}", sentence))
    pledges = list(meeting.pledges.select_related("kind", "responsible"))
    states_something = meeting.agenda.filter(is_kept=True).exclude(outcome="").exists
    if not pledges and not meeting.concerns.exists() and not states_something():
        found.append(Problem("pledges", _("Write down at least one pledge or one concern.")))
    for pledge in pledges:
        found += [Problem(f"pledge-{pledge.number}", each) for each in pledge_problems(pledge, meeting)]
    return found


def _meeting_problems(meeting: Meeting, now: datetime) -> list[Problem]:
    found = []
    if not meeting.title:
        found.append(Problem("title", _("Give the meeting a subject.")))
    if meeting.held_on is None:
        found.append(Problem("held_on", _("Give the date of the meeting.")))
    elif meeting.lies_ahead(local_day(now)):
        sentence = _(
            "The date of the meeting is in the future. Correct it, or keep the meeting as a draft until it is held."
        )
        found.append(Problem("held_on", sentence))
    if meeting.host is None:
        found.append(Problem("host", _("Say which organisation hosted the meeting.")))
    if not meeting.neighbourhoods.exists():
        found.append(Problem("neighbourhoods", _("Choose at least one neighbourhood.")))
    return found


def pledge_problems(pledge: Pledge, meeting: Meeting) -> list[str]:
    """Everything that keeps one pledge from being published."""
    found = []
    if not pledge.title:
        found.append(_("Pledge %(number)s: write what was promised.") % {"number": pledge.number})
    if pledge.kind is None:
        found.append(_("Pledge %(number)s: choose its kind.") % {"number": pledge.number})
    if pledge.responsible is None:
        found.append(_("Pledge %(number)s: say which agency answers for it.") % {"number": pledge.number})
    if pledge.timing == Pledge.Timing.BY_DATE:
        if pledge.due_on is None:
            found.append(_("Pledge %(number)s: give its due date.") % {"number": pledge.number})
        elif meeting.held_on and pledge.due_on < meeting.held_on:
            found.append(_("Pledge %(number)s: its due date is before the meeting.") % {"number": pledge.number})
    return found


def publish(
    meeting: Meeting, *, by: User | None, expected: int | None = None, files: str | None = None, now: datetime
) -> list[Pledge]:
    """Publish the draft with all of its pledges and files, each pledge with the first entry of its history.

    `by` is None when the site itself enters a record from a public source. Raises
    PermissionDenied, DraftChanged when the draft's version is not `expected` or the stamp of its
    files not `files`, and NotPublishable with every reason; then nothing was published.
    """
    with transaction.atomic():
        lock(meeting)
        if by is not None and not may_publish_for_logging_organisation(by, meeting):
            raise PermissionDenied
        if not meeting.is_draft or (expected is not None and meeting.version != expected):
            raise DraftChanged(meeting)
        if files is not None and files != meeting.files.stamp():
            raise DraftChanged(meeting)
        if found := problems(meeting, now=now):
            raise NotPublishable(found)
        _publish_meeting(meeting, by=by, now=now)
        told = meeting.pledges.select_related("kind", "responsible")
        pledges = [publish_pledge(pledge, by=by, now=now) for pledge in told]
        reviewing.append_outcomes(meeting, by=by, now=now)
        notices.addressed(meeting, pledges, now=now)
        return pledges


def _publish_meeting(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    meeting.stream = open_stream(f"meeting/{meeting.pk}")
    meeting.state = Meeting.State.PUBLISHED
    meeting.published_at = now
    meeting.save()
    if meeting.logged_by_id:
        use_held([each.attachment for each in meeting.files.all()], organisation_id=meeting.logged_by_id)
    fields = meeting_fields(meeting) | agenda.fields_of(meeting) | {"names": meeting_names(meeting)}
    assert meeting.held_on is not None  # noqa: S101 - `problems` has asked for it
    append(
        meeting.stream,
        kind="published",
        speaker=speaker_of(meeting),
        day=meeting.held_on,
        fields=fields,
        author=by,
        now=now,
    )


def publish_pledge(pledge: Pledge, *, by: User | None, now: datetime, reason: str = "") -> Pledge:
    """Publish a pledge of a published meeting; `reason` says why one comes after its meeting."""
    meeting = pledge.meeting
    assert meeting.held_on is not None  # noqa: S101 - `problems` has asked for it
    if not pledge.neighbourhoods.exists():
        pledge.neighbourhoods.set(meeting.neighbourhoods.all())
    pledge.stream = open_stream(f"pledge/{pledge.pk}")
    pledge.state = Meeting.State.PUBLISHED
    pledge.made_on = meeting.held_on
    pledge.folded = folded(pledge)
    pledge.save()
    append(
        pledge.stream,
        kind="recorded",
        speaker=speaker_of(meeting),
        day=meeting.held_on,
        fields=record.pledge_fields(pledge)
        | {"names": record.pledge_names(pledge)}
        | ({"reason": reason} if reason else {}),
        sealed=record.restricted_fields(pledge),
        author=by,
        now=now,
    )
    refresh(pledge)
    return pledge


def speaker_of(meeting: Meeting) -> str:
    """Whose record it is: the organisation that logged it, or the site."""
    return slug_of(meeting.logged_by) or SITE


def folded(pledge: Pledge) -> str:
    """What search looks through: the pledge's texts that are public, its agency, kind and neighbourhoods."""
    named = [each.folded for each in (pledge.responsible, pledge.kind, *pledge.neighbourhoods.all()) if each]
    texts = (
        ("title", "details", "beneficiaries")
        if pledge.is_place_restricted
        else ("title", "details", "place", "beneficiaries")
    )
    return " ".join([pledge.folded_texts(*texts), *named])


def lock(meeting: Meeting) -> None:
    """Lock the meeting until the transaction ends, and read it anew.

    Locks are always taken in one order: a meeting, its pledges, their streams. The lock leaves foreign keys to
    the meeting alone, so that who answers one of its pledges does not wait for it.
    """
    meeting.refresh_from_db(from_queryset=Meeting.objects.select_for_update(no_key=True))
