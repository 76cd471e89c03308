"""The shape of a record in a file: which keys it has, and what each holds (seeds/SCHEMA.md says the same in words)."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, NamedTuple, Never

FILE_LIMIT = 1_000_000  # bytes; a record of twenty pledges in three languages has some 40,000
DAY, CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{2}:\d{2}")
SLUG, CODE = re.compile(r"[A-Za-z0-9_-]{1,80}"), re.compile(r"[A-Za-z0-9.-]{1,20}")


class BadRecord(Exception):
    """Records cannot be loaded; `errors` are sentences that name the file and the place in it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class Key(NamedTuple):
    """One key: what it holds, by the names of `SHAPES`, and whether it has to be there."""

    shape: str
    is_required: bool = False


SECTIONS: dict[str, dict[str, Key]] = {
    "record": {
        "reference": Key("slug", is_required=True),
        "language": Key("text", is_required=True),
        "title": Key("text", is_required=True),
        "held_on": Key("day", is_required=True),
        "starts_at": Key("time"),
        "ends_at": Key("time"),
        "venue": Key("text"),
        "format": Key("text"),
        "host": Key("slug", is_required=True),
        "neighbourhoods": Key("slugs", is_required=True),
        "summary": Key("text"),
        "people": Key("number"),
        "associations": Key("number"),
        "women": Key("number"),
        "follows_up": Key("slug"),
        "series": Key("names"),
        "translations": Key("translations"),
        "places": Key("objects"),
        "organisations": Key("objects"),
        "participants": Key("objects"),
        "concerns": Key("objects"),
        "sources": Key("objects"),
        "pledges": Key("objects"),
    },
    "places": {
        "slug": Key("slug", is_required=True),
        "kind": Key("text", is_required=True),
        "name_ar": Key("text", is_required=True),
        "name_fr": Key("text", is_required=True),
        "name_en": Key("text"),
        "territory": Key("code", is_required=True),
        "latitude": Key("decimal"),
        "longitude": Key("decimal"),
    },
    "organisations": {
        "slug": Key("slug", is_required=True),
        "kind": Key("text", is_required=True),
        "name_ar": Key("text", is_required=True),
        "name_fr": Key("text", is_required=True),
        "name_en": Key("text"),
        "parent": Key("slug"),
        "territories": Key("codes"),
        "neighbourhoods": Key("slugs"),
    },
    "participants": {
        "name": Key("text"),
        "role": Key("text"),
        "organisation": Key("slug"),
        "side": Key("text", is_required=True),
        "naming": Key("text"),
        "translations": Key("translations"),
    },
    "concerns": {
        "theme": Key("text", is_required=True),
        "text": Key("text"),
        "place": Key("text"),
        "request": Key("text"),
        "translations": Key("translations"),
    },
    "sources": {
        "title": Key("text", is_required=True),
        "publisher": Key("text"),
        "published": Key("text"),
        "url": Key("text"),
    },
    "pledges": {
        "title": Key("text", is_required=True),
        "details": Key("text"),
        "kind": Key("slug", is_required=True),
        "responsible": Key("slug", is_required=True),
        "partners": Key("slugs"),
        "said_by": Key("number"),
        "neighbourhoods": Key("slugs"),
        "place": Key("text"),
        "concerns": Key("numbers"),
        "beneficiaries": Key("text"),
        "provenance": Key("text"),
        "sign": Key("text"),
        "sign_from": Key("text"),
        "timing": Key("text", is_required=True),
        "due_on": Key("day"),
        "due_words": Key("text"),
        "rule": Key("text"),
        "windows": Key("pairs"),
        "starts_on": Key("day"),
        "ends_on": Key("day"),
        "pauses": Key("pairs"),
        "is_place_restricted": Key("flag"),
        "is_time_restricted": Key("flag"),
        "translations": Key("translations"),
    },
}


