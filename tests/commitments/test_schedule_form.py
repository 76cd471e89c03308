"""When, in the fields of the draft: what they build comes back, what contradicts itself is said, nothing is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.forms.schedule import Spelling, spelled
from commitments.in_words import in_words, rule_in_words
from commitments.models import Pledge
from commitments.schedules import DAY_CODES, Schedule, validate_rule
from commitments.workdays import left_out, public_holidays
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import MeetingFactory, PledgeFactory

DAYS = st.lists(st.sampled_from(DAY_CODES), min_size=1, unique=True)
SPELLINGS = st.one_of(
    st.sampled_from(["daily", "monthly_last"]).map(Spelling),
    st.builds(
        lambda days, every: Spelling("weekly", tuple(sorted(days, key=DAY_CODES.index)), every),
        DAYS,
        st.sampled_from("12"),
    ),
    st.builds(
        lambda nth, day: Spelling("monthly_weekday", nth=nth, nth_weekday=day),
        st.sampled_from(["1", "2", "3", "4", "-1"]),
        st.sampled_from(DAY_CODES),
    ),
    st.integers(1, 28).map(lambda day: Spelling("monthly_day", month_day=day)),
)


def fits(spelling: Spelling, day: date, start: date) -> bool:
    """Whether a day belongs to what is spelled, counted without a rule."""
    code, tomorrow = DAY_CODES[day.weekday()], day + timedelta(days=1)
    weeks = (day - timedelta(days=day.weekday()) - (start - timedelta(days=start.weekday()))).days // 7
    which = (day.day - 1) // 7 + 1
    if spelling.nth == "-1":
        which = -1 if (day + timedelta(days=7)).month != day.month else 0
    return {
        "daily": True,
        "weekly": code in spelling.weekdays and weeks % int(spelling.interval) == 0,
        "monthly_weekday": code == spelling.nth_weekday and str(which) == spelling.nth,
        "monthly_day": day.day == spelling.month_day,
        "monthly_last": tomorrow.month != day.month,
    }[spelling.repeats]


@settings(max_examples=40)
@given(SPELLINGS, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_what_the_fields_spell_is_read_back_and_comes_on_the_days_that_counting_gives(
    spelling: Spelling, start: date
) -> None:
    validate_rule(spelling.rule)
    back = spelled(spelling.rule)
    assert back is not None
    assert back.rule == spelling.rule
    assert "\u2066" not in rule_in_words(spelling.rule)  # each has words of its own
    days = [start + timedelta(days=offset) for offset in range(70)]
    assert Schedule(spelling.rule, start).days(days[0], days[-1]) == [d for d in days if fits(spelling, d, start)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270630",
        "FREQ=WEEKLY",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_the_fields_cannot_spell_is_no_spelling(rule: str) -> None:
    validate_rule(rule)
    assert spelled(rule) is None


@pytest.mark.parametrize(
    ("language", "clauses"),
    [
        (
            "en",
            [
                "Every week: Monday to Saturday",
                "from 08:00 to 09:00 and from 17:00 to 18:00",
                "from 1 December 2026 until 30 June 2027",
                "except public holidays, those of the moon as foreseen",
                "except from 20 January 2027 to 3 February 2027",
            ],
        ),
        (
            "fr",
            [
                "Chaque semaine\u00a0: du lundi au samedi",
                "de 08:00 à 09:00 et de 17:00 à 18:00",
                "du 1 décembre 2026 au 30 juin 2027",
                "sauf les jours fériés, les dates des fêtes religieuses étant estimées",
                "sauf du 20 janvier 2027 au 3 février 2027",
            ],
        ),
        (
            "ar",
            [
                "كل أسبوع: من الاثنين إلى السبت",
                "من 08:00 إلى 09:00 ومن 17:00 إلى 18:00",
                "من 1 دجنبر 2026 إلى غاية 30 يونيو 2027",
                "باستثناء أيام العطل الرسمية، وتواريخ الأعياد الدينية منها تقديرية",
                "باستثناء من 20 يناير 2027 إلى 3 فبراير 2027",
            ],
        ),
    ],
)
def test_school_days_are_told_in_words(language: str, clauses: list[str]) -> None:
    start, end = date(2026, 12, 1), date(2027, 6, 30)
    pauses = {(day, day) for day in public_holidays(start, end)} | {(date(2027, 1, 20), date(2027, 2, 3))}
    schedule = Schedule(
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
        start,
        end,
        (("17:00", "18:00"), ("08:00", "09:00")),
        tuple(sorted(pauses)),
    )
    with translation.override(language):
        assert in_words(schedule, starts_on=start) == clauses


def test_one_holiday_left_out_is_not_all_of_them() -> None:
    labour_day = (date(2027, 5, 1), date(2027, 5, 1))
    assert left_out((labour_day,), date(2026, 12, 1), date(2027, 6, 30)) == (False, (labour_day,))


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    meeting: Meeting = MeetingFactory.create(logged_by=cast.association, held_on=date(2026, 11, 20))
    PledgeFactory.create(meeting=meeting)
    return meeting


def saved(cast: Cast, draft: Meeting, **row: Any) -> tuple[Any, Pledge]:
    """The answer to saving the draft with these fields of its pledge, and the pledge as it is stored."""
    client, at = signed_in(cast.secretary), f"/en/workspace/meetings/{draft.pk}/"
    sent = form_in(client.get(at))
    response = send(client, at, sent, **{f"pledges-0-{name}": value for name, value in row.items()})
    return response, Pledge.objects.get(meeting=draft)


def test_school_days_until_june_except_holidays_become_a_rule_and_come_back(cast: Cast, draft: Meeting) -> None:
    response, pledge = saved(
        cast, draft, repeats="school", opens_1="08:00", closes_1="09:00", opens_2="17:00", closes_2="18:00",
        ends_on="يونيو", except_holidays="on", except_days="20/1/2027 - 3/2/2027\n\n1-3-2027",
    )  # fmt: skip
    assert response.status_code == 302
    assert (pledge.timing, pledge.rule) == ("recurring", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA")
    assert pledge.windows == [["08:00", "09:00"], ["17:00", "18:00"]]
    assert pledge.ends_on == date(2027, 6, 30)
    assert ["2027-01-20", "2027-02-03"] in pledge.pauses
    assert ["2027-01-11", "2027-01-11"] in pledge.pauses
    again, unchanged = saved(cast, draft)
    assert again.status_code == 302
    fields = ("rule", "windows", "starts_on", "ends_on", "pauses", "timing")
    assert [getattr(unchanged, name) for name in fields] == [getattr(pledge, name) for name in fields]


def test_what_an_import_brought_is_kept_by_saving_the_form(cast: Cast, draft: Meeting) -> None:
    stored: dict[str, Any] = {
        "timing": "recurring",
        "rule": "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "windows": [["08:00", "09:00"], ["12:00", "13:00"], ["17:00", "18:00"]],
        "pauses": [
            ["2027-05-01", "2027-05-01"],
            *([f"2027-0{month}-02", f"2027-0{month}-09"] for month in range(1, 9)),
        ],
    }
    Pledge.objects.filter(meeting=draft).update(**stored)
    saved(cast, draft, title="another title")
    pledge = Pledge.objects.get(meeting=draft)
    assert {name: getattr(pledge, name) for name in stored} | {"pauses": sorted(stored["pauses"])} == {
        **stored, "pauses": sorted(pledge.pauses)
    }  # fmt: skip
    assert pledge.title == "another title"


ONE = "This belongs to another way of recurring. Choose that one, or empty this."
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"repeats": "weekly"}, "weekdays_0", "Tick at least one day."),
    ({"repeats": "daily", "starts_on": "1/3/2027", "ends_on": "1/2/2027"}, "ends_on", "ends before it starts"),
    ({"repeats": "monthly_day", "month_day": "31"}, "month_day", "Not every month has a day 31."),
    ({"repeats": "monthly_day"}, "month_day", "Say which day of the month."),
    ({"repeats": "monthly_weekday", "nth": "1"}, "nth_weekday", "Say which weekday of the month"),
    ({"repeats": "daily", "weekdays": ["MO"]}, "weekdays_0", ONE),
    ({"repeats": "weekly", "weekdays": ["MO"], "month_day": "3"}, "month_day", ONE),
    ({"due_on": "1/9/2027", "weekdays": ["MO"]}, "weekdays_0", "Only a recurring pledge has days."),
    ({"timing": "ongoing", "repeats": "daily"}, "repeats", "Only a recurring pledge has days."),
    (
        {"repeats": "daily", "opens_1": "08:00", "closes_1": "10:00", "opens_2": "09:30", "closes_2": "11:00"},
        "closes_2",
        "These hours overlap with the others.",
    ),
    ({"repeats": "daily", "opens_1": "15:00", "closes_1": "02:00"}, "closes_1", "These hours end before they start."),
    (
        {
            "repeats": "monthly_weekday",
            "nth": "1",
            "nth_weekday": "MO",
            "starts_on": "8/12/2026",
            "ends_on": "20/12/2026",
        },
        "repeats",
        "none of these days comes",
    ),
    ({"repeats": "daily", "except_days": "in spring"}, "except_days", "We cannot read “in spring”."),
    ({"repeats": "daily", "except_days": "3/2/2027 - 1/2/2027"}, "except_days", "A pause ends before it starts."),
    ({"repeats": "daily", "ends_on": "Juin 99999"}, "ends_on", "We cannot read this date."),
]


def test_what_contradicts_itself_is_said_beside_its_field_and_kept(cast: Cast, draft: Meeting) -> None:
    client, at = signed_in(cast.secretary), f"/en/workspace/meetings/{draft.pk}/"
    untouched, before = form_in(client.get(at)), Pledge.objects.values().get(meeting=draft)
    for row, field, sentence in BAD:
        typed = {f"pledges-0-{name}": value for name, value in row.items()}
        response = send(client, at, untouched, **typed)
        page = response.content.decode()
        assert (response.status_code, row) == (422, row)
        assert f'href="#id_pledges-0-{field}"' in page
        assert sentence in page
        sent = form_in(response)
        assert {name: sent.get(name) for name in typed} == typed
        assert Pledge.objects.values().get(meeting=draft) == before


@pytest.mark.parametrize(
    ("typed", "ends_on"),
    [
        ("June", "2027-06-30"), ("juin", "2027-06-30"), ("دجنبر", "2026-12-31"), ("Février 2028", "2028-02-29"),
        ("november", "2026-11-30"), ("٣٠/٦/٢٠٢٧", "2027-06-30"),
    ],
)  # fmt: skip
def test_a_month_stands_for_its_last_day(cast: Cast, draft: Meeting, typed: str, ends_on: str) -> None:
    _response, pledge = saved(cast, draft, repeats="daily", ends_on=typed)
    assert str(pledge.ends_on) == ends_on


def test_hours_of_the_night_end_on_the_next_morning(cast: Cast, draft: Meeting) -> None:
    _response, pledge = saved(cast, draft, repeats="daily", opens_1="22:00", closes_1="02:00")
    assert pledge.windows == [["22:00", "02:00"]]
