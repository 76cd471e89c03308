"""A meeting is logged, reviewed and published by the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from commitments.models import Pledge
from tests.browser.conftest import DESK, OpenPage
from tests.browser.test_main_job import Axe, Visit, typed
from tests.cast import Cast

FURTHEST = 120  # presses of the tabulator from one field to the next that is wanted


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until the focus is there."""
    for _press in range(FURTHEST):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the tabulator does not reach {selector}")


def write(page: Page, selector: str, text: str) -> None:
    """Go there and type."""
    tab_to(page, selector)
    page.keyboard.type(text)


def find(page: Page, name: str, text: str) -> None:
    """Go to a list in which one finds as one types, and take the first that is found."""
    write(page, f"[name={name}_name]", text)
    expect(page.locator("[role=option]:visible").first).to_contain_text(text)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_meeting_is_published_without_a_mouse(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    page = open_page(screen=DESK)
    visit = Visit(page, "ar", axe)
    visit.sign_in(cast.manager)
    visit.go("/workspace/meetings/new/")
    write(page, "[name=title]", "لقاء بالحي")
    write(page, "[name=held_on]", typed(timezone.localdate() - timedelta(days=2)))
    find(page, "host", cast.agency.name_ar)
    tab_to(page, "[name=neighbourhoods]")
    page.keyboard.press("Space")
    tab_to(page, "button[value=add-pledges]")
    page.keyboard.press("Enter")
    expect(page.locator("#id_pledges-1-title")).to_be_focused()
    page.keyboard.type("دوريات ليلية")
    tab_to(page, "[name=pledges-1-kind]")
    page.keyboard.press("ArrowDown")
    find(page, "pledges-1-responsible", cast.agency.name_ar)
    tab_to(page, "button[value=review]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/**")
    visit.look()
    tab_to(page, "[name=has_read]")
    page.keyboard.press("Space")
    tab_to(page, "form[action*=publish] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/published/")
    pledge = Pledge.objects.published().get()
    assert (pledge.title, pledge.responsible, pledge.meeting.host) == ("دوريات ليلية", cast.agency, cast.agency)
    assert list(pledge.meeting.neighbourhoods.all()) == [cast.neighbourhood]
