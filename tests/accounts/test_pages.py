"""Signing in and all that comes with it, in our own pages; nobody makes an account for themselves."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import PASSWORD

LANGUAGES = {"ar": "", "fr": "/fr", "en": "/en"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_a_stranger_reads_the_page_in_each_language(db: None, name: str, language: str) -> None:
    response = Client().get(LANGUAGES[language] + reverse(name))

    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize(
    "name", ["account", "account_logout", "account_change_password", "usersessions_list", "mfa_index"]
)
def test_a_member_reads_the_page(cast: Cast, name: str) -> None:
    assert signed_in(cast.secretary).get(reverse(name)).status_code == 200


def test_nobody_makes_an_account_for_themselves(db: None) -> None:
    sent = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}

    Client().post(reverse("account_signup"), sent)

    assert not User.objects.exists()


def test_signing_in_leads_to_ones_desk(cast: Cast) -> None:
    response = Client().post(
        reverse("account_login"), {"login": cast.official.email, "password": PASSWORD}, follow=True
    )

    assert response.redirect_chain[-1][0] == reverse("inbox")


def test_a_wrong_password_is_told_in_the_language_of_the_page_and_keeps_the_address(cast: Cast) -> None:
    sent = {"login": cast.official.email, "password": "wrong"}
    page = Client().post(f"/fr{reverse('account_login')}", sent).content.decode()

    assert f'value="{cast.official.email}"' in page
    assert "error-summary" in page


def test_a_forgotten_password_is_set_by_mail_and_tells_nobody_who_has_an_account(cast: Cast) -> None:
    for address in (cast.official.email, "nobody@example.org"):
        response = Client().post(reverse("account_reset_password"), {"email": address})
        assert response.headers["Location"] == reverse("account_reset_password_done")

    assert [message.to for message in mail.outbox if "/password/reset/key/" in str(message.body)] == [
        [cast.official.email]
    ]


def test_signing_in_leads_to_no_other_site(cast: Cast) -> None:
    address = f"{reverse('account_login')}?next=https://elsewhere.example/"
    response = Client().post(address, {"login": cast.official.email, "password": PASSWORD})

    assert response.headers["Location"] == reverse("desk")
