"""What every test may use; the cast and the factories stand in modules of their own."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tools.messages import compile_catalogues

pytest_plugins = ["tests.cast", "tests.flushing"]

hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, once for all workers: the suite reads pages and letters in three languages."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what speaks of the other database (`only_on`); `make test` runs the suite on both."""
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    elsewhere = [item for item in items if (only := item.get_closest_marker("only_on")) and only.args[0] != engine]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    """Keep SQLite's test database in a file: threads then have connections of their own, as in production."""
    database: dict[str, Any] = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Let no test be held back by what others tried before it."""
    cache.clear()


@pytest.fixture
def english() -> Iterator[None]:
    """For tests that read the sentences of the domain, which speaks the language of the moment."""
    with translation.override("en"):
        yield
