"""An official's two minutes on a phone: what waits is answered in the fewest taps, in Arabic and in French."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from commitments.models import Pledge
from commitments.schedules import week_of
from ledger.models import Entry
from meetings.models import Meeting
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_main_job import Visit
from tests.cast import Cast
from tests.factories import published_meeting

HOURS = [["00:00", "08:00"], ["00:01", "13:00"], ["00:02", "19:00"]]  # all have begun, whenever this runs
Axe = Callable[[Page], None]


def promised(cast: Cast, pledges: list[dict[str, Any]], held_on: date | None = None) -> list[Pledge]:
    meeting: Meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=held_on or timezone.localdate() - timedelta(days=20),
        by=cast.manager,
        pledges=pledges,
        now=timezone.now() - timedelta(days=1),
    )
    return list(meeting.pledges.all())


class Taps:
    """A visit that counts what the finger does."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.count = visit, 0

    def on(self, message: str, nth: int = 0) -> None:
        """Tap a button, or a summary, that bears these words."""
        self.visit.page.get_by_text(self.visit.words(message)).nth(nth).tap()
        self.visit.page.wait_for_load_state()
        self.count += 1


IN_BOTH = pytest.mark.parametrize("language", ["ar", "fr"])


@pytest.fixture
def language() -> str:
    """Arabic, unless a story asks for both."""
    return "ar"


@pytest.fixture
def visit(language: str, open_page: OpenPage, axe: Axe, cast: Cast) -> Visit:
    """The official, signed in on a phone."""
    found = Visit(open_page(screen=PHONE), language, axe)
    found.sign_in(cast.official)
    return found


def said(pledge: Pledge) -> list[str]:
    return list(Entry.objects.filter(stream=pledge.stream, number__gt=1).values_list("kind", flat=True))


@IN_BOTH
def test_a_new_pledge_is_acknowledged_in_two_taps(visit: Visit, cast: Cast) -> None:
    (pledge,) = promised(cast, [{"title": "دورية"}])
    visit.go("/inbox/")
    taps = Taps(visit)
    taps.on("We have taken note")
    visit.look()
    assert (said(pledge), taps.count <= 2) == (["status"], True)


def test_several_new_pledges_are_acknowledged_at_once(visit: Visit, cast: Cast) -> None:
    pledges = promised(cast, [{"title": "دورية"}, {"title": "إنارة"}, {"title": "سدّ"}])
    visit.go("/inbox/")
    visit.look()
    for box in visit.page.locator("[name=chosen]").all():
        box.tap()
    visit.press("We have taken note of those ticked")
    assert [said(pledge) for pledge in pledges] == [["status"]] * 3


def test_a_days_three_occurrences_are_reported_in_three_taps(visit: Visit, cast: Cast) -> None:
    (pledge,) = promised(cast, [{"timing": "recurring", "rule": "FREQ=DAILY", "windows": HOURS}])
    visit.go("/inbox/")
    visit.look()
    taps = Taps(visit)
    for start, _end in HOURS:
        button = visit.page.locator("form", has=visit.page.locator(f"[value='{start}']")).first.locator("button")
        button.tap()
        visit.page.wait_for_load_state()
        taps.count += 1
    visit.look()
    assert (said(pledge), taps.count) == (["occurrence"] * 3, 3)


def test_what_was_not_carried_out_says_why_in_the_list_itself(visit: Visit, cast: Cast) -> None:
    (pledge,) = promised(cast, [{"timing": "recurring", "rule": "FREQ=DAILY"}])
    visit.go("/inbox/")
    visit.page.locator("details.why-not summary").tap()
    visit.look()
    visit.page.fill("[name=occurrence-text]", "عاصفة")
    visit.press("Publish that it was not carried out")
    assert [each.fields["text"] for each in Entry.objects.filter(stream=pledge.stream, kind="occurrence")] == ["عاصفة"]


@IN_BOTH
def test_a_week_is_filled_in_with_one_form(visit: Visit, cast: Cast) -> None:
    monday = week_of(timezone.localdate()) - timedelta(days=7)
    (pledge,) = promised(cast, [{"timing": "recurring", "rule": "FREQ=DAILY", "windows": HOURS[:1]}])
    visit.go("/inbox/")
    visit.page.get_by_role("link", name=visit.words("Fill in a week")).first.tap()
    visit.page.get_by_text(visit.words("The week before")).tap()
    visit.page.wait_for_load_state()
    visit.look()
    for day in range(6):
        visit.page.locator(f"[name=outcome-{monday + timedelta(days=day):%Y%m%d}-0000][value=carried_out]").check()
    sunday = f"{monday + timedelta(days=6):%Y%m%d}-0000"
    assert visit.page.locator(f"[name=why-{sunday}]").is_hidden()
    visit.page.locator(f"[name=outcome-{sunday}][value=not_carried_out]").check()
    visit.page.fill(f"[name=why-{sunday}]", "عطلة")
    visit.press("Publish this week")
    told = Entry.objects.filter(stream=pledge.stream, kind="occurrence")
    assert [(each.day, each.fields["outcome"]) for each in told] == [
        *((monday + timedelta(days=day), "carried_out") for day in range(6)),
        (monday + timedelta(days=6), "not_carried_out"),
    ]


@IN_BOTH
def test_a_pledge_is_handed_over_and_taken_over(visit: Visit, open_page: OpenPage, axe: Axe, cast: Cast) -> None:
    (pledge,) = promised(cast, [{"title": "إنارة المدخل"}])
    visit.go(f"/inbox/pledges/{pledge.pk}/")
    visit.page.locator("#offer summary").tap()
    visit.look()
    visit.page.locator("#offer [name=offer-to]").select_option(cast.other_agency.slug)
    visit.page.fill("[name=offer-text]", "الإنارة من اختصاص الجماعة")
    visit.press("Publish the offer")
    commune = Visit(open_page(screen=PHONE), visit.language, axe)
    commune.sign_in(cast.other_official)
    commune.page.get_by_role("link", name=commune.words("Answer")).first.tap()
    commune.look()
    commune.page.locator("[name=offered-answer][value=accepted]").check()
    commune.press("Publish your answer to the offer")
    resident = Visit(open_page(screen=PHONE), visit.language, axe)
    resident.go(f"/pledges/{pledge.pk}/")
    resident.look()
    shown = resident.page.locator("main").inner_text()
    assert all(agency.name_ar in shown or agency.name_fr in shown for agency in (cast.agency, cast.other_agency))
    pledge.refresh_from_db()
    assert (pledge.responsible, pledge.promised_by) == (cast.other_agency, cast.agency)
