"""What an association should look at: the pledges to check, why, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import organisation_ids
from commitments.models import Pledge
from commitments.rules import pledges_to_assess
from commitments.state import PledgeState, fold
from commitments.waiting import AT_MOST, Reason, Row, days_between, histories
from meetings.models import Neighbourhood, Organisation

Status, Verdict = Pledge.Status, Pledge.Assessment
CLAIMED = (Status.KEPT, Status.PARTLY_KEPT)
# How near a pledge is: in a neighbourhood that the association names as its own, in a territory that it covers, or
# of a meeting in which it merely took part.
BY_NAME, BY_TERRITORY, TOOK_PART = range(3)


class Rank(NamedTuple):
    """Where a pledge stands in the list: the most contradictory first, of those alike the nearest."""

    contradiction: int
    distance: int


@dataclass(frozen=True)
class Watched:
    """What is looked at to say why these associations should check a pledge."""

    state: PledgeState
    slugs: set[str]
    pledge: Pledge
    on: date


def to_check(user: User, on: date) -> list[Row]:
    """The pledges that this person's associations should look at; always eight queries.

    The most contradictory first; of those alike the nearest to the association's neighbourhoods; of those the one of
    which the agency spoke last. A pledge that never ends comes back after LOOK_AGAIN_DAYS without a look.
    """
    claimed = Q(status__in=CLAIMED) | Q(assessment=Verdict.DISPUTED)
    never_ends = Q(timing__in=Pledge.NEVER_FINISHED) & ~Q(status__in=(Status.WITHDRAWN, Status.NOT_KEPT))
    contested_first = Case(
        When(assessment=Verdict.DISPUTED, then=Value(0)), When(claimed, then=Value(1)), default=Value(2)
    )
    found = pledges_to_assess(user).filter(claimed | never_ends).for_rows()
    pledges = list(found.order_by(contested_first, F("heard_on").desc(nulls_last=True), "-pk")[:AT_MOST])
    own = Organisation.objects.filter(pk__in=organisation_ids(user))
    slugs = set(own.values_list("slug", flat=True))
    distance = _distances(pledges, own)
    entries = histories(pledge.stream_id for pledge in pledges)
    ranked = []
    for pledge in pledges:
        reason = _reason(Watched(fold(entries.get(pledge.stream_id or 0, ())), slugs, pledge, on))
        if reason:
            ranked.append((Rank(reason[0], distance[pledge.pk]), Row(pledge, reason[1])))
    return [row for _rank, row in sorted(ranked, key=lambda each: each[0])]


def _distances(pledges: Iterable[Pledge], own: QuerySet[Organisation]) -> dict[int, int]:
    """How near each pledge is to the neighbourhoods of these organisations; two queries."""
    named = set(Neighbourhood.objects.filter(organisations__in=own).values_list("pk", flat=True))
    covered = Q(territory__organisations__in=own)
    for level in ("parent", "parent__parent", "parent__parent__parent"):
        covered |= Q(**{f"territory__{level}__organisations__in": own})
    inside = set(Neighbourhood.objects.filter(covered).values_list("pk", flat=True))
    return {
        pledge.pk: _distance({each.pk for each in pledge.neighbourhoods.all()}, named, inside) for pledge in pledges
    }


def _distance(places: set[int], named: set[int], inside: set[int]) -> int:
    if places & named:
        return BY_NAME
    return BY_TERRITORY if places & inside else TOOK_PART


def _reason(watched: Watched) -> tuple[int, Reason] | None:
    """Why these associations should look, and how contradictory that is (0 the most); None when they need not."""
    return _of_the_whole(watched) or _of_occurrences(watched) or _after_a_while(watched)


def _of_the_whole(watched: Watched) -> tuple[int, Reason] | None:
    """What the agency claims of the pledge, against what these associations and others found."""
    state, slugs = watched.state, watched.slugs
    own = max((each for slug, each in state.assessments.items() if slug in slugs), key=lambda e: e.number, default=None)
    claimed_at = state.status_told.number if state.status_told else 0
    others = {each.verdict for slug, each in state.assessments.items() if slug not in slugs}
    is_claimed = state.status in CLAIMED
    if own and own.number > claimed_at:
        return None
    if own and own.verdict == Verdict.DISPUTED and claimed_at:
        return 0, Reason("overdue", _("You disputed it, and the agency has answered since."))
    if is_claimed and Verdict.DISPUTED in others:
        return 1, Reason("overdue", _("The agency says that it did it; another association disputes that."))
    if not is_claimed:
        return None
    return _unchecked(state.status, others, has_looked=own is not None)


def _unchecked(status: Pledge.Status, others: set[Pledge.Assessment], *, has_looked: bool) -> tuple[int, Reason]:
    if has_looked:
        return 2, Reason("waiting", _("The agency has spoken of it since you looked."))
    if Verdict.CONFIRMED in others:
        return 4, Reason("waiting", _("The agency says that it did it, and another association confirms that."))
    if status == Status.PARTLY_KEPT:
        return 3, Reason("waiting", _("The agency says that it did a part of it; nobody has looked yet."))
    return 2, Reason("waiting", _("The agency says that it did it; nobody has looked yet."))


def _of_occurrences(watched: Watched) -> tuple[int, Reason] | None:
    """How many occurrences the agency reported that no association has checked since; one row for all of them."""
    looked = _last_look(watched)
    count = sum(
        not told.checks and (looked is None or told.day > looked) for told in watched.state.occurrences.values()
    )
    if not count:
        return None
    sentence = ngettext(
        "The agency reported %(count)d occurrence that nobody has checked.",
        "The agency reported %(count)d occurrences that nobody has checked.",
        count,
    )
    return 5, Reason("waiting", sentence % {"count": count})


def _after_a_while(watched: Watched) -> tuple[int, Reason] | None:
    """What never ends is looked at again, and what never was is looked at once."""
    pledge, on, looked = watched.pledge, watched.on, _last_look(watched)
    if not pledge.is_never_finished or watched.state.status in (Status.WITHDRAWN, Status.NOT_KEPT):
        return None
    count = days_between(looked or watched.state.recorded_on, on)
    if count < settings.LOOK_AGAIN_DAYS:
        return None
    if looked:
        sentence = ngettext("You looked %(count)d day ago.", "You looked %(count)d days ago.", count)
    else:
        sentence = ngettext(
            "Published %(count)d day ago, and you have not looked yet.",
            "Published %(count)d days ago, and you have not looked yet.",
            count,
        )
    return 6, Reason("waiting", sentence % {"count": count})


def _last_look(watched: Watched) -> date | None:
    """The last day of which these associations said what they found, of the whole or of an occurrence."""
    slugs = watched.slugs
    days = [each.day for slug, each in watched.state.assessments.items() if slug in slugs]
    days += [told.day for told in watched.state.occurrences.values() if slugs & set(told.checks)]
    return max(days, default=None)
