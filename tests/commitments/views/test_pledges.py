"""One pledge with its three voices and its history."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from commitments.correcting import correct_pledge, withdraw_pledge
from commitments.models import Pledge
from commitments.moderation import redact
from commitments.occurrences import check_occurrence, log_occurrence
from commitments.schedules import Occurrence, week_of
from commitments.speaking import Status, Verdict, Wording, answer, assess, reply_to_wording
from tests.cast import Cast
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    NeighbourhoodFactory,
    ObservationFactory,
    OrganisationFactory,
    ParticipantFactory,
    SourceFactory,
    published_meeting,
    published_pledge,
)
from tests.reading import links, words

LIST = "/en/pledges/"
THEN = now() - timedelta(days=200)


def promised(cast: Cast, **fields: Any) -> Pledge:
    """A pledge of the cast's agency to their neighbourhood, two hundred days ago."""
    meeting = MeetingFactory.create(
        held_on=localdate(THEN),
        host=cast.agency,
        logged_by=cast.association,
        neighbourhoods=[cast.neighbourhood],
    )
    return published_pledge(now=THEN, meeting=meeting, by=cast.manager, **fields)


def told(pledge: Pledge, client: Client) -> str:
    """Its page, in words."""
    return words(client.get("/en" + pledge.get_absolute_url()))


def titles(client: Client, query: str) -> list[str]:
    """The rows that a query of the list finds."""
    return [row.title for row in client.get(f"{LIST}?{query}").context["rows"]]


def test_the_page_says_who_promised_what_for_which_concern_and_where_it_is_written(cast: Cast, client: Client) -> None:
    meeting = MeetingFactory.create(host=cast.agency, neighbourhoods=[cast.neighbourhood])
    head = ParticipantFactory.create(meeting=meeting, name="محمد", role="رئيس المنطقة", naming="public_role")
    concern = ConcernFactory.create(meeting=meeting, request="دوريات")
    SourceFactory.create(meeting=meeting, title="محضر", published="2026")
    partner = OrganisationFactory.create(name_en="Commune")
    pledge = published_pledge(
        meeting=meeting, title="زيادة الدوريات", said_by=head, concerns=[concern], partners=[partner],
        place="المدخل", beneficiaries="الطلبة", provenance="الفقرة 7", sign="حضور يومي", sign_from="record",
    )  # fmt: skip
    page = told(pledge, client)
    for sentence in (
        f"Promised by {cast.agency.name_en} in the words of محمد patrol deadline not stated",
        "wording: no reply from the agency yet",
        "What would show it حضور يومي · stated in the record",
        "Where المدخل For whom الطلبة Together with Commune Answers دوريات · theft",
        "محضر · جمعية الحي · 2026 · الفقرة 7",
        "The agency has not answered in this record.",
        "No association has said yet what it found.",
        "No observation in the last 30 days.",
    ):
        assert sentence in page


def test_the_three_voices_stand_side_by_side_and_are_never_merged(cast: Cast, client: Client) -> None:
    pledge = promised(cast)
    answer(pledge, status=Status.KEPT, text="تمّ", by=cast.official, organisation=cast.agency, now=now())
    for verdict, by, association in (
        (Verdict.DISPUTED, cast.secretary, cast.association),
        (Verdict.CONFIRMED, cast.other_member, cast.other_association),
    ):
        assess(pledge, verdict=verdict, text="x", by=by, organisation=association, day=localdate(), now=now())
    for was_seen in (True, True, False):
        ObservationFactory.create(pledge=pledge, day=localdate(), was_seen=was_seen, text="رأيتها" if was_seen else "")
    ObservationFactory.create(pledge=pledge, day=localdate(), state="waiting", text="لم تُراجع")
    ObservationFactory.create(pledge=pledge, day=localdate(), state="withheld", text="محجوبة")
    page = told(pledge, client)
    assert "reported kept, disputed" in page
    assert f"What does the agency say? kept تمّ {cast.agency.name_en} · today" in page
    assert f"{cast.association.name_en}: disputed today" in page
    assert f"{cast.other_association.name_en}: confirmed today" in page
    assert "Seen: 2 times. Not seen: once." in page
    assert "Seen: رأيتها" in page
    assert "لم تُراجع" not in page
    assert "محجوبة" not in page


def test_the_agencys_remark_on_the_wording_is_told(cast: Cast, client: Client) -> None:
    pledge = promised(cast)
    remark = "في أيام الدراسة فقط"
    reply_to_wording(
        pledge, wording=Wording.AGREED_WITH_REMARK, text=remark, by=cast.official, organisation=cast.agency, now=now()
    )
    assert f"wording agreed with a remark: “{remark}”" in told(pledge, client)


