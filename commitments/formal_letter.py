"""The letter by which an association asks where a pledge stands: composed to be printed and signed, never kept or sent.

A clock, not a verdict (DESIGN section 3): it says what was promised and what was heard, asks, and blames nobody. It is
in Arabic or French, whatever the language of the page around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from commitments.models import Pledge
from commitments.models.agenda import Outcome
from commitments.notices import address
from commitments.speaking import history
from commitments.state import PledgeState, fold, local_day
from commitments.timeline import Item, timeline, words
from commitments.waiting import AGENCY_KINDS
from commitments.workdays import working_days_between
from ledger.models import Entry
from mail.writing import isolated, one_line
from meetings.models import Organisation

LANGUAGES = (("ar", "العربية"), ("fr", "Français"))
# What leaves a usual letter on one page; the public page has all of it.
HEARD_SHOWN = 4
MEETINGS_SHOWN = 2
QUOTED_AT_MOST = 160


class Kind(TextChoices):
    """What the letter asks for."""

    REMINDER = "reminder", gettext_lazy("a reminder: where does it stand?")
    REQUEST = "request", gettext_lazy("a request for information under law 31-13")


class Sender(NamedTuple):
    """Who signs; what is left empty is filled in by hand."""

    association: Organisation
    name: str = ""
    role: str = ""
    address: str = ""
    place: str = ""


class Heard(NamedTuple):
    """A word of the agency, or what the minutes of a later meeting state: of which day, what, by whom, and its text.

    `more` are sentences after it: that it was said of words that were corrected since, a new date, or that the record
    of the meeting does not bear out who stated it.
    """

    day: str
    heading: str
    speaker: str
    text: str
    more: Sequence[str] = ()


@dataclass(frozen=True)
class FormalLetter:
    """A letter's parts, in its own language; the promise stays in the language of the record."""

    kind: Kind
    language: str
    direction: str
    sender: Sender
    to: str
    copy_to: str
    day: str
    subject: str
    opening: str
    promise: str
    promise_language: str
    notes: Sequence[str]
    heard: Sequence[Heard]
    heard_in_sum: Sequence[str]
    clocks: Sequence[str]
    public_address: str


def kinds_for(pledge: Pledge) -> list[tuple[str, str]]:
    """Which letters may be written: law 31-13 gives access to what public bodies hold, not to what others do."""
    is_public_body = pledge.responsible is not None and pledge.responsible.is_agency
    return [(each.value, str(each.label)) for each in Kind if is_public_body or each == Kind.REMINDER]


def compose(pledge: Pledge, *, kind: Kind, language: str, sender: Sender, on: date) -> FormalLetter:
    """The letter of a day about a pledge, in Arabic or French; reads the pledge's history, and writes nothing."""
    entries = list(history(pledge))
    state = fold(entries)
    responsible = pledge.responsible
    above = responsible.parent if responsible and pledge.is_long_silent(on) else None
    with translation.override(language):
        told = timeline(entries, subject=pledge)
        stated = _stated(state, told)
        return FormalLetter(
            kind=kind,
            language=language,
            direction="rtl" if get_language_info(language)["bidi"] else "ltr",
            sender=sender,
            to=responsible.name if responsible else "",
            copy_to=above.name if above else "",
            day=words(on),
            subject=_subject(kind, pledge),
            opening=_opening(pledge),
            promise=pledge.title,
            promise_language=pledge.recorded_language,
            notes=_notes(pledge),
            heard=_heard(entries, state, told, stated),
            heard_in_sum=_heard_in_sum(entries, state, len(stated)),
            clocks=_clocks(pledge, on),
            public_address=address("pledge", pledge.pk),
        )


def _subject(kind: Kind, pledge: Pledge) -> str:
    sentence = {
        Kind.REMINDER: _("what became of the commitment made on %(day)s"),
        Kind.REQUEST: _("request for information (law no. 31-13) about the commitment made on %(day)s"),
    }[kind]
    return sentence % {"day": _held(pledge)}


def _held(pledge: Pledge) -> str:
    assert pledge.meeting.held_on is not None  # noqa: S101 - what is published has its day
    return words(pledge.meeting.held_on)


def _opening(pledge: Pledge) -> str:
    """When and where it was promised, and by whom, where that is another than the one who answers now."""
    meeting = pledge.meeting
    told = {
        "day": _held(pledge),
        "host": isolated(meeting.host),
        "venue": isolated(meeting.venue),
        "agency": isolated(pledge.promised_by),
    }
    if pledge.promised_by and meeting.venue:
        sentence = _(
            "At the meeting of %(day)s, hosted by %(host)s (%(venue)s), %(agency)s made the following commitment, for "
            "which you have since agreed to answer:"
        )
    elif pledge.promised_by:
        sentence = _(
            "At the meeting of %(day)s, hosted by %(host)s, %(agency)s made the following commitment, for which you "
            "have since agreed to answer:"
        )
    elif meeting.venue:
        sentence = _(
            "At the meeting of %(day)s, hosted by %(host)s (%(venue)s), you made the following commitment, as the "
            "record states it:"
        )
    else:
        sentence = _(
            "At the meeting of %(day)s, hosted by %(host)s, you made the following commitment, as the record states it:"
        )
    return sentence % told


