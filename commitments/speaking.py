"""What can be said about a published pledge: one function for each thing, each ending in `ledger.append`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import organisation_ids
from attachments.keeping import use
from attachments.models import Attachment
from commitments import notices
from commitments.models import Pledge
from commitments.rules import agency_voices, is_public, may_assess
from commitments.state import LADDER, PledgeState, fold, local_day
from commitments.workdays import add_working_days
from ledger.history import append
from ledger.models import Entry
from meetings.models import Meeting, Organisation
from meetings.text import TEXT_LIMIT, validate_text

Status = Pledge.Status
Wording = Pledge.Wording
Verdict = Pledge.Assessment
NEEDS_REASON = (Status.KEPT, Status.PARTLY_KEPT, Status.NOT_KEPT, Status.WITHDRAWN)

CACHED = (
    "responsible",
    "handover",
    "offered_to",
    "promised_by",
    "state",
    "last_number",
    "status",
    "wording",
    "reworded_on",
    "assessment",
    "standing",
    "heard_on",
    "clock_from",
    "silent_on",
    "long_silent_on",
    "holds_until",
    "is_vague",
)


def answer(
    pledge: Pledge,
    *,
    status: Status,
    by: User,
    organisation: Organisation,
    text: str = "",
    evidence: Sequence[Attachment] = (),
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append the agency's word on progress.

    The last word (kept, partly kept, not kept, withdrawn), a step back and a word that was
    said before need a text or evidence: what shows it, or why. Raises ValidationError with a sentence for
    the field, PermissionDenied when `by` may not speak for `organisation` on this pledge,
    Stale (with the entries missed) when `expected` is not the last number.
    """
    with transaction.atomic():
        state = agency_speaks(pledge, by=by, organisation=organisation)
        _check_status(state, status, has_reason=bool(text.strip() or evidence))
        return say(
            pledge, state, "status", {"status": status, "text": text} | shown_by(evidence, by), by=by,
            organisation=organisation, day=local_day(now), expected=expected, now=now,
        )  # fmt: skip


def _check_status(state: PledgeState, status: Status, *, has_reason: bool) -> None:
    if status == Status.NO_ANSWER:
        raise ValidationError({"status": _("Choose what you answer.")})
    if has_reason:
        return
    if status in NEEDS_REASON:
        raise ValidationError({"text": _("Say what shows it, or why: residents will read it beside your answer.")})
    if state.status != Status.NO_ANSWER and _rank(status) >= _rank(state.status):
        raise ValidationError({"text": _("Say what is new, or why you go back to this.")})


def shown_by(evidence: Sequence[Attachment], by: User) -> dict[str, Any]:
    """The field of an entry that names its files; none where there are none, as in entries before there were any."""
    return {"evidence": use(evidence, by=by)} if evidence else {}


def _rank(status: Status) -> int:
    """How far from kept, by the ladder of standings; a status repeated or lower needs a reason."""
    return -1 if status == Status.KEPT else LADDER.index(Pledge.Standing(status))


