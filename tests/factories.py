"""One factory per model, without surprises; `published_meeting` and `published_pledge` go through the front door."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import factory
from allauth.mfa.totp.internal.auth import TOTP
from factory.django import DjangoModelFactory

from accounts.models import Membership, User
from commitments.models import Observation, Pledge, PledgeKind
from commitments.publishing import publish
from meetings.models import (
    Concern,
    Meeting,
    MeetingSeries,
    Neighbourhood,
    Organisation,
    Participant,
    Source,
    Territory,
)

# The day of the meetings that no test dates otherwise, and the morning after, on which they are published.
HELD_ON = date(2026, 3, 2)
PUBLISHED_AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
PASSWORD = "a password of the cast"
# What the authenticator app of the site's staff holds.
SECRET = "THESECRETOFTHESUITESSTAFFALLIKEX"


def _many(name: str, otherwise: Callable[[], Iterable[Any]] = tuple) -> Any:
    """What stands in the many-to-many field `name`: what is given to the factory, or else `otherwise`."""

    def fill(made: Any, create: bool, given: Iterable[Any] | None, **_kwargs: Any) -> None:
        if create:
            getattr(made, name).add(*(otherwise() if given is None else given))

    return factory.PostGeneration(fill)


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with PASSWORD, and belongs to nothing; the site's staff has an authenticator app."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person-{number}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        user = model_class.objects.create_user(**{"password": PASSWORD} | fields)
        if user.site_role:
            TOTP.activate(user, SECRET)
        return user


class TerritoryFactory(DjangoModelFactory):
    """A commune in a prefecture in a region."""

    class Meta:
        model = Territory

    class Params:
        region = factory.Trait(
            level=Territory.Level.REGION, parent=None, name_ar="سوس-ماسة", name_fr="Souss-Massa", population=None
        )
        prefecture = factory.Trait(
            level=Territory.Level.PREFECTURE,
            parent=factory.SubFactory("tests.factories.TerritoryFactory", region=True),
            name_ar="إنزكان-آيت ملول",
            name_fr="Inezgane-Ait Melloul",
            population=None,
        )

    code = factory.Sequence(lambda number: f"99.{number}")
    level = Territory.Level.COMMUNE
    parent = factory.SubFactory("tests.factories.TerritoryFactory", prefecture=True)
    name_ar = "آيت ملول"
    name_fr = "Ait Melloul"
    population = 171_847


class NeighbourhoodFactory(DjangoModelFactory):
    """A neighbourhood with a point nowhere."""

    class Meta:
        model = Neighbourhood

    slug = factory.Sequence(lambda number: f"neighbourhood-{number}")
    name_ar = factory.Sequence(lambda number: f"حي {number}")
    name_fr = factory.Sequence(lambda number: f"Quartier {number}")
    name_en = factory.Sequence(lambda number: f"Neighbourhood {number}")
    territory = factory.SubFactory(TerritoryFactory)


class OrganisationFactory(DjangoModelFactory):
    """A police district; `association=True` makes it a verified association."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        association = factory.Trait(
            kind=Organisation.Kind.ASSOCIATION,
            name_ar=factory.Sequence(lambda number: f"جمعية {number}"),
            name_fr=factory.Sequence(lambda number: f"Association {number}"),
            name_en=factory.Sequence(lambda number: f"Association {number}"),
        )

    slug = factory.Sequence(lambda number: f"organisation-{number}")
    kind = Organisation.Kind.POLICE
    name_ar = factory.Sequence(lambda number: f"منطقة الأمن {number}")
    name_fr = factory.Sequence(lambda number: f"District de sûreté {number}")
    name_en = factory.Sequence(lambda number: f"Security district {number}")
    is_verified = True
    neighbourhoods = _many("neighbourhoods")  # the neighbourhoods it covers; none unless given


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class MeetingSeriesFactory(DjangoModelFactory):
    class Meta:
        model = MeetingSeries

    name_ar = "لقاءات شهرية"
    name_fr = "Rencontres mensuelles"


