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

from commitments.arabic_names import ACCUSED as ACCUSED_WORD
from commitments.arabic_names import (
    JOINTS,
    NEAR,
    bare,
    family,
    given,
    is_filial,
    is_no_private_name,
    is_of_an_official,
    name_after,
    title,
)
from commitments.name_words import ABOUT_A_PHONE, LATIN_PLACES, NO_NAMES, ORGANISATIONS, THINGS, TITLES
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
# What is said of somebody who is accused.
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


_NEAR_A_PHONE = 3  # words between a name and its number
_BEFORE_A_PHONE = (
    80  # characters, which hold the longest of the names that `_LATIN_CALLED` knows and what may follow it
)
_MOBILE = re.compile(r"(?:(?:00)?212)?0?[67]")
_LATIN_CALLED = re.compile(
    rf"(?<!\w)({_CAPITALISED}(?: (?:{_PARTICLE} )?{_CAPITALISED}){{1,2}})[ ,:(-]{{0,3}}"
    r"(?:(?i:tél|tel|gsm|portable|mobile|whatsapp|au|n°)[. :]{0,3}){0,2}$"
)


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
        accusing = (at for at, word in enumerate(self.folded) if ACCUSED_WORD.match(word))
        return {at + step for at in accusing for step in range(-NEAR, NEAR + 1)}

    @cached_property
    def near_a_phone(self) -> set[int]:
        """The places of the words around each telephone number, as far as its sentence goes."""
        near: set[int] = set()
        for phone in _PATTERNS[PHONE].finditer(self.text):
            first, last = self.at(phone.start()), self.at(phone.end() - 1)
            for before in range(first - 1, max(first - 1 - _NEAR_A_PHONE, -1), -1):
                if _is_last(self.typed[before]):
                    break
                near.add(before)
            for after in range(last + 1, min(last + 1 + _NEAR_A_PHONE, len(self.typed))):
                if _is_last(self.typed[after - 1]):
                    break
                near.add(after)
        return near

    @cached_property
    def people(self) -> list[tuple[int, int]]:
        """Where each common given name stands that a family name follows, and how many words they are."""
        found = []
        for at in range(len(self.folded)):
            first = given(self.typed, self.folded, at)
            after = family(self.typed, self.folded, at + first) if first else 0
            if after:
                found.append((at, first + after))
        return found

    def at(self, place: int) -> int:
        """Which word stands at a character."""
        return bisect_right(self.starts, place) - 1

    def span(self, sort: str, first: int, count: int) -> _Span:
        """So many words from one on, without the punctuation around them."""
        said = " ".join(self.typed[first : first + count]).strip(' .,،؛:()«»"')
        return _Span(sort, said, self.starts[first], self.ends[first + count - 1])


def _is_last(typed: str) -> bool:
    """Whether a sentence ends with this word."""
    return bool(re.search(r"[.!?؟]$", typed))


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
_BELONG_TO_THE_NEXT = JOINTS | {"ben", "bent", "bin", "ait", "ould", "abd"}
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
    yield from _people(words, known)
    yield from _called(words.text, known)


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
        if title(word) not in TITLES or (at and folded[at - 1] in THINGS):
            continue
        name = name_after(typed, folded, at)
        if name and not _may_be_named(_tokens(" ".join(folded[at + 1 : at + 5])), known):
            yield at, 1 + len(name)


def _given_named(words: _Words, known: Collection[list[str]], near: Collection[int]) -> Iterator[tuple[int, int]]:
    """Each common given name at one of these places with the family name after it, as with a title."""
    folded = words.folded
    after_the_last = -1
    for at, count in words.people if near else ():
        is_one_more = at == after_the_last and folded[at].startswith("و")  # "محمد بناني وأحمد التازي"
        is_near = is_one_more or any(place in near for place in range(at, at + count))
        if is_near and not is_no_private_name(folded, at) and _is_told(words, at, known):
            after_the_last = at + count
            yield at, count


def _is_told(words: _Words, at: int, known: Collection[list[str]]) -> bool:
    following = " ".join([bare(words.folded[at]), *words.folded[at + 1 : at + 4]])
    return not _may_be_named(_tokens(following), known)


def _people(words: _Words, known: Collection[list[str]]) -> Iterator[_Span]:
    """A name that is one for certain, or beside a telephone number; not what streets are called, nor an official."""
    typed, folded, near = words.typed, words.folded, words.near_a_phone
    after_a_place = -1
    for at, count in words.people:
        is_named = any(place in near for place in range(at, at + count))
        is_place = is_no_private_name(folded, at) or (at == after_a_place and folded[at].startswith("و"))
        if is_place:
            after_a_place = at + count
        elif (
            (is_named or is_filial(folded, at, at + given(typed, folded, at)))
            and not is_of_an_official(typed, folded, at)
            and _is_told(words, at, known)
        ):
            yield words.span(NAMED, at, count)


def _called(text: str, known: Collection[list[str]]) -> Iterator[_Span]:
    """Two words with capitals right before the number of a mobile telephone: offices have other numbers."""
    for phone in _PATTERNS[PHONE].finditer(text):
        before = max(phone.start() - _BEFORE_A_PHONE, 0)
        name = _LATIN_CALLED.search(text[before : phone.start()])
        if not name or not _MOBILE.match(re.sub(r"\D", "", phone.group())):
            continue
        stands_after = fold_text(text[before : before + name.start(1)]).split()[-1:]
        if not {*stands_after} & LATIN_PLACES and _is_person(name[1], known):
            yield _Span(NAMED, name[1], before + name.start(1), before + name.end(1))


def _is_person(name: str, known: Collection[list[str]]) -> bool:
    parts = fold_text(name).split()
    is_other = parts[0] in LATIN_PLACES or {*parts} & (ORGANISATIONS | NO_NAMES | ABOUT_A_PHONE)
    return not is_other and not _may_be_named(_tokens(name), known)


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
    for at, count in _given_named(words, known, near):
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
