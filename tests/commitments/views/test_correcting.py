"""Correcting any part of a published record: old, new and reason stay readable, and nothing else is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from commitments.correcting import correct_part, correct_pledge, withdraw_pledge
from commitments.models import Pledge
from commitments.moderation import redact
from commitments.rebuilding import rebuild
from commitments.speaking import answer, assess
from ledger.models import Entry
from mail.models import Letter
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import Sent, form_in, signed_in
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    NeighbourhoodFactory,
    ParticipantFactory,
    SourceFactory,
    published_pledge,
)
from tests.reading import words
from tests.remembering import remembered

SECRET = "Hidden Name"


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.fixture
@remembered
def pledge(cast: Cast) -> Pledge:
    """A pledge of a meeting with two participants, a concern and a source."""
    meeting = MeetingFactory.create(
        title="Security", host=cast.agency, logged_by=cast.association, neighbourhoods=[cast.neighbourhood],
        language="en",
    )  # fmt: skip
    ParticipantFactory.create(meeting=meeting, name="Said Chief", role="chief", naming="public_role", side="agency")
    ParticipantFactory.create(meeting=meeting, name=SECRET, role="resident")
    ConcernFactory.create(meeting=meeting, text="thefts", request="more patrols")
    SourceFactory.create(meeting=meeting, title="minutes")
    return published_pledge(by=cast.manager, meeting=meeting, title="a patrol", place="the gate", timing="recurring")


def at(pledge: Pledge, part: str, *, of_pledge: bool = False) -> str:
    subject = f"pledges/{pledge.pk}" if of_pledge else f"meetings/{pledge.meeting_id}"
    return f"/en/workspace/{subject}/correct/{part}/"


def corrected(client: Client, address: str, **changes: Any) -> tuple[str, Any]:
    """What the check page shows, and the answer once that is confirmed."""
    sent: Sent = {**form_in(client.get(address)), "reason": "misheard", **changes}
    checked = client.post(address, sent)
    return words(checked), client.post(address, sent | {"confirm": "1"})


def public(pledge: Pledge) -> str:
    return words(Client().get(f"/en/meetings/{pledge.meeting_id}/"))


def last(pledge: Pledge) -> dict[str, Any]:
    entry = Entry.objects.filter(kind="corrected").latest("pk")
    return {name: value for name, value in entry.fields.items() if name != "names"}


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=days) for days in range(count)]


def drifts() -> list[object]:
    return list(rebuild(repair=False))


def test_a_participants_role_is_corrected_and_both_stay_readable(manager: Client, pledge: Pledge) -> None:
    checked, response = corrected(manager, at(pledge, "participant-1"), role="deputy chief")
    assert "Participant 1 before: Said Chief · chief" in checked
    assert response.url.endswith("/published/")
    page = public(pledge)
    assert "Said Chief · deputy chief · agency" in page
    assert "Said Chief · chief · agency" in page
    assert "misheard" in page
    assert drifts() == []


def test_the_name_of_somebody_unnamed_never_reaches_the_ledger(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "participant-2")
    assert form_in(manager.get(address))["name"] == SECRET
    checked, _response = corrected(manager, address, role="mother", name=f"{SECRET} II")
    assert SECRET not in checked.split("before:")[1]
    assert not any(SECRET in str(entry.fields) for entry in Entry.objects.all())
    unchanged, response = corrected(manager, address, name="Other Name")
    assert "The name is not shown, so it is no part of the record" in unchanged
    assert form_in(response)["name"] == "Other Name"
    assert "Nothing has been changed." in corrected(manager, address)[0]
    assert response.status_code == 422
    assert drifts() == []


def test_one_who_was_forgotten_is_added_with_a_number_that_none_had(manager: Client, pledge: Pledge) -> None:
    corrected(manager, at(pledge, "participant-2"), take_away="on")
    checked, _response = corrected(manager, at(pledge, "participant-new"), role="teacher")
    assert "before: not in the record after: teacher" in checked
    meeting = Meeting.objects.get()
    assert list(meeting.participants.values_list("number", "role")) == [(1, "chief"), (3, "teacher")]
    assert "Participant 2 before: resident" in public(pledge)
    assert "after: taken out of the record" in public(pledge)
    assert drifts() == []


@pytest.mark.parametrize(
    ("part", "changes", "shown"),
    [
        (
            "concern-1",
            {"text": "burglaries"},
            "before: theft · thefts · more patrols after: theft · burglaries",
        ),
        ("source-1", {"title": "the minutes"}, "Source 1 before: minutes · "),
        (
            "concern-new",
            {"theme": "noise", "text": "noise at night"},
            "before: not in the record after: noise",
        ),
        ("source-1", {"take_away": "on"}, "after: taken out of the record"),
        ("when", {"format": "walk"}, "before: in person after: walk through the neighbourhood"),
        ("subject", {"language": "fr"}, "before: English after: French"),
    ],
)
def test_each_part_is_corrected_in_words(
    manager: Client, pledge: Pledge, part: str, changes: dict[str, str], shown: str
) -> None:
    checked, response = corrected(manager, at(pledge, part), **changes)
    assert shown in checked
    assert response.status_code == 302
    assert shown in public(pledge)
    assert drifts() == []


def test_host_and_neighbourhoods_are_corrected_by_their_names(cast: Cast, manager: Client, pledge: Pledge) -> None:
    place = NeighbourhoodFactory.create(slug="other", name_en="Other quarter")
    cast.headquarters.name_en = "Headquarters"
    cast.headquarters.save()
    changes = {"host": str(cast.headquarters.pk), "neighbourhoods": [str(place.pk)]}
    checked, _response = corrected(manager, at(pledge, "where"), **changes)
    assert "after: Headquarters" in checked
    assert "Other quarter" in checked.split("Neighbourhoods concerned")[1]
    assert last(pledge) == {
        "old_host": "district", "new_host": "headquarters", "old_neighbourhoods": ["tamersit"],
        "new_neighbourhoods": ["other"], "reason": "misheard",
    }  # fmt: skip
    assert "Headquarters" in public(pledge).split("The record was corrected")[1]
    assert [each.slug for each in pledge.neighbourhoods.all()] == ["tamersit"]
    assert drifts() == []


def test_what_a_pledge_refers_to_is_not_taken_away(cast: Cast, manager: Client, pledge: Pledge) -> None:
    said_by = pledge.meeting.participants.get(number=1)
    concern = pledge.meeting.concerns.get()
    corrected(manager, at(pledge, "who", of_pledge=True), said_by=str(said_by.pk), concerns=[str(concern.pk)])
    assert (last(pledge)["new_said_by"], last(pledge)["new_concerns"]) == (1, [1])
    for part, sentence in [
        ("participant-1", "was said by this participant"),
        ("concern-1", "answers this concern"),
    ]:
        _checked, response = corrected(manager, at(pledge, part), take_away="on")
        assert (response.status_code, sentence in words(response)) == (422, True)
    assert drifts() == []


def test_a_wrong_agency_is_corrected_before_any_answer_and_both_are_told(
    cast: Cast, manager: Client, pledge: Pledge
) -> None:
    Letter.objects.all().delete()
    corrected(manager, at(pledge, "who", of_pledge=True), responsible=str(cast.other_agency.pk))
    pledge.refresh_from_db()
    assert (pledge.responsible, pledge.promised_by) == (cast.other_agency, None)
    assert (pledge.clock_from, pledge.is_silent(timezone.localdate())) == (timezone.localdate(), False)
    assert Pledge.objects.matching(cast.other_agency.name_fr).exists()
    told = dict(Letter.objects.values_list("to", "subject"))
    assert set(told) == {"official@example.org", "other-official@example.org"}
    assert drifts() == []


def test_after_an_answer_the_agency_hands_it_over_itself(cast: Cast, manager: Client, pledge: Pledge) -> None:
    status = Pledge.Status.ACKNOWLEDGED
    answer(pledge, status=status, by=cast.official, organisation=cast.agency, now=timezone.now())
    address = at(pledge, "who", of_pledge=True)
    _checked, response = corrected(manager, address, responsible=str(cast.other_agency.pk))
    assert response.status_code == 422
    assert "If it is another one’s, the agency itself hands it over, from its desk." in words(response)


def test_a_correction_is_warned_of_like_a_draft(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "subject")
    told = {"summary": f"Ask {SECRET}", "reason": "the number is 06 12 34 56 78"}
    sent = form_in(manager.get(address)) | told
    checked = words(manager.post(address, sent))
    assert "a telephone number" in checked
    assert "who takes part without being named" in checked
    response: Any = manager.post(address, sent | {"confirm": "1"})
    assert (response.status_code, form_in(response)["summary"]) == (422, told["summary"])
    assert "Say that you have read the warnings" in words(response)
    assert not Entry.objects.filter(kind="corrected").exists()
    assert manager.post(address, sent | {"confirm": "1", "has_read": "on"}).status_code == 302
    assert Entry.objects.filter(kind="corrected").count() == 1


@pytest.mark.parametrize("whole", ["meetings", "pledges"])
def test_the_reason_of_a_withdrawal_is_warned_of_like_a_correction(manager: Client, pledge: Pledge, whole: str) -> None:
    address = f"/en/workspace/{whole}/{pledge.meeting_id if whole == 'meetings' else pledge.pk}/withdraw/"
    asked: Any = manager.post(address, form_in(manager.get(address)) | {"reason": f"{SECRET} asked us to"})
    assert (asked.status_code, "who takes part without being named" in words(asked)) == (200, True)
    sent = form_in(asked)
    refused: Any = manager.post(address, sent)
    assert (refused.status_code, "Say that you have read the warnings" in words(refused)) == (422, True)
    assert not Entry.objects.filter(kind="withdrawn").exists()
    assert manager.post(address, sent | {"has_read": "on"}).status_code == 302
    assert Entry.objects.filter(kind="withdrawn").exists()


def test_a_forgotten_participant_is_somebody_whom_others_can_see(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "participant-new")
    response: Any = manager.post(address, form_in(manager.get(address)) | {"name": "Karim", "reason": "forgotten"})
    assert response.status_code == 422
    assert "Nobody would see anything of this person" in words(response)


def test_who_withdraws_reads_first_whose_words_stand_there(cast: Cast, manager: Client, pledge: Pledge) -> None:
    address = f"/en/workspace/meetings/{pledge.meeting_id}/withdraw/"
    assert "spoken of" not in words(manager.get(address))
    told: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": timezone.now()}
    answer(pledge, status=Pledge.Status.ACKNOWLEDGED, **told)
    page = words(manager.get(address))
    assert "1 pledge has been spoken of by who answers for it. What they said stays readable" in page
    own = f"/en/workspace/pledges/{pledge.pk}/"
    withdraw_pledge(pledge, reason="twice", by=cast.manager, now=timezone.now())
    leads: Any = signed_in(cast.other_member).get(own)
    assert leads.url == f"/en/pledges/{pledge.pk}/"


def test_a_withdrawn_pledge_is_marked_at_the_desk_too(cast: Cast, manager: Client, pledge: Pledge) -> None:
    withdraw_pledge(pledge, reason="twice", by=cast.manager, now=timezone.now())
    page = words(manager.get(f"/en/workspace/meetings/{pledge.meeting_id}/published/"))
    assert "a patrol withdrawn from the record" in page
    own = words(manager.get(f"/en/workspace/pledges/{pledge.pk}/"))
    assert "This record was withdrawn and counts nowhere." in own
    assert "wording: no reply from the agency yet" not in own


def test_days_hours_and_pauses_are_corrected_in_words(manager: Client, pledge: Pledge) -> None:
    hours = {"opens_1": "08:00", "closes_1": "09:30", "opens_2": "17:00", "closes_2": "18:00"}
    changes = {"repeats": "weekly", "weekdays": ["MO", "FR"], "except_days": "1/7/2026 – 31/8/2026"} | hours
    checked, _response = corrected(manager, at(pledge, "when", of_pledge=True), **changes)
    assert "Every week: Monday, Friday" in checked
    coming = [day for day in days_from(timezone.localdate(), 21) if day.weekday() in {0, 4}][:5]
    assert f"Next days: {' · '.join(f'{day:%A} {day.day} {day:%B %Y}' for day in coming)} Last days:" in checked
    pledge.refresh_from_db()
    assert (pledge.rule, pledge.windows, pledge.pauses) == (
        "FREQ=WEEKLY;BYDAY=MO,FR",
        [["08:00", "09:30"], ["17:00", "18:00"]],
        [["2026-07-01", "2026-08-31"]],
    )
    page = words(Client().get(f"/en/pledges/{pledge.pk}/"))
    assert "Every week: Monday, Friday" in page.split("The record was corrected")[1]
    assert drifts() == []


def test_what_no_longer_recurs_loses_its_days_by_one_choice(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "when", of_pledge=True)
    corrected(manager, address, repeats="daily", opens_1="08:00", closes_1="09:00")
    pledge.refresh_from_db()
    assert (pledge.timing, pledge.rule, pledge.windows) == ("recurring", "FREQ=DAILY", [["08:00", "09:00"]])
    checked, _response = corrected(manager, address, timing="ongoing")
    assert "Every day" in checked
    assert "Next days:" not in checked
    pledge.refresh_from_db()
    assert (pledge.timing, pledge.rule, pledge.windows) == ("ongoing", "", [])
    corrected(manager, address, opens_1="10:00", closes_1="12:00")
    pledge.refresh_from_db()
    assert pledge.windows == [["10:00", "12:00"]]
    assert drifts() == []


@pytest.mark.parametrize(("field", "typed"), [("closes_1", "00:00"), ("month_day", "40"), ("except_days", "July")])
def test_hours_that_cannot_be_read_say_so_and_stay(manager: Client, pledge: Pledge, field: str, typed: str) -> None:
    address = at(pledge, "when", of_pledge=True)
    response = manager.post(address, form_in(manager.get(address)) | {field: typed, "reason": "why"})
    assert (response.status_code, form_in(response)[field]) == (422, typed)


def test_what_was_kept_from_the_public_stays_so(cast: Cast, manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "where", of_pledge=True)
    corrected(manager, address, is_place_restricted="on")
    assert "is_place_restricted" not in form_in(manager.get(address))
    assert "the gate" not in words(Client().get(f"/en/pledges/{pledge.pk}/"))
    pledge.refresh_from_db()
    changes = {"is_place_restricted": False}
    with pytest.raises(ValidationError):
        correct_pledge(pledge, changes=changes, reason="r", by=cast.manager, now=timezone.now())
    assert drifts() == []


def test_who_corrects_what_is_kept_from_the_public_is_told_what_everybody_will_read(
    manager: Client, pledge: Pledge
) -> None:
    sentence = "of them everybody reads only that they were corrected, and your reason."
    where = at(pledge, "where", of_pledge=True)
    assert sentence not in corrected(manager, where, place="the square")[0]
    checked, _response = corrected(manager, where, is_place_restricted="on")
    assert sentence not in checked
    checked, _response = corrected(manager, where, place="the back gate")
    assert sentence in checked
    assert "the back gate" not in words(Client().get(f"/en/pledges/{pledge.pk}/"))


def test_words_of_a_corrected_part_are_redacted_old_and_new(cast: Cast, pledge: Pledge) -> None:
    now, meeting = timezone.now(), pledge.meeting
    changes = {"text": "thefts by X", "request": "", "theme": "theft", "place": ""}
    entry = correct_part(meeting, "concern", 1, changes=changes, reason="r", by=cast.manager, now=now)
    redact(entry, fields=["new_concern_1"], reason="r", by=cast.moderator, now=now)
    assert "thefts by X" not in public(pledge)
    assert meeting.concerns.get().is_redacted
    assert drifts() == []


def test_what_was_redacted_is_not_offered_for_correction(cast: Cast, manager: Client, pledge: Pledge) -> None:
    published = pledge.meeting.stream.entries.get(kind="published")  # type: ignore[union-attr]
    redact(published, fields=["concern_1"], reason="r", by=cast.moderator, now=timezone.now())
    assert manager.get(at(pledge, "concern-1")).status_code == 404
    assert "concern-1" not in manager.get(f"/en/workspace/meetings/{pledge.meeting_id}/correct/").content.decode()


@pytest.mark.parametrize("part", ["concern-9", "concern-٢", "concern-", "pledge-1", "x", "concern-99999999999"])
def test_what_is_no_part_of_the_record_is_not_found(manager: Client, pledge: Pledge, part: str) -> None:
    assert manager.get(at(pledge, part)).status_code == 404


def test_two_who_take_the_same_one_away_are_told(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "source-1")
    sent = {**form_in(manager.get(address)), "take_away": "on", "reason": "why", "confirm": "1"}
    assert manager.post(address, sent).status_code == 302
    assert manager.post(address, sent).status_code == 404


def test_what_somebody_said_in_between_is_shown_first(manager: Client, pledge: Pledge) -> None:
    address = at(pledge, "participant-1")
    sent = {**form_in(manager.get(address)), "role": "deputy", "reason": "why", "confirm": "1"}
    corrected(manager, at(pledge, "concern-1"), text="burglaries")
    response = manager.post(address, sent)
    assert response.status_code == 409
    assert "Concern 1" in words(response)
    assert manager.post(address, form_in(response) | {"confirm": "1"}).status_code == 302


@pytest.mark.parametrize("page", ["meetings", "pledges"])
def test_one_page_leads_to_every_part(manager: Client, pledge: Pledge, page: str) -> None:
    pk = pledge.meeting_id if page == "meetings" else pledge.pk
    chooser = f"/en/workspace/{page}/{pk}/correct/"
    text = manager.get(chooser).content.decode()
    parts = {
        "meetings": (
            "subject",
            "when",
            "where",
            "present",
            "participant-2",
            "participant-new",
            "source-1",
            "concern-1",
        ),
        "pledges": ("what", "who", "where", "when"),
    }[page]
    for part in parts:
        assert f'href="{chooser}{part}/"' in text
        assert manager.get(f"{chooser}{part}/").status_code == 200


def test_a_withdrawn_record_still_shows_what_it_said_and_why(manager: Client, pledge: Pledge) -> None:
    corrected(manager, at(pledge, "participant-1"), role="deputy chief")
    address = f"/en/workspace/meetings/{pledge.meeting_id}/withdraw/"
    manager.post(address, form_in(manager.get(address)) | {"reason": "held elsewhere"})
    page = public(pledge)
    for told in ("thefts", "Said Chief · chief", "deputy chief", "misheard", "held elsewhere", "Association"):
        assert told in page
    assert "a patrol" in words(Client().get(f"/en/pledges/{pledge.pk}/"))


def test_a_change_of_mind_is_a_new_entry_beside_the_old_one(cast: Cast, pledge: Pledge) -> None:
    voice: dict[str, Any] = {"by": cast.secretary, "organisation": cast.association, "now": timezone.now()}
    for verdict, text in ((Pledge.Assessment.DISPUTED, "nobody came"), (Pledge.Assessment.CONFIRMED, "now they come")):
        assess(pledge, verdict=verdict, day=timezone.localdate(), text=text, **voice)
    page = words(Client().get(f"/en/pledges/{pledge.pk}/"))
    told = [page.index(each, page.index("now they come")) for each in ("now they come", "nobody came")]
    assert told == sorted(told)
    assert "An association confirms it" in page
    assert "An association disputes it" in page


def test_a_manager_lets_members_publish(cast: Cast, manager: Client) -> None:
    address = "/en/desk/members/hay/publishing/"
    sent = form_in(manager.get("/en/desk/members/hay/"), address)
    manager.post(address, sent | {"members_may_publish": "on"})
    cast.association.refresh_from_db()
    draft = MeetingFactory.create(logged_by=cast.association)
    assert cast.secretary.has_perm("meetings.publish_meeting", draft)
    assert form_in(manager.get("/en/desk/members/hay/"), address)["members_may_publish"] == ["on"]
    manager.post(address, {})
    cast.association.refresh_from_db()
    assert cast.association.members_may_publish is False
