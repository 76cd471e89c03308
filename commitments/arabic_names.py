"""How a name of a person begins and ends among the words of an Arabic text, and what is called by one and is none.

Each function takes the words as typed, the same folded, and the place of one; it knows nothing else of the text.
"""

import re
from collections.abc import Sequence

from commitments.name_words import (
    DIVINE,
    FAMOUS,
    GIVEN,
    HONORIFICS,
    NAMES,
    NO_FAMILY,
    NO_NAMES,
    OFFICES,
    PLACES,
    SAINTS,
    SERVANT,
    TITLES,
)
from meetings.search import without_article

# What is a part of the name that follows it.
JOINTS = {"بن", "ابن", "بنت", "ايت", "ولد", "عبد", "ابو", "بو"}
NEAR = 4  # words between a name and what is said of it
CHILD_OF = {"بن", "بنت", "ولد", "ايت"}
# What is said of somebody who is accused, with what is written onto it.
ACCUSED = re.compile(
    r"^[وفبلك]?(?:ال|لل)?(?:توقيف|ايقاف|اعتقال|اوقف|اوقفت|اعتقل|اعتقلت|يشتبه|مشتبه|متهم|متهمه|اتهم|اتهام|ظنين|ظنينه"
    r"|مبحوث|موقوف|موقوفه|معتقل|معتقله|ضبط|قبض|نظريه|ادين|ادانه|متورط|متورطه|جاني|مجرم|سارق|لص|مروج)(?:ه|ها|هما|هم)?$"
)


def title(word: str) -> str:
    """The word without what is written onto it."""
    if word.startswith("لل"):
        return word.replace("لل", "ال", 1)
    return re.sub(r"^[وفبك](?=ال)", "", word)


def name_after(typed: list[str], folded: list[str], at: int) -> list[str]:
    """Up to two words after a title that may be a name; none after a role, a word of the sentence or its end."""
    if re.search(r"[.,،؛:!?؟]$", typed[at]):
        return []
    name: list[str] = []
    for word, plain in zip(typed[at + 1 : at + 3], folded[at + 1 : at + 3], strict=True):
        is_arabic = bool(re.search(r"[ء-ي]", word))
        if not is_arabic or {plain, without_article(plain), plain.removeprefix("ال")} & NO_NAMES:
            break
        if not name and plain.startswith("بال"):  # المتهم بالسرقة: of what, and not who
            break
        name.append(word)
        if re.search(r"[.,،؛:!?؟]$", word):
            break
    return name


def bare(word: str) -> str:
    """A given name without what is written onto it; any other word as it is."""
    is_given = word not in GIVEN and word != SERVANT and (word[1:] in GIVEN or word[1:] == SERVANT)
    return word[1:] if is_given and word[0] in "وفبلك" else word


def given(typed: Sequence[str], folded: Sequence[str], at: int) -> int:
    """How many words a given name takes from here on: one, two as "عبد الله", or none."""
    if ends(typed[at]):
        return 0
    if bare(folded[at]) == SERVANT:
        return 2 if _is_servant(folded, at + 1) and not ends(typed[at + 1]) else 0
    return 1 if bare(folded[at]) in GIVEN else 0


def family(typed: Sequence[str], folded: Sequence[str], at: int) -> int:
    """How many words a family name takes from here on: one, or "بن" and another, or none where the sentence goes on."""
    if at >= len(folded) or not _may_be_family(folded[at]):
        return 0
    if folded[at] not in JOINTS or ends(typed[at]):
        return 1
    if at + 1 >= len(folded) or not _is_arabic(folded[at + 1]):  # after "بن" anything is a name
        return 0
    return 3 if folded[at + 1] == SERVANT and _is_servant(folded, at + 2) else 2


def _may_be_family(plain: str) -> bool:
    is_sentence = {plain, without_article(plain), plain[1:]} & NO_FAMILY or ACCUSED.match(plain)
    # Joined to what stands before, or a verb, or a noun made of one: "وهو", "بالحي", "للشرطة", "يبيع", "تحت".
    is_joined = plain not in GIVEN and plain not in JOINTS and re.match(r"و|[فبك]ال|لل|[يت]", plain)
    return not is_sentence and not is_joined and _is_arabic(plain) and title(plain) not in TITLES


def is_filial(folded: Sequence[str], at: int, family_at: int) -> bool:
    """Whether it is somebody's name for certain: a given name, "بن" and another name, and nobody of the past."""
    joint, father = folded[family_at], folded[family_at + 1 : family_at + 2]
    is_known = bool(father) and (father[0] in NAMES or (father[0] == SERVANT and _is_servant(folded, family_at + 2)))
    whole = " ".join([bare(folded[at]), *folded[at + 1 : family_at + 3]])
    return joint in CHILD_OF and is_known and not any(f"{whole} ".startswith(f"{each} ") for each in FAMOUS)


def _is_servant(folded: Sequence[str], at: int) -> bool:
    """Whether "عبد" makes a name with the word here."""
    return at < len(folded) and folded[at] in DIVINE


def _is_arabic(plain: str) -> bool:
    return bool(re.match(r"[ء-ي]{2}", plain))


def ends(typed: str) -> bool:
    """Whether a part of the sentence ends with this word."""
    return bool(re.search(r"[.,،؛:!?؟)]$", typed))


def is_no_private_name(folded: Sequence[str], at: int) -> bool:
    """Whether what stands before makes it a place, a saint, an official, or the name of a title judged already."""
    before = at - 1
    if before >= 0 and {folded[before], folded[before][1:]} & SAINTS:
        return True
    while before >= 0 and folded[before] in HONORIFICS:
        before -= 1
    if before < 0:
        return False
    word = folded[before]
    is_place = bool({word, word[1:], re.sub(r"^و[فبلك]", "", word)} & PLACES)
    return is_office(word) or is_place or title(word) in TITLES


def is_office(word: str) -> bool:
    """Whether whoever is named after it acts in a public role."""
    return bool({word.removeprefix("ال"), title(word).removeprefix("ال")} & OFFICES)


def is_of_an_official(typed: Sequence[str], folded: Sequence[str], at: int) -> bool:
    """Whether an office stands a few words before, as in "رئيس منطقة الأمن محمد بن علي"."""
    for before in range(at - 1, max(at - 1 - NEAR, -1), -1):
        if ends(typed[before]):
            return False
        if is_office(folded[before]):
            return True
    return False
