"""What in a text should perhaps not be published: names of private persons, and numbers that lead to one.

Knows no database. It errs on the side of saying nothing: a warning that is wrong each time is read by nobody.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from meetings.search import fold_text

PHONE, IDENTITY_CARD, EMAIL, PLATE = "phone", "identity_card", "email", "plate"
UNNAMED, NAMED, ACCUSED = "unnamed", "named", "accused"

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

# Words that go before a name; and what may follow them without being one: roles, and words of a sentence.
# Not "سيدي", "مولاي" and "لالة": far more places than people are called so.
_ARABIC_TITLES = """
السيد السيدة الآنسة الشاب الشابة المدعو المدعوة المسمى المسماة المسمي الملقب الملقبة المكنى الحاج الحاجة
الأستاذ الأستاذة الدكتور الدكتورة المرحوم المرحومة المتهم المتهمة الظنين الظنينة
"""
_ROLES = """
رئيس رئيسة والي عامل عاملة قائد قائدة باشا خليفة مدير مديرة عميد عميدة ضابط مفتش وكيل قاضي وزير وزيرة نائب نائبة كاتب
كاتبة ممثل ممثلة مندوب مندوبة مستشار مستشارة مسؤول مسؤولة منسق منسقة عضو عضوة مقدم شيخ أمين مراقب محافظ كولونيل قبطان
رقيب ملازم مراقبة حاكم والد والدة أب أم مواطن مواطنة ساكن ساكنة تلميذ طالب طالبة حارس سائق تاجر عون
président présidente gouverneur wali pacha caïd directeur directrice commissaire chef maire ministre secrétaire
procureur juge conseiller conseillère délégué déléguée représentant représentante colonel capitaine commandant officier
responsable membre député députée coordinateur coordinatrice le la les l du de des un une citoyen habitant
president governor director head chairman chairwoman secretary mayor the
"""
_SENTENCE_WORDS = """
الذي التي الذين اللذان هو هي في من على عن إلى مع أو ثم أن إن كان كانت قد قال قالت صرح صرحت أكد أكدت كما لم لا ما هذا هذه
حيث بعد قبل عند بين وهو وهي منذ حول أثناء خلال ضد تحت أمام لدى ضمن بسبب الرئيسي الرئيسية
"""
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
# Where what is called by a name is a street or a plan, and not somebody.
_NAMED_THINGS = """
شارع الشارع زنقة الزنقة ساحة الساحة حي الحي درب الدرب دوار الدوار مشروع المشروع برنامج البرنامج مدرسة المدرسة
ملعب الملعب مكان المكان سوق السوق حديقة الحديقة مسجد المسجد ضريح زاوية مقهى المقهى جمعية الجمعية
"""
_ORGANISATIONS = """
جمعية الجمعية ودادية تعاونية منطقة مفوضية دائرة جماعة عمالة ولاية association amicale fédération police sûreté
gendarmerie district préfecture province commune quartier hay douar ministère conseil brigade arrondissement université
avenue rue boulevard place royale nationale judiciaire
"""

# What is said of somebody who is accused; in Arabic, with what is written onto it.
_ARABIC_ACCUSED = re.compile(
    r"^[وفبلك]?(?:ال|لل)?(?:توقيف|ايقاف|اعتقال|اوقف|اوقفت|اعتقل|اعتقلت|يشتبه|مشتبه|متهم|متهمه|اتهم|اتهام|ظنين|ظنينه"
    r"|مبحوث|موقوف|موقوفه|معتقل|معتقله|ضبط|قبض|نظريه|ادين|ادانه|متورط|متورطه|جاني|مجرم|سارق|لص|مروج)$"
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


def found_in(text: str, *, unnamed: Collection[str] = (), known: Collection[str] = ()) -> list[Found]:
    """What should perhaps not stand in the text, each once.

    `unnamed` are the names of people who take part without being named; `known` those who may be named:
    people in a public role or who agreed, organisations and places.
    """
    plain = _plain(text)
    may_be_named = [_tokens(each) for each in known]
    found = [*_numbers(plain), *_unnamed(plain, unnamed, may_be_named), *_accused(plain, may_be_named)]
    said = {each.words for each in found}
    found += [each for each in _named(plain, may_be_named) if not any(each.words in words for words in said)]
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """The text with Latin digits and common spaces, without marks that cannot be seen."""
    letters = unicodedata.normalize("NFKC", text)
    shown = (each for each in letters if unicodedata.category(each) != "Cf")
    digits = (str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each for each in shown)
    return re.sub(r"[^\S\n]+", " ", re.sub(r"[‐‑‒–]", "-", "".join(digits)))


def _numbers(text: str) -> Iterator[Found]:
    for sort, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            words = match.group()
            if (sort == PHONE and _DATE.search(words)) or (sort == IDENTITY_CARD and not _is_card(words)):
                continue
            yield Found(sort, words)


def _is_card(words: str) -> bool:
    letters, digits = re.sub(r"[^A-Za-z]", "", words), re.sub(r"\D", "", words)
    return letters.lower() not in _NO_CARD and not (_YEAR.match(digits) and len(words) > len(letters + digits))


# Names


def _words(*listed: str) -> set[str]:
    return {fold_text(word) for words in listed for word in words.split()}


_TITLES = _words(_ARABIC_TITLES)
_NO_NAMES = _words(_ROLES, _SENTENCE_WORDS)
_THINGS, _ORGANISATION_WORDS = _words(_NAMED_THINGS), _words(_ORGANISATIONS)
_LATIN_TITLES = {"m", "mm", "mr", "mme", "mlle", "mrs", "ms", "monsieur", "madame", "mademoiselle", "dr", "maitre"}
# What is a part of the name that follows it.
_BELONG_TO_THE_NEXT = {"بن", "ابن", "بنت", "ايت", "ولد", "عبد", "ابو", "بو", "ben", "bent", "bin", "ait", "ould", "abd"}
_ARTICLES = {"el", "al", "ال"}


def _tokens(name: str) -> list[str]:
    """The parts of a name as they are compared: folded, without titles and articles, "بن علي" as one part."""
    parts: list[str] = []
    held = ""
    for word in fold_text(name).split():
        if word in _TITLES | _LATIN_TITLES | _ARTICLES:
            continue
        if word in _BELONG_TO_THE_NEXT:
            held += f"{word} "
            continue
        parts.append(held + _without_article(word))
        held = ""
    return parts + ([held.strip()] if held else [])


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _unnamed(text: str, unnamed: Iterable[str], known: Collection[list[str]]) -> Iterator[Found]:
    """Any two words in a row of the name of somebody who is not to be named, in either order."""
    folded = fold_text(text)
    for name in unnamed:
        tokens = _tokens(name)
        for pair in pairwise(tokens):
            is_no_person = _ORGANISATION_WORDS & set(pair) or _NO_NAMES & set(pair)
            if is_no_person or any(_holds(each, pair) for each in known):
                continue
            are_there = all(each in folded for each in pair)  # most are not, and a pattern takes far longer to say so
            if are_there and any(re.search(_in_text(each), folded) for each in (pair, pair[::-1])):
                yield Found(UNNAMED, name)
                break


def _holds(tokens: list[str], pair: tuple[str, str]) -> bool:
    return pair in set(pairwise(tokens))


def _in_text(pair: tuple[str, ...]) -> str:
    """How two words of a name look in folded text, with or without the article and what is written onto them."""
    first, second = (re.escape(each) for each in pair)
    return rf"(?<!\w)[وفبلك]?(?:ال|لل|el |al )?{first} (?:ال|el |al )?{second}(?!\w)"


def _named(text: str, known: Collection[list[str]]) -> Iterator[Found]:
    """A title and a name after it, unless that one may be named."""
    for match in _LATIN_NAMED.finditer(text):
        if _is_private(match.group(1), known):
            yield Found(NAMED, match.group())
    for _at, words in _arabic_named(text, known):
        yield Found(NAMED, words)


def _is_private(name: str, known: Collection[list[str]]) -> bool:
    tokens = _tokens(name)
    return bool(tokens) and not _NO_NAMES & set(fold_text(name).split()[:1]) and not _may_be_named(tokens, known)


def _may_be_named(following: list[str], known: Collection[list[str]]) -> bool:
    """Whether what follows a title begins with a name that may be said, whole or from any later part of it on."""
    return any(name[start:] == following[: len(name) - start] for name in known if name for start in range(len(name)))


def _arabic_named(text: str, known: Collection[list[str]]) -> Iterator[tuple[int, str]]:
    """Each Arabic title with the name after it: where it stands among the words of the text, and both as typed."""
    typed = text.split()
    folded = [fold_text(each) for each in typed]
    for at, word in enumerate(folded):
        title = re.sub(r"^[وفبك](?=ال)", "", word).replace("لل", "ال", 1) if word.startswith(("لل", *"وفبك")) else word
        if title not in _TITLES or (at and folded[at - 1] in _THINGS):
            continue
        name = _name_after(typed, folded, at)
        if name and not _may_be_named(_tokens(" ".join(folded[at + 1 : at + 5])), known):
            yield at, " ".join([typed[at], *name]).strip(' .,،؛:()«»"')


def _name_after(typed: list[str], folded: list[str], at: int) -> list[str]:
    """Up to two words after a title that may be a name; none after a role, a word of the sentence or its end."""
    if re.search(r"[.,،؛:!?؟]$", typed[at]):
        return []
    name: list[str] = []
    for word, plain in zip(typed[at + 1 : at + 3], folded[at + 1 : at + 3], strict=True):
        is_arabic = bool(re.search(r"[ء-ي]", word))
        if not is_arabic or {plain, _without_article(plain), plain.removeprefix("ال")} & _NO_NAMES:
            break
        if not name and plain.startswith("بال"):  # المتهم بالسرقة: of what, and not who
            break
        name.append(word)
        if re.search(r"[.,،؛:!?؟]$", word):
            break
    return name


def _accused(text: str, known: Collection[list[str]]) -> Iterator[Found]:
    """A name beside a word of arrest or suspicion: whoever is named there is accused in public."""
    for match in _ACCUSED_NAMED.finditer(text):
        name = match.group("after") or match.group("before")
        parts = set(fold_text(name).split())
        if not parts & (_ORGANISATION_WORDS | _NO_NAMES) and not _may_be_named(_tokens(name), known):
            yield Found(ACCUSED, match.group().strip(" ,(:"))
    typed = text.split()
    accusing = [at for at, word in enumerate(typed) if _ARABIC_ACCUSED.match(fold_text(word))]
    for at, words in _arabic_named(text, known):
        if any(abs(at - each) <= _NEAR for each in accusing):
            yield Found(ACCUSED, words)
    for match in _ARABIC_INITIALS.finditer(text):
        at = len(text[: match.start()].split())
        if any(abs(at - each) <= _NEAR for each in accusing):
            yield Found(ACCUSED, match.group().strip())


# Likeness


def are_alike(one: str, other: str) -> bool:
    """Whether two pledges seem to promise the same: most of the words of their titles are the same ones."""
    first, second = _significant(one), _significant(other)
    if min(len(first), len(second)) < 3:
        return bool(first) and first == second
    return len(first & second) / len(first | second) >= 0.6


def _significant(text: str) -> set[str]:
    return {_without_article(word) for word in fold_text(text).split() if len(word) > 2 or word.isdigit()}
