"""Pages of a list by key: the next page starts after the last row shown, whatever was added meanwhile."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

PAGE_SIZE = 25
COUNT_CAP = 1000
_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")


@dataclass(frozen=True)
class Page:
    """Some rows, the newest first; `next` is the cursor of the page after, "" on the last one."""

    items: Sequence[Any]
    next: str
    is_first: bool
    count: int
    is_capped: bool


def page_of(rows: QuerySet[Any], cursor: str, *, day_field: str, size: int = PAGE_SIZE) -> Page:
    """The page of `rows` after `cursor`, ordered by `day_field` and then by id, the newest first.

    A cursor that cannot be read, such as one cut short on its way, gives the first page. The count is exact up to
    `COUNT_CAP`. Two queries.
    """
    ordered = rows.order_by(f"-{day_field}", "-pk")
    count = ordered.order_by()[: COUNT_CAP + 1].count()
    position = _read(cursor)
    if position:
        day, pk = position
        ordered = ordered.filter(Q(**{f"{day_field}__lt": day}) | Q(**{day_field: day, "pk__lt": pk}))
    items = list(ordered[: size + 1])
    following = ""
    if len(items) > size:
        last = items[size - 1]
        following = f"{getattr(last, day_field).isoformat()}.{last.pk}"
    return Page(items[:size], following, position is None, min(count, COUNT_CAP), count > COUNT_CAP)


def _read(cursor: str) -> tuple[date, int] | None:
    """The day and the id after which a page begins; None for what is no cursor."""
    found = _CURSOR.fullmatch(cursor)
    if not found:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None
