"""Importing at the association's desk: look, confirm once, nothing left behind."""

import io
import tracemalloc
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attachments.models import WaitingTable
from commitments.importing.headings import BY_NAME
from commitments.importing.making import preview_of
from commitments.models import Pledge, PledgeKind
from meetings.models import Meeting
from tests.cast import Cast
from tests.commitments.importing.files import GOOD, workbook
from tests.desk import form_in, signed_in
from tests.factories import MeetingFactory, NeighbourhoodFactory, published_meeting
from tests.reading import links, words

ADDRESS = "/en/workspace/import/"


def upload(cast: Cast, content: bytes, part: str = "secretary") -> Any:
    client = signed_in(getattr(cast, part))
    return client.post(ADDRESS, {"for": "hay", "file": SimpleUploadedFile("لقاءات.csv", content)})


def test_a_table_is_looked_at_and_then_made_into_drafts(cast: Cast) -> None:
    response = upload(cast, GOOD.encode())
    client: Any = signed_in(cast.secretary)
    page = client.get(response.url)
    assert "لقاء" in words(page)
    assert f"دورية kind suggested from its words: patrol {cast.agency.name_en} 1 June 2026" in words(page)
    assert cast.neighbourhood.name_in("en") in words(page)
    assert Meeting.objects.count() == 0
    assert client.post(response.url, {"make": "1"}).url == "/en/workspace/"
    meeting, pledge = Meeting.objects.get(), Pledge.objects.get()
    assert (meeting.state, meeting.logged_by, meeting.created_by) == ("draft", cast.association, cast.secretary)
    assert (meeting.held_on, meeting.language) == (date(2026, 3, 2), "ar")
    assert (pledge.title, pledge.responsible, pledge.timing) == ("دورية", cast.agency, "by_date")
    assert (pledge.kind.slug if pledge.kind else None) == "patrol"


def test_a_kind_is_suggested_only_where_the_table_has_no_column_for_it(cast: Cast) -> None:
    there = (
        "date,subject,host,neighbourhood,pledge,kind\n2/3/2026,s,district,tamersit,a patrol,\n,,,,a patrol,checkpoint\n"
    )
    address, client = upload(cast, there.encode()).url, signed_in(cast.secretary)
    page = words(client.get(address))
    assert "suggested" not in page
    assert f"host: {cast.agency.name_en} {cast.neighbourhood.name_in('en')}" in page
    client.post(address, {"make": "1"})
    kinds = Pledge.objects.order_by("number").values_list("kind__slug", flat=True)
    assert list(kinds) == [None, "checkpoint"]


def test_words_for_a_kind_are_looked_for_at_the_beginning_of_a_long_text(cast: Cast) -> None:
    table = f"date,pledge,details\n2/3/2026,we come,{'often ' * 20} a patrol\n,we come,{'often ' * 50} a patrol\n"
    near, far = preview_of(table.encode(), cast.association).meetings[0].pledges
    assert (near.is_kind_suggested, far.is_kind_suggested) == (True, False)


def test_the_example_can_be_copied_and_read(cast: Cast) -> None:
    for language, before in (("ar", ""), ("fr", "/fr"), ("en", "/en")):
        page: Any = signed_in(cast.secretary).get(f"{before}/workspace/import/")
        headings = [heading for heading, is_simple in page.context["columns"] if is_simple]
        assert all(kind.name_in(language) in words(page) for kind in PledgeKind.objects.all())
        preview = preview_of(workbook(headings, *page.context["example"]), cast.association)
        assert (preview.faults, preview.meeting_count, preview.counts["pledge"]) == ([], 1, 2)