def test_the_clocks_say_since_when_and_what_one_can_do(cast: Cast, client: Client) -> None:
    due = localdate() - timedelta(days=3)
    page = told(promised(cast, timing="by_date", due_on=due), client)
    then = localdate(THEN)
    assert f"Past its date: {due.day} {due:%B} {due.year}" in page
    assert f"No news since {then.day} {then:%B} {then.year}" in page
    assert "Ask at the next meeting, or put a formal request to the agency." in page


def test_what_is_neither_timed_nor_shown_by_a_sign_is_said_to_be_vague(cast: Cast, client: Client) -> None:
    assert "Too vague to measure" in told(promised(cast), client)
    assert "Too vague to measure" not in told(promised(cast, sign="x", sign_from="record"), client)


def test_the_calendar_is_told_in_words_too(cast: Cast, client: Client) -> None:
    pledge = promised(cast, timing="recurring", rule="FREQ=DAILY", starts_on=localdate() - timedelta(days=3))
    done, missed = (Occurrence(localdate() - timedelta(days=ago)) for ago in (3, 2))
    log: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    log_occurrence(pledge, occurrence=done, was_carried_out=True, **log)
    log_occurrence(pledge, occurrence=missed, was_carried_out=False, text="x", **log)
    check_occurrence(
        pledge, occurrence=done, verdict=Verdict.CONFIRMED, by=cast.secretary, organisation=cast.association, now=now()
    )
    page = told(pledge, client)
    assert "1 of 3 expected occurrences reported as carried out" in page
    assert "Associations confirmed one of them." in page
    assert "disputed" not in page.split("Day by day")[1].split("The whole record")[0]
    row = f"{done.day.day} {done.day:%B} {done.day.year}"
    assert f"{row} carried out, and an association confirmed it" in page
    assert "3 entries about single days" in page


def test_what_was_reported_of_hours_that_were_corrected_since_is_not_called_nothing(cast: Cast, client: Client) -> None:
    days = {"timing": "recurring", "rule": "FREQ=DAILY", "starts_on": localdate() - timedelta(days=3)}
    pledge = promised(cast, **days, windows=[["08:00", "09:00"]])
    log: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now(), "was_carried_out": True}
    for ago in (3, 2):
        log_occurrence(pledge, occurrence=Occurrence(localdate() - timedelta(days=ago), "08:00"), **log)
    said = "2 more occurrences were reported as carried out before, at hours that the record named then"
    assert said not in told(pledge, client)
    changes = {"windows": [["10:00", "11:00"]]}
    correct_pledge(pledge, changes=changes, reason="misheard", by=cast.manager, now=now())
    page = told(pledge, client)
    assert "0 of 3 expected occurrences reported as carried out" in page
    assert said in page


@pytest.mark.parametrize("rule", ["FREQ=DAILY", ""])
def test_the_sentence_above_the_calendar_keeps_no_dispute_from_the_reader(
    cast: Cast, client: Client, rule: str
) -> None:
    pledge = promised(cast, timing="recurring", rule=rule, starts_on=localdate() - timedelta(days=3))
    days = [Occurrence(localdate() - timedelta(days=ago)) for ago in (3, 2, 1)]
    for each in days:
        log_occurrence(
            pledge, occurrence=each, was_carried_out=True, by=cast.official, organisation=cast.agency, now=now()
        )
    find: dict[str, Any] = {"by": cast.secretary, "organisation": cast.association, "now": now()}
    check_occurrence(pledge, occurrence=days[0], verdict=Verdict.DISPUTED, text="x", **find)
    told_so = "No association has confirmed any of them. Associations disputed one of them."
    assert told_so in told(pledge, client)
    check_occurrence(pledge, occurrence=days[1], verdict=Verdict.DISPUTED, text="x", **find)
    check_occurrence(pledge, occurrence=days[2], verdict=Verdict.CONFIRMED, **find)
    assert "Associations confirmed one of them. Associations disputed 2 of them." in told(pledge, client)


