"""A pledge that recurs, built by touch: its words and next days before saving, a sign by one press, read in public."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from commitments.models import Pledge, PledgeKind
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Axe, Visit, open_row
from tests.cast import Cast
from tests.factories import MeetingFactory, PledgeFactory

WEEKDAYS = "كل أسبوع: من الاثنين إلى السبت"


@pytest.mark.browser
def test_a_pledge_that_recurs_is_told_back_before_it_is_saved(cast: Cast, open_page: OpenPage, axe: Axe) -> None:
    page = open_page(screen=PHONE)
    visit = Visit(page, "ar", axe)
    draft = MeetingFactory.create(
        title="لقاء", logged_by=cast.association, host=cast.agency, held_on=timezone.localdate(), language="ar",
        neighbourhoods=[cast.neighbourhood],
    )  # fmt: skip
    kind = PledgeKind.objects.get(slug="patrol")
    PledgeFactory.create(meeting=draft, title="دورية", kind=kind, responsible=cast.agency)
    visit.sign_in(cast.manager)
    visit.go(f"/workspace/meetings/{draft.pk}/")
    row = page.locator("#pledge-1")
    told = row.locator(".in-words")
    open_row(page, "pledges-0-repeats")
    page.select_option("[name=pledges-0-timing]", "recurring")
    page.select_option("[name=pledges-0-repeats]", "school")
    page.fill("[name=pledges-0-opens_1]", "08:00")
    page.fill("[name=pledges-0-closes_1]", "09:00")
    expect(page.locator("[name=pledges-0-month_day]")).to_be_hidden()
    page.locator("label[for=id_pledges-0-except_holidays]").tap()
    expect(told).to_contain_text(f"{WEEKDAYS} · من 08:00 إلى 09:00 · باستثناء أيام العطل الرسمية")
    expect(told.locator("p", has_text="الأيام المقبلة:").locator(".day")).to_have_count(5)
    assert Pledge.objects.get().rule == ""  # told, and not stored
    look_while_it_is_told_anew(page)
    expect(told).not_to_contain_text("باستثناء أيام العطل الرسمية")
    told.locator("[data-sign]").first.tap()
    expect(page.locator("[name=pledges-0-sign]")).to_have_value(re.compile("^يرى السكان الدورية"))
    expect(page.locator("[name=pledges-0-sign_from]")).to_have_value("association")
    expect(told.locator("[data-sign]")).to_have_count(0)
    visit.look()
    visit.press("Review and publish")
    expect(page.locator("main")).to_contain_text(WEEKDAYS)
    page.locator("[name=has_read]").first.check()
    page.locator("form[action*=publish] button").first.tap()
    expect(page).to_have_url(re.compile("/published/"))
    pledge = Pledge.objects.published().get()
    visit.go(pledge.get_absolute_url())
    visit.look()
    expect(page.locator(".facts")).to_contain_text(f"{WEEKDAYS} · من 08:00 إلى 09:00")
    expect(page.locator(".facts")).to_contain_text("اقترحتها الجمعية")


def look_while_it_is_told_anew(page: Page) -> None:
    """What stands there can be read as before until the answer comes."""
    held: list[Route] = []
    page.route("**/pledge-in-words/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/pledge-in-words/"):
        page.locator("label[for=id_pledges-0-except_holidays]").tap()
    expect(page.locator(".htmx-request [data-sign]").first).to_have_css("opacity", "1")
    held[0].continue_()
