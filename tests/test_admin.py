"""The administration: who sees what there, and that nobody rewrites the record."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from commitments.models import Observation, Pledge, PledgeKind
from commitments.speaking import assess
from mail.models import Letter
from meetings.models import Meeting, Organisation
from tests.cast import Cast
from tests.desk import signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    ObservationFactory,
    OrganisationFactory,
    PledgeFactory,
    PledgeKindFactory,
    TerritoryFactory,
    UserFactory,
    published_meeting,
)
from tests.remembering import remembered

APPS = ("accounts", "attachments", "meetings", "commitments", "ledger", "mail")
STAFF = ("moderator", "administrator", "auditor")
REGISTER = {"territory", "neighbourhood", "organisation", "meetingseries", "pledgekind", "user"}


def page(name: str, action: str, *args: Any) -> str:
    model = next(
        each for app in APPS for each in apps.get_app_config(app).get_models() if each._meta.model_name == name
    )
    return reverse(f"admin:{model._meta.app_label}_{name}_{action}", args=args)


def registered() -> dict[str, Any]:
    """Every model of ours that the administration lists."""
    return {
        str(model._meta.model_name): model_admin
        for model, model_admin in admin.site._registry.items()
        if model._meta.app_label in APPS
    }


def test_every_model_is_listed_or_part_of_one_that_is() -> None:
    inlines = {inline.model for each in admin.site._registry.values() for inline in each.inlines}
    models = {model for app in APPS for model in apps.get_app_config(app).get_models()}
    left_out = {model._meta.model_name for model in models - set(admin.site._registry) - inlines}
    # A queue and the keys of letters, of which nobody learns anything; files are withheld where they are shown;
    # a table that waits is its sender's alone, an agenda and the files of a draft are their association's.
    assert left_out == {"waiting", "said", "attachment", "waitingtable", "agendaitem", "meetingfile"}


def test_the_administration_has_no_door_of_its_own(client: Client, cast: Cast) -> None:
    response: Any = client.get("/en/admin/login/?next=/en/admin/")
    assert response.url == "/en/accounts/login/?next=%2Fen%2Fadmin%2F"
    for part in ("secretary", "official", "stranger"):
        refused: Any = signed_in(getattr(cast, part)).get("/en/admin/login/")
        assert refused.status_code == 403


def test_nobody_is_a_superuser(cast: Cast) -> None:
    root = User.objects.create_superuser("root@example.org", "a long password")
    assert (root.is_superuser, root.is_staff, root.site_role) == (False, True, "administrator")
    assert not User.objects.filter(is_superuser=True).exists()


# Who sees and writes what


@pytest.mark.parametrize("part", STAFF)
def test_each_sees_and_writes_what_their_role_says(cast: Cast, part: str) -> None:
    client = signed_in(getattr(cast, part))
    seen = {name for name in registered() if client.get(page(name, "changelist")).status_code == 200}
    added = {
        name for name, each in registered().items()
        if each.has_add_permission(_request(getattr(cast, part)))
        and client.get(page(name, "add")).status_code == 200
    }  # fmt: skip
    everything = set(registered())
    assert (seen, added) == {
        "moderator": ({"observation"}, set()),
        "administrator": (everything, REGISTER),
        "auditor": (everything, set()),
    }[part]


def test_no_hidden_column_is_told_by_filtering_on_it(cast: Cast) -> None:
    """An auditor reads lists; a filter on a password's hash or on a letter's words would read more."""
    client, refused = signed_in(cast.auditor), set()
    for name, each in registered().items():
        offered = {str(field) for field in (*each.list_filter, each.date_hierarchy)}
        for field in each.model._meta.concrete_fields:
            if field.name not in offered:
                refused.add(client.get(page(name, "changelist"), {f"{field.name}__isnull": "False"}).status_code)
    assert refused == {400}
    assert client.get(page("letter", "changelist"), {"state__exact": "sent"}).status_code == 200


def _request(user: User) -> Any:
    """What a model's administration is asked with."""

    class Request:
        pass

    request = Request()
    request.user = user  # type: ignore[attr-defined]  # all that the rules read
    return request