def test_where_and_when_patrols_will_be_is_not_given_away(cast: Cast, client: Client) -> None:
    pledge = promised(
        cast,
        title="دورية",
        timing="recurring",
        rule="FREQ=DAILY",
        windows=[["21:15", "23:45"]],
        place="زنقة سرّية",
        translations={"en": {"place": "secret alley"}},
        is_place_restricted=True,
        is_time_restricted=True,
    )
    page = client.get("/en" + pledge.get_absolute_url())
    assert "when patrols will be is not announced" in words(page)
    assert "where patrols will be is not announced" in words(page)
    for secret in ("21:15", "23:45", "زنقة", "secret alley", "#cell-future"):
        assert secret not in page.content.decode(), secret
    open_one = promised(cast, timing="recurring", rule="FREQ=DAILY", windows=[["21:15", "23:45"]], place="زنقة")
    shown = client.get("/en" + open_one.get_absolute_url()).content.decode()
    assert "Every day · from 21:15 to 23:45" in shown
    assert "زنقة" in shown


def test_the_days_and_hours_of_a_weekly_pledge_are_said(cast: Cast, client: Client) -> None:
    hours = [["08:00", "09:00"], ["17:00", "18:00"]]
    pledge = promised(cast, timing="recurring", rule="FREQ=WEEKLY;BYDAY=MO,FR", windows=hours)
    assert "Days and hours promised Every week: Monday, Friday · from 08:00 to 09:00 and from 17:00 to 18:00" in told(
        pledge, client
    )


def test_an_unnamed_speaker_is_told_by_role(cast: Cast, client: Client) -> None:
    meeting = MeetingFactory.create(neighbourhoods=[cast.neighbourhood])
    speaker = ParticipantFactory.create(meeting=meeting, name="اسم مخفي", role="رئيس المصلحة")
    page = client.get("/en" + published_pledge(meeting=meeting, said_by=speaker).get_absolute_url())
    assert "in the words of رئيس المصلحة" in words(page)
    assert "مخفي" not in page.content.decode()


def test_redacted_words_are_gone_from_every_part_of_the_page(cast: Cast, client: Client) -> None:
    pledge = promised(cast)
    entry = answer(
        pledge, status=Status.KEPT, text="اسم مشتبه فيه", by=cast.official, organisation=cast.agency, now=now()
    )
    redact(entry, fields=["text"], reason="اسم شخص", by=cast.moderator, now=now())
    page = client.get("/en" + pledge.get_absolute_url())
    assert "مشتبه" not in page.content.decode()
    assert "This text was redacted." in words(page)
    assert "اسم شخص" in words(page)


def test_each_voice_whose_words_were_redacted_says_so(cast: Cast, client: Client) -> None:
    pledge = promised(cast)
    speak: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now()}
    remark = reply_to_wording(pledge, wording=Wording.AGREED_WITH_REMARK, text="اسم", **speak)
    word = answer(pledge, status=Status.KEPT, text="اسم", **speak)
    found = assess(
        pledge, verdict=Verdict.DISPUTED, text="اسم", by=cast.secretary, organisation=cast.association, day=localdate(),
        now=now(),
    )  # fmt: skip
    assert "redacted by the moderators" not in told(pledge, client)
    for entry in (remark, word, found):
        redact(entry, fields=["text"], reason="اسم شخص", by=cast.moderator, now=now())
    page = told(pledge, client)
    assert "What does the agency say? kept redacted by the moderators" in page
    assert f"{cast.association.name_en}: disputed today redacted by the moderators" in page
    assert page.count("redacted by the moderators") - page.count("Words were redacted by the moderators") == 3


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("/en", "has not yet said where it stands"),
        ("", "لم تقل بعد أين وصل"),
        ("/fr", "n’a pas encore dit où il en est"),
    ],
)
def test_an_agency_that_spoke_is_not_said_to_be_without_answer(
    cast: Cast, client: Client, prefix: str, sentence: str
) -> None:
    pledge = promised(cast)
    assert sentence not in words(client.get(prefix + pledge.get_absolute_url()))
    reply_to_wording(pledge, wording=Wording.AGREED, by=cast.official, organisation=cast.agency, now=now())
    for address in (pledge.get_absolute_url(), "/pledges/", cast.agency.get_absolute_url()):
        assert sentence in words(client.get(prefix + address)), address
    assert titles(client, "status=no_answer") == [pledge.title]


