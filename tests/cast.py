"""The fixed cast of the suite: who speaks for whom is the same in every test."""

from dataclasses import dataclass

import pytest

from accounts.models import Membership, User
from meetings.models import Neighbourhood, Organisation
from tests.factories import (
    MembershipFactory,
    NeighbourhoodFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.remembering import remembered


@dataclass(frozen=True)
class Cast:
    """People by their part, and the organisations they belong to.

    The association and the other one are verified and cover `neighbourhood`; the agency belongs to `headquarters`.
    The manager may publish for the association, its secretary may not unless the association allows members to.
    """

    neighbourhood: Neighbourhood
    association: Organisation
    other_association: Organisation
    agency: Organisation
    headquarters: Organisation
    other_agency: Organisation
    secretary: User
    manager: User
    other_member: User
    official: User
    headquarters_official: User
    other_official: User
    moderator: User
    administrator: User
    auditor: User
    stranger: User


@pytest.fixture
@remembered
def cast(db: None) -> Cast:
    """The cast, in a neighbourhood of its own."""
    neighbourhood: Neighbourhood = NeighbourhoodFactory.create(slug="tamersit")
    covered = [neighbourhood]
    association: Organisation = OrganisationFactory.create(association=True, slug="hay", neighbourhoods=covered)
    other_association: Organisation = OrganisationFactory.create(association=True, slug="jar", neighbourhoods=covered)
    headquarters: Organisation = OrganisationFactory.create(slug="headquarters")
    agency: Organisation = OrganisationFactory.create(slug="district", parent=headquarters)
    other_agency: Organisation = OrganisationFactory.create(slug="commune", kind=Organisation.Kind.COMMUNE)
    return Cast(
        neighbourhood=neighbourhood,
        association=association,
        other_association=other_association,
        agency=agency,
        headquarters=headquarters,
        other_agency=other_agency,
        secretary=_member("secretary", association),
        manager=_member("manager", association, Membership.Role.MANAGER),
        other_member=_member("other-member", other_association),
        official=_member("official", agency),
        headquarters_official=_member("headquarters-official", headquarters),
        other_official=_member("other-official", other_agency),
        moderator=_staff("moderator", User.SiteRole.MODERATOR),
        administrator=_staff("administrator", User.SiteRole.ADMINISTRATOR),
        auditor=_staff("auditor", User.SiteRole.AUDITOR),
        stranger=_staff("stranger", User.SiteRole.NONE),
    )


def _member(part: str, organisation: Organisation, role: Membership.Role = Membership.Role.MEMBER) -> User:
    user: User = UserFactory.create(email=f"{part}@example.org")
    MembershipFactory.create(user=user, organisation=organisation, role=role)
    return user


def _staff(part: str, role: User.SiteRole) -> User:
    user: User = UserFactory.create(email=f"{part}@example.org", site_role=role)
    return user
