"""How an organisation answers for what it promised: counts over the histories of its pledges, each out of how many.

No two counts are blended into one. What is counted is said on the page in the same words (organisations/counted.html).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median_high
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from commitments.models import Pledge, PledgeQuerySet
from commitments.progress import Bar, Segment, bar_of, pledges_url
from commitments.schedules import adherence
from commitments.state import ACCEPTED, OFFERED, PledgeState, fold, local_day, movement
from commitments.waiting import AGENCY_KINDS, histories
from commitments.workdays import working_days_between
from meetings.record import Fact

QUARTERS = 8
UP, DOWN = 1, -1
Standing, Wording, Verdict = Pledge.Standing, Pledge.Wording, Pledge.Assessment


class Story(NamedTuple):
    """A pledge, its history in order, and what that adds up to."""

    pledge: Pledge
    facts: Sequence[Fact]
    state: PledgeState


@dataclass(frozen=True)
class Share:
    """How many of how many, and the list of them where there is one; `label` says of what."""

    label: str
    count: int
    total: int
    url: str = ""

    @property
    def bar(self) -> tuple[Segment, ...]:
        """Its drawing: one stretch of the whole."""
        return _stretches([("acknowledged", self.label, self.count)], self.total)


class Quarter(NamedTuple):
    """Three months of the calendar, from January."""

    year: int
    number: int

    @property
    def label(self) -> str:
        """In words."""
        return _("Quarter %(number)d of %(year)d") % {"number": self.number, "year": self.year}


@dataclass(frozen=True)
class Movement:
    """How many pledges stood higher, and how many lower, at the end of a quarter than when it began."""

    quarter: Quarter
    up: int
    down: int
    unchanged: int

    @property
    def bar(self) -> tuple[Segment, ...]:
        """Its drawing: up, unchanged, down."""
        parts = [
            ("kept_confirmed", _("moved up"), self.up),
            ("acknowledged", _("unchanged"), self.unchanged),
            ("not_kept", _("moved down"), self.down),
        ]
        return _stretches(parts, self.up + self.down + self.unchanged)


@dataclass(frozen=True)
class Occurrences:
    """What was carried out of what was expected so far, on pledges whose days were stated; `unstated` on the others."""

    pledges: int
    carried_out: int
    expected: int
    confirmed: int
    unstated: int

    @property
    def shares(self) -> list[Share]:
        """Carried out of expected, and confirmed of those; none where nothing was expected yet."""
        if not self.expected:
            return []
        return [
            Share(_("occurrences carried out, of those expected so far"), self.carried_out, self.expected),
            Share(_("of these, confirmed by an association"), self.confirmed, self.carried_out),
        ]


@dataclass(frozen=True)
class Account:
    """All that an organisation's page counts; `median_days` is of the `answered` pledges, None when there are none."""

    bar: Bar
    shares: tuple[Share, ...]
    answered: int
    median_days: int | None
    occurrences: Occurrences
    movements: tuple[Movement, ...]


def account(pledges: PledgeQuerySet, *, on: date, **filters: Any) -> Account:
    """What became of some pledges, whose list `filters` give; two queries, whatever their number."""
    told = stories(pledges)
    waits = [days for story in told if (days := days_to_first_answer(story.facts)) is not None]
    return Account(
        bar=bar_of(Counter(story.pledge.standing for story in told), **filters),
        shares=tuple(_shares(told, filters)),
        answered=len(waits),
        median_days=median_high(waits) if waits else None,
        occurrences=occurrences(told, on),
        movements=tuple(movements([story.facts for story in told])),
    )


def stories(pledges: PledgeQuerySet) -> list[Story]:
    """Each pledge with its history, folded; two queries."""
    found = list(pledges.select_related("meeting"))
    entries = histories(pledge.stream_id for pledge in found)
    return [Story(each, entries[each.stream_id or 0], fold(entries[each.stream_id or 0])) for each in found]


def days_to_first_answer(facts: Sequence[Fact]) -> int | None:
    """The working days from the publication here until the agency first spoke; None while it has not.

    Any word counts: on the wording, of a status, of an occurrence. Who took a pledge over is counted from the offer,
    and has answered by accepting.
    """
    own = list(facts)[_first_of_its_own(facts) :]
    days = [local_day(fact.recorded_at) for fact in own]
    answers = [day for fact, day in zip(own, days, strict=True) if fact.kind in AGENCY_KINDS or _is(fact, ACCEPTED)]
    return working_days_between(days[0], answers[0]) if answers else None


