"""The message catalogues, with Babel, so that no machine needs gettext's own tools (docs/decisions/0002).

`python -m tools.messages update` brings locale/*/LC_MESSAGES/django.po up to date with the source;
`compile` writes the .mo files that Django reads.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tools.setup import ROOT, say

LANGUAGES = ("ar", "fr", "en")
PACKAGES = ("config", "ledger", "mail", "accounts", "attachments", "meetings", "commitments")
# Babel's own rule for Arabic has the last two forms the other way round; translators and Django expect CLDR's order:
# zero, one, two, few (3-10), many (11-99), other (100-102).
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2"
    " : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);",
    "fr": "nplurals=2; plural=(n > 1);",
    "en": "nplurals=2; plural=(n != 1);",
}
HEADER = "# Iltizam: the interface in one language. `make messages` keeps it in step with the source."

Extracted = tuple[int, str | tuple[str, ...], list[str], str | None]

_SINGULAR = dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"))
_PLURAL = dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
_CONTEXT = dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
_CONTEXT_PLURAL = dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
KEYWORDS = _SINGULAR | _PLURAL | _CONTEXT | _CONTEXT_PLURAL


def path_of(language: str) -> Path:
    """The catalogue of one language."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def sources() -> Iterator[tuple[Path, str]]:
    """Each file that may hold messages, with its text as Python."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for folder in (ROOT, *(ROOT / package for package in PACKAGES)):
        for path in sorted((folder / "templates").rglob("*.*")):
            if path.suffix in {".html", ".txt"}:
                yield path, as_python(path)


def as_python(path: Path) -> str:
    """What Django makes of a template for extraction; without indentation, which means nothing in it."""
    text: str = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in text.split("\n"))


def read_messages(python: str) -> Iterator[Extracted]:
    """The messages of one file: line, message (two for a plural), remarks for translators, context."""
    return extract("python", io.BytesIO(python.encode()), KEYWORDS, comment_tags=("Translators",))


def extract_messages() -> Catalog:
    """Every message of the interface, as the source stands now."""
    catalogue = Catalog(fuzzy=False)
    for path, text in sources():
        where = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in read_messages(text):
            catalogue.add(message, locations=[(where, line)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue as it is on disk; a new one with the plural rule of its language when there is none."""
    path = path_of(language)
    if not path.exists():
        catalogue = Catalog(locale=language, fuzzy=False)
        catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
        return catalogue
    with path.open("rb") as file:
        return read_po(file, locale=language)


def fill_english(catalogue: Catalog) -> None:
    """The messages are written in English, so English says what they say."""
    for message in catalogue:
        if message.id and not is_translated(message.string):
            message.string = message.id


def update(language: str) -> int:
    """Merge the source's messages into one catalogue; return how many still lack a translation.

    Nothing is guessed: a changed message starts empty, since a guess that nobody checked is worse than none.
    """
    catalogue = read(language)
    catalogue.update(
        extract_messages(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    catalogue.obsolete.clear()
    catalogue.header_comment, catalogue.project, catalogue.version = HEADER, "Iltizam", "1"
    catalogue.last_translator, catalogue.language_team, catalogue.msgid_bugs_address = "Iltizam", "Iltizam", ""
    catalogue.revision_date = catalogue.creation_date
    catalogue.fuzzy = False
    if language == "en":
        fill_english(catalogue)
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return len([message for message in catalogue if message.id and not is_translated(message.string)])


def is_translated(string: object) -> bool:
    """Whether a message has words, and each of its forms where it has several."""
    return bool(string) and (not isinstance(string, tuple | list) or all(string))


def compile_catalogues() -> None:
    """Write each .mo file that is older than its catalogue, whole or not at all."""
    for language in LANGUAGES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns):
            continue
        unfinished = target.with_suffix(".mo.tmp")
        with unfinished.open("wb") as file:
            write_mo(file, read(language))
        unfinished.replace(target)


def main(tasks: list[str]) -> int:
    """Do the named tasks in order."""
    if "update" in tasks:
        for language in LANGUAGES:
            say(f"{path_of(language).relative_to(ROOT)}: {update(language)} to translate")
    if "compile" in tasks:
        compile_catalogues()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
