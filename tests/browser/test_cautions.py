"""Before and after publishing, on a phone in Arabic: warned, mended, published, corrected."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from meetings.models import Meeting
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Visit
from tests.cast import Cast
from tests.factories import MeetingFactory, ParticipantFactory, PledgeFactory, SourceFactory

Axe = Callable[[Page], None]


def drafted(cast: Cast) -> Meeting:
    meeting: Meeting = MeetingFactory.create(
        title="لقاء الحي",
        summary="للاتصال 0612345678",
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
    )
    ParticipantFactory.create(meeting=meeting, name="محمد اليازيدي", role="رئيس", naming="public_role")
    SourceFactory.create(meeting=meeting)
    PledgeFactory.create(meeting=meeting, title="دورية أمام دار السيدة فاطمة بناني")
    return meeting


def test_what_was_warned_of_is_mended_and_a_role_is_corrected(open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    meeting = drafted(cast)
    visit = Visit(open_page(screen=PHONE), "ar", axe)
    page = visit.page
    visit.sign_in(cast.manager)
    page.goto(f"/workspace/meetings/{meeting.pk}/review/")
    visit.look()
    cautions = page.locator("#cautions ~ ul li")
    expect(cautions).to_have_count(2)
    visit.follow(cautions.locator("a").first)
    expect(page.locator("#id_summary")).to_be_visible()
    page.fill("#id_summary", "")
    page.fill("#id_pledges-0-title", "دورية أمام المدرسة")
    visit.press("Review and publish")
    expect(page.locator("#cautions")).to_have_count(0)
    page.locator(f"form[action$='/{meeting.pk}/publish/'] button").first.click()
    visit.look()
    page.goto(f"/workspace/meetings/{meeting.pk}/correct/")
    visit.look()
    visit.follow(page.locator("a[href$='/participant-1/']"))
    page.fill("[name=role]", "نائب الرئيس")
    page.fill("[name=reason]", "خطأ في السماع")
    visit.press("See old and new side by side")
    visit.press("Publish the correction")
    page.goto(f"/meetings/{meeting.pk}/")
    visit.look()
    expect(page.locator(".change del")).to_contain_text("محمد اليازيدي · رئيس")
    expect(page.locator(".change ins")).to_contain_text("محمد اليازيدي · نائب الرئيس")
