"""What the letter says, in Arabic and in French: what was promised, when, and what was heard since."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commitments.correcting import correct_pledge, withdraw_meeting
from commitments.formal_letter import FormalLetter, Kind, Sender, compose, kinds_for
from commitments.handover import answer_offer, offer
from commitments.models import AgendaItem, Pledge
from commitments.moderation import redact
from commitments.occurrences import log_occurrence
from commitments.publishing import publish
from commitments.schedules import Occurrence
from commitments.speaking import answer, reply_to_wording
from ledger.models import Entry
from meetings.models import Meeting
from tests.cast import Cast
from tests.factories import ConcernFactory, MeetingFactory, ParticipantFactory, published_meeting

# A Friday; the meeting was on Monday 2 March, and published on the day after.
ON = date(2026, 7, 17)
Status, Wording = Pledge.Status, Pledge.Wording
FIRST, LAST = "\u2068", "\u2069"


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def promised(cast: Cast, **fields: Any) -> Pledge:
    meeting = published_meeting(
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
        by=cast.manager,
        pledges=[{"title": "دورية ليلية قرب الثانوية"} | fields],
    )
    pledge: Pledge = meeting.pledges.get()
    return pledge


def tell(cast: Cast, pledge: Pledge, status: Pledge.Status, on: date, text: str = "so") -> None:
    answer(pledge, status=status, by=cast.official, organisation=cast.agency, text=text, now=moment(on))


def written(
    cast: Cast, pledge: Pledge, *, language: str = "fr", kind: Kind = Kind.REMINDER, on: date = ON
) -> FormalLetter:
    known = Pledge.objects.select_related("meeting__host", "responsible__parent").get(pk=pledge.pk)
    return compose(known, kind=kind, language=language, sender=Sender(cast.association), on=on)


def stated(cast: Cast, pledge: Pledge, on: date, outcome: str, *, is_together: bool = False, **said: Any) -> Meeting:
    """A later meeting whose minutes state something of the pledge."""
    meeting: Meeting = MeetingFactory.create(host=cast.agency, logged_by=cast.association, held_on=on)
    if is_together:
        ParticipantFactory.create(meeting=meeting, organisation=cast.agency, role="chef", side="agency")
        said["agreed_with"] = cast.agency
    AgendaItem.objects.create(meeting=meeting, number=1, pledge=pledge, outcome=outcome, **said)
    ConcernFactory.create(meeting=meeting)
    publish(meeting, by=cast.manager, now=moment(on))
    return meeting


def test_what_later_meetings_stated_is_in_it_with_who_stated_it(cast: Cast) -> None:
    pledge = promised(cast)
    tell(cast, pledge, Status.IN_PROGRESS, date(2026, 3, 20), "bientôt")
    stated(cast, pledge, date(2026, 4, 6), "still_to_do", is_together=True, due_on=date(2026, 6, 1))
    tell(cast, pledge, Status.IN_PROGRESS, date(2026, 4, 20), "encore un peu")
    stated(cast, pledge, date(2026, 5, 4), "given_up", remark="Le chef est parti.")
    letter = written(cast, pledge)
    minutes = f"selon le compte rendu de l’association «\u00a0{FIRST}{cast.association.name_fr}{LAST}\u00a0»"
    assert [(each.day, each.heading, each.speaker, each.text, list(each.more)) for each in letter.heard] == [
        ("20 mars 2026", "en cours", cast.agency.name_fr, "bientôt", []),
        (
            "6 avril 2026",
            "Les deux parties ont déclaré lors d’une rencontre\u00a0: reste à faire",
            minutes,
            "",
            ["Nouvelle échéance\u00a0: 1 juin 2026."],
        ),
        ("20 avril 2026", "en cours", cast.agency.name_fr, "encore un peu", []),
        (
            "4 mai 2026",
            "L’association seule a déclaré lors d’une rencontre\u00a0: abandonné",
            minutes,
            "Le chef est parti.",
            [],
        ),
    ]
    arabic = written(cast, pledge, language="ar").heard[-1]
    assert (arabic.day, arabic.heading) == ("4 ماي 2026", "صرّحت الجمعية وحدها في لقاء: جرى التخلّي عنه")
    assert arabic.speaker == f"حسب محضر {FIRST}{cast.association.name_ar}{LAST}"


def test_a_statement_that_attendance_does_not_bear_out_says_so_in_the_letter(cast: Cast) -> None:
    pledge = promised(cast)
    meeting = stated(cast, pledge, date(2026, 4, 6), "partly", is_together=True)
    meeting.participants.update(attendance="excused")
    sentence = f"personne du service «\u00a0{FIRST}{cast.agency.name_fr}{LAST}\u00a0» n’est inscrit comme présent"
    assert [sentence in each for each in written(cast, pledge).heard[0].more] == [True]


def test_what_no_meeting_stands_for_is_not_in_it(cast: Cast) -> None:
    pledge = promised(cast)
    stated(cast, pledge, date(2026, 4, 6), "not_discussed")
    withdrawn = stated(cast, pledge, date(2026, 4, 7), "carried_out")
    withdraw_meeting(withdrawn, reason="held elsewhere", by=cast.manager, now=moment(date(2026, 4, 8)))
    assert written(cast, pledge).heard == []


def test_of_many_meetings_the_latest_are_told_and_the_others_counted(cast: Cast) -> None:
    pledge = promised(cast)
    for day in (6, 7, 8, 9):
        stated(cast, pledge, date(2026, 4, day), "partly")
    letter = written(cast, pledge)
    assert [each.day for each in letter.heard] == ["8 avril 2026", "9 avril 2026"]
    assert letter.heard_in_sum[0] == (
        "Il en a aussi été question lors de 2 rencontres antérieures, à lire à l’adresse ci-dessous."
    )


def test_a_letter_in_french_holds_the_facts(cast: Cast) -> None:
    pledge = promised(cast, timing="by_date", due_on=date(2026, 6, 30))
    tell(cast, pledge, Status.IN_PROGRESS, date(2026, 7, 10), "Les hommes sont désignés.")
    letter = written(cast, pledge)
    host = f"{FIRST}{cast.agency.name_fr}{LAST}"
    assert (letter.direction, letter.to, letter.copy_to, letter.day) == (
        "ltr",
        cast.agency.name_fr,
        "",
        "17 juillet 2026",
    )
    assert letter.subject == "suite donnée à l’engagement pris le 2 mars 2026"
    assert letter.opening.startswith(f"Lors de la rencontre du 2 mars 2026 (hôte\u00a0: {host}\u202f; lieu\u00a0: ")
    assert f"{FIRST}مقر منطقة الأمن{LAST}" in letter.opening
    assert (letter.promise, letter.promise_language) == ("دورية ليلية قرب الثانوية", "ar")
    assert letter.notes == ["Échéance annoncée\u00a0: 30 juin 2026."]
    assert [tuple(each) for each in letter.heard] == [
        ("10 juillet 2026", "en cours", cast.agency.name_fr, "Les hommes sont désignés.", ())
    ]
    assert letter.heard_in_sum == []
    assert letter.clocks == ["Depuis votre dernière réponse, le 10 juillet 2026, 5 jours ouvrables se sont écoulés."]
    assert letter.public_address.endswith(f"/fr/pledges/{pledge.pk}/")


def test_a_letter_in_arabic_holds_the_facts(cast: Cast) -> None:
    pledge = promised(cast)
    letter = written(cast, pledge, language="ar", kind=Kind.REQUEST, on=date(2026, 4, 3))
    assert (letter.direction, letter.to, letter.day) == ("rtl", cast.agency.name_ar, "3 أبريل 2026")
    assert letter.subject == "طلب الحصول على معلومات (القانون رقم 31.13) حول مآل التعهّد الصادر بتاريخ 2 مارس 2026"
    assert letter.heard == []
    assert letter.heard_in_sum == ["لا يتضمّن السجلّ العمومي إلى الآن أيّ جواب منكم في شأنه."]
    assert letter.clocks[0].endswith("يوم عمل على تسجيله باسمكم في السجلّ، بتاريخ 3 مارس 2026.")
    assert letter.public_address.endswith(f"/pledges/{pledge.pk}/")
    assert "/ar/" not in letter.public_address


def test_that_an_agency_contests_the_words_is_never_left_out(cast: Cast) -> None:
    pledge = promised(cast)
    reply_to_wording(
        pledge,
        wording=Wording.NOT_SAID,
        text="Nous avons dit que nous l’étudierions.",
        by=cast.official,
        organisation=cast.agency,
        now=moment(date(2026, 3, 4)),
    )
    for day in range(5, 11):
        tell(cast, pledge, Status.IN_PROGRESS, date(2026, 3, day))
    letter = written(cast, pledge)
    assert letter.notes == ["Votre réponse selon laquelle ce n’est pas ce qui a été dit figure ci-dessous."]
    assert [each.day for each in letter.heard] == ["4 mars 2026", "8 mars 2026", "9 mars 2026", "10 mars 2026"]
    assert letter.heard[0].text == "Nous avons dit que nous l’étudierions."
    assert letter.heard_in_sum == ["Et 3 autres réponses, à lire à l’adresse ci-dessous."]


def test_what_was_heard_stands_in_order_and_the_rest_only_in_number(cast: Cast) -> None:
    pledge = promised(cast)
    for day in range(5, 10):
        tell(cast, pledge, Status.IN_PROGRESS, date(2026, 3, day), f"mot {day}")
    tell(cast, pledge, Status.ACKNOWLEDGED, date(2026, 3, 11), "x" * 200)
    letter = written(cast, pledge)
    assert [each.day for each in letter.heard] == ["7 mars 2026", "8 mars 2026", "9 mars 2026", "11 mars 2026"]
    assert letter.heard[-1].text == "x" * 159 + "…"
    assert letter.heard_in_sum == ["Et 2 autres réponses, à lire à l’adresse ci-dessous."]


def test_neither_places_nor_hours_that_are_restricted_are_in_it(cast: Cast) -> None:
    pledge = promised(
        cast,
        place="خلف الملعب",
        is_place_restricted=True,
        timing="recurring",
        rule="FREQ=DAILY",
        windows=[["21:15", "22:45"]],
        is_time_restricted=True,
    )
    log_occurrence(
        pledge,
        occurrence=Occurrence(date(2026, 3, 5), "21:15"),
        was_carried_out=True,
        by=cast.official,
        organisation=cast.agency,
        now=moment(date(2026, 3, 6)),
    )
    for language in ("ar", "fr"):
        letter = repr(written(cast, pledge, language=language))
        assert [secret for secret in ("خلف الملعب", "21:15", "22:45") if secret in letter] == []
    assert written(cast, pledge).heard_in_sum == ["Vous avez rendu compte de 1 passage prévu, celui du 5 mars 2026."]


def test_words_that_were_redacted_are_not_in_it(cast: Cast) -> None:
    pledge = promised(cast)
    tell(cast, pledge, Status.IN_PROGRESS, date(2026, 3, 5), "secret words")
    for number, field in ((1, "title"), (2, "text")):
        entry = Entry.objects.get(stream=pledge.stream, number=number)
        redact(entry, fields=[field], reason="a name", by=cast.moderator, now=moment(date(2026, 3, 6)))
    letter = written(cast, pledge)
    assert (letter.promise, letter.heard[0].text) == ("", "")
    assert not any(secret in repr(letter) for secret in ("secret words", "دورية"))


def test_the_agency_above_gets_a_copy_once_the_silence_is_long(cast: Cast) -> None:
    pledge = promised(cast)
    assert written(cast, pledge, on=date(2026, 4, 10)).copy_to == ""
    assert written(cast, pledge).copy_to == cast.headquarters.name_fr


def test_a_pledge_that_was_taken_over_says_who_made_it(cast: Cast) -> None:
    pledge = promised(cast)
    day = moment(date(2026, 3, 5))
    offer(pledge, to=cast.other_agency, text="theirs", by=cast.official, organisation=cast.agency, now=day)
    pledge.refresh_from_db()
    answer_offer(pledge, is_accepted=True, by=cast.other_official, organisation=cast.other_agency, now=day)
    letter = written(cast, pledge)
    assert letter.to == cast.other_agency.name_fr
    assert (
        f"(service\u00a0: {FIRST}{cast.agency.name_fr}{LAST}), dont vous avez depuis accepté de répondre"
        in letter.opening
    )


def test_what_was_said_to_go_on_says_since_when_no_sign_of_it_is_known(cast: Cast) -> None:
    pledge = promised(cast, timing="ongoing")
    tell(cast, pledge, Status.KEPT, date(2026, 3, 5))
    sentence = (
        "Vous avez indiqué qu’il se poursuit\u202f; le registre n’en comporte plus de signe après le 4 avril 2026."
    )
    assert written(cast, pledge).clocks[-1] == sentence


def test_a_request_under_law_goes_to_public_bodies_alone(cast: Cast) -> None:
    theirs = promised(cast, responsible=cast.other_association)
    assert [kind for kind, _label in kinds_for(promised(cast))] == ["reminder", "request"]
    assert [kind for kind, _label in kinds_for(theirs)] == ["reminder"]


@pytest.mark.parametrize("fields", [{}, {"timing": "by_date", "due_on": date(2026, 5, 4)}, {"timing": "ongoing"}])
def test_one_pledge_awaits_a_word_on_the_same_days_as_among_all(cast: Cast, fields: dict[str, Any]) -> None:
    pledge = promised(cast, **fields)
    for status in (None, Status.IN_PROGRESS, Status.KEPT):
        if status:
            tell(cast, pledge, status, date(2026, 3, 20))
        for days in range(0, 90, 3):
            on = date(2026, 3, 4) + timedelta(days=days)
            assert pledge.awaits_word(on) == Pledge.objects.awaiting_word(on).filter(pk=pledge.pk).exists()


def test_what_was_said_of_words_that_were_corrected_since_says_so(cast: Cast) -> None:
    pledge = promised(cast)
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency}
    reply_to_wording(pledge, wording=Wording.AGREED, now=moment(date(2026, 3, 20)), **told)
    stated(cast, pledge, date(2026, 4, 6), "still_to_do", due_on=date(2026, 6, 1))
    pledge.refresh_from_db()
    correct_pledge(
        pledge, changes={"title": "دوريتان"}, reason="misheard", by=cast.manager, now=moment(date(2026, 4, 9))
    )
    tell(cast, pledge, Status.IN_PROGRESS, date(2026, 4, 20))
    earlier = "Dit de la formulation précédente, avant la rectification du 9 avril 2026."
    assert [list(each.more) for each in written(cast, pledge).heard] == [
        [earlier],
        [earlier, "Nouvelle échéance\u00a0: 1 juin 2026."],
        [],
    ]
    arabic = written(cast, pledge, language="ar").heard[0]
    assert list(arabic.more) == ["قيل هذا عن الصياغة السابقة، قبل تصحيح 9 أبريل 2026."]
