"""What the words of a pledge speak for: the first phrase, in whatever spelling, and the word that says so."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.kinds import KINDS
from commitments.suggesting import (
    AGENCY_WORDS,
    HOURS_WORDS,
    KIND_WORDS,
    THEME_WORDS,
    Phrases,
    Suggested,
    spelled_out,
)
from meetings.models import Concern, Organisation

NAMES = [(name, slug) for slug, *names in KINDS if slug != "other" for name in names]
BY_WORDS = Phrases([*spelled_out(KIND_WORDS), *NAMES])
AZROU = Path(__file__).parents[2] / "seeds" / "azrou-2019-01-09.json"


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("تكثيف الـدوريّات، خصوصا ليلا", "patrol", "الـدوريّات"),
        ("تنظيم دورية يومية", "patrol", "دورية"),
        ("القيام بحملات أمنية", "security-campaign", "بحملات أمنية"),
        ("Des patrouilles pédestres", "patrol", "patrouilles"),
        ("Réparer l’éclairage public", "lighting", "l’éclairage"),
        ("إصلاح الإنارة (الحي)", "lighting", "الإنارة"),
        ("عقد لقاءات دورية", "follow-up-meeting", "لقاءات"),
        ("حملات تحسيسية بالمدارس", "awareness", "تحسيسية"),
        ("Un BARRAGE de contrôle", "checkpoint", "BARRAGE de contrôle"),
    ],
)
def test_the_first_phrase_speaks_for_a_kind(text: str, kind: str, word: str) -> None:
    assert BY_WORDS.first_in(text) == Suggested(kind, word)


@pytest.mark.parametrize("text", ["", "شيء آخر", "بشكل دوري", "اجتماعي", "ادوريات"])
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    assert BY_WORDS.first_in(text) is None


def test_the_five_pledges_of_the_real_record_are_told() -> None:
    hours = Phrases(spelled_out(HOURS_WORDS))
    for pledge in json.loads(AZROU.read_text())["pledges"]:
        found = hours.first_in(pledge["title"]) or BY_WORDS.first_in(pledge["title"])
        assert found is not None
        assert found.value == pledge["kind"]


def test_a_phrase_that_speaks_for_two_things_suggests_neither() -> None:
    assert Phrases([("الجماعة", "one"), ("الجماعه", "other")]).first_in("الجماعة") == Suggested("", "الجماعة")


@pytest.mark.parametrize("text", ["بتنسيق مع الجماعة", "avec la commune", "en lien avec toute la commune"])
def test_whoever_only_helps_is_passed_over(text: str) -> None:
    phrases = Phrases([("الجماعة", "x"), ("la commune", "x"), ("commune", "x")])
    assert phrases.first_in(text, but_after_with=True) is None
    assert phrases.first_in(text) is not None


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    found = BY_WORDS.first_in(text)
    assert found is None or found.word in " ".join(text.split())


def test_the_tables_speak_of_what_exists() -> None:
    assert set(KIND_WORDS) | set(HOURS_WORDS) == {slug for slug, *_names in KINDS} - {"other"}
    assert set(THEME_WORDS) == set(Concern.Theme.values) - {"other"}
    assert set(AGENCY_WORDS) <= set(Organisation.AGENCY_KINDS)


def test_the_names_of_all_agencies_of_a_country_are_looked_for_as_quickly_as_those_of_a_town() -> None:
    def spent(count: int) -> float:
        called = ("دائرة الشرطة بحي", "Arrondissement de police", "Police precinct")
        phrases = Phrases((f"{name} {number}", str(number)) for number in range(count) for name in called)
        before = time.process_time()
        assert phrases.first_in("تعزيز دائرة الشرطة بحي 7") == Suggested("7", "دائرة الشرطة بحي 7")
        assert phrases.first_in("تكثيف الدوريات ليلا ونهارا بحي المسيرة قرب دائرة الشرطة بالمدينة") is None
        return time.process_time() - before

    short: Any = min(spent(20) for _ in range(3))
    assert spent(2_000) < max(short, 0.002) * 30
