"""Getting in: a manager invites an address, whoever reads its mail accepts, once, and who let whom in stays known."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.inviting import SALT, accept, change_role, invite, join, remove_member, token_of, withdraw
from accounts.models import Invitation, Membership, User
from mail.models import Letter
from tests.at_once import at_once
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.reading import words

ROLE = Membership.Role
NAMED = {"first_name": "Nadia", "last_name": "Amrani"}


def invited(cast: Cast, email: str = "new@example.org", **fields: Any) -> Invitation:
    told: dict[str, Any] = {"organisation": cast.association, "role": ROLE.MEMBER, "language": "fr", "by": cast.manager}
    return invite(email=email, **told | {"now": timezone.now()} | fields)


def link(invitation: Invitation) -> str:
    return reverse("invitation", args=[token_of(invitation)])


def roles(cast: Cast) -> dict[str, str]:
    return dict(cast.association.memberships.values_list("user__email", "role"))


# By mail


def test_a_manager_invites_and_the_letter_is_in_the_language_of_whoever_gets_it(cast: Cast) -> None:
    client = signed_in(cast.manager)
    address = reverse("members", args=["hay"])
    send(client, address, form_in(client.get(address), address), email="New@Example.org", language="fr", role="manager")

    letter, invitation = Letter.objects.get(), Invitation.objects.get()
    assert (letter.to, letter.language) == ("new@example.org", "fr")
    assert letter.subject.startswith("Invitation à rejoindre")
    found = re.search(r"http://127.0.0.1:8000(/fr/accounts/invitations/\S+)", letter.text)
    assert found
    assert "new@example.org" in Client().get(found[1]).content.decode()
    assert (invitation.role, invitation.invited_by) == ("manager", cast.manager)


def test_no_name_breaks_the_letters_header(cast: Cast) -> None:
    cast.association.name_fr = "Jar\nBcc: everybody@example.org"
    invitation = invited(cast)

    letter = Letter.objects.get()
    assert letter.subject.endswith("\u2068Jar Bcc: everybody@example.org\u2069 sur Iltizam")
    assert letter.to == invitation.email


@pytest.mark.parametrize("email", ["not an address", "", "a@b\nBcc: c@example.org"])
def test_what_is_no_address_is_not_invited_and_stays_in_the_form(cast: Cast, email: str) -> None:
    response = signed_in(cast.manager).post(
        reverse("members", args=["hay"]), {"email": email, "role": "member", "language": "ar"}
    )
    assert response.status_code == 422
    assert (Letter.objects.count(), Invitation.objects.count()) == (0, 0)


def test_an_address_is_invited_once_until_its_invitation_expires(cast: Cast) -> None:
    first = invited(cast, now=timezone.now() - timedelta(days=6))
    with pytest.raises(ValidationError):
        invited(cast, "NEW@example.org")
    later = timezone.now() + timedelta(days=2)
    second = invited(cast, now=later)

    first.refresh_from_db()
    assert (first.withdrawn_at, first.withdrawn_by) == (later, cast.manager)
    assert Invitation.objects.open(later).get() == second


def test_an_organisation_does_not_write_to_half_the_country(cast: Cast) -> None:
    for number in range(50):
        invited(cast, f"{number}@example.org")
    with pytest.raises(ValidationError):
        invited(cast)
    invited(cast, organisation=cast.other_association, by=cast.administrator)
    invited(cast, now=timezone.now() + timedelta(days=1, minutes=1))


def test_a_member_is_not_invited_again(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        invited(cast, cast.secretary.email)


@pytest.mark.parametrize("part", ["secretary", "other_member", "official", "moderator", "auditor", "stranger"])
def test_nobody_else_invites_withdraws_or_hands_over(cast: Cast, part: str) -> None:
    by, invitation = getattr(cast, part), invited(cast)
    membership = cast.secretary.memberships.get()
    for act in (
        lambda: invited(cast, "other@example.org", by=by),
        lambda: withdraw(invitation, by=by, now=timezone.now()),
        lambda: change_role(membership, role=ROLE.MANAGER, by=by),
        lambda: remove_member(membership, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


# Accepting


def test_opening_the_link_accepts_nothing(cast: Cast) -> None:
    invitation = invited(cast)
    for client in (Client(), signed_in(UserFactory.create(email=invitation.email))):
        assert client.get(link(invitation)).status_code == 200
    assert invitation.email not in roles(cast)


def test_somebody_without_an_account_joins_with_a_password_and_is_signed_in(cast: Cast) -> None:
    invitation, client = invited(cast), Client()
    response = client.post(link(invitation), NAMED | {"password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("workspace")
    user = User.objects.get(email=invitation.email)
    assert (user.first_name, user.language, user.check_password(PASSWORD)) == ("Nadia", "fr", True)
    invitation.refresh_from_db()
    assert (roles(cast)[user.email], invitation.accepted_by) == ("member", user)


def test_a_password_is_not_needed(cast: Cast) -> None:
    invitation = invited(cast)
    Client().post(link(invitation), NAMED)
    assert not User.objects.get(email=invitation.email).has_usable_password()


def test_a_weak_password_is_refused_and_the_name_stays_typed(cast: Cast) -> None:
    invitation = invited(cast)
    response = Client().post(link(invitation), NAMED | {"password": "short"})
    assert response.status_code == 422
    assert 'value="Nadia"' in response.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()


def test_somebody_with_an_account_signs_in_and_accepts(cast: Cast) -> None:
    address = link(invited(cast, cast.stranger.email))  # each link of an invitation carries the time of its making
    page = Client().get(address).content.decode()
    assert f"/accounts/login/?next={address}" in page.replace("%3A", ":")
    assert Client().post(address, NAMED | {"password": PASSWORD}).status_code == 200
    assert cast.stranger.email not in roles(cast)

    assert signed_in(cast.stranger).post(address).status_code == 302
    assert roles(cast)[cast.stranger.email] == "member"


def test_an_invitation_is_for_one_address_alone(cast: Cast) -> None:
    invitation = invited(cast)
    response = signed_in(cast.stranger).post(link(invitation))
    assert response.status_code == 403
    assert invitation.email not in response.content.decode()
    assert cast.stranger.email not in roles(cast)


def test_the_sites_staff_does_not_become_a_member(cast: Cast) -> None:
    invitation = invited(cast, cast.moderator.email)
    assert signed_in(cast.moderator).post(link(invitation)).status_code == 422
    assert cast.moderator.email not in roles(cast)


@pytest.mark.parametrize("end", ["used", "withdrawn", "expired", "forged", "of another key"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_leads_nowhere_and_says_nothing_of_accounts(cast: Cast, end: str, method: str) -> None:
    invitation = invited(cast)
    address = link(invitation)
    if end == "used":
        join(invitation, password="", now=timezone.now(), **NAMED)
    elif end == "withdrawn":
        withdraw(invitation, by=cast.manager, now=timezone.now())
    elif end == "expired":
        Invitation.objects.update(invited_at=timezone.now() - timedelta(days=9), expires_at=timezone.now())
    elif end == "forged":
        address = reverse("invitation", args=[signing.dumps(invitation.pk, salt="another")])
    else:
        address = reverse("invitation", args=[signing.dumps(invitation.pk, salt=SALT, key="another")])
    before = roles(cast)
    response: Any = getattr(Client(), method)(address, NAMED)
    assert response.status_code == 404
    assert invitation.email not in response.content.decode()
    assert roles(cast) == before


def test_what_is_withdrawn_after_it_was_accepted_stays_accepted(cast: Cast) -> None:
    invitation = invited(cast, cast.stranger.email)
    accept(invitation, user=cast.stranger, now=timezone.now())
    withdraw(invitation, by=cast.manager, now=timezone.now())
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.withdrawn_at) == (cast.stranger, None)


def test_a_member_does_not_accept_a_second_membership(cast: Cast) -> None:
    invitation = invited(cast, cast.stranger.email)
    MembershipFactory.create(user=cast.stranger, organisation=cast.association, role=ROLE.MANAGER)
    assert signed_in(cast.stranger).post(link(invitation)).status_code == 422
    assert roles(cast)[cast.stranger.email] == "manager"


def test_two_who_accept_at_once_become_one_member(cast: Cast, flushable: None) -> None:
    invitation = invited(cast)

    def act(_index: int) -> bool:
        try:
            join(invitation, password="", now=timezone.now(), **NAMED)
        except ValidationError:
            return False
        return True

    assert sorted(at_once(2, act)) == [False, True]
    assert (User.objects.filter(email=invitation.email).count(), len(roles(cast))) == (1, 3)


# Handing over, and leaving


def test_a_manager_hands_over_and_steps_back(cast: Cast) -> None:
    client = signed_in(cast.manager)
    secretary, manager = cast.secretary.memberships.get(), cast.manager.memberships.get()
    client.post(reverse("member_role", args=["hay", secretary.pk]), {"role": "manager", "confirm": "1"})
    client.post(reverse("member_role", args=["hay", manager.pk]), {"role": "member", "confirm": "1"})
    assert roles(cast) == {cast.secretary.email: "manager", cast.manager.email: "member"}


def test_nobody_changes_a_role_by_one_press(cast: Cast) -> None:
    client, before = signed_in(cast.manager), roles(cast)
    secretary, manager = cast.secretary.memberships.get(), cast.manager.memberships.get()
    address = reverse("member_role", args=["hay", secretary.pk])
    page = client.post(address, {"role": "manager"})
    assert (roles(cast), str(cast.secretary) in page.content.decode()) == (before, True)
    client.post(address, form_in(page, address) | {"confirm": "1"})
    assert roles(cast)[cast.secretary.email] == "manager"

    address = reverse("member_role", args=["hay", manager.pk])
    page = client.post(address, {"role": "member"})
    assert roles(cast)[cast.manager.email] == "manager"
    shown = page.content.decode()
    assert f"<bdi>{cast.secretary}</bdi>" in shown.split("<h1>")[1]  # who manages it afterwards
    client.post(address, form_in(page, address) | {"confirm": "1"})
    assert roles(cast)[cast.manager.email] == "member"


def test_who_manages_alone_is_told_so_before_anything_is_asked(cast: Cast) -> None:
    client, membership = signed_in(cast.manager), cast.manager.memberships.get()
    for route in ("member_role", "member_remove"):
        response: Any = client.post(reverse(route, args=["hay", membership.pk]), {"role": "member"}, follow=True)
        assert response.redirect_chain == [(reverse("members", args=["hay"]), 302)]
        assert 'data-tone="not_kept"' in response.content.decode()


def test_whoever_leaves_reads_what_it_means_for_themselves(cast: Cast) -> None:
    MembershipFactory.create(user=cast.stranger, organisation=cast.association, role=ROLE.MANAGER)
    address = reverse("member_remove", args=["hay", cast.manager.memberships.get().pk])
    with translation.override("en"):
        page = words(signed_in(cast.manager).post(f"/en{address}"))
    assert "Leave the organisation?" in page
    assert f"These manage it afterwards: {cast.stranger}" in page


def test_the_last_manager_does_not_leave_without_a_successor(cast: Cast) -> None:
    membership = cast.manager.memberships.get()
    MembershipFactory.create(user=UserFactory.create(is_active=False), organisation=cast.association, role=ROLE.MANAGER)
    with pytest.raises(ValidationError):
        change_role(membership, role=ROLE.MEMBER, by=cast.manager)
    with pytest.raises(ValidationError):
        remove_member(membership, by=cast.manager)
    page = signed_in(cast.manager).post(
        reverse("member_remove", args=["hay", membership.pk]), {"confirm": "1"}, follow=True
    )
    assert 'data-tone="not_kept"' in page.content.decode()

    remove_member(membership, by=cast.administrator)
    assert cast.manager.email not in roles(cast)


def test_of_managers_who_all_leave_at_once_one_stays(cast: Cast, flushable: None) -> None:
    users = [cast.manager, *(UserFactory.create() for _index in range(5))]
    for user in users[1:]:
        MembershipFactory.create(user=user, organisation=cast.association, role=ROLE.MANAGER)

    def leave(index: int) -> bool:
        try:
            remove_member(users[index].memberships.get(), by=users[index])
        except ValidationError:
            return False
        return True

    assert sorted(at_once(6, leave)) == [False] + [True] * 5
    assert list(roles(cast).values()).count("manager") == 1


def test_removing_asks_first_and_ends_the_voice_at_once(cast: Cast) -> None:
    client, theirs = signed_in(cast.manager), signed_in(cast.secretary)
    address = reverse("member_remove", args=["hay", cast.secretary.memberships.get().pk])
    assert cast.secretary.email in client.post(address).content.decode()
    assert cast.secretary.email in roles(cast)
    client.post(address, {"confirm": "1"})
    assert theirs.get(reverse("workspace")).status_code == 403


def test_a_plain_member_sees_who_is_there_and_nothing_to_press(cast: Cast) -> None:
    invited(cast)
    response: Any = signed_in(cast.secretary).get(reverse("own_members"), follow=True)
    page = response.content.decode()
    assert cast.manager.email in page
    assert "new@example.org" not in page
    assert "/remove/" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        MembershipFactory.create(organisation=cast.association)
        invited(cast, f"{number}@example.org")
    client = signed_in(cast.manager)
    with django_assert_num_queries(14):
        client.get(reverse("members", args=["hay"]))


# What the database itself keeps


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "Upper@example.org"},
        {"role": "chief"},
        {"language": "xx"},
        {"accepted_at": timezone.now()},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_the_database_refuses_an_invitation_that_makes_no_sense(cast: Cast, fields: dict[str, Any]) -> None:
    invitation = invited(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**fields)


@pytest.mark.parametrize("part", ["administrator", "auditor"])
def test_who_let_whom_in_is_there_to_read(cast: Cast, part: str) -> None:
    accept(invited(cast, cast.stranger.email), user=cast.stranger, now=timezone.now())
    page = signed_in(getattr(cast, part)).get(reverse("admin:accounts_invitation_changelist")).content.decode()
    assert cast.stranger.email in page
