"""The next meeting on a phone in Arabic: prepared, printed, held, published, and read by a resident."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from meetings.models import Meeting
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_formal_letter import pages
from tests.browser.test_main_job import Visit, typed
from tests.cast import Cast
from tests.factories import published_meeting

Axe = Callable[[Page], None]


def test_the_next_meeting_is_prepared_printed_held_and_read(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    earlier = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        by=cast.manager,
        held_on=timezone.localdate() - timedelta(days=60),
        now=timezone.now() - timedelta(days=59),
        pledges=[
            {"title": f"تكثيف الدوريات الليلية بمحيط القطب الجامعي ومداخل الحي، رقم {each}"} for each in range(12)
        ],
        concerns=[{}],
        participants=[{"role": "رئيس منطقة الأمن", "organisation": cast.agency, "side": "agency"}],
    )
    visit = Visit(open_page(screen=PHONE), "ar", axe)
    page = visit.page
    visit.sign_in(cast.manager)
    visit.follow(page.get_by_role("link", name=visit.words("Prepare the next meeting")))
    visit.press("Build the agenda")
    page.locator("[name=kept]").nth(1).uncheck()
    page.fill("[name=points]", "تنظيم وقوف السيارات")
    visit.press("Save the agenda")
    visit.follow(page.get_by_role("link", name=visit.words("Print the agenda")))
    for language in ("fr", "ar"):
        visit.follow(page.locator(f".buttons a[lang={language}]"))
        assert pages(page.pdf(prefer_css_page_size=True)) <= 2
    expect(page.locator(".agenda-sheet")).to_contain_text("تنظيم وقوف السيارات")
    meeting = Meeting.objects.drafts().get()
    outcomes = f"/workspace/meetings/{meeting.pk}/outcomes/"
    visit.go(outcomes)
    page.locator("select").first.select_option("carried_out")
    page.locator("textarea").first.fill("الدوريات منتظمة منذ شهر")
    page.get_by_role("button", name=visit.words("Save, and say who took part")).first.click()
    visit.look()
    page.locator("[name=participants-0-attendance]").evaluate(
        "each => { const d = each.closest('details'); if (d) d.open = true }"
    )
    page.select_option("[name=participants-0-attendance]", "present")
    page.fill("[name=held_on]", typed(timezone.localdate()))
    visit.press("Save the draft")
    visit.go(outcomes)
    expect(page.locator("textarea").first).to_have_value("الدوريات منتظمة منذ شهر")
    page.locator(f"[value=by-{cast.agency.pk}]").first.check()
    visit.press("Save the outcomes")
    visit.go(f"/workspace/meetings/{meeting.pk}/")
    page.locator("[name=concerns-0-text]").evaluate(
        "each => { const d = each.closest('details'); if (d) d.open = true }"
    )
    page.fill("[name=concerns-0-text]", "وقوف السيارات")
    visit.press("Review and publish")
    page.locator("[name=has_read]").first.check()
    page.locator("form[action$='/publish/'] button").first.click()
    visit.look()
    reader = Visit(open_page(screen=PHONE), "ar", axe)
    reader.go(f"/pledges/{earlier.pledges.get(number=1).pk}/")
    reader.look()
    expect(reader.page.locator("#reviewed")).to_contain_text("الدوريات منتظمة منذ شهر")
    expect(reader.page.locator("#reviewed")).to_contain_text("صرّحت المصلحة وحدها في لقاء، حسب محضر الجمعية")
