"""Bytes that somebody uploaded, as the rows of a table: CSV as Excel writes it, or XLSX; or a clear refusal."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from commitments.importing import workbook
from commitments.importing.bounds import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_HEIGHT, MAX_ROWS, MEGABYTE
from commitments.importing.headings import Column, column_of, language_of, recognised
from meetings.text import listed

Value = str | int | float | bool | date | datetime | time
HEADINGS_WITHIN = 5  # rows: a title may stand above the headings
DELIMITERS = (";", ",", "\t")
NOTHING_ELSE = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


class Unreadable(ValidationError):
    """The file is no table that can be read; the sentence says why and what to do."""


class Cell(NamedTuple):
    """What a cell holds, and its letter in the spreadsheet; `refusal` is a sentence when it cannot be read."""

    value: Value
    letter: str
    refusal: str = ""


class Row(NamedTuple):
    """A row that holds something: its number in the spreadsheet, and its filled cells by the name of their column."""

    number: int
    cells: dict[str, Cell]


@dataclass
class Table:
    """The rows under the headings, read one after the other; raises Unreadable where the file breaks off."""

    columns: dict[int, Column]
    headings: dict[str, str]
    language: str
    rows: Iterator[Row]
    notices: list[str] = field(default_factory=list)


def read(content: bytes) -> Table:
    """The table that the bytes hold; raises Unreadable. Nothing is read beyond the bounds of `bounds`."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Split it into several."))
    notices: list[str] = []
    if content.startswith(b"PK"):
        try:
            raw = workbook.rows(content, notices)
        except workbook.NotAWorkbook as error:
            raise Unreadable(str(error)) from error
    else:
        _refuse_other_formats(content)
        raw = _csv_rows(_decoded(content))
    return _under_headings(_bounded(raw), notices)


def _refuse_other_formats(content: bytes) -> None:
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("This is a workbook of an old Excel (.xls), or one locked with a password. Save it as .xlsx, unlocked.")
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"<style")):
        raise Unreadable(_("This is a web page, whatever its name. Save the table as .xlsx or .csv."))
    if content.startswith(NOTHING_ELSE):
        raise Unreadable(_("This is no table. Save it as .xlsx or .csv in your spreadsheet program."))


