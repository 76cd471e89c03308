"""What waits for an agency to answer, and why; and of what an association may ask where it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.rules import organisation_ids
from commitments.models import Pledge, PledgeQuerySet
from commitments.rules import pledges_offered, pledges_to_answer, pledges_to_assess
from commitments.schedules import Occurrence, hours_in_words
from commitments.state import fold
from ledger.models import Entry
from mail.writing import isolated
from meetings.models import Organisation
from meetings.text import listed

DUE_SOON_DAYS = 14
# Why a pledge waits for an agency, the most urgent first.
WHY = {
    "overdue": gettext_lazy("overdue"),
    "disputed": gettext_lazy("disputed"),
    "declined": gettext_lazy("not taken over"),
    "long_silent": gettext_lazy("no news for a long while"),
    "silent": gettext_lazy("no news for a while"),
    "offered": gettext_lazy("offered to you"),
    "reworded": gettext_lazy("words corrected"),
    "new": gettext_lazy("new"),
    "due_soon": gettext_lazy("due soon"),
    "today": gettext_lazy("promised for today"),
    "lapsed": gettext_lazy("lapsed"),
}
# How many of each sort a desk lists; the most urgent come first.
AT_MOST = 200
WITHOUT_NEWS_AT_MOST = 50
AGENCY_KINDS = ("status", "wording", "occurrence")
Status, Verdict = Pledge.Status, Pledge.Assessment


class Reason(NamedTuple):
    """Why a pledge waits: the clock beside which it is shown, and a sentence."""

    clock: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A pledge that waits, why (one of `WHY`, for an agency), and what can be said of it at once."""

    pledge: Pledge
    reason: Reason
    why: str = ""
    voice: Organisation | None = None
    is_new: bool = False
    occurrences: tuple[Occurrence, ...] = ()


def inbox(user: User, on: date, query: str = "") -> list[Row]:
    """The pledges that wait for a word of this person's agencies, the most urgent first; a constant number of queries.

    Overdue; disputed since the agency last spoke; not taken over by whom it was offered to; long silent; silent;
    offered by another agency; corrected; new; due soon; with an occurrence today of which nothing was said; lapsed.
    With a `query`, those that hold its words.
    """
    mine, offered = pledges_to_answer(user).matching(query), pledges_offered(user).matching(query)
    today = _occurrences_today(mine, on)
    why: dict[int, str] = {}
    for name, pks in _by_urgency(mine, offered, today, on):
        for pk in pks:
            why.setdefault(pk, name)
    own = organisation_ids(user)
    pledges = Pledge.objects.for_rows().select_related("responsible__parent", "offered_to").in_bulk(list(why))
    return [
        Row(
            pledge=pledges[pk],
            reason=_agency_reason(name, pledges[pk], on, today.get(pk, ())),
            why=name,
            voice=voice_of(pledges[pk], own),
            is_new=pledges[pk].status == Status.NO_ANSWER and name != "offered",
            occurrences=tuple(today.get(pk, ())),
        )
        for pk, name in why.items()
    ]


def heard(user: User, *, since: date, until: date) -> PledgeQuerySet:
    """The pledges on which this person's agencies last spoke between two days, the latest first."""
    found = pledges_to_answer(user).filter(heard_on__range=(since, until))
    return found.for_rows().order_by("-heard_on", "-pk")


def voice_of(pledge: Pledge, own: set[int]) -> Organisation | None:
    """As whom a member of these organisations answers by one press: the responsible one, or its parent, or nobody."""
    responsible = pledge.responsible
    if responsible is None or responsible.pk in own:
        return responsible
    return responsible.parent if responsible.parent_id in own else None


def _by_urgency(
    mine: PledgeQuerySet, offered: PledgeQuerySet, today: Mapping[int, list[Occurrence]], on: date
) -> Iterator[tuple[str, Iterable[int]]]:
    def keys(found: PledgeQuerySet, *order: str) -> list[int]:
        return list(found.order_by(*order, "pk").values_list("pk", flat=True)[:AT_MOST])

    unanswered = Q(wording=Pledge.Wording.NOT_ANSWERED, promised_by=None)  # who promised says whether that was said
    new = mine.filter(Q(status=Status.NO_ANSWER) | unanswered)
    soon = mine.open().filter(due_on__range=(on, on + timedelta(days=DUE_SOON_DAYS)))
    yield "overdue", keys(mine.overdue(on), "due_on")
    yield "disputed", _contradicted(keys(mine.disputed(), "heard_on"))
    yield "declined", keys(mine.filter(handover=Pledge.Handover.DECLINED), "heard_on")
    yield "long_silent", keys(mine.long_silent(on), "clock_from")
    yield "silent", keys(mine.silent(on), "clock_from")
    yield "offered", keys(offered, "heard_on")
    yield "reworded", keys(mine.filter(unanswered, reworded_on__isnull=False, heard_on__isnull=False), "-reworded_on")
    yield "new", keys(new, "-made_on")
    yield "due_soon", keys(soon, "due_on")
    yield "today", list(today)
    yield "lapsed", keys(mine.lapsed(on), "holds_until")


def _contradicted(pks: list[int]) -> list[int]:
    """Those among disputed pledges whose agency has said nothing since the dispute."""
    streams = dict(Pledge.objects.filter(pk__in=pks).values_list("stream", "pk"))
    found = []
    for stream, entries in histories(streams).items():
        disputes = [each.number for each in fold(entries).assessments.values() if each.verdict == Verdict.DISPUTED]
        spoken = [entry.number for entry in entries if entry.kind in AGENCY_KINDS]
        if max(disputes, default=0) > max(spoken, default=0):
            found.append(streams[stream])
    return sorted(found, key=pks.index)


