"""Counts over pledges, and the lists that they name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commitments import progress
from commitments.correcting import withdraw_pledge
from commitments.handover import answer_offer, offer
from commitments.models import Pledge
from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Status, Verdict, answer, assess
from tests.cast import Cast
from tests.factories import HELD_ON, PUBLISHED_AT, NeighbourhoodFactory, published_meeting, published_pledge

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
ON = date(2026, 6, 10)


def said(cast: Cast, status: Status, *, ago: int = 0, **fields: Any) -> Pledge:
    """A pledge of the cast's agency, of which it said this so many days ago."""
    meeting = published_meeting(host=cast.agency, neighbourhoods=[cast.neighbourhood], pledges=[fields])
    pledge: Pledge = meeting.pledges.get()
    answer(pledge, status=status, text="x", by=cast.official, organisation=cast.agency, now=NOW - timedelta(days=ago))
    return pledge


def found(cast: Cast, pledge: Pledge, verdict: Verdict, *, ago: int = 0) -> None:
    """The association's finding, so many days ago."""
    moment = NOW - timedelta(days=ago)
    assess(
        pledge, verdict=verdict, text="x", by=cast.secretary, organisation=cast.association, day=moment.date(),
        now=moment,
    )  # fmt: skip


def test_a_bar_is_whole_ordered_from_kept_to_not_kept_and_leads_to_its_lists() -> None:
    bar = progress.bar_of({"not_kept": 1, "kept_confirmed": 2, "no_answer": 1}, agency="district")
    assert [(each.standing, each.count, each.x, each.width) for each in bar.segments] == [
        ("kept_confirmed", 2, 0.0, 50.0),
        ("no_answer", 1, 50.0, 25.0),
        ("not_kept", 1, 75.0, 25.0),
    ]
    assert (bar.total, bar.url) == (4, "/pledges/?agency=district")
    assert bar.segments[0].url == "/pledges/?agency=district&standing=kept_confirmed"


def test_the_bar_of_nothing_is_empty() -> None:
    assert progress.bar_of({}) == progress.Bar(0, (), "/pledges/")


def test_a_pledge_to_two_neighbourhoods_counts_once_in_all_and_once_in_each(cast: Cast) -> None:
    other = NeighbourhoodFactory.create()
    published_pledge(neighbourhoods=[cast.neighbourhood, other])
    pledges = Pledge.objects.published()
    assert progress.standings(pledges).total == 1
    assert [row.bar.total for row in progress.by_neighbourhood(pledges, ON)] == [1, 1]


def test_clocks_count_open_pledges_only(cast: Cast) -> None:
    late = {"timing": "by_date", "due_on": ON - timedelta(days=1)}
    said(cast, Status.NOT_KEPT, ago=90, **late)
    said(cast, Status.IN_PROGRESS, ago=90, **late)
    said(cast, Status.IN_PROGRESS, ago=1, **late)
    disputed = said(cast, Status.KEPT, ago=90, timing="ongoing")
    found(cast, disputed, Verdict.DISPUTED, ago=60)
    assert progress.clocks(Pledge.objects.published(), ON) == progress.Clocks(
        overdue=2,
        silent=1,
        long_silent=1,
        disputed=1,
        lapsed=1,
        heard_on=ON - timedelta(days=1),
        made_on=HELD_ON,
    )


def test_a_pledge_that_falls_due_today_is_not_late(db: None) -> None:
    published_pledge(timing="by_date", due_on=ON)
    pledges = Pledge.objects.published()
    assert progress.clocks(pledges, ON).overdue == 0
    assert progress.clocks(pledges, ON + timedelta(days=1)).overdue == 1


def test_tables_say_who_has_most_pledges_first_and_how_many_are_late(cast: Cast) -> None:
    published_meeting(host=cast.other_agency, pledges=[{}])
    late = {"timing": "by_date", "due_on": ON - timedelta(days=1)}
    published_meeting(host=cast.agency, pledges=[{}, late])
    rows = progress.by_agency(Pledge.objects.published(), ON)
    assert [(row.subject, row.bar.total, row.overdue) for row in rows] == [
        (cast.agency, 2, 1),
        (cast.other_agency, 1, 0),
    ]
    assert rows[0].overdue_url == "/pledges/?agency=district&clock=overdue"


