"""What in a text should perhaps not be published: names of private persons, and numbers that lead to one.

Knows no database. It errs on the side of saying nothing: a warning that is wrong each time is read by nobody.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from commitments.name_words import (
    DIVINE,
    GIVEN,
    HONORIFICS,
    NO_FAMILY,
    NO_NAMES,
    OFFICES,
    ORGANISATIONS,
    PLACES,
    SAINTS,
    SERVANT,
    THINGS,
    TITLES,
)
from meetings.search import fold_text, without_article

PHONE, IDENTITY_CARD, EMAIL, PLATE = "phone", "identity_card", "email", "plate"
UNNAMED, NAMED, ACCUSED = "unnamed", "named", "accused"
GRAVEST_FIRST = (ACCUSED, UNNAMED, NAMED, IDENTITY_CARD, EMAIL, PHONE, PLATE)

_GAP = r"[ .\-/]?"
_PATTERNS = {
    EMAIL: re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    PLATE: re.compile(r"(?<![\w-])\d{3,5}\s?[-|]\s?(?:[ء-ي]|[A-Z])\s?[-|]\s?\d{1,2}(?![\w-])"),
    PHONE: re.compile(
        rf"(?<![\w+.])(?:(?:\(?(?:\+|00){_GAP}212\)?{_GAP}(?:\(0\){_GAP}|0{_GAP})?|0{_GAP})[5-8](?:{_GAP}\d){{8}}"
        rf"|(?:\+|00)[1-9](?:{_GAP}\d){{8,13}})(?!\d)"
    ),
    IDENTITY_CARD: re.compile(r"(?<!\w)(?:[A-Za-z]{1,2}\d{4,6}|[A-Z]{1,2}[ -]\d{4,6})(?!\w)"),
}
_DATE = re.compile(r"\d{1,2}[ ./-]\d{1,2}[ ./-](?:19|20)\d\d")
# What looks like the letters of an identity card, and is a road, a page size or a number of something.
_NO_CARD = {"rn", "rp", "rr", "pv", "km", "dh", "no", "nr", "n", "en", "de", "du", "le", "la", "au", "et", "hs", "bp"}
_YEAR = re.compile(r"(?:19|20)\d\d$")

_LATIN_TITLE = (
    r"(?:M\.|MM\.|Mr\.?|Mme|Mlle|Mrs\.?|Ms\.?|Dr\.?|Maître|Monsieur|Madame|Mademoiselle"
    r"|le sieur|la dame|(?:le|la) (?:dé)?nommée?)"
)
# Each repetition has an end: without one, a page of capitals takes minutes.
_CAPITALISED = (
    r"(?:[A-ZÀ-Þ][a-zà-ÿ]{1,30}(?:[-'’][A-ZÀ-Þa-zà-ÿ]{1,30}){0,3}|[A-ZÀ-Þ]{2,30}(?:-[A-ZÀ-Þ]{1,30}){0,3}"
    r"|[A-ZÀ-Þ]\.(?:[ -]?[A-ZÀ-Þ]\.){0,3})"
)
_PARTICLE = r"(?:ben|bent|bin|el|al|ait|aït|ould|de|du)"
_LATIN_NAMED = re.compile(rf"(?<!\w){_LATIN_TITLE} ({_CAPITALISED}(?: (?:{_PARTICLE} )?{_CAPITALISED}){{0,2}})")
# What is said of somebody who is accused; in Arabic, with what is written onto it.
_ARABIC_ACCUSED = re.compile(
    r"^[وفبلك]?(?:ال|لل)?(?:توقيف|ايقاف|اعتقال|اوقف|اوقفت|اعتقل|اعتقلت|يشتبه|مشتبه|متهم|متهمه|اتهم|اتهام|ظنين|ظنينه"
    r"|مبحوث|موقوف|موقوفه|معتقل|معتقله|ضبط|قبض|نظريه|ادين|ادانه|متورط|متورطه|جاني|مجرم|سارق|لص|مروج)(?:ه|ها|هما|هم)?$"
)
_LATIN_ACCUSED = (
    r"(?:interpell(?:é|ée|és|ation|er)|arrêtée?|arrestation|suspecte?|mise? en cause|inculpée?|recherchée?"
    r"|accusée?(?! de réception)|appréhendée?|déférée?|écrouée?|condamnée?|placée? en garde à vue|voleur|voleuse"
    r"|dealer|trafiquante?|arrested|arrest|detained|wanted|suspected|accused)"
)
_WHOLE_NAME = (
    rf"(?:{_CAPITALISED}(?: (?:{_PARTICLE} )?{_CAPITALISED}){{1,2}}|[A-ZÀ-Þ]\.[ -]?[A-ZÀ-Þ]\.?(?!\w)"
    rf"|{_LATIN_TITLE} {_CAPITALISED}(?: {_CAPITALISED})?)"
)
_ACCUSED_NAMED = re.compile(
    rf"(?<!\w)(?i:{_LATIN_ACCUSED})(?: ?[:,(] ?"
    rf"| (?i:de |du |d['’]|of |est |is |le |la |un |une |jeune |par erreur ){{0,6}}"
    rf"|[ ](?i:d['’]))(?P<after>{_WHOLE_NAME})"
    rf"|(?<!\w)(?P<before>{_WHOLE_NAME})[ ,(]{{1,3}}"
    r"(?i:(?:a |ont |avait )?(?:été |est |était |was |is |has been |le |un |une )?)"
    rf"(?i:{_LATIN_ACCUSED})(?!\w)"
)
_ARABIC_INITIALS = re.compile(r"(?<![\w.])[ء-ي]ـ?\s?\.\s?[ء-ي]ـ?(?:\s?\.)?(?![\w.])")
_NEAR = 4  # words between a name and what is said of it


class Found(NamedTuple):
    """Something that should perhaps not be published: what sort of thing, and the words themselves."""

    sort: str
    words: str


class _Span(NamedTuple):
    """The same, with where it begins and ends in the text."""

    sort: str
    words: str
    start: int
    end: int


def found_in(text: str, *, unnamed: Collection[str] = (), known: Collection[str] = ()) -> list[Found]:
    """What should perhaps not stand in the text, each once, and of one phrase the gravest alone.

    `unnamed` are the names of people who take part without being named; `known` those who may be named:
    people in a public role or who agreed, organisations and places.
    """
    words = _Words(_plain(text))
    may_be_named = [_tokens(each) for each in known]
    named = [*_accused(words, may_be_named), *_unnamed(words, unnamed, may_be_named), *_named(words, may_be_named)]
    spans = [*_gravest(named), *_gravest(_numbers(words.text))]
    graver = [each.words for each in spans if each.sort != NAMED]
    told = (each for each in spans if each.sort != NAMED or not any(each.words in said for said in graver))
    return list(dict.fromkeys(Found(each.sort, each.words) for each in told))


def _gravest(spans: Iterable[_Span]) -> list[_Span]:
    """Of spans that overlap the gravest, or of two alike the first, in the order of the text."""
    kept: list[tuple[int, int, _Span]] = []  # none of them overlaps another, so that its neighbours say all
    for each in sorted(spans, key=lambda span: (GRAVEST_FIRST.index(span.sort), span.start)):
        at = bisect_left(kept, (each.start, each.end))
        is_free = at == 0 or kept[at - 1][1] <= each.start
        if is_free and (at == len(kept) or each.end <= kept[at][0]):
            kept.insert(at, (each.start, each.end, each))
    return [span for _start, _end, span in kept]


class _Words:
    """A text and its words: as typed, folded, where each begins and ends, and which stand near a word of arrest."""

    def __init__(self, text: str) -> None:
        self.text = text
        parted = list(re.finditer(r"\S+", text))
        self.typed = [each.group() for each in parted]
        self.starts = [each.start() for each in parted]
        self.ends = [each.end() for each in parted]
        self.folded = [fold_text(each) for each in self.typed]

    @cached_property
    def near_an_accusation(self) -> set[int]:
        """The places of the words around each word of arrest or suspicion."""
        accusing = (at for at, word in enumerate(self.folded) if _ARABIC_ACCUSED.match(word))
        return {at + step for at in accusing for step in range(-_NEAR, _NEAR + 1)}

    def at(self, place: int) -> int:
        """Which word stands at a character."""
        return bisect_right(self.starts, place) - 1

    def span(self, sort: str, first: int, count: int) -> _Span:
        """So many words from one on, without the punctuation around them."""
        said = " ".join(self.typed[first : first + count]).strip(' .,،؛:()«»"')
        return _Span(sort, said, self.starts[first], self.ends[first + count - 1])


def _plain(text: str) -> str:
    """The text with Latin digits and common spaces, without marks that cannot be seen."""
    letters = unicodedata.normalize("NFKC", text)
    shown = (each for each in letters if unicodedata.category(each) != "Cf")
    digits = (str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each for each in shown)
    return re.sub(r"[^\S\n]+", " ", re.sub(r"[‐‑‒–]", "-", "".join(digits)))


def _numbers(text: str) -> Iterator[_Span]:
    for sort, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            words = match.group()
            if (sort == PHONE and _DATE.search(words)) or (sort == IDENTITY_CARD and not _is_card(words)):
                continue
            yield _Span(sort, words, *match.span())


def _is_card(words: str) -> bool:
    letters, digits = re.sub(r"[^A-Za-z]", "", words), re.sub(r"\D", "", words)
    return letters.lower() not in _NO_CARD and not (_YEAR.match(digits) and len(words) > len(letters + digits))


# Names

_LATIN_TITLES = {"m", "mm", "mr", "mme", "mlle", "mrs", "ms", "monsieur", "madame", "mademoiselle", "dr", "maitre"}
# What is a part of the name that follows it.
_BELONG_TO_THE_NEXT = {"بن", "ابن", "بنت", "ايت", "ولد", "عبد", "ابو", "بو", "ben", "bent", "bin", "ait", "ould", "abd"}
_ARTICLES = {"el", "al", "ال"}


def _tokens(name: str) -> list[str]:
    """The parts of a name as they are compared: folded, without titles and articles, "بن علي" as one part."""
    parts: list[str] = []
    held = ""
    for word in fold_text(name).split():
        if word in TITLES | _LATIN_TITLES | _ARTICLES:
            continue
        if word in _BELONG_TO_THE_NEXT:
            held += f"{word} "
            continue
        parts.append(held + without_article(word))
        held = ""
    return parts + ([held.strip()] if held else [])


def _unnamed(words: _Words, unnamed: Iterable[str], known: Collection[list[str]]) -> Iterator[_Span]:
    """Any two words in a row of the name of somebody who is not to be named, in either order."""
    folded = " ".join(words.folded)
    begins = [0, *accumulate(len(each) + 1 for each in words.folded)]  # of each word in the folded text
    for name in unnamed:
        for pair in pairwise(_tokens(name)):
            is_no_person = ORGANISATIONS & set(pair) or NO_NAMES & set(pair)
            if is_no_person or any(_holds(each, pair) for each in known):
                continue
            if not all(each in folded for each in pair):  # most are not, and a pattern takes far longer to say so
                continue
            for match in re.finditer(f"{_in_text(pair)}|{_in_text(pair[::-1])}", folded):
                first, last = (bisect_right(begins, place) - 1 for place in (match.start(), match.end() - 1))
                yield _Span(UNNAMED, name, words.starts[first], words.ends[last])


def _holds(tokens: list[str], pair: tuple[str, str]) -> bool:
    return pair in set(pairwise(tokens))


def _in_text(pair: tuple[str, ...]) -> str:
    """How two words of a name look in folded text, with or without the article and what is written onto them."""
    first, second = (re.escape(each) for each in pair)
    return rf"(?<!\w)[وفبلك]?(?:ال|لل|el |al )?{first} (?:ال|el |al )?{second}(?!\w)"


def _named(words: _Words, known: Collection[list[str]]) -> Iterator[_Span]:
    """A title and a name after it, unless that one may be named."""
    for match in _LATIN_NAMED.finditer(words.text):
        if _is_private(match.group(1), known):
            yield _Span(NAMED, match.group(), *match.span())
    for at, count in _arabic_named(words, known):
        yield words.span(NAMED, at, count)


def _is_private(name: str, known: Collection[list[str]]) -> bool:
    tokens = _tokens(name)
    return bool(tokens) and not NO_NAMES & set(fold_text(name).split()[:1]) and not _may_be_named(tokens, known)


def _may_be_named(following: list[str], known: Collection[list[str]]) -> bool:
    """Whether what follows a title begins with a name that may be said, whole or from any later part of it on."""
    return any(name[start:] == following[: len(name) - start] for name in known if name for start in range(len(name)))


def _arabic_named(words: _Words, known: Collection[list[str]]) -> Iterator[tuple[int, int]]:
    """Each Arabic title with the name after it: where it stands among the words of the text, and how many they are."""
    typed, folded = words.typed, words.folded
    for at, word in enumerate(folded):
        if _title(word) not in TITLES or (at and folded[at - 1] in THINGS):
            continue
        name = _name_after(typed, folded, at)
        if name and not _may_be_named(_tokens(" ".join(folded[at + 1 : at + 5])), known):
            yield at, 1 + len(name)


def _title(word: str) -> str:
    """The word without what is written onto it."""
    if word.startswith("لل"):
        return word.replace("لل", "ال", 1)
    return re.sub(r"^[وفبك](?=ال)", "", word)


def _name_after(typed: list[str], folded: list[str], at: int) -> list[str]:
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


def _given_named(words: _Words, known: Collection[list[str]]) -> Iterator[tuple[int, int]]:
    """Each common given name near an accusation with the family name after it, as with a title."""
    folded = words.folded
    near = words.near_an_accusation
    after_the_last = -1
    for at in range(len(folded)) if near else ():
        given = _given(words, at)
        family = _family(words, at + given) if given else 0
        is_one_more = at == after_the_last and folded[at].startswith("و")  # "محمد بناني وأحمد التازي"
        is_near = is_one_more or not near.isdisjoint(range(at, at + given + family))
        if not family or not is_near or _is_no_private_name(folded, at):
            continue
        if not _may_be_named(_tokens(" ".join([_bare(folded[at]), *folded[at + 1 : at + 4]])), known):
            after_the_last = at + given + family
            yield at, given + family


def _bare(word: str) -> str:
    """A given name without what is written onto it; any other word as it is."""
    is_given = word not in GIVEN and word != SERVANT and (word[1:] in GIVEN or word[1:] == SERVANT)
    return word[1:] if is_given and word[0] in "وفبلك" else word


def _given(words: _Words, at: int) -> int:
    """How many words a given name takes from here on: one, two as "عبد الله", or none."""
    name, after = _bare(words.folded[at]), words.folded[at + 1 : at + 2]
    if _ends(words.typed[at]):
        return 0
    if name == SERVANT:
        is_name = bool(after) and after[0] in DIVINE and not _ends(words.typed[at + 1])
        return 2 if is_name else 0
    return 1 if name in GIVEN else 0


def _family(words: _Words, at: int) -> int:
    """How many words a family name takes from here on: one, or "بن" and another, or none where the sentence goes on."""
    for count, (typed, plain) in enumerate(zip(words.typed[at : at + 2], words.folded[at : at + 2], strict=True), 1):
        if count == 2:  # after "بن" anything is a name
            return 2 if re.match(r"[ء-ي]{2}", plain) else 0
        is_sentence = {plain, without_article(plain), plain[1:]} & NO_FAMILY or _ARABIC_ACCUSED.match(plain)
        # Joined to what stands before, or a verb, or a noun made of one: "وهو", "بالحي", "للشرطة", "يبيع", "تحت".
        may_be_joined = plain not in GIVEN and plain not in _BELONG_TO_THE_NEXT
        is_joined = may_be_joined and re.match(r"و|[فبك]ال|لل|[يت]", plain)
        if is_sentence or is_joined or not re.match(r"[ء-ي]{2}", plain) or _title(plain) in TITLES:
            return 0
        if plain not in _BELONG_TO_THE_NEXT or _ends(typed):
            return count
    return 0


def _ends(typed: str) -> bool:
    return bool(re.search(r"[.,،؛:!?؟)]$", typed))


def _is_no_private_name(folded: list[str], at: int) -> bool:
    """Whether what stands before makes it a place, a saint, an official, or the name of a title judged already."""
    before = at - 1
    if before >= 0 and {folded[before], folded[before][1:]} & SAINTS:
        return True
    while before >= 0 and folded[before] in HONORIFICS:
        before -= 1
    if before < 0:
        return False
    word = folded[before]
    is_office = bool({word.removeprefix("ال"), _title(word).removeprefix("ال")} & OFFICES)
    return is_office or bool({word, word[1:]} & PLACES) or _title(word) in TITLES


def _accused(words: _Words, known: Collection[list[str]]) -> Iterator[_Span]:
    """A name beside a word of arrest or suspicion: whoever is named there is accused in public."""
    for match in _ACCUSED_NAMED.finditer(words.text):
        name = match.group("after") or match.group("before")
        parts = set(fold_text(name).split())
        if not parts & (ORGANISATIONS | NO_NAMES) and not _may_be_named(_tokens(name), known):
            yield _Span(ACCUSED, match.group().strip(" ,(:"), *match.span())
    near = words.near_an_accusation
    for at, count in _arabic_named(words, known):
        if at in near:
            yield words.span(ACCUSED, at, count)
    for at, count in _given_named(words, known):
        yield words.span(ACCUSED, at, count)
    for match in _ARABIC_INITIALS.finditer(words.text):
        if words.at(match.start()) in near:
            yield _Span(ACCUSED, match.group().strip(), *match.span())


# Likeness


def are_alike(one: str, other: str) -> bool:
    """Whether two pledges seem to promise the same: most of the words of their titles are the same ones."""
    first, second = _significant(one), _significant(other)
    if min(len(first), len(second)) < 3:
        return bool(first) and first == second
    return len(first & second) / len(first | second) >= 0.6


def _significant(text: str) -> set[str]:
    return {without_article(word) for word in fold_text(text).split() if len(word) > 2 or word.isdigit()}
