"""Handing a pledge over: both agencies speak, and it moves only when the second one accepts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from commitments.handover import answer_offer, may_be_offered, offer
from commitments.models import Pledge
from commitments.rebuilding import rebuild
from commitments.rules import may_assess
from commitments.speaking import answer, history, reply_to_wording
from commitments.timeline import timeline
from commitments.waiting import inbox
from ledger.history import Stale
from mail.models import Letter
from meetings.models import Organisation
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import MeetingFactory, MembershipFactory, OrganisationFactory, published_pledge
from tests.reading import words
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")
Status, Handover = Pledge.Status, Pledge.Handover
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    return published_pledge(meeting=meeting, by=cast.manager)


def hand(pledge: Pledge, cast: Cast, to: Organisation | None = None, text: str = "the commune lights streets") -> None:
    offer(pledge, to=to or cast.other_agency, by=cast.official, organisation=cast.agency, text=text, now=NOW)


def reply(pledge: Pledge, cast: Cast, *, is_accepted: bool, text: str = "", by: User | None = None) -> None:
    answer_offer(
        pledge, is_accepted=is_accepted, by=by or cast.other_official, organisation=cast.other_agency, text=text,
        now=LATER,
    )  # fmt: skip


def who(pledge: Pledge) -> tuple[Organisation | None, Organisation | None, Organisation | None, str]:
    """Who answers, to whom it is offered, who promised, and where the handover stands, as the database holds it."""
    pledge.refresh_from_db()
    return pledge.responsible, pledge.offered_to, pledge.promised_by, pledge.handover


def test_a_pledge_stays_where_it_is_until_the_other_agency_accepts(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    assert who(pledge) == (cast.agency, cast.other_agency, None, Handover.OFFERED)
    assert (pledge.heard_on, pledge.status) == (None, Status.NO_ANSWER)  # an offer is no news of the pledge
    reply(pledge, cast, is_accepted=True)
    assert who(pledge) == (cast.other_agency, None, cast.agency, Handover.NONE)
    assert (pledge.heard_on, pledge.status) == (LATER.date(), Status.ACKNOWLEDGED)
    assert cast.other_agency.folded in pledge.folded
    assert list(rebuild(repair=False)) == []


def test_the_handover_stays_visible_with_both_words(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    reply(pledge, cast, is_accepted=True, text="we have the lamps")
    agency, commune = cast.agency.name_en, cast.other_agency.name_en
    assert [(item.heading, item.speaker, item.text) for item in timeline(history(pledge), subject=pledge)][:2] == [
        (f"Handed over: \u2068{commune}\u2069 answers for it from now on", commune, "we have the lamps"),
        (
            f"The agency says that another one should answer: \u2068{commune}\u2069",
            agency,
            "the commune lights streets",
        ),
    ]


def test_once_handed_over_only_the_new_agency_answers(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    with pytest.raises(PermissionDenied):
        answer(pledge, status=Status.KEPT, by=cast.other_official, organisation=cast.other_agency, text="x", now=NOW)
    reply(pledge, cast, is_accepted=True)
    answer(pledge, status=Status.KEPT, by=cast.other_official, organisation=cast.other_agency, text="lit", now=LATER)
    with pytest.raises(PermissionDenied):
        answer(pledge, status=Status.NOT_KEPT, by=cast.official, organisation=cast.agency, text="x", now=LATER)


def test_what_is_declined_stays_and_says_why(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    with pytest.raises(ValidationError) as caught:
        reply(pledge, cast, is_accepted=False, text=" ")
    assert caught.value.message_dict == {"text": ["Say why it is not yours: residents will read it."]}
    reply(pledge, cast, is_accepted=False, text="the prefecture lights that road")
    assert who(pledge) == (cast.agency, None, None, Handover.DECLINED)
    assert pledge.heard_on is None  # the other's word is no word of the agency's
    with pytest.raises(PermissionDenied):
        reply(pledge, cast, is_accepted=True)


def test_whoever_answers_after_all_takes_the_offer_back(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    answer(pledge, status=Status.IN_PROGRESS, by=cast.official, organisation=cast.agency, now=NOW)
    assert who(pledge) == (cast.agency, None, None, Handover.NONE)
    with pytest.raises(PermissionDenied):
        reply(pledge, cast, is_accepted=True)


def test_a_later_offer_takes_the_place_of_the_first(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    hand(pledge, cast, to=cast.headquarters)
    assert who(pledge)[1] == cast.headquarters
    with pytest.raises(PermissionDenied):
        reply(pledge, cast, is_accepted=True)


def test_a_pledge_that_comes_back_is_promised_by_who_answers(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    reply(pledge, cast, is_accepted=True)
    offer(pledge, to=cast.agency, text="it is yours", by=cast.other_official, organisation=cast.other_agency, now=LATER)
    answer_offer(pledge, is_accepted=True, by=cast.official, organisation=cast.agency, now=LATER)
    assert who(pledge) == (cast.agency, None, None, Handover.NONE)


def test_a_parent_answers_in_its_own_name_for_the_agency_that_is_named(cast: Cast, pledge: Pledge) -> None:
    parent: Organisation = OrganisationFactory.create(kind="authority")
    cast.other_agency.parent = parent
    cast.other_agency.save()
    member: User = MembershipFactory.create(organisation=parent).user
    hand(pledge, cast)
    with pytest.raises(PermissionDenied):
        reply(pledge, cast, is_accepted=True, by=member)
    answer_offer(pledge, is_accepted=True, by=member, organisation=parent, now=LATER)
    assert who(pledge)[0] == cast.other_agency


@pytest.mark.parametrize("part", ["official", "headquarters_official", "manager", "administrator", "stranger"])
def test_nobody_else_accepts(cast: Cast, pledge: Pledge, part: str) -> None:
    hand(pledge, cast)
    with pytest.raises(PermissionDenied):
        reply(pledge, cast, is_accepted=True, by=getattr(cast, part))


@pytest.mark.parametrize("part", ["other_official", "manager", "administrator", "stranger"])
def test_nobody_else_offers(cast: Cast, pledge: Pledge, part: str) -> None:
    with pytest.raises(PermissionDenied):
        offer(pledge, to=cast.other_agency, by=getattr(cast, part), organisation=cast.agency, text="x", now=NOW)


def test_an_offer_says_why_and_names_who_could_answer(cast: Cast, pledge: Pledge) -> None:
    with pytest.raises(ValidationError) as caught:
        hand(pledge, cast, text=" ")
    assert caught.value.message_dict == {"text": ["Say why it is theirs: they and residents will read it."]}
    fictional = OrganisationFactory.create(kind="police", is_fictional=True)
    for nobody in (cast.agency, cast.association, fictional):
        with pytest.raises(ValidationError) as caught:
            hand(pledge, cast, to=nobody)
        assert "to" in caught.value.message_dict
    assert set(may_be_offered(pledge)) == {cast.headquarters, cast.other_agency}


def test_after_the_last_word_nothing_is_handed_over(cast: Cast, pledge: Pledge) -> None:
    answer(pledge, status=Status.NOT_KEPT, by=cast.official, organisation=cast.agency, text="no lamps", now=NOW)
    with pytest.raises(ValidationError) as caught:
        hand(pledge, cast)
    assert caught.value.messages == ["You have said your last word on this pledge. Reopen it before you hand it over."]


def test_who_spoke_in_between_is_heard_first(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    with pytest.raises(Stale):
        answer_offer(
            pledge, is_accepted=True, by=cast.other_official, organisation=cast.other_agency, expected=1, now=LATER
        )
    assert who(pledge)[0] == cast.agency


def test_who_promised_does_not_assess_what_another_answers_for(cast: Cast) -> None:
    """An association promises too, and hands over: it looks at no promise of its own."""
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood])
    pledge = published_pledge(meeting=meeting, by=cast.manager, responsible=cast.association)
    offer(pledge, to=cast.other_agency, text="they will", by=cast.secretary, organisation=cast.association, now=NOW)
    reply(pledge, cast, is_accepted=True)
    assert not may_assess(cast.association, pledge)
    assert may_assess(cast.other_association, pledge)


def test_who_takes_over_is_not_asked_for_the_words_of_who_promised(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    reply(pledge, cast, is_accepted=True)
    commune: dict[str, Any] = {"by": cast.other_official, "organisation": cast.other_agency}
    with pytest.raises(ValidationError):
        reply_to_wording(pledge, wording=Pledge.Wording.NOT_SAID, text="we never said so", now=LATER, **commune)
    assert [row.pledge for row in inbox(cast.other_official, LATER.date())] == []


def test_who_handed_over_is_led_to_where_it_is_read(cast: Cast, pledge: Pledge) -> None:
    hand(pledge, cast)
    desk = signed_in(cast.official)
    assert "which has not answered yet" in words(desk.get(f"/en/inbox/pledges/{pledge.pk}/"))
    reply(pledge, cast, is_accepted=True)
    response: Any = desk.get(f"/en/inbox/pledges/{pledge.pk}/")
    assert (response.status_code, response.url) == (302, f"/en/pledges/{pledge.pk}/")


def test_who_handed_over_to_a_part_of_theirs_goes_on_answering_as_its_parent(cast: Cast) -> None:
    meeting = MeetingFactory.create(host=cast.headquarters, neighbourhoods=[cast.neighbourhood])
    pledge = published_pledge(meeting=meeting, responsible=cast.headquarters)
    parent: dict[str, Any] = {"by": cast.headquarters_official, "organisation": cast.headquarters}
    offer(pledge, to=cast.agency, text="the district patrols there", now=NOW, **parent)
    answer_offer(pledge, is_accepted=True, by=cast.official, organisation=cast.agency, now=LATER)
    page = signed_in(cast.headquarters_official).get(f"/en/inbox/pledges/{pledge.pk}/")
    assert "Where it stands" in words(page)


def test_a_claim_that_is_handed_over_is_no_claim_of_who_takes_it(cast: Cast, pledge: Pledge) -> None:
    answer(pledge, status=Status.IN_PROGRESS, by=cast.official, organisation=cast.agency, text="begun", now=NOW)
    hand(pledge, cast)
    reply(pledge, cast, is_accepted=True)
    assert (pledge.status, pledge.heard_on) == (Status.ACKNOWLEDGED, date(2026, 4, 4))


def test_who_is_named_is_written_to_in_their_language(cast: Cast, pledge: Pledge) -> None:
    Letter.objects.all().delete()  # those of the publication
    cast.other_official.language = "fr"
    cast.other_official.save()
    hand(pledge, cast)
    letter = Letter.objects.get()
    assert (letter.to, letter.subject.startswith("Un engagement vous est proposé")) == (cast.other_official.email, True)
    assert f"/fr/inbox/pledges/{pledge.pk}/" in letter.text