def reply_to_wording(
    pledge: Pledge,
    *,
    wording: Wording,
    by: User,
    organisation: Organisation,
    text: str = "",
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append the agency's word on whether this is what was said; its right of reply. Raises as `answer`."""
    with transaction.atomic():
        state = agency_speaks(pledge, by=by, organisation=organisation)
        if pledge.promised_by is not None:
            raise ValidationError(_("Another agency promised it: that one alone can say whether this was said."))
        if wording == Wording.NOT_ANSWERED:
            raise ValidationError({"wording": _("Choose what you answer.")})
        if wording == Wording.AGREED_WITH_REMARK and not text.strip():
            raise ValidationError({"text": _("Write your remark.")})
        if wording == Wording.NOT_SAID and not text.strip():
            raise ValidationError({"text": _("Write what was said instead.")})
        return say(
            pledge, state, "wording", {"wording": wording, "text": text}, by=by, organisation=organisation,
            day=local_day(now), expected=expected, now=now,
        )  # fmt: skip


def assess(  # noqa: PLR0913 - one keyword for each part of what is said
    pledge: Pledge,
    *,
    verdict: Verdict,
    by: User,
    organisation: Organisation,
    day: date,
    text: str = "",
    evidence: Sequence[Attachment] = (),
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append what an association found when it looked, on `day`. A dispute says what it found. Raises as `answer`."""
    with transaction.atomic():
        state = association_speaks(pledge, by=by, organisation=organisation)
        check_verdict(verdict, text)
        check_day(pledge, day, now)
        entry = say(
            pledge, state, "assessment", {"verdict": verdict, "text": text} | shown_by(evidence, by), by=by,
            organisation=organisation, day=day, expected=expected, now=now,
        )  # fmt: skip
        if verdict == Verdict.DISPUTED:
            notices.disputed(pledge, number=entry.number, by=organisation, now=now)
        return entry


def check_verdict(verdict: Verdict, text: str) -> None:
    """Refuse no verdict at all, and a dispute that does not say what was found."""
    if verdict == Verdict.NOT_CHECKED:
        raise ValidationError({"verdict": _("Choose what you found.")})
    if verdict == Verdict.DISPUTED and not text.strip():
        raise ValidationError({"text": _("Say what you found: the agency and residents will read it.")})


def check_day(pledge: Pledge, day: date, now: datetime) -> None:
    """Refuse a day that has not come, or that lies before the promise."""
    if day > local_day(now):
        raise ValidationError({"day": _("This day has not come yet.")})
    if pledge.made_on and day < pledge.made_on:
        raise ValidationError({"day": _("This day is before the meeting at which it was promised.")})


def agency_speaks(pledge: Pledge, *, by: User, organisation: Organisation) -> PledgeState:
    """The pledge's state under lock, once it is sure that `by` may answer for it as `organisation`."""
    state = locked_state(pledge)
    if not is_public(by, pledge) or not agency_voices(by, pledge).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    return state


def association_speaks(pledge: Pledge, *, by: User, organisation: Organisation) -> PledgeState:
    """As `agency_speaks`, for an association that says what it found."""
    state = locked_state(pledge)
    is_member = organisation.pk in organisation_ids(by)
    if not (is_public(by, pledge) and is_member and may_assess(organisation, pledge)):
        raise PermissionDenied
    return state


def locked_state(pledge: Pledge) -> PledgeState:
    """Lock the pledge until the transaction ends, read it anew, and fold its history."""
    pledge.refresh_from_db(from_queryset=Pledge.objects.select_for_update())
    return fold(history(pledge))


def history(pledge: Pledge) -> Iterable[Entry]:
    """The pledge's entries in order; none while it is a draft."""
    return pledge.stream.entries.all() if pledge.stream else ()


def say(  # noqa: PLR0913 - one keyword for each part of what is said
    pledge: Pledge,
    state: PledgeState,
    kind: str,
    fields: Mapping[str, Any],
    *,
    by: User,
    organisation: Organisation,
    day: date,
    expected: int | None,
    now: datetime,
) -> Entry:
    """Append what was said of a pledge that is locked and in `state`, and store where that brings it.

    Raises Stale, and ValidationError.
    """
    check_text("text", fields["text"])
    assert pledge.stream is not None  # noqa: S101 - `is_public` has just held
    hides_hours = pledge.is_time_restricted and "window" in fields
    entry = append(
        pledge.stream,
        kind=kind,
        speaker=organisation.slug,
        day=day,
        fields=fields,
        author=by,
        now=now,
        expected=expected,
        sealed={"window": None} if hides_hours else None,
    )
    _store(pledge, fold([entry], state))
    return entry


def check_text(name: str, text: str) -> None:
    """Refuse, at the field `name`, a text that is too long or holds what cannot be shown as it is stored."""
    if len(text) > TEXT_LIMIT:
        raise ValidationError(
            {name: _("This text is too long: keep it under %(limit)s characters.") % {"limit": TEXT_LIMIT}}
        )
    try:
        validate_text(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def refresh(pledge: Pledge) -> PledgeState:
    """Fold the pledge's history and store what it adds up to."""
    state = fold(history(pledge))
    _store(pledge, state)
    return state


def _store(pledge: Pledge, state: PledgeState) -> None:
    for name, value in cached_columns(pledge, state).items():
        setattr(pledge, name, value)
    pledge.save(update_fields=CACHED)


def cached_columns(pledge: Pledge, state: PledgeState) -> dict[str, Any]:
    """What the columns under "state" must hold, by their names."""
    clock_from = state.heard_on or state.addressed_on
    is_withdrawn = state.is_withdrawn_from_record or pledge.meeting.is_withdrawn
    return {
        "responsible": _organisation(pledge.responsible, str(state.text["responsible"])),
        "handover": state.handover,
        "offered_to": _organisation(pledge.offered_to, state.offered.to if state.offered else ""),
        "promised_by": _organisation(pledge.promised_by, state.promised_by),
        "state": Meeting.State.WITHDRAWN if is_withdrawn else Meeting.State.PUBLISHED,
        "last_number": state.last_number,
        "status": state.status,
        "wording": state.wording,
        "reworded_on": state.reworded.recorded_on if state.reworded else None,
        "assessment": state.assessment,
        "standing": state.standing,
        "heard_on": state.heard_on,
        "clock_from": clock_from,
        "silent_on": _working_days_after(clock_from, settings.SILENT_AFTER_WORKING_DAYS),
        "long_silent_on": _working_days_after(clock_from, settings.LONG_SILENT_AFTER_WORKING_DAYS),
        "holds_until": state.holds_until(days=settings.HOLDING_DAYS) if pledge.is_never_finished else None,
        "is_vague": pledge.timing == Pledge.Timing.NOT_STATED and not pledge.sign,
    }


def _organisation(held: Organisation | None, slug: str) -> Organisation | None:
    """The organisation of this public id; no query where it is the one that is held."""
    if held and held.slug == slug:
        return held
    return Organisation.objects.get(slug=slug) if slug else None


def _working_days_after(day: date | None, count: int) -> date | None:
    return add_working_days(day, count) if day else None
