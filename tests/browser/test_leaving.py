"""Words typed into a form that does not save itself are not lost without a question, nor asked about in vain."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect

from attachments.keeping import keep
from meetings.files import add
from meetings.models import Meeting, MeetingFile
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_long_words import let_in
from tests.cast import Cast
from tests.factories import MeetingFactory, PledgeFactory, published_meeting
from tests.uploads import jpeg

AWAY = "header a.logo"


def asked(page: Page) -> list[str]:
    """The questions that the browser asks from now on; each is answered by staying."""
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return questions


def leave(page: Page, questions: list[str], *, is_asked: bool) -> None:
    """Press a link that leads away: the browser asks once more, and the page stays; or it asks nothing, and goes."""
    before, address = len(questions), page.url
    page.locator(AWAY).click(no_wait_after=True)
    if not is_asked:
        page.wait_for_url(lambda url: url != address)
    for _pause in range(50):
        if not is_asked or len(questions) > before:
            break
        page.wait_for_timeout(100)
    assert (len(questions) - before, page.url == address) == (int(is_asked), is_asked)


@pytest.fixture
def photo(cast: Cast) -> MeetingFile:
    """The one photo of a draft."""
    meeting: Meeting = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    PledgeFactory.create(meeting=meeting, responsible=cast.agency)
    upload = SimpleUploadedFile("a.jpg", jpeg((40, 30)))
    file = add(meeting, keep(upload, by=cast.manager, now=timezone.now()), by=cast.manager)
    assert file
    return file


def test_a_caption_is_asked_about_and_saved_by_the_buttons_that_lead_on(
    photo: MeetingFile, open_page: OpenPage, cast: Cast, live_server: Any
) -> None:
    page = open_page(screen=PHONE)
    let_in(page, cast.manager, live_server)
    files = f"/fr/workspace/meetings/{photo.meeting_id}/files/"
    caption = f"[name=caption-{photo.attachment.name}]"
    questions = asked(page)
    page.goto(files)
    page.click("h1")
    leave(page, questions, is_asked=False)
    page.goto(files)
    page.fill(caption, "la salle")
    leave(page, questions, is_asked=True)
    page.locator("button[value=review]").click()
    expect(page.locator("main")).to_contain_text("la salle")
    page.goto(files)
    page.fill(caption, "la grande salle")
    page.press(caption, "Enter")
    page.wait_for_url(f"**{files}#content")
    page.fill(caption, "la cour")
    page.locator("button[value=draft]").click()
    page.wait_for_url(f"**/workspace/meetings/{photo.meeting_id}/#content")
    photo.refresh_from_db()
    assert (photo.caption, questions) == ("la cour", ["beforeunload"])


def test_a_correction_that_was_only_looked_at_is_asked_about(open_page: OpenPage, cast: Cast, live_server: Any) -> None:
    meeting = published_meeting(
        by=cast.manager, host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood], pledges=[{}]
    )
    page = open_page()
    let_in(page, cast.manager, live_server)
    questions = asked(page)
    page.goto(f"/fr/workspace/meetings/{meeting.pk}/correct/when/")
    page.fill("[name=venue]", "la salle")
    page.fill("[name=reason]", "mal entendu")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("button[name=confirm]")).to_be_visible()
    page.click("h1")
    leave(page, questions, is_asked=True)
    assert questions == ["beforeunload"]
    page.locator("button[name=confirm]").click()
    page.wait_for_url("**/published/")
    assert questions == ["beforeunload"]


@pytest.mark.parametrize("field", ["assessment", "withdrawal"])
def test_an_assessment_and_a_withdrawal_are_asked_about(
    field: str, open_page: OpenPage, cast: Cast, live_server: Any
) -> None:
    meeting = published_meeting(
        by=cast.manager, host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood], pledges=[{}]
    )
    page = open_page()
    let_in(page, cast.manager, live_server)
    questions = asked(page)
    is_withdrawal = field == "withdrawal"
    pledge = meeting.pledges.get()
    page.goto(f"/fr/workspace/{f'meetings/{meeting.pk}/withdraw' if is_withdrawal else f'pledges/{pledge.pk}'}/")
    page.locator("main textarea").first.fill("des mots")
    leave(page, questions, is_asked=True)
    assert questions == ["beforeunload"]


def test_points_of_an_agenda_are_asked_about(
    photo: MeetingFile, open_page: OpenPage, cast: Cast, live_server: Any
) -> None:
    page = open_page(screen=PHONE)
    let_in(page, cast.manager, live_server)
    questions = asked(page)
    agenda = f"/fr/workspace/meetings/{photo.meeting_id}/agenda/"
    page.goto(agenda)
    page.fill("[name=points]", "un banc")
    leave(page, questions, is_asked=True)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    expect(page.locator("[name=points]")).to_have_value("un banc")
    leave(page, questions, is_asked=False)
    page.goto(agenda)
    page.fill("[name=points]", "x" * 301)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.click("h1")
    leave(page, questions, is_asked=True)
    assert questions == ["beforeunload", "beforeunload"]
