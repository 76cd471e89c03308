"""Pasting: whatever stands in a document becomes rows, without what only marks a line of a list, and without a loss."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import Participant
from meetings.pasting import Person, cut, lines, participants
from meetings.search import fold_text

# What Word documents hold, as hypothesis would rarely guess it.
MARKS = (
    "•▪–—-*oO1١2)(./°أبولاثةـ ,،;؛\n\t"
    "\u00a0\u202f\u200b\u200e\u200f\u202b\u202c\u2067\ufeff\u00ad\u064b\x00\x0b\x85\uf0b7"
)
DOCUMENTS = (
    st.text() | st.text(st.sampled_from(MARKS)) | st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF))
)
# The letters that may only mark a line: Word's bullets, a) أ), and "first", "second" …
MARKER = re.compile("[oOØüv]*(?:[a-zء-ي]|أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)?")


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("• تكثيف الدوريات", "تكثيف الدوريات"),
        ("\u200f-\u00a0تكثيف الدوريات", "تكثيف الدوريات"),
        ("\uf0b7\tRenforcer l’éclairage", "Renforcer l’éclairage"),
        ("o\tRenforcer l’éclairage", "Renforcer l’éclairage"),
        ("- 1) Renforcer", "Renforcer"),
        ("1°) Renforcer", "Renforcer"),
        ("12. Renforcer", "Renforcer"),
        ("١- إقامة سد", "إقامة سد"),
        ("٢ـ إقامة سد", "إقامة سد"),
        ("3 / إقامة سد", "إقامة سد"),
        ("أ) إقامة سد", "إقامة سد"),
        ("ب - إقامة سد", "إقامة سد"),
        ("أولاً: إقامة سد", "إقامة سد"),
        ("\u202bثانيا : إقامة سد\u202c", "إقامة سد"),
        ("الـــدوريات سنة 1440هـ", "الدوريات سنة 1440هـ"),
        ("de\u00a08\u202fh à\u00a010\u202fh\u00a0: rondes", "de 8 h à 10 h : rondes"),
    ],
)
def test_what_only_marks_a_line_of_a_list_is_taken_off(pasted: str, line: str) -> None:
    assert lines(pasted) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "M. Alaoui, président",
        "د. محمد",
        "أ. فاطمة",
        "5 patrouilles",
        "8 - 10 h",
        "2019-01-09",
        "1.5 km",
        "24/24",
        "a. b",
    ],
)
def test_what_belongs_to_the_words_stays(line: str) -> None:
    assert lines(line) == [line]


def test_blank_lines_and_lone_bullets_make_no_row() -> None:
    assert lines("\n \t\u00a0\n•\n-  \n1.\n\u200f\u202c\nx\r\n\r\ny\u2028z\x0bw") == ["x", "y", "z", "w"]


def letters(text: str) -> str:
    """What anybody would miss: letters, without the signs around them and the tatweel between them."""
    return "".join(each for each in text if unicodedata.category(each)[0] == "L" and each != "ـ")


def holds_all(pasted: str, found: list[str]) -> bool:
    """Whether the letters of each line, but for those that may mark it, stand in the rows, in order."""
    left = letters("".join(found))
    for line in pasted.splitlines():
        said = letters(line)
        starts = (at for at in range(len(said) + 1) if MARKER.fullmatch(said[:at]) and left.startswith(said[at:]))
        if (start := next(starts, None)) is None:
            return False
        left = left.removeprefix(said[start:])
    return not left


@given(DOCUMENTS)
def test_no_line_is_lost(pasted: str) -> None:
    assert holds_all(pasted, lines(pasted))


@given(DOCUMENTS)
def test_no_participant_is_lost_and_each_can_be_stored(pasted: str) -> None:
    people = participants(pasted, {})
    assert holds_all(pasted, [f"{each.name} {each.role}" for each in people])
    for each in people:
        Participant(name=each.name, role=each.role).clean_fields(exclude=["meeting", "number", "organisation"])
        assert each.name


@given(DOCUMENTS, st.integers(1, 30))
def test_a_line_is_cut_between_words_and_loses_none(line: str, longest: int) -> None:
    pieces = cut(line, longest)
    assert max(len(piece) for piece in pieces) <= longest
    assert "".join("".join(pieces).split()) == "".join(line.split())


KNOWN = {fold_text("جمعية الأمل"): "amal", fold_text("District de sûreté"): "district"}


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("محمد العلوي، رئيس، جمعيّة الامل", Person("محمد العلوي", "رئيس", "amal")),
        ("Alaoui Mohamed, chef, district de surete", Person("Alaoui Mohamed", "chef", "district")),
        ("محمد؛ كاتب؛ جمعية أخرى", Person("محمد", "كاتب، جمعية أخرى")),
        ("Mme Idrissi\tprésidente\tAssociation X", Person("Mme Idrissi", "présidente, Association X")),
        ("Mme El-Idrissi – présidente", Person("Mme El-Idrissi", "présidente")),
        ("جمعية الأمل", Person("", "", "amal")),
        ("محمد العلوي رئيس جمعية الأمل", Person("محمد العلوي رئيس جمعية الأمل")),
        (", ;", Person(", ;")),
    ],
)
def test_a_participant_is_told_apart(line: str, person: Person) -> None:
    assert participants(line, KNOWN) == [person]


def test_a_line_too_long_for_a_participant_becomes_several() -> None:
    people = participants("كلمة " * 100, {})
    assert [len(each.name) for each in people] == [199, 199, 99]
