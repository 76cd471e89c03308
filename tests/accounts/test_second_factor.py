"""The second factor, codes by mail, and sessions: through allauth, in our pages."""

import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import PASSWORD, SECRET

STAFF = ("moderator", "administrator", "auditor")


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def passes_the_password(email: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    response: Any = client.get(reverse("account"))
    return bool(response.status_code == 200)


def mailed_code(client: Client, mailoutbox: Any, email: str) -> str:
    client.post(reverse("account_request_login_code"), {"email": email})
    return str(next(line for line in mailoutbox[-1].body.splitlines() if line.replace("-", "").isdigit()))


# The site's staff


@pytest.mark.parametrize("part", STAFF)
@pytest.mark.parametrize(
    "address",
    ["/desk/", "/moderation/", "/moderation/pledges/1/", "/en/admin/", "/inbox/", "/accounts/", "/accounts/sessions/"],
)
def test_staff_without_a_second_factor_reach_nothing_but_the_page_that_sets_one_up(
    cast: Cast, part: str, address: str
) -> None:
    user = getattr(cast, part)
    Authenticator.objects.filter(user=user).delete()
    client = signed_in(user)
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 302
        assert str(response.headers["Location"]).endswith("/accounts/2fa/")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(cast: Cast) -> None:
    Authenticator.objects.update(type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    assert signed_in(cast.moderator).get("/moderation/").status_code == 302


def test_staff_without_a_second_factor_read_what_everybody_reads_and_sign_out(cast: Cast) -> None:
    Authenticator.objects.all().delete()
    client = signed_in(cast.moderator)
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_staff_set_an_app_up_and_go_on(cast: Cast) -> None:
    Authenticator.objects.all().delete()
    client = passes_the_password(cast.moderator.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    address = reverse("mfa_activate_totp")
    secret = client.get(address).context["form"].secret
    response: Any = client.post(address, {"code": code(secret)}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(response.context["unused_codes"]) == 10
    assert client.get("/moderation/").status_code == 200


def test_who_lost_everything_begins_anew_by_a_command_on_the_server(cast: Cast) -> None:
    call_command("forget_second_factor", "Moderator@example.org", stdout=StringIO())
    assert signed_in(cast.moderator).get("/moderation/").headers["Location"] == "/accounts/2fa/"
    assert signed_in(cast.auditor).get("/accounts/").status_code == 200
    with pytest.raises(CommandError):
        call_command("forget_second_factor", "nobody@example.org")


# Signing in


def test_a_password_alone_is_not_enough_once_there_is_a_second_factor(cast: Cast) -> None:
    client = passes_the_password(cast.moderator.email)
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert is_in(client)


def test_a_code_of_the_app_works_once(cast: Cast) -> None:
    said = code()
    for expected in (True, False):
        client = passes_the_password(cast.moderator.email)
        client.post(reverse("mfa_authenticate"), {"code": said})
        assert is_in(client) == expected


def test_a_recovery_code_works_once(cast: Cast) -> None:
    client = signed_in(cast.moderator)
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    client.post(reverse("mfa_generate_recovery_codes"))
    recovery = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for expected in (True, False):
        other = passes_the_password(cast.moderator.email)
        other.post(reverse("mfa_authenticate"), {"code": recovery})
        assert is_in(other) == expected


def test_a_mailed_code_signs_in_once_in_the_language_of_the_reader(cast: Cast, mailoutbox: Any) -> None:
    type(cast.official).objects.filter(pk=cast.official.pk).update(language="fr", password="!")
    client = Client()
    said = mailed_code(client, mailoutbox, cast.official.email)
    assert mailoutbox[-1].subject.endswith("Votre code de connexion")
    client.post(reverse("account_confirm_login_code"), {"code": said})
    assert client.get(reverse("inbox")).status_code == 200

    other = Client()
    mailed_code(other, mailoutbox, cast.official.email)
    other.post(reverse("account_confirm_login_code"), {"code": said})
    assert not is_in(other)


def test_a_mailed_code_does_not_replace_the_second_factor(cast: Cast, mailoutbox: Any) -> None:
    client = Client()
    said = mailed_code(client, mailoutbox, cast.moderator.email)
    response = client.post(reverse("account_confirm_login_code"), {"code": said})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


def test_three_wrong_codes_void_the_right_one(cast: Cast, mailoutbox: Any) -> None:
    client = Client()
    said = mailed_code(client, mailoutbox, cast.official.email)
    for sent in ("000-000-000", "000-000-001", "000-000-002", said):
        client.post(reverse("account_confirm_login_code"), {"code": sent})
    assert not is_in(client)


def test_nobody_learns_who_has_an_account(cast: Cast, mailoutbox: Any) -> None:
    pages = []
    for email in ("nobody@example.org", cast.official.email):
        response = Client().post(reverse("account_request_login_code"), {"email": email}, follow=True)
        page = response.content.decode().replace(email, "")
        pages.append([line for line in page.splitlines() if "csrfmiddlewaretoken" not in line])
    assert pages[0] == pages[1]
    assert [letter.to for letter in mailoutbox] == [[cast.official.email]]


# Sessions


def test_one_sees_where_one_is_signed_in_and_signs_out_there(cast: Cast) -> None:
    here, there = passes_the_password(cast.official.email), passes_the_password(cast.official.email)
    page = here.get(reverse("usersessions_list")).content.decode()
    elsewhere = UserSession.objects.get(session_key=there.session.session_key)
    assert page.count("<bdi>127.0.0.1</bdi>") == 2
    here.post(reverse("account_end_session", args=[elsewhere.pk]))
    assert (is_in(here), is_in(there)) == (True, False)


def test_one_signs_out_everywhere_else(cast: Cast) -> None:
    here, *others = [passes_the_password(cast.official.email) for _ in range(3)]
    here.post(reverse("usersessions_list"))
    assert [is_in(client) for client in (here, *others)] == [True, False, False]


def test_an_ip_address_is_forgotten_when_the_session_is_over(cast: Cast) -> None:
    passes_the_password(cast.official.email)
    Session.objects.all().delete()
    passes_the_password(cast.secretary.email)
    assert list(UserSession.objects.values_list("user__email", flat=True)) == [cast.secretary.email]


# Every address of allauth answers in our words


@pytest.mark.parametrize("language", ["", "/fr", "/en"])
def test_each_page_of_an_account_is_ours(cast: Cast, language: str) -> None:
    TOTP.activate(cast.official, SECRET)
    client = signed_in(cast.official)
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    client.post(reverse("mfa_generate_recovery_codes"))
    for name in (
        "account", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
        "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list",
    ):  # fmt: skip
        response = client.get(language + reverse(name))
        assert (name, response.status_code) == (name, 200)
        assert "site-header" in response.content.decode()


@pytest.mark.parametrize("address", ["email/", "confirm-email/", "confirm-email/abc/", "phone/change/", "social/"])
def test_nobody_changes_their_own_address(cast: Cast, address: str) -> None:
    assert signed_in(cast.official).get(f"/accounts/{address}").status_code == 404


def test_one_says_how_one_is_called_and_nothing_else(cast: Cast) -> None:
    client = signed_in(cast.official)
    client.post(reverse("account"), {"first_name": "Nadia", "last_name": "B.", "site_role": "moderator"})
    cast.official.refresh_from_db()
    assert (str(cast.official), cast.official.site_role) == ("Nadia B.", "")
