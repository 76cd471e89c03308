"""Text that people type: what it may hold, and the two model fields that hold it."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

TEXT_LIMIT = 10_000
# Embeddings, overrides and isolates can make a text read otherwise than it is stored; the plain
# marks U+200E, U+200F and U+061C, which Arabic writers need, cannot.
REORDERING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_ALLOWED_CONTROLS = {"\n", "\r", "\t"}


def validate_text(text: str) -> None:
    """Refuse invisible characters by which a text could read otherwise than it is stored."""
    if not REORDERING.isdisjoint(text):
        raise ValidationError(
            _("The text holds invisible characters that turn the direction of writing. Type those words anew."),
            code="reordering",
        )
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in _ALLOWED_CONTROLS for each in text):
        raise ValidationError(
            _("The text holds characters that cannot be shown. Type those words anew."), code="control"
        )


def listed(parts: Iterable[object]) -> str:
    """Several things one after the other, with the comma of the reader's language between them."""
    return pgettext("between the parts of a list", ", ").join(str(each) for each in parts)


class Span(NamedTuple):
    """Numbers that follow one another, or one alone."""

    first: int
    last: int

    def __str__(self) -> str:
        """As one reads it, from left to right in Arabic too."""
        return str(self.first) if self.first == self.last else f"\u2066{self.first}–{self.last}\u2069"


def spans(numbers: Iterable[int]) -> list[Span]:
    """Numbers in order, three and more that follow one another as one span: 1, 2, 26–51."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [
        span
        for run in found
        for span in ([Span(run[0], run[-1])] if len(run) > 2 else [Span(each, each) for each in run])
    ]


if TYPE_CHECKING:
    CharField = models.CharField[str, str]
    TextField = models.TextField[str, str]
else:
    CharField = models.CharField
    TextField = models.TextField


class Line(CharField):
    """A short text that people typed."""

    default_validators = [validate_text]


class Prose(TextField):
    """A longer text that people typed, of at most `TEXT_LIMIT` characters (which Django leaves to forms)."""

    default_validators = [validate_text]

    @cached_property
    def validators(self) -> list[Callable[[Any], None]]:
        """The limit of length among them."""
        return [*super().validators, MaxLengthValidator(self.max_length or TEXT_LIMIT)]
