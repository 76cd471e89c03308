"""Who is let into an organisation, and who leaves it: one function for each thing that a manager can do."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import letters
from accounts.models import Invitation, Membership, User
from accounts.rules import is_administrator

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from meetings.models import Organisation

SALT = "accounts.invitation"
A_DAY = 50  # letters of one organisation, so that nobody makes this site write to half the country


def token_of(invitation: Invitation) -> str:
    """What the link of an invitation carries; nobody makes one without the site's key."""
    return signing.dumps(invitation.pk, salt=SALT)


def open_invitation(token: str, now: datetime) -> Invitation | None:
    """The invitation of a link; None when the link is wrong, was used or withdrawn, or has expired."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.open(now).select_related("organisation", "invited_by").filter(pk=pk).first()


def invite(
    *, email: str, organisation: "Organisation", role: Membership.Role, language: str, by: User, now: datetime
) -> Invitation:
    """Send an address the link by which it joins; an invitation that has expired gives way to the new one.

    Says nothing of accounts: whoever is asked may have one or not. Raises PermissionDenied when `by` does not manage
    the organisation, ValidationError when the address is a member's or invited already, or after A_DAY letters.
    """
    _must_manage(by, organisation)
    email = email.strip().lower()
    invitation = Invitation(
        email=email,
        organisation=organisation,
        role=role,
        language=language,
        invited_by=by,
        invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    with transaction.atomic():
        # One after the other, so that two clicks send one letter.
        type(organisation).objects.select_for_update(no_key=True).get(pk=organisation.pk)
        expired = Invitation.objects.pending().filter(email=email, organisation=organisation, expires_at__lte=now)
        expired.update(withdrawn_at=now, withdrawn_by=by)
        if Membership.objects.filter(organisation=organisation, user__email=email).exists():
            raise ValidationError({"email": _("This person is already a member of this organisation.")})
        if organisation.invitations.filter(invited_at__gt=now - timedelta(days=1)).count() >= A_DAY:
            raise ValidationError(_("Your organisation has sent many invitations today. Send the next ones tomorrow."))
        invitation.full_clean(exclude=["accepted_by", "withdrawn_by"])
        invitation.save()
        letters.write_invitation(invitation, token_of(invitation), now=now)
    return invitation


def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Let the link lead nowhere; one that was accepted meanwhile stays accepted."""
    _must_manage(by, invitation.organisation)
    Invitation.objects.pending().filter(pk=invitation.pk).update(withdrawn_at=now, withdrawn_by=by)


@transaction.atomic
def accept(invitation: Invitation, *, user: User, now: datetime) -> Membership:
    """Make a member of the person who was asked, once.

    Raises PermissionDenied when the invitation is for another address, ValidationError when it is no longer open, when
    the person is a member already, or works for the site.
    """
    _hold(invitation, now)
    if user.email != invitation.email:
        raise PermissionDenied
    membership = Membership(user=user, organisation=invitation.organisation, role=invitation.role)
    membership.full_clean()
    membership.save()
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now, accepted_by=user)
    return membership


@transaction.atomic
def join(invitation: Invitation, *, first_name: str, last_name: str, password: str, now: datetime) -> User:
    """Make an account for the person who was asked, and let it accept; without a password it signs in by mailed codes.

    Raises ValidationError when the invitation is no longer open, or there is such an account by now.
    """
    _hold(invitation, now)
    if User.objects.filter(email=invitation.email).exists():
        raise ValidationError(_("There is an account with this address by now. Sign in, and accept."))
    user = User.objects.create_user(
        invitation.email,
        password or None,
        first_name=first_name,
        last_name=last_name,
        language=invitation.language,
    )
    accept(invitation, user=user, now=now)
    return user


@transaction.atomic
def change_role(membership: Membership, *, role: Membership.Role, by: User) -> None:
    """Make a member a manager, or a manager a member.

    Raises PermissionDenied when `by` does not manage the organisation, ValidationError when nobody would manage it.
    """
    _must_manage(by, membership.organisation)
    if role != Membership.Role.MANAGER:
        _must_leave_a_manager(membership, by)
    Membership.objects.filter(pk=membership.pk).update(role=role)


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """End a membership; what the person said for the organisation stays said. Raises as `change_role`."""
    _must_manage(by, membership.organisation)
    _must_leave_a_manager(membership, by)
    membership.delete()


def _must_manage(by: User, organisation: "Organisation") -> None:
    if not by.has_perm("accounts.manage_members", organisation):
        raise PermissionDenied


def _hold(invitation: Invitation, now: datetime) -> None:
    """Keep others from accepting it meanwhile."""
    if not Invitation.objects.select_for_update().get(pk=invitation.pk).is_open(now):
        raise ValidationError(_("This invitation can no longer be used."))


def managers_besides(membership: Membership) -> "QuerySet[Membership]":
    """Who manages the organisation whatever becomes of this membership, in the order in which they came."""
    return _managing(membership).exclude(pk=membership.pk)


def _managing(membership: Membership) -> "QuerySet[Membership]":
    managing = Membership.objects.filter(organisation=membership.organisation, role=Membership.Role.MANAGER)
    return managing.filter(user__is_active=True).select_related("user").order_by("pk")


def check_a_manager_stays(membership: Membership, *, by: User) -> None:
    """An organisation that has a manager keeps one, unless an administrator steps in; raises ValidationError."""
    _must_leave(membership, list(managers_besides(membership)), by)


def _must_leave_a_manager(membership: Membership, by: User) -> None:
    """The same, for good: nobody else leaves meanwhile. All are locked, in one order: no two wait for each other."""
    managers = list(_managing(membership).select_for_update(of=("self",)))
    _must_leave(membership, [each for each in managers if each.pk != membership.pk], by)


def _must_leave(membership: Membership, others: "list[Membership]", by: User) -> None:
    if membership.role == Membership.Role.MANAGER and not others and not is_administrator(by):
        raise ValidationError(_("Somebody has to manage the organisation. Make another member a manager first."))
