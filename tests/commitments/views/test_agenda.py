"""The balance on the agenda and its sheet: each number is that of the lines under its heading."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Pledge
from commitments.speaking import answer, assess
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import ConcernFactory, MeetingFactory, published_meeting
from tests.following import prepared
from tests.reading import words
from tests.remembering import remembered

Status = Pledge.Status
HEADING = re.compile(r"<h[34][^>]*>([^<]*?): (\d+)</h[34]>(.*?)(?=<h[1234]|<section)", re.DOTALL)
LINE = re.compile(r"\b\d+\.\s+(?:<strong>)?<bdi[^>]*>([^<]*)</bdi>")


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
@remembered
def earlier(cast: Cast) -> Meeting:
    """A meeting of sixty days ago with a pledge in nearly every part of the balance."""
    stated: list[dict[str, Any]] = [
        {"title": "kept"},
        {"title": "lapsed", "timing": "ongoing"},
        {"title": "heard"},
        {"title": "quiet", "timing": "by_date", "due_on": ago(9)},
        {"title": "ours", "responsible": cast.association},
        {"title": "refused"},
        {"title": "never answered"},
    ]
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        by=cast.manager,
        held_on=ago(60),
        now=timezone.now() - timedelta(days=59),
        pledges=stated,
    )
    for number, status, days in (
        (1, Status.KEPT, 50),
        (2, Status.KEPT, 50),
        (3, Status.IN_PROGRESS, 2),
        (4, Status.IN_PROGRESS, 50),
        (6, Status.NOT_KEPT, 50),
    ):
        answer(
            meeting.pledges.get(number=number),
            status=status,
            by=cast.official,
            organisation=cast.agency,
            text="so",
            now=timezone.now() - timedelta(days=days),
        )
    answer(
        meeting.pledges.get(number=5),
        status=Status.KEPT,
        by=cast.secretary,
        organisation=cast.association,
        text="so",
        now=timezone.now() - timedelta(days=50),
    )
    assess(
        meeting.pledges.get(number=1),
        verdict=Pledge.Assessment.DISPUTED,
        text="not so",
        day=ago(40),
        by=cast.secretary,
        organisation=cast.association,
        now=timezone.now() - timedelta(days=40),
    )
    return meeting


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


def listed(response: Any) -> dict[str, tuple[int, list[str]]]:
    """The headings of the balance: what each counts, and the lines that stand under it."""
    found = HEADING.findall(response.content.decode())
    return {heading.strip(): (int(count), LINE.findall(under)) for heading, count, under in found}


def page(client: Client, meeting: Meeting, name: str = "agenda/") -> Any:
    return client.get(f"/en/workspace/meetings/{meeting.pk}/{name}")


def test_every_number_is_that_of_the_lines_under_its_heading(manager: Client, earlier: Meeting) -> None:
    meeting = prepared(manager, earlier)
    expected = {
        "Said to be done": (2, ["kept", "ours"]),
        "Said to be done, then lapsed": (1, ["lapsed"]),
        "Still open, with recent news since the last meeting": (1, ["heard"]),
        "Still open, without news for 20 working days or more": (2, ["quiet", "never answered"]),
        "Not kept": (1, ["refused"]),
    }
    assert listed(page(manager, meeting)) == expected
    for name in ("agenda/", "agenda/print/?language=fr"):
        read = words(page(manager, meeting, name))
        assert sum(int(each) for each in re.findall(r": (\d+) (?:of|sur) 7\b", read)) == 7
    shown = page(manager, meeting).content.decode()
    assert re.findall(r'href="#(part-\w+)"', shown) == re.findall(r'<h3 id="(part-\w+)"', shown)
    assert "The agency says" not in shown


def test_what_is_dropped_is_counted_under_its_heading_and_named_by_its_number(
    manager: Client, earlier: Meeting
) -> None:
    meeting = prepared(manager, earlier)
    meeting.agenda.filter(pledge__title__in=["kept", "quiet", "never answered"]).update(is_kept=False)
    sheet = words(page(manager, meeting, "agenda/print/?language=ar"))
    assert "قيل إنه أُنجز: 2 5. ours" in sheet
    assert "تُرك واحد منها خارج جدول الأعمال، ولا يرد في هذه الورقة: رقم 1." in sheet
    assert "تُرك اثنان منها خارج جدول الأعمال، ولا يردان في هذه الورقة: الرقمان 4، 7." in sheet
    assert listed(page(manager, meeting))["Said to be done"] == (2, ["kept", "ours"])


def test_a_line_says_where_and_until_when_it_was_promised_and_how_late_it_is(manager: Client, earlier: Meeting) -> None:
    meeting = prepared(manager, earlier)
    sheet = words(page(manager, meeting, "agenda/print/?language=fr"))
    answered = timezone.localdate(timezone.now() - timedelta(days=50))  # the clock of that day may differ
    held, due, heard = (f"{each:%-d/%-m/%Y}" for each in (ago(60), ago(9), answered))
    line = f"rencontre du {held} échéance le {due} échéance dépassée depuis 9 jours Le service : en cours"
    assert f"{line} (dernières nouvelles : {heard}) Associations : pas encore vérifié Suite donnée :" in sheet
    assert "·" not in sheet.split("Demandes")[0].split("Bilan")[1]
    read = words(page(manager, meeting))
    assert "past its date by 9 days" in read
    assert "Past their date: 1 (number 4)" in read
    assert "Disputed by associations: 1 (number 1)" in read


def test_who_promised_it_need_not_be_an_agency(manager: Client, earlier: Meeting) -> None:
    read = words(page(manager, prepared(manager, earlier)))
    assert "Who promised it: kept" in read.split("5. ours")[1].split("2. lapsed")[0]


def test_an_agenda_that_was_never_saved_denies_no_earlier_pledge(manager: Client, earlier: Meeting, cast: Cast) -> None:
    ConcernFactory.create(meeting=earlier, request="light", number=9)
    draft = MeetingFactory.create(
        logged_by=cast.association, neighbourhoods=[cast.neighbourhood], held_on=timezone.localdate()
    )
    for name in ("agenda/", "agenda/print/?language=fr"):
        read = words(page(manager, draft, name))
        assert "8 pledges or requests are not on the agenda yet: saving adds them." in read
        assert "There is no" not in read
        assert "engagement antérieur dans ces quartiers" not in read
    place = MeetingFactory.create(logged_by=cast.association)
    assert "There is no earlier pledge in these neighbourhoods." in words(page(manager, place))
