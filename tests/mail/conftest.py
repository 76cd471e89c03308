"""A mail server of its own for each test that asks for one, and letters to send to it."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Protocol

import pytest
from django.utils import timezone

from mail import outbox
from mail.models import Letter
from mail.writing import Link, Words
from tests.mail.servers import MailServer, listening

_numbers = count()


class Write(Protocol):
    def __call__(self, **changes: Any) -> Letter: ...


def words(**changes: Any) -> Words:
    """The words of a letter that says next to nothing."""
    parts: dict[str, Any] = {
        "subject": "A pledge",
        "opening": "It is so.",
        "items": (),
        "rest": "",
        "action": Link("Go", "http://127.0.0.1:8000/desk/"),
        "closing": (),
        "why": "You are a member.",
        "settings": Link("Choose", "http://127.0.0.1:8000/desk/mail/"),
    }
    return Words(**parts | changes)


@pytest.fixture
def write(db: None) -> Write:
    """Puts a letter into the outbox; what is given besides goes to `outbox.queue`."""

    def put(**changes: Any) -> Letter:
        told: dict[str, Any] = {
            "keys": [f"test/{next(_numbers)}"],
            "to": "official@example.org",
            "language": "en",
            "words": words(),
            "now": timezone.now(),
        }
        letter = outbox.queue(**told | changes)
        assert letter is not None
        return letter

    return put


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything, and the settings that lead to it."""
    with listening() as server:
        settings.EMAIL_BACKEND = "mail.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server


@pytest.fixture
def workers(settings: Any) -> None:
    """Tasks go to the database, for `db_worker`."""
    settings.TASKS_BACKEND = "database"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
