"""What the words of a pledge say about when, in three languages, and what they do not."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments import suggesting_when
from commitments.models import Pledge
from commitments.schedules import validate_rule, validate_windows
from commitments.suggesting_when import When, when_in

MADE = date(2026, 11, 20)
SCHOOL = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"
HOURS = [["08:00", "09:00"], ["17:00", "18:00"]]
JUNE = date(2027, 6, 30)


def told(text: str) -> When | None:
    return when_in(text, after=MADE)


@pytest.mark.parametrize(
    "text",
    [
        "دوريات أيام الدراسة من 8 إلى 9 صباحا ومن 5 إلى 6 مساء، ما عدا العطل، إلى غاية متم يونيو",
        "Patrouilles les jours d’école de 8h à 9h et de 17 h à 18 h, sauf jours fériés, jusqu’en juin",
        "Patrols on school days, from 8:00 to 9:00 and from 17:00 to 18:00, except holidays, until June",
        "دوريات أيام الدراسة من 8 إلى 9 ومن 17 إلى 18، باستثناء العطل، إلى غاية يونيو",
        "Patrouilles les jours d’école de 8 à 9 et de 17 à 18, sauf jours fériés, jusqu’en juin",
        "Patrols on school days from 8 to 9 and from 17 to 18, except holidays, until June",
    ],
)
def test_days_hours_holidays_and_the_last_month_are_told(text: str) -> None:
    found = told(text)
    assert found is not None
    assert (found.timing, found.rule, found.windows) == ("recurring", SCHOOL, HOURS)
    assert (found.ends_on, found.skips_holidays) == (JUNE, True)


@pytest.mark.parametrize(
    ("text", "rule", "windows"),
    [
        ("دورية كلّ يوم من الساعة ٢٠ إلى الساعة ٢٣", "FREQ=DAILY", [["20:00", "23:00"]]),
        ("دورية يوميا من الثامنة مساء إلى الحادية عشرة ليلا", "FREQ=DAILY", [["20:00", "23:00"]]),
        ("كل ليلة من 10 ليلا إلى 2 صباحا", "FREQ=DAILY", [["22:00", "02:00"]]),
        ("كل يوم من 10 إلى 2 ليلا", "FREQ=DAILY", [["22:00", "02:00"]]),
        ("كل يوم من الساعة 8 ليلا إلى 12 ليلا", "FREQ=DAILY", [["20:00", "00:00"]]),
        ("every day from 12 am to 6 am", "FREQ=DAILY", [["00:00", "06:00"]]),
        ("every day from 9 to 12 pm", "FREQ=DAILY", [["09:00", "12:00"]]),
        ("every day from 12 to 2 pm", "FREQ=DAILY", [["12:00", "14:00"]]),
        ("كل يوم من 5 إلى 10 عناصر", "FREQ=DAILY", []),
        ("every day from 5 to 10 officers", "FREQ=DAILY", []),
        ("كل اثنين وخميس", "FREQ=WEEKLY;BYDAY=MO,TH", []),
        ("أيام الاثنين والخميس", "FREQ=WEEKLY;BYDAY=MO,TH", []),
        ("من الاثنين إلى الجمعة", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", []),
        ("du lundi au vendredi, 20h-23h30", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", [["20:00", "23:30"]]),
        ("Une ronde les mardis", "FREQ=WEEKLY;BYDAY=TU", []),
        ("every Monday and Friday, from 5 to 7 pm", "FREQ=WEEKLY;BYDAY=MO,FR", [["17:00", "19:00"]]),
        ("عقد لقاءات كل ثلاثة أشهر", "", []),
        ("Des réunions trimestrielles", "", []),
        ("لقاءات دوريّة مع الجمعيات", "", []),
        ("Des patrouilles de 20\u202fh à 23\u202fh", "", [["20:00", "23:00"]]),
    ],
)
def test_what_comes_again_is_told(text: str, rule: str, windows: list[list[str]]) -> None:
    found = told(text)
    assert found is not None
    assert (found.timing, found.rule, found.windows) == ("recurring", rule, windows)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("إصلاح الإنارة قبل 31 مارس 2027", date(2027, 3, 31)),
        ("إصلاح الإنارة قبل متمّ شهر مارس", date(2027, 3, 31)),
        ("لقاء يوم الاثنين 5 أبريل", date(2027, 4, 5)),
        ("Réparer avant le 15/3/2027", date(2027, 3, 15)),
        ("Réparer au plus tard fin décembre", date(2026, 12, 31)),
        ("Une réunion le lundi 5 avril, de 10h à 12h", date(2027, 4, 5)),
        ("Réunion lundi 5 avril, de 10h à 12h", date(2027, 4, 5)),
        ("اجتماع الاثنين 5 أبريل من 9 إلى 11 صباحا", date(2027, 4, 5)),
        ("Repaired by 1st of December", date(2026, 12, 1)),
        ("إصلاح الإنارة خلال ثلاثة أشهر", date(2027, 2, 20)),
        ("إصلاح الإنارة في غضون شهرين", date(2027, 1, 20)),
        ("إصلاح الإنارة خلال شهر", date(2026, 12, 20)),
        ("إصلاح الإنارة في أجل 15 يوما", date(2026, 12, 5)),
        ("Réparer dans un délai de trois mois", date(2027, 2, 20)),
        ("Réparer sous 15 jours", date(2026, 12, 5)),
        ("Repaired within two weeks", date(2026, 12, 4)),
    ],
)
def test_a_day_is_told(text: str, day: date) -> None:
    found = told(text)
    assert found is not None
    assert (found.timing, found.due_on) == ("by_date", day)


@pytest.mark.parametrize("text", ["باب مفتوح بشكل دائم", "Un bureau ouvert en permanence", "patrols at all times"])
def test_what_goes_on_is_told(text: str) -> None:
    assert getattr(told(text), "timing", "") == "ongoing"


@pytest.mark.parametrize(
    "text",
    [
        "تكثيف الدوريات ليلا ونهارا", "de 5 à 10 agents", "من 3 إلى 5 دوريات", "من الثانية إلى الثالثة",
        "depuis le 9 janvier 2019", "comme promis le 9 janvier 2019", "تنظيم دورية ليلية",
        "قبل 30 فبراير 2027", "avant mars 2027", "العلاقة مع الجمعية", "de 23h à 20h", "",
        "برنامج من 2026 إلى 2030", "un programme de 2026 à 2030", "between 1200 and 1500 residents",
        "خلال شهر مارس", "خلال شهر رمضان", "خلال سنة 2027", "within the week", "خلال 3 اجتماعات", "in a car",
        "de 800 à 1000 lampadaires", "الرقم الأخضر: 05 28 22 14 33", "les lois 13.20 et 14.30",
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_guessed(text: str) -> None:
    assert told(text) is None


def test_without_the_day_of_the_meeting_a_day_needs_its_year() -> None:
    assert when_in("avant le 15 mars", after=None) is None
    assert getattr(when_in("avant le 15 mars 2027", after=None), "due_on", None) == date(2027, 3, 15)


@pytest.mark.parametrize(
    ("made_on", "text", "day"),
    [
        (date(2026, 11, 30), "within three months", date(2027, 2, 28)),
        (date(2028, 2, 29), "within one year", date(2029, 2, 28)),
        (date(9990, 1, 1), "within 99 years", None),
        (date(9999, 12, 31), "within 2 days", None),
        (None, "within 2 days", None),
    ],
)
def test_so_long_after_the_meeting_is_a_day_of_the_calendar(made_on: date | None, text: str, day: date | None) -> None:
    assert getattr(when_in(text, after=made_on), "due_on", None) == day


def test_the_words_that_say_so_are_given_as_typed() -> None:
    found = told("دورية كلّ يـوم، من الساعة 20 إلى 23، (بالأزقة)")
    assert found is not None
    assert found.words == "كلّ يـوم … من الساعة 20 إلى 23"


def test_timings_are_those_of_a_pledge() -> None:
    assert {suggesting_when.BY_DATE, suggesting_when.RECURRING, suggesting_when.ONGOING} < set(Pledge.Timing.values)


PIECES = [
    "كل",
    "يوم",
    "الاثنين",
    "من",
    "إلى",
    "20",
    "h",
    "5",
    "مارس",
    "2027",
    "avant",
    "le",
    "à",
    "lundi",
    "pm",
    "99",
    "until",
]


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_whatever_is_told_can_be_stored(text: str) -> None:
    found = told(text)
    if found is not None:
        validate_windows(found.windows)
        if found.rule:
            validate_rule(found.rule)
        assert (found.due_on is not None) == (found.timing == "by_date")
        assert found.words


@pytest.mark.parametrize("words", ["le ", "les lundi et ", "20 h ", "de 20 h a ", "avant le ", "كل يوم الاثنين و "])
def test_a_long_text_takes_no_longer_for_being_hostile(words: str) -> None:
    def spent(text: str) -> float:
        before = time.process_time()
        told(text)
        return time.process_time() - before

    short: Any = min(spent(words * (2_500 // len(words))) for _ in range(3))
    assert spent(words * (10_000 // len(words))) < max(short, 0.005) * 30
