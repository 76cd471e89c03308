"""Writing a draft: what is typed is kept, alone and when two people write."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from commitments.models import Pledge
from meetings.models import Concern, Meeting, Neighbourhood, Participant, Source
from meetings.text import TEXT_LIMIT
from tests.cast import Cast
from tests.desk import Sent, form_in, send, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    NeighbourhoodFactory,
    OrganisationFactory,
    ParticipantFactory,
    PledgeFactory,
    PledgeKindFactory,
)
from tests.reading import words
from tests.remembering import remembered

NEW = "/en/workspace/meetings/new/"


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.fixture
@remembered
def draft(cast: Cast) -> Meeting:
    made: Meeting = MeetingFactory.create(
        title="before", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    return made


def at(meeting: Meeting, page: str = "") -> str:
    return f"/en/workspace/meetings/{meeting.pk}/{page}"


def opened(client: Client, address: str) -> Sent:
    """The form at an address, as the browser holds it."""
    return form_in(client.get(address))


# Five pledges of four kinds, one recurring


def test_a_meeting_with_five_pledges_is_written_down_row_by_row(cast: Cast, secretary: Client) -> None:
    kinds = [PledgeKindFactory.create(slug=slug) for slug in ("patrol", "checkpoint", "campus-hours", "lighting")]
    response: Any = send(
        secretary,
        NEW,
        opened(secretary, NEW),
        title="الوضعية الأمنية",
        held_on="9 1 2019",
        host=cast.agency.pk,
        neighbourhoods=[cast.neighbourhood.pk],
        then="add-pledges",
    )
    meeting = Meeting.objects.get()
    assert response.url == f"{at(meeting)}?add=pledges#id_pledges-0-title"
    for number in range(5):
        row = {
            f"pledges-{number}-title": f"pledge {number + 1}",
            f"pledges-{number}-kind": kinds[min(number, 3)].pk,
            f"pledges-{number}-responsible": cast.agency.pk,
            f"pledges-{number}-timing": ["by_date", "recurring", "ongoing", "not_stated", "not_stated"][number],
            "then": "add-pledges",
        }
        if number == 0:
            row["pledges-0-due_on"] = "30.09.2019"
        if number == 1:
            row |= {"pledges-1-weekdays": ["MO", "WE"], "pledges-1-opens_1": "08:00", "pledges-1-closes_1": "09:00"}
            row |= {"pledges-1-opens_2": "17:30", "pledges-1-closes_2": "18:30"}
        response = send(secretary, response.url, opened(secretary, response.url), **row)
        assert response.url == f"{at(meeting)}?add=pledges#id_pledges-{number + 1}-title"
    stored = Pledge.objects.order_by("number")
    assert [(each.number, each.title, each.timing) for each in stored] == [
        (1, "pledge 1", "by_date"),
        (2, "pledge 2", "recurring"),
        (3, "pledge 3", "ongoing"),
        (4, "pledge 4", "not_stated"),
        (5, "pledge 5", "not_stated"),
    ]
    assert (stored[0].due_on, meeting.held_on) == (date(2019, 9, 30), date(2019, 1, 9))
    assert (stored[1].rule, stored[1].windows) == ("FREQ=WEEKLY;BYDAY=MO,WE", [["08:00", "09:00"], ["17:30", "18:30"]])
    meeting.refresh_from_db()
    assert (meeting.version, meeting.created_by, meeting.logged_by) == (6, cast.secretary, cast.association)


def test_every_section_is_kept_and_comes_back(cast: Cast, secretary: Client, draft: Meeting) -> None:
    send(
        secretary,
        at(draft),
        opened(secretary, at(draft)),
        **{
            "starts_at": "10:00", "ends_at": "12:30", "people": "40", "women": "15", "associations": "6",
            "summary": "All agreed.\r\nThen tea.", "format": "walk", "language": "fr",
            "participants-0-name": "Somebody", "participants-0-role": "head", "participants-0-naming": "public_role",
            "concerns-0-text": "thefts", "concerns-0-request": "patrols", "concerns-0-theme": "theft",
            "sources-0-title": "Minutes", "sources-0-published": "2019-01", "sources-0-url": "example.org/minutes",
        },
    )  # fmt: skip
    participant = Participant.objects.get()
    send(
        secretary,
        at(draft),
        opened(secretary, f"{at(draft)}?add=pledges"),
        **{
            "pledges-0-title": "a patrol", "pledges-0-details": "at night", "pledges-0-place": "the market",
            "pledges-0-said_by": participant.pk, "pledges-0-concern_numbers": "1", "pledges-0-beneficiaries": "all",
            "pledges-0-provenance": "page 2", "pledges-0-sign": "two cars", "pledges-0-sign_from": "record",
            "pledges-0-due_words": "this quarter", "pledges-0-timing": "ongoing", "pledges-0-starts_on": "1/2/2019",
            "pledges-0-ends_on": "1/3/2019", "pledges-0-is_place_restricted": "on",
        },
    )  # fmt: skip
    pledge = Pledge.objects.get()
    assert list(pledge.concerns.all()) == [Concern.objects.get()]
    assert (pledge.said_by, pledge.is_place_restricted) == (participant, True)
    sent = opened(secretary, at(draft))
    assert {name: sent[name] for name in ("starts_at", "people", "summary", "format", "language")} == {
        "starts_at": "10:00",
        "people": "40",
        "summary": "All agreed.\r\nThen tea.".replace("\r\n", "\n"),
        "format": "walk",
        "language": "fr",
    } | {"summary": sent["summary"]}
    assert sent["summary"].split() == ["All", "agreed.", "Then", "tea."]
    assert (sent["sources-0-url"], sent["pledges-0-concern_numbers"], sent["pledges-0-starts_on"]) == (
        "https://example.org/minutes",
        "1",
        "01/02/2019",
    )
    before = list(Pledge.objects.values())
    send(secretary, at(draft), sent)
    assert list(Pledge.objects.values()) == before


def test_a_row_is_removed_and_the_others_close_up(secretary: Client, draft: Meeting) -> None:
    first, second, third = (PledgeFactory.create(meeting=draft, title=title) for title in ("a", "b", "c"))
    third.concerns.set([ConcernFactory.create(meeting=draft)])
    send(secretary, at(draft), opened(secretary, at(draft)), **{"pledges-1-DELETE": "on"})
    assert list(draft.pledges.values_list("pk", "number")) == [(first.pk, 1), (third.pk, 2)]
    assert third.concerns.count() == 1
    assert second.pk not in draft.pledges.values_list("pk", flat=True)


def test_removing_a_participant_leaves_what_they_said(secretary: Client, draft: Meeting) -> None:
    participant = ParticipantFactory.create(meeting=draft)
    PledgeFactory.create(meeting=draft, said_by=participant)
    send(secretary, at(draft), opened(secretary, at(draft)), **{"participants-0-DELETE": "on"})
    assert Pledge.objects.get().said_by is None


def test_a_date_or_days_alone_say_how_a_pledge_is_timed(secretary: Client, draft: Meeting) -> None:
    PledgeFactory.create_batch(2, meeting=draft)
    changes = {"pledges-0-due_on": "1/9/2026", "pledges-1-weekdays": ["FR"]}
    send(secretary, at(draft), opened(secretary, at(draft)), **changes)
    assert list(draft.pledges.values_list("timing", "due_on", "rule")) == [
        ("by_date", date(2026, 9, 1), ""),
        ("recurring", None, "FREQ=WEEKLY;BYDAY=FR"),
    ]


def test_another_neighbourhood_is_added_to_those_offered(cast: Cast, secretary: Client, draft: Meeting) -> None:
    other = NeighbourhoodFactory.create()
    send(secretary, at(draft), opened(secretary, at(draft)), another_neighbourhood=other.pk)
    assert set(draft.neighbourhoods.all()) == {cast.neighbourhood, other}
    assert set(opened(secretary, at(draft))["neighbourhoods"]) == {str(cast.neighbourhood.pk), str(other.pk)}


def test_what_is_still_open_is_said_kindly(secretary: Client, draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft)
    PledgeFactory.create(meeting=draft, timing="ongoing", place="here")
    page = words(secretary.get(at(draft)))
    assert "With neither a time nor a sign it will be shown as too vague to measure." in page
    assert "Still open: who said it, by their post, what would show it. It can be published like this." in page


def test_ones_own_places_and_organisations_come_first(cast: Cast, secretary: Client) -> None:
    OrganisationFactory.create(name_fr="A far one", name_en="A far one")
    near = OrganisationFactory.create(name_fr="Z near", name_en="Z near", neighbourhoods=[cast.neighbourhood])
    OrganisationFactory.create(name_fr="Made up", name_en="Made up", is_fictional=True)
    page = secretary.get(NEW).content.decode()
    assert page.index(near.name_en) < page.index("A far one")
    assert "Made up" not in page


# What cannot be kept is said, and nothing typed is lost

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"held_on": "tomorrow"}, "id_held_on", "We cannot read this date. Write day, month and year: 9/1/2019."),
    ({"held_on": "31 2 2019"}, "id_held_on", "We cannot read this date."),
    ({"title": "x" * 301}, "id_title", "Ensure this value has at most 300 characters"),
    ({"title": "turned \u202e round"}, "id_title", "The text holds invisible characters that turn the direction"),
    ({"title": "null \x00"}, "id_title", "Null characters are not allowed."),
    ({"summary": "y" * (TEXT_LIMIT + 1)}, "id_summary", f"at most {TEXT_LIMIT} characters"),
    ({"people": "3", "women": "4"}, "id_women", "There are more women than people present."),
    ({"people": "-1"}, "id_people", "greater than or equal to 0"),
    ({"people": "9" * 30}, "id_people", "Ensure this value is less than or equal to"),
    ({"starts_at": "12:00", "ends_at": "11:00"}, "id_ends_at", "The meeting ends before it starts."),
    ({"starts_at": "25:99"}, "id_starts_at", "We cannot read this time."),
    ({"neighbourhoods": ["999999"]}, "id_neighbourhoods_0", "Select a valid choice. 999999 is not one of"),
    ({"neighbourhoods": ["x"]}, "id_neighbourhoods_0", "is not a valid value"),
    ({"host": "999999"}, "id_host", "There is nothing by this name here. Choose one from the list."),
    ({"participants-0-side": "agency", "participants-0-naming": "agreed"}, "participant-1", "Say who took part"),
    ({"concerns-0-place": "somewhere"}, "concern-1", "Say what was raised or what was asked for."),
    ({"sources-0-url": "example.org"}, "id_sources-0-title", "This field is required."),
    ({"sources-0-title": "x", "sources-0-published": "last year"}, "id_sources-0-published", "Write a year, a month"),
    ({"sources-0-title": "x", "sources-0-url": "javascript:x()"}, "id_sources-0-url", "Enter a valid URL."),
    ({"pledges-0-title": "x" * 501}, "id_pledges-0-title", "Ensure this value has at most 500 characters"),
    ({"pledges-0-concern_numbers": "7"}, "id_pledges-0-concern_numbers", "There is no concern number 7."),
    ({"pledges-0-kind": "no"}, "id_pledges-0-kind", "Select a valid choice."),
    (
        {"pledges-0-timing": "ongoing", "pledges-0-due_on": "1/1/2027"},
        "id_pledges-0-due_on",
        "Only a pledge “by a date” has a due date.",
    ),
    (
        {"pledges-0-timing": "ongoing", "pledges-0-weekdays": ["MO"]},
        "id_pledges-0-weekdays_0",
        "Only a recurring pledge has days.",
    ),
    ({"pledges-0-opens_1": "09:00"}, "id_pledges-0-closes_1", "Hours have a beginning and an end"),
    (
        {"pledges-0-opens_1": "09:00", "pledges-0-closes_1": "08:00"},
        "id_pledges-0-closes_1",
        "These hours end before they start.",
    ),
    (
        {"pledges-0-starts_on": "2/1/2026", "pledges-0-ends_on": "1/1/2026"},
        "id_pledges-0-ends_on",
        "The pledge ends before it starts.",
    ),
    ({"pledges-TOTAL_FORMS": "no"}, "pledges", "ManagementForm data is missing or has been tampered with."),
    ({"pledges-TOTAL_FORMS": "99999"}, "pledges", "Please submit at most 60 forms."),
]


def test_what_cannot_be_kept_is_said_beside_its_field_and_nothing_is_half_saved(
    secretary: Client, draft: Meeting
) -> None:
    untouched = opened(secretary, at(draft)) | {"venue": "typed before the fault", "title": "typed too"}
    for changes, anchor, sentence in BAD:
        response = send(secretary, at(draft), untouched, **changes)
        page = response.content.decode()
        assert (response.status_code, changes) == (422, changes)
        assert f'<a href="#{anchor}">' in page
        assert sentence in words(response)
        again = form_in(response)
        assert again["venue"] == "typed before the fault"
        for name, typed in changes.items():
            if "TOTAL_FORMS" not in name and "\x00" not in str(typed) and name in again and "999" not in str(typed):
                assert again[name] in (typed, "", "x")
        draft.refresh_from_db()
        assert (draft.title, draft.venue, draft.version) == ("before", "مقر منطقة الأمن", 1)
        assert (Pledge.objects.count(), Participant.objects.count(), Source.objects.count()) == (0, 0, 0)


def test_a_draft_may_be_as_empty_as_it_is_or_lie_ahead(secretary: Client) -> None:
    send(secretary, NEW, opened(secretary, NEW))
    ahead = timezone.localdate() + timedelta(days=30)
    empty = Meeting.objects.get()
    send(secretary, at(empty), opened(secretary, at(empty)), held_on=f"{ahead:%d/%m/%Y}", starts_at="9:30")
    empty.refresh_from_db()
    assert (empty.title, empty.held_on, empty.starts_at) == ("", ahead, time(9, 30))


def test_arabic_digits_are_a_date_too(secretary: Client, draft: Meeting) -> None:
    send(secretary, at(draft), opened(secretary, at(draft)), held_on="٩/١/٢٠١٩")
    draft.refresh_from_db()
    assert draft.held_on == date(2019, 1, 9)


# Two people, one draft


def test_the_second_to_save_sees_what_the_first_changed_and_loses_nothing(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    PledgeFactory.create(meeting=draft, title="as it was")
    manager = signed_in(cast.manager)
    mine, theirs = opened(secretary, at(draft)), opened(manager, at(draft))
    send(manager, at(draft), theirs, title="of the manager", venue="their venue", **{"pledges-0-title": "theirs"})
    response = send(secretary, at(draft), mine, title="of the secretary", summary="my summary")
    page = words(response)
    assert response.status_code == 409
    assert "This draft was saved while you were writing" in page
    assert "Subject of the meeting: “of the manager” you wrote something else, which stands in the form" in page
    assert "Venue: “their venue” taken over into the form" in page
    assert "Pledge 1 · What was promised: “theirs” taken over into the form" in page
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("of the manager", "")
    send(secretary, at(draft), form_in(response))
    draft.refresh_from_db()
    assert (draft.title, draft.venue, draft.summary) == ("of the secretary", "their venue", "my summary")
    assert Pledge.objects.get().title == "theirs"


def test_a_row_that_the_first_added_stays(cast: Cast, secretary: Client, draft: Meeting) -> None:
    manager = signed_in(cast.manager)
    mine, theirs = opened(secretary, at(draft)), opened(manager, at(draft))
    send(manager, at(draft), theirs, **{"pledges-0-title": "of the manager"})
    response = send(secretary, at(draft), mine, **{"pledges-0-title": "of the secretary"})
    assert "Pledge 1 · What was promised: “of the manager”" in words(response)
    send(secretary, at(draft), form_in(response))
    assert sorted(draft.pledges.values_list("number", "title")) == [(1, "of the manager"), (2, "of the secretary")]


@pytest.mark.parametrize(("typed", "left"), [("as it was", []), ("better words", ["better words"])])
def test_a_row_that_the_first_removed_comes_back_only_if_the_second_changed_it(
    cast: Cast, secretary: Client, draft: Meeting, typed: str, left: list[str]
) -> None:
    PledgeFactory.create(meeting=draft, title="as it was")
    manager = signed_in(cast.manager)
    mine, theirs = opened(secretary, at(draft)), opened(manager, at(draft))
    send(manager, at(draft), theirs, **{"pledges-0-DELETE": "on"})
    response = send(secretary, at(draft), mine, **{"pledges-0-title": typed})
    assert "Pledge 1: “removed”" in words(response)
    send(secretary, at(draft), form_in(response))
    assert list(draft.pledges.values_list("title", flat=True)) == left


@pytest.mark.parametrize("opened_as", ["", "nonsense", "[1]", '{"meeting-title": 3}'])
def test_a_form_that_forgot_what_it_opened_still_loses_nothing(
    secretary: Client, draft: Meeting, opened_as: str
) -> None:
    sent = opened(secretary, at(draft)) | {"opened": opened_as, "version": "x", "title": "typed"}
    response = send(secretary, at(draft), sent)
    assert (response.status_code, form_in(response)["title"]) == (409, "typed")


def test_what_is_typed_into_a_draft_published_meanwhile_is_shown_and_not_saved(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    PledgeFactory.create(meeting=draft)
    sent = opened(secretary, at(draft))
    manager = signed_in(cast.manager)
    send(manager, at(draft, "publish/"), {"version": "1", "has_read": "on"})
    response = send(secretary, at(draft), sent, venue="typed too late")
    assert (response.status_code, form_in(response)["venue"]) == (409, "typed too late")
    assert "The meeting was published while you were writing." in words(response)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.venue) == (False, "مقر منطقة الأمن")


# What does not belong to one


def test_rows_and_voices_of_others_are_out_of_reach(cast: Cast, secretary: Client, draft: Meeting) -> None:
    foreign = PledgeFactory.create(meeting=MeetingFactory.create(logged_by=cast.other_association), title="foreign")
    stranger = ParticipantFactory.create(meeting=foreign.meeting)
    place: Neighbourhood = NeighbourhoodFactory.create(is_fictional=True)
    sent = opened(secretary, f"{at(draft)}?add=pledges")
    response = send(secretary, at(draft), sent, **{"pledges-0-title": "mine", "pledges-0-said_by": stranger.pk})
    assert response.status_code == 422
    made_up = OrganisationFactory.create(is_fictional=True)
    for name, pk in (("follows_up", foreign.meeting.pk), ("host", made_up.pk), ("neighbourhoods", [place.pk])):
        assert send(secretary, at(draft), sent, **{name: pk}).status_code == 422
    send(secretary, at(draft), sent, **{"pledges-0-row": foreign.pk, "pledges-0-title": "mine"})
    foreign.refresh_from_db()
    assert (foreign.title, draft.pledges.get().title, place.meetings.count()) == ("foreign", "mine", 0)


def test_a_draft_is_not_begun_for_another_association(cast: Cast, secretary: Client) -> None:
    sent = opened(secretary, NEW)
    for slug in (cast.other_association.slug, cast.agency.slug, "nobody"):
        assert send(secretary, NEW, sent | {"for": slug}).status_code == 404
    assert Meeting.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_asks_the_database_as_often_for_three_rows_as_for_one(
    secretary: Client, draft: Meeting, count: int, django_assert_num_queries: Any
) -> None:
    for factory in (ParticipantFactory, ConcernFactory, PledgeFactory):
        factory.create_batch(count, meeting=draft)
    with django_assert_num_queries(24):
        secretary.get(at(draft))
