"""Pledges as rows of a list, on a day; what partials/pledge_row.html shows of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from commitments.in_words import in_words
from commitments.models import Pledge
from meetings.models import Meeting, Organisation


@dataclass(frozen=True)
class PledgeRow:
    """What a list says of one pledge, in the language of the page where there is a translation."""

    title: str
    language: str
    is_translation: bool
    get_absolute_url: str
    number: int
    meeting: Meeting
    responsible: Organisation | None
    status: str
    status_in_words: str
    assessment: str
    get_assessment_display: str
    get_timing_display: str
    due_on: date | None
    clock_from: date | None
    is_overdue: bool
    is_silent: bool
    has_lapsed: bool
    is_fictional: bool
    is_withdrawn: bool
    added_on: date | None = None


def public_clauses(pledge: Pledge) -> list[str]:
    """The days and hours promised, in words; none where they are not for the public."""
    return [] if pledge.is_time_restricted else in_words(pledge.schedule, starts_on=pledge.starts_on)


def pledge_row(pledge: Pledge, *, on: date) -> PledgeRow:
    """One pledge; no query when it was loaded by `for_rows`."""
    title = pledge.said("title")
    counts = not pledge.is_withdrawn
    return PledgeRow(
        title=title.text,
        language=title.language,
        is_translation=title.is_translation,
        get_absolute_url=pledge.get_absolute_url(),
        number=pledge.number,
        meeting=pledge.meeting,
        responsible=pledge.responsible,
        status=pledge.status,
        status_in_words=pledge.status_in_words,
        assessment=pledge.assessment,
        get_assessment_display=pledge.get_assessment_display(),
        get_timing_display=pledge.get_timing_display(),
        due_on=pledge.due_on,
        clock_from=pledge.clock_from,
        is_overdue=counts and pledge.is_overdue(on),
        is_silent=counts and pledge.is_silent(on),
        has_lapsed=counts and pledge.has_lapsed(on),
        is_fictional=pledge.meeting.is_fictional,
        is_withdrawn=pledge.is_withdrawn,
    )


def pledge_rows(pledges: Iterable[Pledge], *, on: date) -> list[PledgeRow]:
    """Several, in their order."""
    return [pledge_row(pledge, on=on) for pledge in pledges]


def fiction_among(marks: Iterable[bool]) -> str:
    """Whether "all", "some" or "" of what a page shows is made up, for partials/fictional.html."""
    found = set(marks)
    if True not in found:
        return ""
    return "some" if False in found else "all"
