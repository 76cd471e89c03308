"""Who is written to when something is said: those who are to answer, at once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commitments.adding import add_pledge
from commitments.correcting import correct_pledge, withdraw_meeting, withdraw_pledge
from commitments.handover import answer_offer, offer
from commitments.models import MailTurnedOff, Pledge, PledgeKind
from commitments.speaking import answer, assess
from mail.models import Letter
from tests.cast import Cast
from tests.factories import MembershipFactory, UserFactory, published_meeting, published_pledge

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


def letters_to(part: str) -> list[Letter]:
    return list(Letter.objects.filter(to=f"{part}@example.org").order_by("pk"))


def plain(text: str) -> str:
    """Without the marks that keep typed words apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


SUBJECTS = {
    "ar": "تعهّدان ينتظران جوابكم: لقاء أبريل",
    "fr": "2 engagements attendent votre réponse : لقاء أبريل",
    "en": "2 pledges to answer: لقاء أبريل",
}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_those_who_are_to_answer_are_told_of_all_their_pledges_in_one_letter(cast: Cast, language: str) -> None:
    cast.official.language = language
    cast.official.save()
    told: list[dict[str, Any]] = [
        {"title": "دورية ليلية", "timing": "by_date", "due_on": date(2026, 5, 1)},
        {"title": "باب مفتوح"},
    ]
    published_meeting(title="لقاء أبريل", host=cast.agency, pledges=told, now=NOW)

    (letter,) = letters_to("official")
    prefix = {"ar": "", "fr": "/fr", "en": "/en"}[language]
    assert plain(letter.subject) == SUBJECTS[language]
    assert [title in letter.text for title in ("دورية ليلية", "باب مفتوح")] == [True, True]
    pledge = Pledge.objects.get(title="باب مفتوح")
    assert f"\n  http://127.0.0.1:8000{prefix}/inbox/pledges/{pledge.pk}/\n" in letter.text
    assert letter.text.endswith(f"\nhttp://127.0.0.1:8000{prefix}/desk/mail/\n")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in letter.html


def test_each_is_told_of_what_their_own_organisation_is_to_answer(cast: Cast) -> None:
    told: list[dict[str, Any]] = [
        {"title": "of the agency"},
        {"title": "of the commune", "responsible": cast.other_agency},
    ]
    published_meeting(host=cast.agency, pledges=told, logged_by=cast.association, by=cast.manager, now=NOW)

    assert sorted(Letter.objects.values_list("to", flat=True)) == ["official@example.org", "other-official@example.org"]
    (letter,) = letters_to("official")
    assert ("of the agency" in letter.text, "of the commune" in letter.text) == (True, False)


def test_who_speaks_for_two_gets_one_letter(cast: Cast) -> None:
    MembershipFactory.create(user=cast.official, organisation=cast.other_agency)
    published_meeting(host=cast.agency, pledges=[{}, {"responsible": cast.other_agency}], now=NOW)
    (letter,) = letters_to("official")
    assert [name in letter.text for name in (cast.agency.name_ar, cast.other_agency.name_ar)] == [True, True]


def test_who_has_left_is_not_written_to(cast: Cast) -> None:
    cast.official.is_active = False
    cast.official.save()
    published_pledge(responsible=cast.agency, now=NOW)
    assert list(Letter.objects.all()) == []


def test_that_a_pledge_is_addressed_to_them_nobody_turns_off(cast: Cast) -> None:
    for sort in MailTurnedOff.Sort.values:
        MailTurnedOff.objects.create(user=cast.official, sort=sort)
    published_pledge(responsible=cast.agency, now=NOW)
    assert len(letters_to("official")) == 1


def look(cast: Cast, pledge: Pledge, verdict: Pledge.Assessment, text: str = "") -> None:
    """The association says what it found."""
    told = {"by": cast.secretary, "organisation": cast.association, "day": NOW.date(), "text": text, "now": NOW}
    assess(pledge, verdict=verdict, **told)  # type: ignore[arg-type]  # one of each


def test_a_dispute_is_told_at_once_and_each_time(cast: Cast) -> None:
    pledge = published_pledge(title="a patrol", responsible=cast.agency, now=NOW)
    pledge.neighbourhoods.set([cast.neighbourhood])
    Letter.objects.all().delete()
    cast.official.language = "en"
    cast.official.save()

    look(cast, pledge, Pledge.Assessment.CONFIRMED)
    assert letters_to("official") == []
    look(cast, pledge, Pledge.Assessment.DISPUTED, "nobody came, says Hassan")
    (letter,) = letters_to("official")
    assert plain(letter.subject) == "An association disputes a pledge: a patrol"
    assert f"{cast.association.name_en} looked at this pledge and disputes it." in plain(letter.text)
    assert "Hassan" not in letter.text + letter.html
    answer(pledge, status=Pledge.Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, text="so", now=NOW)
    look(cast, pledge, Pledge.Assessment.DISPUTED, "still nobody")
    assert len(letters_to("official")) == 2
    assert [len(letters_to(part)) for part in ("headquarters-official", "secretary", "other-official")] == [0, 0, 0]


