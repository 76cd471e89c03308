"""What a later meeting states became of earlier pledges: entries that name that meeting (DESIGN section 3)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from commitments import notices
from commitments.models import AgendaItem, Pledge
from commitments.models.agenda import Outcome
from commitments.speaking import check_text, locked_state, say
from commitments.state import Reviewed, local_day
from ledger.canonical import normalise
from ledger.models import Entry
from meetings import drafts
from meetings.drafts import DraftChanged
from meetings.models import Meeting, Organisation, Participant


class Voice(Enum):
    """Who stated something at a meeting, as the association's minutes say."""

    ASSOCIATION = "association"
    BOTH = "both"
    AGENCY = "agency"


class Stated(NamedTuple):
    """What was stated of one pledge, by whom, and which organisation is the other side; without an outcome, nothing.

    Without another side the association stated it alone.
    """

    outcome: str = ""
    due_on: date | None = None
    remark: str = ""
    side: Organisation | None = None
    is_theirs_alone: bool = False


def check(stated: Stated, meeting: Meeting, *, published: str = "") -> None:
    """Refuse, field by field, what cannot be stated; what was `published` is changed, and never unsaid."""
    check_text("remark", stated.remark)
    if published and not stated.outcome:
        raise ValidationError({"outcome": _("What was published is not unsaid: choose what was stated instead.")})
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
    something can no longer have done so: somebody else was here.
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
        if is_stated and said.side not in {None, side}:
            raise DraftChanged(meeting)
        item.outcome, item.due_on, item.remark = said.outcome, said.due_on, said.remark
        item.agreed_with = said.side if is_stated else None
        item.is_theirs_alone = said.is_theirs_alone and item.agreed_with is not None
        item.save(update_fields=["outcome", "due_on", "remark", "agreed_with", "is_theirs_alone"])


def append_outcomes(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    """Append to each pledge of the agenda what the published meeting stated of it, unless that is said already.

    Pledges are locked in the order of their keys. Of one that was withdrawn from the record nothing is said any more.
    Who answers for them is written to, and so is who is said to have stated it.
    """
    known = meeting.agenda.select_related("pledge", "agreed_with")
    items = list(known.filter(is_kept=True).exclude(outcome="").order_by("pledge_id"))
    present = present_at(meeting) if items else set()
    told = []
    for item in items:
        if item.pledge and by is not None and meeting.logged_by:
            entry = _append(item, item.pledge, meeting, present, by=by, now=now)
            if entry and item.outcome != Outcome.NOT_DISCUSSED:
                agency = other_voice(item, present)
                told.append(notices.Statement(item.pledge, entry.number, _told(item, present), agency))
    notices.stated(meeting, told, now=now)


def _told(item: AgendaItem, present: Collection[int]) -> Callable[[], str]:
    """The outcome and who stated it, in the language of whoever reads it."""
    voice = voice_of(item, present)
    return lambda: f"{item.get_outcome_display()} ({attribution(item.outcome, voice)})"


def _append(
    item: AgendaItem, pledge: Pledge, meeting: Meeting, present: Collection[int], *, by: User, now: datetime
) -> Entry | None:
    state = locked_state(pledge)
    last = state.reviews.get(meeting.pk)
    if pledge.is_withdrawn or meeting.logged_by is None:
        return None
    due_on = item.due_on.isoformat() if item.due_on else ""
    said_by = _attributed(item, present)
    fields = {"meeting": meeting.pk, "outcome": item.outcome, "text": item.remark, **said_by}
    fields |= {"due_on": due_on} if due_on else {}
    if (
        last
        and (last.outcome, last.due_on, last.text) == (item.outcome, due_on, normalise(item.remark))
        and (item.outcome == Outcome.NOT_DISCUSSED or _attribution_of(last) == said_by)
    ):
        return None
    return say(
        pledge, state, "review", fields, by=by, organisation=meeting.logged_by,
        day=meeting.held_on or local_day(now), expected=None, now=now,
    )  # fmt: skip


def _attributed(item: AgendaItem, present: Collection[int]) -> dict[str, str]:
    """The field of the entry that names the other side, where it stated something."""
    side = other_voice(item, present)
    return {("stated_by" if item.is_theirs_alone else "agreed_with"): side.slug} if side else {}


def _attribution_of(last: Reviewed) -> dict[str, str]:
    said = {"agreed_with": last.agreed_with, "stated_by": last.stated_by}
    return {name: slug for name, slug in said.items() if slug}


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


def other_voice(item: AgendaItem, present: Collection[int]) -> Organisation | None:
    """The other side, where it was chosen and is still listed as present: what publishing will say."""
    return item.agreed_with if item.agreed_with_id in present else None


def voice_of(item: AgendaItem, present: Collection[int]) -> Voice:
    """Who stated the outcome of an item, as publishing will say."""
    if other_voice(item, present) is None:
        return Voice.ASSOCIATION
    return Voice.AGENCY if item.is_theirs_alone else Voice.BOTH


def voice_in(fields: Mapping[str, Any]) -> tuple[Voice, str]:
    """Who stated what an entry says, and the public id of the other side, if it did."""
    if slug := str(fields.get("agreed_with", "")):
        return Voice.BOTH, slug
    slug = str(fields.get("stated_by", ""))
    return (Voice.AGENCY if slug else Voice.ASSOCIATION), slug


def unlisted(said: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of meetings (keys) and agencies (public ids) those where nobody of it is listed as present; one query or none."""
    asked = set(said)
    there = Participant.objects.filter(attendance=Participant.Attendance.PRESENT, organisation__isnull=False)
    there = there.filter(meeting__in={meeting for meeting, _slug in asked})
    return asked - set(there.values_list("meeting", "organisation__slug")) if asked else set()


def attribution(outcome: str, voice: Voice) -> str:
    """Who stated it, in words; "" of what was not discussed, which is nobody's statement."""
    if outcome == Outcome.NOT_DISCUSSED:
        return ""
    return {
        Voice.ASSOCIATION: _("the association alone"),
        Voice.BOTH: _("the two sides together"),
        Voice.AGENCY: _("the agency alone, as the association’s minutes say"),
    }[voice]


def in_words(outcome: str, day: date, voice: Voice) -> str:
    """What the minutes of a meeting say: both sides together, one of them alone, or nobody anything."""
    if outcome == Outcome.NOT_DISCUSSED:
        return _("Not discussed at the meeting of %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    sentence = {
        Voice.ASSOCIATION: _("The association alone stated at a meeting: %(outcome)s"),
        Voice.BOTH: _("The two sides stated at a meeting: %(outcome)s"),
        Voice.AGENCY: _("The agency alone stated at a meeting, as the association’s minutes say: %(outcome)s"),
    }[voice]
    return sentence % {"outcome": str(Outcome(outcome).label)}