@pytest.mark.parametrize("part", ["secretary", "manager", "official", "other_member", "stranger"])
def test_nobody_else_gets_in(cast: Cast, part: str) -> None:
    response: Any = signed_in(getattr(cast, part)).get("/en/admin/")
    assert (response.status_code, response.url) == (302, "/en/admin/login/?next=/en/admin/")


@pytest.fixture
@remembered
def published(cast: Cast) -> Meeting:
    return published_meeting(
        host=cast.agency, logged_by=cast.association, by=cast.manager, pledges=[{"title": "a patrol"}]
    )


@pytest.mark.parametrize("part", STAFF)
@pytest.mark.parametrize("name", ["meeting", "pledge", "entry", "stream"])
def test_nobody_changes_or_deletes_what_is_published(cast: Cast, published: Meeting, part: str, name: str) -> None:
    client = signed_in(getattr(cast, part))
    subject = {
        "meeting": published,
        "pledge": published.pledges.get(),
        "stream": published.stream,
        "entry": published.stream.entries.get() if published.stream else None,
    }[name]
    assert subject is not None
    model = type(subject)
    before = list(model._base_manager.values())
    sent = {"title": "rewritten", "name": "rewritten", "post": "yes", "kind": "status"}
    for action, args in (("change", [subject.pk]), ("delete", [subject.pk]), ("add", [])):
        assert client.post(page(name, action, *args), sent).status_code == 403
    client.post(
        page(name, "changelist"), {"action": "delete_selected", "_selected_action": [subject.pk], "post": "yes"}
    )
    assert list(model._base_manager.values()) == before


def test_a_draft_is_not_in_the_administration_either(cast: Cast) -> None:
    draft = MeetingFactory.create(title="not yet", logged_by=cast.association)
    pledge = PledgeFactory.create(meeting=draft, title="not said yet")
    client = signed_in(cast.administrator)
    for name, pk, words in (("meeting", draft.pk, "not yet"), ("pledge", pledge.pk, "not said yet")):
        assert words not in client.get(page(name, "changelist")).content.decode()
        response: Any = client.get(page(name, "change", pk))
        assert (response.status_code, response.url) == (302, "/admin/")


# The register


@pytest.mark.parametrize(
    ("name", "factory", "field"),
    [
        ("organisation", OrganisationFactory, "slug"),
        ("neighbourhood", NeighbourhoodFactory, "slug"),
        ("territory", TerritoryFactory, "code"),
        ("pledgekind", PledgeKindFactory, "slug"),
    ],
)
def test_an_address_is_settled_once_it_was_given(cast: Cast, name: str, factory: Any, field: str) -> None:
    subject = factory.create()
    client = signed_in(cast.administrator)
    response = client.get(page(name, "change", subject.pk))
    sent = dict(response.context["adminform"].form.initial) | {"name_fr": "renamed", field: "another"}
    sent = {key: value.pk if hasattr(value, "pk") else value for key, value in sent.items() if value is not None}
    sent |= {"territories": [], "neighbourhoods": []}
    client.post(page(name, "change", subject.pk), sent)
    before = getattr(subject, field)
    subject.refresh_from_db()
    assert (subject.name_fr, getattr(subject, field)) == ("renamed", before)