def test_who_turned_disputes_off_is_not_told_and_a_colleague_is(cast: Cast) -> None:
    colleague = UserFactory.create(email="colleague@example.org")
    MembershipFactory.create(user=colleague, organisation=cast.agency)
    pledge = published_pledge(responsible=cast.agency, now=NOW)
    pledge.neighbourhoods.set([cast.neighbourhood])
    Letter.objects.all().delete()
    MailTurnedOff.objects.create(user=cast.official, sort="disputed")
    look(cast, pledge, Pledge.Assessment.DISPUTED, "no")
    assert list(Letter.objects.values_list("to", flat=True)) == ["colleague@example.org"]


@pytest.fixture
def logged(cast: Cast) -> Pledge:
    """A pledge of two that an association logged; nobody has been written to yet, and the official reads English."""
    meeting = published_meeting(
        host=cast.agency, logged_by=cast.association, by=cast.manager, now=NOW, held_on=date(2026, 4, 1),
        pledges=[{"title": "a patrol"}, {"title": "lamps", "responsible": cast.other_agency}],
    )  # fmt: skip
    Letter.objects.all().delete()
    cast.official.language = "en"
    cast.official.save()
    return meeting.pledges.get(number=1)


def test_who_answers_is_told_that_the_words_were_corrected_and_not_of_how_they_are_filed(
    cast: Cast, logged: Pledge
) -> None:
    told: dict[str, Any] = {"reason": "Hassan misheard", "by": cast.manager, "now": NOW}
    correct_pledge(logged, changes={"kind": PledgeKind.objects.get(slug="lighting")}, **told)
    assert list(Letter.objects.all()) == []
    correct_pledge(logged, changes={"title": "two patrols"}, **told)
    (letter,) = Letter.objects.all()
    assert (letter.to, plain(letter.subject)) == (cast.official.email, "A pledge of yours was corrected: two patrols")
    assert f"/en/inbox/pledges/{logged.pk}/" in letter.text
    assert "Hassan" not in letter.text + letter.html


def test_who_took_a_pledge_over_is_not_asked_whether_another_one_said_so(cast: Cast, logged: Pledge) -> None:
    told: dict[str, Any] = {"now": NOW}
    offer(logged, to=cast.other_agency, by=cast.official, organisation=cast.agency, text="theirs", **told)
    answer_offer(logged, is_accepted=True, by=cast.other_official, organisation=cast.other_agency, **told)
    Letter.objects.all().delete()
    cast.other_official.language = "en"
    cast.other_official.save()
    correct_pledge(logged, changes={"title": "two patrols"}, reason="misheard", by=cast.manager, now=NOW)
    (letter,) = Letter.objects.all()
    read = plain(" ".join(letter.text.split()))
    assert letter.to == cast.other_official.email
    assert "what was said" not in read
    assert f"{cast.agency.name_en} promised it, and you answer for it" in read


def test_who_answers_is_told_that_a_pledge_was_withdrawn(cast: Cast, logged: Pledge) -> None:
    withdraw_pledge(logged, reason="Hassan misheard", by=cast.manager, now=NOW)
    (letter,) = Letter.objects.all()
    assert (letter.to, letter.subject) == (cast.official.email, "1 pledge was withdrawn from the record")
    assert f"/en/pledges/{logged.pk}/" in letter.text
    assert "Hassan" not in letter.text + letter.html
    withdraw_meeting(logged.meeting, reason="never held", by=cast.manager, now=NOW)
    assert [len(letters_to(part)) for part in ("official", "other-official")] == [1, 1]


def test_who_looked_at_a_pledge_is_told_that_it_was_withdrawn_and_not_who_withdrew_it(
    cast: Cast, logged: Pledge
) -> None:
    logged.neighbourhoods.set([cast.neighbourhood])
    cast.other_association.neighbourhoods.add(cast.neighbourhood)
    told: dict[str, Any] = {"verdict": Pledge.Assessment.CONFIRMED, "day": NOW.date(), "now": NOW}
    assess(logged, by=cast.secretary, organisation=cast.association, **told)
    assess(logged, by=cast.other_member, organisation=cast.other_association, **told)
    withdraw_meeting(logged.meeting, reason="never held", by=cast.manager, now=NOW)
    told_to = sorted(Letter.objects.values_list("to", flat=True))
    assert told_to == sorted([cast.official.email, cast.other_official.email, cast.other_member.email])


def test_a_forgotten_pledge_is_told_as_added_later(cast: Cast, logged: Pledge) -> None:
    changes = {"title": "lights", "kind": PledgeKind.objects.get(slug="lighting"), "responsible": cast.agency}
    add_pledge(logged.meeting, changes=changes, reason="it was forgotten", by=cast.manager, now=NOW)
    (letter,) = Letter.objects.all()
    assert "which was published earlier, a pledge was added that had been forgotten" in " ".join(letter.text.split())
