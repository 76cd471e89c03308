"""A week of occurrences in one form."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.forms.week import WeekForm
from commitments.models import Pledge
from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence, week_of
from commitments.speaking import history
from commitments.state import fold
from commitments.timeline import words as words_of
from ledger.models import Entry
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MeetingFactory, published_pledge
from tests.reading import words
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")
MONDAY = week_of(timezone.localdate()) - timedelta(days=7)  # of the week that was over most lately
TUESDAY = MONDAY + timedelta(days=1)
MADE_ON = MONDAY - timedelta(days=5)  # a Wednesday
NOW = timezone.now()


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    """Promised for Mondays and Wednesdays, from eight to nine and from five to six, since the Wednesday before."""
    return promised(cast, rule="FREQ=WEEKLY;BYDAY=MO,WE", windows=[["08:00", "09:00"], ["17:00", "18:00"]])


def promised(cast: Cast, **fields: Any) -> Pledge:
    meeting = MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood], held_on=MADE_ON)
    return published_pledge(meeting=meeting, timing="recurring", now=NOW, **fields)


@pytest.fixture
def official(cast: Cast) -> Client:
    return signed_in(cast.official)


def week(pledge: Pledge, of: object = MONDAY) -> str:
    return f"/en/inbox/pledges/{pledge.pk}/week/?of={of}"


def opened(client: Client, pledge: Pledge) -> Sent:
    return form_in(client.get(week(pledge)), f"?of={MONDAY}")


def told(pledge: Pledge) -> list[tuple[date, Any, Any, Any]]:
    found = Entry.objects.filter(stream=pledge.stream, kind="occurrence")
    return [(entry.day, entry.fields["window"], entry.fields["outcome"], entry.fields["text"]) for entry in found]


def test_a_week_is_filled_in_by_one_form(official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge) | {
        f"outcome-{MONDAY:%Y%m%d}-0800": "carried_out",
        f"outcome-{MONDAY:%Y%m%d}-1700": "not_carried_out",
        f"why-{MONDAY:%Y%m%d}-1700": "a storm",
        f"outcome-{TUESDAY:%Y%m%d}-0800": "carried_out",
    }
    assert official.post(week(pledge), sent).status_code == 302
    assert told(pledge) == [
        (MONDAY, "08:00", "carried_out", ""),
        (MONDAY, "17:00", "not_carried_out", "a storm"),
        (TUESDAY, "08:00", "carried_out", ""),
    ]
    page = words(official.get(f"/en/pledges/{pledge.pk}/"))
    assert f"speaks of {words_of(MONDAY)}, made on {words_of(timezone.localdate())}" in page


def test_days_before_the_promise_are_not_asked_for(official: Client, pledge: Pledge) -> None:
    first_week = official.get(week(pledge, MADE_ON)).context["form"].slots()
    assert {slot.occurrence.day for slot in first_week} == {MADE_ON + timedelta(days=count) for count in range(5)}


@pytest.mark.parametrize(
    ("clock", "windows"),
    [("00:30", []), ("07:59", []), ("08:00", ["08:00"]), ("16:59", ["08:00"]), ("17:00", ["08:00", "17:00"])],
)
def test_hours_to_come_are_not_asked_for(pledge: Pledge, clock: str, windows: list[str]) -> None:
    wednesday = MONDAY + timedelta(days=2)
    now = timezone.make_aware(datetime.combine(wednesday, time.fromisoformat(clock)))
    form = WeekForm(pledge, voices=[], monday=MONDAY, state=fold(history(pledge)), now=now)
    assert max(slot.occurrence.day for slot in form.slots()) == (wednesday if windows else TUESDAY)
    assert [slot.occurrence.window for slot in form.slots() if slot.occurrence.day == wednesday] == windows


def test_nothing_can_be_missed_on_a_day_that_was_not_promised(official: Client, pledge: Pledge) -> None:
    page = official.get(week(pledge))
    assert "Not promised for this day: what was carried out counts as extra." in words(page)
    sent = opened(official, pledge) | {f"outcome-{TUESDAY:%Y%m%d}-0800": "not_carried_out"}
    response = official.post(week(pledge), sent)
    assert (response.status_code, told(pledge)) == (422, [])


def test_what_is_missing_is_said_at_its_place_and_nothing_is_lost(official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge) | {
        f"outcome-{MONDAY:%Y%m%d}-0800": "carried_out",
        f"outcome-{MONDAY:%Y%m%d}-1700": "not_carried_out",
    }
    response = official.post(week(pledge), sent)
    assert response.status_code == 422
    assert "Say why it was not carried out." in words(response)
    again = form_in(response, f"?of={MONDAY}")
    assert again[f"outcome-{MONDAY:%Y%m%d}-0800"] == ["carried_out"]
    assert told(pledge) == []


def test_a_week_of_which_nothing_is_said_is_refused(official: Client, pledge: Pledge) -> None:
    response = official.post(week(pledge), opened(official, pledge))
    assert response.status_code == 422
    assert "Say of one occurrence at least what became of it." in words(response)


def test_what_was_said_before_is_shown_and_not_said_again(cast: Cast, official: Client, pledge: Pledge) -> None:
    log_occurrence(
        pledge, occurrence=Occurrence(MONDAY, "08:00"), was_carried_out=True, by=cast.official,
        organisation=cast.agency, now=NOW,
    )  # fmt: skip
    sent = opened(official, pledge)
    assert sent[f"outcome-{MONDAY:%Y%m%d}-0800"] == ["carried_out"]
    official.post(week(pledge), sent | {f"outcome-{MONDAY:%Y%m%d}-1700": "carried_out"})
    assert [each[1] for each in told(pledge)] == ["08:00", "17:00"]


def test_a_week_overtaken_by_the_parent_is_shown_what_it_said(cast: Cast, official: Client, pledge: Pledge) -> None:
    sent = opened(official, pledge) | {f"outcome-{MONDAY:%Y%m%d}-0800": "carried_out"}
    log_occurrence(
        pledge, occurrence=Occurrence(MONDAY, "17:00"), was_carried_out=True, by=cast.headquarters_official,
        organisation=cast.headquarters, now=NOW,
    )  # fmt: skip
    response = official.post(week(pledge), sent)
    assert response.status_code == 409
    assert "Somebody spoke while you were writing." in words(response)
    again = form_in(response, f"?of={MONDAY}")
    assert official.post(week(pledge), again).status_code == 302
    assert len(told(pledge)) == 2


def test_without_a_rule_each_day_may_be_filled_in(cast: Cast, official: Client) -> None:
    ongoing = promised(cast)
    sent = opened(official, ongoing) | {
        f"outcome-{TUESDAY:%Y%m%d}-": "not_carried_out",
        f"why-{TUESDAY:%Y%m%d}-": "no car",
    }
    official.post(week(ongoing), sent)
    assert told(ongoing) == [(TUESDAY, "", "not_carried_out", "no car")]


@pytest.mark.parametrize("of", ["", "x", "2026-02-30", "2999-01-01"])
def test_a_week_that_cannot_be_read_is_this_one(official: Client, pledge: Pledge, of: str) -> None:
    monday = week_of(timezone.localdate())
    sentence = f"The week from {words_of(monday)} to {words_of(monday + timedelta(days=6))}"
    assert sentence in words(official.get(week(pledge, of)))


@pytest.mark.parametrize("of", ["0001-01-01", "2019-01-01"])
def test_no_week_lies_before_the_promise(official: Client, pledge: Pledge, of: str) -> None:
    assert f"The week from {words_of(week_of(MADE_ON))}" in words(official.get(week(pledge, of)))


def test_a_pledge_that_does_not_recur_has_no_weeks(cast: Cast, official: Client) -> None:
    meeting = MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood], held_on=MADE_ON)
    once = published_pledge(meeting=meeting, now=NOW)
    assert official.get(week(once)).status_code == 404
