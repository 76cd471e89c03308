"""A letter on a phone, and the page on which one chooses which to get."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.cast import Cast
from tests.factories import PASSWORD, published_meeting


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fr", "ltr")])
def test_a_letter_can_be_read_on_a_narrow_phone(
    open_page: OpenPage, cast: Cast, axe: Callable[[Page], None], language: str, direction: str
) -> None:
    cast.official.language = language
    cast.official.save()
    published_meeting(host=cast.agency, pledges=[{"title": "دورية ليلية قرب الثانوية"}, {"title": "Éclairage"}])
    letter: Any = next(each for each in mail.outbox if each.to == [cast.official.email])
    page = open_page(screen=PHONE)
    page.set_content(letter.alternatives[0][0])
    assert page.evaluate("getComputedStyle(document.body).direction") == direction
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width
    axe(page)


@pytest.mark.parametrize(("screen", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone-light", "desk-dark"])
def test_somebody_turns_a_mail_off(page: Page, cast: Cast, axe: Callable[[Page], None]) -> None:
    page.goto("/en/desk/mail/")
    page.get_by_label("Email").fill(cast.official.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_label("Once a week, what waits for you").uncheck()
    page.get_by_label("Français").check()
    axe(page)
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Your choice is saved.").is_visible()
    assert not page.get_by_label("Once a week, what waits for you").is_checked()
    assert page.get_by_label("Pledges whose date has passed").is_checked()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
