"""A record and its pledges, published, corrected or withdrawn in one transaction (DESIGN section 4)."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from commitments import agenda, notices, record, reviewing
from commitments.models import Pledge
from commitments.speaking import check_text, refresh
from commitments.state import local_day
from ledger.history import append, open_stream
from ledger.models import Entry
from meetings import record as meeting_record
from meetings.drafts import DraftChanged
from meetings.models import Meeting
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
    pledges = list(meeting.pledges.all())
    if not pledges and not meeting.concerns.exists():
        found.append(Problem("pledges", _("Write down at least one pledge or one concern.")))
    for pledge in pledges:
        found += [Problem(f"pledge-{pledge.number}", each) for each in _pledge_problems(pledge, meeting)]
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


def _pledge_problems(pledge: Pledge, meeting: Meeting) -> list[str]:
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


def publish(meeting: Meeting, *, by: User | None, expected: int | None = None, now: datetime) -> list[Pledge]:
    """Publish the draft with all of its pledges, each with the first entry of its history.

    `by` is None when the site itself enters a record from a public source. Raises
    PermissionDenied, DraftChanged when the draft's version is not `expected`, and
    NotPublishable with every reason; then nothing was published.
    """
    with transaction.atomic():
        _lock(meeting)
        if by is not None and not may_publish_for_logging_organisation(by, meeting):
            raise PermissionDenied
        if not meeting.is_draft or (expected is not None and meeting.version != expected):
            raise DraftChanged(meeting)
        if found := problems(meeting, now=now):
            raise NotPublishable(found)
        _publish_meeting(meeting, by=by, now=now)
        pledges = [_publish_pledge(pledge, by=by, now=now) for pledge in meeting.pledges.all()]
        reviewing.append_outcomes(meeting, by=by, now=now)
        notices.addressed(meeting, pledges, now=now)
        return pledges


def _publish_meeting(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    meeting.stream = open_stream(f"meeting/{meeting.pk}")
    meeting.state = Meeting.State.PUBLISHED
    meeting.published_at = now
    meeting.save()
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


def _publish_pledge(pledge: Pledge, *, by: User | None, now: datetime) -> Pledge:
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
        fields=record.pledge_fields(pledge) | {"names": record.pledge_names(pledge)},
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


def correct_meeting(
    meeting: Meeting, *, changes: Mapping[str, Any], reason: str, by: User, expected: int | None = None, now: datetime
) -> Entry:
    """Change fields of a published meeting; the ledger keeps old value, new value and reason.

    `changes` maps names among `meetings.record.CORRECTABLE` to values. Raises PermissionDenied,
    ValidationError by field (also when nothing changes) and Stale.
    """
    with transaction.atomic():
        _lock(meeting)
        _check_may_correct(by, meeting, reason)
        if held_on := changes.get("held_on"):
            _check_date(meeting, held_on, now)
        before = meeting_fields(meeting)
        _apply(meeting, changes, meeting_record.CORRECTABLE)
        entry = _append_correction(
            meeting, before, meeting_fields(meeting), reason=reason, by=by, expected=expected, now=now
        )
        if "held_on" in changes:
            meeting.pledges.update(made_on=meeting.held_on)
        return entry


def _check_date(meeting: Meeting, held_on: date, now: datetime) -> None:
    if held_on > local_day(now):
        raise ValidationError({"held_on": _("The date of the meeting is in the future.")})
    if meeting.pledges.filter(due_on__lt=held_on).exists():
        raise ValidationError({"held_on": _("A pledge of this meeting is due before that day. Correct it first.")})


def correct_pledge(
    pledge: Pledge, *, changes: Mapping[str, Any], reason: str, by: User, expected: int | None = None, now: datetime
) -> Entry:
    """Change fields of a published pledge, as `correct_meeting`."""
    with transaction.atomic():
        _lock_pledge(pledge)
        _check_may_correct(by, pledge.meeting, reason)
        if pledge.is_withdrawn:
            raise PermissionDenied
        before, sealed = record.pledge_fields(pledge), record.restricted_fields(pledge)
        if changes.get("timing", pledge.timing) not in {pledge.timing, Pledge.Timing.RECURRING}:
            _drop_schedule(pledge)
        _apply(pledge, changes, record.CORRECTABLE)
        Pledge.objects.filter(pk=pledge.pk).update(folded=folded(pledge))
        entry = _append_correction(
            pledge,
            before,
            record.pledge_fields(pledge),
            reason=reason,
            by=by,
            expected=expected,
            now=now,
            sealed={**sealed, **record.restricted_fields(pledge)},
        )
        refresh(pledge)
        return entry


def _lock(meeting: Meeting) -> None:
    """Lock the meeting until the transaction ends, and read it anew.

    Locks are always taken in one order: a meeting, its pledges, their streams. The lock leaves foreign keys to
    the meeting alone, so that who answers one of its pledges does not wait for it.
    """
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    meeting.refresh_from_db()


def _lock_pledge(pledge: Pledge) -> None:
    """Lock the pledge after its meeting, and read it anew."""
    Meeting.objects.select_for_update(no_key=True).get(pk=pledge.meeting_id)
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    pledge.refresh_from_db()


def _drop_schedule(pledge: Pledge) -> None:
    """Only what recurs has days and hours."""
    pledge.rule, pledge.windows, pledge.pauses = "", [], []
    pledge.starts_on = pledge.ends_on = None


def _check_may_correct(by: User, meeting: Meeting, reason: str) -> None:
    if not by.has_perm("meetings.correct_meeting", meeting) or meeting.is_withdrawn:
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason: it is shown beside the change.")})
    check_text("reason", reason)


def _apply(subject: Meeting | Pledge, changes: Mapping[str, Any], correctable: tuple[str, ...]) -> None:
    unknown = set(changes) - set(correctable)
    if unknown:
        raise ValueError(f"not correctable: {', '.join(sorted(unknown))}")
    if "title" in changes and not str(changes["title"]).strip():
        raise ValidationError({"title": _("What is published has a title: correct it instead of taking it away.")})
    changed = {name for name, value in changes.items() if getattr(subject, name) != value}
    for name, value in changes.items():
        setattr(subject, name, value)
    _drop_translations(subject, changed)
    subject.clean_fields(exclude=[field.name for field in subject._meta.fields if field.name not in changes])
    subject.validate_constraints()  # all of them: most compare what changes with what stays
    subject.save()


def _drop_translations(subject: Meeting | Pledge, changed: Collection[str]) -> None:
    """A translation of what was corrected says what it said before: it goes, and the ledger keeps it as the old one."""
    left = {
        language: {name: text for name, text in texts.items() if name not in changed}
        for language, texts in subject.translations.items()
    }
    if left != subject.translations:
        subject.translations = {language: texts for language, texts in left.items() if texts}


def _append_correction(
    subject: Meeting | Pledge,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    reason: str,
    by: User,
    expected: int | None,
    now: datetime,
    sealed: Collection[str] = (),
) -> Entry:
    changed = [name for name in after if after[name] != before.get(name)]
    if not changed:
        raise ValidationError(_("Nothing has been changed."))
    meeting = subject if isinstance(subject, Meeting) else subject.meeting
    fields = {f"old_{name}": before[name] for name in changed} | {f"new_{name}": after[name] for name in changed}
    assert subject.stream is not None  # noqa: S101 - `correct_meeting` permits published ones only
    return append(
        subject.stream,
        kind="corrected",
        speaker=speaker_of(meeting),
        day=local_day(now),
        fields=fields | {"reason": reason},
        sealed={name: None for name in fields if name.split("_", 1)[1] in sealed},
        author=by,
        now=now,
        expected=expected,
    )


def withdraw_meeting(meeting: Meeting, *, reason: str, by: User, expected: int | None = None, now: datetime) -> Entry:
    """Take a published meeting and its pledges out of the count; they stay readable, with the reason."""
    with transaction.atomic():
        _lock(meeting)
        _check_may_correct(by, meeting, reason)
        entry = _append_withdrawal(meeting, meeting, reason=reason, by=by, expected=expected, now=now)
        meeting.state = Meeting.State.WITHDRAWN
        meeting.save(update_fields=["state"])
        for pledge in meeting.pledges.published().order_by("pk").select_for_update():
            _append_withdrawal(pledge, meeting, reason=reason, by=by, expected=None, now=now)
            refresh(pledge)
        return entry


def withdraw_pledge(pledge: Pledge, *, reason: str, by: User, expected: int | None = None, now: datetime) -> Entry:
    """Take one published pledge out of the count; it stays readable, with the reason."""
    with transaction.atomic():
        _lock_pledge(pledge)
        _check_may_correct(by, pledge.meeting, reason)
        if pledge.is_withdrawn:
            raise PermissionDenied
        entry = _append_withdrawal(pledge, pledge.meeting, reason=reason, by=by, expected=expected, now=now)
        refresh(pledge)
        return entry


def _append_withdrawal(
    subject: Meeting | Pledge, meeting: Meeting, *, reason: str, by: User, expected: int | None, now: datetime
) -> Entry:
    assert subject.stream is not None  # noqa: S101 - only what is published is withdrawn
    return append(
        subject.stream,
        kind="withdrawn",
        speaker=speaker_of(meeting),
        day=local_day(now),
        fields={"reason": reason},
        author=by,
        now=now,
        expected=expected,
    )
