"""The interface says everything in three languages (DESIGN section 8)."""

import gettext
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tools import messages

PLURAL_FORMS = {"ar": 6, "fr": 2, "en": 2}
COUNTS = (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)
FORM_OF_COUNT = {
    "ar": [0, 1, 2, 3, 3, 4, 4, 5, 5, 3],
    "fr": [0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
    "en": [1, 0, 1, 1, 1, 1, 1, 1, 1, 1],
}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa%]|\{\w*\}")

Key = tuple[object, str | None]


@pytest.fixture(scope="module")
def wanted() -> set[Key]:
    """Every message of the source."""
    return {key(message) for message in messages.extract_messages() if message.id}


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(language: str) -> Catalog:
    assert messages.path_of(language).exists(), "run `make messages`"
    return messages.read(language)


def key(message: Message) -> Key:
    """What tells one message from another; a plural is known by its singular."""
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def forms(message: Message) -> list[str]:
    """The texts of a message: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else [text or "" for text in message.string or ()]


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue, without its header."""
    return (message for message in catalogue if message.id)


def test_a_catalogue_holds_the_messages_of_the_source_and_no_others(catalogue: Catalog, wanted: set[Key]) -> None:
    held = {key(message) for message in entries(catalogue)}
    assert (wanted - held, held - wanted) == (set(), set()), "run `make messages`"
    assert not catalogue.obsolete


def test_every_message_has_words_that_somebody_checked(catalogue: Catalog) -> None:
    unfinished = [message.id for message in entries(catalogue) if not all(forms(message)) or message.fuzzy]
    assert unfinished == []


def test_every_plural_has_each_form_of_its_language(catalogue: Catalog, language: str) -> None:
    form_of: Callable[[int], int] = gettext.c2py(catalogue.plural_expr)
    assert [form_of(count) for count in COUNTS] == FORM_OF_COUNT[language]
    assert catalogue.num_plurals == PLURAL_FORMS[language]
    plurals = [message for message in entries(catalogue) if message.pluralizable]
    assert [message.id for message in plurals if len(forms(message)) != PLURAL_FORMS[language]] == []


def test_placeholders_are_those_of_the_message(catalogue: Catalog) -> None:
    """A form may leave a number out ("one pledge"), unless it has no name; none may name what is not there."""
    wrong = []
    for message in entries(catalogue):
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        known = {name for text in sources for name in PLACEHOLDER.findall(text)}
        used = [set(PLACEHOLDER.findall(text)) for text in forms(message)]
        unnamed = {name for name in known if re.match("%[^(%]", name)}
        if any(names - known or unnamed - names for names in used) or (not message.pluralizable and used != [known]):
            wrong.append(message.id)
    assert wrong == []


# What a French or an Arabic typesetter would not let pass: spaces that break a line, Latin marks in Arabic words.
MISSET = {
    "fr": re.compile("[^\u00a0\\d]:(?=\\s|$|<)|«[^\u00a0]|[^\u00a0]»|[^\u202f\\s][;!?](?=\\s|$|<)| [;!?:»]|« |'"),
    "ar": re.compile("[\u0600-\u06ff] ?[,;?]"),
}


@pytest.mark.parametrize("language", MISSET)
def test_words_are_set_as_their_language_sets_them(language: str) -> None:
    found = []
    for message in entries(messages.read(language)):
        plain = [re.sub(r"https?://\S+|&\w+;", "", form) for form in forms(message)]
        if message.context != "after a label" and any(MISSET[language].search(form) for form in plain):
            found.append(message.id)
    assert found == []


def test_english_says_what_the_source_says() -> None:
    differs = [message.id for message in entries(messages.read("en")) if key(message)[0] != forms(message)[0]]
    assert differs == []


def test_a_template_yields_its_messages_whatever_stands_around_them(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """{% load i18n %}
          <p title="{% translate 'Pledge' context 'noun' %}">It's (unbalanced [ " {# quotes #}
            {% blocktranslate trimmed count n=pledges|length with place=place.name %}
              One pledge in {{ place }}
            {% plural %}
              {{ n }} pledges in {{ place }}
            {% endblocktranslate %}
        {% if x == _("kept") %}{{ _("100 %")|upper }}{% endif %}
        """
    )
    found = [(message, context) for _, message, _, context in messages.read_messages(messages.as_python(page))]
    assert found == [
        ("Pledge", "noun"),
        (("One pledge in %(place)s", "%(n)s pledges in %(place)s"), None),
        ("kept", None),
        ("100 %", None),
    ]
