"""What every test may use; the cast and the factories stand in modules of their own."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template.base import Template
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tools.messages import compile_catalogues

pytest_plugins = ["tests.cast", "tests.flushing"]

# Fifty examples of each law: `make test` is run often, and "here" tries others each time.
hypothesis_settings.register_profile("here", deadline=None, max_examples=50)
hypothesis_settings.register_profile("ci", hypothesis_settings.get_profile("here"), derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, once for all workers: the suite reads pages and letters in three languages."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what speaks of the other database (`only_on`); `make test` runs the suite on both.

    What touches no database says the same beside either: it runs with the embedded one alone.
    """
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    elsewhere = [item for item in items if (only := item.get_closest_marker("only_on")) and only.args[0] != engine]
    if engine == "postgresql":
        elsewhere += [item for item in items if item not in elsewhere and not _touches_a_database(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish() -> None:
    """Let the collector of garbage look at what tests make, and not at all that was imported, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _touches_a_database(item: pytest.Item) -> bool:
    """Whether a test asks for a database, itself or by one of its fixtures."""
    asked = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session", autouse=True)
def outermost_templates_only(django_test_environment: None) -> None:
    """Let a page report its outermost template, whose context tests read, and not each of its hundreds of parts.

    Django's test client copies the whole context for each: a seventh of the suite's time.
    """
    reporting = Template._render  # type: ignore[attr-defined]  # Django’s own, for its test client

    def render(self: Template, context: Any) -> Any:
        is_outermost = context.template is self
        return reporting(self, context) if is_outermost else self.nodelist.render(context)

    Template._render = render  # type: ignore[attr-defined]  # as above


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
