"""What the public lists have in common: pages by key, filters said in words, a sentence for what was mistyped."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.filters import ListFilter
from meetings.paging import BadCursor, page_of

View = Callable[..., HttpResponse]


def turns_pages(view: View) -> View:
    """A page that the list does not have is a 404 with a way back to its first page."""

    @wraps(view)
    def turned(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadCursor:
            context = {"first_url": without_page(request) or request.path}
            return render(request, "pages/no_such_page.html", context, status=404)

    return turned


def listed(request: HttpRequest, found: ListFilter, *, day_field: str) -> dict[str, Any]:
    """The rows of a filtered list and all that its page says about them; raises BadCursor."""
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
