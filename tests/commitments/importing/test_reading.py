"""What spreadsheet programs write is read; what is no table is refused with a sentence, and leaves nothing behind."""

import tracemalloc
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from attachments.models import WaitingTable
from commitments.importing import values
from commitments.importing.making import preview_of
from commitments.importing.reading import Unreadable
from mail.writing import isolated
from meetings.models import Meeting
from tests.cast import Cast
from tests.commitments.importing.files import GOOD, HEADED, MALFORMED, workbook

ADD_IT = "Correct the name, or add it first."


def faults(content: bytes, cast: Cast) -> list[tuple[Any, ...]]:
    with translation.override("en"):
        return [tuple(each) for each in preview_of(content, cast.association).faults]


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_table_is_refused_in_a_sentence_and_leaves_nothing(cast: Cast, name: str) -> None:
    content, words = MALFORMED[name]
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        preview_of(content, cast.association)
    assert words in refused.value.messages[0]
    assert (Meeting.objects.count(), WaitingTable.objects.count()) == (0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_arabic_is_read_as_excel_writes_it(cast: Cast, encoding: str, delimiter: str) -> None:
    text = GOOD.replace("تعهّد", "تعهد").replace(",", delimiter)
    preview = preview_of(text.encode(encoding), cast.association)
    assert (preview.faults, [each.title for each in preview.meetings]) == ([], ["لقاء"])


def test_french_is_read_as_excel_writes_it(cast: Cast) -> None:
    text = 'sep=;\r\nobjet;date;engagement;échéance\r\nréunion à Agadir;2 août 2026;éclairer;"1er décembre\n2026"\r\n'
    preview = preview_of(text.encode("cp1252"), cast.association)
    assert [(each.title, each.held_on) for each in preview.meetings] == [("réunion à Agadir", date(2026, 8, 2))]
    assert preview.faults == []


@pytest.mark.parametrize(
    "written",
    ["2/3/2026", "02-03-2026", "2026-03-02", "٢/٣/٢٠٢٦", "2 مارس 2026", "2 mars 2026", "March 2, 2026", "46083", 46083,
     46083.0, datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 2), "2026-03-02 00:00:00"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: Any) -> None:
    assert values.day(written) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("month", "number"),
    [("يناير", 1), ("ماي", 5), ("يوليوز", 7), ("غشت", 8), ("شتنبر", 9), ("نونبر", 11), ("دجنبر", 12), ("août", 8)],
)
def test_months_are_those_of_morocco(month: str, number: int) -> None:
    assert values.day(f"9 {month} 2019") == date(2019, number, 9)


@pytest.mark.parametrize("written", ["31/2/2026", "9/1/19", "soon", "13/25/2026", "1/2026", 5, 10**12, "9 يناير"])
def test_what_is_no_day_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        values.day(written)


@pytest.mark.parametrize("written", ["8:30", "08h30", "٨:٣٠", "08:30:00", time(8, 30), 8.5 / 24])
def test_a_time_is_read_however_it_is_written(written: Any) -> None:
    assert values.clock(written) == time(8, 30)


def test_a_list_is_split_whatever_spaces_stand_in_it() -> None:
    """A pattern that looked for the spaces around each mark would look from each of them, for a second a cell."""
    wide = " " * 4000
    assert values.items(f"a{wide}b ; c\n;") == [f"a{wide}b", "c"]
    assert values.windows("8:00 - 10:00;14h–16h30") == [["08:00", "10:00"], ["14:00", "16:30"]]
    assert values.pauses("2026-04-01  -  2026-04-03") == [["2026-04-01", "2026-04-03"]]
    with pytest.raises(ValidationError):
        values.windows(f"8:00{wide}10:00")


def test_a_row_of_separators_alone_needs_little_memory(cast: Cast) -> None:
    tracemalloc.start()
    faults(b"date,pledge\n2/3/2026,p" + b"," * 1_000_000, cast)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024


def test_each_fault_stands_at_its_row_and_column(cast: Cast) -> None:
    text = GOOD + ",,,إنارة,منطقة مجهولة,غدا\n"
    assert [each[:3] for each in faults(text.encode(), cast)] == [(3, "E", "المصلحة"), (3, "F", "الأجل")]


def sentences(text: str, cast: Cast) -> list[str]:
    return [
        each.replace("\u2068", "").replace("\u2069", "") for *_place, each, _add, _name in faults(text.encode(), cast)
    ]


