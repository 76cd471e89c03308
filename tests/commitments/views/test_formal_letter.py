"""The page of the letter: who may open it, when there is one, and that it leaves nothing behind."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from commitments.correcting import withdraw_pledge
from commitments.models import Pledge
from commitments.speaking import answer
from meetings.models import Organisation
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import MeetingFactory, MembershipFactory, OrganisationFactory, PledgeFactory, published_meeting
from tests.reading import links, words
from tests.remembering import remembered
from tests.test_roles import everything

OFFERED = "A letter is offered once a pledge is overdue, without news for a while, or lapsed."


def promised(cast: Cast, days_ago: int = 60, **fields: Any) -> Pledge:
    """A pledge that was published that many days ago, and of which nothing was heard."""
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        by=cast.manager,
        held_on=timezone.localdate() - timedelta(days=days_ago + 1),
        now=timezone.now() - timedelta(days=days_ago),
        pledges=[{"title": "دورية ليلية"} | fields],
    )
    pledge: Pledge = meeting.pledges.get()
    return pledge


def of(pledge: Pledge, language: str = "/en") -> str:
    return f"{language}/workspace/pledges/{pledge.pk}/letter/"


def asked(client: Client, pledge: Pledge, site: str = "/en", **typed: str) -> Any:
    """The answer to the form of the letter, with this typed in it."""
    address = of(pledge, site)
    return client.post(address, form_in(client.get(address)) | typed)


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    return promised(cast)


@pytest.fixture
def secretary(cast: Cast) -> Client:
    return signed_in(cast.secretary)


@pytest.mark.parametrize("site", ["", "/fr", "/en"])
def test_the_letter_keeps_its_language_on_a_site_in_any(secretary: Client, pledge: Pledge, site: str) -> None:
    arabic = asked(secretary, pledge, site, **{"as": "request", "language": "ar"})
    assert 'lang="ar"\n           dir="rtl"' in arabic.content.decode()
    assert "وطبقا للقانون رقم 31.13 المتعلق بالحق في الحصول على المعلومات" in words(arabic)
    assert "أجل الردّ على الطلب في عشرين يوما من أيام العمل ابتداء من تاريخ تسلّمه" in words(arabic)
    french = asked(secretary, pledge, site, **{"as": "request", "language": "fr"})
    assert 'lang="fr"\n           dir="ltr"' in french.content.decode()
    assert "loi n° 31-13 relative au droit d’accès à l’information, nous vous prions" in words(french)
    assert "vingt jours ouvrables à compter de la réception de la demande" in words(french)
    for page in (arabic, french):
        assert '<bdi lang="ar" dir="auto">دورية ليلية</bdi>' in page.content.decode()


def test_a_reminder_asks_where_it_stands_and_names_no_law(secretary: Client, pledge: Pledge) -> None:
    page = words(asked(secretary, pledge, language="fr"))
    assert "Nous vous saurions gré de bien vouloir nous indiquer où en est cet engagement" in page
    assert "Signature et cachet de l’association" in page
    assert "Article 16" not in page
    assert "loi n° 31-13 relative" not in page


def test_without_a_choice_it_is_a_reminder_in_the_language_of_the_page(secretary: Client, pledge: Pledge) -> None:
    for site, language in (("", "ar"), ("/fr", "fr"), ("/en", "ar")):
        form = form_in(secretary.get(of(pledge, site)))
        assert (form["as"], form["language"], form["voice"]) == (["reminder"], [language], "hay")


def test_what_is_typed_stands_in_the_letter_and_nowhere_else(secretary: Client, pledge: Pledge) -> None:
    before = everything()
    typed = {"name": "Fatima <b>", "role": "الرئيسة", "address": "12, rue X", "place": "أيت ملول"}
    sent = form_in(secretary.get(of(pledge))) | typed
    with CaptureQueriesContext(connection) as queries:
        response = secretary.post(of(pledge), sent)
    page = response.content.decode()
    for each in ("Fatima &lt;b&gt;", "الرئيسة", "12, rue X", "أيت ملول"):
        assert f"<bdi>{each}</bdi>" in page
    assert [each["sql"] for each in queries if not each["sql"].startswith("SELECT")] == []
    assert everything() == before
    assert response["Cache-Control"] == "private, no-cache, no-store"
    assert 'class="fill-in"' not in page
    assert secretary.get(of(pledge)).content.decode().count('class="fill-in"') == 4


def test_who_signs_stands_in_no_address(secretary: Client, pledge: Pledge) -> None:
    page = secretary.get(of(pledge), {"name": "Fatima", "as": "request"}).content.decode()
    assert "<bdi>Fatima</bdi>" not in page
    assert 'method="post"' in page.split('id="letter-form"')[1].split(">")[0]
    answered = asked(secretary, pledge, name="Fatima").content.decode()
    assert [each for each in re.findall(r'(?:href|action|content)="([^"]*)"', answered) if "Fatima" in each] == []


def test_another_language_of_the_page_keeps_what_was_typed(secretary: Client, pledge: Pledge) -> None:
    page = asked(secretary, pledge, name="Fatima", language="fr")
    others = re.findall(r'form="letter-form"\s+formaction="([^"]*)"', page.content.decode())
    assert others == [of(pledge, ""), of(pledge, "/fr")]
    arabic = secretary.post(others[0], form_in(page))
    assert (form_in(arabic)["name"], form_in(arabic)["language"]) == ("Fatima", ["fr"])
    assert "<bdi>Fatima</bdi>" in arabic.content.decode()


def test_a_letter_that_another_site_asks_for_is_refused(cast: Cast, pledge: Pledge) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.secretary)
    assert strict.post(of(pledge), {"as": "reminder"}).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [{"as": "order"}, {"language": "en"}, {"language": ""}, {"voice": "jar"}, {"name": "\u202e"}, {"role": "x" * 121}],
)
def test_what_cannot_be_meant_gives_no_letter_and_says_so(
    secretary: Client, pledge: Pledge, typed: dict[str, str]
) -> None:
    page = asked(secretary, pledge, **typed)
    assert page.status_code == 422
    assert "Something needs your attention" in words(page)
    assert "formal-letter" not in page.content.decode()


@pytest.mark.parametrize("status", [None, Pledge.Status.ACKNOWLEDGED, Pledge.Status.KEPT])
def test_without_a_silence_there_is_a_sentence_and_no_letter(
    cast: Cast, secretary: Client, status: Pledge.Status | None
) -> None:
    pledge = promised(cast, days_ago=2 if status is None else 60)
    if status:
        answer(pledge, status=status, by=cast.official, organisation=cast.agency, text="so", now=timezone.now())
    page = secretary.get(of(pledge))
    assert (page.status_code, "formal-letter" in page.content.decode()) == (200, False)
    assert OFFERED in words(page)
    desk = secretary.get(f"/en/workspace/pledges/{pledge.pk}/")
    assert OFFERED in words(desk)
    assert "Prepare a letter" not in links(desk)


def test_the_desk_of_a_silent_pledge_leads_to_its_letter(secretary: Client, pledge: Pledge) -> None:
    assert links(secretary.get(f"/en/workspace/pledges/{pledge.pk}/"))["Prepare a letter"] == of(pledge)


def test_an_overdue_pledge_has_a_letter_although_it_was_spoken_of(cast: Cast, secretary: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    pledge = promised(cast, timing="by_date", due_on=yesterday)
    status = Pledge.Status.IN_PROGRESS
    answer(pledge, status=status, by=cast.official, organisation=cast.agency, now=timezone.now())
    assert "formal-letter" in secretary.get(of(pledge)).content.decode()


# Who may open it


def test_what_is_withdrawn_or_a_draft_has_no_letter(cast: Cast, secretary: Client, pledge: Pledge) -> None:
    withdraw_pledge(pledge, reason="entered twice", by=cast.manager, now=timezone.now())
    drafted = PledgeFactory.create(meeting=MeetingFactory.create(logged_by=cast.association, host=cast.agency))
    assert secretary.get(of(pledge)).status_code == 403
    assert secretary.get(of(drafted)).status_code == 404
    assert secretary.get("/en/workspace/pledges/999999/letter/").status_code == 404


def test_an_association_without_a_part_in_it_has_no_letter(cast: Cast, pledge: Pledge) -> None:
    unverified = OrganisationFactory.create(association=True, is_verified=False, neighbourhoods=[cast.neighbourhood])
    for organisation in (OrganisationFactory.create(association=True), unverified):
        member: User = MembershipFactory.create(organisation=organisation).user
        assert signed_in(member).get(of(pledge)).status_code == 403


def test_who_belongs_to_two_associations_chooses_in_whose_name(cast: Cast, secretary: Client, pledge: Pledge) -> None:
    MembershipFactory.create(user=cast.secretary, organisation=cast.other_association)
    other: Organisation = cast.other_association
    page = asked(secretary, pledge, language="fr", voice="jar").content.decode()
    assert f'<p class="who"><bdi>{other.name_fr}</bdi></p>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_database_as_often_for_three_words_as_for_one(
    cast: Cast, secretary: Client, count: int, django_assert_num_queries: Any
) -> None:
    pledge = promised(cast, days_ago=90)
    for day in range(count):
        answer(
            pledge,
            status=Pledge.Status.IN_PROGRESS,
            by=cast.official,
            organisation=cast.agency,
            text="so",
            now=timezone.now() - timedelta(days=80 - day),
        )
    with django_assert_num_queries(15):
        secretary.get(of(pledge))
