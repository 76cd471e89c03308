"""Words on a published pledge are warned of before they are published, once, and nothing that was sent is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Pledge
from commitments.occurrences import log_occurrence
from commitments.schedules import Occurrence, week_of
from commitments.speaking import answer
from ledger.models import Entry
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import MeetingFactory, OrganisationFactory, ParticipantFactory, published_pledge
from tests.reading import words
from tests.remembering import remembered
from tests.uploads import jpeg, send_files

pytestmark = pytest.mark.usefixtures("english")
MONDAY = week_of(timezone.localdate()) - timedelta(days=7)
NUMBER = "we asked Mr Ahmed El Fassi 0655443322"
LOOK = "Look once more at this"
OF_NUMBER, OF_NAME = "In your words: a telephone number, 0655443322", "Mr Ahmed El Fassi"


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    """Recurring, every day, of a meeting a month ago at which one person was not to be named."""
    meeting = MeetingFactory.create(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        held_on=MONDAY - timedelta(days=30),
    )
    ParticipantFactory.create(meeting=meeting, name="ياسين العمراني", role="ساكن")
    return published_pledge(meeting=meeting, timing="recurring", rule="FREQ=DAILY", now=timezone.now())


def desk(pledge: Pledge, page: str = "") -> str:
    return f"/en/workspace/pledges/{pledge.pk}/{page}"


def inbox(pledge: Pledge, page: str = "") -> str:
    return f"/en/inbox/pledges/{pledge.pk}/{page}"


def opened(response: Any, address: str, **changes: Any) -> Sent:
    sent = form_in(response, address) | changes
    return {name: value for name, value in sent.items() if not name.endswith("-evidence")}


def said(pledge: Pledge, kind: str) -> list[str]:
    return [
        str(each.fields["text"]) for each in Entry.objects.filter(stream=pledge.stream, kind=kind).order_by("number")
    ]


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.fixture
def official(cast: Cast) -> Client:
    return signed_in(cast.official)


def test_a_number_and_a_name_are_warned_of_and_a_second_press_publishes(secretary: Client, pledge: Pledge) -> None:
    address = desk(pledge, "assess/")
    disputed = {"assessment-verdict": "disputed", "assessment-text": NUMBER}
    sent = opened(secretary.get(desk(pledge)), address) | disputed
    warned: Any = send_files(secretary, address, sent, {"a.jpg": jpeg()}, field="assessment-evidence")
    page = words(warned)
    assert (LOOK in page, "0655443322" in page, OF_NAME in page) == (True, True, True)
    assert said(pledge, "assessment") == []
    again = opened(warned, address)
    assert (again["assessment-text"], len(again["assessment-evidence-kept"])) == (NUMBER, 1)
    assert secretary.post(address, again | {"has_read": "on"}).status_code == 302
    evidence: Any = Entry.objects.get(stream=pledge.stream, kind="assessment").fields["evidence"]
    assert (said(pledge, "assessment"), len(evidence)) == ([NUMBER], 1)


def test_words_that_were_only_warned_of_or_overtaken_are_asked_about_before_they_are_lost(
    cast: Cast, secretary: Client, pledge: Pledge
) -> None:
    address, unsent = desk(pledge, "assess/"), 'data-leaving="typed"'
    page: Any = secretary.get(desk(pledge))
    assert page.content.decode().count(unsent) == 0
    sent = opened(page, address) | {"assessment-verdict": "disputed", "assessment-text": NUMBER}
    warned: Any = secretary.post(address, sent)
    assert warned.content.decode().count(unsent) == 1
    now = timezone.now()
    answer(pledge, status=Pledge.Status.IN_PROGRESS, by=cast.official, organisation=cast.agency, now=now)
    overtaken: Any = secretary.post(address, sent | {"assessment-text": "nobody came"})
    assert (overtaken.status_code, overtaken.content.decode().count(unsent)) == (409, 1)


def test_where_nothing_is_found_one_press_publishes(secretary: Client, pledge: Pledge) -> None:
    address = desk(pledge, "assess/")
    sent = opened(secretary.get(desk(pledge)), address)
    sent |= {"assessment-verdict": "disputed", "assessment-text": "the lamp at the school is broken"}
    assert secretary.post(address, sent).status_code == 302
    assert secretary.post(address, opened(secretary.get(desk(pledge)), address) | {
        "assessment-verdict": "confirmed", "assessment-text": ""
    }).status_code == 302  # fmt: skip


def test_another_text_is_warned_of_anew_and_a_clean_one_is_published(secretary: Client, pledge: Pledge) -> None:
    address = desk(pledge, "assess/")
    sent = opened(secretary.get(desk(pledge)), address)
    sent |= {"assessment-verdict": "disputed", "assessment-text": NUMBER}
    again = opened(secretary.post(address, sent), address) | {"has_read": "on"}
    other = secretary.post(address, again | {"assessment-text": "call 06 99 99 99 99"})
    assert "06 99 99 99 99" in words(other)
    assert said(pledge, "assessment") == []
    assert secretary.post(address, again | {"assessment-text": "nobody came"}).status_code == 302


def test_a_check_of_an_occurrence_is_warned_of(cast: Cast, secretary: Client, pledge: Pledge) -> None:
    log_occurrence(
        pledge, occurrence=Occurrence(MONDAY, ""), was_carried_out=True, by=cast.official, organisation=cast.agency,
        now=timezone.now(),
    )  # fmt: skip
    address = desk(pledge, "check/")
    sent = opened(secretary.get(desk(pledge)), address)
    sent |= {"check-occurrence": f"{MONDAY}/", "check-verdict": "disputed", "check-text": NUMBER}
    warned = secretary.post(address, sent)
    assert OF_NUMBER in words(warned).replace("\u2068", "").replace("\u2069", "")
    assert said(pledge, "assessment") == []
    assert secretary.post(address, opened(warned, address) | {"has_read": "on"}).status_code == 302
    assert said(pledge, "assessment") == [NUMBER]


@pytest.mark.parametrize(
    ("page", "kind", "fields"),
    [
        ("status", "status", {"status-status": "in_progress", "status-text": NUMBER}),
        ("wording", "wording", {"wording-wording": "agreed_with_remark", "wording-text": NUMBER}),
        (
            "occurrence",
            "occurrence",
            {
                "occurrence-day": f"{MONDAY:%d/%m/%Y}",
                "occurrence-outcome": "not_carried_out",
                "occurrence-text": NUMBER,
            },
        ),
        ("offer", "handover", {"offer-text": NUMBER}),
    ],
)
def test_what_an_agency_publishes_is_warned_of(
    official: Client, pledge: Pledge, page: str, kind: str, fields: Sent
) -> None:
    address = inbox(pledge, f"{page}/")
    if page == "offer":
        fields = fields | {"offer-to": OrganisationFactory.create(kind="police").slug}
    warned = official.post(address, opened(official.get(inbox(pledge)), address) | fields)
    assert (warned.status_code, LOOK in words(warned), said(pledge, kind)) == (200, True, [])
    assert official.post(address, opened(warned, address) | {"has_read": "on"}).status_code == 302
    assert said(pledge, kind) == [NUMBER]


def test_a_week_is_warned_of_as_a_whole(official: Client, pledge: Pledge) -> None:
    address, key = inbox(pledge, f"week/?of={MONDAY}"), f"{MONDAY:%Y%m%d}-"
    sent = form_in(official.get(address), f"?of={MONDAY}")
    sent |= {f"outcome-{key}": "not_carried_out", f"why-{key}": "ask 0655443322"}
    warned = official.post(address, sent)
    assert (LOOK in words(warned), said(pledge, "occurrence")) == (True, [])
    again = form_in(warned, f"?of={MONDAY}")
    assert again[f"why-{key}"] == "ask 0655443322"
    assert official.post(address, again | {"has_read": "on"}).status_code == 302
    assert said(pledge, "occurrence") == ["ask 0655443322"]


def test_only_who_logged_the_meeting_is_told_who_took_part_unnamed(
    secretary: Client, official: Client, pledge: Pledge
) -> None:
    text = "ياسين العمراني يقول غير ذلك"
    address = inbox(pledge, "status/")
    sent = opened(official.get(inbox(pledge)), address) | {"status-status": "in_progress", "status-text": text}
    assert official.post(address, sent).status_code == 302
    address = desk(pledge, "assess/")
    sent = opened(secretary.get(desk(pledge)), address)
    warned = secretary.post(address, sent | {"assessment-verdict": "disputed", "assessment-text": text})
    assert "who takes part without being named" in words(warned)


def test_a_warning_asks_as_much_of_the_database_for_a_long_text_as_for_a_short_one(
    secretary: Client, pledge: Pledge
) -> None:
    address = desk(pledge, "assess/")
    sent = opened(secretary.get(desk(pledge)), address) | {"assessment-verdict": "disputed"}
    counts = []
    for text in ("0655443322", "0655443322 0655443323 0655443324 AB123456"):
        with CaptureQueriesContext(connection) as asked:
            secretary.post(address, sent | {"assessment-text": text})
        counts.append(len(asked))
    assert counts[0] == counts[1]
