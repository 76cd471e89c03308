"""Alive, and ready."""

from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.db import OperationalError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_being_alive_asks_nothing_of_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_a_site_with_all_it_needs_is_ready(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


def test_migrations_to_come_are_named(client: Client, db: None) -> None:
    leaf = next(name for app, name in MigrationLoader(connection).graph.leaf_nodes("commitments"))
    MigrationRecorder(connection).record_unapplied("commitments", leaf)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"migrations: some are not applied; run manage.py migrate\n"


def test_a_missing_guard_is_named(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_dropping_a_guard(cursor))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content.startswith(b"ledger: The guard ")


def _dropping_a_guard(cursor: Any) -> str:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'")
        return f"DROP TRIGGER {cursor.fetchone()[0]}"
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger_entry'::regclass AND NOT tgisinternal")
    return f"DROP TRIGGER {cursor.fetchone()[0]} ON ledger_entry"


def test_a_database_that_cannot_be_reached_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(type(connections["default"]), "ensure_connection", gone)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database: cannot be reached\n")


def test_a_cache_that_forgets_is_named(client: Client, db: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"cache: forgets what it is given\n")


def test_a_cache_that_cannot_be_reached_is_named(client: Client, db: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.GoneCache"}}
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"cache: cannot be reached\n")


class GoneCache(BaseCache):
    """A cache whose server is down."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def set(self, *args: object, **kwargs: object) -> None:
        raise ConnectionError
