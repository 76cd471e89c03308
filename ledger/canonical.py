"""One text for one value: a strict profile of RFC 8785 (JSON Canonicalization Scheme).

What is hashed is this text, so every reader must arrive at the same bytes. The profile, which `docs/ledger.md` states,
leaves out what implementations disagree about: fractions, integers that a double cannot hold, keys outside ASCII.
"""

import json
import re
import unicodedata
from typing import Never, TypeAlias, cast

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 32
HALF_PAIR = re.compile("[\ud800-\udfff]")


def normalise(value: Value) -> Value:
    """The value with every text in Unicode's Normalization Form C, as all that enters the ledger."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normalise(item) for item in value]
    if isinstance(value, dict):
        return {key: normalise(item) for key, item in value.items()}
    return value


def encode(value: Value) -> str:
    """The canonical text of a value.

    Raises ValueError where the profile has no text for it: a fraction, an integer beyond 2^53 - 1, a key outside
    printable ASCII, NUL or half a surrogate pair in a text, nesting deeper than MAX_DEPTH, any other type.
    """
    _check(value, depth=0)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def decode(text: str) -> Value:
    """The value that has exactly this canonical text; raises ValueError for any other text."""
    try:
        value = cast("Value", json.loads(text, parse_float=_refuse_number, parse_constant=_refuse_number))
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_DEPTH}") from error
    if encode(value) != text:
        raise ValueError("not the canonical text of its value")
    return value


def _check(value: object, depth: int) -> None:
    """Raise ValueError unless the profile has a text for this value."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_key(key)
            _check(item, depth + 1)
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise ValueError(f"{value} is beyond 2^53 - 1")
    elif value is not None:
        raise ValueError(f"a {type(value).__name__} has no place in the ledger")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("a text contains NUL")
    if HALF_PAIR.search(text):
        raise ValueError("a text contains half a surrogate pair")


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not (key.isascii() and key.isprintable()):
        raise ValueError(f"the key {key!r} is not printable ASCII")


def _refuse_number(text: str) -> Never:
    raise ValueError(f"{text} is not an integer")
