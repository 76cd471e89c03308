"""What a later meeting states became of earlier pledges: entries that name that meeting (DESIGN section 3)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from commitments.models import AgendaItem, Pledge
from commitments.models.agenda import Outcome
from commitments.speaking import check_text, locked_state, say
from commitments.state import local_day
from ledger.canonical import normalise
from meetings import drafts
from meetings.drafts import DraftChanged
from meetings.models import Meeting, Organisation, Participant


class Stated(NamedTuple):
    """What was stated of one pledge, and who of the other side stated it too, if any; without an outcome, nothing."""

    outcome: str = ""
    due_on: date | None = None
    remark: str = ""
    together_with: Organisation | None = None


def check(stated: Stated, meeting: Meeting) -> None:
    """Refuse, field by field, what cannot be stated."""
    check_text("remark", stated.remark)
    if stated.outcome and stated.outcome not in Outcome.values:
        raise ValidationError({"outcome": _("Choose what was stated.")})
    if not stated.outcome and (stated.remark or stated.due_on):
        raise ValidationError({"outcome": _("Choose what was stated.")})
    if stated.due_on and stated.outcome != Outcome.STILL_TO_DO:
        raise ValidationError({"due_on": _("A new date is for what is still to be done.")})
    if stated.due_on and meeting.held_on and stated.due_on < meeting.held_on:
        raise ValidationError({"due_on": _("This date is before the meeting.")})


def note(meeting: Meeting, stated: Mapping[int, Stated], *, by: User, expected: int, now: datetime) -> None:
    """Keep what was stated of the pledges of the agenda, by the keys of their items.

    Of a draft nobody else sees it, and publishing appends it; of a published meeting it is appended at once. Raises
    PermissionDenied, and DraftChanged when the meeting's version is not `expected`, or when who is said to have stated
    something together with the association can no longer have done so: somebody else was here.
    """
    for each in stated.values():
        check(each, meeting)
    if meeting.is_draft:
        with drafts.saving(meeting, by=by, expected=expected):
            meeting.save()
            _keep(meeting, stated)
        return
    with transaction.atomic():
        stored = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        if not by.has_perm("meetings.correct_meeting", stored) or stored.is_withdrawn:
            raise PermissionDenied
        if stored.version != expected:
            raise DraftChanged(stored)
        Meeting.objects.filter(pk=stored.pk).update(version=expected + 1)
        _keep(stored, stated)
        append_outcomes(stored, by=by, now=now)


def _keep(meeting: Meeting, stated: Mapping[int, Stated]) -> None:
    present = present_at(meeting)
    known = meeting.agenda.select_related("pledge__responsible__parent", "agreed_with")
    for item in known.filter(pk__in=stated, is_kept=True, pledge__isnull=False):
        said = stated[item.pk]
        if not said.outcome and not meeting.is_draft:
            continue  # what was published is not unsaid; another outcome corrects it
        side = other_side(item, meeting, present)
        is_stated = said.outcome not in {"", Outcome.NOT_DISCUSSED}
        if is_stated and said.together_with not in {None, side}:
            raise DraftChanged(meeting)
        item.outcome, item.due_on, item.remark = said.outcome, said.due_on, said.remark
        item.agreed_with = said.together_with if is_stated else None
        item.save(update_fields=["outcome", "due_on", "remark", "agreed_with"])


def append_outcomes(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    """Append to each pledge of the agenda what the published meeting stated of it, unless that is said already.

    Pledges are locked in the order of their keys. Of one that was withdrawn from the record nothing is said any more.
    """
    known = meeting.agenda.select_related("pledge", "agreed_with")
    items = list(known.filter(is_kept=True).exclude(outcome="").order_by("pledge_id"))
    present = present_at(meeting) if items else set()
    for item in items:
        if item.pledge and by is not None and meeting.logged_by:
            _append(item, item.pledge, meeting, present, by=by, now=now)


def _append(
    item: AgendaItem, pledge: Pledge, meeting: Meeting, present: Collection[int], *, by: User, now: datetime
) -> None:
    state = locked_state(pledge)
    last = state.reviews.get(meeting.pk)
    if pledge.is_withdrawn or meeting.logged_by is None:
        return
    due_on = item.due_on.isoformat() if item.due_on else ""
    side = agreed_with(item, present)
    fields = {"meeting": meeting.pk, "outcome": item.outcome, "text": item.remark}
    fields |= {"due_on": due_on} if due_on else {}
    fields |= {"agreed_with": side.slug} if side else {}
    if (
        last
        and (last.outcome, last.due_on, last.text) == (item.outcome, due_on, normalise(item.remark))
        and (item.outcome == Outcome.NOT_DISCUSSED or last.agreed_with == fields.get("agreed_with", ""))
    ):
        return
    say(
        pledge, state, "review", fields, by=by, organisation=meeting.logged_by,
        day=meeting.held_on or local_day(now), expected=None, now=now,
    )  # fmt: skip


def present_at(meeting: Meeting) -> set[int]:
    """The keys of the organisations of which somebody is listed as present; to host a meeting is no presence."""
    there = meeting.participants.filter(attendance=Participant.Attendance.PRESENT, organisation__isnull=False)
    return {int(pk) for pk in there.values_list("organisation", flat=True) if pk}


def other_side(item: AgendaItem, meeting: Meeting, present: Collection[int]) -> Organisation | None:
    """With whom the association may say that it stated something of a pledge, or nobody.

    Who is said to have stated it already, else the agency that answers for it, else its parent: the first of which
    somebody was present. Who keeps the minutes agrees with nobody but itself.
    """
    own = item.pledge.responsible if item.pledge else None
    if own is None or meeting.logged_by_id in {own.pk, own.parent_id}:
        return None
    return next((each for each in (item.agreed_with, own, own.parent) if each and each.pk in present), None)


def agreed_with(item: AgendaItem, present: Collection[int]) -> Organisation | None:
    """The other side, where it was chosen and is still listed as present: what publishing will say."""
    return item.agreed_with if item.agreed_with_id in present else None


def unlisted(said: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of meetings (keys) and agencies (public ids) those where nobody of it is listed as present; one query or none."""
    asked = set(said)
    there = Participant.objects.filter(attendance=Participant.Attendance.PRESENT, organisation__isnull=False)
    there = there.filter(meeting__in={meeting for meeting, _slug in asked})
    return asked - set(there.values_list("meeting", "organisation__slug")) if asked else set()


def attribution(outcome: str, *, is_agreed: bool) -> str:
    """Who stated it, in words; "" of what was not discussed, which is nobody's statement."""
    if outcome == Outcome.NOT_DISCUSSED:
        return ""
    return _("the two sides together") if is_agreed else _("the association alone")


def in_words(outcome: str, day: date, *, is_agreed: bool) -> str:
    """What the minutes of a meeting say: both sides together, the association alone, or nobody anything."""
    if outcome == Outcome.NOT_DISCUSSED:
        return _("Not discussed at the meeting of %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    told = {"outcome": str(Outcome(outcome).label)}
    if is_agreed:
        return _("The two sides stated at a meeting: %(outcome)s") % told
    return _("The association alone stated at a meeting: %(outcome)s") % told