def was_reopened(facts: Sequence[Fact]) -> bool:
    """Whether who answers now ever took back a closing word, for one that leaves the pledge open or for a lower one."""
    state, own = PledgeState(), _first_of_its_own(facts)
    for place, fact in enumerate(facts):
        before, state = state, fold([fact], state)
        is_taken_back = state.status not in Pledge.CLOSED or movement(before, state) == DOWN
        if place >= own and fact.kind == "status" and before.status in Pledge.CLOSED and is_taken_back:
            return True
    return False


def _first_of_its_own(facts: Sequence[Fact]) -> int:
    """The place from which a history is that of who answers now: its beginning, or the offer that was accepted."""
    accepted = max((place for place, fact in enumerate(facts) if _is(fact, ACCEPTED)), default=0)
    return max((place for place, fact in enumerate(facts[:accepted]) if _is(fact, OFFERED)), default=0)


def _is(fact: Fact, step: str) -> bool:
    """Whether the fact is this step of a handover."""
    return fact.kind == "handover" and fact.fields["step"] == step


def movements(told: Iterable[Sequence[Fact]], *, at_most: int = QUARTERS) -> list[Movement]:
    """What moved in each quarter in which anything was said, the latest first.

    A pledge is compared with where it stood when the quarter began; one that was recorded within it
    began without an answer. It is unchanged where it stood before and stands the same.
    """
    moves: dict[Quarter, Counter[int]] = defaultdict(Counter)
    recorded: Counter[Quarter] = Counter()
    for facts in told:
        state = PledgeState()
        for quarter, said in groupby(facts, key=_quarter_of):
            before, state = state, fold(said, state)
            moves[quarter][movement(before, state)] += 1
            recorded[quarter] += before.last_number == 0
    return [
        Movement(quarter, moves[quarter][UP], moves[quarter][DOWN], _standing_still(quarter, moves, recorded))
        for quarter in sorted(moves, reverse=True)[:at_most]
    ]


def _standing_still(quarter: Quarter, moves: dict[Quarter, Counter[int]], recorded: Counter[Quarter]) -> int:
    until_then = sum(count for when, count in recorded.items() if when <= quarter)
    return until_then - moves[quarter][UP] - moves[quarter][DOWN]


def _quarter_of(fact: Fact) -> Quarter:
    day = local_day(fact.recorded_at)
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def occurrences(told: Iterable[Story], on: date) -> Occurrences:
    """Adherence over all pledges with stated days, each counted from its publication here (decision 0011)."""
    stated = [story for story in told if story.pledge.schedule.is_stated]
    unstated = [story for story in told if not story.pledge.schedule.is_stated]
    counted = [
        adherence(story.pledge.schedule, carried_out=story.state.carried_out(), on=on, first=story.state.recorded_on)
        for story in stated
    ]
    return Occurrences(
        pledges=len(stated),
        carried_out=sum(each.carried_out for each in counted),
        expected=sum(each.expected for each in counted),
        confirmed=sum(each.confirmed for each in counted),
        unstated=sum(len(story.state.carried_out()) for story in unstated),
    )


def _shares(told: Sequence[Story], filters: dict[str, Any]) -> Iterable[Share]:
    """Out of all pledges: how the wording was answered, whether at all, what was kept, contested and taken back."""
    pledges = [story.pledge for story in told]

    def share(label: str, found: Iterable[bool], **more: str) -> Share:
        return Share(label, sum(found), len(pledges), pledges_url(**filters, **more) if more else "")

    for wording in Wording:
        found = (each.wording == wording for each in pledges)
        yield share(str(wording.label), found, wording=wording.value)
    yield share(_("answered at least once"), (each.heard_on is not None for each in pledges), heard="yes")
    yield share(_("never answered"), (each.heard_on is None for each in pledges), heard="no")
    confirmed = Standing.KEPT_CONFIRMED
    yield share(str(confirmed.label), (each.standing == confirmed for each in pledges), standing=confirmed.value)
    disputed = (each.assessment == Verdict.DISPUTED for each in pledges)
    yield share(_("disputed by an association"), disputed, clock="disputed")
    yield share(_("reopened by the agency"), (was_reopened(story.facts) for story in told))


def _stretches(parts: Iterable[tuple[str, str, int]], total: int) -> tuple[Segment, ...]:
    """The stretches of a bar that is `total` long, one after the other; those of nothing are left out."""
    found, x = [], 0.0
    for tone, label, count in parts:
        if count:
            width = 100 * count / total
            found.append(Segment(tone, label, count, "", round(x, 3), round(width, 3)))
            x += width
    return tuple(found)
