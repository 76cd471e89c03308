"""From an uploaded table to drafts: what it would make, what is wrong with it, and the making, all or nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from attachments.models import WaitingTable
from commitments.importing.bounds import MAX_FAULTS, MAX_PLEDGES_SHOWN, MAX_SHOWN
from commitments.importing.drafting import Draft, Drafting, Fault, Part
from commitments.importing.headings import PARTS, PLEDGE
from commitments.importing.names import Register, likeness_of
from commitments.importing.reading import read
from commitments.in_words import in_words
from commitments.models import Pledge
from meetings import drafts
from meetings.models import Organisation

MOST_WAITING = 5  # tables of one person; the oldest goes when another comes


class Faulty(Exception):
    """The table cannot be made into drafts as it is; `preview` says why."""

    def __init__(self, preview: "Preview") -> None:
        super().__init__()
        self.preview = preview


class AllThere(Faulty):
    """The association has every meeting of the table already, and was not asked to make them again."""


class PlannedPledge(NamedTuple):
    """A pledge as the table was understood: its words, kind, who answers for it, and when, in clauses or as a day."""

    title: str
    kind: str
    is_kind_suggested: bool
    agency: str
    timing: str
    due_on: date | None
    clauses: list[str]


def _planned(part: Part) -> PlannedPledge:
    pledge: Pledge = part.made
    return PlannedPledge(
        title=pledge.title,
        kind=pledge.kind.name if pledge.kind else "",
        is_kind_suggested=part.is_kind_suggested,
        agency=pledge.responsible.name if pledge.responsible else "",
        timing=pledge.get_timing_display(),
        due_on=pledge.due_on,
        clauses=in_words(pledge.schedule, starts_on=pledge.starts_on),
    )


@dataclass
class Planned:
    """A meeting of the table: its subject, day, host, neighbourhoods, row, how many of each part, its first pledges.

    `there` is the key of the association's own meeting of the same day and subject, if it has one; `is_twice` says
    that the table itself holds one more such meeting above.
    """

    title: str
    held_on: date | None
    host: str
    neighbourhoods: list[str]
    language: str
    row: int
    counts: dict[str, int]
    pledges: list[PlannedPledge]
    there: int | None
    is_twice: bool


@dataclass
class Preview:
    """What a table would make, what is there already, and what is wrong with it; bounded, however long the table is."""

    notices: list[str] = field(default_factory=list)
    meetings: list[Planned] = field(default_factory=list)
    there: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    meeting_count: int = 0
    there_count: int = 0
    twice_count: int = 0
    fault_count: int = 0
    seen: set[int] = field(default_factory=set)  # a number for each meeting, not its text
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def fault(self, fault: Fault) -> None:
        """Count a fault, and keep the first ones."""
        self.fault_count += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(fault)

    def count(self, draft: Draft, register: Register) -> Planned:
        """Count a meeting among those that would be made, or those that are there already, and keep the first ones."""
        meeting, likeness = draft.meeting, likeness_of(draft.meeting.held_on, draft.meeting.title)
        counts = {part: len(draft.parts[part]) for part in PARTS}
        there, is_twice = register.known.get(likeness), hash(likeness) in self.seen
        shown = self.there if there else self.meetings
        is_shown = len(shown) < MAX_SHOWN
        told = draft.parts[PLEDGE][:MAX_PLEDGES_SHOWN] if is_shown and not self.fault_count else []
        planned = Planned(
            meeting.title,
            meeting.held_on,
            meeting.host.name if meeting.host else "",
            [each.name for each in draft.neighbourhoods],
            meeting.language,
            draft.row.number,
            counts,
            pledges=[_planned(each) for each in told],
            there=there,
            is_twice=is_twice,
        )
        self.seen.add(hash(likeness))
        if there:
            self.there_count += 1
        else:
            self.meeting_count += 1
            self.twice_count += is_twice
            self.counts = {part: self.counts[part] + counts[part] for part in PARTS}
        if is_shown:
            shown.append(planned)
        return planned


def preview_of(content: bytes, organisation: Organisation) -> Preview:
    """What the bytes would make for this organisation; raises Unreadable. Stores nothing."""
    preview, register = Preview(), Register(organisation)
    table = read(content)
    preview.notices = table.notices
    drafting = Drafting(table, register=register, organisation=organisation, fault=preview.fault)
    for draft in drafting.drafts():
        preview.count(draft, register)
    return preview


def keep(content: bytes, *, name: str, organisation: Organisation, by: User, now: datetime) -> WaitingTable:
    """Keep a table without faults until it is confirmed or let go; raises PermissionDenied."""
    if not by.has_perm("meetings.log_meeting", organisation):
        raise PermissionDenied
    table = WaitingTable.objects.create(
        content=content, name=name, organisation=organisation, uploaded_by=by, uploaded_at=now
    )
    newest = WaitingTable.objects.filter(uploaded_by=by).order_by("-uploaded_at", "-pk")
    WaitingTable.objects.filter(uploaded_by=by).exclude(
        pk__in=list(newest.values_list("pk", flat=True)[:MOST_WAITING])
    ).delete()
    return table


class Made(NamedTuple):
    """How many drafts were made of a table, and how many of its meetings were left out."""

    drafts: int = 0
    left_out: int = 0


def make_drafts(table: WaitingTable, *, by: User, again: bool = False) -> Made:
    """Make the drafts of a table that waits, all or nothing, and let its bytes go.

    What the association has already is left out, or made `again`. Of a table whose drafts were made before, nothing
    is made. Raises Unreadable, Faulty when the register has changed meanwhile, AllThere, and PermissionDenied.
    """
    with transaction.atomic():
        stored = WaitingTable.objects.select_for_update().select_related("organisation").filter(pk=table.pk).first()
        if stored is None or stored.is_made:
            return Made()
        organisation: Organisation = stored.organisation
        preview, register = Preview(), Register(organisation)
        drafting = Drafting(
            read(bytes(stored.content)), register=register, organisation=organisation, fault=preview.fault
        )
        for draft in drafting.drafts():
            planned = preview.count(draft, register)
            if not preview.fault_count and (again or not planned.there):
                _store(draft, by=by)
        if preview.fault_count:
            raise Faulty(preview)  # which takes back what was stored
        if not preview.meeting_count and not again:
            raise AllThere(preview)
        stored.content, stored.is_made = b"", True
        stored.save(update_fields=["content", "is_made"])
    if again:
        return Made(preview.meeting_count + preview.there_count)
    return Made(preview.meeting_count, preview.there_count)


def _store(draft: Draft, *, by: User) -> None:
    meeting = draft.meeting
    meeting.created_by = by
    with drafts.saving(meeting, by=by, expected=0):
        meeting.save()
        meeting.neighbourhoods.set(draft.neighbourhoods)
        for kind in PARTS:
            if kind != PLEDGE and draft.parts[kind]:
                made = [each.made for each in draft.parts[kind]]
                type(made[0]).objects.bulk_create(made)
        _store_pledges(draft)


def _store_pledges(draft: Draft) -> None:
    pledges = draft.parts[PLEDGE]
    for each in pledges:
        if said_by := each.tied.get("said_by"):
            each.made.said_by = said_by.made
    Pledge.objects.bulk_create([each.made for each in pledges])
    concerns = {each.made.number: each.made for each in draft.parts["concern"]}
    for each in pledges:
        tied: dict[str, Any] = {
            "neighbourhoods": each.tied.get("neighbourhoods"),
            "partners": each.tied.get("partners"),
            "concerns": [concerns[number] for number in each.tied.get("concerns") or ()],
        }
        for name, things in tied.items():
            if things:
                getattr(each.made, name).set(things)
