"""How an organisation answers for what it promised: the counts, over histories without a database and with one."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from commitments.accountable import (
    Movement,
    Quarter,
    Share,
    account,
    days_to_first_answer,
    movements,
    was_reopened,
)
from commitments.handover import answer_offer, offer
from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import Verdict, answer
from commitments.speaking import history as history_of
from commitments.workdays import working_days_between
from tests.cast import Cast
from tests.factories import published_meeting, published_pledge
from tests.reading import words

Status = Pledge.Status
MONDAY = date(2026, 3, 2)


@dataclass
class Said:
    """A fact without a ledger, said at an hour of its day, of Greenwich."""

    number: int
    kind: str
    day: date
    fields: dict[str, Any] = field(default_factory=dict)
    speaker: str = "agency"
    redacted: frozenset[str] = frozenset()
    hour: int = 12
    recorded_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.recorded_at = datetime.combine(self.day, time(self.hour), tzinfo=UTC)


def history(*told: tuple[date, str]) -> list[Said]:
    """A pledge recorded on the first of these days, and a word of the agency on each of the others."""
    (first, _recorded), *others = told
    facts = [Said(1, "recorded", first, speaker="association")]
    for number, (day, word) in enumerate(others, start=2):
        facts.append(Said(number, "status", day, {"status": word, "text": "x"}))
    return facts


def test_the_first_answer_is_counted_in_working_days_since_the_publication() -> None:
    facts = history((date(2026, 3, 6), ""), (date(2026, 3, 10), "acknowledged"), (date(2026, 3, 31), "kept"))
    assert days_to_first_answer(facts) == 2  # over a weekend
    assert days_to_first_answer(facts[:1]) is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("wording", {"wording": "agreed"}),
        ("status", {"status": "acknowledged"}),
        ("occurrence", {"outcome": "carried_out", "window": ""}),
    ],
)
def test_any_word_of_the_agency_is_an_answer(kind: str, fields: dict[str, Any]) -> None:
    look = Said(2, "assessment", date(2026, 3, 3), {"verdict": "disputed"}, speaker="association")
    facts = [*history((MONDAY, "")), look, Said(3, kind, date(2026, 3, 4), fields)]
    assert days_to_first_answer(facts) == 2


def test_an_answer_on_the_day_of_publication_took_no_day() -> None:
    assert days_to_first_answer(history((MONDAY, ""), (MONDAY, "acknowledged"))) == 0


@pytest.mark.parametrize(
    ("said", "is_reopened"),
    [
        (["in_progress", "kept"], False),
        (["kept", "kept"], False),
        (["partly_kept", "kept"], False),
        (["not_kept", "partly_kept"], False),
        (["kept", "in_progress", "kept"], True),
        (["kept", "not_kept"], True),
        (["not_kept", "in_progress"], True),
        (["withdrawn", "acknowledged"], True),
        (["in_progress", "acknowledged"], False),
    ],
)
def test_reopened_is_what_was_closed_and_taken_back(said: list[str], is_reopened: bool) -> None:
    assert was_reopened(history((MONDAY, ""), *((MONDAY, word) for word in said))) is is_reopened


def test_a_dispute_reopens_nothing() -> None:
    facts = history((MONDAY, ""), (MONDAY, "kept"))
    assert not was_reopened([*facts, Said(3, "assessment", MONDAY, {"verdict": "disputed"}, speaker="association")])


def test_what_moved_is_told_quarter_by_quarter_the_latest_first() -> None:
    steady = history((date(2025, 11, 3), ""))
    rising = history((date(2025, 12, 1), ""), (date(2025, 12, 8), "acknowledged"), (date(2026, 8, 3), "kept"))
    falling = history((date(2026, 1, 5), ""), (date(2026, 2, 2), "kept"), (date(2026, 9, 30), "not_kept"))
    assert movements([steady, rising, falling]) == [
        Movement(Quarter(2026, 3), up=1, down=1, unchanged=1),
        Movement(Quarter(2026, 1), up=1, down=0, unchanged=2),
        Movement(Quarter(2025, 4), up=1, down=0, unchanged=1),
    ]


def test_a_quarter_ends_at_midnight_of_casablanca() -> None:
    last_minutes = Said(2, "status", date(2026, 3, 31), {"status": "kept", "text": "x"}, hour=23)
    told = [*history((MONDAY, "")), last_minutes]  # 23:00 of Greenwich is the first of April there
    assert [each.quarter for each in movements([told])] == [Quarter(2026, 2), Quarter(2026, 1)]


def test_only_the_last_eight_quarters_with_something_in_them_are_told() -> None:
    words = [(date(2020 + month // 12, month % 12 + 1, 15), "in_progress") for month in range(0, 60, 6)]
    found = movements([history((date(2019, 12, 2), ""), *words)])
    assert len(found) == 8
    assert found[0].quarter == Quarter(2024, 3)


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
WORDS = st.sampled_from([each.value for each in Status if each != Status.NO_ANSWER])
HISTORIES = st.lists(
    st.lists(st.tuples(DAYS, WORDS), min_size=1, max_size=6).map(lambda told: history(*sorted(told))), max_size=5
)


@given(HISTORIES)
def test_every_quarter_counts_each_pledge_that_was_there_once(told: list[list[Said]]) -> None:
    for each in movements(told, at_most=100):
        end = (each.quarter.year, each.quarter.number * 3)
        assert each.up + each.down + each.unchanged == sum((f[0].day.year, f[0].day.month) <= end for f in told)
        assert min(each.up, each.down, each.unchanged) >= 0


def test_a_share_is_drawn_as_a_part_of_the_whole() -> None:
    assert [(each.x, each.width) for each in Share("", 1, 4).bar] == [(0.0, 25.0)]
    assert Share("", 0, 4).bar == ()
    bar = Movement(Quarter(2026, 1), up=1, down=1, unchanged=2).bar
    assert [(each.standing, each.x, each.width) for each in bar] == [
        ("kept_confirmed", 0.0, 25.0),
        ("acknowledged", 25.0, 50.0),
        ("not_kept", 75.0, 25.0),
    ]


def test_the_median_is_of_those_answered_and_says_of_how_many(cast: Cast) -> None:
    for title in ("one", "two", "three"):
        published_pledge(title=title, responsible=cast.agency, timing="ongoing")
    for title, day in (("one", 4), ("two", 10)):
        log_occurrence(
            Pledge.objects.get(title=title), occurrence=Occurrence(date(2026, 3, 3)), was_carried_out=True,
            by=cast.official, organisation=cast.agency, now=datetime(2026, 3, day, 12, tzinfo=UTC),
        )  # fmt: skip
    counted = account(Pledge.objects.published(), on=date(2026, 3, 12))
    assert (counted.answered, counted.median_days, counted.bar.total) == (2, 5, 3)


def test_adherence_is_counted_over_all_pledges_with_stated_days(cast: Cast) -> None:
    daily = {"timing": "recurring", "rule": "FREQ=DAILY"}
    neighbourhoods = [cast.neighbourhood]
    meeting = published_meeting(host=cast.agency, neighbourhoods=neighbourhoods, pledges=[daily, daily, {}])
    pledge = meeting.pledges.get(number=1)
    for day in (3, 4):
        log_occurrence(
            pledge, occurrence=Occurrence(date(2026, 3, day)), was_carried_out=True, by=cast.official,
            organisation=cast.agency, now=datetime(2026, 3, 9, tzinfo=UTC),
        )  # fmt: skip
    check_occurrence(
        pledge, occurrence=Occurrence(date(2026, 3, 3)), verdict=Verdict.CONFIRMED, by=cast.secretary,
        organisation=cast.association, now=datetime(2026, 3, 9, tzinfo=UTC),
    )  # fmt: skip
    counted = account(Pledge.objects.published(), on=date(2026, 3, 6)).occurrences
    assert (counted.pledges, counted.carried_out, counted.expected, counted.confirmed) == (2, 2, 6, 1)
    assert [(each.count, each.total) for each in counted.shares] == [(2, 6), (1, 2)]


def test_where_nothing_was_expected_no_share_is_shown(cast: Cast) -> None:
    published_pledge(timing="recurring")
    assert account(Pledge.objects.published(), on=date(2026, 3, 6)).occurrences.shares == []


@pytest.mark.parametrize("count", [1, 3])
def test_an_account_takes_two_queries(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for _each in range(count):
        published_pledge(timing="recurring", rule="FREQ=DAILY")
    with django_assert_num_queries(2):
        account(Pledge.objects.published(), on=date(2026, 3, 6))


def test_who_takes_a_pledge_over_answers_from_the_offer_on(cast: Cast) -> None:
    """The first agency waited, closed and reopened; nothing of that is the second one's."""
    published = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
    pledge: Pledge = published_meeting(host=cast.agency, pledges=[{}], now=published).pledges.get()
    district: dict[str, Any] = {"by": cast.official, "organisation": cast.agency}
    later = published + timedelta(days=28)
    answer(pledge, status=Pledge.Status.KEPT, text="lit", now=later, **district)
    answer(pledge, status=Pledge.Status.IN_PROGRESS, text="out again", now=later, **district)
    offer(pledge, to=cast.other_agency, text="theirs", now=later, **district)
    commune: dict[str, Any] = {"by": cast.other_official, "organisation": cast.other_agency}
    answer_offer(pledge, is_accepted=True, now=later + timedelta(days=2), **commune)
    told = list(history_of(pledge))
    assert (days_to_first_answer(told), was_reopened(told)) == (2, False)
    waited = working_days_between(published.date(), later.date())
    assert (days_to_first_answer(told[:3]), was_reopened(told[:3])) == (waited, True)
    english = words(Client().get(f"/en/organisations/{cast.agency.slug}/"))
    assert f"What it promised, and others answer for now {pledge.title}" in english
