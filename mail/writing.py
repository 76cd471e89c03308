"""What a letter says, as text and as HTML that says the same, in either direction of writing."""

import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import get_language_info

SUBJECT_LIMIT = 200
# Invisible: what stands between the two keeps its own direction, and turns nothing around it (Unicode, FSI and PDI).
ISOLATE, END = "\u2068", "\u2069"


class Link(NamedTuple):
    """Words, and the whole address where they lead."""

    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """Something of the record: what somebody typed and in which language, its address, and what is said of it."""

    title: str
    language: str
    url: str
    note: str


@dataclass(frozen=True)
class Words:
    """A letter's parts; every sentence is in the reader's language already."""

    subject: str
    opening: str
    action: Link
    why: str
    items: tuple[Item, ...] = ()
    rest: str = ""
    closing: tuple[str, ...] = ()
    settings: Link | None = None


def written(words: Words, language: str) -> tuple[str, str]:
    """The letter as text and as HTML."""
    context = {
        "words": words,
        "language": language,
        "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "isolate": ISOLATE,
        "end": END,
    }
    text, html = (render_to_string(f"mail/letter.{form}", context).strip() + "\n" for form in ("txt", "html"))
    return text, html


def isolated(text: object) -> str:
    """Words that somebody typed, for the middle of a sentence: one line, and without power over what is around them."""
    return f"{ISOLATE}{one_line(str(text), limit=120)}{END}"


def one_line(text: str, *, limit: int = SUBJECT_LIMIT) -> str:
    """The text without line breaks or other control characters, and not longer than the limit."""
    plain = "".join(" " if unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} else each for each in text)
    words = " ".join(plain.split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"
