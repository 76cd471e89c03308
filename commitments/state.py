"""What a pledge's entries add up to: one pure fold, without a database (DESIGN sections 3 and 4)."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from commitments.models import Pledge
from commitments.schedules import Occurrence
from meetings.record import FILE_NAME, Fact, corrected

Status = Pledge.Status
Wording = Pledge.Wording
Verdict = Pledge.Assessment
Standing = Pledge.Standing
Handover = Pledge.Handover

CARRIED_OUT, NOT_CARRIED_OUT = "carried_out", "not_carried_out"
OFFERED, ACCEPTED, DECLINED = "offered", "accepted", "declined"

# What an agency agrees to when it agrees to the wording: what was promised, where, by when, and what would show it.
WORDS = frozenset(
    (
        *("title", "details", "beneficiaries", "neighbourhoods", "place", "sign"),
        *("timing", "due_on", "due_words", "rule", "windows", "starts_on", "ends_on", "pauses"),
    )
)

# When it recurs.
DAYS = ("rule", "windows", "starts_on", "ends_on", "pauses")

# The best first: the order of the bar, and the ladder by which a pledge is said to have moved up or down.
LADDER = tuple(Standing)


@dataclass(frozen=True)
class Told:
    """Who said something, in which entry, of which day."""

    number: int
    speaker: str
    day: date
    recorded_on: date


@dataclass(frozen=True)
class Assessed(Told):
    """What one association found."""

    verdict: Verdict


@dataclass(frozen=True)
class Offered(Told):
    """That another organisation should answer for the pledge, which it has not accepted yet."""

    to: str


@dataclass(frozen=True)
class Reviewed(Told):
    """What the minutes of a later meeting say became of it, and who stated it.

    The two sides, where an agency `agreed_with` it; that agency, where it is `stated_by` one; else the association.
    """

    meeting: int
    outcome: str
    due_on: str
    text: str
    agreed_with: str
    stated_by: str


@dataclass(frozen=True)
class Reported(Told):
    """What the agency says of one occurrence, and what associations found of it."""

    was_carried_out: bool
    checks: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        """Made after the day that it speaks of."""
        return self.recorded_on > self.day

    @property
    def verdict(self) -> Verdict:
        """What the associations' checks add up to."""
        return combined(self.checks.values())


@dataclass(frozen=True)
class PledgeState:
    """Where a pledge stands after some entries.

    `text` holds the record with its corrections, and under "responsible" who answers now; `promised_by` is who
    promised, once another answers. `reworded` is the last correction of what was promised: what was said before it
    was said of other words. `rescheduled` is the last correction of when it recurs, and `days_before` what the record
    said of that until then. `addressed_on` is the day on which the record came to name who answers for it.
    """

    last_number: int = 0
    recorded_on: date | None = None
    text: Mapping[str, Any] = field(default_factory=dict)
    is_withdrawn_from_record: bool = False
    status: Status = Status.NO_ANSWER
    status_told: Told | None = None
    wording: Wording = Wording.NOT_ANSWERED
    heard_on: date | None = None
    claim_left_at: int = 0
    assessments: Mapping[str, Assessed] = field(default_factory=dict)
    occurrences: Mapping[Occurrence, Reported] = field(default_factory=dict)
    handover: Handover = Handover.NONE
    offered: Offered | None = None
    promised_by: str = ""
    reviews: Mapping[int, Reviewed] = field(default_factory=dict)
    reworded: Told | None = None
    rescheduled: Told | None = None
    days_before: Mapping[str, Any] = field(default_factory=dict)
    addressed_on: date | None = None

    def is_of_other_words(self, number: int) -> bool:
        """Whether the entry with this number speaks of the words before their last correction."""
        return self.reworded is not None and number < self.reworded.number

    @property
    def reviewed(self) -> Reviewed | None:
        """What the latest meeting stated, also where the minutes of an older one were put right since."""
        return self.reviewed_besides(())

    def reviewed_besides(self, meetings: Container[int]) -> Reviewed | None:
        """The same, but for what some meetings stated: those whose record was withdrawn count nowhere."""
        counted = (each for each in self.reviews.values() if each.meeting not in meetings)
        return max(counted, key=lambda each: (each.day, each.number), default=None)

    @property
    def assessment(self) -> Verdict:
        """What the associations say together; disputed outweighs confirmed.

        The latest word of each counts. A confirmation ends when the agency itself takes its
        claim back; a dispute stands until the association that raised it changes its mind, so
        that repeating a claim never silences who contests it.
        """
        return combined(
            each.verdict
            for each in self.assessments.values()
            if each.verdict == Verdict.DISPUTED or each.number > self.claim_left_at
        )

    @property
    def standing(self) -> Standing:
        """The agency's word together with whether anybody checked it."""
        if self.status != Status.KEPT:
            return Standing(self.status)
        return {
            Verdict.CONFIRMED: Standing.KEPT_CONFIRMED,
            Verdict.DISPUTED: Standing.KEPT_DISPUTED,
        }.get(self.assessment, Standing.KEPT_UNCHECKED)

    def carried_out(self) -> dict[Occurrence, bool]:
        """The occurrences that the agency says it carried out, and whether an association confirmed each."""
        return {
            occurrence: told.verdict == Verdict.CONFIRMED
            for occurrence, told in self.occurrences.items()
            if told.was_carried_out
        }

    def holds_until(self, *, days: int) -> date | None:
        """The last day on which a pledge that is never finished counts as holding; None unless said to be kept.

        It holds for `days` days after the agency said so, after the last occurrence carried out
        and not disputed, and after the last confirmation. A dispute that speaks of no earlier day
        than the last sign, or that was said after every sign, ends it on the day before the later
        of the two, until a later sign (decision 0005).
        """
        if self.status != Status.KEPT or self.status_told is None:
            return None
        signs: list[Told] = [self.status_told]
        signs += [told for told in self.occurrences.values() if _shows_it_done(told)]
        signs += [each for each in self.assessments.values() if each.verdict == Verdict.CONFIRMED]
        disputes = [each for each in self.assessments.values() if each.verdict == Verdict.DISPUTED]
        last_day, last_number = max(sign.day for sign in signs), max(sign.number for sign in signs)
        if any(each.day >= last_day or each.number > last_number for each in disputes):
            return max(last_day, *(each.day for each in disputes)) - timedelta(days=1)
        return last_day + timedelta(days=days)


