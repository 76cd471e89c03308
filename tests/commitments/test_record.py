"""What of a restricted pledge the public never gets, by whichever door it asks."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from tests.cast import Cast
from tests.factories import published_pledge

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 9)
SECRETS = ("خلف السوق", "behind the market", "BYDAY=MO", "21:15", "22:45", "every Monday night", "كلّ اثنين ليلا")


@pytest.fixture
def restricted(cast: Cast) -> Pledge:
    """A patrol whose place and hours are not announced, one occurrence of which was carried out and confirmed."""
    pledge = published_pledge(
        responsible=cast.agency,
        neighbourhoods=[cast.neighbourhood],
        timing=Pledge.Timing.RECURRING,
        rule="FREQ=WEEKLY;BYDAY=MO",
        windows=[["21:15", "22:45"]],
        due_words="كلّ اثنين ليلا",
        place="خلف السوق",
        translations={"en": {"place": "behind the market", "due_words": "every Monday night"}},
        is_place_restricted=True,
        is_time_restricted=True,
    )
    occurrence = Occurrence(DAY, "21:15")
    log_occurrence(
        pledge, occurrence=occurrence, was_carried_out=True, by=cast.official, organisation=cast.agency, now=NOW
    )
    check_occurrence(
        pledge,
        occurrence=occurrence,
        verdict=Pledge.Assessment.CONFIRMED,
        by=cast.secretary,
        organisation=cast.association,
        now=NOW,
    )
    return pledge


def test_no_public_page_or_download_tells_where_and_when_a_restricted_patrol_is(restricted: Pledge) -> None:
    assert restricted.stream is not None
    addresses = [
        reverse("pledge", args=[restricted.pk]),
        f"/en{reverse('pledge', args=[restricted.pk])}",
        reverse("meeting", args=[restricted.meeting_id]),
        reverse("ledger:entries"),
        reverse("ledger:stream", args=[restricted.stream.name]),
    ]
    for address in addresses:
        response = Client().get(address)
        body = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, address
        assert [secret for secret in SECRETS if secret in body.decode()] == [], address


@pytest.mark.parametrize("words", ["خلف السوق", "behind the market", "Monday"])
def test_a_restricted_place_is_not_found_by_search(restricted: Pledge, words: str) -> None:
    assert not Pledge.objects.published().matching(words).exists()


def test_what_became_of_it_is_public(restricted: Pledge) -> None:
    assert restricted.stream is not None
    told = restricted.stream.entries.get(kind="occurrence").public_fields

    assert told == {"outcome": "carried_out", "text": ""}
