"""The association's desk: the workspace, publishing, looking, correcting and withdrawing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import answer
from commitments.state import Verdict
from ledger.models import Entry
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    MembershipFactory,
    ParticipantFactory,
    PledgeFactory,
    published_meeting,
)
from tests.reading import links, words
from tests.remembering import remembered

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
@remembered
def draft(cast: Cast) -> Meeting:
    meeting: Meeting = MeetingFactory.create(
        title="Security", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    PledgeFactory.create(meeting=meeting, title="a patrol")
    return meeting


@pytest.fixture
@remembered
def published(cast: Cast) -> Meeting:
    pledges = [{"title": "a patrol"}, {"title": "a campaign", "timing": "recurring"}]
    return published_meeting(
        title="Security",
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        by=cast.manager,
        pledges=pledges,
    )


def of(meeting: Meeting, page: str) -> str:
    return f"/en/workspace/meetings/{meeting.pk}/{page}"


def about(pledge: Pledge, page: str = "") -> str:
    return f"/en/workspace/pledges/{pledge.pk}/{page}"


def entries(subject: Meeting | Pledge) -> list[tuple[str, str]]:
    return list(Entry.objects.filter(stream=subject.stream).values_list("kind", "speaker"))


def claim(cast: Cast, pledge: Pledge) -> None:
    """The agency says that it is kept."""
    now = timezone.now()
    answer(pledge, status=Pledge.Status.KEPT, by=cast.official, organisation=cast.agency, text="done", now=now)


# Where one belongs


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ("secretary", "/en/workspace/"),
        ("official", "/en/inbox/"),
        ("moderator", "/en/moderation/"),
        ("administrator", "/en/admin/"),
        ("auditor", "/en/admin/"),
    ],
)
def test_each_is_led_to_their_desk(cast: Cast, part: str, where: str) -> None:
    response: Any = signed_in(getattr(cast, part)).get("/en/desk/")
    assert (response.status_code, response.url) == (302, where)


def test_who_belongs_to_both_sides_chooses(cast: Cast) -> None:
    MembershipFactory.create(user=cast.secretary, organisation=cast.agency)
    found = links(signed_in(cast.secretary).get("/en/desk/"))
    assert found == {"Open the workspace": "/en/workspace/", "See what waits": "/en/inbox/"}


def test_who_belongs_nowhere_reads_what_to_do(cast: Cast) -> None:
    assert "Your account belongs to no organisation yet." in words(signed_in(cast.stranger).get("/en/desk/"))


def test_whoever_has_not_signed_in_is_asked_to(client: Client) -> None:
    response: Any = client.get("/en/desk/")
    assert response.url == "/en/accounts/login/?next=/en/desk/"


# The workspace


def test_the_workspace_shows_drafts_what_was_published_and_what_to_check(
    cast: Cast, manager: Client, draft: Meeting, published: Meeting
) -> None:
    MeetingFactory.create(title="Of others", logged_by=cast.other_association)
    claim(cast, published.pledges.get(number=1))
    page = words(manager.get("/en/workspace/"))
    assert "The agency says that it did it; nobody has looked yet." in page
    assert "2 pledges" in page
    assert "Of others" not in page
    found = links(manager.get("/en/workspace/"))
    assert (found["Log a meeting"], found["a patrol"]) == (
        "/en/workspace/meetings/new/",
        about(published.pledges.get(number=1)),
    )


def test_the_workspace_lists_what_is_without_news_with_its_letter(
    cast: Cast, manager: Client, published: Meeting
) -> None:
    claim(cast, published.pledges.get(number=2))
    silent = published.pledges.get(number=1)
    page = manager.get("/en/workspace/")
    assert re.search(r"Without news .* No news from \S*Security district \d+\S* for \d+ days\. a patrol", words(page))
    assert links(page)["Prepare a letter: a patrol"] == about(silent, "letter/")
    assert "Prepare a letter: a campaign" not in links(page)


def test_an_empty_workspace_says_what_to_do(manager: Client) -> None:
    page = words(manager.get("/en/workspace/"))
    assert "There is nothing to check now." in page
    assert "Log the first one: its subject, its date and one pledge are enough to begin with." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_workspace_asks_the_database_as_often_for_three_as_for_one(
    cast: Cast, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        meeting = published_meeting(
            host=cast.agency,
            logged_by=cast.association,
            neighbourhoods=[cast.neighbourhood],
            by=cast.manager,
            pledges=[{"title": "a patrol"}, {"title": "without news"}],
        )
        claim(cast, meeting.pledges.get(number=1))
        MeetingFactory.create(logged_by=cast.association)
    with django_assert_num_queries(24):
        manager.get("/en/workspace/")


# Reviewing and publishing


def test_the_review_shows_what_everybody_will_see(cast: Cast, manager: Client, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft, name="Hidden Name", role="resident")
    answered, _open = ConcernFactory.create_batch(2, meeting=draft, request="more patrols")
    PledgeFactory.create(
        meeting=draft,
        title="a campaign",
        timing="recurring",
        rule="FREQ=WEEKLY;BYDAY=MO",
        place="behind the school",
        is_place_restricted=True,
        is_time_restricted=True,
        concerns=[answered],
    )
    page = words(manager.get(of(draft, "review/")))
    assert "Answered by pledge 2: a campaign" in page
    assert "asked for and not promised" in page
    assert "Publish 2 pledges" in page
    for secret in ("Hidden Name", "school", "Monday"):
        assert secret not in page


def test_the_review_links_each_problem_to_its_place(cast: Cast, manager: Client) -> None:
    draft = MeetingFactory.create(title="", logged_by=cast.association)
    PledgeFactory.create(meeting=draft, kind=None)
    response = manager.get(of(draft, "review/"))
    found = links(response)
    assert found["Give the meeting a subject."] == of(draft, "#title")
    assert found["Pledge 1: choose its kind."] == of(draft, "#pledge-1")
    assert "Publish 1 pledge" not in words(response)
    form = manager.get(of(draft, "")).content.decode()
    for place in ("title", "held_on", "host", "neighbourhoods", "pledges", "pledge-1"):
        assert f'id="{place}"' in form


def test_a_manager_publishes_what_was_reviewed(manager: Client, draft: Meeting) -> None:
    sent = form_in(manager.get(of(draft, "review/")), f"/en/workspace/meetings/{draft.pk}/publish/")
    response: Any = manager.post(of(draft, "publish/"), sent | {"has_read": "on"}, follow=True)
    assert response.redirect_chain[-1][0] == of(draft, "published/")
    page = words(response)
    assert "1 pledge is published." in page
    assert "Everybody can read the meeting and its pledges now, without an account." in page
    assert entries(draft.pledges.get()) == [("recorded", "hay")]


def test_a_secretary_reads_who_publishes(cast: Cast, draft: Meeting) -> None:
    page = words(signed_in(cast.secretary).get(of(draft, "review/")))
    assert "publishes it: tell them that it is ready." in page
    assert "Publish 1 pledge" not in page


def test_a_draft_that_changed_after_the_review_is_reviewed_again(manager: Client, draft: Meeting) -> None:
    Meeting.objects.update(version=2)
    response = manager.post(of(draft, "publish/"), {"version": "1"})
    assert response.status_code == 409
    assert "Somebody saved the draft after you opened this page." in words(response)
    assert Meeting.objects.get().is_draft


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_version_that_no_page_showed_publishes_nothing(manager: Client, draft: Meeting, version: str) -> None:
    assert manager.post(of(draft, "publish/"), {"version": version}).status_code == 409
    assert Entry.objects.count() == 0


def test_what_cannot_be_published_says_why(cast: Cast, manager: Client, draft: Meeting) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    Meeting.objects.update(held_on=tomorrow)
    response = manager.post(of(draft, "publish/"), {"version": "1"})
    assert response.status_code == 422
    assert "The date of the meeting is in the future." in words(response)


def test_a_draft_is_deleted_once_that_was_confirmed(manager: Client, draft: Meeting) -> None:
    page = manager.get(of(draft, "delete/"))
    assert "It was never published, so nothing of it will remain." in words(page)
    assert Meeting.objects.count() == 1
    send(manager, of(draft, "delete/"), form_in(page))
    assert Meeting.objects.count() == 0


def test_a_draft_saved_meanwhile_is_not_deleted(manager: Client, draft: Meeting) -> None:
    response = manager.post(of(draft, "delete/"), {"version": "7"})
    assert (response.status_code, Meeting.objects.count()) == (409, 1)


def test_the_address_of_a_draft_leads_on_once_it_is_published(manager: Client, published: Meeting) -> None:
    response: Any = manager.get(of(published, ""))
    assert response.url == of(published, "published/")


# Looking


def test_a_second_tab_leads_to_what_the_first_has_published(manager: Client, published: Meeting) -> None:
    count = Entry.objects.count()
    answers: list[Any] = [
        manager.get(of(published, "review/")),
        manager.post(of(published, "publish/"), {"version": "1"}),
    ]
    assert [answer.url for answer in answers] == [of(published, "published/")] * 2
    assert Entry.objects.count() == count


def test_a_finding_is_published_under_the_associations_name(cast: Cast, manager: Client, published: Meeting) -> None:
    pledge = published.pledges.get(number=1)
    claim(cast, pledge)
    sent = form_in(manager.get(about(pledge)), about(pledge, "assess/"))
    response: Any = manager.post(
        about(pledge, "assess/"),
        sent | {"assessment-verdict": "disputed", "assessment-text": "no car was seen"},
        follow=True,
    )
    assert "What you found is published beside the pledge." in words(response)
    pledge.refresh_from_db()
    assert (pledge.standing, entries(pledge)[-1]) == (Pledge.Standing.KEPT_DISPUTED, ("assessment", "hay"))


def test_an_occurrence_that_was_reported_is_checked(cast: Cast, manager: Client, published: Meeting) -> None:
    pledge = published.pledges.get(number=2)
    now = timezone.now()
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now}
    log_occurrence(pledge, occurrence=Occurrence(timezone.localdate()), was_carried_out=True, **told)
    sent = form_in(manager.get(about(pledge)), about(pledge, "check/"))
    manager.post(
        about(pledge, "check/"),
        sent | {"check-verdict": "confirmed", "check-occurrence": f"{timezone.localdate()}/"},
    )
    assert Entry.objects.get(stream=pledge.stream, kind="assessment").fields["verdict"] == "confirmed"


def test_who_chooses_an_occurrence_reads_what_they_have_said_of_it(
    cast: Cast, manager: Client, published: Meeting
) -> None:
    pledge, now = published.pledges.get(number=2), timezone.now()
    days = [Occurrence(timezone.localdate() - timedelta(days=ago)) for ago in (0, 1)]
    for each in days:
        log_occurrence(
            pledge, occurrence=each, was_carried_out=True, by=cast.official, organisation=cast.agency, now=now
        )
    with CaptureQueriesContext(connection) as before:
        offered = words(manager.get(about(pledge)))
    assert "already said" not in offered
    for by, association, verdict in (
        (cast.secretary, cast.association, Verdict.DISPUTED),
        (cast.other_member, cast.other_association, Verdict.CONFIRMED),
    ):
        check_occurrence(
            pledge, occurrence=days[0], verdict=verdict, text="x", by=by, organisation=association, now=now
        )
    with CaptureQueriesContext(connection) as after:
        offered = words(manager.get(about(pledge)))
    assert len(after) == len(before)
    assert f"{date_format(days[0].day)}: carried out · you have already said: disputed" in offered
    assert offered.count("already said") == 1
    MembershipFactory.create(user=cast.manager, organisation=cast.other_association)
    both = words(manager.get(about(pledge)))
    mine, theirs = (f"\u2068{each.name_en}\u2069" for each in (cast.association, cast.other_association))
    assert f"{mine} has already said: disputed" in both
    assert f"{theirs} has already said: confirmed" in both


BAD: list[tuple[dict[str, str], str]] = [
    ({}, "What did you find? This field is required."),
    ({"assessment-verdict": "perfect"}, "Select a valid choice."),
    ({"assessment-verdict": "disputed"}, "In your words: Say what you found: the agency and residents will read it."),
    (
        {"assessment-verdict": "confirmed", "assessment-day": "soon"},
        "On which day did you look? We cannot read this date.",
    ),
    ({"assessment-verdict": "confirmed", "assessment-day": "1/1/2019"}, "This day is before the meeting"),
    ({"assessment-verdict": "confirmed", "assessment-day": "1/1/2999"}, "This day has not come yet."),
    ({"assessment-verdict": "confirmed", "assessment-text": "a \u2066 b"}, "invisible characters"),
    ({"assessment-verdict": "confirmed", "assessment-expected": "x"}, "Enter a whole number."),
    ({"assessment-verdict": "confirmed", "assessment-voice": "jar"}, "Select a valid choice."),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_a_finding_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    manager: Client, published: Meeting, changes: dict[str, str], sentence: str
) -> None:
    pledge = published.pledges.get(number=1)
    sent = form_in(manager.get(about(pledge)), about(pledge, "assess/")) | {"assessment-text": ""} | changes
    response = manager.post(about(pledge, "assess/"), sent)
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_in(response, about(pledge, "assess/"))["assessment-text"] == sent["assessment-text"]
    assert entries(pledge) == [("recorded", "hay")]


def test_a_finding_overtaken_by_the_agency_is_shown_what_it_said(
    cast: Cast, manager: Client, published: Meeting
) -> None:
    pledge = published.pledges.get(number=1)
    sent = form_in(manager.get(about(pledge)), about(pledge, "assess/"))
    claim(cast, pledge)
    response = manager.post(
        about(pledge, "assess/"), sent | {"assessment-verdict": "disputed", "assessment-text": "my words"}
    )
    assert response.status_code == 409
    page = words(response)
    assert "Somebody spoke while you were writing. Nothing of yours is lost." in page
    assert "kept · Security district" in page
    again = form_in(response, about(pledge, "assess/"))
    assert again["assessment-text"] == "my words"
    assert manager.post(about(pledge, "assess/"), again).status_code == 302


# Correcting and withdrawing


def test_a_correction_is_seen_side_by_side_before_it_is_published(manager: Client, published: Meeting) -> None:
    address = of(published, "correct/subject/")
    sent = form_in(manager.get(address)) | {"title": "Safety", "reason": "misheard"}
    checked = manager.post(address, sent)
    assert "before: Security after: Safety" in words(checked)
    assert entries(published) == [("published", "hay")]
    response: Any = manager.post(address, form_in(checked) | {"confirm": "1"})
    assert response.url == of(published, "published/")
    published.refresh_from_db()
    assert (published.title, entries(published)[-1]) == ("Safety", ("corrected", "hay"))


def test_a_pledge_is_corrected_in_the_same_way(manager: Client, published: Meeting) -> None:
    pledge = published.pledges.get(number=1)
    address = about(pledge, "correct/when/")
    due = timezone.localdate()
    changes = {"timing": "by_date", "due_on": f"{due:%d/%m/%Y}", "reason": "the date was said"}
    checked = manager.post(address, form_in(manager.get(address)) | changes)
    assert "before: deadline not stated after: by a date" in words(checked)
    manager.post(address, form_in(checked) | {"confirm": "1"})
    pledge.refresh_from_db()
    assert (pledge.timing, pledge.due_on) == ("by_date", due)


def test_one_may_go_back_from_the_check_with_everything_typed(manager: Client, published: Meeting) -> None:
    address = of(published, "correct/subject/")
    checked = manager.post(address, form_in(manager.get(address)) | {"title": "Safety", "reason": "misheard"})
    again = form_in(manager.post(address, form_in(checked) | {"change": "1"}))
    assert (again["title"], again["reason"]) == ("Safety", "misheard")


@pytest.mark.parametrize(
    ("part", "changes", "sentence"),
    [
        ("subject", {"reason": "why"}, "Nothing has been changed."),
        ("subject", {"title": "Safety"}, "Give the reason: it is shown beside the change."),
        ("subject", {"title": "", "reason": "why"}, "This field is required."),
        ("when", {"held_on": "1/1/2999", "reason": "why"}, "The date of the meeting is in the future."),
        ("present", {"people": "3", "women": "4", "reason": "why"}, "There are more women than people present."),
    ],
)
def test_a_correction_that_cannot_be_says_why(
    manager: Client, published: Meeting, part: str, changes: dict[str, str], sentence: str
) -> None:
    address = of(published, f"correct/{part}/")
    response = manager.post(address, form_in(manager.get(address)) | changes)
    assert response.status_code == 422
    assert sentence in words(response)
    assert entries(published) == [("published", "hay")]


def test_two_corrections_at_once_do_not_hide_each_other(cast: Cast, manager: Client, published: Meeting) -> None:
    address = of(published, "correct/subject/")
    first = form_in(manager.get(address)) | {"title": "First", "reason": "why", "confirm": "1"}
    second = first | {"title": "Second"}
    manager.post(address, first)
    response = manager.post(address, second)
    assert response.status_code == 409
    assert "Subject of the meeting: Security First" in words(response).replace("subject", "Subject")
    assert form_in(response)["title"] == "Second"
    published.refresh_from_db()
    assert published.title == "First"


@pytest.mark.parametrize("is_meeting", [True, False])
def test_withdrawing_asks_why_and_stays_readable(manager: Client, published: Meeting, is_meeting: bool) -> None:
    pledge = published.pledges.get(number=1)
    address = of(published, "withdraw/") if is_meeting else about(pledge, "withdraw/")
    page = manager.get(address)
    assert manager.post(address, form_in(page)).status_code == 422
    response: Any = manager.post(address, form_in(page) | {"reason": "held elsewhere"})
    assert response.url == of(published, "published/")
    assert Pledge.objects.published().count() == (0 if is_meeting else 1)
    assert manager.get(address).status_code == 404
    assert words(manager.get(of(published, "published/"))).count("Withdraw the meeting") == (0 if is_meeting else 1)


@pytest.mark.parametrize("page", ["", "import/", "meetings/new/", "meetings/prepare/"])
def test_an_official_reads_whose_page_it_is_and_is_led_to_the_own_desk(cast: Cast, page: str) -> None:
    client: Any = signed_in(cast.official)
    response: Any = client.get(f"/en/workspace/{page}")
    assert response.status_code == 403
    assert "This page is for the members of associations." in words(response)
    assert links(response)["Back to my desk"] == "/en/desk/"
    assert client.get("/en/desk/").url == "/en/inbox/"
