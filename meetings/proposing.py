"""What an association adds to the register because it is missing: an organisation, a neighbourhood.

It can be used at once and waits to be verified by those who run the site (decision 0019).
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from meetings.finding import MOST_NEAR_MATCHES, alike, is_called
from meetings.models import Neighbourhood, Organisation, Territory
from meetings.search import fold_text

MOST_A_DAY = 40
SENT_TWICE = timedelta(minutes=10)
LONGEST_SLUG = 80
RESERVED = {"site"}

Thing = TypeVar("Thing", Organisation, Neighbourhood)


class PerhapsKnown(Exception):
    """What is to be added may be there already; `near` are those that were perhaps meant."""

    def __init__(self, near: list[Any]) -> None:
        super().__init__(", ".join(str(each) for each in near))
        self.near = near


def add_organisation(
    wanted: Organisation,
    *,
    communes: Iterable[Territory] = (),
    neighbourhoods: Iterable[Neighbourhood] = (),
    by: User,
    association: Organisation,
    is_another: bool = False,
    now: datetime,
) -> Organisation:
    """Store an organisation that was missing, unverified, with what it covers; sent twice, it is stored once.

    Raises PermissionDenied unless `by` logs meetings for the association, PerhapsKnown when there is one of a like
    name and nobody said that this `is_another`, and ValidationError when too many were added today.
    """
    wanted.is_verified = False
    same = {"kind": wanted.kind}
    with transaction.atomic():
        added, is_new = _add(wanted, same, by=by, association=association, is_another=is_another, now=now)
        if is_new:
            added.territories.set(communes)
            added.neighbourhoods.set(neighbourhoods)
    return added


def propose_neighbourhood(
    wanted: Neighbourhood, *, by: User, association: Organisation, is_another: bool = False, now: datetime
) -> Neighbourhood:
    """Store a neighbourhood that was missing, at first for the association's drafts alone; as `add_organisation`."""
    wanted.is_verified = False
    same = {"territory": wanted.territory}
    with transaction.atomic():
        return _add(wanted, same, by=by, association=association, is_another=is_another, now=now)[0]


def _add(
    wanted: Thing, same: dict[str, Any], *, by: User, association: Organisation, is_another: bool, now: datetime
) -> tuple[Thing, bool]:
    """What is stored, and whether it is new; one after the other within an association."""
    if not by.has_perm("meetings.log_meeting", association):
        raise PermissionDenied
    Organisation.objects.select_for_update().get(pk=association.pk)
    stored: QuerySet[Any] = type(wanted)._default_manager.filter(is_fictional=association.is_fictional)  # noqa: SLF001  # one of two models
    own = stored.filter(proposed_for=association, **same)
    just_now = own.filter(proposed_at__gt=now - SENT_TWICE, name_ar=wanted.name_ar, name_fr=wanted.name_fr)
    if twice := just_now.first():
        return twice, False
    _check_not_too_many(type(wanted), association, now)
    wanted.is_fictional = association.is_fictional
    wanted.proposed_by, wanted.proposed_for, wanted.proposed_at = by, association, now
    _store(wanted, near=lambda: [] if is_another else near_matches(wanted, stored, association))
    return wanted, True


def _check_not_too_many(model: type[Any], association: Organisation, now: datetime) -> None:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if model.objects.filter(proposed_for=association, proposed_at__gte=today).count() >= MOST_A_DAY:
        sentence = _("Your association has added %(most)d today, and can add more tomorrow.")
        raise ValidationError(sentence % {"most": MOST_A_DAY})


def near_matches(wanted: Thing, stored: "QuerySet[Any]", association: Organisation) -> list[Any]:
    """Those of a like name, whole ones first: of the same commune for a neighbourhood, and known to the association."""
    names = {wanted.name_ar, wanted.name_fr} - {""}
    if isinstance(wanted, Neighbourhood):
        stored = stored.filter(territory=wanted.territory) & Neighbourhood.objects.known_to(association)
    found = list(alike(stored, names)[: 4 * MOST_NEAR_MATCHES])
    found.sort(key=lambda each: not any(is_called(each, name) for name in names))
    return found[:MOST_NEAR_MATCHES]


def _store(wanted: Thing, *, near: Callable[[], list[Any]]) -> None:
    """Store it under the first address that is free; somebody may take that, or store the same, at the same moment."""
    base = _address(wanted)
    model = type(wanted)
    while True:
        if found := near():
            raise PerhapsKnown(found)
        taken = set(model.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
        wanted.slug = next(each for each in _addresses(base) if each not in taken)
        try:
            with transaction.atomic():
                wanted.save()
        except IntegrityError:
            wanted.pk = None
            if not model.objects.filter(slug=wanted.slug).exists():
                raise
        else:
            return


def _address(wanted: Thing) -> str:
    """Of the Latin name, or else a short mark of the Arabic one, the same for whoever adds it."""
    latin = slugify(wanted.name_fr)[: LONGEST_SLUG - 8].strip("-")
    return latin or f"{wanted.kind}-{sha256(fold_text(wanted.name_ar).encode()).hexdigest()[:8]}"


def _addresses(base: str) -> Iterable[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