def read_file(path: Path) -> dict[str, Any]:
    """The object in a file of JSON; raises BadRecord with a plain sentence for whatever else the file is."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise BadRecord([f"{path} cannot be opened: {error.strerror}."]) from error
    if len(content) > FILE_LIMIT:
        raise BadRecord([f"{path} is larger than {FILE_LIMIT:,} bytes. A record is a few pages of text."])
    try:
        value = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_without_repeats, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as error:
        raise BadRecord([f"{path} is no text in UTF-8. A record is a file of JSON (seeds/SCHEMA.md)."]) from error
    except (ValueError, RecursionError) as error:
        raise BadRecord([f"{path} cannot be read as JSON: {error}."]) from error
    if not isinstance(value, dict):
        raise BadRecord([f"{path} holds no record: a record is one JSON object (seeds/SCHEMA.md)."])
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"one of the keys {', '.join(found)} stands twice in the same object")
    return found


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no number")


def parsed(raw: Mapping[str, Any], errors: list[str]) -> dict[str, Any]:
    """The record with days and times as such; what is wrong with its shape goes to `errors`, place first."""
    record = _section("record", raw, "", errors)
    for name in SECTIONS.keys() & record.keys():
        record[name] = [
            _section(name, each, f"{name}, {number}", errors) for number, each in enumerate(record[name], start=1)
        ]
    return record


def _section(section: str, raw: object, place: str, errors: list[str]) -> dict[str, Any]:
    """The values of one object of the record, those of the wrong shape left out."""
    keys, prefix = SECTIONS[section], f"{place}: " if place else ""
    if not isinstance(raw, dict):
        errors.append(f"{prefix}this is no object.")
        return {}
    errors.extend(
        f"{prefix}“{name}” is no key of a record (seeds/SCHEMA.md lists them)." for name in raw if name not in keys
    )
    errors.extend(f"{prefix}“{name}” is missing." for name, key in keys.items() if key.is_required and name not in raw)
    values = {}
    for name in keys.keys() & raw.keys():
        try:
            values[name] = SHAPES[keys[name].shape].read(raw[name])
        except (ValueError, TypeError, KeyError):
            errors.append(f"{prefix}“{name}” has to be {SHAPES[keys[name].shape].words}.")
    return values


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not pattern.fullmatch(_text(value)):
            raise ValueError
        return str(value)

    return read


def _list_of(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError
        return [read(each) for each in value]

    return read_all


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 1_000_000:
        raise ValueError
    return value


def _decimal(value: Any) -> str:
    if type(value) not in {int, float}:
        raise TypeError
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _names(value: Any) -> dict[str, str]:
    if not {"name_ar", "name_fr"} <= set(_object(value)) <= {"name_ar", "name_fr", "name_en"}:
        raise ValueError
    return {name: _text(text) for name, text in value.items()}


def _translations(value: Any) -> dict[str, dict[str, str]]:
    return {
        language: {name: _text(text) for name, text in _object(texts).items()}
        for language, texts in _object(value).items()
    }


class Shape(NamedTuple):
    """How a value is read (ValueError or TypeError when it is something else), and what it is in words."""

    read: Callable[[Any], Any]
    words: str


SHAPES: dict[str, Shape] = {
    "text": Shape(_text, "a text"),
    "day": Shape(lambda value: date.fromisoformat(_matching(DAY)(value)), "a day such as 2019-01-09"),
    "time": Shape(lambda value: time.fromisoformat(_matching(CLOCK)(value)), "a time such as 18:30"),
    "number": Shape(_number, "a whole number from 0 to 1,000,000"),
    "numbers": Shape(_list_of(_number), "a list of whole numbers"),
    "decimal": Shape(_decimal, "a number such as 30.34"),
    "flag": Shape(_flag, "true or false"),
    "slug": Shape(_matching(SLUG), "an address of letters a to z, digits and hyphens"),
    "slugs": Shape(_list_of(_matching(SLUG)), "a list of addresses of letters a to z, digits and hyphens"),
    "code": Shape(_matching(CODE), "a territory's code such as 09.273.01.05"),
    "codes": Shape(_list_of(_matching(CODE)), "a list of territories' codes such as 09.273.01.05"),
    "pairs": Shape(_list_of(_list_of(_text)), "a list of pairs of texts"),
    "names": Shape(_names, "an object with name_ar, name_fr and, where there is one, name_en"),
    "translations": Shape(_translations, "an object of texts by language and field"),
    "objects": Shape(_list_of(lambda value: value), "a list of objects"),
}
