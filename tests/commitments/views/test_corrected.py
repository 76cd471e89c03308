"""What public pages say of a corrected or withdrawn record: on top that it was, in the history what and why."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from commitments.correcting import correct_meeting, correct_part, correct_pledge, withdraw_meeting
from commitments.models import AgendaItem, Pledge
from commitments.moderation import redact
from commitments.publishing import publish
from commitments.rebuilding import rebuild
from commitments.speaking import Status, Verdict, Wording, answer, assess, reply_to_wording
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, published_pledge
from tests.reading import links, words

pytestmark = pytest.mark.usefixtures("english")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def pledge(cast: Cast) -> Pledge:
    """A pledge with a participant and a concern, all of them translated."""
    meeting = MeetingFactory.create(
        title="Security", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        language="en", translations={"fr": {"title": "Sécurité"}},
    )  # fmt: skip
    ParticipantFactory.create(
        meeting=meeting, name="Said Chief", role="chief", naming="public_role", side="agency",
        translations={"fr": {"role": "le chef"}},
    )  # fmt: skip
    ConcernFactory.create(meeting=meeting, text="thefts", request="patrols", translations={"fr": {"text": "des vols"}})
    return published_pledge(
        by=cast.manager, meeting=meeting, title="a patrol", place="the gate", timing="by_date",
        due_on=date(2026, 8, 15), due_words="in summer",
        translations={
            "fr": {"title": "une patrouille", "place": "la porte", "due_words": "en été"},
            "ar": {"title": "دورية"},
        },
    )  # fmt: skip


def of_pledge(pledge: Pledge) -> str:
    return words(Client().get(f"/en/pledges/{pledge.pk}/"))


def of_meeting(pledge: Pledge) -> str:
    return words(Client().get(f"/en/meetings/{pledge.meeting_id}/"))


def checked(cast: Cast, address: str, **changes: Any) -> str:
    manager = signed_in(cast.manager)
    return words(manager.post(address, {**form_in(manager.get(address)), "reason": "misheard", **changes}))


# Translations that go with the text that was corrected


def test_the_check_and_the_history_say_which_translations_go(cast: Cast, pledge: Pledge) -> None:
    gone = (
        "what was promised, in Arabic before: دورية after: —",
        "what was promised, in French before: une patrouille after: —",
    )
    shown = checked(cast, f"/en/workspace/pledges/{pledge.pk}/correct/what/", title="two patrols")
    assert [each in shown for each in gone] == [True, True]
    correct_pledge(pledge, changes={"title": "two patrols"}, reason="misheard", by=cast.manager, now=NOW)
    page = of_pledge(pledge)
    assert [each in page for each in gone] == [True, True]
    assert "la porte" not in page
    assert "translations before" not in page


def test_the_words_about_time_lose_their_translation_too(cast: Cast, pledge: Pledge) -> None:
    address = f"/en/workspace/pledges/{pledge.pk}/correct/when/"
    shown = checked(cast, address, due_words="before winter")
    assert "the words of the record about time, in French before: en été after: —" in shown


def test_a_part_of_a_meeting_says_so_as_well(cast: Cast, pledge: Pledge) -> None:
    at = f"/en/workspace/meetings/{pledge.meeting_id}/correct/"
    assert "subject of the meeting, in French before: Sécurité after: —" in checked(cast, f"{at}subject/", title="S")
    lost = "Participant 1: role, in French before: le chef after: —"
    assert lost in checked(cast, f"{at}participant-1/", role="deputy")
    assert "Concern 1: what was said, in French before: des vols after: —" in checked(cast, f"{at}concern-1/", text="x")
    assert "in French" not in checked(cast, f"{at}concern-1/", request="more patrols")
    correct_part(
        pledge.meeting, "participant", 1,
        changes={"role": "deputy"}, reason="r", by=cast.manager, now=NOW,
    )  # fmt: skip
    assert lost in of_meeting(pledge)


def test_a_translation_of_words_that_were_redacted_is_shown_nowhere(cast: Cast, pledge: Pledge) -> None:
    entry = correct_pledge(pledge, changes={"title": "two"}, reason="r", by=cast.manager, now=NOW)
    redact(entry, fields=["old_title"], reason="a name", by=cast.moderator, now=NOW)
    assert "une patrouille" not in of_pledge(pledge)


# The mark on top


def test_a_corrected_pledge_says_so_near_its_words_and_leads_to_what_it_said(cast: Cast, pledge: Pledge) -> None:
    assert "Corrected" not in of_pledge(pledge)
    changes = {"title": "two patrols", "due_on": date(2027, 12, 31)}
    entry = correct_pledge(pledge, changes=changes, reason="misheard", by=cast.manager, now=NOW)
    response = Client().get(f"/en/pledges/{pledge.pk}/")
    page = words(response)
    assert "Corrected on 28 November 2026: due date, what was promised. See what it said before" in page
    assert page.index("Corrected on") < page.index("What does the agency say")
    assert links(response)["See what it said before"] == f"#entry-{entry.number}"
    assert f'id="entry-{entry.number}"' in response.content.decode()
    correct_pledge(pledge, changes={"place": "the school"}, reason="again", by=cast.manager, now=LATER)
    again = "Corrected 2 times, last on 30 November 2026: where, due date, what was promised."
    assert again in of_pledge(pledge)


def test_a_meeting_says_what_was_corrected_and_what_was_added(cast: Cast, pledge: Pledge) -> None:
    meeting = pledge.meeting
    correct_meeting(meeting, changes={"venue": "the hall"}, reason="r", by=cast.manager, now=NOW)
    assert "Corrected on 28 November 2026: venue." in of_meeting(pledge)
    changes = {"text": "noise", "request": "", "place": "", "theme": "noise"}
    correct_part(meeting, "concern", None, changes=changes, reason="r", by=cast.manager, now=LATER)
    mark = "Corrected 2 times, last on 30 November 2026: Concern 2 (added later), venue."
    assert mark in of_meeting(pledge)


def test_what_a_reader_may_not_see_is_not_named(cast: Cast) -> None:
    pledge = published_pledge(
        by=None, meeting=MeetingFactory.create(logged_by=cast.association), place="a lane", is_place_restricted=True
    )
    correct_pledge(pledge, changes={"place": "another"}, reason="r", by=cast.manager, now=NOW)
    assert "Corrected on 28 November 2026. See what it said before" in of_pledge(pledge)


def test_the_mark_costs_no_query(cast: Cast, pledge: Pledge) -> None:
    counts = []
    for title in ("two", "three"):
        correct_pledge(pledge, changes={"title": title}, reason="r", by=cast.manager, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            of_pledge(pledge)
        counts.append(len(queries))
    assert counts == [8, 8]


def test_a_withdrawal_says_its_reason_and_leads_to_who_withdrew_it(cast: Cast, pledge: Pledge) -> None:
    withdraw_meeting(pledge.meeting, reason="It never took place.", by=cast.manager, now=NOW)
    for address, subject in ((f"/en/pledges/{pledge.pk}/", pledge), (f"/en/meetings/{pledge.meeting_id}/", None)):
        response = Client().get(address)
        assert "This record was withdrawn and counts nowhere. It never took place. See who" in words(response)
        stream = subject.stream if subject else pledge.meeting.stream
        assert stream is not None
        number = stream.entries.get(kind="withdrawn").number
        assert links(response)["See who withdrew it, and when"] == f"#entry-{number}"


# What was said of the words before


def promised(cast: Cast, **fields: Any) -> Pledge:
    """A pledge of sixty days ago."""
    meeting = MeetingFactory.create(
        held_on=localdate() - timedelta(days=60), host=cast.agency, logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
    )  # fmt: skip
    said = {"title": "thrice a week"} | fields
    return published_pledge(now=now() - timedelta(days=60), meeting=meeting, by=cast.manager, **said)


def test_what_was_said_of_earlier_words_is_not_said_of_the_corrected_ones(cast: Cast) -> None:
    pledge = promised(cast)
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    reply_to_wording(pledge, wording=Wording.AGREED, **told)
    answer(pledge, status=Status.KEPT, text="x", **told)
    assess(pledge, verdict=Verdict.CONFIRMED, by=cast.secretary, organisation=cast.association, day=localdate(),
           now=now())  # fmt: skip
    before = of_pledge(pledge)
    assert "wording agreed" in before
    assert "before the correction" not in before
    correct_pledge(pledge, changes={"title": "twice a week"}, reason="misheard", by=cast.manager, now=now())
    page = of_pledge(pledge)
    today = f"{localdate().day} {localdate():%B %Y}"
    assert "wording: no reply from the agency yet Of the words before the correction" in page
    assert f"the correction the agency had said on {today}: wording agreed." in page
    voices = page.split("What does the agency say?")[1].split("What did residents see?")[0]
    assert voices.count(f"said of the earlier words, before the correction of {today}") == 2
    answer(pledge, status=Status.KEPT, text="y", **told)
    reply_to_wording(pledge, wording=Wording.AGREED, **told)
    page = of_pledge(pledge)
    assert "Of the words before" not in page
    assert page.count("said of the earlier words") == 1


def test_what_a_meeting_stated_of_earlier_words_says_so_too(cast: Cast) -> None:
    pledge = promised(cast)
    meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, held_on=localdate())
    AgendaItem.objects.create(meeting=meeting, number=1, pledge=pledge, outcome="carried_out")
    publish(meeting, by=cast.manager, now=now())
    stated = "What was stated at a later meeting?"
    assert "said of the earlier words" not in of_pledge(pledge)
    correct_pledge(pledge, changes={"title": "twice a week"}, reason="misheard", by=cast.manager, now=now())
    today = f"{localdate().day} {localdate():%B %Y}"
    section = of_pledge(pledge).split(stated)[1].split("As the minutes of")[0]
    assert f"said of the earlier words, before the correction of {today}" in section


@pytest.mark.parametrize(
    ("part", "filed"),
    [
        ("when", {"is_time_restricted": "on"}),
        ("where", {"is_place_restricted": "on"}),
        ("what", {"sign_from": "association", "provenance": "page 3"}),
    ],
)
def test_how_a_pledge_is_filed_leaves_its_words_agreed_and_its_days(
    cast: Cast, part: str, filed: dict[str, str]
) -> None:
    rule, windows = "FREQ=WEEKLY;BYDAY=MO,WE", [["08:00", "10:00"]]
    pledge = promised(
        cast, timing="recurring", rule=rule, windows=windows, starts_on=localdate() - timedelta(days=50),
        due_words="on two days", place="the gate", sign="a log", translations={"fr": {"place": "la porte"}},
    )  # fmt: skip
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    reply_to_wording(pledge, wording=Wording.AGREED, **told)
    manager, address = signed_in(cast.manager), f"/en/workspace/pledges/{pledge.pk}/correct/{part}/"
    compared = manager.post(address, form_in(manager.get(address)) | {"reason": "safer"} | filed)
    assert manager.post(address, form_in(compared) | {"confirm": "1"}).status_code == 302
    pledge.refresh_from_db()
    assert (pledge.wording, pledge.reworded_on, pledge.rule, pledge.windows) == ("agreed", None, rule, windows)
    assert list(rebuild(repair=False)) == []
