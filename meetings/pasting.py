"""Text that was pasted from a document, as lines of a record: bullets, numbers and invisible characters off."""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from meetings.search import fold_text
from meetings.text import REORDERING

LONGEST_NAME = 200
# What nobody sees, beside control characters: zero-width ones, soft hyphens, and what a record may not hold.
_INVISIBLE = {"\u00ad", "\u200b", "\u2060", "\ufeff", *REORDERING}
# U+200E, U+200F and U+061C stay inside a line; at its ends they only hide bullets.
_ENDS = " \t\u200e\u200f\u061c"
# Word draws bullets with letters of its symbol fonts: a private character, or a letter before a tab.
_BULLETS = rf"(?:[•◦●○■□▪▫►➢➤✓✔·*∙⁃‣\-–—−‐‑\uf000-\uf0ff]|[oOØü§v]\t)[{_ENDS}]*"
_NUMBER = r"\(?\d{1,2}\s?(?:[.)°/\-–ـ]+)(?!\s?\d)"
_LETTER = r"\(?[a-zء-ي]\)|[ء-ي]\s?[\-–ـ]+(?=\s)"
_ORDINAL = r"(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)[\u064b\s]*[:.\-–،]"
_MARKERS = re.compile(rf"(?:{_BULLETS})*(?:(?:{_NUMBER}|{_LETTER}|{_ORDINAL})[{_ENDS}]*)?")
# Tatweel stretches a word; after a last heh it stands for "Hijri" or the like, as in 1440هـ.
_TATWEEL = re.compile(r"(?<!ه)ـ+|(?<=ه)ـ+(?=\w)")
_APART = re.compile(r"\s*[,،;؛\t]\s*|\s+[-–—]\s+")


class Person(NamedTuple):
    """One line of a list of participants; `organisation` is one of those that the reader knew, or nothing."""

    name: str
    role: str = ""
    organisation: str = ""

    @property
    def unnamed(self) -> "Person":
        """The same without a name: all that was said is the role."""
        return Person("", _listed([self.name, *([self.role] if self.role else [])]), self.organisation)


def lines(text: str) -> list[str]:
    """The lines that hold anything, each without what only marks it as a line of a list; tabs inside them stay."""
    return [line for each in text.splitlines() if (line := _bare(each))]


def _bare(line: str) -> str:
    visible = "".join(each for each in line if each == "\t" or not _is_invisible(each))
    spaced = re.sub(r"[^\S\t]+", " ", visible).strip(_ENDS)
    words = spaced[_MARKERS.match(spaced).end() :]  # type: ignore[union-attr]  # it matches nothing as well
    return _TATWEEL.sub("", words).strip(_ENDS)


def _is_invisible(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cs"}


def cut(line: str, longest: int) -> list[str]:
    """The line in pieces of at most `longest` characters, cut between words where that is possible."""
    pieces = []
    while len(line) > longest:
        end = line.rfind(" ", 1, longest + 1)
        end = end if end > 0 else longest
        pieces.append(line[:end])
        line = line[end:].lstrip()
    return [*pieces, line]


def participants(text: str, organisations: Mapping[str, str]) -> list[Person]:
    """Each line as name, role and organisation; `organisations` are those that can be told, by their folded names.

    What is no organisation stays in the role, and a line too long for both becomes several.
    """
    people = []
    for line in lines(text):
        person = _person(line, organisations)
        if max(len(person.name), len(person.role)) <= LONGEST_NAME:
            people.append(person)
        else:
            people += [Person(piece) for piece in cut(line.replace("\t", " "), LONGEST_NAME)]
    return people


def _person(line: str, organisations: Mapping[str, str]) -> Person:
    parts = [part for part in _APART.split(line) if part] or [line]
    known = next((part for part in parts if fold_text(part) in organisations), None)
    if known is not None:
        parts.remove(known)
    name, *role = parts or [""]
    return Person(name, _listed(role), organisations[fold_text(known)] if known is not None else "")


def _listed(parts: list[str]) -> str:
    """The parts with commas as their script writes them."""
    return ("، " if re.search(r"[\u0621-\u064a]", "".join(parts)) else ", ").join(parts)
