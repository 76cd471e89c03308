"""What a later meeting states became of earlier pledges: entries that name that meeting (DESIGN section 3)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from commitments.models import AgendaItem, Pledge
from commitments.models.agenda import Outcome
from commitments.speaking import check_text, locked_state, say
from commitments.state import local_day
from ledger.canonical import normalise
from meetings import drafts
from meetings.drafts import DraftChanged
from meetings.models import Meeting, Participant


class Stated(NamedTuple):
    """What was stated of one pledge; without an outcome, nothing."""

    outcome: str = ""
    due_on: date | None = None
    remark: str = ""


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
    PermissionDenied, and DraftChanged when the meeting's version is not `expected`: somebody else was here.
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
    for item in meeting.agenda.filter(pk__in=stated, is_kept=True, pledge__isnull=False):
        said = stated[item.pk]
        if not said.outcome and not meeting.is_draft:
            continue  # what was published is not unsaid; another outcome corrects it
        item.outcome, item.due_on, item.remark = said
        item.save(update_fields=["outcome", "due_on", "remark"])


def append_outcomes(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    """Append to each pledge of the agenda what the published meeting stated of it, unless that is said already.

    Pledges are locked in the order of their keys. Of one that was withdrawn from the record nothing is said any more.
    """
    items = meeting.agenda.filter(is_kept=True).exclude(outcome="").select_related("pledge").order_by("pledge_id")
    for item in items:
        if item.pledge and by is not None and meeting.logged_by:
            _append(item, item.pledge, meeting, by=by, now=now)


def _append(item: AgendaItem, pledge: Pledge, meeting: Meeting, *, by: User, now: datetime) -> None:
    state = locked_state(pledge)
    last = state.reviews.get(meeting.pk)
    if pledge.is_withdrawn or meeting.logged_by is None:
        return
    due_on = item.due_on.isoformat() if item.due_on else ""
    fields = {"meeting": meeting.pk, "outcome": item.outcome, "text": item.remark}
    fields |= {"due_on": due_on} if due_on else {}
    agreed_with = _agency_there(pledge, meeting)
    fields |= {"agreed_with": agreed_with} if agreed_with else {}
    if last and (last.outcome, last.due_on, last.text) == (item.outcome, due_on, normalise(item.remark)):
        return
    say(
        pledge, state, "review", fields, by=by, organisation=meeting.logged_by,
        day=meeting.held_on or local_day(now), expected=None, now=now,
    )  # fmt: skip


def _agency_there(pledge: Pledge, meeting: Meeting) -> str:
    """The agency that answers for the pledge, or its parent, where it hosted the meeting or was there; else nothing."""
    there = {meeting.host_id} | set(
        meeting.participants.filter(attendance=Participant.Attendance.PRESENT).values_list("organisation", flat=True)
    )
    own = pledge.responsible
    if own is None or meeting.logged_by_id in {own.pk, own.parent_id}:
        return ""  # who keeps the minutes agrees with nobody but itself
    if own.pk in there:
        return own.slug
    return own.parent.slug if own.parent and own.parent_id in there else ""
