"""Getting in: by an invitation on a phone, by a passkey, and by an app and its codes."""

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import PHONE, OpenPage
from tests.cast import Cast
from tests.factories import PASSWORD

Axe = Callable[[Page], None]


def look(page: Page, axe: Axe) -> None:
    """Hold a page to the accessibility rules and to the width of the screen."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"too wide: {page.url}"
    axe(page)


def press(page: Page, message: str, language: str = "ar") -> None:
    """Press the button or follow the link of this name."""
    with translation.override(language):
        name = gettext(message)
    page.locator("main").get_by_role("button", name=name, exact=True).or_(
        page.locator("main").get_by_role("link", name=name, exact=True)
    ).first.click()


def sign_in(page: Page, user: User, prefix: str = "") -> None:
    page.goto(f"{prefix}/accounts/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def test_a_manager_invites_and_the_one_who_is_asked_joins_on_a_phone_in_french(
    open_page: OpenPage, axe: Axe, cast: Cast, live_server: Any, settings: Any
) -> None:
    manager = open_page()
    settings.SITE_URL = live_server.url
    sign_in(manager, cast.manager)
    manager.goto(reverse("own_members"))
    look(manager, axe)
    manager.fill("[name=email]", "nadia@example.org")
    manager.check("input[type=radio][name=role][value=member]")
    manager.select_option("[name=language]", "fr")
    press(manager, "Send the invitation")
    expect(manager.locator("main")).to_contain_text("nadia@example.org")
    look(manager, axe)

    (letter,) = mail.outbox
    link = re.search(r"^http\S+/fr/accounts/invitations/\S+$", str(letter.body), re.MULTILINE)
    assert link
    invited = open_page(screen=PHONE)
    invited.goto(link[0])
    look(invited, axe)
    invited.fill("[name=first_name]", "Nadia")
    invited.fill("[name=last_name]", "Amrani")
    invited.fill("[name=password]", "court")
    press(invited, "Accept the invitation", "fr")
    expect(invited.locator(".error-summary")).to_be_visible()
    look(invited, axe)
    invited.fill("[name=password]", PASSWORD)
    press(invited, "Accept the invitation", "fr")
    expect(invited).to_have_url(re.compile("/fr/workspace/$"))
    look(invited, axe)

    manager.reload()
    expect(manager.locator("main")).to_contain_text("Nadia Amrani")


def test_a_passkey_is_added_and_signs_in_by_itself(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    page = open_page(screen=PHONE)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, cast.official)
    page.goto(reverse("mfa_index"))
    look(page, axe)
    press(page, "Add a passkey")
    look(page, axe)
    page.fill("main [name=password]", PASSWORD)
    press(page, "Go on")
    look(page, axe)
    page.check("[name=passwordless]")
    press(page, "Add the passkey")
    expect(page).to_have_url(re.compile(reverse("mfa_view_recovery_codes")))
    look(page, axe)
    assert Authenticator.objects.filter(user=cast.official, type="webauthn").count() == 1

    page.goto(reverse("account_logout"))
    press(page, "Sign out")
    page.goto(reverse("account_login"))
    look(page, axe)
    expect(page.locator("[data-passkey-failed]")).to_be_hidden()
    press(page, "Use a passkey")
    expect(page).to_have_url(re.compile(reverse("inbox")))


def test_a_passkey_that_is_not_there_is_told_on_the_page(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    page = open_page(screen=PHONE)
    page.goto(reverse("account_login"))
    expect(page.locator("[data-passkey-failed]")).to_be_hidden()
    page.evaluate("document.dispatchEvent(new CustomEvent('allauth.error', { cancelable: true }))")
    expect(page.locator("[data-passkey-failed]")).to_be_focused()
    look(page, axe)


def test_a_moderator_sets_an_app_up_and_only_then_moderates(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    Authenticator.objects.all().delete()
    page = open_page(screen=PHONE)
    sign_in(page, cast.moderator)
    expect(page).to_have_url(re.compile("/accounts/2fa/$"))
    look(page, axe)
    press(page, "Set up an app")
    page.fill("main [name=password]", PASSWORD)
    press(page, "Go on")
    look(page, axe)
    code = format_hotp_value(hotp_value(page.input_value("#secret"), int(time.time()) // 30))
    page.fill("[name=code]", code)
    press(page, "Set up the app")
    look(page, axe)
    press(page, "I have them: to my desk")
    expect(page).to_have_url(re.compile("/moderation/$"))
    page.goto(reverse("account"))
    look(page, axe)
    page.goto(reverse("usersessions_list"))
    look(page, axe)