def _decoded(content: bytes) -> str:
    """The text, in whichever of the encodings that spreadsheet programs here write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        at_odd, at_even = content[1::2].count(0), content[::2].count(0)
        encodings = ["utf-16-le" if at_odd > at_even else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", *_code_pages(content)]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (not encoding.startswith("utf-16") or _is_plain(text)):
            return text
    raise Unreadable(
        _("We cannot read the letters of this file. Save it as .xlsx, or as “CSV UTF-8”, and choose it again.")
    )


def _is_plain(text: str) -> bool:
    """Whether a text decoded from 16 bits has line ends and a separator, which text of any other sort seldom has."""
    return any(each in text for each in ("\n", "\r")) and any(each in text for each in DELIMITERS)


def _code_pages(content: bytes) -> list[str]:
    """Arabic words are runs of high bytes; in French a letter with an accent stands alone."""
    high = re.findall(rb"[\x80-\xff]+", content[:MEGABYTE])
    in_runs = sum(len(each) for each in high if len(each) > 1)
    is_arabic = in_runs * 2 > sum(map(len, high))
    return ["cp1256", "cp1252"] if is_arabic else ["cp1252", "cp1256"]


def _csv_rows(text: str) -> Iterator[workbook.RawRow]:
    first, skipped = text.split("\n", 1)[0].strip().strip('"'), 0
    if re.fullmatch(r"sep=.", first):
        delimiter, text, skipped = first[-1], text.partition("\n")[2], 1
    else:
        delimiter = max(DELIMITERS, key=lambda each: _weight(text, each))
    lines = io.StringIO(text, newline="")  # which ends a line as the csv module expects, and copies none beforehand
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1 + skipped):
            while cells and not cells[-1]:
                cells.pop()
            filled = cells if len(cells) <= MAX_COLUMNS else [*cells[:MAX_COLUMNS], cells[-1]]
            yield number, [(each, "") for each in filled]
    except csv.Error as error:
        raise Unreadable(
            _("From row %(row)s on, the file cannot be read: a cell is too long, or a quotation mark is not closed.")
            % {"row": locals().get("number", skipped) + 1}
        ) from error


def _weight(text: str, delimiter: str) -> tuple[int, int]:
    """How well a delimiter explains the first rows: by headings recognised, then by cells."""
    best = (0, 0)
    for line in text[: HEADINGS_WITHIN * MAX_CELL].splitlines()[:HEADINGS_WITHIN]:
        cells = [each.strip(' "') for each in line[:MAX_CELL].split(delimiter)]
        best = max(best, (recognised(cells), len(cells)))
    return best


def _bounded(raw: Iterator[workbook.RawRow]) -> Iterator[workbook.RawRow]:
    """The rows that hold anything, within bounds."""
    filled = 0
    try:
        for number, cells in raw:
            if number > MAX_HEIGHT:
                raise Unreadable(_("The table goes on below row 20,000. Delete the empty rows, or split the table."))
            while cells and cells[-1][0] in {None, ""} and not cells[-1][1]:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise Unreadable(
                    _("Row %(row)s has more than 100 columns. Keep those of the template.") % {"row": number}
                )
            if any(value not in {None, ""} or refusal for value, refusal in cells):
                filled += 1
                if filled > MAX_ROWS + HEADINGS_WITHIN:
                    raise Unreadable(_("The table has more than 5,000 rows. Split it into several files."))
                yield number, cells
    except workbook.NotAWorkbook as error:
        raise Unreadable(str(error)) from error


def _under_headings(raw: Iterator[workbook.RawRow], notices: list[str]) -> Table:
    """Find the headings among the first rows, and what stands under them."""
    before: list[workbook.RawRow] = []
    for number, cells in raw:
        texts = [str(value or "").strip() for value, _refusal in cells]
        if recognised(texts) >= min(2, sum(map(bool, texts))):
            break
        before.append((number, cells))
        if len(before) >= HEADINGS_WITHIN:
            raise _without_headings()
    else:
        raise _without_headings()
    columns, headings = _columns(texts, notices)
    following = next(raw, None)
    if following is None:
        raise Unreadable(_("The table has headings and nothing under them."))
    if recognised([str(value or "") for value, _refusal in following[1]]) >= 2:
        sentence = _("Rows %(first)s and %(second)s both hold headings. Keep one row of headings.")
        raise Unreadable(sentence % {"first": number, "second": following[0]})
    rows = _rows(chain([following], raw), columns)
    return Table(columns, headings, language_of(texts), rows, notices)


def _without_headings() -> Unreadable:
    return Unreadable(
        _("No headings were found in the first rows. Begin with the template, or head the columns as it does.")
    )


def _columns(texts: list[str], notices: list[str]) -> tuple[dict[int, Column], dict[str, str]]:
    columns: dict[int, Column] = {}
    headings: dict[str, str] = {}
    unknown = []
    for place, text in enumerate(texts):
        column = column_of(text)
        if column is None:
            unknown += [_("“%(words)s”") % {"words": text[:60]} + f" ({letter_of(place)})"] if text else []
        elif column.name in headings:
            sentence = _(
                "The column “%(heading)s” stands there twice, the second time in %(letter)s. Keep one of them."
            )
            raise Unreadable(sentence % {"heading": text, "letter": letter_of(place)})
        else:
            columns[place], headings[column.name] = column, text
    if unknown:
        notices.append(_("Not read, because we do not know these columns: %(columns)s") % {"columns": listed(unknown)})
    return columns, headings


def _rows(raw: Iterator[workbook.RawRow], columns: dict[int, Column]) -> Iterator[Row]:
    for number, cells in raw:
        found = {}
        for place, (value, refusal) in enumerate(cells):
            if place in columns and (refusal or value not in {None, ""}):
                cell = _cell(value, letter_of(place), refusal)
                if cell.refusal or cell.value != "":
                    found[columns[place].name] = cell
        if found:
            yield Row(number, found)


def _cell(value: Value | None, letter: str, refusal: str) -> Cell:
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            return Cell("", letter, _("The cell holds more than 10,000 characters. Shorten it."))
        value = plain(value)
    return Cell("" if value is None else value, letter, refusal)


def plain(text: str) -> str:
    """A cell's text: line ends as one character, and without the apostrophe that kept it from being a formula."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").strip()
    return text[1:] if re.match(r"'+[=+\-@\t\r＝＋－＠]", text) else text


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet program takes for a formula; `plain` undoes it."""
    return f"'{text}" if re.match(r"'*[=+\-@\t\r＝＋－＠]", text) else text


def letter_of(place: int) -> str:
    """The letter of a column, the first being 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
