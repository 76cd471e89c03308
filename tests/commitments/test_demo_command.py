"""Loading the demo: on any day, again, and only where nobody else can sign in."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from commitments import demo
from ledger.models import Entry


@pytest.mark.parametrize("now", [datetime(2024, 2, 29, 0, 5, tzinfo=UTC), datetime(2027, 4, 1, 23, 50, tzinfo=UTC)])
def test_the_demo_can_be_loaded_on_any_day(db: None, now: datetime) -> None:
    assert demo.load(now=now)
    assert not Entry.objects.filter(recorded_at__gt=now).exists()


@pytest.fixture
def at_home(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def said(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALLOWED_HOSTS", ["iltizam.example"]), ("ALLOWED_HOSTS", ["*"]), ("SITE_URL", "https://iltizam.example")],
)
def test_the_demo_refuses_where_others_could_sign_in(
    db: None, at_home: None, settings: Settings, name: str, value: Any
) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match=r"the demo's password is public.*add --force"):
        said()
    assert not User.objects.exists()