def test_an_administrator_verifies_an_association(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    sent = {"slug": "new", "kind": "association", "name_ar": "جديدة", "name_fr": "Nouvelle", "is_verified": "on"}
    client.post(page("organisation", "add"), sent)
    assert Organisation.objects.get(slug="new").is_verified


def test_what_is_referred_to_cannot_be_deleted_and_the_rest_can(cast: Cast, published: Meeting) -> None:
    client = signed_in(cast.administrator)
    unused: list[Any] = [
        OrganisationFactory.create(),
        NeighbourhoodFactory.create(),
        PledgeKindFactory.create(slug="unused"),
    ]
    used: list[Any] = [
        cast.agency,
        cast.association,
        published.neighbourhoods.get(),
        published.neighbourhoods.get().territory,
        PledgeKind.objects.get(slug="patrol"),
    ]
    for subject, status in [*((each, 302) for each in unused), *((each, 403) for each in used)]:
        name = str(subject._meta.model_name)
        assert client.post(page(name, "delete", subject.pk), {"post": "yes"}).status_code == status
        assert type(subject)._base_manager.filter(pk=subject.pk).exists() == (status == 403)


def test_who_has_spoken_cannot_be_deleted(cast: Cast, published: Meeting) -> None:
    visitor: Organisation = OrganisationFactory.create(association=True, neighbourhoods=published.neighbourhoods.all())
    member: User = MembershipFactory.create(organisation=visitor).user
    verdict, now = Pledge.Assessment.CONFIRMED, timezone.now()
    assess(published.pledges.get(), verdict=verdict, by=member, organisation=visitor, day=now.date(), now=now)
    member.memberships.all().delete()

    deleted = signed_in(cast.administrator).post(page("organisation", "delete", visitor.pk), {"post": "yes"})
    assert (deleted.status_code, Organisation.objects.filter(pk=visitor.pk).exists()) == (403, True)


def test_nothing_is_deleted_by_the_dozen(cast: Cast) -> None:
    organisation = OrganisationFactory.create()
    told = {"action": "delete_selected", "_selected_action": [organisation.pk], "post": "yes"}
    signed_in(cast.administrator).post(page("organisation", "changelist"), told)
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_the_register_is_searched_as_the_public_pages_are(cast: Cast) -> None:
    NeighbourhoodFactory.create(name_ar="أزرو", name_fr="Azrou")
    found = signed_in(cast.administrator).get(page("neighbourhood", "changelist"), {"q": "ازرو"})
    assert "Azrou" in found.content.decode()


# People


def person(client: Client, user: User | None, **changes: Any) -> Any:
    """Save a person's page with changes."""
    address = page("user", "change", user.pk) if user else page("user", "add")
    sent = {
        "email": user.email if user else "",
        "site_role": user.site_role if user else "",
        "language": user.language if user else "ar",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    return client.post(address, sent | changes)


def joins(organisation: Organisation) -> dict[str, Any]:
    """What the page sends to add a membership."""
    return {
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-organisation": organisation.pk,
        "memberships-0-role": "member",
    }


def test_an_administrator_adds_a_member_who_chooses_a_password_by_mail(cast: Cast) -> None:
    person(signed_in(cast.administrator), None, email="New@Example.org", **joins(cast.association))
    added = User.objects.get(email="new@example.org")
    assert (added.memberships.get().organisation, added.has_usable_password()) == (cast.association, False)


def test_staff_of_the_site_holds_no_membership(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    person(client, cast.moderator, **joins(cast.agency))
    person(client, cast.official, site_role="administrator")
    person(client, None, email="both@example.org", site_role="moderator", **joins(cast.agency))
    assert not User.objects.filter(email="both@example.org").exists()
    assert not Membership.objects.filter(user=cast.moderator).exists()
    cast.official.refresh_from_db()
    assert cast.official.site_role == ""


def test_an_address_is_one_persons_however_it_is_spelled(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    added = person(client, None, email="Official@Example.org")
    person(client, cast.stranger, email="Stranger@Example.org", last_name="X")
    cast.stranger.refresh_from_db()
    assert added.status_code == 200
    assert list(added.context["adminform"].form.errors) == ["email"]
    assert (cast.stranger.email, cast.stranger.last_name) == ("stranger@example.org", "X")


def test_an_administrator_gives_themself_no_voice(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    person(client, cast.administrator, site_role="", **joins(cast.agency))
    person(client, cast.administrator, **joins(cast.agency))
    cast.administrator.refresh_from_db()
    assert (cast.administrator.site_role, cast.administrator.memberships.count()) == ("administrator", 0)
    assert client.post(page("membership", "add"), {"user": cast.administrator.pk}).status_code == 403


def test_the_address_of_who_has_signed_in_stays_theirs(cast: Cast) -> None:
    newcomer = UserFactory.create(email="typo@example.org")
    client = signed_in(cast.administrator)
    person(client, newcomer, email="right@example.org")
    newcomer.refresh_from_db()
    assert newcomer.email == "right@example.org"
    signed_in(newcomer)
    person(client, newcomer, email="mine-now@example.org")
    newcomer.refresh_from_db()
    assert newcomer.email == "right@example.org"


def test_people_are_closed_not_deleted(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.post(page("user", "delete", cast.official.pk), {"post": "yes"}).status_code == 403
    person(client, cast.official, is_active="")
    cast.official.refresh_from_db()
    assert not cast.official.is_active


# Observations


def test_a_moderator_shows_or_withholds_and_changes_no_word(cast: Cast) -> None:
    observation = ObservationFactory.create(state="waiting", text="seen at eight")
    client = signed_in(cast.moderator)
    client.post(
        page("observation", "change", observation.pk), {"state": "shown", "text": "rewritten", "day": "2020-01-01"}
    )
    observation.refresh_from_db()
    assert (observation.state, observation.text) == ("shown", "seen at eight")
    told = {"action": "withhold", "_selected_action": [observation.pk]}
    client.post(page("observation", "changelist"), told)
    assert Observation.objects.get().state == "withheld"
    for action, args in (("delete", [observation.pk]), ("add", [])):
        assert client.post(page("observation", action, *args), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("part", ["administrator", "auditor"])
def test_others_of_the_staff_only_read_observations(cast: Cast, part: str) -> None:
    observation = ObservationFactory.create(state="waiting")
    client = signed_in(getattr(cast, part))
    assert client.post(page("observation", "change", observation.pk), {"state": "shown"}).status_code == 403
    client.post(page("observation", "changelist"), {"action": "show", "_selected_action": [observation.pk]})
    assert Observation.objects.get().state == "waiting"


def test_the_pages_of_single_records_can_be_read(cast: Cast, published: Meeting) -> None:
    ConcernFactory.create(meeting=published)
    client = signed_in(cast.auditor)
    subjects: list[Any] = [published, published.pledges.get(), cast.agency, cast.official, cast.neighbourhood]
    for subject in subjects:
        response = client.get(page(str(subject._meta.model_name), "change", subject.pk))
        assert (response.status_code, b'name="_save"' in response.content) == (200, False)


# Letters


@pytest.fixture
def unclear(db: None) -> Letter:
    now = timezone.now()
    return Letter.objects.create(
        to="official@example.org", language="ar", subject="a pledge", text="x", html="x", state="unclear",
        attempts=1, queued_at=now, not_before=now, started_at=now,
    )  # fmt: skip


def test_an_administrator_sees_what_is_unclear_and_decides_that_it_is_sent_again(cast: Cast, unclear: Letter) -> None:
    client = signed_in(cast.administrator)
    assert "a pledge" in client.get(page("letter", "changelist"), {"state": "unclear"}).content.decode()
    told = {"action": "send_again", "_selected_action": [unclear.pk]}
    sent = client.post("/en/admin/mail/letter/", told, follow=True)
    unclear.refresh_from_db()
    assert (unclear.state, unclear.attempts) == ("waiting", 0)
    assert "1 letter will be sent again." in sent.content.decode()


def test_nobody_writes_or_changes_a_letter_and_an_auditor_sends_none(cast: Cast, unclear: Letter) -> None:
    client = signed_in(cast.auditor)
    assert client.get(page("letter", "change", unclear.pk)).status_code == 200
    client.post(page("letter", "changelist"), {"action": "send_again", "_selected_action": [unclear.pk]})
    for part in ("auditor", "administrator"):
        for action, args in (("change", [unclear.pk]), ("delete", [unclear.pk]), ("add", [])):
            refused = signed_in(getattr(cast, part)).post(page("letter", action, *args), {"state": "sent"})
            assert refused.status_code == 403
    unclear.refresh_from_db()
    assert unclear.state == "unclear"
