"""What is wrong with how the site is set up, said before it costs somebody their account."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning

PRIVATE = ("django.core.cache.backends.locmem.LocMemCache", "django.core.cache.backends.dummy.DummyCache")


def limits_are_shared(**_kwargs: Any) -> list[CheckMessage]:
    """Limits on guessing hold only where every process counts in the same place."""
    if settings.CACHES["default"]["BACKEND"] not in PRIVATE:
        return []
    return [
        CheckWarning(
            "Each process counts failed sign-ins by itself, so that limits on guessing do not hold.",
            hint="Set CACHE_URL to a cache that all processes share; docs/settings.md names two.",
            id="accounts.W001",
        )
    ]
