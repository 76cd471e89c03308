"""A draft written on a poor connection: it saves itself, and nothing is lost when the connection or the tab is."""

from playwright.sync_api import Page, Route, expect

from meetings.models import Meeting
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Axe, Visit
from tests.cast import Cast

OFFLINE = "No connection: what you typed is kept in this browser and will be sent when it is back"


def test_what_was_typed_offline_is_there_and_sent_after_the_page_was_closed(
    open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    visit = Visit(open_page(screen=PHONE), "fr", axe)
    page = visit.page
    visit.sign_in(cast.manager)
    visit.go("/workspace/meetings/new/")
    says = page.locator("[data-says]")
    page.context.set_offline(True)
    page.fill("[name=title]", "Écrit sans réseau")
    page.fill("[name=pledges-0-title]", "Des patrouilles")
    page.click("button[value=add-pledges]")
    expect(page.locator("#id_pledges-1-title")).to_be_focused()
    page.keyboard.type("Un barrage")
    expect(says).to_have_text(visit.words(OFFLINE))
    assert not Meeting.objects.exists()
    context = page.context
    page.close()

    context.set_offline(False)
    visit.page = page = context.new_page()
    visit.go("/workspace/")
    visit.look()
    sign_out_is_told(visit, page)
    page.get_by_role("link", name="Écrit sans réseau").click()
    expect(page.locator("#id_pledges-1-title")).to_have_value("Un barrage")
    expect(page.locator(".saving")).to_have_attribute("data-state", "saved")
    visit.look()
    meeting = Meeting.objects.get()
    titles = meeting.pledges.order_by("number").values_list("title", flat=True)
    assert (meeting.title, list(titles)) == ("Écrit sans réseau", ["Des patrouilles", "Un barrage"])

    page.route("**/meetings/**", lambda route: (route.fetch(), route.abort()))  # stored, and the answer lost
    page.fill("[name=pledges-0-title]", "Des patrouilles le soir")
    page.click("button[value=add-participants]")
    page.keyboard.type("Fatima")
    expect(page.locator(".saving")).to_have_attribute("data-state", "offline")
    page.unroute("**/meetings/**")
    expect(page.locator(".saving")).to_have_attribute("data-state", "saved")
    meeting.refresh_from_db()
    assert [each.name for each in meeting.participants.all()] == ["Fatima"]
    assert meeting.pledges.count() == 2

    overtake(page, meeting)
    press_while_saving(page)
    press_offline(page)


def sign_out_is_told(visit: Visit, page: Page) -> None:
    """Pressing “sign out” leads first to what this browser still holds."""
    page.locator("[data-signs-out] button").click()  # which is told first what this browser still holds
    told = visit.words("Drafts typed in this browser that we have not received yet: {}").replace("{}", "1")
    expect(page.locator("[data-unsent-of] [data-says]")).to_have_text(told)
    visit.look()
    page.locator("[data-unsent-of] a").click()


def overtake(page: Page, meeting: Meeting) -> None:
    """Somebody else saves: what they changed is shown, and what was typed stays."""
    Meeting.objects.filter(pk=meeting.pk).update(title="Écrit par l’autre", version=meeting.version + 1)
    page.fill("[name=venue]", "Maison des jeunes")
    expect(page.locator(".saving")).to_have_attribute("data-state", "overtaken")
    page.click("[data-see]")
    expect(page.locator("main")).to_contain_text("Écrit par l’autre")
    expect(page.locator("[name=venue]")).to_have_value("Maison des jeunes")
    expect(page.locator("[name=title]")).to_have_value("Écrit par l’autre")


def press_while_saving(page: Page) -> None:
    """A button pressed while a saving is under way does its work once that has ended."""
    page.locator("main form button[type=submit]:visible").last.click()  # settles what the other one changed
    expect(page.locator(".saving")).not_to_have_attribute("data-state", "overtaken")
    held: list[Route] = []
    page.route("**/meetings/**", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(lambda request: request.method == "POST"):
        page.fill("[name=venue]", "Salle de la commune")
    page.click("button[value=review]")
    held[0].continue_()
    page.wait_for_url("**/review/**")
    expect(page.locator("main")).to_contain_text("Salle de la commune")
    page.goto("/fr/workspace/")
    expect(page.locator("[data-unsent]")).to_be_hidden()  # it was sent


def press_offline(page: Page) -> None:
    """A button pressed without a connection does its work when that is back."""
    page.goto(f"/fr/workspace/meetings/{Meeting.objects.get().pk}/")
    page.context.set_offline(True)
    page.fill("[name=venue]", "Place du marché")
    page.click("button[value=review]")
    expect(page.locator(".saving")).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    page.wait_for_url("**/review/**")
    expect(page.locator("main")).to_contain_text("Place du marché")