def _occurrences_today(mine: PledgeQuerySet, on: date) -> dict[int, list[Occurrence]]:
    """The occurrences promised for this day of which the agency has not spoken yet, by pledge."""
    recurring = list(mine.exclude(rule="").select_related("meeting"))
    told = Entry.objects.filter(stream__in=[each.stream_id for each in recurring], kind="occurrence", day=on)
    reported = {(entry.stream_id, entry.fields.get("window", "")) for entry in told}
    found = {
        pledge.pk: [each for each in pledge.schedule.on(on) if (pledge.stream_id, each.window) not in reported]
        for pledge in recurring
    }
    return {pk: occurrences for pk, occurrences in found.items() if occurrences}


def _agency_reason(name: str, pledge: Pledge, on: date, occurrences: Iterable[Occurrence]) -> Reason:
    sentences = {
        "overdue": lambda: past(pledge.due_on, on),
        "disputed": lambda: _("An association disputes it, and nobody has answered since."),
        "declined": lambda: _("Who you named does not take it over: it is yours until somebody does."),
        "offered": lambda: _offered(pledge),
        "long_silent": lambda: silence(pledge.clock_from, on),
        "silent": lambda: silence(pledge.clock_from, on),
        "reworded": lambda: _rewording(pledge),
        "new": lambda: _newness(pledge),
        "due_soon": lambda: ahead(pledge.due_on, on),
        "today": lambda: _today(pledge, occurrences),
        "lapsed": lambda: _lapse(pledge.holds_until),
    }
    clocks = {"overdue": "overdue", "disputed": "overdue", "long_silent": "silent", "silent": "silent"}
    return Reason(clocks.get(name, "today" if name == "today" else "waiting"), sentences[name]())


def days_between(since: date | None, on: date) -> int:
    """How many days apart two days are; none where there is but one."""
    return abs((on - since).days) if since else 0


def past(due_on: date | None, on: date) -> str:
    """How long ago its date passed, as a sentence."""
    count = days_between(due_on, on)
    sentence = ngettext("Its date passed %(count)d day ago.", "Its date passed %(count)d days ago.", count)
    return sentence % {"count": count}


def ahead(due_on: date | None, on: date) -> str:
    """In how many days it is due, as a sentence."""
    count = days_between(due_on, on)
    if not count:
        return _("It is due today.")
    return ngettext("It is due in %(count)d day.", "It is due in %(count)d days.", count) % {"count": count}


def silence(since: date | None, on: date) -> str:
    """For how long the agency has said nothing, as a sentence to the agency."""
    count = days_between(since, on)
    sentence = ngettext("No news for %(count)d day.", "No news for %(count)d days.", count)
    return sentence % {"count": count}


def silence_of(pledge: Pledge, on: date) -> str:
    """For how long the agency has said nothing, as a sentence to others."""
    count = days_between(pledge.clock_from, on)
    sentence = ngettext(
        "No news from %(agency)s for %(count)d day.", "No news from %(agency)s for %(count)d days.", count
    )
    return sentence % {"count": count, "agency": isolated(pledge.responsible)}


def _offered(pledge: Pledge) -> str:
    agency = isolated(pledge.responsible.name if pledge.responsible else "")
    return _("%(agency)s says that you should answer for it. Accept, or decline and say why.") % {"agency": agency}


def _newness(pledge: Pledge) -> str:
    if pledge.offered_to is not None:
        agency = isolated(pledge.offered_to.name)
        return _("Offered to %(agency)s; it stays here until that one accepts.") % {"agency": agency}
    if pledge.status != Status.NO_ANSWER:
        return _("Nobody has said yet whether this is what was said.")
    if pledge.heard_on is not None:
        return _("It was spoken of, but not where it stands.")
    return _("New: nobody has answered it yet.")


def _rewording(pledge: Pledge) -> str:
    sentence = _("Its words were corrected on %(day)s. Nobody has said since whether this is what was said.")
    return sentence % {"day": _words(pledge.reworded_on)}


def _today(pledge: Pledge, occurrences: Iterable[Occurrence]) -> str:
    ends = dict(pledge.windows)
    hours = listed(hours_in_words(each.window, ends[each.window]) for each in occurrences if each.window in ends)
    return _("Promised for today, %(hours)s.") % {"hours": hours} if hours else _("Promised for today.")


def _lapse(holds_until: date | None) -> str:
    return _("It was said to go on, and counts as lapsed since %(day)s.") % {"day": _words(holds_until)}


def _words(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else "—"


def histories(streams: Iterable[int | None]) -> dict[int, list[Entry]]:
    """The entries of some streams, each stream's in order; one query."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(stream__in=[each for each in streams if each]).order_by("stream", "number"):
        found[entry.stream_id].append(entry)
    return found


def without_news(user: User, on: date) -> list[Row]:
    """The pledges of which this person's associations may ask where they stand, the longest without news first."""
    found = pledges_to_assess(user).awaiting_word(on).for_rows().order_by("clock_from", "pk")
    return [Row(pledge, _why_to_ask(pledge, on)) for pledge in found[:WITHOUT_NEWS_AT_MOST]]


def _why_to_ask(pledge: Pledge, on: date) -> Reason:
    if pledge.is_silent(on):
        return Reason("silent", silence_of(pledge, on))
    if pledge.is_overdue(on):
        return Reason("overdue", past(pledge.due_on, on))
    return Reason("waiting", _("There has been no sign of it since %(day)s.") % {"day": _words(pledge.holds_until)})
