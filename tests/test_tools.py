"""What `make` runs, where a mistake would cost a user something."""

import gettext
import socket
import stat
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from tools import messages, run, serve


def test_the_secret_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    key = serve.keep_secret_key(path)
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert serve.keep_secret_key(path) == key


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused_in_a_sentence(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        run.chosen_port()


def test_a_taken_port_is_refused_before_anything_is_installed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            run.refuse_taken(port)


def test_a_compiled_catalogue_speaks_all_six_arabic_plurals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = ("لا وعود", "وعد واحد", "وعدان", "%(n)s وعود", "%(n)s وعدًا", "%(n)s وعد")
    source = tmp_path / "ar.po"
    monkeypatch.setattr(messages, "LANGUAGES", ("ar",))
    monkeypatch.setattr(messages, "path_of", lambda language: source)
    catalogue = messages.read("ar")
    catalogue.add(("%(n)s pledge", "%(n)s pledges"), forms)
    with source.open("wb") as file:
        write_po(file, catalogue)
    messages.compile_catalogues()
    with source.with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    said = [spoken.ngettext("%(n)s pledge", "%(n)s pledges", n) for n in (0, 1, 2, 3, 11, 100)]
    assert tuple(said) == forms
