"""Pasting into a draft: a row for each line, each suggestion with its word, and nothing lost when it cannot be."""

from datetime import date
from typing import Any

import pytest
from django.db.models.signals import post_init
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.kinds import ensure_kinds
from commitments.models import Pledge, PledgeKind
from meetings.forms import MOST_ROWS
from meetings.models import Concern, Meeting, Organisation, Participant
from meetings.pasting import lines
from meetings.text import TEXT_LIMIT
from tests.cast import Cast
from tests.desk import Sent, form_in, send, signed_in
from tests.factories import MeetingFactory, OrganisationFactory, ParticipantFactory, PledgeFactory, published_meeting
from tests.reading import words

PLEDGES = "\n".join(
    [
        "1-\u00a0تكثيـــف الدوريات ليلا",
        "• Renforcer l’éclairage public (la commune)",
        "",
        "ثالثا: أمر آخر",
    ]
)


@pytest.fixture
def secretary(cast: Cast) -> Client:
    ensure_kinds(PledgeKind)
    return signed_in(cast.secretary)


@pytest.fixture
def draft(cast: Cast) -> Meeting:
    cast.other_agency.neighbourhoods.add(cast.neighbourhood)
    made: Meeting = MeetingFactory.create(
        title="before", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood]
    )
    return made


def at(meeting: Meeting) -> str:
    return f"/en/workspace/meetings/{meeting.pk}/"


def pasted(client: Client, meeting: Meeting, **changes: Any) -> Any:
    """What comes of saving the draft with these changes."""
    sent: Sent = form_in(client.get(at(meeting)))
    return send(client, at(meeting), sent, **changes)


