"""Numbers as one reads them in a sentence."""

import pytest

from meetings.text import listed, spans


@pytest.mark.parametrize(
    ("numbers", "read"),
    [
        ([], ""),
        ([3], "3"),
        ([2, 1], "1, 2"),
        ([26, 27, 28, 4], "4, \u206626–28\u2069"),
        ([1, 2, 3, 5, 7, 8], "\u20661–3\u2069, 5, 7, 8"),
    ],
)
def test_three_numbers_in_a_row_are_one_span(english: None, numbers: list[int], read: str) -> None:
    assert listed(spans(numbers)) == read
