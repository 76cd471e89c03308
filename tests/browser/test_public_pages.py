"""A resident on a phone, a journalist at a desk: the public pages can be used by everybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from playwright.sync_api import Page

from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Status, Verdict, answer, assess
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import ObservationFactory, ParticipantFactory, SourceFactory, published_meeting


@pytest.fixture
def meeting(transactional_db: None, cast: Cast) -> Meeting:
    """A meeting of which much was said since."""
    then = now() - timedelta(days=150)
    recurring = {"timing": "recurring", "rule": "FREQ=DAILY", "sign": "حضور يومي", "sign_from": "record"}
    late = {"timing": "by_date", "due_on": localdate() - timedelta(days=9)}
    meeting = published_meeting(
        now=then,
        held_on=localdate(then),
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        neighbourhoods=[cast.neighbourhood],
        pledges=[recurring, late, {}],
        concerns=[{}, {}],
        is_fictional=True,
    )
    ParticipantFactory.create(meeting=meeting)
    SourceFactory.create(meeting=meeting)
    pledge = meeting.pledges.get(number=1)
    yesterday = localdate() - timedelta(days=1)
    answer(pledge, status=Status.KEPT, text="تمّ", by=cast.official, organisation=cast.agency, now=now())
    log_occurrence(
        pledge, occurrence=Occurrence(yesterday), was_carried_out=True, by=cast.official, organisation=cast.agency,
        now=now(),
    )  # fmt: skip
    assess(
        pledge, verdict=Verdict.DISPUTED, text="لا", by=cast.secretary, organisation=cast.association, day=yesterday,
        now=now(),
    )  # fmt: skip
    ObservationFactory.create(pledge=pledge, day=localdate(), text="رأيتها")
    return meeting


def addresses(cast: Cast, meeting: Meeting) -> list[str]:
    """Every public page, and the list of pledges as it answers what it does not understand."""
    lists = ("overview", "neighbourhoods", "meetings", "requests", "pledges", "organisations", "about")
    organisations = (cast.agency, cast.headquarters, cast.association)
    subjects = (cast.neighbourhood, meeting, meeting.pledges.get(number=1), *organisations)
    mistyped = reverse("pledges") + "?kind=nothing&since=tomorrow&colour=red"
    return [*map(reverse, lists), *(each.get_absolute_url() for each in subjects), mistyped]


def test_every_public_page_is_accessible(meeting: Meeting, cast: Cast, page: Page, axe: Any) -> None:
    for address in addresses(cast, meeting):
        page.goto(address)
        axe(page)


@pytest.mark.parametrize("language", ["", "/fr"])
def test_no_public_page_is_wider_than_its_screen(meeting: Meeting, cast: Cast, open_page: Any, language: str) -> None:
    page = open_page()
    for address in addresses(cast, meeting):
        page.goto(language + address)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.locator("html").evaluate("root => root.scrollWidth") <= width, (address, width)


def test_a_resident_finds_what_was_promised_without_a_script(meeting: Meeting, cast: Cast, open_page: Any) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/en/neighbourhoods/")
    page.get_by_label("Neighbourhood or commune").fill(cast.neighbourhood.name_ar)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=cast.neighbourhood.name_en, exact=True).click()
    page.get_by_role("link", name=meeting.pledges.get(number=1).title).click()
    assert page.get_by_text("What does the agency say?").is_visible()
    page.get_by_text("The same as a table").click()
    assert page.get_by_role("cell", name="reported as carried out").first.is_visible()