def test_each_line_becomes_a_pledge_with_its_kind_and_who_answers(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    PledgeFactory.create(meeting=draft, title="typed before")
    changes = {"title": "typed now", "pledges-pasted": PLEDGES, "then": "paste-pledges"}
    response = pasted(secretary, draft, **changes)
    assert response.url == f"{at(draft)}?pasted=pledges-2#id_pledges-1-title"
    made = Pledge.objects.order_by("number").values_list("number", "title", "kind__slug", "responsible__slug", "timing")
    assert list(made)[1:] == [
        (2, "تكثيف الدوريات ليلا", "patrol", "district", "not_stated"),
        (3, "Renforcer l’éclairage public (la commune)", "lighting", "commune", "not_stated"),
        (4, "أمر آخر", None, "district", "not_stated"),
    ]
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("typed now", 2)


def test_each_suggestion_says_its_word_until_it_is_changed_or_saved(secretary: Client, draft: Meeting) -> None:
    PledgeFactory.create(meeting=draft, title="دورية")
    address = pasted(secretary, draft, **{"pledges-pasted": PLEDGES}).url.split("#")[0]
    page = words(secretary.get(address))
    assert page.count("Suggested because of") == 3
    for word in ("الدوريات", "éclairage", "la commune"):
        assert f"Suggested because of “{word}”." in page.replace("l’éclairage", "éclairage")
    assert page.count("Suggested: the host of the meeting.") == 2
    other = PledgeKind.objects.get(slug="checkpoint")
    sent = form_in(secretary.get(address))
    wrong = send(secretary, address, sent, **{"pledges-1-kind": other.pk, "held_on": "no day"})
    assert words(wrong).count("Suggested because of") == 2
    saved: Any = send(secretary, address, sent, **{"pledges-1-kind": other.pk})
    assert saved.url == f"{at(draft)}#content"
    assert "Suggested" not in words(secretary.get(saved.url))
    assert Pledge.objects.get(number=2).kind == other


def test_a_pasted_word_is_shown_and_not_obeyed(secretary: Client, draft: Meeting) -> None:
    address = pasted(secretary, draft, **{"pledges-pasted": "patrouille<script>alert(1)</script>"}).url
    PledgeKind.objects.filter(slug="patrol").update(name_fr="patrouille script alert 1 script")
    page = secretary.get(address.split("#")[0]).content.decode()
    assert "<bdi>patrouille&lt;script&gt;alert(1)&lt;/script</bdi>" in page
    assert "<script>alert" not in page


def test_an_agency_is_not_guessed_where_two_could_be_meant(cast: Cast, secretary: Client, draft: Meeting) -> None:
    commune = Organisation.Kind.COMMUNE
    OrganisationFactory.create(kind=commune, neighbourhoods=[cast.neighbourhood])
    pasted(secretary, draft, **{"pledges-pasted": "ستصلح الجماعة الإنارة\nسنصلحها بتنسيق مع الجماعة"})
    assert list(Pledge.objects.order_by("number").values_list("responsible__slug", flat=True)) == [None, "district"]


def test_nobody_is_suggested_where_no_agency_hosts(cast: Cast, secretary: Client, draft: Meeting) -> None:
    pasted(secretary, draft, **{"host": cast.association.pk, "pledges-pasted": "أمر آخر"})
    assert Pledge.objects.get().responsible is None


def test_a_kind_of_this_installation_is_known_by_its_name(secretary: Client, draft: Meeting) -> None:
    PledgeKind.objects.create(slug="drones", name_ar="طائرات مسيّرة", name_fr="drones")
    pasted(secretary, draft, **{"pledges-pasted": "Des drones au-dessus du marché"})
    assert Pledge.objects.get().kind == PledgeKind.objects.get(slug="drones")


def test_participants_and_concerns_are_pasted_in_the_same_way(cast: Cast, secretary: Client, draft: Meeting) -> None:
    ParticipantFactory.create(meeting=draft)
    people = f"• محمد العلوي، رئيس، {cast.agency.name_ar}\nMme Idrissi, présidente, Association inconnue"
    response = pasted(
        secretary,
        draft,
        **{"participants-pasted": people, "concerns-pasted": "أ) سرقات قرب السوق\nب) شيء", "then": "paste-concerns"},
    )
    assert response.url == f"{at(draft)}?pasted=participants-2&pasted=concerns-1#id_concerns-0-text"
    found = Participant.objects.order_by("number").values_list("name", "role", "organisation__slug", "side")
    assert list(found)[1:] == [
        ("محمد العلوي", "رئيس", "district", "agency"),
        ("Mme Idrissi", "présidente, Association inconnue", None, "civil_society"),
    ]
    concerns = Concern.objects.order_by("number").values_list("text", "theme")
    assert list(concerns) == [("سرقات قرب السوق", "theft"), ("شيء", "other")]
    assert words(secretary.get(response.url)).count("Suggested because of “سرقات”.") == 1


PEOPLE = [
    ("محمد، كاتب، جمعية الأمل", ("محمد", "كاتب، جمعية الأمل", "amal", "civil_society")),
    ("Nora, membre, Espoir pour le quartier", ("Nora", "membre, Espoir pour le quartier", "amal", "civil_society")),
    ("محمد، رئيس المنطقة الأمنية", ("محمد", "رئيس المنطقة الأمنية", "district", "agency")),
    ("السيد رئيس منطقة الأمن", ("", "السيد رئيس منطقة الأمن", "district", "agency")),
    ("Chef du district, Sûreté du Nord", ("", "Chef du district", "district", "agency")),
    ("عمر، ممثل الجماعة", ("عمر", "ممثل الجماعة", None, "agency")),
    ("سعاد، رئيسة جمعية أصدقاء الشرطة", ("سعاد", "رئيسة جمعية أصدقاء الشرطة", None, "civil_society")),
    ("رئيس الجمعية محمد العلوي", ("رئيس الجمعية محمد العلوي", "", None, "civil_society")),
    ("ممثلة جمعية الأمل للتنمية ؛ عضوة", ("", "ممثلة جمعية الأمل للتنمية، عضوة", "amal", "civil_society")),
    ("ساكن من الحي", ("", "ساكن من الحي", None, "civil_society")),
    ("Des commerçants du marché", ("", "Des commerçants du marché", None, "civil_society")),
    ("ساكنة محمد", ("ساكنة محمد", "", None, "civil_society")),
    ("كريم، عميد إقليمي", ("كريم", "عميد إقليمي", "district", "agency")),
    ("أمين العلوي، عضو", ("أمين العلوي", "عضو", None, "civil_society")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "told"), PEOPLE)
def test_for_whom_somebody_came_is_told_by_a_shortened_name_or_their_post(
    cast: Cast, secretary: Client, draft: Meeting, line: str, told: tuple[str | None, ...]
) -> None:
    names = {
        "name_ar": "جمعية الأمل للتنمية بالحي (حديثة)",
        "name_fr": "Association Espoir pour le quartier et la ville",
    }
    OrganisationFactory.create(association=True, slug="amal", **names)
    OrganisationFactory.create(kind=Organisation.Kind.COMMUNE, neighbourhoods=[cast.neighbourhood])
    Organisation.objects.filter(pk=cast.agency.pk).update(name_fr="Sûreté du Nord")
    pasted(secretary, draft, **{"participants-pasted": line})
    assert draft.participants.values_list("name", "role", "organisation__slug", "side").get() == told


def test_why_a_side_or_an_organisation_was_suggested_is_said(cast: Cast, secretary: Client, draft: Meeting) -> None:
    OrganisationFactory.create(kind=Organisation.Kind.COMMUNE, neighbourhoods=[cast.neighbourhood])
    people = "محمد، رئيس المنطقة الأمنية\nعمر، ممثل الجماعة"
    page = words(secretary.get(pasted(secretary, draft, **{"participants-pasted": people}).url))
    assert "Suggested because of “المنطقة الأمنية”." in page
    assert "Suggested because of “الجماعة”." in page


def test_lamps_are_the_matter_of_the_commune_that_took_part(cast: Cast, secretary: Client, draft: Meeting) -> None:
    pasted(secretary, draft, **{"pledges-pasted": "إصلاح الإنارة"})
    assert draft.pledges.get().responsible is None
    ParticipantFactory.create(meeting=draft, organisation=cast.other_agency)
    pasted(secretary, draft, **{"pledges-pasted": "تركيب مصابيح"})
    assert draft.pledges.get(number=2).responsible == cast.other_agency


def test_when_is_suggested_with_its_words_and_told_back(secretary: Client, draft: Meeting) -> None:
    Meeting.objects.filter(pk=draft.pk).update(held_on="2026-11-20")
    lines_pasted = (
        "Des rondes chaque lundi de 20h à 23h, sauf jours fériés, jusqu’en juin\nإصلاح الطريق قبل 31 مارس\nun bureau"
    )
    page = words(secretary.get(pasted(secretary, draft, **{"pledges-pasted": lines_pasted}).url))
    assert "Suggested because of “chaque lundi … de 20h à 23h … sauf jours fériés … jusqu’en juin”." in page
    assert "Suggested because of “قبل 31 مارس”." in page
    first, second, third = draft.pledges.order_by("number")
    assert (first.rule, first.windows, first.ends_on) == (
        "FREQ=WEEKLY;BYDAY=MO",
        [["20:00", "23:00"]],
        date(2027, 6, 30),
    )
    assert ["2027-01-11", "2027-01-11"] in first.pauses
    assert (second.timing, second.due_on) == ("by_date", date(2027, 3, 31))
    assert second.due_words
    assert third.timing == "not_stated"
    saved: Any = pasted(secretary, draft, title="saved again")
    assert saved.status_code == 302
    assert list(draft.pledges.order_by("number").values_list("rule", "windows", "pauses")) == [
        (each.rule, each.windows, each.pauses) for each in (first, second, third)
    ]


def test_whoever_pastes_and_presses_another_button_loses_nothing(secretary: Client) -> None:
    new = "/en/workspace/meetings/new/"
    response: Any = send(
        secretary, new, form_in(secretary.get(new)), **{"pledges-pasted": "one\ntwo", "then": "review"}
    )
    meeting = Meeting.objects.get()
    assert response.url == f"{at(meeting)}?pasted=pledges-1#id_pledges-0-title"
    assert list(meeting.pledges.order_by("number").values_list("title", flat=True)) == ["one", "two"]


def test_a_line_too_long_for_a_title_goes_on_in_the_details(secretary: Client, draft: Meeting) -> None:
    line = " ".join(f"word{number}" for number in range(2_000))
    pasted(secretary, draft, **{"pledges-pasted": line})
    made = Pledge.objects.order_by("number")
    assert " ".join(f"{each.title} {each.details}" for each in made) == line
    assert [len(each.title) <= 500 and len(each.details) <= TEXT_LIMIT for each in made] == [True, True]


# What cannot be saved


def test_lines_without_room_stay_where_they_were_pasted(secretary: Client, draft: Meeting) -> None:
    PledgeFactory.create_batch(2, meeting=draft)
    text = "\n".join(f"line {number}" for number in range(MOST_ROWS))
    response = pasted(secretary, draft, **{"title": "typed", "pledges-pasted": text, "then": "paste-pledges"})
    assert response.status_code == 422
    assert "There are at most 60 rows here: take 2 lines away, and keep them for another draft." in words(response)
    again = form_in(response)
    assert (again["title"], again["pledges-pasted"].split("\n")) == ("typed", text.split("\n"))
    assert Pledge.objects.count() == 2
    fits = send(secretary, at(draft), again, **{"pledges-pasted": "\n".join(text.split("\n")[:-2])})
    assert (fits.status_code, Pledge.objects.count()) == (302, MOST_ROWS)


def test_a_whole_book_is_refused_without_a_row_for_each_of_its_lines(secretary: Client, draft: Meeting) -> None:
    made = []

    def count(sender: Any, **_more: Any) -> None:
        made.append(sender)

    post_init.connect(count, sender=Pledge)
    try:
        response = pasted(secretary, draft, **{"pledges-pasted": "a\n" * 20_000})
    finally:
        post_init.disconnect(count, sender=Pledge)
    assert response.status_code == 422
    assert "There are at most 60 rows here: take 19940 lines away" in words(response)
    assert len(made) < 1_000


def test_a_mistake_elsewhere_keeps_what_was_pasted(secretary: Client, draft: Meeting) -> None:
    response = pasted(secretary, draft, **{"held_on": "no day", "pledges-pasted": PLEDGES})
    assert response.status_code == 422
    assert lines(form_in(response)["pledges-pasted"]) == lines(PLEDGES)
    assert '<details class="card" id="paste-pledges" open>' in response.content.decode()
    assert not Pledge.objects.exists()


def test_a_draft_saved_or_published_meanwhile_keeps_what_was_pasted(
    cast: Cast, secretary: Client, draft: Meeting
) -> None:
    PledgeFactory.create(meeting=draft)
    sent = form_in(secretary.get(at(draft)))
    pasted(secretary, draft, title="of a colleague")
    overtaken = send(secretary, at(draft), sent, **{"pledges-pasted": PLEDGES})
    assert overtaken.status_code == 409
    assert lines(form_in(overtaken)["pledges-pasted"]) == lines(PLEDGES)
    assert send(secretary, at(draft), form_in(overtaken)).status_code == 302
    assert Pledge.objects.count() == 4
    published = published_meeting(host=cast.agency, logged_by=cast.association, by=cast.manager)
    late = send(secretary, at(published), sent, **{"pledges-pasted": PLEDGES})
    assert late.status_code == 409
    assert lines(form_in(late)["pledges-pasted"]) == lines(PLEDGES)
    assert published.pledges.count() == 0


@pytest.mark.parametrize("part", ["other_member", "official", "moderator", "stranger"])
def test_a_draft_does_not_exist_for_others(cast: Cast, draft: Meeting, part: str) -> None:
    response = signed_in(getattr(cast, part)).post(f"{at(draft)}?pasted=pledges-1", {"pledges-pasted": PLEDGES})
    assert response.status_code == 404
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("address", ["pledges-0", "pledges--1", "pledges-x", "pledges", "nothing-1", "-1", "pledges-²"])
def test_an_address_typed_by_hand_does_no_harm(secretary: Client, draft: Meeting, address: str) -> None:
    PledgeFactory.create(meeting=draft, title="دورية")
    response = secretary.get(at(draft), {"pasted": address})
    assert response.status_code == 200
    assert "Suggested" not in words(response)


@pytest.mark.parametrize("count", [1, 3])
def test_explaining_asks_the_database_as_often_for_three_rows_as_for_one(
    secretary: Client, draft: Meeting, count: int, django_assert_num_queries: Any
) -> None:
    PledgeFactory.create_batch(count, meeting=draft, title="دورية")
    with django_assert_num_queries(26):
        secretary.get(at(draft), {"pasted": "pledges-1"})


@given(st.text() | st.text(st.sampled_from("ab ,-\n\t•\x00\x85\u202e1.دورية")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_whatever_is_pasted_is_saved_or_kept(cast: Cast, draft: Meeting, text: str) -> None:
    client = signed_in(cast.secretary)
    Meeting.objects.filter(pk=draft.pk).update(version=1)
    for rows in (draft.participants, draft.concerns, draft.pledges):
        rows.all().delete()
    sent = form_in(client.get(at(draft)))
    response: Any = send(
        client, at(draft), sent, **{f"{name}-pasted": text for name in ("participants", "concerns", "pledges")}
    )
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert lines(form_in(response)["pledges-pasted"]) == lines(text)
    else:
        made = [f"{each.title} {each.details}".strip() for each in draft.pledges.order_by("number")]
        assert [" ".join(each.split()) for each in made] == [" ".join(line.split()) for line in lines(text)]
        assert draft.participants.count() >= len(made) == draft.concerns.count()


def test_what_a_line_says_was_asked_for_is_the_request(draft: Meeting, secretary: Client) -> None:
    said = ["سرقات ليلا – المطلب: مزيد من الإنارة", "Vols la nuit. Demande : plus de lampadaires", "On demande: non"]
    pasted(secretary, draft, **{"concerns-pasted": "\n".join(said)})
    found = [(each.text, each.request) for each in draft.concerns.order_by("number")]
    told = [("سرقات ليلا", "مزيد من الإنارة"), ("Vols la nuit", "plus de lampadaires"), ("On demande: non", "")]
    assert found[-3:] == told