def test_a_pledge_moves_when_another_agency_takes_it_over(cast: Cast) -> None:
    pledge: Pledge = published_meeting(host=cast.agency, pledges=[{}]).pledges.get()
    spoken = NOW - timedelta(days=2)
    offer(pledge, to=cast.other_agency, by=cast.official, organisation=cast.agency, text="theirs", now=spoken)
    answer_offer(pledge, is_accepted=True, by=cast.other_official, organisation=cast.other_agency, now=spoken)
    assert progress.moved(Pledge.objects.published(), ON).up == {pledge.pk}


def test_what_moved_is_told_by_what_was_said_within_thirty_days(cast: Cast) -> None:
    up = said(cast, Status.IN_PROGRESS, ago=29)
    said(cast, Status.IN_PROGRESS, ago=31)
    down = said(cast, Status.KEPT, ago=50)
    found(cast, down, Verdict.DISPUTED, ago=2)
    said(cast, Status.NOT_KEPT, ago=50)
    back = said(cast, Status.KEPT, ago=20)
    answer(back, status=Status.NOT_KEPT, text="x", by=cast.official, organisation=cast.agency, now=NOW)
    moved = progress.moved(Pledge.objects.published(), ON)
    assert (moved.up, moved.down) == (frozenset({up.pk}), frozenset({down.pk, back.pk}))


def test_this_month_counts_what_was_expected_so_far(cast: Cast) -> None:
    pledge = published_meeting(
        host=cast.agency, pledges=[{"timing": "recurring", "rule": "FREQ=DAILY", "starts_on": date(2026, 6, 6)}]
    ).pledges.get()
    published_pledge(timing="recurring")
    for day, was_carried_out in ((6, True), (7, False), (8, True)):
        log_occurrence(
            pledge, occurrence=Occurrence(date(2026, 6, day)), was_carried_out=was_carried_out, text="x",
            by=cast.official, organisation=cast.agency, now=NOW,
        )  # fmt: skip
    assert progress.this_month(Pledge.objects.published(), ON) == (2, 4, 2)


def test_days_of_the_month_before_the_publication_do_not_count(db: None) -> None:
    published_pledge(now=NOW - timedelta(days=2), timing="recurring", rule="FREQ=DAILY", starts_on=date(2026, 6, 1))
    assert progress.this_month(Pledge.objects.published(), ON) == (0, 2, 1)


def test_a_request_counts_until_a_pledge_of_the_record_answers_it(cast: Cast) -> None:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        by=cast.manager,
        pledges=[{}],
        concerns=[{"request": "answered"}, {"request": "open"}, {"request": ""}],
    )
    pledge = meeting.pledges.get()
    pledge.concerns.set([meeting.concerns.get(number=1)])
    assert [concern.request for concern in progress.unanswered_requests()] == ["open"]
    withdraw_pledge(pledge, reason="x", by=cast.manager, now=NOW)
    assert [concern.request for concern in progress.unanswered_requests()] == ["answered", "open"]


def test_the_latest_word_comes_first(cast: Cast) -> None:
    first, second = said(cast, Status.KEPT, ago=1), said(cast, Status.KEPT, ago=5)
    silent = published_pledge()
    latest = progress.latest_entries(Pledge.objects.published())
    assert [(each.pledge, each.at) for each in latest] == [
        (first, NOW - timedelta(days=1)),
        (second, NOW - timedelta(days=5)),
        (silent, PUBLISHED_AT),
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_the_most_urgent_stands_first_whatever_the_order_of_the_record(cast: Cast, order: int) -> None:
    late = {"timing": "by_date", "due_on": ON - timedelta(days=1)}
    told: list[tuple[str, Status, int, dict[str, Any]]] = [
        ("1 late", Status.IN_PROGRESS, 0, late),
        ("2 disputed", Status.KEPT, 0, {}),
        ("3 lapsed", Status.KEPT, 90, {"timing": "ongoing"}),
        ("4 long silent", Status.ACKNOWLEDGED, 95, {}),
        ("5 silent", Status.ACKNOWLEDGED, 40, {}),
        ("6 not kept", Status.NOT_KEPT, 0, {}),
        ("7 acknowledged", Status.ACKNOWLEDGED, 0, {}),
        ("8 kept", Status.KEPT, 0, {}),
    ]
    for title, status, ago, fields in told[::order]:
        pledge = said(cast, status, ago=ago, title=title, **fields)
        if title == "2 disputed":
            found(cast, pledge, Verdict.DISPUTED)
    titles = [pledge.title for pledge in progress.most_urgent_first(Pledge.objects.published(), ON)]
    assert titles == sorted(titles)
