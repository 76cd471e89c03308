"""Pages of a list by key."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import paging
from meetings.models import Meeting
from meetings.paging import Page, page_of
from tests.factories import MeetingFactory


def meetings_on(*days: int) -> None:
    """A draft for each of these days of January."""
    for day in days:
        MeetingFactory.create(held_on=date(2026, 1, day), neighbourhoods=[])


def walked(size: int) -> list[list[int]]:
    """The days of the rows of every page, by following the cursors."""
    pages, cursor = [], ""
    while True:
        page = page_of(Meeting.objects.all(), cursor, day_field="held_on", size=size)
        pages.append([meeting.held_on.day for meeting in page.items])
        if not (cursor := page.next):
            return pages


def test_pages_run_from_the_newest_and_hold_each_row_once(db: None) -> None:
    meetings_on(1, 3, 2, 3, 3)
    assert walked(2) == [[3, 3], [3, 2], [1]]
    assert walked(5) == [[3, 3, 3, 2, 1]]


def test_a_row_that_is_added_meanwhile_shifts_no_page(db: None) -> None:
    meetings_on(1, 2, 3)
    first = page_of(Meeting.objects.all(), "", day_field="held_on", size=2)
    meetings_on(9)
    second = page_of(Meeting.objects.all(), first.next, day_field="held_on", size=2)
    assert [meeting.held_on.day for meeting in second.items] == [1]
    assert (first.is_first, second.is_first) == (True, False)


def test_an_empty_list_is_one_empty_page(db: None) -> None:
    page = page_of(Meeting.objects.all(), "", day_field="held_on")
    assert page == Page([], "", is_first=True, count=0, is_capped=False)


def test_the_count_is_exact_up_to_a_cap(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 3)
    meetings_on(1, 2, 3)
    whole = page_of(Meeting.objects.all(), "", day_field="held_on")
    assert (whole.count, whole.is_capped) == (3, False)
    meetings_on(4)
    capped = page_of(Meeting.objects.all(), "", day_field="held_on")
    assert (capped.count, capped.is_capped) == (3, True)


@pytest.mark.parametrize(
    "cursor", ["1", "-1", "x", "2026-01-01", "2026-13-01.1", "2026-01-01.-1", "2026-01-01.1 ", "\0"]
)
def test_what_is_no_cursor_gives_the_first_page(db: None, cursor: str) -> None:
    meetings_on(1, 2)
    page = page_of(Meeting.objects.all(), cursor, day_field="held_on", size=1)
    assert ([meeting.held_on.day for meeting in page.items], page.is_first) == ([2], True)


@given(st.text(min_size=1))
def test_whatever_is_typed_as_a_cursor_is_a_position_or_the_first_page(cursor: str) -> None:
    position = paging._read(cursor)
    assert position is None or (isinstance(position[0], date) and position[1] >= 0)
