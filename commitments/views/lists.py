"""What the public lists have in common: pages by key and filters said in words."""

from typing import Any

from django.http import HttpRequest

from commitments.filters import ListFilter
from meetings.paging import page_of


def listed(request: HttpRequest, found: ListFilter, *, day_field: str) -> dict[str, Any]:
    """The rows of a filtered list and all that its page says about them."""
    page = page_of(found.qs, request.GET.get("page", ""), day_field=day_field)
    return filtered(found) | {
        "page": page,
        "next_url": _with_page(request, page.next) if page.next else "",
        "first_url": "" if page.is_first else without_page(request) or request.path,
    }


def filtered(found: ListFilter) -> dict[str, Any]:
    """The form of a list, what is in force, and which names in the address did nothing."""
    return {"form": found.form, "is_valid": found.is_valid(), "applied": found.applied(), "unknown": found.unknown()}


def status_of(found: ListFilter) -> int:
    """400 while a filter is not understood."""
    return 200 if found.is_valid() else 400


def without_page(request: HttpRequest) -> str:
    """The query of the same list from its first page; "" when nothing is filtered."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


def _with_page(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["page"] = cursor
    return f"?{query.urlencode()}"
