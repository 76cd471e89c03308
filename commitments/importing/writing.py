"""The meetings of an association as a table that the import reads back: templates and exports, as CSV and XLSX."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import zip_longest
from typing import Any

import openpyxl
from django.db import models
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from openpyxl.utils import get_column_letter

from commitments.importing import examples
from commitments.importing.headings import (
    COLUMNS,
    CONCERN,
    LISTS_HEADINGS,
    LISTS_SHEETS,
    MEETING,
    PARTICIPANT,
    PLEDGE,
    SOURCE,
    Column,
    section_in,
)
from commitments.importing.names import Register
from commitments.importing.reading import neutral
from commitments.models import Pledge
from commitments.schedules import DAY_CODES, weekdays_of, weekly_rule
from meetings.models import Meeting, Organisation

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Cells = dict[str, str]
YES = {"ar": "نعم", "fr": "oui", "en": "yes"}


def template(organisation: Organisation, language: str, kind: str, *, is_simple: bool) -> bytes:
    """A table with headings alone, those of a first sheet or all; in a workbook another sheet lists names to copy."""
    headings = [each.heading(language) for each in COLUMNS if each.is_simple or not is_simple]
    if kind == "csv":
        return _csv(headings, [], language)
    return _xlsx(headings, [], language, lists=examples.lists(organisation, language))


def export(organisation: Organisation, language: str, kind: str) -> bytes:
    """The organisation's own meetings, published and drafts, the oldest first."""
    with translation.override(language):
        return _written(COLUMNS, _rows(organisation, language), language, kind)


def _rows(organisation: Organisation, language: str) -> Iterator[Cells]:
    own = Meeting.objects.filter(logged_by=organisation).exclude(state=Meeting.State.WITHDRAWN)
    meetings = own.order_by("held_on", "pk").select_related("host", "series").prefetch_related(
        "neighbourhoods", "participants__organisation", "concerns", "sources",
        "pledges__neighbourhoods", "pledges__partners", "pledges__concerns", "pledges__kind", "pledges__responsible",
    )  # fmt: skip
    register = Register(organisation)
    for meeting in meetings:
        yield from MeetingRows(meeting, register, language).rows()


class MeetingRows:
    """One meeting as rows: itself, then its parts; what was redacted whole is left out."""

    def __init__(self, meeting: Meeting, register: Register, language: str) -> None:
        self.meeting, self.register, self.language = meeting, register, language
        self.participants = [each for each in meeting.participants.all() if each.name or each.role or each.organisation]
        self.concerns = [each for each in meeting.concerns.all() if each.text or each.request]

    def rows(self) -> Iterator[Cells]:
        """The meeting's own row first."""
        names, organisations = self.register.neighbourhoods, self.register.organisations
        meeting = self.meeting
        yield self._row(
            MEETING,
            meeting,
            host=organisations.written(meeting.host, self.language),
            neighbourhoods=names.all_written(list(meeting.neighbourhoods.all()), self.language),
            series=self.register.series.written(meeting.series, self.language),
            follows_up=str(meeting.follows_up_id or ""),
        )
        for participant in self.participants:
            organisation = organisations.written(participant.organisation, self.language)
            yield self._row(PARTICIPANT, participant, organisation=organisation)
        yield from (self._row(CONCERN, each) for each in self.concerns)
        yield from (self._pledge(each) for each in meeting.pledges.all() if each.title)
        yield from (self._row(SOURCE, each) for each in meeting.sources.all() if each.title)

    def _pledge(self, pledge: Pledge) -> Cells:
        organisations, language = self.register.organisations, self.language
        answered = {each.pk for each in pledge.concerns.all()}
        said_by = [place for place, each in enumerate(self.participants, 1) if each.pk == pledge.said_by_id]
        answers = [str(place) for place, each in enumerate(self.concerns, 1) if each.pk in answered]
        return self._row(
            PLEDGE,
            pledge,
            kind=self.register.kinds.written(pledge.kind, language),
            responsible=organisations.written(pledge.responsible, language),
            partners=organisations.all_written(list(pledge.partners.all()), language),
            neighbourhoods=self.register.neighbourhoods.all_written(list(pledge.neighbourhoods.all()), language),
            said_by=str(said_by[0]) if said_by else "",
            concerns=" ".join(answers),
            rule=_days(pledge.rule),
            windows="; ".join(f"{first} - {last}" for first, last in pledge.windows),
            pauses="; ".join(f"{first} - {last}" for first, last in pledge.pauses),
        )

    def _row(self, part: str, thing: Any, **cells: str) -> Cells:
        """The cells of one part; `cells` are those that are not simply a field of it."""
        found = {f"{part}.{name}": text for name, text in cells.items()}
        for column in COLUMNS:
            if column.part == part and column.field not in cells:
                found[column.name] = _text(thing, column.field)
        found["row.section"] = section_in(part, self.language)
        if getattr(thing, "translations", None):
            found["row.translations"] = json.dumps(thing.translations, ensure_ascii=False)
        return found


def _text(thing: Any, name: str) -> str:
    value = getattr(thing, name)
    field: models.Field[Any, Any] = thing._meta.get_field(name)
    if isinstance(value, bool):
        return YES[get_language() or "en"] if value else ""
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if field.choices and value:
        return str(getattr(thing, f"get_{name}_display")())
    return "" if value is None else str(value)


def _days(rule: str) -> str:
    """The days of a weekly rule by their names; any other as it is."""
    codes = weekdays_of(rule)
    if codes and rule == weekly_rule([each for each in DAY_CODES if each in codes]):
        return ", ".join(str(WEEKDAYS[DAY_CODES.index(each)]) for each in codes)
    return rule


def _written(columns: Iterable[Column], rows: Iterable[Cells], language: str, kind: str) -> bytes:
    listed = list(columns)
    headings = [each.heading(language) for each in listed]
    lines = ([neutral(cells.get(each.name, "")) for each in listed] for cells in rows)
    return _csv(headings, lines, language) if kind == "csv" else _xlsx(headings, lines, language)


def _csv(headings: list[str], lines: Iterable[list[str]], language: str) -> bytes:
    """With the mark by which Excel knows UTF-8, and the separator of its Arabic and French editions in Morocco."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="," if language == "en" else ";")
    writer.writerow(headings)
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(
    headings: Sequence[str], lines: Iterable[list[str]], language: str, *, lists: examples.Lists | None = None
) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    _fill(book.create_sheet(), headings, lines, language)
    if lists:
        named = ([neutral(each) for each in line] for line in zip_longest(*lists, fillvalue=""))
        _fill(book.create_sheet(LISTS_SHEETS[language]), LISTS_HEADINGS[language], named, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, headings: Sequence[str], lines: Iterable[list[str]], language: str) -> None:
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.freeze_panes = "A2"
    for place in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 24
    sheet.append(list(headings))
    for line in lines:
        sheet.append([each.replace("\r\n", "\n").replace("\r", "\n") or None for each in line])
