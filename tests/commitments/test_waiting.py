"""What waits at the two desks, in which order and with which words."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commitments.correcting import correct_pledge
from commitments.models import Pledge
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence
from commitments.speaking import answer, assess, reply_to_wording
from commitments.waiting import heard, inbox, without_news
from commitments.watching import to_check
from tests.cast import Cast
from tests.factories import HELD_ON, PUBLISHED_AT, MeetingFactory, NeighbourhoodFactory, published_pledge

pytestmark = pytest.mark.usefixtures("english")
Status, Verdict, Wording = Pledge.Status, Pledge.Assessment, Pledge.Wording
SOON = date(2026, 3, 5)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


class Desk:
    """The pledges of the agency, and what is said of them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def promise(self, title: str, **fields: Any) -> Pledge:
        cast = self.cast
        meeting = MeetingFactory.create(
            host=cast.agency, neighbourhoods=[cast.neighbourhood], logged_by=cast.association
        )
        return published_pledge(meeting=meeting, title=title, **fields)

    def tell(self, pledge: Pledge, status: Pledge.Status, on: date = SOON) -> None:
        cast = self.cast
        answer(pledge, status=status, by=cast.official, organisation=cast.agency, text="so", now=moment(on))

    def agree(self, pledge: Pledge) -> None:
        cast = self.cast
        reply_to_wording(pledge, wording=Wording.AGREED, by=cast.official, organisation=cast.agency, now=moment(SOON))

    def find(self, pledge: Pledge, verdict: Pledge.Assessment, on: date = SOON, *, other: bool = False) -> None:
        cast = self.cast
        by, voice = (cast.other_member, cast.other_association) if other else (cast.secretary, cast.association)
        assess(pledge, verdict=verdict, by=by, organisation=voice, day=on, text="seen", now=moment(on))

    def waiting(self, on: date) -> list[tuple[str, str]]:
        return [(row.pledge.title, row.reason.sentence) for row in inbox(self.cast.official, on)]

    def to_check(self, on: date) -> list[tuple[str, str]]:
        return [(row.pledge.title, row.reason.sentence) for row in to_check(self.cast.secretary, on)]


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


# The agency's


def test_a_new_pledge_waits_until_both_its_questions_are_answered(desk: Desk) -> None:
    pledge = desk.promise("patrol")
    assert desk.waiting(SOON) == [("patrol", "New: nobody has answered it yet.")]
    desk.tell(pledge, Status.ACKNOWLEDGED)
    assert desk.waiting(SOON) == [("patrol", "Nobody has said yet whether this is what was said.")]
    desk.agree(pledge)
    assert desk.waiting(SOON) == []


def test_agreeing_to_the_words_alone_leaves_the_other_question(desk: Desk) -> None:
    desk.agree(desk.promise("patrol"))
    assert desk.waiting(SOON) == [("patrol", "It was spoken of, but not where it stands.")]


def test_what_is_urgent_comes_first(desk: Desk, cast: Cast) -> None:
    on = date(2026, 7, 20)
    fields: dict[str, dict[str, Any]] = {
        "lapsed": {"timing": "ongoing"},
        "today": {"timing": "recurring", "rule": "FREQ=DAILY", "windows": [["08:00", "09:00"]]},
        "soon": {"timing": "by_date", "due_on": on + timedelta(days=2)},
        "silent": {},
        "long silent": {},
        "disputed": {},
        "overdue": {"timing": "by_date", "due_on": on - timedelta(days=1)},
    }
    quiet = {name: desk.promise(name, **each) for name, each in fields.items()}
    desk.promise("new")
    Pledge.objects.filter(title="new").update(silent_on=None, long_silent_on=None)
    spoken = {"lapsed": SOON, "today": on, "soon": on, "silent": on - timedelta(days=40), "long silent": SOON}
    for name, day in spoken.items():
        desk.tell(quiet[name], Status.KEPT if name in {"lapsed", "today"} else Status.IN_PROGRESS, day)
    desk.tell(quiet["disputed"], Status.KEPT)
    desk.find(quiet["disputed"], Verdict.DISPUTED, on)
    for pledge in quiet.values():
        Pledge.objects.filter(pk=pledge.pk).update(wording=Wording.AGREED)
    assert desk.waiting(on) == [
        ("overdue", "Its date passed 1 day ago."),
        ("disputed", "An association disputes it, and nobody has answered since."),
        ("long silent", "No news for 137 days."),
        ("silent", "No news for 40 days."),
        ("new", "New: nobody has answered it yet."),
        ("soon", "It is due in 2 days."),
        ("today", "Promised for today, \u206608:00–09:00\u2069."),
        ("lapsed", "It was said to go on, and counts as lapsed since 4 April 2026."),
    ]