class MeetingFactory(DjangoModelFactory):
    """A draft that could be published once something was said at it: it has a subject, a day, a host and a place."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"لقاء تواصلي {number}")
    held_on = HELD_ON
    host = factory.SubFactory(OrganisationFactory)
    venue = "مقر منطقة الأمن"
    neighbourhoods = _many("neighbourhoods", otherwise=lambda: [NeighbourhoodFactory.create()])


class ParticipantFactory(DjangoModelFactory):
    """Somebody of civil society, whose name is not for the public."""

    class Meta:
        model = Participant

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttribute(lambda participant: participant.meeting.participants.count() + 1)
    name = factory.Sequence(lambda number: f"مشارك {number}")
    role = "ساكن"


class ConcernFactory(DjangoModelFactory):
    """Something that was raised, and asked for."""

    class Meta:
        model = Concern
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttribute(lambda concern: concern.meeting.concerns.count() + 1)
    theme = Concern.Theme.THEFT
    text = factory.Sequence(lambda number: f"سرقات متكرّرة {number}")
    request = factory.Sequence(lambda number: f"تكثيف الدوريات {number}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttribute(lambda source: source.meeting.sources.count() + 1)
    title = factory.Sequence(lambda number: f"محضر {number}")
    publisher = "جمعية الحي"
    published = "2026-03-02"
    url = "https://example.org/minutes"


class PledgeKindFactory(DjangoModelFactory):
    """The patrol, which every installation has; another `slug` makes another kind."""

    class Meta:
        model = PledgeKind
        django_get_or_create = ("slug",)

    slug = "patrol"
    name_ar = "دورية"
    name_fr = "patrouille"
    name_en = "patrol"


class PledgeFactory(DjangoModelFactory):
    """A draft of a pledge by the host of its meeting, without a date."""

    class Meta:
        model = Pledge
        skip_postgeneration_save = True

    meeting = factory.SubFactory(MeetingFactory)
    number = factory.LazyAttribute(lambda pledge: pledge.meeting.pledges.count() + 1)
    title = factory.Sequence(lambda number: f"تعهّد {number}")
    kind = factory.SubFactory(PledgeKindFactory)
    responsible = factory.SelfAttribute("meeting.host")
    neighbourhoods = _many("neighbourhoods")  # those of the meeting, once published, unless given
    concerns = _many("concerns")  # the concerns that it answers; none unless given
    partners = _many("partners")  # who promised it too; nobody unless given


def published_meeting(
    *,
    now: datetime = PUBLISHED_AT,
    by: User | None = None,
    pledges: Sequence[Mapping[str, Any]] = (),
    concerns: Sequence[Mapping[str, Any]] = (),
    participants: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Meeting:
    """A meeting published at `now` with these parts (each the fields of one); with a concern if it has no pledge.

    Without `by` the site itself enters it; otherwise `by` must be allowed to publish it.
    """
    meeting: Meeting = MeetingFactory.create(**fields)
    for each in concerns if concerns or pledges else ({},):
        ConcernFactory.create(meeting=meeting, **each)
    for each in pledges:
        PledgeFactory.create(meeting=meeting, **each)
    for each in participants:
        ParticipantFactory.create(meeting=meeting, **each)
    publish(meeting, by=by, now=now)
    return meeting


def published_pledge(
    *, now: datetime = PUBLISHED_AT, by: User | None = None, meeting: Meeting | None = None, **fields: Any
) -> Pledge:
    """A pledge, published at `now` with its meeting: the draft `meeting`, or a new one."""
    pledge: Pledge = PledgeFactory.create(meeting=meeting or MeetingFactory.create(), **fields)
    publish(pledge.meeting, by=by, now=now)
    pledge.refresh_from_db()
    return pledge


class ObservationFactory(DjangoModelFactory):
    """Seen by a resident, and shown."""

    class Meta:
        model = Observation

    pledge = factory.LazyFunction(published_pledge)
    day = HELD_ON
    was_seen = True
    state = Observation.State.SHOWN
