"""One spelling for stored text and queries, so that both databases find the same."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ء": "",
        "ـ": "",
        "ß": "ss",
        "œ": "oe",
        "æ": "ae",
        "’": "'",
    }
)
_NOT_WORDS = re.compile(r"[^\w]+")


def fold_text(text: str) -> str:
    """The text as search compares it (DESIGN section 8).

    NFKC; tashkeel, tatweel, accents, bidi and zero-width marks off; أإآٱ→ا, ى→ي, ة→ه, hamza off its
    seat; every script's digits →0-9; lower case; anything that is no word character becomes one space.
    Folding twice changes nothing.
    """
    letters = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", letters.casefold()).translate(_LETTERS)
    kept = (_plain(character) for character in decomposed)
    return " ".join(_NOT_WORDS.sub(" ", "".join(kept)).replace("_", " ").split())


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    return "" if category in {"Mn", "Me", "Cf"} else character


def without_article(word: str) -> str:
    """A folded word without the Arabic article, where enough of it is left to be a word."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def folded_terms(query: str) -> list[str]:
    """The words of a query, folded, each of which a result must hold; at most eight."""
    return fold_text(query).split()[:8]
