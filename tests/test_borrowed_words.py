"""What Django says of a form is said in the reader's language too, whatever version of Django says it."""

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import pytest
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import trans_real

from accounts.models import User
from tools.messages import as_python, read_messages
from tools.setup import ROOT

DJANGO, ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
# Where the messages stand that people meet: what is wrong with a field, a row or a password; signing in.
MET = (
    *(DJANGO / each for each in ("forms", "core", "contrib/auth", "db/models", "utils", "views")),
    *(ALLAUTH / each for each in ("account", "mfa", "usersessions", "core", "utils.py", "templates")),
)
# Of parts that are not installed here, or pages of the admin, which are not for members.
NOT_MET = {"migrations", "tests", "management", "humanize", "postgres", "admin.py", "debug.py", "socialaccount",
           "openid", "headless", "idp"}  # fmt: skip


def _files() -> Iterator[Path]:
    for root in MET:
        found = [root] if root.is_file() else sorted(root.rglob("*.*"))
        yield from (each for each in found if each.suffix in {".py", ".html", ".txt"} and not NOT_MET & set(each.parts))


def _messages() -> Iterator[tuple[str, object]]:
    """Each message of these files, and by which key a catalogue knows it."""
    for path in _files():
        text = path.read_text(encoding="utf-8") if path.suffix == ".py" else as_python(path)
        for _line, message, _comments, context in read_messages(text):
            one = message if isinstance(message, str) else message[0]
            known = f"{context}\x04{one}" if context else one
            yield one, known if isinstance(message, str) else (known, 1)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_message_that_people_meet_is_translated(language: str) -> None:
    catalogue = trans_real.translation(language)._catalog  # type: ignore[attr-defined]  # as gettext keeps it
    met = dict(_messages())
    assert len(met) > 300  # or the sources were not found
    missing = []
    for message, key in met.items():
        try:
            catalogue[key]
        except KeyError:
            missing.append(message)
    assert missing == [], "list them in config/borrowed_words.py and translate them"


def test_what_is_borrowed_is_still_said_there() -> None:
    """A sentence that they have changed by a letter is theirs again, and may be in English alone."""
    borrowed = (ROOT / "config" / "borrowed_words.py").read_text(encoding="utf-8")
    listed = {
        each if isinstance(each, str) else each[0] for _line, each, _comments, _context in read_messages(borrowed)
    }
    assert listed - {message for message, _key in _messages()} == set()


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(
    ("validator", "password"),
    [
        (password_validation.MinimumLengthValidator(min_length=1), ""),
        (password_validation.MinimumLengthValidator(min_length=2), "a"),
        (password_validation.MinimumLengthValidator(min_length=10), "short"),
        (password_validation.CommonPasswordValidator(), "password"),
        (password_validation.NumericPasswordValidator(), "0123456789"),
        (password_validation.UserAttributeSimilarityValidator(), "nadia@example.org"),
    ],
)
def test_a_password_is_refused_in_the_language_of_the_page(language: str, validator: object, password: str) -> None:
    person = User(email="nadia@example.org", first_name="Nadia")
    sentences = {}
    for each in ("en", language):
        with translation.override(each), pytest.raises(ValidationError) as refused:
            validator.validate(password, person)  # type: ignore[attr-defined]  # each of them has it
        sentences[each] = refused.value.messages
        with translation.override(each):
            sentences[each] += [validator.get_help_text()]  # type: ignore[attr-defined]  # as above
    assert not set(sentences["en"]) & set(sentences[language])
    if language == "ar":
        assert not any(re.search("[A-Za-z]", sentence) for sentence in sentences[language])
