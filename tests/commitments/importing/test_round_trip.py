"""A table read back makes the record that was written out."""

import io
from contextlib import suppress
from datetime import date, time
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.importing.making import keep, make_drafts, preview_of
from commitments.importing.reading import Unreadable, neutral, plain
from commitments.importing.writing import export
from commitments.models import Pledge
from commitments.record import pledge_fields
from meetings.models import Meeting
from meetings.record import meeting_fields
from tests.cast import Cast
from tests.factories import (
    ConcernFactory,
    MeetingFactory,
    MeetingSeriesFactory,
    ParticipantFactory,
    PledgeFactory,
    SourceFactory,
)

SETTINGS = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def record_of(meeting: Meeting) -> list[dict[str, Any]]:
    """All that the ledger would keep of a meeting and its pledges, without the keys of the database; names too."""
    found = [meeting_fields(meeting), *(pledge_fields(each) for each in meeting.pledges.order_by("number"))]
    names = {"names": list(meeting.participants.values_list("number", "name"))}
    return [{name: value for name, value in each.items() if name != "meeting"} for each in found] + [names]


def whole_meeting(cast: Cast, **fields: Any) -> Meeting:
    """A draft in which every field of every part says something."""
    told: dict[str, Any] = {
        "logged_by": cast.association, "host": cast.agency, "neighbourhoods": [cast.neighbourhood],
        "starts_at": time(9, 30), "ends_at": time(12, 0), "format": Meeting.Format.WALK, "language": "fr",
        "summary": "=1+1\n«deux; lignes»", "people": 40, "associations": 7, "women": 0,
        "series": MeetingSeriesFactory.create(), "translations": {"en": {"title": "a walk"}},
    }  # fmt: skip
    meeting: Meeting = MeetingFactory.create(**told | fields)
    ParticipantFactory.create(meeting=meeting, organisation=cast.agency, side="agency", naming="public_role")
    speaker = ParticipantFactory.create(meeting=meeting, role="", naming="agreed", attendance="excused")
    ConcernFactory.create(meeting=meeting, place="+ la place")
    concern = ConcernFactory.create(meeting=meeting, translations={"ar": {"text": "سرقات"}})
    PledgeFactory.create(
        meeting=meeting, details="-d", place="@p", beneficiaries="'=b", provenance="p. 1", sign="signe",
        sign_from="site", timing="recurring", due_words="chaque lundi", rule="FREQ=WEEKLY;BYDAY=MO,TH",
        windows=[["08:00", "10:00"], ["14:00", "16:00"]], starts_on=date(2026, 3, 2), ends_on=date(2026, 9, 2),
        pauses=[["2026-04-01", "2026-04-03"]], is_place_restricted=True, is_time_restricted=True, said_by=speaker,
        neighbourhoods=[cast.neighbourhood], partners=[cast.other_agency, cast.headquarters], concerns=[concern],
        translations={"en": {"title": "patrol"}},
    )  # fmt: skip
    PledgeFactory.create(meeting=meeting, timing="by_date", due_on=date(2026, 5, 1), kind=None, responsible=None)
    PledgeFactory.create(meeting=meeting, timing="recurring", rule="FREQ=MONTHLY;BYMONTHDAY=1")
    PledgeFactory.create(meeting=meeting, timing="ongoing")
    SourceFactory.create(meeting=meeting)
    return meeting


def imported(cast: Cast, content: bytes) -> list[Meeting]:
    """The drafts that the bytes make."""
    before = set(Meeting.objects.values_list("pk", flat=True))
    told: dict[str, Any] = {"organisation": cast.association, "by": cast.secretary, "now": timezone.now()}
    make_drafts(keep(content, name="t", **told), by=cast.secretary, again=True)
    return list(Meeting.objects.exclude(pk__in=before).order_by("held_on", "pk"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_export_read_back_makes_the_same_record(cast: Cast, kind: str, language: str) -> None:
    meetings = [whole_meeting(cast), MeetingFactory.create(logged_by=cast.association, held_on=date(2027, 1, 1))]
    content = export(cast.association, language, kind)
    assert preview_of(content, cast.association).faults == []
    assert [record_of(each) for each in imported(cast, content)] == [record_of(each) for each in meetings]


TYPED = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("'=+-@;,\"\n"), max_size=30).map(str.strip)


@SETTINGS
@given(title=TYPED, venue=TYPED, pledge=TYPED.filter(bool), kind=st.sampled_from(["csv", "xlsx"]))
def test_whatever_was_typed_comes_back(cast: Cast, title: str, venue: str, pledge: str, kind: str) -> None:
    Pledge.objects.all().delete()
    Meeting.objects.all().delete()
    typed: dict[str, Any] = {"title": title, "venue": venue, "logged_by": cast.association, "host": cast.agency}
    meeting = MeetingFactory.create(**typed, neighbourhoods=[cast.neighbourhood])
    PledgeFactory.create(meeting=meeting, title=pledge)
    (made,) = imported(cast, export(cast.association, "ar", kind))
    assert record_of(made) == record_of(meeting)


@settings(max_examples=50, deadline=None)
@given(TYPED)
def test_no_exported_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(neutral(text)) == text


BYTES = st.binary(max_size=200) | st.builds(
    lambda start, rest: start + rest,
    st.sampled_from([b"PK\x03\x04", b"date,pledge\n", "\ufeffالتاريخ;التعهّد\n".encode("utf-16"), b"sep=;\n"]),
    st.binary(max_size=200),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=BYTES)
def test_any_bytes_become_a_preview_or_a_sentence(cast: Cast, content: bytes) -> None:
    with suppress(Unreadable):
        preview = preview_of(content, cast.association)
        assert preview.fault_count >= len(preview.faults)
    assert Meeting.objects.count() == 0


def test_an_exported_workbook_holds_no_formula(cast: Cast) -> None:
    whole_meeting(cast)
    book = openpyxl.load_workbook(io.BytesIO(export(cast.association, "fr", "xlsx")))
    kinds = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert "f" not in kinds
