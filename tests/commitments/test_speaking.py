"""What can be said of a pledge, by whom, and in which order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import answer, assess, reply_to_wording
from ledger.history import Stale
from meetings.models import Organisation
from meetings.text import TEXT_LIMIT
from tests.cast import Cast
from tests.factories import MeetingFactory, published_pledge

Status, Verdict, Wording = Pledge.Status, Pledge.Assessment, Pledge.Wording
pytestmark = pytest.mark.usefixtures("english")
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    return promised(cast)


def promised(cast: Cast, **fields: Any) -> Pledge:
    """A published pledge of the agency to the neighbourhood."""
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    return published_pledge(meeting=meeting, by=cast.manager, **fields)


def said(pledge: Pledge) -> list[tuple[str, str]]:
    """Kind and speaker of everything said since the pledge was recorded."""
    assert pledge.stream is not None
    return list(pledge.stream.entries.filter(number__gt=1).values_list("kind", "speaker"))


def tell(pledge: Pledge, by: User, as_: Organisation, status: Pledge.Status, text: str = "", **more: Any) -> None:
    answer(pledge, status=status, by=by, organisation=as_, text=text, **{"now": NOW} | more)


def look(pledge: Pledge, by: User, as_: Organisation, verdict: Pledge.Assessment, text: str = "", **more: Any) -> None:
    assess(pledge, verdict=verdict, by=by, organisation=as_, text=text, **{"now": NOW, "day": NOW.date()} | more)


def sentence(caught: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return dict(caught.value.message_dict)


# Who speaks with which voice


def test_an_official_answers_for_the_agency(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.ACKNOWLEDGED)
    assert (pledge.status, pledge.heard_on, said(pledge)) == (
        Status.ACKNOWLEDGED,
        NOW.date(),
        [("status", "district")],
    )


def test_the_parent_speaks_with_its_own_voice(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.headquarters_official, cast.headquarters, Status.IN_PROGRESS)
    assert said(pledge) == [("status", "headquarters")]


def test_the_parent_does_not_borrow_the_voice_of_the_agency(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(PermissionDenied):
        tell(pledge, cast.headquarters_official, cast.agency, Status.IN_PROGRESS)
    with pytest.raises(PermissionDenied):
        tell(pledge, cast.official, cast.headquarters, Status.IN_PROGRESS)


def test_nobody_else_answers_not_even_an_administrator(cast: Cast, pledge: Pledge) -> None:
    for stranger in (cast.other_official, cast.administrator, cast.moderator, cast.manager, cast.stranger):
        with pytest.raises(PermissionDenied):
            tell(pledge, stranger, cast.agency, Status.ACKNOWLEDGED)
        with pytest.raises(PermissionDenied):
            reply_to_wording(pledge, wording=Wording.AGREED, by=stranger, organisation=cast.agency, now=NOW)
    assert said(pledge) == []


def test_another_agency_does_not_answer_in_its_own_name(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(PermissionDenied):
        tell(pledge, cast.other_official, cast.other_agency, Status.ACKNOWLEDGED)


def test_an_account_that_was_closed_says_nothing(cast: Cast, pledge: Pledge) -> None:
    cast.official.is_active = False
    cast.official.save()
    with pytest.raises(PermissionDenied):
        tell(pledge, cast.official, cast.agency, Status.ACKNOWLEDGED)


def test_a_withdrawn_record_is_not_answered(cast: Cast, pledge: Pledge) -> None:
    Pledge.objects.filter(pk=pledge.pk).update(state="withdrawn")
    with pytest.raises(PermissionDenied):
        tell(pledge, cast.official, cast.agency, Status.ACKNOWLEDGED)


# What an answer needs


@pytest.mark.parametrize("status", [Status.KEPT, Status.PARTLY_KEPT, Status.NOT_KEPT, Status.WITHDRAWN])
def test_a_last_word_says_what_shows_it_or_why(cast: Cast, pledge: Pledge, status: Pledge.Status) -> None:
    with pytest.raises(ValidationError) as caught:
        tell(pledge, cast.official, cast.agency, status, "  ")
    assert sentence(caught) == {"text": ["Say what shows it, or why: residents will read it beside your answer."]}
    tell(pledge, cast.official, cast.agency, status, "photographs of 1 April")
    assert pledge.status == status


def test_going_back_needs_a_reason(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.KEPT, "done")
    for reopened in (Status.IN_PROGRESS, Status.ACKNOWLEDGED):
        with pytest.raises(ValidationError) as caught:
            tell(pledge, cast.official, cast.agency, reopened)
        assert sentence(caught) == {"text": ["Say what is new, or why you go back to this."]}
    tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS, "a part was torn down")
    assert pledge.status == Status.IN_PROGRESS


def test_repeating_a_word_needs_something_new(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS)
    with pytest.raises(ValidationError):
        tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS)
    tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS, "the poles arrived")
    assert len(said(pledge)) == 2


def test_a_step_forward_needs_no_text(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.ACKNOWLEDGED)
    tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS)
    assert [kind for kind, _speaker in said(pledge)] == ["status", "status"]


def test_no_answer_is_no_answer(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        tell(pledge, cast.official, cast.agency, Status.NO_ANSWER)
    assert sentence(caught) == {"status": ["Choose what you answer."]}


@pytest.mark.parametrize(
    ("wording", "needed"),
    [
        (Wording.AGREED_WITH_REMARK, "Write your remark."),
        (Wording.NOT_SAID, "Write what was said instead."),
    ],
)
def test_an_objection_to_the_wording_says_what_instead(
    cast: Cast, pledge: Pledge, wording: Pledge.Wording, needed: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        reply_to_wording(pledge, wording=wording, by=cast.official, organisation=cast.agency, now=NOW)
    assert sentence(caught) == {"text": [needed]}


def test_agreeing_to_the_wording_leaves_the_status_alone(cast: Cast, pledge: Pledge) -> None:
    reply_to_wording(pledge, wording=Wording.AGREED, by=cast.official, organisation=cast.agency, now=NOW)
    assert (pledge.wording, pledge.status, pledge.heard_on) == (Wording.AGREED, Status.NO_ANSWER, NOW.date())


@pytest.mark.parametrize("text", ["x" * (TEXT_LIMIT + 1), "turned \u202e round", "null \x00 byte", "half \ud800"])
def test_a_text_that_cannot_be_shown_as_stored_is_refused(cast: Cast, pledge: Pledge, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        tell(pledge, cast.official, cast.agency, Status.KEPT, text)
    assert list(sentence(caught)) == ["text"]
    assert said(pledge) == []


# Speaking at once


def test_who_speaks_unaware_of_what_was_said_is_told_so(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.ACKNOWLEDGED, expected=1)
    with pytest.raises(Stale) as caught:
        tell(pledge, cast.headquarters_official, cast.headquarters, Status.IN_PROGRESS, expected=1)
    assert [(entry.number, entry.speaker) for entry in caught.value.missed] == [(2, "district")]
    assert pledge.status == Status.ACKNOWLEDGED


def test_a_finding_made_before_the_latest_answer_is_stale_too(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.KEPT, "done")
    with pytest.raises(Stale):
        look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED, expected=1)
    look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED, expected=2)
    assert pledge.standing == Pledge.Standing.KEPT_CONFIRMED


# What associations find


def test_a_finding_stands_beside_the_claim(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.KEPT, "done")
    look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED)
    look(pledge, cast.other_member, cast.other_association, Verdict.DISPUTED, "nothing there")
    assert (pledge.status, pledge.standing) == (Status.KEPT, Pledge.Standing.KEPT_DISPUTED)


def test_a_confirmation_ends_when_the_claim_was_taken_back(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.KEPT, "done")
    look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED)
    tell(pledge, cast.official, cast.agency, Status.IN_PROGRESS, "it broke again")
    assert pledge.assessment == Verdict.NOT_CHECKED
    tell(pledge, cast.official, cast.agency, Status.KEPT, "repaired")
    assert pledge.standing == Pledge.Standing.KEPT_UNCHECKED


def test_a_dispute_outlasts_a_repeated_claim(cast: Cast, pledge: Pledge) -> None:
    tell(pledge, cast.official, cast.agency, Status.KEPT, "done")
    look(pledge, cast.secretary, cast.association, Verdict.DISPUTED, "nothing there")
    tell(pledge, cast.official, cast.agency, Status.KEPT, "it is there, we say")
    assert pledge.standing == Pledge.Standing.KEPT_DISPUTED


def test_a_dispute_says_what_was_found(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        look(pledge, cast.secretary, cast.association, Verdict.DISPUTED)
    assert sentence(caught) == {"text": ["Say what you found: the agency and residents will read it."]}


def test_nobody_looks_on_a_day_that_has_not_come_or_before_the_promise(cast: Cast, pledge: Pledge) -> None:
    for day, why in (
        (NOW.date() + timedelta(days=1), "This day has not come yet."),
        (date(2026, 3, 1), "This day is before the meeting at which it was promised."),
    ):
        with pytest.raises(ValidationError) as caught:
            look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED, day=day)
        assert sentence(caught) == {"day": [why]}


def test_an_association_does_not_assess_its_own_pledge(cast: Cast) -> None:
    own = promised(cast, responsible=cast.association)
    with pytest.raises(PermissionDenied):
        look(own, cast.secretary, cast.association, Verdict.CONFIRMED)
    look(own, cast.other_member, cast.other_association, Verdict.CONFIRMED)
    assert said(own) == [("assessment", "jar")]


def test_an_association_does_not_assess_what_it_promised_together_with_others(cast: Cast) -> None:
    shared = promised(cast, partners=[cast.association])
    with pytest.raises(PermissionDenied):
        look(shared, cast.secretary, cast.association, Verdict.CONFIRMED)


def test_an_association_answers_for_what_it_promised_itself(cast: Cast) -> None:
    own = promised(cast, responsible=cast.association)
    tell(own, cast.secretary, cast.association, Status.KEPT, "we told every street")
    assert said(own) == [("status", "hay")]


def test_an_unverified_association_assesses_nothing(cast: Cast, pledge: Pledge) -> None:
    cast.association.is_verified = False
    cast.association.save()
    with pytest.raises(PermissionDenied):
        look(pledge, cast.secretary, cast.association, Verdict.CONFIRMED)


def test_nobody_assesses_with_the_voice_of_another(cast: Cast, pledge: Pledge) -> None:
    for stranger in (cast.secretary, cast.official, cast.administrator):
        with pytest.raises(PermissionDenied):
            look(pledge, stranger, cast.other_association, Verdict.CONFIRMED)


# Occurrences

MORNING = Occurrence(date(2026, 3, 30), "08:00")


@pytest.fixture
def campaign(cast: Cast) -> Pledge:
    return promised(
        cast,
        timing=Pledge.Timing.RECURRING,
        rule="FREQ=WEEKLY;BYDAY=MO",
        windows=[["08:00", "09:00"], ["17:30", "18:30"]],
    )


def log(pledge: Pledge, by: User, as_: Organisation, occurrence: Occurrence = MORNING, **more: Any) -> None:
    told: dict[str, Any] = {"was_carried_out": True, "now": NOW} | more
    log_occurrence(pledge, occurrence=occurrence, by=by, organisation=as_, **told)


def test_an_occurrence_is_logged_and_checked(cast: Cast, campaign: Pledge) -> None:
    log(campaign, cast.official, cast.agency)
    check_occurrence(
        campaign,
        occurrence=MORNING,
        verdict=Verdict.CONFIRMED,
        by=cast.secretary,
        organisation=cast.association,
        now=NOW,
    )
    assert said(campaign) == [("occurrence", "district"), ("assessment", "hay")]
    assert campaign.assessment == Verdict.NOT_CHECKED


def test_an_occurrence_of_which_nothing_was_said_is_not_checked(cast: Cast, campaign: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        check_occurrence(
            campaign,
            occurrence=MORNING,
            verdict=Verdict.CONFIRMED,
            by=cast.secretary,
            organisation=cast.association,
            now=NOW,
        )
    assert list(sentence(caught)) == ["day"]


def test_what_was_not_carried_out_says_why(cast: Cast, campaign: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        log(campaign, cast.official, cast.agency, was_carried_out=False)
    assert sentence(caught) == {"text": ["Say why it was not carried out."]}


def test_hours_that_were_not_promised_are_refused(cast: Cast, campaign: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        log(campaign, cast.official, cast.agency, Occurrence(date(2026, 3, 30), "12:00"))
    assert sentence(caught) == {"window": ["These hours are not among those promised."]}


def test_a_pledge_that_ends_by_a_word_has_no_occurrences(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        log(pledge, cast.official, cast.agency, Occurrence(date(2026, 3, 30)))
    assert caught.value.messages == ["This pledge does not recur: answer with its status instead."]


@pytest.mark.parametrize("was_carried_out", [True, False])
def test_nobody_says_what_became_of_hours_that_have_not_begun(cast: Cast, was_carried_out: bool) -> None:
    """A patrol of this evening is neither done nor missed at noon."""
    pledge = promised(cast, timing="recurring", rule="FREQ=DAILY", windows=[["12:00", "13:00"], ["20:00", "21:00"]])
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "text": "so", "now": NOW}
    with pytest.raises(ValidationError) as caught:
        log_occurrence(pledge, occurrence=Occurrence(NOW.date(), "20:00"), was_carried_out=was_carried_out, **told)
    assert sentence(caught) == {"window": ["These hours have not begun yet."]}
    log_occurrence(pledge, occurrence=Occurrence(NOW.date(), "12:00"), was_carried_out=was_carried_out, **told)
    assert [kind for kind, _speaker in said(pledge)] == ["occurrence"]