def test_a_dispute_waits_until_the_agency_answers_it(desk: Desk) -> None:
    pledge = desk.promise("patrol")
    desk.agree(pledge)
    desk.tell(pledge, Status.KEPT)
    desk.find(pledge, Verdict.DISPUTED)
    assert [why for _title, why in desk.waiting(SOON)] == ["An association disputes it, and nobody has answered since."]
    desk.tell(pledge, Status.KEPT)
    assert desk.waiting(SOON) == []


def test_an_occurrence_waits_until_it_was_spoken_of(desk: Desk, cast: Cast) -> None:
    hours = [["08:00", "09:00"], ["10:30", "11:30"]]
    pledge = desk.promise("campaign", timing="recurring", rule="FREQ=DAILY", windows=hours)
    desk.agree(pledge)
    desk.tell(pledge, Status.IN_PROGRESS)
    assert desk.waiting(SOON) == [("campaign", "Promised for today, \u206608:00–09:00\u2069, \u206610:30–11:30\u2069.")]
    for start, _end in hours:
        (row,) = inbox(cast.official, SOON)
        assert Occurrence(SOON, start) in row.occurrences
        log_occurrence(
            pledge,
            occurrence=Occurrence(SOON, start),
            was_carried_out=True,
            by=cast.official,
            organisation=cast.agency,
            now=moment(SOON),
        )
    assert desk.waiting(SOON) == []


def test_each_desk_holds_its_own_and_its_childrens(desk: Desk, cast: Cast) -> None:
    desk.promise("patrol")
    held = {
        user.email.split("@")[0]: [(row.pledge.title, str(row.voice and row.voice.slug)) for row in inbox(user, SOON)]
        for user in (cast.official, cast.headquarters_official, cast.other_official, cast.administrator)
    }
    assert held == {
        "official": [("patrol", "district")],
        "headquarters-official": [("patrol", "headquarters")],
        "other-official": [],
        "administrator": [],
    }


def test_what_an_agency_spoke_on_is_heard_between_two_days(desk: Desk, cast: Cast) -> None:
    desk.tell(desk.promise("patrol"), Status.ACKNOWLEDGED)
    desk.promise("never spoken of")

    def between(since: date, until: date) -> list[str]:
        return [each.title for each in heard(cast.official, since=since, until=until)]

    assert between(SOON, SOON) == ["patrol"]
    assert between(SOON + timedelta(days=1), SOON + timedelta(days=2)) == []


