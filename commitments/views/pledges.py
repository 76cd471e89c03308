"""Pledges: the filtered list, and one with its three voices and its whole history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.filters import PledgeFilter
from commitments.heatmap import heatmap
from commitments.marks import corrected, withdrawn
from commitments.models import Observation, Pledge, PledgeQuerySet
from commitments.models.observation import with_observed
from commitments.state import PledgeState, Verdict, Wording, fold
from commitments.timeline import days_apart, in_words, last_reviewed, speakers, timeline
from commitments.views.lists import listed, status_of
from commitments.views.rows import fiction_among, pledge_rows, public_clauses
from ledger.models import Entry

OBSERVATIONS_SHOWN = 5


@require_safe
def pledges(request: HttpRequest) -> HttpResponse:
    """Every published pledge, the newest first, as narrowed by the filters."""
    on = timezone.localdate()
    published = Pledge.objects.published().select_related("meeting", "responsible")
    found = PledgeFilter(request.GET, queryset=published, on=on)
    context = listed(request, found, day_field="made_on")
    context |= {
        "rows": pledge_rows(context["page"].items, on=on),
        "fiction": fiction_among(pledge.meeting.is_fictional for pledge in context["page"].items),
    }
    return render(request, "pledges/pledges.html", context, status=status_of(found))


@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """One pledge: the word of its agency, what associations found, what residents saw, and all of its history."""
    on = timezone.localdate()
    record = get_object_or_404(_known(on), pk=pk)
    entries = list(record.stream.entries.all()) if record.stream else []
    state, names = fold(entries), speakers(entries)
    told = timeline(entries, subject=record, names=names)
    reviewed = last_reviewed(state, told)
    wording = _last_word([entry for entry in entries if entry.kind == "wording"], names, state)
    context: dict[str, Any] = {
        "on": on,
        "pledge": record,
        "title": record.said("title"),
        "neighbourhoods": list(record.neighbourhoods.with_territory()),
        "concerns": [concern for concern in record.concerns.all() if not concern.is_redacted],
        "partners": record.partners.all(),
        "sources": record.meeting.sources.filter(is_redacted=False),
        "withdrawal": withdrawn(entries),
        "correction": corrected(entries, told),
        "agency_said": _last_word([entry for entry in entries if entry.number == _told_at(state)], names, state),
        "reworded": state.reworded,
        "wording_said": None if state.wording == Wording.NOT_ANSWERED else wording,
        "wording_before": wording if wording and wording.is_of_other_words else None,
        "wording_before_in_words": in_words(wording.entry, names)[2] if wording else "",
        "findings": findings(state, entries, names),
        "observations": record.observations.filter(state=Observation.State.SHOWN).exclude(text="")[:OBSERVATIONS_SHOWN],
        "heatmap": heatmap(record, state, on=on),
        "clauses": public_clauses(record),
        "clocks": clocks(record, on),
        "reviewed": reviewed,
        "is_reviewed_before": reviewed is not None and state.is_of_other_words(reviewed.number),
        **days_apart(told),
        "last_entry": entries[-1],
        "share_url": _whatsapp(request, record),
    }
    return render(request, "pledges/pledge.html", context)


def _known(on: date) -> PledgeQuerySet:
    """What may be read, each with what its page shows and what residents saw lately."""
    shown = ("meeting__host", "kind", "responsible", "promised_by", "offered_to", "said_by", "stream")
    return with_observed(Pledge.objects.public().select_related(*shown), on)


class Word(NamedTuple):
    """The latest of some things that were said, in which entry."""

    entry: Entry
    speaker: str
    text: str
    is_redacted: bool
    is_of_other_words: bool


def _told_at(state: PledgeState) -> int:
    """In which entry the status was said that counts: an answer, or the acceptance of a handover."""
    return state.status_told.number if state.status_told else 0


def _last_word(said: list[Entry], names: Mapping[str, str], state: PledgeState) -> Word | None:
    if not said:
        return None
    last = said[-1]
    return Word(
        last,
        names.get(last.speaker, ""),
        str(last.public_fields.get("text", "")),
        is_redacted="text" in last.redacted,
        is_of_other_words=state.is_of_other_words(last.number),
    )


class Finding(NamedTuple):
    """The latest word of one association."""

    association: str
    verdict: str
    label: str
    day: date
    is_redacted: bool
    is_of_other_words: bool


def findings(state: PledgeState, entries: Iterable[Entry], names: Mapping[str, str]) -> list[Finding]:
    """What each association found when it last looked, the newest first."""
    redacted = {entry.number for entry in entries if "text" in entry.redacted}
    found = [
        Finding(
            names.get(slug, slug),
            each.verdict.value,
            str(Verdict(each.verdict).label),
            each.day,
            is_redacted=each.number in redacted,
            is_of_other_words=state.is_of_other_words(each.number),
        )
        for slug, each in state.assessments.items()
    ]
    return sorted(found, key=lambda finding: finding.day, reverse=True)


@dataclass(frozen=True)
class Clocks:
    """What is late, or without news, on the day of the page."""

    is_overdue: bool
    is_silent: bool
    is_long_silent: bool
    is_holding: bool
    has_lapsed: bool
    working_days: int


def clocks(pledge: Pledge, on: date) -> Clocks:
    """The clocks of one pledge; a withdrawn record has none."""
    runs = not pledge.is_withdrawn
    has_lapsed = pledge.has_lapsed(on)
    return Clocks(
        is_overdue=runs and pledge.is_overdue(on),
        is_silent=runs and pledge.is_silent(on),
        is_long_silent=runs and pledge.is_long_silent(on),
        is_holding=runs and pledge.holds_until is not None and not has_lapsed,
        has_lapsed=runs and has_lapsed,
        working_days=settings.SILENT_AFTER_WORKING_DAYS,
    )


def _whatsapp(request: HttpRequest, pledge: Pledge) -> str:
    """A link that opens WhatsApp with the title, the standing and the address of the page; nothing is sent before."""
    address = f"{settings.SITE_URL}{request.path}"
    standing = _("withdrawn from the record") if pledge.is_withdrawn else pledge.get_standing_display()
    text = f"{pledge.said('title').text}\n{standing}\n{address}"
    return f"https://wa.me/?text={quote(text)}"