def _shows_it_done(told: Reported) -> bool:
    return told.was_carried_out and told.verdict != Verdict.DISPUTED


def combined(verdicts: Iterable[Verdict]) -> Verdict:
    """Several associations' verdicts as one: disputed, else confirmed, else could not tell, else not checked."""
    given = set(verdicts)
    for verdict in (Verdict.DISPUTED, Verdict.CONFIRMED, Verdict.COULD_NOT_TELL):
        if verdict in given:
            return verdict
    return Verdict.NOT_CHECKED


def fold(facts: Iterable[Fact], state: PledgeState | None = None) -> PledgeState:
    """The state after `facts`, in order, starting from `state` or from nothing.

    Raises KeyError on a kind of entry that it does not know: a new kind must say what it means.
    """
    state = state or PledgeState()
    for fact in facts:
        state = replace(STEPS[fact.kind](state, fact), last_number=fact.number)
    return state


def local_day(moment: datetime) -> date:
    """The civil day of a moment, where the site is."""
    return timezone.localtime(moment).date()


def _told(fact: Fact) -> dict[str, Any]:
    return {
        "number": fact.number,
        "speaker": fact.speaker,
        "day": fact.day,
        "recorded_on": local_day(fact.recorded_at),
    }


def _heard(state: PledgeState, fact: Fact) -> date:
    """The day the agency was last heard: when it spoke, not the day it spoke of."""
    spoken = local_day(fact.recorded_at)
    return max(state.heard_on, spoken) if state.heard_on else spoken


def _recorded(state: PledgeState, fact: Fact) -> PledgeState:
    day = local_day(fact.recorded_at)
    return replace(state, text=dict(fact.fields), recorded_on=day, addressed_on=day)


def _wording(state: PledgeState, fact: Fact) -> PledgeState:
    return replace(state, wording=Wording(fact.fields["wording"]), heard_on=_heard(state, fact))


def _status(state: PledgeState, fact: Fact) -> PledgeState:
    """A word on progress; whoever answers takes back that another should."""
    return _answered(state, fact, Status(fact.fields["status"]))


def _answered(state: PledgeState, fact: Fact, status: Status) -> PledgeState:
    leaves_claim = state.status == Status.KEPT and status != Status.KEPT
    return replace(
        state,
        status=status,
        status_told=Told(**_told(fact)),
        heard_on=_heard(state, fact),
        handover=Handover.NONE,
        offered=None,
        claim_left_at=fact.number if leaves_claim else state.claim_left_at,
    )


def _occurrence(state: PledgeState, fact: Fact) -> PledgeState:
    """The latest word on an occurrence counts; checks of an earlier word do not carry over."""
    occurrence = Occurrence(fact.day, fact.fields.get("window", ""))
    told = Reported(**_told(fact), was_carried_out=fact.fields["outcome"] == CARRIED_OUT)
    return replace(state, occurrences={**state.occurrences, occurrence: told}, heard_on=_heard(state, fact))