def test_a_date_that_is_none_is_quoted_and_a_day_that_is_not_in_the_calendar_is_told_apart(cast: Cast) -> None:
    text = f"date,pledge\n31/02/2026,p\nwhen the lamps come,q\n{'soon ' * 20},r\n"
    how = "Write day, month and year: 9/1/2019."
    assert sentences(text, cast) == [
        f"“31/02/2026”: there is no such day. {how}",
        f"We cannot read “when the lamps come” as a date. {how}",
        f"We cannot read “{('soon ' * 8)[:39]}…” as a date. {how}",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date,subject,pledge,agency\n2/3/2026,s,p,\n,,,district\n", "something of a pledge, but not which"),
        ("date,subject,agency\n2/3/2026,s,district\n", "write it in the column “pledge”"),
        ("date,subject,concern,theme\n2/3/2026,s,,theft\n", "something of a concern, but not which"),
        ("date,subject,participant,attendance\n2/3/2026,s,,present\n", "something of a participant, but not who"),
        ("date,subject,source,publisher\n2/3/2026,s,,A paper\n", "something of a source, but not which"),
    ],
)
def test_a_row_that_lacks_what_it_is_about_says_what_to_write_and_where(cast: Cast, text: str, expected: str) -> None:
    [said] = sentences(text, cast)
    assert expected in said


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("agency", "No organisation is called “100 % unheard of”. Correct the name, or add it first."),
        ("neighbourhood", "No neighbourhood is called “100 % unheard of”. Correct the name, or add it first."),
        ("kind", "No kind of pledge is called “100 % unheard of”. Write one of those that the import page lists."),
        ("series of meetings", "No series of meetings is called “100 % unheard of”. Leave this cell empty."),
    ],
)
def test_an_unknown_name_says_of_what_it_is_none_and_what_to_do(cast: Cast, heading: str, expected: str) -> None:
    assert sentences(f"date,pledge,{heading}\n2/3/2026,p,100 % unheard of\n", cast) == [expected]


def test_a_near_name_is_offered_and_two_of_one_name_are_told_apart(cast: Cast) -> None:
    cast.agency.name_fr = cast.other_agency.name_fr = "Sûreté d'Agadir"
    cast.agency.save()
    cast.other_agency.save()
    cast.headquarters.name_fr = "Préfecture de police"
    cast.headquarters.save()
    text = "date,pledge,agency\n2/3/2026,p,surete d agadir\n,q,surete dagadir\n"
    several, unknown = (each[3] for each in faults(text.encode(), cast))
    assert several == "Several are called “surete d agadir”. Write one of these instead: commune, district"
    near = "“Sûreté d'Agadir”"
    assert unknown == f"No organisation is called “{isolated('surete dagadir')}”. Did you mean {near}? {ADD_IT}"


def test_a_formula_is_neither_worked_out_nor_believed(cast: Cast) -> None:
    content = workbook(HEADED, ["2/3/2026", "s", "=A2", None])
    assert faults(content, cast)[0][:4] == (
        2, "C", "pledge", "The cell holds a formula. Copy the column and paste its values only.",
    )  # fmt: skip


def test_other_sheets_and_unknown_columns_are_named_and_not_read(cast: Cast) -> None:
    content = workbook([*HEADED, "budget"], [date(2026, 3, 2), "s", "p", None, 9], notes="visible", old="hidden")
    with translation.override("en"):
        preview = preview_of(content, cast.association)
    assert preview.notices == [
        "Only the sheet “Sheet” was read, not these: “notes”, “old”",
        "Not read, because we do not know these columns: “budget” (E)",
    ]
    assert (preview.fault_count, preview.meeting_count) == (0, 1)


def test_empty_cells_of_the_meeting_mean_as_above_and_another_day_is_another_meeting(cast: Cast) -> None:
    text = "date,subject,venue,people present,pledge\n2/3/2026,s,v,40,a\n,,,,b\n9/3/2026,,,,c\n"
    preview = preview_of(text.encode(), cast.association)
    planned = [(each.held_on, each.title, each.counts["pledge"]) for each in preview.meetings]
    assert planned == [(date(2026, 3, 2), "s", 2), (date(2026, 3, 9), "s", 1)]


def test_who_said_each_of_many_pledges_is_found_by_name_or_number(cast: Cast) -> None:
    """Looked up once, not compared with every participant for each pledge: that took minutes for a full table."""
    people = "".join(f"participant,,,person {number},,\n" for number in range(600))
    said = "".join(f"pledge,,,,p,{who}\n" for who in ["Pérson 599", "٦٠٠", *["person 599"] * 600, "nobody"])
    text = f"section,date,subject,participant,pledge,said by\nmeeting,2/3/2026,s,,,\n{people}{said}"
    assert [each[1:3] for each in faults(text.encode(), cast)] == [
        ("D", "participant"),
        ("E", "pledge"),
        ("F", "said by"),
    ]


def test_a_row_that_contradicts_its_meeting_is_a_fault(cast: Cast) -> None:
    text = "date,subject,venue,pledge\n2/3/2026,s,here,a\n,,there,b\n"
    assert [each[:3] for each in faults(text.encode(), cast)] == [(3, "C", "venue")]


def test_a_fictional_association_does_not_find_the_real_ones(cast: Cast) -> None:
    cast.association.is_fictional = True
    cast.association.save()
    assert [each[:3] for each in faults(GOOD.encode(), cast)] == [(2, "C", "الحي"), (2, "E", "المصلحة")]
