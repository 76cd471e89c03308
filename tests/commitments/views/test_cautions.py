"""What the review warns of before a record is published, and that it never refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.cautioning import cautions
from commitments.models import Pledge
from commitments.warning import found_in
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
    published_meeting,
)
from tests.reading import links, words
from tests.remembering import remembered

SEEDS = Path(__file__).parents[3]
UNREAD = "Say that you have read the warnings, or put right what they speak of."


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
@remembered
def draft(cast: Cast) -> Meeting:
    """A draft of which nothing is to be warned."""
    meeting: Meeting = MeetingFactory.create(
        title="لقاء", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    SourceFactory.create(meeting=meeting)
    PledgeFactory.create(meeting=meeting, title="إصلاح الإنارة بالساحة الكبيرة")
    return meeting


def of(meeting: Meeting, page: str) -> str:
    return f"/en/workspace/meetings/{meeting.pk}/{page}"


def test_who_would_be_seen_by_nothing_is_warned_of_once_and_shown_as_unnamed(manager: Client, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="", role="teacher")
    ParticipantFactory.create_batch(2, meeting=draft, name="ياسين العمراني", role="")
    found = cautions(draft)
    assert [each.anchor for each in found] == ["id_participants-1-role"]
    sent = form_in(manager.get(of(draft, "review/")), f"/en/workspace/meetings/{draft.pk}/publish/")
    assert manager.post(of(draft, "publish/"), sent | {"has_read": "on"}).status_code == 302
    page = words(Client().get(f"/en/meetings/{draft.pk}/"))
    assert page.count("somebody who is not named") == 2
    assert "ياسين" not in page
    assert words(manager.get(of(draft, "correct/"))).count("somebody who is not named") == 2


def test_each_warning_leads_to_the_very_field_of_the_form(manager: Client, draft: Meeting) -> None:
    draft.summary = "للاتصال: 0612345678"
    draft.save()
    ParticipantFactory.create(meeting=draft, name="ياسين العمراني", role="ساكن")
    ConcernFactory.create(meeting=draft, text="طلب ياسين العمراني إنارة", request="")
    PledgeFactory.create(meeting=draft, title="توقيف المدعو كريم بناني")
    found = links(manager.get(of(draft, "review/")))
    named, accused = "ياسين العمراني", "المدعو كريم بناني"
    expected = {
        "Summary: a telephone number, 0612345678": "id_summary",
        f"Concern 1 · what was said: the name of {named}, who takes part without being named": "id_concerns-0-text",
        f"Pledge 2 · what was promised: what looks like a name beside a word of arrest or suspicion, {accused}": (
            "id_pledges-1-title"
        ),
    }
    plain = {label.replace("\u2068", "").replace("\u2069", "").lower(): link for label, link in found.items()}
    form = manager.get(of(draft, "")).content.decode()
    for sentence, field in expected.items():
        assert plain[sentence.lower()] == of(draft, f"#{field}")
        assert f'id="{field}"' in form


def test_publishing_with_open_warnings_asks_whether_they_were_read(manager: Client, draft: Meeting) -> None:
    draft.sources.all().delete()
    page = manager.get(of(draft, "review/"))
    assert "No source is named: minutes, an article or a recording." in words(page)
    sent = form_in(page, of(draft, "publish/"))
    refused = manager.post(of(draft, "publish/"), sent)
    assert (refused.status_code, UNREAD in words(refused), Pledge.objects.published().count()) == (422, True, 0)
    assert manager.post(of(draft, "publish/"), sent | {"has_read": "on"}).status_code == 302
    assert Pledge.objects.published().count() == 1


def test_a_draft_without_warnings_is_published_without_a_tick(manager: Client, draft: Meeting) -> None:
    page = manager.get(of(draft, "review/"))
    assert "has_read" not in page.content.decode()
    assert manager.post(of(draft, "publish/"), form_in(page, of(draft, "publish/"))).status_code == 302


def test_a_pledge_like_a_published_one_is_shown_beside_it(cast: Cast, manager: Client, draft: Meeting) -> None:
    earlier = published_meeting(host=cast.agency, pledges=[{"title": "إصلاح إنارة الساحة الكبيرة"}]).pledges.get()
    elsewhere = published_meeting(pledges=[{"title": "إصلاح الإنارة بالساحة الكبيرة"}]).pledges.get()
    found = links(manager.get(of(draft, "review/")))
    assert found[earlier.title] == f"/en/pledges/{earlier.pk}/"
    assert f"/en/pledges/{elsewhere.pk}/" not in found.values()


def test_what_is_made_up_for_the_demonstration_is_like_nothing_real(cast: Cast, draft: Meeting) -> None:
    made_up = published_meeting(host=cast.agency, pledges=[{"title": "إصلاح إنارة الساحة الكبيرة"}])
    Meeting.objects.filter(pk=made_up.pk).update(is_fictional=True)
    assert cautions(draft) == []


def test_a_pledge_written_twice_is_told(draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft, title="اصلاح الإنارة بالساحة الكبيرة")
    assert [each.anchor for each in cautions(draft)] == ["id_pledges-1-title"]


def test_what_is_not_shown_in_public_is_not_warned_of(draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="ياسين 0612345678", role="ساكن")
    draft.pledges.update(place="قرب دار السيد ياسين بناني", is_place_restricted=True)
    assert cautions(draft) == []


def test_who_agreed_or_acts_in_a_public_role_is_named_without_warning(cast: Cast, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="محمد اليازيدي", role="رئيس", naming="public_role")
    draft.summary = f"قال السيد اليازيدي، والسيد {cast.neighbourhood.name_ar}"
    draft.save()
    assert cautions(draft) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_warnings_cost_the_same_for_three_as_for_one(cast: Cast, draft: Meeting, count: int) -> None:
    for number in range(count):
        PledgeFactory.create(meeting=draft, title=f"تعهّد آخر {number}", neighbourhoods=[cast.neighbourhood])
        ParticipantFactory.create(meeting=draft, organisation=cast.other_association)
        ConcernFactory.create(meeting=draft)
        published_meeting(host=cast.agency, pledges=[{"title": f"لا شبه {number}"}])
    meeting = Meeting.objects.select_related("host", "logged_by").get(pk=draft.pk)
    with CaptureQueriesContext(connection) as queries:
        cautions(meeting)
    assert len(queries) == 10


RECORDS = [
    SEEDS / "seeds" / "azrou-2019-01-09.json",
    *sorted((SEEDS / "commitments" / "demo" / "history").glob("*.json")),
]


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, each in value.items() if key not in {"url", "reference"} for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_no_record_that_we_publish_gives_a_false_warning(path: Path) -> None:
    record = json.loads(path.read_text())
    record = record.get("record", record)
    named = [each for each in record.get("participants", []) if each.get("naming", "unnamed") != "unnamed"]
    known = [
        name
        for each in named
        for name in (each["name"], *(t.get("name", "") for t in each.get("translations", {}).values()))
    ]
    texts = [text for key in record for text in _strings(record[key])]
    assert len(texts) > 5
    assert [found for text in texts for found in found_in(text, known=known)] == []
