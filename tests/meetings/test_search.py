"""The laws of folding: one spelling for what is stored and what is asked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import Neighbourhood
from meetings.search import fold_text, folded_terms
from tests.factories import NeighbourhoodFactory

ARABIC = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF))
ANYTHING = ARABIC | st.text()
MARKS = st.text(st.sampled_from("\u064b\u064e\u0651\u0652\u0640\u200c\u200e\u200f\u202b\u2067\ufeff"))
SAME = [
    ("آيت ملول", "أيت ملول"),
    ("إنزكان", "انزكان"),
    ("حيّ أزرو", "حي ازرو"),
    ("القطب الجامعيّ", "القطب الجامعي"),
    ("مستشفى", "مستشفي"),
    ("مدرسة", "مدرسه"),
    ("مسؤول", "مسوول"),
    ("هيئة", "هييه"),
    ("جـــمـاعة", "جماعة"),
    ("٢٠١٩ ۲۰۱۹", "2019 2019"),
    ("Aït Melloul", "ait melloul"),
    ("Œuvre", "oeuvre"),
    ("L’école", "l école"),
    ("STRASSE", "straße"),
    ("ﻻ", "لا"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(("one", "other"), [("باب", "ناب"), ("حي", "حر"), ("1", "2")])
def test_two_words_stay_two(one: str, other: str) -> None:
    assert fold_text(one) != fold_text(other)


@given(ANYTHING)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(ANYTHING)
def test_the_form_in_which_a_text_was_typed_does_not_matter(text: str) -> None:
    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(unicodedata.normalize("NFC", text))


@given(ARABIC, MARKS, ARABIC)
def test_marks_that_nobody_sees_do_not_matter(before: str, marks: str, after: str) -> None:
    assert fold_text(before + marks + after) == fold_text(before + after)


@given(ANYTHING)
def test_what_is_folded_holds_words_with_one_space_between(text: str) -> None:
    folded = fold_text(text)
    assert folded == " ".join(folded.split())
    assert all(character == " " or character.isalnum() for character in folded)


@given(ANYTHING)
def test_case_does_not_matter_where_a_letter_has_two(text: str) -> None:
    assert fold_text(text.casefold()) == fold_text(text)


@given(st.integers(0, 10**9))
def test_digits_of_every_script_are_the_same(number: int) -> None:
    eastern = str(number).translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})
    assert fold_text(eastern) == str(number)


@given(ANYTHING)
def test_a_query_holds_at_most_eight_words_each_of_which_is_folded(text: str) -> None:
    terms = folded_terms(text)
    assert len(terms) <= 8
    assert all(fold_text(term) == term for term in terms)


@pytest.mark.parametrize("query", ["أيت ملول", "ايت", "ait mel", "AÏT", "ملول آيت", "تمرسيت", "tamersit melloul"])
def test_a_neighbourhood_is_found_by_its_name_and_its_communes_in_any_spelling(db: None, query: str) -> None:
    found = NeighbourhoodFactory.create(name_ar="تمرسيت", name_fr="Tamersit")
    assert list(Neighbourhood.objects.matching(query)) == [found]


def test_a_query_of_which_one_word_is_nowhere_finds_nothing(db: None) -> None:
    NeighbourhoodFactory.create(name_ar="تمرسيت", name_fr="Tamersit")
    assert list(Neighbourhood.objects.matching("tamersit rabat")) == []
