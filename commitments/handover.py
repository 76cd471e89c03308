"""Handing a pledge over: it moves when the agency that is named accepts, and both words stay in its history."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from commitments import notices
from commitments.models import Pledge
from commitments.publishing import folded
from commitments.rules import is_public, offer_voices
from commitments.speaking import agency_speaks, locked_state, say
from commitments.state import ACCEPTED, DECLINED, OFFERED, local_day
from ledger.models import Entry
from meetings.models import Organisation


def may_be_offered(pledge: Pledge) -> QuerySet[Organisation]:
    """The organisations that might answer instead: those that answer for pledges, of this world or of the demo's."""
    responsible = pledge.responsible
    if responsible is None:
        return Organisation.objects.none()
    agencies = Organisation.objects.exclude(kind__in=Organisation.ASSOCIATION_KINDS).exclude(pk=responsible.pk)
    return agencies.filter(is_fictional=responsible.is_fictional)


def offer(
    pledge: Pledge,
    *,
    to: Organisation,
    by: User,
    organisation: Organisation,
    text: str,
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append that the pledge is not the agency's, and whose it is; it stays where it is until that one accepts.

    A later offer takes the place of an earlier one. Raises as `speaking.answer`.
    """
    with transaction.atomic():
        state = agency_speaks(pledge, by=by, organisation=organisation)
        if pledge.is_closed:
            raise ValidationError(_("You have said your last word on this pledge. Reopen it before you hand it over."))
        if not may_be_offered(pledge).filter(pk=to.pk).exists():
            raise ValidationError({"to": _("This organisation cannot answer for the pledge. Choose another one.")})
        if not text.strip():
            raise ValidationError({"text": _("Say why it is theirs: they and residents will read it.")})
        entry = say(
            pledge, state, "handover", {"step": OFFERED, "to": to.slug, "text": text}, by=by, organisation=organisation,
            day=local_day(now), expected=expected, now=now,
        )  # fmt: skip
        notices.offered(pledge, now=now)
        return entry


def answer_offer(
    pledge: Pledge,
    *,
    is_accepted: bool,
    by: User,
    organisation: Organisation,
    text: str = "",
    expected: int | None = None,
    now: datetime,
) -> Entry:
    """Append that the agency to which the pledge was offered accepts it, and so takes note of it, or declines, and why.

    Raises as `speaking.answer`; PermissionDenied too when it is no longer offered.
    """
    with transaction.atomic():
        state = locked_state(pledge)
        to = pledge.offered_to
        if to is None or not is_public(by, pledge) or not offer_voices(by, pledge).filter(pk=organisation.pk).exists():
            raise PermissionDenied
        if not is_accepted and not text.strip():
            raise ValidationError({"text": _("Say why it is not yours: residents will read it.")})
        step = ACCEPTED if is_accepted else DECLINED
        entry = say(
            pledge, state, "handover", {"step": step, "to": to.slug, "text": text}, by=by, organisation=organisation,
            day=local_day(now), expected=expected, now=now,
        )  # fmt: skip
        Pledge.objects.filter(pk=pledge.pk).update(folded=folded(pledge))
        return entry
