"""Whether the site is alive, and ready to serve; for machines, so in plain text and without a language."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ledger import guards

TEXT = "text/plain; charset=utf-8"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nothing of the database."""
    return HttpResponse("alive\n", content_type=TEXT)


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready, or 503 with a line for each thing that is missing."""
    missing = [problem for check in (_database, _cache) for problem in check()]
    if missing:
        return HttpResponse("".join(f"{problem}\n" for problem in missing), content_type=TEXT, status=503)
    return HttpResponse("ready\n", content_type=TEXT)


def _database() -> list[str]:
    """Reachable, migrated, and still guarding history."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["migrations: some are not applied; run manage.py migrate"]
        return [f"ledger: {problem}" for problem in guards.problems(connection)]
    except DatabaseError:
        return ["database: cannot be reached"]


def _cache() -> list[str]:
    """Keeps what it is given."""
    try:
        cache.set("readyz", "ready", 10)
        return [] if cache.get("readyz") == "ready" else ["cache: forgets what it is given"]
    except Exception:  # every cache fails in its own way
        return ["cache: cannot be reached"]