def test_both_lists_ask_the_database_as_often_for_three_as_for_one(
    desk: Desk, cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for count in (1, 3):
        while Pledge.objects.count() < count:
            pledge = desk.promise("x", timing="recurring", rule="FREQ=DAILY")
            desk.tell(pledge, Status.KEPT)
            desk.find(pledge, Verdict.DISPUTED, other=True)
        with django_assert_num_queries(19):
            assert len(inbox(cast.official, SOON)) == count
        with django_assert_num_queries(8):
            assert len(to_check(cast.secretary, SOON)) == count


# The association's


def test_a_claim_waits_to_be_looked_at(desk: Desk) -> None:
    kept, part = desk.promise("kept"), desk.promise("part")
    desk.promise("silent")
    desk.tell(kept, Status.KEPT)
    desk.tell(part, Status.PARTLY_KEPT)
    assert desk.to_check(SOON) == [
        ("kept", "The agency says that it did it; nobody has looked yet."),
        ("part", "The agency says that it did a part of it; nobody has looked yet."),
    ]


def test_the_most_contradictory_comes_first(desk: Desk) -> None:
    pledges = {name: desk.promise(name) for name in ("agreed", "again", "open", "contested", "mine")}
    for pledge in pledges.values():
        desk.tell(pledge, Status.KEPT)
    desk.find(pledges["agreed"], Verdict.CONFIRMED, other=True)
    desk.find(pledges["again"], Verdict.CONFIRMED)
    desk.find(pledges["contested"], Verdict.DISPUTED, other=True)
    desk.find(pledges["mine"], Verdict.DISPUTED)
    for name in ("again", "mine"):
        desk.tell(pledges[name], Status.KEPT)
    assert desk.to_check(SOON) == [
        ("mine", "You disputed it, and the agency has answered since."),
        ("contested", "The agency says that it did it; another association disputes that."),
        ("open", "The agency says that it did it; nobody has looked yet."),
        ("again", "The agency has spoken of it since you looked."),
        ("agreed", "The agency says that it did it, and another association confirms that."),
    ]


def test_what_was_looked_at_waits_no_more(desk: Desk) -> None:
    pledge = desk.promise("patrol")
    desk.tell(pledge, Status.KEPT)
    desk.find(pledge, Verdict.CONFIRMED)
    assert desk.to_check(SOON) == []
    assert desk.to_check(SOON + timedelta(days=400)) == []


def test_what_never_ends_is_looked_at_again_after_a_while(desk: Desk) -> None:
    pledge = desk.promise("patrol", timing="ongoing")
    desk.tell(pledge, Status.KEPT)
    desk.find(pledge, Verdict.CONFIRMED)
    assert desk.to_check(SOON + timedelta(days=89)) == []
    assert desk.to_check(SOON + timedelta(days=90)) == [("patrol", "You looked 90 days ago.")]


def test_what_never_ends_is_looked_at_although_nobody_claims_anything(desk: Desk) -> None:
    desk.promise("patrol", timing="recurring")
    desk.promise("lamps")
    day = PUBLISHED_AT.date()
    assert desk.to_check(day + timedelta(days=89)) == []
    assert desk.to_check(day + timedelta(days=90)) == [
        ("patrol", "Published 90 days ago, and you have not looked yet.")
    ]


def test_occurrences_that_nobody_checked_are_one_row(desk: Desk, cast: Cast) -> None:
    pledge = desk.promise("patrol", timing="recurring")
    agency: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": moment(date(2026, 3, 7))}
    for day in (5, 6, 7):
        log_occurrence(pledge, occurrence=Occurrence(date(2026, 3, day)), was_carried_out=True, **agency)
    on = date(2026, 3, 7)
    assert desk.to_check(on) == [("patrol", "The agency reported 3 occurrences that nobody has checked.")]
    voice: dict[str, Any] = {"by": cast.other_member, "organisation": cast.other_association, "now": moment(on)}
    check_occurrence(pledge, occurrence=Occurrence(date(2026, 3, 6)), verdict=Verdict.CONFIRMED, **voice)
    assert desk.to_check(on) == [("patrol", "The agency reported 2 occurrences that nobody has checked.")]


def test_of_what_is_as_contradictory_the_nearest_comes_first(desk: Desk, cast: Cast) -> None:
    inside = NeighbourhoodFactory.create()
    cast.association.territories.add(inside.territory.parent)
    places = {"far": NeighbourhoodFactory.create(), "inside": inside, "named": cast.neighbourhood}
    for title, place in places.items():
        meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[place])
        desk.tell(published_pledge(meeting=meeting, by=cast.manager, title=title), Status.KEPT)
    desk.find(Pledge.objects.get(title="far"), Verdict.DISPUTED)
    assert [title for title, _why in desk.to_check(SOON)] == ["named", "inside"]
    desk.tell(Pledge.objects.get(title="far"), Status.KEPT)
    assert [title for title, _why in desk.to_check(SOON)] == ["far", "named", "inside"]


def test_somebody_else_has_nothing_to_check(desk: Desk, cast: Cast) -> None:
    desk.tell(desk.promise("patrol"), Status.KEPT)
    assert HELD_ON < SOON
    for user in (cast.official, cast.administrator, cast.auditor, cast.stranger):
        assert to_check(user, SOON) == []


def test_what_is_longest_without_news_comes_first(desk: Desk, cast: Cast) -> None:
    on = date(2026, 7, 20)
    desk.promise("overdue", timing="by_date", due_on=on - timedelta(days=1))
    desk.promise("lapsed", timing="ongoing")
    desk.promise("silent")
    desk.promise("kept")
    desk.promise("never heard of")
    spoken = {"overdue": (Status.IN_PROGRESS, on), "lapsed": (Status.KEPT, SOON), "kept": (Status.KEPT, SOON)}
    for title, (status, day) in {**spoken, "silent": (Status.IN_PROGRESS, date(2026, 4, 1))}.items():
        desk.tell(Pledge.objects.get(title=title), status, day)
    assert [(row.pledge.title, row.reason.sentence) for row in without_news(cast.secretary, on)] == [
        ("never heard of", f"No news from \u2068{cast.agency}\u2069 for 139 days."),
        ("lapsed", "There has been no sign of it since 4 April 2026."),
        ("silent", f"No news from \u2068{cast.agency}\u2069 for 110 days."),
        ("overdue", "Its date passed 1 day ago."),
    ]
    assert without_news(cast.official, on) == []


def test_who_had_agreed_is_asked_again_once_the_words_were_corrected(cast: Cast, desk: Desk) -> None:
    pledge = desk.promise("a patrol")
    untouched = desk.promise("lamps")
    for each in (pledge, untouched):
        desk.tell(each, Pledge.Status.ACKNOWLEDGED)
        desk.agree(each)
    assert desk.waiting(SOON) == []
    correct_pledge(pledge, changes={"title": "two patrols"}, reason="misheard", by=cast.manager, now=moment(SOON))
    sentence = "Its words were corrected on 5 March 2026. Nobody has said since whether this is what was said."
    assert desk.waiting(SOON) == [("two patrols", sentence)]
    pledge.refresh_from_db()
    desk.agree(pledge)
    assert desk.waiting(SOON) == []
