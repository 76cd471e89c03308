"""Choosing which mails one gets, and in which language."""

from typing import Any

from django.test import Client

from commitments.models import MailTurnedOff
from tests.cast import Cast
from tests.desk import form_in, send, signed_in
from tests.reading import words

HERE = "/en/desk/mail/"
SORTS = ["due_soon", "overdue", "disputed", "silent", "weekly"]


def off(cast: Cast) -> list[str]:
    return list(MailTurnedOff.objects.filter(user=cast.official).order_by("pk").values_list("sort", flat=True))


def test_at_first_somebody_gets_everything_in_arabic(cast: Cast) -> None:
    page = signed_in(cast.official).get(HERE)
    sent = form_in(page)
    assert (sent["language"], sent["wanted"]) == (["ar"], SORTS)
    assert "When pledges are addressed to you, you are told in any case." in words(page)
    assert "Mails go to official@example.org." in words(page)


def test_what_somebody_turns_off_stays_off_until_they_turn_it_on(cast: Cast) -> None:
    client = signed_in(cast.official)
    response: Any = send(client, HERE, form_in(client.get(HERE)), wanted=["overdue", "weekly"], language="fr")
    cast.official.refresh_from_db()
    assert (response.status_code, response.url, cast.official.language) == (302, HERE, "fr")
    assert off(cast) == ["disputed", "due_soon", "silent"]
    assert "Your choice is saved." in words(client.get(HERE))
    assert form_in(client.get(HERE))["wanted"] == ["overdue", "weekly"]

    send(client, HERE, form_in(client.get(HERE)), wanted=SORTS)
    assert off(cast) == []


def test_all_of_them_can_be_turned_off(cast: Cast) -> None:
    client = signed_in(cast.official)
    assert client.post(HERE, {"language": "ar"}).status_code == 302
    assert off(cast) == sorted(SORTS)


def test_nobody_chooses_for_somebody_else(cast: Cast) -> None:
    signed_in(cast.official).post(HERE, {"language": "fr", "user": cast.secretary.pk})
    cast.secretary.refresh_from_db()
    assert cast.secretary.language == "ar"
    assert MailTurnedOff.objects.exclude(user=cast.official).count() == 0


def test_a_language_or_a_mail_that_does_not_exist_is_refused(cast: Cast) -> None:
    client = signed_in(cast.official)
    for sent in ({"language": "de"}, {"language": "ar", "wanted": ["addressed"]}, {}):
        response = client.post(HERE, sent)
        assert response.status_code == 422
    assert off(cast) == []


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    response: Any = client.get(HERE)
    assert (response.status_code, response.url) == (302, f"/en/accounts/login/?next={HERE}")


def test_the_account_leads_to_it(cast: Cast) -> None:
    assert f'href="{HERE}"' in signed_in(cast.official).get("/en/accounts/").content.decode()
