"""What is published, corrected or withdrawn: old, new and reason stay readable for good (DESIGN section 4)."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from attachments.keeping import use
from commitments import notices, record
from commitments.models import Pledge
from commitments.publishing import folded, lock, speaker_of
from commitments.speaking import check_text, refresh
from commitments.state import PledgeState, local_day, words_changed
from ledger.history import append
from ledger.models import Entry
from mail.writing import isolated
from meetings import record as meeting_record
from meetings.files import MAX_FILES
from meetings.models import Concern, Meeting, MeetingFile, Organisation, Participant
from meetings.record import PARTS, meeting_fields, meeting_names

# After one of these the agency has spoken: who answers changes by its own word alone.
ANSWERS = ("status", "wording", "occurrence", "handover")
MOST_PARTS = 60  # of each sort at one meeting, as in a draft


def correct_meeting(
    meeting: Meeting, *, changes: Mapping[str, Any], reason: str, by: User, expected: int | None = None, now: datetime
) -> Entry:
    """Change fields of a published meeting; the ledger keeps old value, new value and reason.

    `changes` maps names among `meetings.record.CORRECTABLE` to values. Raises PermissionDenied,
    ValidationError by field (also when nothing changes) and Stale.
    """
    with transaction.atomic():
        lock(meeting)
        check_may_correct(by, meeting, reason)
        if held_on := changes.get("held_on"):
            _check_date(meeting, held_on, now)
        if "host" in changes and changes["host"] is None:
            raise ValidationError({"host": _("Say which organisation hosted the meeting.")})
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


def correct_part(
    meeting: Meeting,
    part: str,
    number: int | None,
    *,
    changes: Mapping[str, Any] | None,
    reason: str,
    by: User,
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Change a participant, concern or source of a published meeting; raises as `correct_meeting`.

    Without a `number` one that was forgotten is added, with a number that none ever had; without `changes` the one
    of this number is taken away, and its number stays unused.
    """
    with transaction.atomic():
        lock(meeting)
        check_may_correct(by, meeting, reason)
        before = meeting_fields(meeting)
        row = _part(meeting, part, number)
        if changes is None:
            _take_away(row)
        else:
            _write_part(row, changes)
        after = meeting_fields(meeting)
        return _append_correction(meeting, before, after, reason=reason, by=by, expected=expected, now=now)


def _part(meeting: Meeting, part: str, number: int | None) -> Any:
    """The row of this number, or a new one."""
    if number is None:
        if getattr(meeting, f"{part}s").count() >= MOST_PARTS:
            raise ValidationError(_("There are too many of them at one meeting already."))
        return PARTS[part](meeting=meeting, number=next_number(meeting, part))
    row = getattr(meeting, f"{part}s").filter(number=number, is_redacted=False).first()
    if row is None:
        raise ValidationError(_("Somebody has taken it out of the record meanwhile."))
    return row


def next_number(meeting: Meeting, part: str) -> int:
    """The number of one that is added: after all that the ledger has ever given, also to what was taken away since."""
    assert meeting.stream is not None  # noqa: S101 - `check_may_correct` permits published ones only
    named = re.compile(rf"(?:old_|new_)?{part}_(\d+)")
    said = (name for entry in meeting.stream.entries.all() for name in (*entry.fields, *entry.redacted))
    return max((int(found[1]) for name in said if (found := named.fullmatch(name))), default=0) + 1


