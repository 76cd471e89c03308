"""What every template may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's own facts: its public address and who runs it."""
    return {"site_url": settings.SITE_URL, "operator_name": settings.OPERATOR_NAME}
