"""Evidence from a phone: an official adds photos to an answer, in few steps, and sees them where everybody does."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from attachments.models import Attachment
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Axe, Visit
from tests.cast import Cast
from tests.factories import published_meeting
from tests.uploads import jpeg, with_position

TEXT = {"ar": "رُكّب المصباحان يوم الاثنين.", "fr": "Les deux lampadaires ont été posés lundi."}


def photo(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_an_official_shows_two_photos_and_a_bad_file_loses_neither(
    language: str, open_page: OpenPage, axe: Axe, cast: Cast
) -> None:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{"title": "مصباحان"}],
        held_on=timezone.localdate() - timedelta(days=2),
        now=timezone.now() - timedelta(days=1),
    )
    pledge = meeting.pledges.get()
    visit = Visit(open_page(screen=PHONE), language, axe)
    page = visit.page
    visit.sign_in(cast.official)
    page.get_by_role("link", name="مصباحان").first.click()  # 1
    visit.look()
    page.check("[name=status-status][value=kept]")  # 2
    page.fill("[name=status-text]", TEXT[language])  # 3
    files = [photo("lamp.jpg", with_position(6)), photo("street.jpg", jpeg((1600, 900))), photo("page.jpg", b"<html>")]
    page.set_input_files("[name=status-evidence]", files)  # 4
    visit.press("Publish your answer")  # 5, which comes back because of the third file
    expect(page.locator("[name=status-evidence-kept]:checked")).to_have_count(2)
    expect(page.locator("[name=status-text]")).to_have_value(TEXT[language])
    visit.press("Publish your answer")  # 6
    page.get_by_role("link", name=visit.words("See its public page")).click()  # 7
    visit.look()
    expect(page.locator("main")).to_contain_text(TEXT[language])
    shown = page.locator(".timeline .evidence img")
    expect(shown).to_have_count(2)
    for number in range(2):
        shown.nth(number).scroll_into_view_if_needed()
        expect(shown.nth(number)).to_have_js_property("complete", True)
        assert shown.nth(number).evaluate("image => image.naturalWidth") > 0
    assert list(Attachment.objects.values_list("is_used", flat=True)) == [True, True]
    page.locator(".timeline .evidence a").first.click()
    assert page.url.endswith(f"/files/{Attachment.objects.order_by('pk')[0].name}/")
    assert Attachment.objects.filter(is_used=True).count() == len(pledge.stream.entries.last().fields["evidence"])  # type: ignore[union-attr,arg-type]