def _assessment(state: PledgeState, fact: Fact) -> PledgeState:
    verdict = Verdict(fact.fields["verdict"])
    if "window" not in fact.fields:
        assessed = Assessed(**_told(fact), verdict=verdict)
        return replace(state, assessments={**state.assessments, fact.speaker: assessed})
    occurrence = Occurrence(fact.day, fact.fields["window"])
    told = state.occurrences.get(occurrence)
    if told is None:  # a slice of a history may begin after what is checked
        return state
    checked = replace(told, checks={**told.checks, fact.speaker: verdict})
    return replace(state, occurrences={**state.occurrences, occurrence: checked})


def _handover(state: PledgeState, fact: Fact) -> PledgeState:
    """Offered to another organisation, which declines, or accepts: then it answers, and has taken note.

    An offer is no news of the pledge: the clock of silence runs on until somebody answers.
    """
    step = fact.fields["step"]
    if step == OFFERED:
        offered = Offered(**_told(fact), to=str(fact.fields["to"]))
        return replace(state, handover=Handover.OFFERED, offered=offered)
    if step == DECLINED:
        return replace(state, handover=Handover.DECLINED, offered=None)
    promiser, to = state.promised_by or str(state.text["responsible"]), str(fact.fields["to"])
    return replace(
        _answered(state, fact, Status.ACKNOWLEDGED),
        text={**state.text, "responsible": to},
        promised_by="" if to == promiser else promiser,
    )


def _review(state: PledgeState, fact: Fact) -> PledgeState:
    """A review moves neither the agency's word nor the associations', and stops no clock."""
    said: dict[str, Any] = {
        name: str(fact.fields.get(name, "")) for name in ("outcome", "due_on", "text", "agreed_with", "stated_by")
    }
    meeting = int(fact.fields["meeting"])
    return replace(state, reviews={**state.reviews, meeting: Reviewed(**_told(fact), meeting=meeting, **said)})


def words_changed(fact: Fact) -> bool:
    """Whether a correction changed what was promised, and not only how it is filed; also once it was redacted."""
    return any(f"new_{name}" in fact.fields or f"new_{name}" in fact.redacted for name in WORDS)


def _corrected(state: PledgeState, fact: Fact) -> PledgeState:
    """Nobody has agreed yet to words that were corrected: who agreed to the old ones is asked again (decision 0022).

    Who is named in place of another, which had not answered, is not silent since a day on which nobody asked them.
    """
    before = {name: state.text.get(name) for name in DAYS}
    state = replace(state, text=corrected(state.text, fact))
    if any(f"new_{name}" in fact.fields for name in DAYS):
        state = replace(state, rescheduled=Told(**_told(fact)), days_before=before)
    if "new_responsible" in fact.fields:
        state = replace(state, addressed_on=local_day(fact.recorded_at))
    if not words_changed(fact):
        return state
    return replace(state, wording=Wording.NOT_ANSWERED, reworded=Told(**_told(fact)))


def _withdrawn(state: PledgeState, _fact: Fact) -> PledgeState:
    return replace(state, is_withdrawn_from_record=True)


def _unchanged(state: PledgeState, _fact: Fact) -> PledgeState:
    return state


STEPS: dict[str, Callable[[PledgeState, Fact], PledgeState]] = {
    "recorded": _recorded,
    "wording": _wording,
    "status": _status,
    "occurrence": _occurrence,
    "assessment": _assessment,
    "handover": _handover,
    "review": _review,
    "corrected": _corrected,
    "withdrawn": _withdrawn,
    "redacted": _unchanged,
    "withheld": _unchanged,
}


def named_files(fact: Fact) -> list[dict[str, Any]]:
    """What an entry says of the files that it names, those of a meeting by their numbers; none where it names none."""
    return [*fact.fields.get("evidence", []), *(said for _number, said in sorted(numbered_files(fact).items()))]


def numbered_files(fact: Fact) -> dict[int, Any]:
    """What a meeting's entry says of the files that it publishes or adds, by their numbers."""
    named = ((FILE_NAME.fullmatch(name.removeprefix("new_")), said) for name, said in fact.fields.items())
    return {int(found[1]): said for found, said in named if found}


def movement(before: PledgeState, after: PledgeState) -> int:
    """1 when the standing went up the ladder, -1 when it went down, 0 when it stayed."""
    was, is_now = LADDER.index(before.standing), LADDER.index(after.standing)
    return (was > is_now) - (was < is_now)