def _notes(pledge: Pledge) -> list[str]:
    """What belongs to the promise itself: its date, and that the agency contests the words."""
    notes = [_("The date given for it: %(day)s.") % {"day": words(pledge.due_on)}] if pledge.due_on else []
    if pledge.wording == Pledge.Wording.NOT_SAID:
        notes.append(_("Your answer that this is not what was said stands below."))
    return notes


def _of_the_whole(entries: Sequence[Entry]) -> set[int]:
    """The numbers of what the agency said of the pledge itself, not of single days."""
    return {each.number for each in entries if each.kind in AGENCY_KINDS and each.kind != "occurrence"}


def _heard(entries: Sequence[Entry], state: PledgeState, told: Sequence[Item], stated: Sequence[Item]) -> list[Heard]:
    """The agency's latest words, in any case its latest on the wording, and what meetings stated; the first first."""
    known = {each.number: each for each in entries}
    numbers = _of_the_whole(entries)
    items = [item for item in told if item.number in numbers]
    shown = items[:HEARD_SHOWN]
    wording = next((item for item in items if known[item.number].kind == "wording"), None)
    if wording and wording not in shown:
        shown[-1] = wording
    shown = sorted([*shown, *stated[:MEETINGS_SHOWN]], key=lambda item: item.number)
    return [_in_a_line(item, known[item.number], state) for item in shown]


def _stated(state: PledgeState, told: Sequence[Item]) -> list[Item]:
    """What meetings stated, the latest word of each, the last meeting first.

    Left out is what a meeting did not discuss, and what one stated whose record was withdrawn.
    """
    items = {item.number: item for item in told}
    reviews = [each for each in state.reviews.values() if each.outcome != Outcome.NOT_DISCUSSED]
    found = [items[each.number] for each in sorted(reviews, key=lambda each: (each.day, each.number), reverse=True)]
    return [item for item in found if not (item.meeting and item.meeting.is_withdrawn)]


def _in_a_line(item: Item, entry: Entry, state: PledgeState) -> Heard:
    text = one_line(item.text, limit=QUOTED_AT_MOST)
    more = []
    if state.reworded and state.is_of_other_words(entry.number):
        sentence = _("Said of the earlier words, before the correction of %(day)s.")
        more.append(sentence % {"day": words(state.reworded.recorded_on)})
    if entry.kind != "review":
        return Heard(words(local_day(item.said_on)), item.heading, item.speaker, text, tuple(more))
    if item.new_date:
        more.append(_("New date: %(new_date)s.") % {"new_date": words(item.new_date)})
    if item.not_listed:
        sentence = _("The record of that meeting, as it stands now, lists nobody of %(agency)s as present.")
        more.append(sentence % {"agency": isolated(item.not_listed)})
    speaker = _("according to the minutes of %(association)s") % {"association": isolated(item.speaker)}
    return Heard(words(entry.day), item.heading, speaker, text, more)


def _heard_in_sum(entries: Sequence[Entry], state: PledgeState, stated: int) -> list[str]:
    """What is not listed, in numbers; and that nothing was heard, where nothing was."""
    sentences = []
    more = len(_of_the_whole(entries)) - HEARD_SHOWN
    if more > 0:
        sentence = ngettext(
            "And %(count)d more, to be read at the address below.",
            "And %(count)d more, to be read at the address below.",
            more,
        )
        sentences.append(sentence % {"count": more})
    if stated > MEETINGS_SHOWN:
        sentence = ngettext(
            "%(count)d earlier meeting stated something of it too, to be read at the same address.",
            "%(count)d earlier meetings stated something of it too, to be read at the same address.",
            stated - MEETINGS_SHOWN,
        )
        sentences.append(sentence % {"count": stated - MEETINGS_SHOWN})
    reported = state.occurrences
    if reported:
        sentence = ngettext(
            "You reported on %(count)d occurrence, the last of them on %(day)s.",
            "You reported on %(count)d occurrences, the last of them on %(day)s.",
            len(reported),
        )
        last = max(each.day for each in reported)
        sentences.append(sentence % {"count": len(reported), "day": words(last)})
    if not reported and not _of_the_whole(entries):
        sentences.append(_("No word of yours on it stands in the public register so far."))
    return sentences


def _clocks(pledge: Pledge, on: date) -> list[str]:
    """Since when there is no news, counted in working days, and since when no sign of what was said to go on."""
    sentences = []
    count = working_days_between(pledge.clock_from, on) if pledge.clock_from else 0
    if pledge.clock_from and count:
        sentence = (
            ngettext(
                "Since your last word, on %(day)s, %(count)d working day has passed.",
                "Since your last word, on %(day)s, %(count)d working days have passed.",
                count,
            )
            if pledge.heard_on
            else ngettext(
                "Since it was entered in the register under your name, on %(day)s, %(count)d working day has passed.",
                "Since it was entered in the register under your name, on %(day)s, %(count)d working days have passed.",
                count,
            )
        )
        sentences.append(sentence % {"day": words(pledge.clock_from), "count": count})
    if pledge.holds_until and pledge.has_lapsed(on):
        sentence = _("You said that it goes on; the register holds no sign of it after %(day)s.")
        sentences.append(sentence % {"day": words(pledge.holds_until)})
    return sentences
