"""What many tests begin with: made once by the models, and put back row by row from then on."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

Given = ParamSpec("Given")
Made = TypeVar("Made")
Row = tuple[Any, ...]


class Added(NamedTuple):
    """Rows of one table, and the statement that puts them back."""

    insert: str
    rows: list[list[Any]]


def remembered(build: Callable[Given, Made]) -> Callable[Given, Made]:
    """For the function of a fixture: the rows that it added the first time are put back for the tests after that.

    Each test gets copies of its own of what the function gave. One that commits begins with tables that others have
    emptied, so there everything is made anew; so is, after midnight, what speaks of a day before. What `build` is given
    must be the same each time, as the cast is.
    """
    kept: dict[date, tuple[list[Added], Made]] = {}

    @wraps(build)
    def remember(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        if not connection.in_atomic_block:
            return build(*args, **kwargs)
        today = timezone.localdate()
        if today not in kept:
            before = contents()
            made = build(*args, **kwargs)
            kept[today] = _added(before), deepcopy(made)
            return made
        added, made = kept[today]
        with connection.cursor() as cursor:
            for each in added:
                cursor.executemany(each.insert, each.rows)
        return deepcopy(made)

    return remember


def contents() -> dict[type[Model], dict[Any, Row]]:
    """Everything that the database holds, by its table and its id."""
    models = apps.get_models(include_auto_created=True)
    return {model: {row[0]: row for row in model._base_manager.values_list("pk", *_names(model))} for model in models}


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _added(before: dict[type[Model], dict[Any, Row]]) -> list[Added]:
    """What the tables hold beyond `before`, of which nothing may have changed: only additions can be put back."""
    found = []
    for model, rows in contents().items():
        known = before[model]
        assert all(rows.get(pk) == row for pk, row in known.items()), f"what was in {model._meta.db_table} was changed"
        if new := [_prepared(model, rows[pk]) for pk in sorted(rows.keys() - known.keys())]:
            columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
            places = ", ".join(["%s"] * len(new[0]))
            found.append(Added(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", new))  # noqa: S608 - names of ours
    return found


def _prepared(model: type[Model], row: Row) -> list[Any]:
    """The values of a row as models hand them to the database."""
    fields = model._meta.concrete_fields
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, row[1:], strict=True)]
