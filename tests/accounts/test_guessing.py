"""Guessing is slowed down, and no stranger locks an official out (decision 0010)."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.cast import Cast
from tests.factories import PASSWORD

HERE = "198.51.100.7"


def tries(email: str, password: str, client: Client | None = None, address: str = HERE, **headers: Any) -> bool:
    """Whether this signs in."""
    client = client or Client()
    response: Any = client.post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address, **headers
    )
    return bool(response.status_code == 302)


def fail(email: str, times: int, address: str = "") -> None:
    """A stranger's failures, from one address or each from another."""
    for number in range(times):
        tries(email, "a guess", address=address or f"203.0.{number // 250}.{number % 250}")


def test_a_stranger_elsewhere_does_not_lock_an_official_out(cast: Cast) -> None:
    fail(cast.official.email, 40, address="203.0.113.9")
    assert tries(cast.official.email, PASSWORD)


def test_a_guess_from_many_addresses_is_slowed_and_a_known_browser_still_gets_in(cast: Cast) -> None:
    known = Client()
    assert tries(cast.official.email, PASSWORD, known)
    known.post(reverse("account_logout"))
    fail(cast.official.email, 101)

    assert not tries(cast.official.email, PASSWORD), "an unknown browser cannot go on guessing"
    assert tries(cast.official.email.upper(), PASSWORD, known)


def test_an_official_in_an_unknown_browser_gets_in_by_a_mailed_code_meanwhile(cast: Cast, mailoutbox: Any) -> None:
    fail(cast.official.email, 101)
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": cast.official.email}, REMOTE_ADDR=HERE)
    (letter,) = mailoutbox
    code = next(line for line in letter.body.splitlines() if line.replace("-", "").isdigit())
    client.post(reverse("account_confirm_login_code"), {"code": code}, REMOTE_ADDR=HERE)
    assert client.get(reverse("inbox")).status_code == 200


@pytest.mark.parametrize("many", [True, False], ids=["many accounts", "one account"])
def test_guessing_from_one_address_is_stopped(cast: Cast, many: bool) -> None:
    for number in range(10):
        fail(f"{number}@example.org" if many else cast.official.email, 1, address=HERE)
    assert not tries(cast.official.email, PASSWORD)


def test_a_known_browser_does_not_guess_forever(cast: Cast) -> None:
    known = Client()
    tries(cast.official.email, PASSWORD, known)
    known.post(reverse("account_logout"))
    for _ in range(5):
        tries(cast.official.email, "a guess", known)
    assert not tries(cast.official.email, PASSWORD, known)


def test_the_mark_of_a_browser_opens_no_other_account_and_cannot_be_made_up(cast: Cast) -> None:
    mine = Client()
    tries(cast.stranger.email, PASSWORD, mine)
    mine.post(reverse("account_logout"))
    fail(cast.official.email, 101)
    forged = Client()
    forged.cookies["known_browser"] = "made-up:signature"
    assert not tries(cast.official.email, PASSWORD, mine)
    assert not tries(cast.official.email, PASSWORD, forged)


def test_success_is_not_counted(cast: Cast) -> None:
    for _ in range(8):
        assert tries(cast.official.email, PASSWORD)


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_header_gives_no_new_address(cast: Cast, settings: Settings, proxies: int) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    last = f", {HERE}" if proxies else ""
    for number in range(11):
        tries(f"{number}@example.org", "a guess", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}{last}")
    told = f"192.0.2.99{last}"
    assert not tries(cast.official.email, PASSWORD, HTTP_X_FORWARDED_FOR=told)


def test_behind_a_proxy_another_client_is_another_client(cast: Cast, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        tries(f"{number}@example.org", "a guess", HTTP_X_FORWARDED_FOR=HERE)
    assert not tries(cast.official.email, PASSWORD, HTTP_X_FORWARDED_FOR=HERE)
    assert tries(cast.official.email, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.99")


def test_too_many_requests_are_told_in_words(db: None) -> None:
    response: Any = None
    for _ in range(31):
        response = Client().post(f"/fr{reverse('account_login')}", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 429
    assert '<html lang="fr"' in response.content.decode()


def test_limits_that_each_process_counts_by_itself_are_reported(settings: Settings) -> None:
    ids = [message.id for message in run_checks(include_deployment_checks=True)]
    assert "accounts.W001" in ids
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "x"}}
    ids = [message.id for message in run_checks(include_deployment_checks=True)]
    assert "accounts.W001" not in ids
    cache.close()