def correct_file(
    meeting: Meeting,
    number: int | None,
    *,
    changes: Mapping[str, Any],
    reason: str,
    by: User,
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Change the caption of a file of a published meeting; without a `number` add an `attachment` of `by`'s.

    Nothing takes a file out of the record: a moderator may withhold it. Raises as `correct_meeting`.
    """
    with transaction.atomic():
        lock(meeting)
        check_may_correct(by, meeting, reason)
        before = meeting_fields(meeting)
        if number is None:
            if meeting.files.count() >= MAX_FILES:
                raise ValidationError(_("There are too many of them at one meeting already."))
            use([changes["attachment"]], by=by)
            changes["attachment"].refresh_from_db()
            row = MeetingFile(meeting=meeting, number=next_number(meeting, "file"), attachment=changes["attachment"])
        else:
            row = meeting.files.get(number=number)
        row.caption = changes["caption"]
        row.clean_fields(exclude=["meeting", "attachment"])
        row.save()
        after = meeting_fields(meeting)
        return _append_correction(meeting, before, after, reason=reason, by=by, expected=expected, now=now)


def needed_by(row: Any) -> list[Pledge]:
    """The pledges that would lose what they say without this participant or concern, the withdrawn ones among them."""
    return list(row.pledges.all()) if isinstance(row, Participant | Concern) else []


def why_needed(row: Participant | Concern, pledge: Pledge) -> str:
    """Why this one cannot be taken out of the record as long as a pledge refers to it."""
    about = {"number": pledge.number, "title": isolated(pledge.title)}
    if pledge.is_withdrawn:
        sentence = _("Pledge %(number)s refers to it: %(title)s. It was withdrawn, and stays readable as it was.")
    elif isinstance(row, Participant):
        sentence = _("Pledge %(number)s was said by this participant: %(title)s. Correct the pledge first.")
    else:
        sentence = _("Pledge %(number)s answers this concern: %(title)s. Correct the pledge first.")
    return sentence % about


def _take_away(row: Any) -> None:
    """A pledge that refers to it would lose what it says: that is corrected first."""
    if needing := needed_by(row):
        raise ValidationError([why_needed(row, pledge) for pledge in needing])
    row.delete()


def _write_part(row: Any, changes: Mapping[str, Any]) -> None:
    changed = {name for name, value in changes.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, changes[name])
    if hasattr(row, "translations"):
        row.translations = translations_left(row, changed)
    row.clean_fields(exclude=["meeting"])
    row.validate_constraints()
    row.save()


def correct_pledge(
    pledge: Pledge, *, changes: Mapping[str, Any], reason: str, by: User, expected: int | None = None, now: datetime
) -> Entry:
    """Change fields of a published pledge, as `correct_meeting`; a wrong and a right agency are both told."""
    with transaction.atomic():
        _lock_pledge(pledge)
        check_may_correct(by, pledge.meeting, reason)
        if pledge.is_withdrawn:
            raise PermissionDenied
        _check_pledge(pledge, changes)
        before, sealed, answering = record.pledge_fields(pledge), record.restricted_fields(pledge), pledge.responsible
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
        if answering and answering != pledge.responsible:
            notices.readdressed(pledge, was=answering, number=entry.number, now=now)
        elif words_changed(entry):
            notices.reworded(pledge, number=entry.number, now=now)
        return entry


def _check_pledge(pledge: Pledge, changes: Mapping[str, Any]) -> None:
    """What a correction of a pledge cannot do, beside its fields."""
    if "responsible" in changes and changes["responsible"] != pledge.responsible:
        _check_agency(pledge, changes["responsible"])
    for name in ("is_place_restricted", "is_time_restricted"):
        if getattr(pledge, name) and changes.get(name, True) is False:
            raise ValidationError(
                {name: _("What was kept from the public when it was published stays so: the history holds it sealed.")}
            )
    check_refers_to(pledge.meeting, changes)


def check_refers_to(meeting: Meeting, changes: Mapping[str, Any]) -> None:
    """Raise ValueError where a pledge of the meeting would refer to a part of another one."""
    referred = [changes.get("said_by"), *(changes.get("concerns") or ())]
    if any(each.meeting_id != meeting.pk for each in referred if each):
        raise ValueError("what a pledge refers to belongs to its own meeting")


def _check_agency(pledge: Pledge, responsible: Organisation | None) -> None:
    assert pledge.stream is not None  # noqa: S101 - what is corrected was published
    if responsible is None:
        raise ValidationError({"responsible": _("Say which agency answers for it.")})
    if pledge.stream.entries.filter(kind__in=ANSWERS).exists():
        sentence = _(
            "The agency has answered for it. If it is another one’s, the agency itself hands it over, from its desk."
        )
        raise ValidationError({"responsible": sentence})


def _lock_pledge(pledge: Pledge) -> None:
    """Lock the pledge after its meeting, and read it anew."""
    Meeting.objects.select_for_update(no_key=True).get(pk=pledge.meeting_id)
    pledge.refresh_from_db(from_queryset=Pledge.objects.select_for_update())


def _drop_schedule(pledge: Pledge) -> None:
    """Only what recurs has days and hours."""
    pledge.rule, pledge.windows, pledge.pauses = "", [], []
    pledge.starts_on = pledge.ends_on = None


def check_may_correct(by: User, meeting: Meeting, reason: str) -> None:
    """Raise PermissionDenied, or ValidationError where the reason is missing or cannot be shown."""
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
    if "neighbourhoods" in changes and not changes["neighbourhoods"]:
        raise ValidationError({"neighbourhoods": _("Choose at least one neighbourhood.")})
    sets = {field.name for field in subject._meta.many_to_many} & set(changes)
    single = {name: value for name, value in changes.items() if name not in sets}
    changed = {name for name, value in single.items() if getattr(subject, name) != value}
    for name, value in single.items():
        setattr(subject, name, value)
    subject.translations = translations_left(subject, changed)
    subject.clean_fields(exclude=[field.name for field in subject._meta.fields if field.name not in single])
    subject.validate_constraints()  # all of them: most compare what changes with what stays
    subject.save()
    for name in sets:
        getattr(subject, name).set(changes[name])


def translations_left(subject: Any, changed: Collection[str]) -> dict[str, Any]:
    """Its translations without those of what is corrected, which say what it said before: the ledger keeps them."""
    left = {
        language: {name: text for name, text in texts.items() if name not in changed}
        for language, texts in subject.translations.items()
    }
    if left == subject.translations:
        return left
    return {language: texts for language, texts in left.items() if texts}


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
    changed = [name for name in {**before, **after} if after.get(name) != before.get(name)]
    if not changed:
        raise ValidationError(_("Nothing has been changed."))
    meeting = subject if isinstance(subject, Meeting) else subject.meeting
    old, new = (
        {f"{age}_{name}": each.get(name) for name in changed} for age, each in (("old", before), ("new", after))
    )
    fields = {**old, **new, "reason": reason}
    if names := _names(subject, (after.get(name) for name in changed)):
        fields["names"] = names
    assert subject.stream is not None  # noqa: S101 - `correct_meeting` permits published ones only
    return append(
        subject.stream,
        kind="corrected",
        speaker=speaker_of(meeting),
        day=local_day(now),
        fields=fields,
        sealed={name: None for name in (*old, *new) if name.split("_", 1)[1] in sealed},
        author=by,
        now=now,
        expected=expected,
    )


def _names(subject: Meeting | Pledge, said: Iterable[Any]) -> dict[str, Any]:
    """The names, on this day, of what the new values name by its public id."""
    slugs = {
        each for value in said for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)
    }
    known = meeting_names(subject) if isinstance(subject, Meeting) else record.pledge_names(subject)
    return {slug: names for slug, names in known.items() if slug in slugs}


def withdraw_meeting(meeting: Meeting, *, reason: str, by: User, expected: int | None = None, now: datetime) -> Entry:
    """Take a published meeting and its pledges out of the count; they stay readable, with the reason."""
    with transaction.atomic():
        lock(meeting)
        check_may_correct(by, meeting, reason)
        entry = _append_withdrawal(meeting, meeting, reason=reason, by=by, expected=expected, now=now)
        meeting.state = Meeting.State.WITHDRAWN
        meeting.save(update_fields=["state"])
        pledges = list(meeting.pledges.published().order_by("pk").select_for_update())
        for pledge in pledges:
            _append_withdrawal(pledge, meeting, reason=reason, by=by, expected=None, now=now)
        concerned = [each for pledge in pledges for each in _concerned(pledge, refresh(pledge))]
        notices.withdrawn(concerned, now=now)
        return entry


def withdraw_pledge(pledge: Pledge, *, reason: str, by: User, expected: int | None = None, now: datetime) -> Entry:
    """Take one published pledge out of the count; it stays readable, with the reason."""
    with transaction.atomic():
        _lock_pledge(pledge)
        check_may_correct(by, pledge.meeting, reason)
        if pledge.is_withdrawn:
            raise PermissionDenied
        entry = _append_withdrawal(pledge, pledge.meeting, reason=reason, by=by, expected=expected, now=now)
        notices.withdrawn(_concerned(pledge, refresh(pledge)), now=now)
        return entry


def _concerned(pledge: Pledge, state: PledgeState) -> list[tuple[Organisation | None, Pledge]]:
    """Who answers for a pledge, and who looked at it: but for those who logged it."""
    looked = Organisation.objects.filter(slug__in=state.assessments) if state.assessments else ()
    found = {pledge.responsible, *looked}
    return [(each, pledge) for each in found if each and each.pk != pledge.meeting.logged_by_id]


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
