"""Minutes and photos on a phone: added to a draft, seen by nobody else, published, and read by a resident."""

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from attachments.models import Attachment
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Axe, Visit
from tests.cast import Cast
from tests.factories import MeetingFactory, PledgeFactory
from tests.uploads import jpeg, pdf

CAPTION = {"ar": "القاعة عند بداية اللقاء", "fr": "La salle au début de la rencontre"}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_minutes_and_a_photo_are_added_to_a_draft_and_read_by_everybody_once_published(
    language: str, open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    meeting = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        held_on=timezone.localdate(), language=language,
    )  # fmt: skip
    PledgeFactory.create(meeting=meeting, title="مصباحان")
    visit = Visit(open_page(screen=PHONE), language, axe)
    page = visit.page
    visit.sign_in(cast.manager)
    visit.go(f"/workspace/meetings/{meeting.pk}/files/")
    files: list[FilePayload] = [
        {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        {"name": "room.jpg", "mimeType": "image/jpeg", "buffer": jpeg((1600, 900))},
    ]
    page.set_input_files("[name=files]", files)
    visit.press("Save the files")
    page.locator("input[type=text]").last.fill(CAPTION[language])
    visit.press("Save the files")
    unseen = open_page().goto(Attachment.objects.latest("pk").get_absolute_url())
    assert unseen
    assert unseen.status == 404
    visit.go(f"/workspace/meetings/{meeting.pk}/review/")
    visit.look()
    expect(page.locator("main")).to_contain_text(CAPTION[language])
    page.locator("[name=has_read]").first.check()
    page.locator("form[action$='/publish/'] button").first.click()
    visit.look()
    reader = Visit(open_page(screen=PHONE), language, axe)
    reader.go(f"/meetings/{meeting.pk}/")
    reader.look()
    shown = reader.page.locator("#files")
    expect(shown).to_contain_text(CAPTION[language])
    shown.locator("img").scroll_into_view_if_needed()
    expect(shown.locator("img")).to_have_js_property("complete", True)
    assert shown.locator("img").evaluate("image => image.naturalWidth") > 0
    expect(shown.locator("a[download]")).to_have_count(1)
