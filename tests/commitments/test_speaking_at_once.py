"""Many who speak of one pledge at the same moment, as production's processes do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.models import Pledge
from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import answer, cached_columns, history
from commitments.state import fold
from ledger.history import Stale
from tests.at_once import at_once
from tests.cast import Cast
from tests.factories import published_pledge

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def pledge(flushable: None, cast: Cast) -> Pledge:
    return published_pledge(responsible=cast.agency, timing=Pledge.Timing.RECURRING)


def test_twenty_reports_at_once_get_twenty_numbers_and_none_is_lost(cast: Cast, pledge: Pledge) -> None:
    def report(index: int) -> int:
        return log_occurrence(
            Pledge.objects.get(pk=pledge.pk),
            occurrence=Occurrence(date(2026, 3, 10) + timedelta(days=index)),
            was_carried_out=True,
            by=cast.official,
            organisation=cast.agency,
            now=NOW,
        ).number

    assert sorted(at_once(20, report)) == list(range(2, 22))
    pledge.refresh_from_db()
    state = fold(history(pledge))
    assert len(state.occurrences) == 20
    assert {name: getattr(pledge, name) for name in cached_columns(pledge, state)} == cached_columns(pledge, state)


def test_of_those_who_answer_what_they_read_at_the_same_moment_one_is_first(cast: Cast, pledge: Pledge) -> None:
    def speak(_index: int) -> str:
        try:
            answer(
                Pledge.objects.get(pk=pledge.pk),
                status=Pledge.Status.ACKNOWLEDGED,
                text="noted",
                by=cast.official,
                organisation=cast.agency,
                expected=1,
                now=NOW,
            )
        except Stale as stale:
            return f"missed {[entry.number for entry in stale.missed]}"
        return "said"

    assert sorted(at_once(5, speak)) == ["missed [2]"] * 4 + ["said"]
