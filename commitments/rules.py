"""Who may say what about a pledge (DESIGN section 6)."""

import rules
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.rules import is_moderator, organisation_ids, reads_everything
from commitments.models import Pledge, PledgeQuerySet
from meetings.models import Meeting, Organisation


def agency_voices(user: User, pledge: Pledge) -> QuerySet[Organisation]:
    """With whose voice this person may answer: the responsible organisation's, or its parent's; nobody else's."""
    return _voices_for(user, pledge.responsible_id)


def offer_voices(user: User, pledge: Pledge) -> QuerySet[Organisation]:
    """With whose voice this person may accept or decline what is offered: the named agency's, or its parent's."""
    return _voices_for(user, pledge.offered_to_id)


def _voices_for(user: User, pk: int | None) -> QuerySet[Organisation]:
    """Of the organisations that this person belongs to, the one with this key and its parent."""
    if pk is None:
        return Organisation.objects.none()
    return Organisation.objects.filter(pk__in=organisation_ids(user)).filter(Q(pk=pk) | Q(children=pk))


def association_voices(user: User, pledge: Pledge) -> list[Organisation]:
    """With whose voice this person may assess: see `may_assess`."""
    own = Organisation.objects.filter(pk__in=organisation_ids(user))
    return [organisation for organisation in own if may_assess(organisation, pledge)]


def may_assess(organisation: Organisation, pledge: Pledge) -> bool:
    """A verified association that took part or covers the neighbourhood, and promised no part of it itself."""
    if not (organisation.is_association and organisation.is_verified):
        return False
    if agency_answers(organisation, pledge) or promised_it(organisation, pledge):
        return False
    if pledge.partners.filter(pk=organisation.pk).exists():
        return False
    return took_part(organisation, pledge.meeting) or organisation.covers(pledge.neighbourhoods.all())


def promised_it(organisation: Organisation, pledge: Pledge) -> bool:
    """Whether the organisation, or a part of it, promised what another one answers for now."""
    promiser = pledge.promised_by
    return promiser is not None and organisation.pk in {promiser.pk, promiser.parent_id}


def agency_answers(organisation: Organisation, pledge: Pledge) -> bool:
    """Whether the organisation answers for the pledge, itself or for the part of it that promised."""
    responsible = pledge.responsible
    return responsible is not None and organisation.pk in {responsible.pk, responsible.parent_id}


def took_part(organisation: Organisation, meeting: Meeting) -> bool:
    """Whether it logged or hosted the meeting, or is named among the participants."""
    if organisation.pk in {meeting.logged_by_id, meeting.host_id}:
        return True
    return meeting.participants.filter(organisation=organisation).exists()


@rules.predicate
def is_public(_user: User, pledge: Pledge) -> bool:
    """Published and not withdrawn from the record: only then is there something to answer."""
    return pledge.state == Meeting.State.PUBLISHED


@rules.predicate
def answers_for(user: User, pledge: Pledge) -> bool:
    """A member of the responsible organisation or of its parent; administrators are no exception."""
    return agency_voices(user, pledge).exists()


@rules.predicate
def is_offered(user: User, pledge: Pledge) -> bool:
    """A member of the organisation to which the pledge is offered, or of its parent."""
    return offer_voices(user, pledge).exists()


@rules.predicate
def assesses(user: User, pledge: Pledge) -> bool:
    """A member of an association that may assess it."""
    return bool(association_voices(user, pledge))


rules.add_perm("commitments.answer_pledge", is_public & answers_for)
rules.add_perm("commitments.answer_offer", is_public & is_offered)
rules.add_perm("commitments.assess_pledge", is_public & assesses)
rules.add_perm("commitments.redact", is_moderator)
rules.add_perm("commitments.moderate", is_moderator)
rules.add_perm("commitments.read_observations", is_moderator | reads_everything)


def pledges_to_answer(user: User) -> PledgeQuerySet:
    """The published pledges for which this person may speak: the agency's, and its children's."""
    own = organisation_ids(user)
    return Pledge.objects.published().filter(Q(responsible__in=own) | Q(responsible__parent__in=own))


def pledges_offered(user: User) -> PledgeQuerySet:
    """The pledges that others offer to this person's agencies, or to their children."""
    own = organisation_ids(user)
    return Pledge.objects.published().filter(Q(offered_to__in=own) | Q(offered_to__parent__in=own))


def pledges_to_assess(user: User) -> PledgeQuerySet:
    """The published pledges that this person's verified associations may assess."""
    own = Organisation.objects.associations().filter(pk__in=organisation_ids(user), is_verified=True)
    took_part = (
        Q(meeting__logged_by__in=own) | Q(meeting__host__in=own) | Q(meeting__participants__organisation__in=own)
    )
    covers = Q(neighbourhoods__organisations__in=own) | Q(neighbourhoods__territory__organisations__in=own)
    for level in ("parent", "parent__parent", "parent__parent__parent"):
        covers |= Q(**{f"neighbourhoods__territory__{level}__organisations__in": own})
    found = Pledge.objects.published().filter(took_part | covers)
    its_own = Q(responsible__in=own) | Q(responsible__parent__in=own) | Q(promised_by__in=own)
    its_own |= Q(promised_by__parent__in=own)
    return found.exclude(its_own).exclude(partners__in=own).distinct()
