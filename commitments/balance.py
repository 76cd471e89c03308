"""The balance of the earlier pledges of an agenda, in which everybody counts what the numbers say (decision 0017)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.models import Pledge
from meetings.text import Span, spans

# The parts, in the order in which they are read: each earlier pledge is in exactly one, and listed under its heading.
PARTS = {
    "done": gettext_lazy("Said to be done"),
    "lapsed": gettext_lazy("Said to be done, then lapsed"),
    "partly": gettext_lazy("Partly kept"),
    "moved": gettext_lazy("Still open, with recent news since the last meeting"),
    "waiting": "",
    "silent": "",
    "not_kept": gettext_lazy("Not kept"),
    "withdrawn": gettext_lazy("Taken back by who promised it"),
}
BY_STATUS = {
    Pledge.Status.WITHDRAWN: "withdrawn",
    Pledge.Status.NOT_KEPT: "not_kept",
    Pledge.Status.KEPT: "done",
    Pledge.Status.PARTLY_KEPT: "partly",
}


class Row(Protocol):
    """What is asked of a line of the agenda that shows an earlier pledge."""

    @property
    def number(self) -> int:
        """The same wherever the pledge stands."""

    @property
    def part(self) -> str:
        """As `part_of`."""

    @property
    def is_kept(self) -> bool:
        """Whether it is on the agenda, or was dropped from it."""

    @property
    def pledge(self) -> Pledge | None:
        """What was promised."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Part(Generic[R]):
    """The pledges of one part, under its heading; those that were dropped are counted too."""

    name: str
    heading: str
    rows: Sequence[R]

    @property
    def kept(self) -> list[R]:
        """Those that are on the agenda."""
        return [row for row in self.rows if row.is_kept]

    @property
    def dropped(self) -> list[R]:
        """Those that are not."""
        return [row for row in self.rows if not row.is_kept]

    @property
    def dropped_numbers(self) -> list[Span]:
        """The numbers of those that are not."""
        return spans(row.number for row in self.dropped)


@dataclass(frozen=True)
class Among:
    """How many of all the earlier pledges have something in common, whatever their part, and their numbers."""

    label: str
    count: int
    numbers: Sequence[Span]


def part_of(pledge: Pledge, *, on: date, since: date | None) -> str:
    """In which of `PARTS` a pledge is, as far as the word of who answers for it and the clocks say."""
    if pledge.has_lapsed(on):
        return "lapsed"
    if pledge.status in BY_STATUS:
        return BY_STATUS[Pledge.Status(pledge.status)]
    if pledge.is_silent(on):
        return "silent"
    return "moved" if since and pledge.heard_on and pledge.heard_on > since else "waiting"


def balance(rows: Iterable[R]) -> list[Part[R]]:
    """The parts that hold anything, each with its pledges in the order of their numbers."""
    listed = list(rows)
    parts = [Part(name, _heading(name), [row for row in listed if row.part == name]) for name in PARTS]
    return [part for part in parts if part.rows]


def among(rows: Iterable[R], *, on: date) -> list[Among]:
    """What is counted across the parts: what is past its date, and what associations found; but for what is none."""
    pledges = {row.number: row.pledge for row in rows if row.pledge}
    verdict = Pledge.Assessment
    found = {
        _("Past their date"): [number for number, each in pledges.items() if each.is_overdue(on)],
        _("Confirmed by associations"): [n for n, each in pledges.items() if each.assessment == verdict.CONFIRMED],
        _("Disputed by associations"): [n for n, each in pledges.items() if each.assessment == verdict.DISPUTED],
    }
    return [Among(label, len(numbers), spans(numbers)) for label, numbers in found.items() if numbers]


def _heading(name: str) -> str:
    days = settings.SILENT_AFTER_WORKING_DAYS
    if name == "waiting":
        sentence = ngettext(
            "Still open, waiting for less than %(count)d working day",
            "Still open, waiting for less than %(count)d working days",
            days,
        )
    elif name == "silent":
        sentence = ngettext(
            "Still open, without news for %(count)d working day or more",
            "Still open, without news for %(count)d working days or more",
            days,
        )
    else:
        return str(PARTS[name])
    return sentence % {"count": days}
