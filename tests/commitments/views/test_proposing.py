"""Adding an organisation or a neighbourhood that is missing: unverified until the site says otherwise."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.publishing import publish
from meetings import proposing
from meetings.models import Meeting, Neighbourhood, Organisation
from meetings.proposing import PerhapsKnown, add_organisation
from tests.at_once import at_once
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import (
    MeetingFactory,
    MembershipFactory,
    NeighbourhoodFactory,
    OrganisationFactory,
    PledgeFactory,
    published_pledge,
)
from tests.reading import words

ORGANISATION, NEIGHBOURHOOD = "/en/workspace/organisations/new/", "/en/workspace/neighbourhoods/new/"
TO_ORGANISATION, TO_NEIGHBOURHOOD = "?for=hay", "?for=hay"
ROSES = {"name_ar": "جمعية الورد", "name_fr": "Association des Roses", "kind": "association"}


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


def proposed(client: Client, address: str, **typed: Any) -> Any:
    """What comes of filling in the form at an address, as it stands there."""
    return send(client, address, form_in(client.get(f"{address}?for=hay"), "?for=hay"), **typed)


# An organisation


def test_a_missing_organisation_is_added_unverified_with_who_added_it(cast: Cast, secretary: Client) -> None:
    commune = cast.neighbourhood.territory
    typed = {"parent": cast.headquarters.pk, "commune_name": "Ait Melloul", "neighbourhood": cast.neighbourhood.pk}
    response = proposed(secretary, ORGANISATION, **ROSES, **typed)
    added = Organisation.objects.get(slug="association-des-roses")
    assert response.url == f"/en/workspace/organisations/{added.slug}/added/"
    assert (added.name_ar, added.name_fr, added.kind) == ("جمعية الورد", "Association des Roses", "association")
    assert (added.is_verified, added.proposed_by, added.proposed_for) == (False, cast.secretary, cast.association)
    assert (added.parent, *added.territories.all(), *added.neighbourhoods.all()) == (
        cast.headquarters, commune, cast.neighbourhood,
    )  # fmt: skip
    assert "before it is verified it may not confirm or dispute anything" in words(secretary.get(response.url))


def test_an_agency_that_was_added_has_nobody_and_the_page_says_so(cast: Cast, secretary: Client) -> None:
    response = proposed(secretary, ORGANISATION, name_fr="Caïdat du Nord", kind="authority")
    assert "nobody speaks for it here" in words(secretary.get(response.url))
    added = Organisation.objects.get(slug="caidat-du-nord")
    assert (added.name_ar, added.memberships.count()) == ("Caïdat du Nord", 0)
    assert not cast.headquarters.with_children().filter(pk=added.pk).exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [({"name_fr": "Site"}, "site-2"), ({"name_ar": "الورد"}, "police-5070a882"), ({"name_fr": "Hay"}, "hay-2")],
)
def test_its_address_is_of_its_latin_name_and_always_a_free_one(
    cast: Cast, secretary: Client, name: dict[str, str], slug: str
) -> None:
    proposed(secretary, ORGANISATION, **name, kind="police", is_another="on")
    assert Organisation.objects.filter(proposed_for=cast.association).values_list("slug", flat=True).get() == slug


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "police"}, "Write at least one name."),
        ({"name_fr": "Roses"}, "This field is required."),
        ({"name_fr": "Roses", "kind": "police", "commune_name": "Nowhere"}, "We know nothing called “Nowhere”."),
        ({"name_fr": "Roses", "kind": "police", "parent": "999999"}, "Choose one from the list."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, secretary: Client, typed: dict[str, str], sentence: str
) -> None:
    response = proposed(secretary, ORGANISATION, **typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_in(response, "?for=hay")["name_fr"] == typed.get("name_fr", "")


def test_those_of_a_like_name_are_shown_before_another_is_added(cast: Cast, secretary: Client) -> None:
    OrganisationFactory.create(association=True, name_fr="Association des Roses d’Azrou", name_en="")
    response = proposed(secretary, ORGANISATION, **ROSES)
    assert response.status_code == 422
    assert "Is it one of these? Association des Roses d’Azrou · association" in words(response)
    again = form_in(response, "?for=hay")
    assert again["name_fr"] == ROSES["name_fr"]
    assert send(secretary, ORGANISATION, again, is_another="on").status_code == 302


def test_a_form_sent_twice_adds_one(cast: Cast, secretary: Client) -> None:
    sent = form_in(secretary.get(f"{ORGANISATION}?for=hay"), "?for=hay") | ROSES
    first, second = (send(secretary, ORGANISATION, sent | {"is_another": "on"}) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Organisation.objects.filter(name_fr=ROSES["name_fr"]).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of_one_association", [True, False])
def test_two_who_add_the_same_at_once_add_one(cast: Cast, flushable: None, of_one_association: bool) -> None:
    others = (cast.manager, cast.association) if of_one_association else (cast.other_member, cast.other_association)
    pairs = [(cast.secretary, cast.association), others]

    def add(index: int) -> str:
        by, association = pairs[index]
        try:
            return add_organisation(Organisation(**ROSES), by=by, association=association, now=timezone.now()).slug
        except PerhapsKnown as known:
            return str(known.near[0].slug)

    assert at_once(2, add) == ["association-des-roses"] * 2
    assert Organisation.objects.filter(name_fr=ROSES["name_fr"]).count() == 1


def test_an_association_adds_so_many_a_day_and_no_more(
    cast: Cast, secretary: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "MOST_A_DAY", 1)
    proposed(secretary, ORGANISATION, **ROSES)
    response = proposed(secretary, ORGANISATION, name_fr="Tulipes", kind="association")
    assert "Your association has added 1 today, and can add more tomorrow." in words(response)
    Organisation.objects.filter(proposed_for=cast.association).update(proposed_at=timezone.now() - timedelta(days=1))
    assert proposed(secretary, ORGANISATION, name_fr="Tulipes", kind="association").status_code == 302


def test_a_fictional_association_adds_fictional_ones(cast: Cast, secretary: Client) -> None:
    Organisation.objects.filter(pk=cast.association.pk).update(is_fictional=True)
    proposed(secretary, ORGANISATION, **ROSES)
    proposed(secretary, NEIGHBOURHOOD, name_fr="Roses", territory=cast.neighbourhood.territory_id)
    for model in (Organisation, Neighbourhood):
        assert model.objects.get(proposed_for=cast.association).is_fictional


def test_everybody_reads_that_nobody_has_verified_it_yet(cast: Cast, secretary: Client) -> None:
    proposed(secretary, ORGANISATION, **ROSES)
    page = words(Client().get("/en/organisations/association-des-roses/"))
    assert "Not verified yet by the site" in page
    assert f"Its name was proposed by {cast.association.name_en}, and is not yet checked by the site." in page
    assert "Association des Roses association not verified yet" in words(Client().get("/en/organisations/"))


def test_what_was_added_may_not_assess_before_it_is_verified(cast: Cast, secretary: Client) -> None:
    pledge = published_pledge(responsible=cast.agency, neighbourhoods=[cast.neighbourhood])
    proposed(secretary, ORGANISATION, **ROSES, neighbourhood=cast.neighbourhood.pk)
    added = Organisation.objects.get(slug="association-des-roses")
    MembershipFactory.create(user=cast.stranger, organisation=added)
    told = []
    for is_verified in (False, True):
        Organisation.objects.filter(pk=added.pk).update(is_verified=is_verified)
        told.append(signed_in(cast.stranger).get(reverse("workspace_pledge", args=[pledge.pk])).status_code)
    assert told == [403, 200]


def test_only_those_of_the_association_read_what_comes_next(cast: Cast, secretary: Client) -> None:
    address = proposed(secretary, ORGANISATION, **ROSES).url
    parts = ("manager", "other_member", "official")
    assert [signed_in(getattr(cast, part)).get(address).status_code for part in parts] == [200, 404, 403]


# A neighbourhood


def proposed_neighbourhood(cast: Cast, client: Client) -> Neighbourhood:
    proposed(client, NEIGHBOURHOOD, name_ar="حي الورد", kind="village", territory_name="ait melloul")
    return Neighbourhood.objects.get(proposed_for=cast.association)


def test_a_proposed_neighbourhood_is_for_the_association_alone_until_it_publishes_or_it_is_verified(
    cast: Cast, secretary: Client
) -> None:
    place = proposed_neighbourhood(cast, secretary)
    assert (place.is_verified, place.name_fr, place.kind) == (False, "حي الورد", "village")
    page, search = f"/en/neighbourhoods/{place.slug}/", "/en/workspace/find/neighbourhoods/?q=الورد"

    def seen() -> tuple[int, bool, list[int]]:
        clients = (secretary, signed_in(cast.other_member))
        listed = "حي الورد" in words(Client().get("/en/neighbourhoods/"))
        return Client().get(page).status_code, listed, [len(each.get(search).json()["results"]) for each in clients]

    assert seen() == (404, False, [1, 0])
    draft: Meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, neighbourhoods=[place])
    PledgeFactory.create(meeting=draft)
    assert seen() == (404, False, [1, 0])
    publish(draft, by=cast.manager, expected=draft.version, now=timezone.now())
    assert seen() == (200, True, [1, 1])
    sentence = f"Its name was proposed by {cast.association.name_en}, and is not yet checked by the site."
    assert sentence in words(Client().get(page))
    Neighbourhood.objects.filter(pk=place.pk).update(is_verified=True)
    assert sentence not in words(Client().get(page))


def test_a_proposed_neighbourhood_stands_in_the_draft_at_once(cast: Cast, secretary: Client) -> None:
    place = proposed_neighbourhood(cast, secretary)
    address = reverse("workspace_new")
    sent = form_in(secretary.get(address))
    send(secretary, address, sent, title="x", another_neighbourhood_name="حي الورد")
    assert Meeting.objects.get().neighbourhoods.get() == place


def test_a_neighbourhood_that_is_there_is_shown_first(cast: Cast, secretary: Client) -> None:
    NeighbourhoodFactory.create(name_ar="حيّ الوَرد", name_fr="", name_en="", territory=cast.neighbourhood.territory)
    typed = {"name_ar": "حي الورد", "territory": cast.neighbourhood.territory_id}
    response = proposed(secretary, NEIGHBOURHOOD, **typed)
    assert response.status_code == 422
    assert "حيّ الوَرد" in response.content.decode()


def test_a_neighbourhood_lies_somewhere(cast: Cast, secretary: Client) -> None:
    response = proposed(secretary, NEIGHBOURHOOD, name_fr="Roses")
    assert (response.status_code, Neighbourhood.objects.count()) == (422, 1)
    assert form_in(response, "?for=hay")["name_fr"] == "Roses"


# What is always true, and those who verify


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Organisation, {"proposed_at": timezone.now()}, "organisation_proposed_whole"),
        (Neighbourhood, {"proposed_at": timezone.now()}, "neighbourhood_proposed_whole"),
        (Neighbourhood, {"is_verified": False}, "neighbourhood_verified_unless_proposed"),
    ],
)
def test_the_database_holds_who_proposed_what(cast: Cast, model: Any, change: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**change)
    connection.check_constraints()


@pytest.mark.parametrize(("part", "is_verified"), [("administrator", True), ("auditor", False)])
def test_administrators_find_what_waits_and_verify_it_and_auditors_look(
    cast: Cast, secretary: Client, part: str, is_verified: bool
) -> None:
    proposed(secretary, ORGANISATION, **ROSES)
    place, client = proposed_neighbourhood(cast, secretary), signed_in(getattr(cast, part))
    added = Organisation.objects.get(slug="association-des-roses")
    for name, subject in (("organisation", added), ("neighbourhood", place)):
        address = reverse(f"admin:meetings_{name}_changelist")
        assert str(subject) in words(client.get(address, {"is_verified__exact": "0"}))
        assert cast.secretary.email in words(client.get(reverse(f"admin:meetings_{name}_change", args=[subject.pk])))
        client.post(address, {"action": "verify", "_selected_action": [subject.pk]})
        subject.refresh_from_db()
        assert subject.is_verified is is_verified
