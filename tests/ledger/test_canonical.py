"""One text for one value, whoever writes it."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import MAX_DEPTH, MAX_INTEGER, Value, decode, encode, normalise

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_a_value_comes_back_from_its_text(value: Value) -> None:
    assert decode(encode(value)) == value
    assert json.loads(encode(value)) == value


@given(VALUES)
def test_the_text_has_no_other_spelling(value: Value) -> None:
    text = encode(value)
    for other in (f" {text}", f"{text}\n", json.dumps(value, indent=1)):
        if other != text:
            with pytest.raises(ValueError, match="not the canonical text"):
                decode(other)


@given(st.dictionaries(KEYS, st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, Value]) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


@given(VALUES)
def test_normalising_twice_is_normalising_once(value: Value) -> None:
    assert normalise(normalise(value)) == normalise(value)


@given(TEXTS)
def test_texts_become_nfc(text: str) -> None:
    assert unicodedata.is_normalized("NFC", str(normalise(text)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # the examples of RFC 8785, 3.2.2 and 3.2.3, as far as the profile has a place for them
        ('\u20ac$\u000f\nA\'B"\\\\"/', r'"€$\u000f\nA' + "'" + r'B\"\\\\\"/"'),
        ([None, True, False], "[null,true,false]"),
        ({"b": 1, "a": {"d": [], "c": {}}, "A": ""}, '{"A":"","a":{"c":{},"d":[]},"b":1}'),
        ("\b\t\n\f\r\u0001\u001f\u007f\u2028", '"\\b\\t\\n\\f\\r\\u0001\\u001f\u007f\u2028"'),
        ("سلام 🙂", '"سلام 🙂"'),
        (-MAX_INTEGER, "-9007199254740991"),
        ({'"': 0, "\\": 1, "": 2}, '{"":2,"\\"":0,"\\\\":1}'),
    ],
)
def test_texts_are_those_of_the_rfc(value: Value, text: str) -> None:
    assert encode(value) == text
    assert decode(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1.0", "1e3", "-0", "01", "NaN", "Infinity", "9007199254740992", "1" * 5000),
        *('{"a":1,"a":1}', '{"b":1,"a":1}', '{"é":1}', '{"a\\n":1}', "{}x", "[1,]", ""),
        *('"\\u0041"', '"\\/"', '"\\u000F"', '"\\u0000"', '"\\ud800"', "'a'"),
        "[" * 100_000,
    ],
)
def test_every_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has a sentence of its own
        decode(text)


def test_nesting_has_a_limit() -> None:
    value: Any = "x"
    for _ in range(MAX_DEPTH):
        value = [value]
    assert decode(encode(value)) == value
    with pytest.raises(ValueError, match="nested deeper"):
        encode([value])