@pytest.mark.parametrize("size", ["simple", "full"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_workbook_lists_the_names_to_copy_on_a_sheet_that_is_not_read(cast: Cast, size: str, language: str) -> None:
    cast.headquarters.name_fr = cast.headquarters.name_ar = "=1+1"
    cast.headquarters.save()
    content = signed_in(cast.secretary).get(f"{ADDRESS}template/{size}/xlsx/?in={language}").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    table, lists = book.worksheets
    named = [str(each.value) for row in lists.iter_rows(min_row=2) for each in row if each.value]
    assert cast.agency.name_in(language) in named
    assert cast.neighbourhood.name_in(language) in named
    assert not any(each.startswith("=") for each in named)
    headings = [str(cell.value) for cell in table[1]]
    assert BY_NAME["pledge.kind"].heading(language) in headings
    table.cell(2, headings.index(BY_NAME["meeting.held_on"].heading(language)) + 1).value = "2/3/2026"
    book.move_sheet(lists, -1)
    out = io.BytesIO()
    book.save(out)
    preview = preview_of(out.getvalue(), cast.association)
    assert (preview.meeting_count, preview.faults, preview.notices) == (1, [], [])


def test_what_is_missing_in_the_register_can_be_added_from_the_fault(cast: Cast) -> None:
    table = GOOD.replace("district", "مصلحة مجهولة").replace("tamersit", "حي مجهول")
    found = links(upload(cast, table.encode()))
    for label, page, name in (
        ("Add this organisation: مصلحة مجهولة", "organisations", "مصلحة مجهولة"),
        ("Propose this neighbourhood: حي مجهول", "neighbourhoods", "حي مجهول"),
    ):
        form: Any = signed_in(cast.secretary).get(found[label])
        assert found[label].startswith(f"/en/workspace/{page}/new/?for=hay&name=")
        assert name in form.content.decode()


def test_pledges_are_shown_as_they_were_understood_and_not_all_of_a_long_meeting(cast: Cast) -> None:
    heading = ["date", "subject", "neighbourhood", "pledge", "agency", "days", "from"]
    day = ["2/3/2026", "s", "tamersit"]
    recurring = [*day, "a patrol", "district", "monday", "08:00"]
    told = upload(cast, workbook(heading, recurring, *([*day, f"p{number}", ""] for number in range(20))))
    page = words(signed_in(cast.secretary).get(told.url))
    assert f"a patrol kind suggested from its words: patrol {cast.agency.name_en} Every week: Monday" in page
    assert "p18 deadline not stated" in page
    assert "p19" not in page
    assert "The first ones are listed; the drafts hold all of them." in page


def test_a_second_press_makes_nothing_twice(cast: Cast) -> None:
    address = upload(cast, GOOD.encode()).url
    client: Any = signed_in(cast.secretary)
    for _press in range(2):
        assert client.post(address, {"make": "1"}).url == "/en/workspace/"
    assert Meeting.objects.count() == 1
    assert bytes(WaitingTable.objects.get().content) == b""


def test_what_the_association_has_already_is_left_out_with_a_link_to_it(cast: Cast) -> None:
    there = MeetingFactory.create(logged_by=cast.association, title="لِقَاء", held_on=date(2026, 3, 2))
    table = GOOD + "3/3/2026,آخر,tamersit,إنارة,commune,\n"
    address, client = upload(cast, table.encode()).url, signed_in(cast.secretary)
    page = client.get(address)
    said = "already has 1 meeting of this table, with the same date and subject. It is not made again."
    assert said in words(page)
    assert f"/en/workspace/meetings/{there.pk}/" in links(page).values()
    assert "again" not in form_in(page)
    told = words(client.post(address, {"make": "1"}, follow=True))
    assert "1 draft was made" in told
    assert "1 meeting was left out: your association has it already." in told
    assert sorted(Meeting.objects.values_list("title", flat=True)) == sorted([there.title, "آخر"])


def test_what_is_there_is_made_again_when_one_says_so(cast: Cast) -> None:
    MeetingFactory.create(logged_by=cast.association, title="لقاء", held_on=date(2026, 3, 2))
    address, client = upload(cast, GOOD.encode()).url, signed_in(cast.secretary)
    refused = client.post(address, {"make": "1"})
    assert "There is nothing to make" in words(refused)
    assert "Tick this if you want these meetings a second time." in words(refused)
    assert (refused.status_code, Meeting.objects.count(), WaitingTable.objects.get().is_made) == (422, 1, False)
    for _press in range(2):
        assert client.post(address, {"make": "1", "again": "on"}).status_code == 302
    assert Meeting.objects.count() == 2


def test_only_ones_own_meetings_that_still_stand_are_there_already(cast: Cast) -> None:
    same: dict[str, Any] = {"title": "لقاء", "held_on": date(2026, 3, 2)}
    MeetingFactory.create(logged_by=cast.other_association, **same)
    Meeting.objects.filter(pk=published_meeting(logged_by=cast.association, **same).pk).update(state="withdrawn")
    assert 'name="again"' not in signed_in(cast.secretary).get(upload(cast, GOOD.encode()).url).content.decode()


def test_two_meetings_alike_in_one_table_are_both_made(cast: Cast) -> None:
    line = GOOD.splitlines()[1]
    table = f"{GOOD}3/3/2026,آخر,tamersit,إنارة,commune,\n{line}\n"
    address, client = upload(cast, table.encode()).url, signed_in(cast.secretary)
    said = "1 meeting has the date and subject of another one of this table. Both are made."
    assert said in words(client.get(address))
    client.post(address, {"make": "1"})
    assert Meeting.objects.filter(title="لقاء").count() == 2


def test_the_page_says_what_a_draft_needs_and_what_publishing_needs(cast: Cast) -> None:
    page = words(signed_in(cast.secretary).get(ADDRESS))
    assert "For a draft, the date or the subject of the meeting is enough." in page
    assert "date, subject, host and neighbourhood and at least one pledge or concern" in page
    assert "what was promised, its kind and the agency that answers for it" in page


def test_a_table_with_a_fault_shows_where_and_keeps_nothing(cast: Cast) -> None:
    response = upload(cast, GOOD.replace("1/6/2026", "غدا").encode())
    assert response.status_code == 422
    assert "Row 2, column “<bdi>الأجل</bdi>” (<bdi>F</bdi>):" in " ".join(response.content.decode().split())
    assert (WaitingTable.objects.count(), Meeting.objects.count()) == (0, 0)


def test_what_json_spells_and_no_text_holds_is_told_in_a_sentence(cast: Cast) -> None:
    response = upload(cast, b'date,subject,section,translations\n2/3/2026,s,meeting,"{""fr"":{""\\ud800"":""a""}}"\n')
    assert response.status_code == 422
    assert "Translations are given by language" in response.content.decode()


def test_what_the_register_no_longer_holds_makes_no_draft_at_all(cast: Cast) -> None:
    address = upload(cast, (GOOD + "3/3/2026,آخر,,إنارة,commune,\n").encode()).url
    cast.other_agency.delete()
    assert signed_in(cast.secretary).post(address, {"make": "1"}).status_code == 422
    assert Meeting.objects.count() == 0


def test_a_table_is_its_senders_alone(cast: Cast) -> None:
    address = upload(cast, GOOD.encode()).url
    for part in ("manager", "other_member"):
        assert signed_in(getattr(cast, part)).get(address).status_code == 404
    cast.secretary.memberships.all().delete()
    assert signed_in(cast.secretary).post(address, {"make": "1"}).status_code == 404


def test_a_table_is_let_go_on_request_and_by_night(cast: Cast) -> None:
    signed_in(cast.secretary).post(upload(cast, GOOD.encode()).url, {"cancel": "1"})
    assert WaitingTable.objects.count() == 0
    upload(cast, GOOD.encode())
    WaitingTable.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    call_command("discard_uploads", stdout=io.StringIO())
    assert WaitingTable.objects.count() == 0


def test_nobody_fills_the_disk_with_tables_that_wait(cast: Cast) -> None:
    addresses = [upload(cast, GOOD.encode()).url for _each in range(7)]
    client = signed_in(cast.secretary)
    assert [client.get(each).status_code for each in addresses] == [404, 404, 200, 200, 200, 200, 200]


@pytest.mark.parametrize("size", ["simple", "full"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_template_is_a_table_without_rows(cast: Cast, size: str, kind: str, language: str) -> None:
    content = signed_in(cast.secretary).get(f"{ADDRESS}template/{size}/{kind}/?in={language}").content
    assert b"nothing under them" in upload(cast, content).content


def table(rows: int) -> bytes:
    lines = [[f"{number % 28 + 1}/3/2026", f"s{number}", "tamersit", "p", "district"] for number in range(rows)]
    return workbook(["date", "subject", "neighbourhood", "pledge", "agency"], *lines)


def test_a_long_table_asks_no_more_of_the_database_and_needs_no_more_memory(cast: Cast) -> None:
    told = []
    preview_of(table(3), cast.association)
    for rows in (3, 300):
        content = table(rows)
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            assert preview_of(content, cast.association).meeting_count == rows
        told.append((len(queries), tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
    assert [each[0] for each in told] == [5, 5]
    assert told[1][1] < 2 * 1024 * 1024


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_asks_the_same_of_the_database(cast: Cast, count: int) -> None:
    for _each in range(count):
        MeetingFactory.create(logged_by=cast.association)
    client = signed_in(cast.secretary)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{ADDRESS}export/hay/csv/")
    assert len(queries) == 15


def test_what_another_association_only_proposed_is_neither_found_nor_guessed(cast: Cast) -> None:
    NeighbourhoodFactory.create(
        name_fr="Tamazirt", slug="tamazirt", is_verified=False, proposed_for=cast.other_association,
        proposed_by=cast.other_member, proposed_at=timezone.now(),
    )  # fmt: skip
    for typed in ("Tamazirt", "Tamazirtt"):
        page = words(upload(cast, f"date,subject,neighbourhood,pledge\n2/3/2026,s,{typed},p\n".encode()))
        assert "Did you mean" not in page
        assert f"No neighbourhood is called “\u2068{typed}\u2069”" in page
