"""Finding what stands in the register as one types, without a page that holds all of it."""

from typing import Any

import pytest
from django.test import Client

from commitments.forms.draft import DraftForms
from meetings.models import Meeting, Organisation, Territory
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.factories import (
    MeetingFactory,
    NeighbourhoodFactory,
    OrganisationFactory,
    ParticipantFactory,
    PledgeFactory,
    TerritoryFactory,
)
from tests.reading import words

FIND = "/en/workspace/find/"
MOST_BYTES = 250_000


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    made: Meeting = MeetingFactory.create(
        host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    return made


def at(meeting: Meeting) -> str:
    return f"/en/workspace/meetings/{meeting.pk}/"


def many(count: int) -> None:
    Organisation.objects.bulk_create(
        Organisation(slug=f"many-{number}", kind="police", name_ar=f"دائرة {number}", name_fr=f"Aaa {number}",
                     folded=f"دائره {number} aaa {number}")
        for number in range(count)
    )  # fmt: skip


# By any letters, in either script


@pytest.mark.parametrize("typed", ["ازرو", "أزرُو", "AZROU", "azr", "sport azrou"])
def test_an_organisation_is_found_by_folded_words_of_either_name(cast: Cast, secretary: Client, typed: str) -> None:
    azrou = OrganisationFactory.create(name_ar="جمعية أزرو للرياضة", name_fr="Association sport Azrou")
    response: Any = secretary.get(f"{FIND}organisations/", {"q": typed, "for": "hay"})
    found = {"value": str(azrou.pk), "label": "Organisation"} | response.json()["results"][0]
    assert (found["value"], found["note"], len(response.json()["results"])) == (str(azrou.pk), "police", 1)
    assert response.json()["said"] == "1 found"
    assert "private" in response["Cache-Control"]


def test_a_neighbourhood_is_found_by_its_commune_too_and_a_commune_by_its_province(
    cast: Cast, secretary: Client
) -> None:
    said: dict[str, list[str]] = {}
    for kind, typed in (("neighbourhoods", "ait melloul 1"), ("communes", "inezgane melloul")):
        NeighbourhoodFactory.create(name_ar="حي 1", name_fr="Hay 1", name_en="", territory=cast.neighbourhood.territory)
        results = secretary.get(f"{FIND}{kind}/", {"q": typed}).json()["results"]
        said[kind] = [each["label"] for each in results]
    assert said["neighbourhoods"][0].endswith("· Ait Melloul")
    assert set(said["communes"]) == {"Ait Melloul · Inezgane-Ait Melloul"}


def test_the_near_ones_come_first_and_there_are_at_most_twelve(cast: Cast, secretary: Client) -> None:
    many(20)
    cast.other_agency.name_fr, cast.other_agency.name_en = "Zzz aaa", ""
    cast.other_agency.save()
    cast.other_agency.neighbourhoods.add(cast.neighbourhood)
    found = secretary.get(f"{FIND}organisations/", {"q": "aaa"}).json()
    assert (found["results"][0]["label"], len(found["results"])) == ("Zzz aaa", 12)
    assert found["said"] == "More than 12 found: type more letters."


def test_a_word_of_a_name_comes_before_what_only_holds_its_letters_and_the_article_is_no_letter_of_it(
    cast: Cast, secretary: Client
) -> None:
    for slug, name in (("a", "جمعية تازروت"), ("b", "جمعية أزروان"), ("c", "جمعية أزرو"), ("d", "الجماعة الحضرية")):
        OrganisationFactory.create(slug=slug, name_ar=name, name_fr=f"{slug} Aaa", name_en="")
    for typed, first in (
        ("ازرو", ["c Aaa", "b Aaa", "a Aaa"]),
        ("الجمعية ازرو", ["c Aaa", "b Aaa", "a Aaa"]),
        ("جماعه", ["d Aaa"]),
    ):
        results = secretary.get(f"{FIND}organisations/", {"q": typed, "for": "hay"}).json()["results"]
        assert [each["label"] for each in results] == first


def test_nothing_of_the_demo_is_found_for_a_real_association(cast: Cast, secretary: Client) -> None:
    OrganisationFactory.create(name_fr="Fiction Azrou", is_fictional=True)
    NeighbourhoodFactory.create(name_fr="Fiction Azrou", is_fictional=True)
    for kind in ("organisations", "neighbourhoods"):
        assert secretary.get(f"{FIND}{kind}/", {"q": "fiction"}).json()["results"] == []
    made_up = TerritoryFactory.create(name_fr="Oasis")
    assert len(secretary.get(f"{FIND}communes/", {"q": "oasis"}).json()["results"]) == 1
    NeighbourhoodFactory.create(is_fictional=True, territory=made_up)
    assert secretary.get(f"{FIND}communes/", {"q": "oasis"}).json()["results"] == []


def test_nothing_is_found_for_no_words(cast: Cast, secretary: Client) -> None:
    assert secretary.get(f"{FIND}organisations/", {"q": " ..\x00 "}).json()["results"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_asks_the_database_as_often_for_three_as_for_one(
    cast: Cast, secretary: Client, count: int, django_assert_num_queries: Any
) -> None:
    many(count)
    with django_assert_num_queries(7):
        secretary.get(f"{FIND}organisations/", {"q": "aaa"})


@pytest.mark.parametrize("kind", ["organisations", "neighbourhoods", "communes"])
def test_only_associations_search_and_each_for_itself(cast: Cast, kind: str) -> None:
    told = {
        part: signed_in(getattr(cast, part)).get(f"{FIND}{kind}/", {"q": "a", "for": "hay"}).status_code
        for part in ("secretary", "other_member", "official", "administrator", "stranger")
    }
    expected = {"secretary": 200, "other_member": 404, "official": 403, "administrator": 403, "stranger": 403}
    assert told == expected
    assert Client().get(f"{FIND}{kind}/").status_code == 302


def test_a_new_row_made_from_the_empty_one_chooses_as_the_others(cast: Cast, draft: Meeting) -> None:
    rows = DraftForms(draft).participants
    drawn = str(rows.empty_form["organisation"])
    assert 'name="participants-__prefix__-organisation_name"' in drawn
    assert f'<option value="{cast.agency.pk}">' in drawn


# What is not in the list is chosen by its name


@pytest.mark.parametrize("typed", ["جمعية أزرو", "جمعيه ازرو", "association AZROU", "far-away"])
def test_what_the_list_does_not_hold_is_chosen_by_its_whole_name(
    cast: Cast, secretary: Client, draft: Meeting, typed: str
) -> None:
    many(70)
    far = OrganisationFactory.create(
        slug="far-away", name_ar="جمعية أزرو", name_fr="Association Azrou", name_en="Zz Azrou"
    )
    page: Any = secretary.get(at(draft))
    assert f'value="{far.pk}"' not in page.content.decode()
    sent = form_in(page)
    changes = {"host_name": typed, "participants-0-organisation_name": typed, "pledges-0-title": "a lamp",
               "pledges-0-responsible_name": typed}  # fmt: skip
    assert send(secretary, at(draft), sent, host="", **changes).status_code == 302
    draft.refresh_from_db()
    assert (draft.host, draft.participants.get().organisation, draft.pledges.get().responsible) == (far, far, far)
    assert f'value="{far.pk}" selected' in secretary.get(at(draft)).content.decode()


def test_a_name_that_is_not_whole_names_those_near_it_and_keeps_everything(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    many(70)
    meant = OrganisationFactory.create(name_ar="ب", name_fr="Zaouia du sport d’Azrou", name_en="")
    sent = form_in(secretary.get(at(draft)))
    typed = {"participants-0-name": "Somebody", "participants-0-organisation_name": "sport azrou"}
    response: Any = send(secretary, at(draft), sent, **typed)
    assert response.status_code == 422
    assert "Did you mean one of these: Zaouia du sport d’Azrou (police)?" in words(response)
    again = form_in(response)
    assert (again["participants-0-name"], again["participants-0-organisation_name"]) == ("Somebody", "sport azrou")
    assert "/workspace/organisations/new/?for=hay&amp;name=sport+azrou" in response.content.decode()
    assert send(secretary, at(draft), again, **{"participants-0-organisation": meant.pk}).status_code == 302
    assert draft.participants.get().organisation == meant


def test_several_of_one_name_are_told_apart_and_none_is_said(cast: Cast, secretary: Client, draft: Meeting) -> None:
    OrganisationFactory.create(name_fr="Nour", kind="police")
    association = OrganisationFactory.create(name_fr="Nour", name_en="Nour", association=True)
    sent = form_in(secretary.get(at(draft)))
    response = send(secretary, at(draft), sent, host="", host_name="nour")
    assert "Several are called “nour”" in words(response)
    assert "(association)" in words(response)
    assert "We know nothing called “nowhere”." in words(send(secretary, at(draft), sent, host="", host_name="nowhere"))
    assert send(secretary, at(draft), sent, host=association.pk, host_name="nour").status_code == 302


@pytest.mark.parametrize("forged", ["fiction", "999999", "x"])
def test_what_may_not_be_chosen_is_refused(cast: Cast, secretary: Client, draft: Meeting, forged: str) -> None:
    fiction = OrganisationFactory.create(name_fr="Fiction", is_fictional=True)
    key = str(fiction.pk) if forged == "fiction" else forged
    sent = form_in(secretary.get(at(draft)))
    for name in ("host", "participants-0-organisation", "pledges-0-responsible"):
        assert send(secretary, at(draft), sent, **{name: key, f"{name}_name": "Fiction"}).status_code == 422
    assert "We know nothing" in words(send(secretary, at(draft), sent, host="", host_name="Fiction"))


def test_another_neighbourhood_is_added_by_its_name(cast: Cast, secretary: Client, draft: Meeting) -> None:
    made = [
        NeighbourhoodFactory.create(name_ar=name, territory=TerritoryFactory.create()) for name in ("أطلس", "زيتون")
    ]
    for typed in ("اطلس · ait melloul", "زَيتون"):
        send(secretary, at(draft), form_in(secretary.get(at(draft))), another_neighbourhood_name=typed)
    assert set(draft.neighbourhoods.all()) == {cast.neighbourhood, *made}


def test_the_page_of_a_draft_stays_small_however_long_the_register(
    cast: Cast, secretary: Client, draft: Meeting, django_assert_num_queries: Any
) -> None:
    for _row in range(10):
        ParticipantFactory.create(meeting=draft, organisation=OrganisationFactory.create(name_fr="Zz"))
    PledgeFactory.create(meeting=draft)
    with django_assert_num_queries(25):
        secretary.get(at(draft))
    many(500)
    with django_assert_num_queries(25):
        response = secretary.get(at(draft))
    assert len(response.content) < MOST_BYTES


def test_the_forms_of_communes_hold_a_few_of_them(cast: Cast, secretary: Client) -> None:
    parent = cast.neighbourhood.territory.parent
    Territory.objects.bulk_create(
        Territory(code=f"98.{number}", level="commune", parent=parent, name_ar=f"ج {number}", name_fr=f"C {number}",
                  folded=f"ج {number} c {number}")
        for number in range(100)
    )  # fmt: skip
    response = secretary.get("/en/workspace/neighbourhoods/new/")
    assert response.content.decode().count("<option") < 70
