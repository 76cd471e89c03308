"""Who somebody is: the predicates that the other apps compose (DESIGN section 6)."""

from typing import TYPE_CHECKING

import rules
from django.db.models import QuerySet

from accounts.models import Membership, User

if TYPE_CHECKING:
    from meetings.models import Organisation


def memberships(user: User) -> QuerySet[Membership]:
    """The memberships that count; none for a stranger, an account that was closed or the site's staff."""
    if not user.is_authenticated or not user.is_active or user.site_role:
        return Membership.objects.none()
    return Membership.objects.filter(user=user)


def organisation_ids(user: User, *, managed: bool = False) -> set[int]:
    """The organisations a person belongs to, or only those they manage."""
    found = memberships(user)
    if managed:
        found = found.filter(role=Membership.Role.MANAGER)
    return set(found.values_list("organisation_id", flat=True))


def members(organisation_id: int) -> QuerySet[User]:
    """The people who speak for an organisation, as `memberships` counts them."""
    return all_members().filter(memberships__organisation=organisation_id)


def all_members() -> QuerySet[User]:
    """Everybody who speaks for any organisation, as `memberships` counts them."""
    return User.objects.filter(is_active=True, site_role="", memberships__isnull=False).distinct()


def site_role(role: User.SiteRole) -> rules.Predicate:
    """A predicate: the person works for the site in this role."""

    @rules.predicate(name=f"is_{role}")
    def holds_role(user: User) -> bool:
        return bool(user.is_authenticated and user.is_active and user.site_role == role)

    return holds_role


is_moderator = site_role(User.SiteRole.MODERATOR)
is_administrator = site_role(User.SiteRole.ADMINISTRATOR)
is_auditor = site_role(User.SiteRole.AUDITOR)
reads_everything = is_administrator | is_auditor


@rules.predicate
def belongs_to(user: User, organisation: "Organisation") -> bool:
    """A member of this organisation."""
    return organisation.pk in organisation_ids(user)


@rules.predicate
def manages(user: User, organisation: "Organisation") -> bool:
    """A manager of this organisation."""
    return organisation.pk in organisation_ids(user, managed=True)


rules.add_perm("accounts.see_members", belongs_to | reads_everything)
rules.add_perm("accounts.manage_members", manages | is_administrator)
rules.add_perm("accounts.manage_people", is_administrator)
rules.add_perm("accounts.read_people", reads_everything)
rules.add_perm("mail.read_letters", reads_everything)
rules.add_perm("mail.send_again", is_administrator)
