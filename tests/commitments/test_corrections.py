"""What corrections, redactions and answers do to each other and to what is shown."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from commitments.correcting import correct_pledge, withdraw_meeting
from commitments.models import Pledge
from commitments.moderation import redact
from commitments.rebuilding import rebuild
from commitments.speaking import answer, assess
from meetings.forms import DayField
from meetings.models import Meeting
from tests.at_once import at_once
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PledgeKindFactory,
    UserFactory,
    published_meeting,
)

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def promised(cast: Cast, **fields: object) -> Pledge:
    meeting = published_meeting(
        by=cast.manager,
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        pledges=[{"title": "قديم", "details": "تفصيل", **fields}],
    )
    found: Pledge = meeting.pledges.get()
    return found


def drifts() -> list[object]:
    return list(rebuild(repair=False))


def test_a_translation_of_what_was_corrected_is_shown_no_more(cast: Cast) -> None:
    pledge = promised(cast, translations={"fr": {"title": "ANCIEN", "details": "DETAIL"}})
    correct_pledge(pledge, changes={"title": "جديد"}, reason="r", by=cast.manager, now=NOW)
    heading = Client().get(f"/fr/pledges/{pledge.pk}/").content.decode().split("<h1")[1].split("</h1>")[0]

    assert "جديد" in heading
    assert pledge.translations == {"fr": {"details": "DETAIL"}}
    assert pledge.stream is not None
    assert pledge.stream.entries.get(kind="corrected").fields["old_translations"] == {
        "fr": {"title": "ANCIEN", "details": "DETAIL"}
    }
    assert not Pledge.objects.matching("ancien").exists()


def test_what_recurs_no_more_loses_its_days_in_the_same_correction(cast: Cast) -> None:
    pledge = promised(cast, timing="recurring", rule="FREQ=DAILY", windows=[["08:00", "09:00"]])
    correct_pledge(pledge, changes={"timing": Pledge.Timing.ONGOING}, reason="r", by=cast.manager, now=NOW)

    assert (pledge.timing, pledge.rule, pledge.windows) == ("ongoing", "", [])
    assert "08:00–09:00" in Client().get(f"/en/pledges/{pledge.pk}/").content.decode()


def test_a_corrected_spelling_takes_no_hours_away(cast: Cast) -> None:
    pledge = promised(cast, timing="ongoing", windows=[["08:00", "09:00"]])
    correct_pledge(pledge, changes={"title": "جديد"}, reason="r", by=cast.manager, now=NOW)

    assert pledge.windows == [["08:00", "09:00"]]


def test_a_page_costs_the_same_however_often_the_kind_was_corrected(cast: Cast) -> None:
    pledge = promised(cast)
    kinds = [PledgeKindFactory.create(slug="lighting", name_en="lighting"), pledge.kind]
    counts = []
    for kind in kinds * 2:
        correct_pledge(pledge, changes={"kind": kind}, reason="r", by=cast.manager, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            page = Client().get(f"/en/pledges/{pledge.pk}/")
        counts.append(len(queries))

    assert counts == [9] * 4
    assert "lighting" in page.content.decode()


def test_translations_that_were_redacted_leave_none(cast: Cast) -> None:
    pledge = promised(cast, translations={"fr": {"title": "ANCIEN", "details": "DETAIL"}})
    correction = correct_pledge(pledge, changes={"title": "جديد"}, reason="r", by=cast.manager, now=NOW)
    redact(correction, fields=["new_translations"], reason="r", by=cast.moderator, now=NOW)
    pledge.refresh_from_db()

    assert pledge.translations == {}
    assert drifts() == []


def test_nobody_answers_for_a_pledge_and_assesses_it_too(cast: Cast) -> None:
    federation = OrganisationFactory.create(association=True, slug="federation", neighbourhoods=[cast.neighbourhood])
    section = OrganisationFactory.create(association=True, slug="section", parent=federation)
    both = UserFactory.create()
    MembershipFactory.create(user=both, organisation=federation, role=Membership.Role.MEMBER)
    pledge = promised(cast, responsible=section)
    kept, confirmed = Pledge.Status.KEPT, Pledge.Assessment.CONFIRMED
    answer(pledge, status=kept, text="تمّ", by=both, organisation=federation, now=NOW)

    with pytest.raises(PermissionDenied):
        assess(pledge, verdict=confirmed, by=both, organisation=federation, day=NOW.date(), now=NOW)


def test_words_are_redacted_once(cast: Cast) -> None:
    pledge = promised(cast)
    assert pledge.stream is not None
    first, second = pledge.stream.entries.get(), pledge.stream.entries.get()
    redact(first, fields=["details"], reason="r", by=cast.moderator, now=NOW)

    with pytest.raises(ValidationError):
        redact(second, fields=["details"], reason="r", by=cast.moderator, now=NOW)


@pytest.mark.usefixtures("flushable")
def test_answering_redacting_correcting_and_withdrawing_at_once_wait_for_each_other(cast: Cast) -> None:
    pledge = promised(cast)

    def act(index: int) -> None:
        mine = Pledge.objects.select_related("stream", "meeting").get(pk=pledge.pk)
        assert mine.stream is not None
        if index == 0:
            answer(mine, status=Pledge.Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=NOW)
        elif index == 1:
            recorded = mine.stream.entries.get(number=1)
            redact(recorded, fields=["details"], reason="r", by=cast.moderator, now=NOW)
        else:
            correct_pledge(mine, changes={"place": "الباب"}, reason="r", by=cast.manager, now=NOW)

    assert at_once(3, act) == [None] * 3
    assert pledge.stream is not None
    assert sorted(pledge.stream.entries.values_list("kind", flat=True)) == [
        "corrected",
        "recorded",
        "redacted",
        "status",
    ]
    withdraw_meeting(Meeting.objects.get(), reason="r", by=cast.manager, now=NOW)
    assert drifts() == []


@pytest.mark.parametrize("typed", ["9/1/19", "1/1/1", "9 1 0019"])
def test_a_year_cut_short_is_no_year(typed: str) -> None:
    with pytest.raises(ValidationError):
        DayField().clean(typed)
    assert DayField().clean("9 1 2019") == date(2019, 1, 9)


@pytest.mark.parametrize("sent", [{"for": "\0"}, {"for": "nobody"}])
def test_a_draft_is_begun_for_ones_own_organisation_alone(cast: Cast, sent: dict[str, str]) -> None:
    assert signed_in(cast.secretary).get("/workspace/meetings/new/", sent).status_code == 404
