"""Who may say what about a pledge: the voices, and the lists that follow from them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership, User
from commitments.models import Pledge
from commitments.rules import agency_voices, association_voices, may_assess, pledges_to_answer, pledges_to_assess
from commitments.speaking import assess
from ledger.models import Entry
from meetings.models import Organisation, Territory
from tests.cast import Cast
from tests.factories import (
    HELD_ON,
    MeetingFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    OrganisationFactory,
    ParticipantFactory,
    PledgeFactory,
    published_pledge,
)


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    meeting = MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood])
    return published_pledge(meeting=meeting)


def found(pledge: Pledge, by: User, organisation: Organisation) -> Entry:
    could_not_tell, now = Pledge.Assessment.COULD_NOT_TELL, timezone.now()
    return assess(pledge, verdict=could_not_tell, by=by, organisation=organisation, day=HELD_ON, now=now)


def test_each_speaks_with_the_voice_they_have(cast: Cast, pledge: Pledge) -> None:
    voices = {
        user.email.split("@")[0]: [each.slug for each in agency_voices(user, pledge)]
        for user in (cast.official, cast.headquarters_official, cast.other_official, cast.manager, cast.administrator)
    }
    assert voices == {
        "official": ["district"],
        "headquarters-official": ["headquarters"],
        "other-official": [],
        "manager": [],
        "administrator": [],
    }


def test_a_member_of_both_has_both_voices(cast: Cast, pledge: Pledge) -> None:
    MembershipFactory.create(user=cast.official, organisation=cast.headquarters)
    assert {each.slug for each in agency_voices(cast.official, pledge)} == {"district", "headquarters"}


def test_a_grandparent_has_no_voice(cast: Cast, pledge: Pledge) -> None:
    ministry = OrganisationFactory.create(slug="ministry")
    Organisation.objects.filter(pk=cast.headquarters.pk).update(parent=ministry)
    minister = MembershipFactory.create(organisation=ministry).user
    assert not agency_voices(minister, pledge).exists()


def test_a_closed_account_has_no_voice(cast: Cast, pledge: Pledge) -> None:
    User.objects.update(is_active=False)
    closed = User.objects.get(pk=cast.official.pk)
    assert not agency_voices(closed, pledge).exists()
    assert not closed.has_perm("commitments.answer_pledge", pledge)
    with pytest.raises(PermissionDenied):
        found(pledge, User.objects.get(pk=cast.secretary.pk), cast.association)


def test_staff_of_the_site_has_no_voice_whatever_the_memberships(cast: Cast, pledge: Pledge) -> None:
    MembershipFactory.create(user=cast.moderator, organisation=cast.agency)
    MembershipFactory.create(user=cast.moderator, organisation=cast.association)
    assert not agency_voices(cast.moderator, pledge).exists()
    with pytest.raises(PermissionDenied):
        found(pledge, cast.moderator, cast.association)


def test_a_verified_association_that_covers_the_neighbourhood_may_assess(cast: Cast, pledge: Pledge) -> None:
    assert may_assess(cast.association, pledge)
    cast.association.neighbourhoods.clear()
    assert not may_assess(cast.association, pledge)


def test_covering_the_territory_covers_its_neighbourhoods(cast: Cast, pledge: Pledge) -> None:
    cast.association.neighbourhoods.clear()
    region = Territory.objects.get(pk=cast.neighbourhood.territory.ancestry[0].pk)
    cast.association.territories.add(region)
    assert may_assess(cast.association, pledge)


def test_an_association_that_took_part_may_assess_wherever_it_is(cast: Cast, pledge: Pledge) -> None:
    cast.association.neighbourhoods.clear()
    ParticipantFactory.create(meeting=pledge.meeting, organisation=cast.association)
    assert may_assess(cast.association, pledge)


@pytest.mark.parametrize("change", [{"is_verified": False}, {"kind": Organisation.Kind.OTHER}])
def test_who_is_no_verified_association_may_not(cast: Cast, pledge: Pledge, change: dict[str, object]) -> None:
    Organisation.objects.filter(pk=cast.association.pk).update(**change)
    assert not may_assess(Organisation.objects.get(pk=cast.association.pk), pledge)
    assert (association_voices(cast.manager, pledge), list(pledges_to_assess(cast.manager))) == ([], [])


def test_the_lists_say_the_same_as_the_rules(cast: Cast, pledge: Pledge) -> None:
    elsewhere = published_pledge(
        meeting=MeetingFactory.create(host=cast.other_agency, neighbourhoods=[NeighbourhoodFactory.create()])
    )
    own = published_pledge(
        meeting=MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood]),
        responsible=cast.association,
    )
    PledgeFactory.create(meeting=MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood]))
    for user in Membership.objects.order_by("pk").values_list("user", flat=True):
        person = User.objects.get(pk=user)
        for each in (pledge, elsewhere, own):
            may_answer = person.has_perm("commitments.answer_pledge", each)
            assert pledges_to_answer(person).filter(pk=each.pk).exists() == may_answer
            may_look = person.has_perm("commitments.assess_pledge", each)
            assert pledges_to_assess(person).filter(pk=each.pk).exists() == may_look


def test_drafts_and_withdrawn_records_are_in_no_list(cast: Cast, pledge: Pledge) -> None:
    Pledge.objects.update(state="withdrawn")
    PledgeFactory.create(meeting=MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood]))
    assert (list(pledges_to_answer(cast.official)), list(pledges_to_assess(cast.manager))) == ([], [])
