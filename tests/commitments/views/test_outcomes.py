"""What a meeting states of earlier pledges: who stated it is said, and no voice passes for another's."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from commitments.correcting import withdraw_meeting
from commitments.handover import answer_offer, offer
from commitments.rebuilding import rebuild
from ledger.models import Entry
from mail.models import Letter
from meetings.models import Meeting
from tests.cast import Cast
from tests.desk import form_in, signed_in
from tests.factories import MembershipFactory, ParticipantFactory, UserFactory
from tests.following import attended, by_alone, held, outcome, prepared, together_with
from tests.reading import links, words


@pytest.fixture
def manager(cast: Cast) -> Client:
    return signed_in(cast.manager)


@pytest.mark.parametrize("attendance", ["excused", None])
def test_who_only_hosts_or_is_excused_states_nothing(
    manager: Client, earlier: Meeting, cast: Cast, attendance: str | None
) -> None:
    meeting = prepared(manager, earlier)
    if attendance:
        attended(meeting, cast, attendance)
    page = words(manager.get(f"/en/workspace/meetings/{meeting.pk}/outcomes/"))
    assert "is listed as present among the participants; to host a meeting is not to state something at it." in page
    assert "The two sides together" not in page
    assert outcome(manager, meeting, outcome="partly", stated_by=together_with(cast.agency)).status_code == 422
    assert outcome(manager, meeting, outcome="partly").status_code == 302
    held(cast, meeting)
    assert "agreed_with" not in Entry.objects.get(kind="review").fields
    shown = words(Client().get(f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/"))
    assert "The association alone stated at a meeting: partly" in shown


def test_what_was_not_discussed_is_nobodys_statement(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    assert outcome(manager, meeting, outcome="not_discussed", stated_by=together_with(cast.agency)).status_code == 302
    held(cast, meeting)
    assert "agreed_with" not in Entry.objects.get(kind="review").fields
    shown = words(Client().get(f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/"))
    assert "Not discussed at the meeting of" in shown
    assert "stated at a meeting" not in shown


def test_a_statement_that_the_corrected_attendance_does_not_bear_out_says_so(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    outcome(manager, meeting, outcome="partly", stated_by=together_with(cast.agency))
    held(cast, meeting)
    shown = f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/"
    unheard = f"lists nobody of {cast.agency.name_en} as present."
    assert "The two sides stated at a meeting: partly" in words(Client().get(shown))
    assert unheard not in words(Client().get(shown))
    meeting.participants.filter(organisation=cast.agency).update(attendance="excused")
    assert unheard in words(Client().get(shown))
    assert unheard in words(Client().get(f"/en/meetings/{meeting.pk}/"))


def test_a_statement_of_a_withdrawn_meeting_leads_no_page(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = prepared(manager, earlier)
    outcome(manager, meeting, outcome="partly")
    held(cast, meeting)
    withdraw_meeting(meeting, reason="held elsewhere", by=cast.manager, now=timezone.now())
    shown = words(Client().get(f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/"))
    assert shown.count("The association alone stated at a meeting: partly") == 1  # in the history
    assert "As the minutes of" not in shown


def test_who_is_said_to_have_agreed_is_who_the_page_named(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    ParticipantFactory.create(meeting=meeting, role="x", organisation=cast.other_agency, side="agency")
    held(cast, meeting)
    address, item = f"/en/workspace/meetings/{meeting.pk}/outcomes/", meeting.agenda.exclude(pledge=None)[0]
    page = manager.get(address)
    assert f"The two sides together: the association and \u2068{cast.agency.name_en}\u2069" in words(page)
    sent = form_in(page) | {
        f"item-{item.pk}-outcome": "partly", f"item-{item.pk}-stated_by": together_with(cast.agency),
    }  # fmt: skip
    assert item.pledge
    told: dict[str, Any] = {"now": timezone.now()}
    offer(item.pledge, to=cast.other_agency, by=cast.official, organisation=cast.agency, text="theirs", **told)
    answer_offer(item.pledge, is_accepted=True, by=cast.other_official, organisation=cast.other_agency, **told)
    response = manager.post(address, sent)
    assert (response.status_code, Entry.objects.filter(kind="review").exists()) == (422, False)
    assert f"the association and \u2068{cast.other_agency.name_en}\u2069" in words(response)
    assert "Who could have stated it besides you is another one by now. Choose again." in words(response)


def test_nobody_is_chosen_as_agreeing_in_place_of_who_was_not_there(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    outcome(manager, meeting, outcome="partly", stated_by=together_with(cast.agency))
    held(cast, meeting)
    meeting.participants.filter(organisation=cast.agency).update(organisation=cast.headquarters)
    assert outcome(manager, meeting, outcome="partly", remark="two lamps of five").status_code == 302
    assert [each.fields.get("agreed_with") for each in Entry.objects.filter(kind="review")] == ["district", None]


def test_an_outcome_is_published_with_the_meeting_and_passes_for_no_other_voice(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    pledge = earlier.pledges.first()
    assert pledge
    meeting, agreed = attended(prepared(manager, earlier), cast), together_with(cast.agency)
    stated = outcome(manager, meeting, outcome="carried_out", remark="lamps are lit", stated_by=agreed)
    assert stated.status_code == 302
    assert not Entry.objects.filter(kind="review").exists()
    held(cast, meeting)
    review = Entry.objects.get(kind="review")
    assert review.fields == {
        "meeting": meeting.pk, "outcome": "carried_out", "text": "lamps are lit", "agreed_with": "district",
    }  # fmt: skip
    before = (pledge.status, pledge.assessment, pledge.silent_on)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.assessment, pledge.silent_on) == before
    page = words(manager.get(f"/en/pledges/{pledge.pk}/"))
    assert "The two sides stated at a meeting: carried out" in page
    assert "lamps are lit" in page
    assert list(rebuild(repair=False)) == []
    assert {"agenda_1", "agenda_2", "agenda_3"} <= set(Entry.objects.get(stream=meeting.stream, number=1).fields)
    minutes = words(Client().get(f"/en/meetings/{meeting.pk}/"))
    agenda = minutes.split("What was on the agenda")[1].split("What was promised")[0]
    read = (
        "Earlier pledges patrols What the minutes state of it: carried out · Stated by: the two sides together "
        "lamps are lit lamps Requests never answered more light"
    )
    assert " ".join(agenda.split()) == read


def test_what_the_agency_alone_stated_is_said_so_and_told_to_it(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    form = words(manager.get(f"/en/workspace/meetings/{meeting.pk}/outcomes/"))
    assert f"\u2068{cast.agency.name_en}\u2069 alone: the association only writes it down" in form
    assert (
        outcome(manager, meeting, outcome="partly", stated_by=by_alone(cast.agency), remark="say they").status_code
        == 302
    )
    assert "the agency alone, as the association’s minutes say" in words(
        manager.get(f"/en/workspace/meetings/{meeting.pk}/review/")
    )
    cast.official.language = "en"
    cast.official.save()
    Letter.objects.all().delete()
    held(cast, meeting)
    fields = Entry.objects.get(kind="review").fields
    assert (fields.get("stated_by"), "agreed_with" in fields) == ("district", False)
    for page in (f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/", f"/en/meetings/{meeting.pk}/"):
        assert "the association’s minutes say" in words(Client().get(page))
    (letter,) = Letter.objects.filter(to=cast.official.email, subject__contains="stated")
    assert letter.subject == "What a meeting stated of 1 pledge of yours"
    assert "partly carried out (the agency alone, as the association’s minutes say)" in letter.text
    assert "say they" not in letter.text + letter.html
    assert list(rebuild(repair=False)) == []


def test_another_voice_is_another_statement_and_the_same_one_is_none(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    outcome(manager, meeting, outcome="partly", stated_by=by_alone(cast.agency))
    held(cast, meeting)
    outcome(manager, meeting)
    outcome(manager, meeting, stated_by=together_with(cast.agency))
    outcome(manager, meeting, stated_by="alone")
    told = [
        (each.fields.get("stated_by"), each.fields.get("agreed_with")) for each in Entry.objects.filter(kind="review")
    ]
    assert told == [("district", None), (None, "district"), (None, None)]


def test_what_the_agency_is_said_to_have_stated_where_it_was_not_is_marked(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    outcome(manager, meeting, outcome="partly", stated_by=by_alone(cast.agency))
    held(cast, meeting)
    meeting.participants.filter(organisation=cast.agency).update(attendance="excused")
    shown = words(Client().get(f"/en/pledges/{earlier.pledges.get(title='patrols').pk}/"))
    assert f"lists nobody of {cast.agency.name_en} as present." in shown


def test_who_sees_that_nobody_is_listed_keeps_what_was_typed(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = prepared(manager, earlier)
    address = f"/en/workspace/meetings/{meeting.pk}/outcomes/"
    item = meeting.agenda.exclude(pledge=None)[0]
    typed = {f"item-{item.pk}-outcome": "partly", f"item-{item.pk}-remark": "two lamps", "then": "participants"}
    response: Any = manager.post(address, form_in(manager.get(address)) | typed)
    assert response.url == f"/en/workspace/meetings/{meeting.pk}/#participants"
    item.refresh_from_db()
    assert (item.outcome, item.remark) == ("partly", "two lamps")


def test_who_would_speak_for_an_agency_that_is_no_longer_listed_is_asked_before_publishing(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    meeting = attended(prepared(manager, earlier), cast)
    outcome(manager, meeting, outcome="carried_out", stated_by=by_alone(cast.agency))
    review = f"/en/workspace/meetings/{meeting.pk}/review/"
    agency = f"\u2068{cast.agency.name_en}\u2069"
    unheard = f"you wrote that {agency} stated it, but nobody of it is listed as present."
    assert unheard not in words(manager.get(review))
    meeting.participants.filter(organisation=cast.agency).update(attendance="excused")
    page = manager.get(review)
    assert f"What was stated of \u2068patrols\u2069: {unheard}" in words(page)
    item = meeting.agenda.exclude(pledge=None)[0]
    assert f"/en/workspace/meetings/{meeting.pk}/outcomes/#item-{item.pk}" in links(page).values()
    outcome(manager, meeting, outcome="not_discussed")
    assert unheard not in words(manager.get(review))


def test_whoever_is_said_to_have_stated_something_is_told_beside_who_answers(
    manager: Client, earlier: Meeting, cast: Cast
) -> None:
    both: User = UserFactory.create(email="both@example.org")
    for organisation in (cast.agency, cast.headquarters):
        MembershipFactory.create(user=both, organisation=organisation)
    User.objects.update(language="en")
    meeting = prepared(manager, earlier)
    ParticipantFactory.create(meeting=meeting, role="chief", organisation=cast.headquarters, side="agency")
    outcome(manager, meeting, 0, outcome="partly", stated_by=by_alone(cast.headquarters))
    outcome(manager, meeting, 1, outcome="partly")
    Letter.objects.all().delete()
    held(cast, meeting)
    told = {letter.to: " ".join(letter.text.split()) for letter in Letter.objects.filter(subject__contains="stated")}
    official, above = cast.official.email, cast.headquarters_official.email
    assert {to: (text.count("patrols"), text.count("lamps")) for to, text in told.items()} == {
        official: (1, 1), above: (1, 0), both.email: (1, 1),
    }  # fmt: skip
    assert f"you are a member of \u2068{cast.headquarters.name_en}" in told[above]


def test_a_published_outcome_is_changed_openly_and_never_unsaid(manager: Client, earlier: Meeting, cast: Cast) -> None:
    meeting = prepared(manager, earlier)
    outcome(manager, meeting, outcome="partly", remark="two of five")
    held(cast, meeting)
    public = f"/en/meetings/{meeting.pk}/"
    assert "after its publication" not in words(Client().get(public))
    emptied = outcome(manager, meeting, outcome="", remark="")
    assert emptied.status_code == 422
    assert "What was published is not unsaid: choose what was stated instead." in words(emptied)
    assert outcome(manager, meeting, outcome="carried_out", remark="all five").status_code == 302
    page = Client().get(public)
    today = timezone.localdate()
    assert f"Changed on {today.day} {today:%B %Y}, after its publication." in words(page)
    pledge = earlier.pledges.get(title="patrols")
    first = Entry.objects.filter(kind="review").order_by("number")[0]
    assert links(page)["See what was stated before"] == f"/en/pledges/{pledge.pk}/#entry-{first.number}"
