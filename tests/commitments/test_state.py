"""The fold: what a pledge's entries add up to, and the laws that hold for any history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Pledge
from commitments.schedules import Occurrence
from commitments.state import LADDER, PledgeState, fold, movement

Status = Pledge.Status
Verdict = Pledge.Assessment
Standing = Pledge.Standing
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
UNSAID = date.min


@dataclass
class Said:
    """A fact without a ledger."""

    number: int
    kind: str
    speaker: str = "agency"
    day: date = UNSAID
    recorded_at: datetime = START
    fields: Mapping[str, Any] = field(default_factory=dict)
    redacted: frozenset[str] = frozenset()


def history(*facts: Said) -> list[Said]:
    """Numbered from 1, a day apart; a fact without a day of its own speaks of the day on which it was said."""
    moments = [START + timedelta(days=offset) for offset in range(len(facts))]
    return [
        replace(fact, number=number, recorded_at=moment, day=moment.date() if fact.day == UNSAID else fact.day)
        for number, (fact, moment) in enumerate(zip(facts, moments, strict=True), start=1)
    ]


def recorded(**text: Any) -> Said:
    return Said(0, "recorded", "association", fields={"title": "Lights at the gate", **text})


def status(value: Status) -> Said:
    return Said(0, "status", fields={"status": value, "text": "said"})


def assessed(value: Verdict, by: str = "association") -> Said:
    return Said(0, "assessment", by, fields={"verdict": value, "text": ""})


def occurred(day: date, outcome: str = "carried_out", window: str = "") -> Said:
    return Said(0, "occurrence", day=day, fields={"outcome": outcome, "window": window, "text": ""})


def checked(day: date, value: Verdict, by: str = "association") -> Said:
    return Said(0, "assessment", by, day=day, fields={"verdict": value, "window": "", "text": ""})


def test_nobody_has_answered_what_was_only_recorded() -> None:
    state = fold(history(recorded()))

    assert (state.status, state.standing, state.assessment, state.heard_on) == (
        Status.NO_ANSWER,
        Standing.NO_ANSWER,
        Verdict.NOT_CHECKED,
        None,
    )


@pytest.mark.parametrize(
    ("verdicts", "standing"),
    [
        ([], Standing.KEPT_UNCHECKED),
        ([Verdict.COULD_NOT_TELL], Standing.KEPT_UNCHECKED),
        ([Verdict.CONFIRMED], Standing.KEPT_CONFIRMED),
        ([Verdict.CONFIRMED, Verdict.COULD_NOT_TELL], Standing.KEPT_CONFIRMED),
        ([Verdict.CONFIRMED, Verdict.DISPUTED], Standing.KEPT_DISPUTED),
        ([Verdict.DISPUTED, Verdict.CONFIRMED], Standing.KEPT_DISPUTED),
    ],
)
def test_kept_counts_with_what_associations_found(verdicts: list[Verdict], standing: Standing) -> None:
    found = [assessed(verdict, by=f"association-{index}") for index, verdict in enumerate(verdicts)]

    assert fold(history(recorded(), status(Status.KEPT), *found)).standing == standing


def test_the_latest_word_of_each_association_counts() -> None:
    state = fold(history(recorded(), status(Status.KEPT), assessed(Verdict.DISPUTED), assessed(Verdict.CONFIRMED)))

    assert state.standing == Standing.KEPT_CONFIRMED


def test_a_confirmation_ends_when_the_agency_takes_its_claim_back() -> None:
    said = [recorded(), status(Status.KEPT), assessed(Verdict.CONFIRMED), status(Status.IN_PROGRESS)]

    assert fold(history(*said, status(Status.KEPT))).standing == Standing.KEPT_UNCHECKED


def test_saying_kept_again_does_not_silence_a_dispute() -> None:
    said = [recorded(), status(Status.KEPT), assessed(Verdict.DISPUTED), status(Status.IN_PROGRESS)]

    assert fold(history(*said, status(Status.KEPT))).standing == Standing.KEPT_DISPUTED


def test_a_confirmation_before_the_claim_counts_once_it_is_made() -> None:
    assert fold(history(recorded(), assessed(Verdict.CONFIRMED), status(Status.KEPT))).standing == (
        Standing.KEPT_CONFIRMED
    )


def test_the_latest_word_on_an_occurrence_counts_and_starts_unchecked() -> None:
    day = date(2026, 1, 5)
    state = fold(history(recorded(), occurred(day), checked(day, Verdict.CONFIRMED), occurred(day)))

    assert state.carried_out() == {Occurrence(day): False}


def test_two_windows_of_a_day_are_two_occurrences() -> None:
    day = date(2026, 1, 5)
    state = fold(history(recorded(), occurred(day, window="08:00"), occurred(day, "not_carried_out", window="17:00")))

    assert state.carried_out() == {Occurrence(day, "08:00"): False}
    assert len(state.occurrences) == 2


def test_a_kept_pledge_that_recurs_holds_for_thirty_days_after_its_last_sign() -> None:
    said = [recorded(), status(Status.KEPT), occurred(date(2026, 3, 1))]

    assert fold(history(*said)).holds_until(days=30) == date(2026, 3, 31)


def test_a_disputed_occurrence_is_no_sign() -> None:
    day = date(2026, 3, 1)
    said = history(recorded(), status(Status.KEPT), occurred(day), checked(day, Verdict.DISPUTED))

    assert fold(said).holds_until(days=30) == said[1].day + timedelta(days=30)


def test_a_dispute_ends_the_holding_until_a_later_sign() -> None:
    said = history(recorded(), status(Status.KEPT), assessed(Verdict.DISPUTED))
    disputed_on = said[2].day

    assert fold(said).holds_until(days=30) == disputed_on - timedelta(days=1)
    later = Said(4, "occurrence", day=disputed_on + timedelta(days=5), fields={"outcome": "carried_out", "window": ""})
    assert fold([later], fold(said)).holds_until(days=30) == disputed_on + timedelta(days=35)


def test_a_dispute_said_after_every_sign_ends_the_holding_whatever_day_it_speaks_of() -> None:
    said = history(recorded(), status(Status.KEPT))
    claimed_on = said[1].day
    earlier = Said(3, "assessment", day=claimed_on - timedelta(days=1), fields={"verdict": "disputed"})
    assert fold([earlier], fold(said)).holds_until(days=30) == claimed_on - timedelta(days=1)


def test_a_check_of_an_occurrence_that_is_missing_changes_nothing() -> None:
    assert fold([checked(date(2026, 3, 1), Verdict.CONFIRMED)]).occurrences == {}


def test_only_what_is_said_to_be_kept_holds() -> None:
    assert fold(history(recorded(), occurred(date(2026, 1, 6)))).holds_until(days=30) is None


def test_a_correction_changes_the_text_and_a_redacted_one_leaves_nothing() -> None:
    change = Said(0, "corrected", fields={"old_title": "a", "new_title": "b", "reason": "typo"})
    gone = Said(0, "corrected", fields={"reason": "typo"}, redacted=frozenset({"old_title", "new_title"}))

    assert fold(history(recorded(), change)).text["title"] == "b"
    assert fold(history(recorded(), change, gone)).text["title"] == ""


def test_an_unknown_kind_of_entry_is_an_error() -> None:
    with pytest.raises(KeyError):
        fold(history(recorded(), Said(0, "rumour")))


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 1))
FACTS = st.one_of(
    st.sampled_from([each for each in Status if each != Status.NO_ANSWER]).map(status),
    st.builds(
        assessed,
        st.sampled_from([each for each in Verdict if each != Verdict.NOT_CHECKED]),
        st.sampled_from(["one", "two"]),
    ),
    st.builds(occurred, DAYS, st.sampled_from(["carried_out", "not_carried_out"])),
    st.sampled_from(["agreed", "not_said"]).map(lambda value: Said(0, "wording", fields={"wording": value})),
    st.just(Said(0, "redacted")),
)
HISTORIES = st.lists(FACTS, max_size=12).map(lambda facts: history(recorded(), *facts))


@given(HISTORIES, st.data())
def test_folding_in_two_parts_is_folding_at_once(facts: list[Said], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(facts)))

    assert fold(facts[cut:], fold(facts[:cut])) == fold(facts)


@given(HISTORIES)
def test_the_standing_never_says_more_than_the_agency_said(facts: list[Said]) -> None:
    state = fold(facts)

    assert (state.standing.value.startswith("kept_")) == (state.status == Status.KEPT)
    assert state.last_number == len(facts)


@given(HISTORIES)
def test_kept_and_confirmed_needs_a_confirmation_and_no_dispute(facts: list[Said]) -> None:
    state = fold(facts)
    latest = {fact.speaker: fact.fields["verdict"] for fact in facts if fact.kind == "assessment"}

    if state.standing == Standing.KEPT_CONFIRMED:
        assert Verdict.CONFIRMED in latest.values()
        assert Verdict.DISPUTED not in latest.values()
    if Verdict.DISPUTED in latest.values():
        assert state.assessment == Verdict.DISPUTED


@given(HISTORIES)
def test_heard_from_means_that_the_agency_spoke(facts: list[Said]) -> None:
    spoke = [fact for fact in facts if fact.kind in {"status", "wording", "occurrence"}]

    assert fold(facts).heard_on == (spoke[-1].recorded_at.date() if spoke else None)


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_movement_is_antisymmetric_and_follows_the_ladder(before: Status, after: Status) -> None:
    was, is_now = PledgeState(status=before), PledgeState(status=after)

    assert movement(was, is_now) == -movement(is_now, was)
    assert (movement(was, is_now) == 1) == (LADDER.index(is_now.standing) < LADDER.index(was.standing))


def corrected(*names: str, is_redacted: bool = False) -> Said:
    said = {f"{age}_{name}": age for name in names for age in ("old", "new")}
    if is_redacted:
        return Said(0, "corrected", fields={"reason": "misheard"}, redacted=frozenset(said))
    return Said(0, "corrected", fields={**said, "reason": "misheard"})


@pytest.mark.parametrize("said", ["agreed", "agreed_with_remark", "not_said"])
@pytest.mark.parametrize("is_redacted", [False, True])
def test_what_was_said_of_the_wording_is_not_said_of_a_corrected_one(said: str, is_redacted: bool) -> None:
    wording = Said(0, "wording", fields={"wording": said, "text": "so"})
    facts = history(recorded(), wording, status(Status.KEPT), corrected("due_on", "kind", is_redacted=is_redacted))
    state = fold(facts)
    assert (state.wording, state.status, state.heard_on) == ("not_answered", Status.KEPT, facts[2].day)
    assert state.reworded is not None
    assert (state.reworded.number, state.reworded.recorded_on) == (4, facts[3].day)
    assert [state.is_of_other_words(number) for number in (2, 3, 4, 5)] == [True, True, False, False]
    assert fold(history(*facts, wording)).wording == said


def test_how_a_pledge_is_filed_is_none_of_its_words() -> None:
    wording = Said(0, "wording", fields={"wording": "agreed", "text": ""})
    state = fold(history(recorded(), wording, corrected("kind", "said_by", "concerns", "provenance", "translations")))
    assert (state.wording, state.reworded) == ("agreed", None)


def test_who_is_named_by_a_correction_is_asked_from_that_day_on() -> None:
    facts = history(recorded(responsible="district"), corrected("kind"), corrected("responsible"))
    assert fold(facts[:2]).addressed_on == facts[0].day
    state = fold(facts)
    assert (state.addressed_on, state.recorded_on, state.reworded) == (facts[2].day, facts[0].day, None)
