"""A table of past meetings, from a phone: the template, a fault, the drafts."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from meetings.models import Meeting
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Visit
from tests.cast import Cast

Axe = Callable[[Page], None]
# What is pressed and lower than a finger is wide, but for links inside a sentence and what only a keyboard presses.
LOW = """[...document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden], [type=checkbox])")]
  .filter((each) => each.checkVisibility() && !each.matches(".visually-hidden, .skip, p > a:not(:only-child)"))
  .filter((each) => each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML)"""
FILLED = "{heads}\n2/3/2026;لقاء حي أزرو;{host};tamersit;دورية كل مساء;district;{due}\n"


def test_a_filled_template_becomes_drafts(open_page: OpenPage, axe: Axe, cast: Cast, tmp_path: Path) -> None:
    visit = Visit(open_page(screen=PHONE), "ar", axe)
    page = visit.page
    visit.sign_in(cast.secretary)
    assert page.evaluate(LOW) == []
    visit.follow(page.locator("a[href$='/workspace/import/']"))
    assert page.evaluate(LOW) == []
    with page.expect_download() as download:
        page.locator("a[href*='template/simple/csv/'][href$='in=ar']").click()
    heads = Path(download.value.path()).read_text("utf-8-sig").strip()
    table = tmp_path / "لقاءات.csv"
    for due in ("غدا", "1 يوليوز 2026"):
        table.write_text(FILLED.format(heads=heads, host="district", due=due), "utf-8")
        page.set_input_files("[name=file]", table)
        visit.press("Look at what would be made")
        if due == "غدا":
            assert "«الأجل»" in page.locator("[role=alert]").inner_text().replace("\u2068", "").replace("\u2069", "")
    visit.press("Make the drafts")
    assert page.get_by_text("لقاء حي أزرو").is_visible()
    assert Meeting.objects.get().pledges.get().responsible == cast.agency
