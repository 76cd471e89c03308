"""What people are reminded of: each thing once, in their language, unless they turned it off."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from commitments.correcting import correct_pledge, withdraw_meeting
from commitments.models import MailTurnedOff, Pledge
from commitments.reminders import remind
from commitments.speaking import answer
from ledger.sealing import seal
from mail.models import Letter
from tests.cast import Cast
from tests.commitments.test_notices import letters_to
from tests.factories import published_meeting, published_pledge

ON = date(2026, 4, 9)
MONDAY = date(2026, 4, 13)
Status = Pledge.Status


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)


def run(on: date) -> dict[str, int]:
    """Remind, and say what was written, but for the weekly summary."""
    return {name: count for name, count in remind(on=on, now=at(on)).items() if count and name != "weekly"}


def run_week(on: date) -> int:
    """Remind, and say how many weekly summaries were written."""
    return remind(on=on, now=at(on))["weekly"]


@pytest.fixture
def pledge(cast: Cast) -> Callable[..., Pledge]:
    """Makes a pledge of the agency, of whose publication everybody was told."""

    def make(**fields: Any) -> Pledge:
        usual: dict[str, Any] = {"responsible": cast.agency, "now": at(ON - timedelta(days=3))}
        told = published_pledge(**usual | fields)
        Letter.objects.all().delete()
        return told

    return make


def due(pledge: Callable[..., Pledge], day: date, **fields: Any) -> Pledge:
    return pledge(timing="by_date", due_on=day, **fields)


def spoken(cast: Cast, language: str) -> None:
    for user in (cast.official, cast.headquarters_official):
        user.language = language
        user.save()


# Due soon, overdue


@pytest.mark.parametrize(
    ("language", "subject", "note"),
    [
        ("ar", "تعهّد واحد يقترب أجله", "أجله بعد 7 أيام."),
        ("fr", "1 engagement arrive à échéance", "L’échéance est dans 7 jours."),
        ("en", "1 pledge is due soon", "It is due in 7 days."),
    ],
)
def test_seven_days_before_its_date_those_who_answer_are_reminded(
    cast: Cast, pledge: Callable[..., Pledge], language: str, subject: str, note: str
) -> None:
    spoken(cast, language)
    due(pledge, ON + timedelta(days=7))
    assert run(ON - timedelta(days=1)) == {}
    Letter.objects.all().delete()  # the week's summary
    assert run(ON) == {"due_soon": 1}
    (letter,) = letters_to("official")
    assert (letter.subject, note in letter.text, note in letter.html) == (subject, True, True)


@pytest.mark.parametrize(
    ("language", "subject", "note"),
    [
        ("ar", "تعهّد واحد فات أجله", "فات أجله منذ يوم واحد."),
        ("fr", "L’échéance de 1 engagement est passée", "L’échéance est passée depuis 1 jour."),
        ("en", "The date of 1 pledge has passed", "Its date passed 1 day ago."),
    ],
)
def test_once_its_date_has_passed_they_are_told_once(
    cast: Cast, pledge: Callable[..., Pledge], language: str, subject: str, note: str
) -> None:
    spoken(cast, language)
    due(pledge, ON - timedelta(days=1))
    assert [run(ON), run(ON), run(ON + timedelta(days=1))] == [{"overdue": 1}, {}, {}]
    (letter,) = letters_to("official")
    assert (letter.subject, note in letter.text) == (subject, True)


def test_after_days_without_a_run_the_number_of_days_is_the_true_one(cast: Cast, pledge: Callable[..., Pledge]) -> None:
    spoken(cast, "en")
    due(pledge, ON + timedelta(days=3))
    assert run(ON) == {"due_soon": 1}
    assert "It is due in 3 days." in letters_to("official")[0].text


def test_what_is_closed_or_withdrawn_is_nobodys_worry(cast: Cast, pledge: Callable[..., Pledge]) -> None:
    kept = due(pledge, ON - timedelta(days=1))
    answer(kept, status=Status.KEPT, text="lamps", by=cast.official, organisation=cast.agency, now=at(ON))
    withdrawn = due(pledge, ON - timedelta(days=1))
    withdrawn.meeting.logged_by = cast.association
    withdrawn.meeting.save()
    withdraw_meeting(withdrawn.meeting, reason="twice", by=cast.manager, now=at(ON))
    assert run(ON) == {}


def test_many_pledges_are_one_letter_and_a_new_one_later_another(cast: Cast) -> None:
    yesterday = {"timing": "by_date", "due_on": ON - timedelta(days=1)}
    told = [yesterday | {"title": f"pledge {number}"} for number in range(25)]
    published_meeting(host=cast.agency, pledges=told, now=at(ON))
    Letter.objects.all().delete()
    spoken(cast, "en")

    assert run(ON) == {"overdue": 1}
    (letter,) = letters_to("official")
    assert (letter.subject, letter.text.count("/inbox/pledges/")) == ("The date of 25 pledges has passed", 20)
    assert "And 5 more, at your desk." in letter.text
    published_pledge(responsible=cast.agency, timing="by_date", due_on=ON, now=at(ON))
    assert run(ON + timedelta(days=1)) == {"overdue": 1}
    assert letters_to("official")[-1].subject == "The date of 1 pledge has passed"


def test_a_date_that_was_corrected_is_told_anew(cast: Cast, pledge: Callable[..., Pledge]) -> None:
    late = due(pledge, ON - timedelta(days=1))
    late.meeting.logged_by = cast.association
    late.meeting.save()
    assert run(ON) == {"overdue": 1}
    later = {"due_on": ON + timedelta(days=5)}
    correct_pledge(late, changes=later, reason="a typing error", by=cast.manager, now=at(ON))
    assert [run(ON), run(ON + timedelta(days=6))] == [{"due_soon": 1}, {"overdue": 1}]


# Without news


@pytest.mark.parametrize(
    ("language", "subject", "below"),
    [
        ("ar", "تعهّد واحد بلا خبر منكم", "تعهّد واحد بلا خبر من المصالح التابعة لكم"),
        ("fr", "1 engagement sans nouvelles de vous", "1 engagement sans nouvelles d’un service qui relève de vous"),
        ("en", "1 pledge without news from you", "1 pledge without news below you"),
    ],
)
def test_after_30_days_the_agency_is_told_and_after_60_the_one_above_it(
    cast: Cast, pledge: Callable[..., Pledge], language: str, subject: str, below: str
) -> None:
    spoken(cast, language)
    pledge(now=at(ON), timing="ongoing")
    days = {day: run(ON + timedelta(days=day)) for day in (29, 30, 31, 59, 60, 61, 90)}
    assert days == {29: {}, 30: {"silent": 1}, 31: {}, 59: {}, 60: {"silent_below": 1}, 61: {}, 90: {}}
    to_agency = [letter.subject for letter in letters_to("official")]
    assert subject in to_agency
    assert below not in to_agency
    assert below in [letter.subject for letter in letters_to("headquarters-official")]


def test_a_word_starts_the_clock_anew(cast: Cast, pledge: Callable[..., Pledge]) -> None:
    told = pledge(now=at(ON))
    day = ON + timedelta(days=30)
    assert run(day) == {"silent": 1}
    answer(told, status=Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=at(day))
    assert [run(day + timedelta(days=days)).get("silent") for days in (29, 30, 31)] == [None, 1, None]


# Every week


@pytest.mark.parametrize(
    ("language", "subject"),
    [("ar", "12 تعهّدا ينتظركم"), ("fr", "12 engagements vous attendent"), ("en", "12 pledges wait for you")],
)
def test_on_monday_everybody_reads_what_waits_and_the_ledgers_seal(cast: Cast, language: str, subject: str) -> None:
    spoken(cast, language)
    published_meeting(host=cast.agency, pledges=[{"title": f"pledge {number}"} for number in range(12)], now=at(ON))
    root = seal(at(ON))
    Letter.objects.all().delete()
    assert [run_week(MONDAY + timedelta(days=days)) for days in (-1, 0, 0, 1)] == [0, 2, 0, 0]
    (letter,) = letters_to("official")
    assert (letter.subject, letter.text.count("/inbox/pledges/")) == (subject, 10)
    assert root is not None
    assert (root.root in letter.text, root.root in letter.html) == (True, True)
    assert run_week(MONDAY + timedelta(days=9)) == 2  # on Wednesday, when Monday was missed


def test_an_association_reads_what_it_should_look_at(cast: Cast, pledge: Callable[..., Pledge]) -> None:
    claimed = pledge(title="lamps", timing="ongoing")
    claimed.neighbourhoods.set([cast.neighbourhood])
    answer(claimed, status=Status.KEPT, text="lamps", by=cast.official, organisation=cast.agency, now=at(ON))
    run_week(MONDAY)
    (letter,) = letters_to("secretary")
    assert f"/workspace/pledges/{claimed.pk}/" in letter.text


def test_a_week_in_which_nothing_waits_is_no_letter(cast: Cast) -> None:
    assert run_week(MONDAY) == 0


# Turned off


@pytest.mark.parametrize(
    ("sort", "fields", "day", "part"),
    [
        ("due_soon", {"timing": "by_date", "due_on": ON}, ON, "official"),
        ("overdue", {"timing": "by_date", "due_on": ON - timedelta(days=1)}, ON, "official"),
        ("silent", {}, ON + timedelta(days=30), "official"),
        ("silent", {}, ON + timedelta(days=60), "headquarters_official"),
        ("weekly", {}, MONDAY, "official"),
    ],
)
def test_each_sort_can_be_turned_off(
    cast: Cast, pledge: Callable[..., Pledge], sort: str, fields: dict[str, Any], day: date, part: str
) -> None:
    pledge(**fields)
    MailTurnedOff.objects.create(user=getattr(cast, part), sort=sort)
    remind(on=day, now=at(day))
    letters = Letter.objects.filter(to=getattr(cast, part).email)
    assert not letters.filter(said__key__startswith=sort).exists()


# The command


def test_the_command_twice_in_a_day_sends_once(flushable: None, cast: Cast, mailoutbox: list[Any]) -> None:
    today = timezone.localdate()
    held = today - timedelta(days=9)
    meeting: dict[str, Any] = {"held_on": held, "host": cast.agency}
    published_meeting(**meeting, pledges=[{"timing": "by_date", "due_on": today}], now=at(held))
    mailoutbox.clear()
    MailTurnedOff.objects.create(user=cast.official, sort="weekly")
    MailTurnedOff.objects.create(user=cast.headquarters_official, sort="weekly")

    def told() -> str:
        out = StringIO()
        call_command("remind", stdout=out)
        return out.getvalue()

    first, second = told(), told()
    assert first.startswith("Letters written: 1 (due soon 1, overdue 0, silent 0, silent below 0, weekly 0).\n")
    assert second.startswith("Letters written: 0 ")
    assert "In the outbox: 0 waiting, 0 being sent, 0 given up, 0 unclear" in first
    assert [message.to for message in mailoutbox] == [["official@example.org"]]


def test_the_command_says_where_mail_is_written_and_what_is_unclear(db: None, settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    now = timezone.now()
    Letter.objects.create(state="sending", started_at=now - timedelta(hours=1), queued_at=now, not_before=now)
    out = StringIO()
    call_command("remind", stdout=out)
    assert "0 given up, 1 unclear" in out.getvalue()
    assert f"Without EMAIL_URL, mails are written to {tmp_path}." in out.getvalue()


@pytest.mark.parametrize("count", [1, 3])
def test_reminding_takes_the_same_number_of_queries_for_one_pledge_and_for_three(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    yesterday = {"timing": "by_date", "due_on": ON - timedelta(days=1)}
    published_meeting(host=cast.agency, pledges=[yesterday] * count, now=at(ON))
    with django_assert_num_queries(12):
        remind(on=ON, now=at(ON))