def test_a_dispute_of_today_is_not_said_to_hold(cast: Cast, client: Client) -> None:
    pledge = promised(cast, timing="ongoing")
    answer(pledge, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
    assert "Holding: there were signs of it lately" in told(pledge, client)
    yesterday = localdate() - timedelta(days=1)
    assess(
        pledge, verdict=Verdict.DISPUTED, text="x", by=cast.secretary, organisation=cast.association, day=yesterday,
        now=now(),
    )  # fmt: skip
    assert "Holding" not in told(pledge, client)
    assert "Day by day" not in told(pledge, client)


def test_a_withdrawn_record_says_why_and_runs_no_clock(cast: Cast, client: Client) -> None:
    pledge = promised(cast, timing="by_date", due_on=localdate() - timedelta(days=3))
    withdraw_pledge(pledge, reason="سُجّل خطأ", by=cast.manager, now=now())
    page = told(pledge, client)
    assert "This record was withdrawn and counts nowhere. سُجّل خطأ" in page
    for counted in ("Past its date", "Too vague", "wording: no reply from the agency yet"):
        assert counted not in page, counted
    assert titles(client, "") == []
    assert "withdrawn from the record" in words(client.get("/en" + pledge.meeting.get_absolute_url()))


def test_the_history_can_be_checked_and_the_page_shared(cast: Cast, client: Client) -> None:
    pledge = promised(cast, title="زيادة الدوريات")
    answer(pledge, status=Status.ACKNOWLEDGED, by=cast.official, organisation=cast.agency, now=now())
    page = client.get("/en" + pledge.get_absolute_url())
    assert pledge.stream is not None
    last = pledge.stream.entries.get(number=2)
    assert f"2 entries. Fingerprint of the last one: {last.hash[:12]}." in words(page)
    found = links(page)
    assert found["Download them"] == f"/en/ledger/streams/pledge/{pledge.pk}.ndjson"
    shared = unquote(found["Send by WhatsApp"])
    assert (
        shared
        == f"https://wa.me/?text=زيادة الدوريات\nacknowledged\nhttp://127.0.0.1:8000/en{pledge.get_absolute_url()}"
    )


def test_a_pledge_to_two_neighbourhoods_leads_to_both(cast: Cast, client: Client) -> None:
    other = NeighbourhoodFactory.create()
    found = links(client.get("/en" + promised(cast, neighbourhoods=[cast.neighbourhood, other]).get_absolute_url()))
    assert found[cast.neighbourhood.name_en] == "/en" + cast.neighbourhood.get_absolute_url()
    assert found[other.name_en] == "/en" + other.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(cast: Cast, client: Client, count: int, django_assert_num_queries: Any) -> None:
    concerns: list[dict[str, Any]] = [{}] * count
    meeting = published_meeting(
        host=cast.agency, neighbourhoods=[cast.neighbourhood], pledges=[{}] * count, concerns=concerns,
        held_on=date(2026, 1, 1), now=now(),
    )  # fmt: skip
    pledge = meeting.pledges.order_by("number")[0]
    for _each in range(count):
        answer(pledge, status=Status.KEPT, text="x", by=cast.official, organisation=cast.agency, now=now())
        assess(
            pledge,
            verdict=Verdict.CONFIRMED,
            by=cast.secretary,
            organisation=cast.association,
            day=localdate(),
            now=now(),
        )
        ObservationFactory.create(pledge=pledge, text="x", day=localdate())
    with django_assert_num_queries(8):
        client.get(pledge.get_absolute_url())
    with django_assert_num_queries(7):
        client.get("/pledges/")


def test_days_are_said_to_be_corrected_where_they_were_and_on_that_day(cast: Cast, client: Client) -> None:
    monday = week_of(localdate(THEN)) + timedelta(weeks=1)
    days = {"timing": "recurring", "rule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": monday}
    pledge = promised(cast, **days)
    log: dict[str, Any] = {"by": cast.official, "organisation": cast.agency, "now": now(), "was_carried_out": True}
    for day in (monday, monday + timedelta(days=1)):  # the second one was never promised
        log_occurrence(pledge, occurrence=Occurrence(day), **log)
    told_of: dict[str, Any] = {"reason": "misheard", "by": cast.manager}
    correct_pledge(pledge, changes={"title": "on Mondays"}, now=now() - timedelta(days=9), **told_of)
    assert "The days and hours were corrected" not in told(pledge, client)
    then = now() - timedelta(days=5)
    correct_pledge(pledge, changes={"rule": "FREQ=WEEKLY;BYDAY=FR"}, now=then, **told_of)
    correct_pledge(pledge, changes={"title": "on Fridays"}, now=now(), **told_of)
    corrected_on = f"{localdate(then).day} {localdate(then):%B %Y}"
    assert f"The days and hours were corrected on {corrected_on}: one more occurrence was reported" in told(
        pledge, client
    )
