"""The next meeting: its agenda, what it stated of earlier pledges, and that no voice passes for another's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.correcting import withdraw_meeting
from commitments.models import AgendaItem
from commitments.moderation import redact
from commitments.publishing import problems, publish
from commitments.rebuilding import rebuild
from commitments.speaking import history
from commitments.state import fold
from ledger.models import Entry
from meetings.models import Meeting, Organisation
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    ObservationFactory,
    OrganisationFactory,
    ParticipantFactory,
    PledgeFactory,
)
from tests.following import attended, by_alone, held, outcome, prepared, together_with
from tests.reading import words


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


def test_a_meeting_without_pledges_speaks_of_none(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = held(cast, prepared(manager, earlier))
    desk = f"/en/workspace/meetings/{meeting.pk}/"
    assert "Each pledge waits at the desk of the agency" not in words(manager.get(f"{desk}published/"))
    assert "and its pledges" not in words(manager.get(f"{desk}withdraw/")).split("Withdraw this meeting?")[1]


def test_page_sheet_and_form_number_the_pledges_alike_and_say_what_was_dropped(
    manager: Client, earlier: Meeting
) -> None:
    meeting = prepared(manager, earlier)
    first = meeting.agenda.exclude(pledge=None)[0]
    meeting.agenda.filter(pk=first.pk).update(is_kept=False)
    page, sheet, form = (
        words(manager.get(f"/en/workspace/meetings/{meeting.pk}/{each}"))
        for each in ("agenda/", "agenda/print/?language=fr", "outcomes/")
    )
    assert ["2. lamps" in each for each in (page, sheet, form)] == [True] * 3
    assert ["1. patrols" in each for each in (page, sheet, form)] == [True, False, False]
    assert "1 d’entre eux a été écarté de l’ordre du jour et ne figure pas sur cette feuille : numéro 1." in sheet


def test_the_next_meeting_takes_over_what_stays_and_asks_first_of_every_pledge(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = prepared(manager, earlier, series_ar="سلسلة", series_fr="Rencontres")
    assert (meeting.follows_up, meeting.host, meeting.venue) == (earlier, cast.agency, earlier.venue)
    assert [(str(item), item.is_kept) for item in meeting.agenda.all()] == [
        ("patrols", True), ("lamps", True), (str(earlier.concerns.get()), True),
    ]  # fmt: skip
    participant = meeting.participants.get()
    assert (participant.name, participant.role) == ("", "resident")
    earlier.refresh_from_db()
    assert meeting.series == earlier.series is not None
    assert earlier.stream.entries.last().kind == "linked"  # type: ignore[union-attr]
    assert list(rebuild(repair=False)) == []


def test_what_is_dropped_stays_in_the_balance_and_new_points_follow(manager: Client, earlier: Meeting) -> None:
    meeting = prepared(manager, earlier)
    address = f"/en/workspace/meetings/{meeting.pk}/agenda/"
    sent = form_in(manager.get(address))
    sent |= {"kept": sent["kept"][:1], "points": "parking\nschool gate"}
    assert manager.post(address, sent).status_code == 302
    assert [item.text for item in meeting.agenda.exclude(text="")] == ["parking", "school gate"]
    assert meeting.agenda.filter(is_kept=False).count() == 2
    assert "2 of 2" in words(manager.get(address))
    stale: Any = manager.post(address, sent | {"points": "mine"})
    assert (stale.status_code, "mine" in words(stale), "parking" in words(stale)) == (409, True, True)
    assert not AgendaItem.objects.filter(text="mine").exists()


def test_the_balance_holds_what_residents_saw_lately_beside_the_other_voices(manager: Client, earlier: Meeting) -> None:
    pledge, today = earlier.pledges.get(title="patrols"), timezone.localdate()
    for was_seen, days_ago in ((True, 1), (True, 2), (False, 3), (False, 31)):
        ObservationFactory.create(pledge=pledge, day=today - timedelta(days=days_ago), was_seen=was_seen)
    ObservationFactory.create(pledge=pledge, day=today, state="waiting")
    meeting = prepared(manager, earlier)
    for page, told in (
        ("agenda/", "Residents: Seen: 2 times. Not seen: once."),
        ("agenda/print/?language=fr", "Habitants : Vu : 2 fois. Pas vu : 1 fois."),
    ):
        assert words(manager.get(f"/en/workspace/meetings/{meeting.pk}/{page}")).count(told) == 1


@pytest.mark.parametrize("count", [1, 12])
def test_a_published_agenda_is_read_in_its_order_and_costs_the_same(
    manager: Client, earlier: Meeting, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    points = [f"point {number}" for number in range(1, count + 1)]
    meeting = prepared(manager, earlier)
    address = f"/en/workspace/meetings/{meeting.pk}/agenda/"
    assert manager.post(address, form_in(manager.get(address)) | {"points": "\n".join(points)}).status_code == 302
    held(cast, meeting)
    with django_assert_num_queries(14):
        minutes = words(Client().get(f"/en/meetings/{meeting.pk}/"))
    places = [minutes.index(f"{point} ") for point in points]
    assert places == sorted(places)


def test_after_publication_an_outcome_is_said_once_and_corrected_by_a_newer_one(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = held(cast, prepared(manager, earlier))
    for said in ("partly", "partly", "carried_out"):
        assert outcome(manager, meeting, outcome=said).status_code == 302
    assert [e.fields["outcome"] for e in Entry.objects.filter(kind="review")] == ["partly", "carried_out"]
    address = f"/en/workspace/meetings/{meeting.pk}/outcomes/"
    old = form_in(manager.get(address)) | {"version": "1"}
    assert manager.post(address, old).status_code == 409
    assert Entry.objects.filter(kind="review").count() == 2
    assert signed_in(cast.secretary).get(address).status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"remark": "why"}, "Choose what was stated."),
        ({"outcome": "carried_out", "due_on": "1/1/2030"}, "A new date is for what is still to be done."),
    ],
)
def test_what_contradicts_itself_is_said_beside_the_field(
    manager: Client, earlier: Meeting, typed: dict[str, Any], sentence: str
) -> None:
    response = outcome(manager, prepared(manager, earlier), **typed)
    assert (response.status_code, sentence in words(response)) == (422, True)
    assert "1. \u2068patrols\u2069" in response.content.decode().split('role="alert"')[1].split("</div>")[0]


def test_what_will_be_stated_is_read_and_warned_of_before_it_is_published(manager: Client, earlier: Meeting) -> None:
    meeting = prepared(manager, earlier)
    item = meeting.agenda.exclude(pledge=None)[0]
    outcome(manager, meeting, outcome="carried_out", remark="lamps are lit, call 06 12 34 56 78")
    response: Any = manager.get(f"/en/workspace/meetings/{meeting.pk}/review/")
    read = words(response)
    told = "carried out · Stated by: the association alone lamps are lit, call 06 12 34 56 78"
    assert f"What the minutes state of it: {told}" in read
    assert "a telephone number" in read
    assert f'/en/workspace/meetings/{meeting.pk}/outcomes/#id_item-{item.pk}-remark"' in response.content.decode()


def test_what_is_stated_after_publication_is_warned_of_before_everybody_reads_it(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = held(cast, prepared(manager, earlier))
    typed: dict[str, Any] = {"outcome": "carried_out", "remark": "call 06 12 34 56 78"}
    asked = outcome(manager, meeting, **typed)
    assert "patrols · In the words of the minutes: a telephone number" in words(asked).replace("\u2068", "").replace(
        "\u2069", ""
    )
    assert not Entry.objects.filter(kind="review").exists()
    address, sent = f"/en/workspace/meetings/{meeting.pk}/outcomes/", form_in(asked)
    refused = manager.post(address, sent)
    assert (refused.status_code, "Say that you have read the warnings" in words(refused)) == (422, True)
    remark = next(name for name in sent if name.endswith("remark"))
    other = manager.post(address, sent | {"has_read": "on", remark: "call 06 99 99 99 99"})
    assert "06 99 99 99 99" in words(other)
    assert not Entry.objects.filter(kind="review").exists()
    assert manager.post(address, sent | {"has_read": "on"}).status_code == 302
    assert Entry.objects.get(kind="review").fields["text"] == typed["remark"]
    assert outcome(manager, meeting, outcome="still_to_do").status_code == 302


def test_a_meeting_that_only_looks_back_is_published(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = prepared(manager, earlier)
    outcome(manager, meeting, outcome="carried_out")
    meeting.refresh_from_db()
    meeting.held_on = timezone.localdate()
    meeting.save()
    meeting.participants.update(attendance="present")
    assert publish(meeting, by=cast.manager, now=timezone.now()) == []
    assert Entry.objects.filter(kind="review").count() == 1


def test_nobody_was_there_before_the_minutes_say_so(manager: Client, earlier: Meeting, english: None) -> None:
    meeting = prepared(manager, earlier)
    assert set(meeting.participants.values_list("attendance", flat=True)) == {""}
    meeting.held_on = timezone.localdate()
    told = [each.sentence for each in problems(meeting, now=timezone.now())]
    assert told == ["Participant 1: say whether they were present.", "Write down at least one pledge or one concern."]


def test_another_association_finds_no_agenda(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting, other = prepared(manager, earlier), signed_in(cast.other_member)
    for page in ("agenda/", "agenda/print/", "outcomes/"):
        assert other.get(f"/workspace/meetings/{meeting.pk}/{page}").status_code == 404
    assert other.post("/workspace/meetings/prepare/", {"follows": earlier.pk}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_each_page_costs_the_same_whatever_stands_on_it(manager: Client, cast: Cast, count: int) -> None:
    held_on = timezone.localdate() - timedelta(days=60)
    earlier = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood], held_on=held_on
    )
    for number in range(count):
        organisation = OrganisationFactory.create()
        PledgeFactory.create(meeting=earlier, title=f"pledge {number}", responsible=organisation)
        ConcernFactory.create(meeting=earlier, request=f"request {number}")
        ParticipantFactory.create(meeting=earlier, organisation=organisation, role="resident")
    publish(earlier, by=cast.manager, now=timezone.now() - timedelta(days=59))
    meeting = prepared(manager, earlier)
    for number in range(count):
        PledgeFactory.create(meeting=meeting, title=f"other {number}", responsible=OrganisationFactory.create())
    pledge = earlier.pledges.get(number=1)
    costs = {
        f"meetings/{meeting.pk}/agenda/": 14,
        f"meetings/{meeting.pk}/agenda/print/": 15,
        f"meetings/{meeting.pk}/outcomes/": 10,
        f"meetings/{meeting.pk}/review/": 33,
        "": 22,
        f"meetings/{earlier.pk}/correct/": 13,
        f"meetings/{earlier.pk}/correct/participant-1/": 14,
        f"meetings/{earlier.pk}/correct/where/": 15,
        f"pledges/{pledge.pk}/correct/who/": 16,
        f"pledges/{pledge.pk}/correct/when/": 12,
    }
    found = {}
    for page in costs:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(f"/en/workspace/{page}").status_code == 200
        found[page] = len(queries)
    assert found == costs


def test_what_another_meeting_stated_since_is_not_said_over_by_an_older_one(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    first = held(cast, prepared(manager, earlier))
    assert outcome(manager, first, outcome="still_to_do").status_code == 302
    second = held(cast, prepared(manager, first))
    assert outcome(manager, second, outcome="partly").status_code == 302
    assert outcome(manager, first, number=1, outcome="not_discussed").status_code == 302
    said = [(e.fields["meeting"], e.fields["outcome"]) for e in Entry.objects.filter(kind="review").order_by("pk")]
    assert said == [(first.pk, "still_to_do"), (second.pk, "partly"), (first.pk, "not_discussed")]


def test_an_older_meeting_put_right_leaves_the_word_to_the_latest(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    pledge = earlier.pledges.first()
    assert pledge
    first = held(cast, prepared(manager, earlier))
    second = held(cast, prepared(manager, first))
    Meeting.objects.filter(pk=first.pk).update(held_on=timezone.localdate() - timedelta(days=9))
    assert outcome(manager, second, outcome="partly").status_code == 302
    assert outcome(manager, first, outcome="carried_out").status_code == 302
    reviewed = fold(history(pledge)).reviewed
    assert reviewed is not None
    assert reviewed.meeting == second.pk


def test_what_was_redacted_of_a_review_is_not_said_again(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = held(cast, prepared(manager, earlier))
    assert outcome(manager, meeting, outcome="partly", remark="words that name somebody").status_code == 302
    review, now = Entry.objects.get(kind="review"), timezone.now()
    redact(review, fields=["text"], reason="r", by=cast.moderator, now=now)
    assert outcome(manager, meeting, number=1, outcome="partly").status_code == 302
    assert "words that name somebody" not in str([each.fields for each in Entry.objects.all()])
    assert "words that name somebody" not in words(manager.get(f"/en/workspace/meetings/{meeting.pk}/outcomes/"))


def test_a_point_of_the_agenda_that_was_redacted_is_on_no_sheet(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = prepared(manager, earlier)
    address = f"/en/workspace/meetings/{meeting.pk}/agenda/"
    manager.post(address, form_in(manager.get(address)) | {"points": "the shop of Private\nparking cafe\u0301"})
    held(cast, meeting)
    entry = Entry.objects.get(stream=meeting.stream, kind="published")
    redact(entry, fields=["agenda_4"], reason="r", by=cast.moderator, now=timezone.now())
    sheet = words(manager.get(f"{address}print/"))
    assert ("the shop" in sheet, "parking" in sheet) == (False, True)
    assert list(rebuild(repair=False)) == []


def test_an_outcome_pressed_twice_in_decomposed_letters_is_said_once(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = held(cast, prepared(manager, earlier))
    for _press in range(2):
        assert outcome(manager, meeting, outcome="partly", remark="re\u0301pare\u0301").status_code == 302
    assert Entry.objects.filter(kind="review").count() == 1


def test_preparing_twice_by_a_double_press_makes_one_draft(manager: Client, earlier: Meeting) -> None:
    address = f"/en/workspace/meetings/prepare/?follows={earlier.pk}"
    sent = form_in(manager.get(address))
    pages = [manager.post(address, sent) for _press in range(2)]
    meeting = Meeting.objects.drafts().get()
    assert [page["Location"] for page in pages] == [f"/en/workspace/meetings/{meeting.pk}/agenda/"] * 2
    assert meeting.agenda.count() == 3


def test_a_new_date_stands_beside_what_was_stated(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = held(cast, prepared(manager, earlier))
    assert outcome(manager, meeting, outcome="still_to_do", due_on="1/6/2030").status_code == 302
    page = words(manager.get(f"/en/pledges/{earlier.pledges.get(number=1).pk}/"))
    assert page.count("New date: 1 June 2030") == 2
    assert page.count(meeting.title) >= 2


def test_what_a_withdrawn_meeting_stated_settles_nothing(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = held(cast, attended(prepared(manager, earlier), cast))
    both = together_with(cast.agency)
    assert outcome(manager, meeting, outcome="carried_out", stated_by=both).status_code == 302
    withdraw_meeting(meeting, reason="held elsewhere", by=cast.manager, now=timezone.now())
    assert all(prepared(manager, earlier).agenda.values_list("is_kept", flat=True))


@pytest.mark.parametrize("said", ["carried_out", "given_up"])
@pytest.mark.parametrize(("voice", "is_kept"), [(together_with, False), (by_alone, True), (lambda _: "alone", True)])
def test_only_what_both_sides_called_settled_begins_as_dropped(
    manager: Client, earlier: Meeting, cast: Cast, said: str, voice: Callable[[Organisation], str], is_kept: bool
) -> None:
    meeting = held(cast, attended(prepared(manager, earlier), cast))
    assert outcome(manager, meeting, outcome=said, stated_by=voice(cast.agency)).status_code == 302
    agenda = prepared(manager, earlier).agenda.exclude(pledge=None)
    assert list(agenda.values_list("is_kept", flat=True)) == [is_kept, True]


def test_the_next_agenda_tells_what_the_last_meeting_stated(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = held(cast, attended(prepared(manager, earlier), cast))
    outcome(manager, meeting, outcome="still_to_do", due_on="1/6/2030", stated_by=by_alone(cast.agency))
    outcome(manager, meeting, number=1, outcome="not_discussed")
    draft = prepared(manager, meeting)
    page = words(manager.get(f"/en/workspace/meetings/{draft.pk}/agenda/"))
    said = "The agency alone stated at a meeting, as the association’s minutes say: still to be done"
    today = timezone.localdate()
    assert f"{said} ({today.day} {today:%B %Y}) · New date: 1 June 2030" in page
    assert "Not discussed" not in page
    sheet = words(manager.get(f"/en/workspace/meetings/{draft.pk}/agenda/print/?language=ar"))
    assert "صرّحت المصلحة وحدها في لقاء، حسب محضر الجمعية" in sheet
