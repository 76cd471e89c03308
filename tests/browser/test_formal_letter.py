"""The letter on a phone, and on the one page of paper that it is printed on."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from commitments.models import Pledge
from commitments.speaking import answer
from tests.browser.conftest import DESK, PHONE, OpenPage, Screen
from tests.browser.test_main_job import Visit
from tests.cast import Cast
from tests.commitments.views.test_formal_letter import promised

Axe = Callable[[Page], None]


def pages(pdf: bytes) -> int:
    """How many pages a PDF has: each is an object of the type Page, beside the tree of the type Pages."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(("site", "screen"), [("ar", PHONE), ("fr", DESK)], ids=["ar-phone", "fr-desk"])
def test_a_silent_pledge_becomes_a_letter_on_one_page(
    open_page: OpenPage, axe: Axe, cast: Cast, site: str, screen: Screen
) -> None:
    pledge = promised(cast, days_ago=200)
    for day in (150, 140, 130, 120):
        answer(
            pledge,
            status=Pledge.Status.IN_PROGRESS,
            by=cast.official,
            organisation=cast.agency,
            text="سنخبركم بما يستجدّ في شأن هذه الدورية " * 4,
            now=timezone.now() - timedelta(days=day),
        )
    visit = Visit(open_page(screen=screen), site, axe)
    visit.sign_in(cast.secretary)
    visit.follow(visit.page.locator("#without-news .buttons a").first)
    for language, direction in (("ar", "rtl"), ("fr", "ltr")):
        for kind in ("reminder", "request"):
            visit.page.locator(f"[name=as][value={kind}]").check()
            visit.page.locator(f"[name=language][value={language}]").check()
            visit.page.fill("[name=name]", "فاطمة ب.")
            visit.press("Prepare the letter")
            letter = visit.page.locator(".formal-letter")
            assert letter.evaluate("each => getComputedStyle(each).direction") == direction
            assert "فاطمة ب." in letter.inner_text()
            assert "name=" not in visit.page.url
            assert pages(visit.page.pdf(prefer_css_page_size=True)) == 1
    visit.page.fill("[name=role]", "الرئيسة")
    visit.page.locator(".site-tools button[lang=en]").click()
    visit.page.wait_for_url("**/en/workspace/**")
    assert visit.page.input_value("[name=name]") == "فاطمة ب."
    assert "الرئيسة" in visit.page.locator(".formal-letter").inner_text()
    assert visit.page.locator("[data-prints]").is_visible()
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".formal-letter").is_visible()
    assert visit.page.locator("form").first.is_hidden()
    assert visit.page.locator(".site-header").is_hidden()
